"""Another tier in the middle of a period: what was paid ahead counts."""

import re
from datetime import date

import pytest

from society.db import db
from society.dues.actions import charge_change, raise_for, reckon, take, waive
from society.dues.models import Method
from society.dues.queries import balance
from society.membership.actions import change_tier
from society.membership.models import Period, ProRata
from tests.builders import NOW, TODAY, a_membership, a_person, a_tier, letters_to

YEAR = {"starts_on": date(2027, 1, 1), "ends_on": date(2027, 12, 31)}
JULY = date(2027, 7, 1)
BY_MONTHS = {"pro_rata": ProRata.MONTHS, "currency": "EUR"}


def changed(old, new, *, paid, on=JULY):
    """A year in one tier, and another tier from a day on."""
    period, by = a_membership(a_person(), old, **YEAR), a_person()
    for due in raise_for(period, now=NOW, by=None):
        if paid:
            take(due, due.amount, Method.CASH, TODAY, now=NOW, by=None)
    row = change_tier(period, new, on, now=NOW, by=by)
    dues = charge_change(period, row, now=NOW, by=by)
    return period.person, [(due.tier.name, due.amount) for due in dues]


@pytest.mark.parametrize(("paid", "owed"), [(True, 3000), (False, 9000)])
def test_by_months_what_is_left_of_the_old_dues_counts(app, paid, owed):
    person, dues = changed(a_tier("Basic", dues=6000, **BY_MONTHS), a_tier("Plus", dues=12000, **BY_MONTHS), paid=paid)

    assert dues == [("Basic", 3000), ("Plus", 6000)]
    assert balance(person) == {"EUR": owed}


def test_what_was_paid_too_much_becomes_a_credit_and_no_invoice_goes_out(app):
    person, dues = changed(a_tier("Plus", dues=12000, **BY_MONTHS), a_tier("Basic", dues=6000, **BY_MONTHS), paid=True)

    assert dues == [("Plus", 6000), ("Basic", 3000)]
    assert balance(person) == {"EUR": -3000}
    assert letters_to(person) == ["Your invoice from The Test Society", "Receipt 1 from The Test Society"]


def test_without_a_rule_the_old_dues_count_in_full_as_far_as_the_new_ones_go(app):
    basic, plus = a_tier("Basic", dues=5000, currency="EUR"), a_tier("Plus", dues=8000, currency="EUR")

    up, _ = changed(basic, plus, paid=True)
    down, dues = changed(plus, basic, paid=True)

    assert balance(up) == {"EUR": 3000}
    assert balance(down) == {"EUR": 0}
    assert dues == [("Plus", 3000), ("Basic", 5000)]


def test_waived_dues_and_another_currency_are_left_as_they_are(app):
    old, by = a_tier("Basic", dues=5000, currency="EUR"), a_person()
    period = a_membership(a_person(), old, **YEAR)
    waive(raise_for(period, now=NOW, by=None)[0], now=NOW, by=by)

    assert reckon(period, a_tier("Plus", dues=8000, currency="EUR"), JULY).credited == 0
    assert reckon(period, a_tier("Abroad", dues=8000, currency="USD"), JULY).old is None


def test_a_change_on_the_first_day_takes_all_of_the_old_dues_back(app):
    person, dues = changed(
        a_tier("Basic", dues=6000, **BY_MONTHS),
        a_tier("Life", dues=50000, period=Period.LIFE, currency="EUR"),
        paid=True,
        on=YEAR["starts_on"],
    )

    assert dues == [("Life", 50000)]
    assert balance(person) == {"EUR": 44000}


def test_the_secretary_sees_what_it_costs_before_it_is_done(client):
    browser = client.sign_in(a_person("Sue Secretary", "secretary"))
    old, new = a_tier("Basic", dues=6000, **BY_MONTHS), a_tier("Plus", dues=12000, **BY_MONTHS)
    period = a_membership(a_person("Ann"), old, **YEAR)
    raise_for(period, now=NOW, by=None)
    person, step = period.person, f"/organize/memberships/{period.id}/tier"
    data = {"tier": new.id, "on": "2027-07-01"}

    page = browser.post(step, data=data)
    assert page.status_code == 200
    assert "EUR 30 counts towards it" in page.text
    assert "EUR 30 more is to be paid." in page.text
    assert balance(person) == {"EUR": 6000}

    agreed = re.search(r'name="agreed" value="([^"]+)"', page.text)[1]
    assert browser.post(step, data={**data, "on": "2027-10-01", "agreed": agreed}).status_code == 200
    assert browser.post(step, data={**data, "agreed": agreed}).status_code == 303
    db.session.expire_all()
    assert balance(person) == {"EUR": 9000}
