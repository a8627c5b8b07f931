"""The ledger: what becomes owed, what settles it, and that nothing in it ever changes."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from society.db import db
from society.dues.actions import credit, owe, raise_for, refund, take, use_credit, waive
from society.dues.actions.owing import dues_from
from society.dues.models import Due, Method, Payment
from society.dues.queries import balance, open_dues, open_of
from society.errors import Refused
from society.membership.actions import end_period
from society.membership.models import Membership, Period, ProRata, Status, Tier
from tests.builders import NOW, TODAY, a_membership, a_person, a_tier, letters_to

YEAR = {"starts_on": date(2027, 1, 1), "ends_on": date(2027, 12, 31)}


def a_due(amount: int = 3000, **values: object) -> Due:
    """A year's dues, by themselves."""
    period = a_membership(values.pop("person", None) or a_person(), a_tier(dues=amount, currency="EUR"), **YEAR)
    return raise_for(period, now=NOW, by=None, **values)[0]


def pay(due: Due, amount: int = 0, method: Method = Method.TRANSFER) -> Payment:
    return take(due, amount or open_of(due), method, TODAY, now=NOW, by=None)


def periods(person: object) -> list[tuple[date, Status]]:
    rows = select(Membership).where(Membership.person == person).order_by(Membership.id)
    return [(row.starts_on, row.status) for row in db.session.scalars(rows)]


def test_a_period_is_invoiced_with_the_joining_fee_of_the_first(app):
    tier, person = a_tier("Member", dues=3000, joining_fee=500, currency="EUR"), a_person()
    first = raise_for(a_membership(person, tier, **YEAR), now=NOW, by=None)
    later = a_membership(person, tier, starts_on=date(2028, 1, 1), ends_on=date(2028, 12, 31))
    second = raise_for(later, now=NOW, by=None)

    assert [(due.about, due.amount) for due in first] == [
        ("Member, 1 January to 31 December 2027", 3000),
        ("Joining fee, Member", 500),
    ]
    assert [due.amount for due in second] == [3000]
    assert [due.number for due in (*first, *second)] == [1, 2, 3]
    assert letters_to(person) == ["Your invoice from The Test Society"] * 2
    assert balance(person) == {"EUR": 6500}


def test_the_same_period_is_not_invoiced_twice(app):
    period = a_membership(a_person(), a_tier(dues=3000), **YEAR)

    assert raise_for(period, now=NOW, by=None) == raise_for(period, now=NOW, by=None)
    assert raise_for(period, now=NOW, by=None, renews=True) == raise_for(period, now=NOW, by=None, renews=True)
    assert db.session.scalar(select(func.count(Due.id))) == 2


def test_nothing_is_owed_for_free_tiers_by_people_covered_and_after_life(app):
    payer = a_membership(a_person(), a_tier(dues=3000))
    covered = a_membership(a_person(), payer.tier, covered_by_id=payer.id)
    for_life = a_membership(a_person(), a_tier(dues=3000, period=Period.LIFE), ends_on=None)

    assert raise_for(covered, now=NOW, by=None) == []
    assert raise_for(a_membership(a_person()), now=NOW, by=None) == []
    assert raise_for(for_life, now=NOW, by=None, renews=True) == []


@given(dues=st.integers(0, 10**9), month=st.integers(1, 12), day=st.integers(1, 28))
def test_a_year_that_has_begun_costs_its_months_rounded_half_up(dues, month, day):
    tier = Tier(dues=dues, period=Period.CALENDAR_YEAR, pro_rata=ProRata.MONTHS)
    asked = dues_from(tier, date(2027, month, day))

    assert abs(12 * asked - dues * (13 - month)) <= 6
    assert 12 * asked - dues * (13 - month) != -6
    assert dues_from(tier, date(2027, 1, day)) == dues
    tier.pro_rata = ProRata.NONE
    assert dues_from(tier, date(2027, month, day)) == dues


def test_a_payment_settles_and_is_receipted(app):
    due = a_due()
    first, second = pay(due, 1000, Method.CASH), pay(due)

    assert [first.receipt, second.receipt] == [1, 2]
    assert second.amount == 2000
    assert (open_of(due), balance(due.person)) == (0, {"EUR": 0})
    assert db.session.execute(open_dues()).all() == []
    assert letters_to(due.person)[1:] == ["Receipt 1 from The Test Society", "Receipt 2 from The Test Society"]


def test_what_is_settled_is_not_paid_twice(app):
    due, secretary = a_due(), a_person("", "secretary")
    pay(due)

    for again in (pay, lambda due: waive(due, now=NOW, by=secretary)):
        with pytest.raises(Refused, match="settled already"):
            again(due) if again is not pay else pay(due, 3000)
    assert db.session.scalar(select(func.count(Payment.id))) == 1


