"""The secretary's pages of money, a member's own, and the papers behind mailed links."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from society.audit.models import AuditEntry
from society.db import db
from society.dues.actions import owe, raise_for, take
from society.dues.models import Due, Method, Payment
from society.dues.queries import balance, open_of
from society.dues.reference import reference
from society.dues.render import invoice_link, receipt_link
from society.membership.models import Membership
from society.settings import Society
from tests.builders import NOW, TODAY, a_membership, a_person, a_tier, letters_to

PAID = {"amount": "30", "method": "transfer", "received_on": TODAY.isoformat(), "note": "", "tell": "y"}


@pytest.fixture
def secretary(app):
    return a_person("Sue Secretary", "secretary")


def a_due(name: str = "Ann Example", amount: int = 3000, **values: object) -> Due:
    person = values.pop("person", None) or a_person(name)
    by = a_person("", "secretary")
    due = owe(person, amount, "EUR", "Dinner", values.pop("due_on", TODAY), now=NOW, by=by, tell=False)
    db.session.commit()
    return due


def text(answer: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())


def page_of(due: Due) -> str:
    return f"/organize/payments/invoices/{due.id}"


def test_a_payment_is_booked_on_the_page_of_its_invoice(client, secretary):
    due = a_due()
    answer = client.sign_in(secretary).post(page_of(due), data=PAID)

    assert (answer.status_code, answer.location) == (303, page_of(due))
    assert open_of(due) == 0
    assert "Booked EUR 30 as receipt 1." in text(client.get(page_of(due)))
    assert letters_to(due.person) == ["Receipt 1 from The Test Society"]
    acts = db.session.scalars(select(AuditEntry.act)).all()
    assert "payment recorded" in acts


def test_the_second_of_two_secretaries_is_told_that_it_is_settled(client, secretary):
    due = a_due()
    client.sign_in(secretary).post(page_of(due), data=PAID)
    answer = client.post(page_of(due), data=PAID)

    assert answer.status_code == 409
    assert "settled already" in text(answer)
    assert len(db.session.scalars(select(Payment)).all()) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("amount", ""),
        ("amount", "0"),
        ("amount", "-3"),
        ("amount", "1.005"),
        ("amount", "99999999999"),
        ("method", "waived"),
        ("received_on", ""),
        ("received_on", "30.2.2027"),
        ("received_on", (TODAY + timedelta(days=3)).isoformat()),
    ],
)
def test_what_cannot_be_booked_is_said_beside_the_field(client, secretary, name, value):
    due = a_due()
    answer = client.sign_in(secretary).post(page_of(due), data={**PAID, "note": "Cheque 77", name: value})

    assert answer.status_code == 422
    assert "Cheque 77" in answer.get_data(as_text=True)
    assert open_of(due) == 3000


def test_paying_a_renewal_by_the_page_renews(client, secretary):
    period = a_membership(a_person(), a_tier("Member", dues=3000, currency="EUR"), ends_on=TODAY)
    due = raise_for(period, now=NOW, by=None, renews=True)[0]
    db.session.commit()
    client.sign_in(secretary).post(page_of(due), data=PAID)

    begins = db.session.scalars(select(Membership.starts_on).order_by(Membership.id)).all()
    assert begins[-1] == TODAY + timedelta(days=1)


def test_waiving_refunding_and_taking_back_say_what_they_do_and_do_it(client, secretary):
    due = a_due()
    client.sign_in(secretary)
    for step, sentence in (("waive", "not asked for any more"), ("take-back", "credit note over the whole amount")):
        assert sentence in text(client.get(f"{page_of(due)}/{step}"))
        assert client.post(f"{page_of(due)}/{step}", data={"note": ""}).status_code == 422
    client.post(f"{page_of(due)}/waive", data={"note": "Hardship"})
    assert open_of(due) == 0
    waiver = db.session.scalars(select(Payment)).one()
    client.post(
        f"/organize/payments/{waiver.id}/refund", data={"amount": "30", "method": "transfer", "note": "Found a purse"}
    )
    assert open_of(due) == 3000
    client.post(page_of(due), data=PAID)
    payment = db.session.scalars(select(Payment).where(Payment.receipt.is_not(None))).one()
    too_much = client.post(
        f"/organize/payments/{payment.id}/refund", data={"amount": "31", "method": "cash", "note": "x"}
    )
    assert (too_much.status_code, "EUR 30 can be given back" in text(too_much)) == (409, True)
    client.post(f"/organize/payments/{payment.id}/refund", data={"amount": "10", "method": "cash", "note": "Too much"})
    assert open_of(due) == 1000
    client.post(f"{page_of(due)}/take-back", data={"note": "In error"})
    assert balance(due.person) == {"EUR": -2000}
    assert "taken back" in text(client.post(page_of(due), data=PAID))


def test_a_credit_is_used_by_a_click(client, secretary):
    due = a_due()
    client.sign_in(secretary)
    client.post(f"/organize/people/{due.person_id}/pays", data={**PAID, "currency": "EUR", "amount": "12,50"})

    assert "has a credit of EUR 12.50" in text(client.get(page_of(due)))
    client.post(f"{page_of(due)}/credit-used")
    assert open_of(due) == 1750


def test_the_list_is_searched_by_name_reference_and_number(client, secretary):
    ann, ben = a_due("Änn Example"), a_due("Ben Other", due_on=TODAY - timedelta(days=9))
    client.sign_in(secretary)

    def found(**query: str) -> list[bool]:
        page = text(client.get("/organize/payments", query_string=query))
        return ["Änn Example" in page, "Ben Other" in page]

    assert found() == [True, True]
    assert found(q="ann") == [True, False]
    assert found(q=reference(ben.person).replace(" ", "").lower()) == [False, True]
    assert found(q=str(ann.number)) == [True, False]
    assert found(q="nobody") == [False, False]
    assert found(state="overdue") == [False, True]
    assert found(state="settled") == [False, False]
    assert found(state="nonsense") == [True, True]
    client.post(page_of(ann), data=PAID)
    assert found(state="settled") == [True, False]
    assert found(state="payments") == [True, False]
    assert found(state="payments", q="1") == [True, False]


def test_lists_take_the_same_number_of_queries_however_long(client, secretary, counted):
    person = a_person()
    client.sign_in(secretary)
    numbers = []
    for _ in range(2):
        due = a_due(person=person)
        take(due, 1000, Method.CASH, TODAY, now=NOW, by=secretary)
        a_due()
        db.session.commit()
        for address in (
            "/organize/payments",
            "/organize/payments?state=payments",
            f"/organize/people/{person.id}/ledger",
        ):
            with counted() as count:
                client.get(address)
            numbers.append((address, len(count)))

    assert numbers[:3] == numbers[3:]


def test_the_account_shows_what_was_open_after_each_entry(client, secretary):
    due = a_due()
    client.sign_in(secretary)
    client.post(page_of(due), data={**PAID, "amount": "20"})
    owes = {"about": "Badge", "amount": "5", "currency": "EUR", "due_on": TODAY.isoformat(), "tell": "y"}
    client.post(f"/organize/people/{due.person_id}/owes", data=owes)
    page = text(client.get(f"/organize/people/{due.person_id}/ledger"))

    assert re.search(r"Invoice 2 .*Badge.*EUR 5 .*EUR 15.*Receipt 1 .*EUR 20 .*EUR 10.*Invoice 1 .*EUR 30", page)
    assert letters_to(due.person) == ["Receipt 1 from The Test Society", "Your invoice from The Test Society"]


def test_an_invoice_and_a_receipt_open_by_their_links_and_as_pdf(client, secretary):
    due = a_due("Ann #panic() $x$ ]] \\ Example")
    payment = take(due, 1000, Method.CASH, TODAY, now=NOW, by=secretary)
    db.session.commit()

    for path, words in ((invoice_link(due), "To be paid EUR 20"), (receipt_link(payment), "Received EUR 10")):
        assert words in text(client.get(path))
        first, second = client.get(f"{path}.pdf"), client.get(f"{path}.pdf")
        assert (first.mimetype, first.data[:5], first.data) == ("application/pdf", b"%PDF-", second.data)
        assert client.get(path).headers["Cache-Control"] == "no-store"
        for wrong in (path[:-1], path + "x", re.sub(r"/\d+-", "/999-", path)):
            assert [client.get(wrong).status_code, client.get(wrong + ".pdf").status_code] == [404, 404]
    assert client.get(invoice_link(due).replace("invoices", "receipts")).status_code == 404


def test_the_code_to_pay_by_stands_where_there_is_an_account_and_euros(client, secretary):
    due = a_due()
    assert "<svg" not in client.get(invoice_link(due)).get_data(as_text=True)
    society = db.session.scalars(select(Society)).one()
    society.iban, society.account_holder, society.payment_terms = (
        "DE89370400440532013000",
        "The Society",
        "Or *by cheque*.",
    )
    db.session.commit()
    page = client.get(invoice_link(due)).get_data(as_text=True)

    assert all(
        words in page for words in ("<svg", "DE89 3704 0044 0532 0130 00", reference(due.person), "<em>by cheque")
    )
    dollars = owe(due.person, 100, "USD", "Badge", TODAY, now=NOW, by=secretary, tell=False)
    db.session.commit()
    assert "<svg" not in client.get(invoice_link(dollars)).get_data(as_text=True)
    take(due, 3000, Method.CASH, TODAY, now=NOW, by=secretary)
    db.session.commit()
    assert "Nothing is to be paid." in text(client.get(invoice_link(due)))


def test_a_member_sees_what_is_open_and_how_to_pay_it(client):
    due, other = a_due("Mia Member"), a_due("Ben Other")
    page = text(client.sign_in(due.person).get("/me/membership/dues"))

    assert all(words in page for words in ("Dinner", "EUR 30", reference(due.person), f"Invoice {due.number}"))
    assert f"Invoice {other.number}" not in page
    assert client.get(page_of(due)).status_code == 403
