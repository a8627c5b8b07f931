"""One's own page of membership."""

from datetime import timedelta

import pytest

from society.db import db
from society.dues.actions import owe
from society.membership.actions import begin, cover, renew, resign
from society.membership.models import ApplicationMessage, Period, Status
from society.settings import society
from society.times import now, today_in
from tests.builders import NOW, a_membership, a_person, a_tier


def today():
    return today_in(society().zone, now())


@pytest.fixture
def page(client):
    """What somebody reads on their own page."""

    def read(person):
        answer = client.sign_in(person).get("/me/membership")
        assert answer.status_code == 200
        return " ".join(answer.get_data(as_text=True).split())

    return read


def ending_in(days, grace=0, **values):
    last = today() + timedelta(days=days)
    values = {"tier": a_tier(period=Period.MONTHS), "starts_on": last - timedelta(days=364), **values}
    return a_membership(a_person(), ends_on=last, good_until=last + timedelta(days=grace), **values)


def test_a_member_reads_until_when_and_that_there_is_nothing_to_do(page):
    read = page(ending_in(200).person)

    assert "You are a member in good standing until" in read
    assert "Nothing for you to do now." in read
    assert "Renew your membership" not in read
    assert "/me/membership/card" in read
    assert "/me/membership/resign" in read


def test_the_button_is_there_in_the_last_ninety_days(page):
    assert "Renew your membership" in page(ending_in(90).person)
    assert "Renew your membership" not in page(ending_in(91).person)


def test_who_has_renewed_reads_so(page):
    period = ending_in(20)
    renew(period, now=NOW, by=None)

    assert "It is renewed already, until" in page(period.person)


def test_days_of_grace_are_told(page):
    assert "you stay in good standing until" in page(ending_in(-3, grace=10).person)


def test_a_membership_for_life_has_no_end(page):
    period = a_membership(a_person(), ends_on=None)

    assert "You are a member in good standing for life." in page(period.person)


def test_a_household_reads_whom_it_covers_and_they_read_by_whom(page):
    payer = ending_in(200, tier=a_tier(covers="household", places=3))
    child = a_person("Cleo Child")
    cover(payer, child, payer.starts_on, now=NOW, by=None, called="Our Cleo")

    assert "You and Our Cleo" in page(payer.person)
    read = page(child)
    assert payer.person.name in read
    assert "renewed together with the one that covers you" in read
    assert "/me/membership/resign" not in read


def test_what_is_owed_is_told_and_leads_to_how_to_pay(page):
    period = ending_in(200)
    owe(period.person, 4200, "EUR", "Dinner", today() - timedelta(days=1), now=NOW, by=a_person(), tell=False)

    read = page(period.person)

    assert "Dinner: EUR 42, to be paid by" in read
    assert "Overdue" in read
    assert "/me/membership/dues" in read


def test_an_applicant_reads_where_they_stand_and_what_the_society_asks(page):
    person = a_person()
    application = a_membership(person, status=Status.APPLIED, applied_at=NOW, starts_on=today(), ends_on=None)
    begin(person, NOW)
    assert "The society looks at it and writes to you" in page(person)

    db.session.add(ApplicationMessage(membership_id=application.id, at=NOW, from_applicant=False, text="Who are you?"))

    read = page(person)
    assert "The society has a question" in read
    assert "Who are you?" in read


def test_who_lapsed_is_asked_back_and_who_resigned_may_join(page):
    lapsed, resigned = ending_in(-3), ending_in(20)
    a_membership(
        lapsed.person, lapsed.tier, status=Status.LAPSED, starts_on=today(), ends_on=None, replaces_id=lapsed.id
    )
    resign(resigned, today(), now=NOW, by=None)

    assert "Come back" in page(lapsed.person)
    read = page(resigned.person)
    assert "You are not a member at present." in read
    assert "Become a member" in read


def test_somebody_the_register_knows_nothing_of(page):
    assert "The register holds nothing on you yet." in page(a_person())