def test_what_is_paid_too_much_is_a_credit_that_pays_the_next_invoice(app):
    due, secretary = a_due(), a_person("", "secretary")
    payment = pay(due, 5000)
    dinner = owe(due.person, 3000, "EUR", "Dinner", TODAY, now=NOW, by=secretary, tell=False)

    assert balance(due.person) == {"EUR": 1000}
    assert use_credit(dinner, now=NOW, by=secretary) == 2000
    assert (open_of(due), open_of(dinner), balance(due.person)) == (0, 1000, {"EUR": 1000})
    with pytest.raises(Refused, match="no credit"):
        use_credit(dinner, now=NOW, by=secretary)
    with pytest.raises(Refused, match="EUR 30 can be given back"):
        refund(payment, 3001, now=NOW, by=secretary)


def test_money_for_nothing_in_particular_is_a_credit(app):
    due, secretary = a_due(), a_person("", "secretary")
    take(due.person, 1000, Method.CASH, TODAY, now=NOW, by=secretary, currency="EUR")
    take(due.person, 1000, Method.CASH, TODAY, now=NOW, by=secretary, currency="USD")

    assert balance(due.person) == {"EUR": 2000, "USD": -1000}
    assert use_credit(due, now=NOW, by=secretary) == 1000


def test_a_refund_opens_the_invoice_again_and_is_never_more_than_was_paid(app):
    due, secretary = a_due(), a_person("", "secretary")
    payment = pay(due)
    back = refund(payment, 1000, now=NOW, by=secretary)

    assert (back.amount, back.receipt, open_of(due)) == (-1000, 2, 1000)
    for payment_, amount in ((payment, 2001), (payment, 0), (payment, -1), (back, 1)):
        with pytest.raises(Refused):
            refund(payment_, amount, now=NOW, by=secretary)
    refund(payment, 2000, now=NOW, by=secretary)
    assert open_of(due) == 3000


def test_a_waiver_settles_without_a_receipt_and_can_be_taken_back(app):
    due, secretary = a_due(), a_person("", "secretary")
    waiver = waive(due, now=NOW, by=secretary, note="Hardship")

    assert (waiver.receipt, waiver.method, open_of(due)) == (None, Method.WAIVED, 0)
    assert (refund(waiver, 3000, now=NOW, by=secretary).receipt, open_of(due)) == (None, 3000)


def test_an_invoice_is_taken_back_by_a_counter_entry(app):
    due, secretary = a_due(), a_person("", "secretary")
    pay(due, 1000)
    entry = credit(due, now=NOW, by=secretary)

    assert (entry.amount, entry.number, due.amount) == (-3000, 2, 3000)
    assert (open_of(due), balance(due.person)) == (-1000, {"EUR": -1000})
    for refused in (lambda: credit(due, now=NOW, by=secretary), lambda: pay(due, 5)):
        with pytest.raises(Refused, match="taken back"):
            refused()


def test_paying_for_a_renewal_adds_the_following_period_once(app):
    period = a_membership(a_person(), a_tier(dues=3000), **YEAR)
    due = raise_for(period, now=NOW, by=None, renews=True)[0]
    part = pay(due, 1000)

    assert periods(period.person) == [(date(2027, 1, 1), Status.ACTIVE)]
    pay(due)
    refund(part, 1000, now=NOW, by=a_person("", "secretary"))
    pay(due)
    assert periods(period.person) == [(date(2027, 1, 1), Status.ACTIVE), (date(2028, 1, 1), Status.ACTIVE)]
    following = db.session.scalars(select(Membership).order_by(Membership.id.desc())).first()
    assert raise_for(following, now=NOW, by=None) == [due]


def test_waiving_a_renewal_renews(app):
    period = a_membership(a_person(), a_tier(dues=3000), **YEAR)
    waive(raise_for(period, now=NOW, by=None, renews=True)[0], now=NOW, by=a_person("", "secretary"))

    assert [starts for starts, _ in periods(period.person)] == [date(2027, 1, 1), date(2028, 1, 1)]


@pytest.mark.parametrize(("status", "rows"), [(Status.LAPSED, 3), (Status.RESIGNED, 2)])
def test_late_money_restores_who_lapsed_and_not_who_resigned(app, status, rows):
    period = a_membership(a_person(), a_tier(dues=3000), **YEAR)
    due = raise_for(period, now=NOW, by=None, renews=True)[0]
    end_period(period, status, date(2028, 1, 1), now=NOW, by=None)
    pay(due)

    assert open_of(due) == 0
    assert len(periods(period.person)) == rows


def test_numbers_that_are_not_used_are_given_out_again(app):
    due = a_due()
    pay(due, 1000)
    db.session.commit()
    pay(due, 500)
    db.session.rollback()

    assert pay(due, 500).receipt == 2


def test_open_dues_take_one_query_however_many_there_are(app, counted):
    for days in (0, 5, 2):
        owe(a_person(), 100, "EUR", "x", TODAY + timedelta(days), now=NOW, by=a_person(), tell=False)
    db.session.commit()
    db.session.expunge_all()

    with counted() as count:
        rows = db.session.execute(open_dues()).all()
        assert [(due.due_on - TODAY).days for due, _ in rows] == [0, 2, 5]
        assert all(due.person.name for due, _ in rows)
    assert len(count) <= 2
