"""The treasurer's report, against the plain sums of the ledger's rows."""

import csv
from collections.abc import Sequence
from datetime import date, timedelta
from io import StringIO
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from society.db import db
from society.dues.actions import credit, owe, raise_for, refund, take, use_credit, waive
from society.dues.models import Due, Method, Payment
from society.dues.queries import open_of, refundable, spare
from society.dues.report import report, totals
from society.membership.models import Tier
from society.people.models import Person
from tests.builders import NOW, TODAY, a_membership, a_person, a_tier

STEPS = st.tuples(
    st.sampled_from(["raise", "owe", "take", "ahead", "waive", "refund", "credit", "use"]),
    st.integers(0, 10),
    st.integers(1, 5000),
    st.integers(-40, 0),
)


def carry_out(what: str, which: int, amount: int, days: int, people: Sequence[Person], tiers: Sequence[Tier]) -> None:
    """One step in the ledger, where it is possible; on the day so many days ago."""
    at = {"now": NOW + timedelta(days=days), "by": people[0]}
    on = TODAY + timedelta(days=days)
    person, tier = people[which % len(people)], tiers[which % len(tiers)]
    invoices = db.session.scalars(select(Due).where(Due.credits_id.is_(None)).order_by(Due.id)).all()
    due = invoices[which % len(invoices)] if invoices else None
    payments = db.session.scalars(select(Payment).where(Payment.amount > 0).order_by(Payment.id)).all()
    payment = payments[which % len(payments)] if payments else None
    match what:
        case "raise":
            starts = date(2025 + which, 3, 1)
            raise_for(a_membership(person, tier, starts_on=starts, ends_on=starts), tell=False, **at)
        case "owe":
            owe(person, amount, tier.currency, "x", on, tell=False, **at)
        case "ahead":
            take(person, amount, Method.CASH, on, currency=tier.currency, tell=False, **at)
        case "refund" if payment and refundable(payment) > 0:
            refund(payment, min(amount, refundable(payment)), method=Method.CASH, **at)
        case _ if due and open_of(due) > 0:
            settle(what, due, amount, on, at)


def settle(what: str, due: Due, amount: int, on: date, at: dict[str, Any]) -> None:
    match what:
        case "take":
            take(due, amount, Method.TRANSFER, on, tell=False, **at)
        case "waive":
            waive(due, **at)
        case "use" if spare(due.person, due.currency):
            use_credit(due, **at)
        case "credit":
            credit(due, **at)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=25), first=st.integers(-45, 2), length=st.integers(0, 50))
def test_the_report_adds_up_to_the_rows_of_the_ledger(app, steps, first, length):
    people = [a_person() for _ in range(3)]
    tiers = [a_tier(dues=3000, joining_fee=500, currency="EUR"), a_tier(dues=4000, currency="JPY")]
    for step in steps:
        what, which, amount, days = step
        carry_out(what, which, amount, days, people, tiers)
    begins = TODAY + timedelta(days=first)
    ends = begins + timedelta(days=length)
    found = {line.currency: line for line in totals(report(begins, ends))}
    for currency in ("EUR", "JPY"):
        dues = [due for due in db.session.scalars(select(Due)) if due.currency == currency]
        payments = [payment for payment in db.session.scalars(select(Payment)) if payment.currency == currency]
        within = [payment for payment in payments if begins <= payment.received_on <= ends]
        owed = sum(due.amount for due in dues if due.issued_on <= ends)
        expected = {
            "owed": sum(due.amount for due in dues if begins <= due.issued_on <= ends),
            "waived": sum(payment.amount for payment in within if payment.method is Method.WAIVED),
            "refunded": -sum(payment.amount for payment in within if payment.amount < 0 and payment.receipt),
            "total_paid": sum(p.amount for p in within if p.receipt and p.amount > 0),
            "open": owed - sum(payment.amount for payment in payments if payment.received_on <= ends),
        }
        line = found.get(currency)
        assert {name: getattr(line, name) if line else 0 for name in expected} == expected
    db.session.rollback()


def test_lines_are_by_currency_period_and_tier(app):
    secretary = a_person("", "secretary")
    tier = a_tier("Member", dues=3000, currency="EUR")
    for year in (2026, 2027):
        period = a_membership(a_person(), tier, starts_on=date(year, 1, 1), ends_on=date(year, 12, 31))
        due = raise_for(period, now=NOW, by=secretary)[0]
    take(due, 1000, Method.CASH, TODAY, now=NOW, by=secretary)
    owe(a_person(), 2000, "USD", "Dinner", TODAY, now=NOW, by=secretary, tell=False)
    lines = report(TODAY, TODAY)

    assert [(line.currency, line.period, line.tier, line.owed, line.open) for line in lines] == [
        ("EUR", 2027, "Member", 3000, 2000),
        ("EUR", 2026, "Member", 3000, 3000),
        ("USD", None, "", 2000, 2000),
    ]
    assert report(TODAY - timedelta(days=9), TODAY - timedelta(days=1)) == []
    assert [line.before for line in report(TODAY + timedelta(days=1), TODAY + timedelta(days=2))] == [2000, 3000, 2000]


def test_the_table_is_safe_to_open_and_its_numbers_are_numbers(client):
    secretary = a_person("", "secretary")
    tier = a_tier("=cmd()", dues=3050, currency="EUR")
    due = raise_for(a_membership(a_person(), tier), now=NOW, by=secretary)[0]
    take(due, 5000, Method.CASH, TODAY, now=NOW, by=secretary)
    db.session.commit()
    answer = client.sign_in(secretary).get(f"/organize/payments/report.csv?from={TODAY}&to={TODAY}")
    rows = list(csv.DictReader(StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))

    assert [(row["Tier"], row["Owed"], row["Cash"], row["Open"]) for row in rows] == [
        ("'=cmd()", "30.50", "50.00", "-19.50")
    ]


def test_days_that_are_none_are_said(client):
    client.sign_in(a_person("", "secretary"))
    for query in ("from=x", "from=2027-02-30", "from=2027-03-02&to=2027-03-01", "to=0001-01-01", "from=%00"):
        page = client.get(f"/organize/payments/report?{query}")
        assert (page.status_code, "This is the whole year." in page.get_data(as_text=True)) == (200, True)
        assert client.get(f"/organize/payments/report.csv?{query}").status_code == 200
