"""A member renews: by the link in a reminder, or signed in."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from society.db import db
from society.dues.actions import take
from society.dues.models import Due, Method
from society.dues.queries import open_of
from society.dues.renewals import lapse, link
from society.dues.renewing import State, renewal_of
from society.membership.actions import change_tier, cover, end_period, renew, resign
from society.membership.models import Membership, Period, Status
from society.people.models import Person
from society.settings import society
from society.times import now, today_in
from tests.builders import NOW, a_membership, a_person, a_tier


def today():
    return today_in(society().zone, now())


def ending_in(days, person=None, grace=0, **values):
    last = today() + timedelta(days=days)
    values = {"starts_on": last - timedelta(days=364), "good_until": last + timedelta(days=grace), **values}
    values.setdefault("tier", a_tier(period=Period.MONTHS))
    return a_membership(person or a_person(), ends_on=last, **values)


def rows(person):
    found = select(Membership).where(Membership.person_id == person.id).order_by(Membership.id)
    return [(row.status, row.tier.name, row.starts_on) for row in db.session.scalars(found)]


def text(answer):
    assert answer.status_code == 200
    return " ".join(answer.get_data(as_text=True).split())


def test_looking_at_the_link_changes_nothing_and_pressing_the_button_renews_for_nothing(client):
    period = ending_in(20, tier=a_tier("Friend", period=Period.MONTHS))
    address = link(period.person)

    page = client.get(address)
    assert "There is nothing to pay." in text(page)
    assert (page.headers["Cache-Control"], page.headers["X-Robots-Tag"]) == ("no-store", "noindex")
    assert len(rows(period.person)) == 1

    assert client.post(address, data={"tier": period.tier_id}).status_code == 303
    assert rows(period.person)[1:] == [(Status.ACTIVE, "Friend", period.ends_on + timedelta(days=1))]
    assert "There is nothing to do now." in text(client.get(address))


def test_pressing_twice_renews_once(client):
    period = ending_in(20)

    assert client.post(link(period.person), data={"tier": period.tier_id}).status_code == 303
    assert client.post(link(period.person), data={"tier": period.tier_id}).status_code in (303, 422)

    assert [status for status, *_ in rows(period.person)] == [Status.ACTIVE] * 2


def test_where_there_are_dues_the_button_gives_the_invoice_and_its_payment_renews(client):
    period = ending_in(20, tier=a_tier("Member", dues=3050, period=Period.MONTHS))
    address = link(period.person)
    for _ in range(2):
        assert client.post(address, data={"tier": period.tier_id}).status_code == 303

    page = text(client.get(address))
    due = db.session.scalars(select(Due)).one()
    assert f"Invoice {due.number}" in page
    assert "EUR 30.50" in page
    assert "Reference" in page
    assert len(rows(period.person)) == 1

    take(due, open_of(due), Method.TRANSFER, today(), now=now(), by=None)
    assert rows(period.person)[1:] == [(Status.ACTIVE, "Member", period.ends_on + timedelta(days=1))]
    assert "There is nothing to do now." in text(client.get(address))


def test_another_tier_can_be_chosen_and_its_payment_begins_it(client):
    period = ending_in(20, tier=a_tier("Member", dues=3000, period=Period.MONTHS))
    other = a_tier("Patron", dues=9000, period=Period.MONTHS, needs_approval=False)
    for tier in (period.tier, other):
        assert client.post(link(period.person), data={"tier": tier.id}).status_code == 303

    due = db.session.scalars(select(Due).order_by(Due.id.desc())).first()
    assert (due.tier_id, due.amount) == (other.id, 9000)
    assert [open_of(due) for due in db.session.scalars(select(Due).order_by(Due.id))] == [0, -3000, 9000]
    take(due, 9000, Method.TRANSFER, today(), now=now(), by=None)
    assert rows(period.person)[1:] == [(Status.ACTIVE, "Patron", period.ends_on + timedelta(days=1))]


def test_an_invoice_of_which_a_part_is_paid_is_not_exchanged(client):
    period = ending_in(20, tier=a_tier("Member", dues=3000, period=Period.MONTHS))
    other = a_tier("Patron", dues=9000, needs_approval=False)
    client.post(link(period.person), data={"tier": period.tier_id})
    take(db.session.scalars(select(Due)).one(), 1000, Method.CASH, today(), now=now(), by=None)

    assert client.post(link(period.person), data={"tier": other.id}).status_code == 409
    assert db.session.query(Due).count() == 1


@pytest.mark.parametrize(
    "values",
    [
        {"offered": False},
        {"needs_approval": True},
        {"choice": "invitation"},
        {"choice": "secretary"},
        {"proof": "Your student card"},
        {"oldest": 25},
        {"youngest": 60},
    ],
)
def test_what_one_may_not_choose_is_refused(client, values):
    period = ending_in(20)
    other = a_tier("Special", **{"needs_approval": False, **values})

    assert "Special" not in text(client.get(link(period.person)))
    assert client.post(link(period.person), data={"tier": other.id}).status_code == 422
    assert len(rows(period.person)) == 1


def test_a_tier_for_too_few_people_is_not_offered_to_a_household(client):
    period = ending_in(20, tier=a_tier("Family", covers="household", places=3))
    for _ in range(2):
        cover(period, a_person(), period.starts_on, now=NOW, by=None)
    a_tier("Alone", needs_approval=False)

    assert "Alone" not in text(client.get(link(period.person)))


def test_somebody_whose_membership_has_lapsed_comes_back_by_the_same_link(client):
    period = ending_in(-10, tier=a_tier("Friend", period=Period.MONTHS))
    db.session.commit()
    lapse(now())

    assert "Come back" in text(client.get(link(period.person)))
    assert client.post(link(period.person), data={"tier": period.tier_id}).status_code == 303

    assert [status for status, *_ in rows(period.person)] == [Status.ACTIVE, Status.LAPSED, Status.ACTIVE]
    assert renewal_of(period.person, today()).state is State.EARLY


def test_a_tier_that_is_no_longer_offered_is_not_renewed(client):
    period = ending_in(20, tier=a_tier(offered=False))

    assert "not offered any more" in text(client.get(link(period.person)))
    assert client.post(link(period.person), data={"tier": period.tier_id}).status_code == 422


def test_the_link_dies_with_the_key_and_opens_nobody_elses(client):
    period, other = ending_in(20), a_person()
    address = link(period.person)

    assert client.get(link(other).replace(f"/{other.id}-", f"/{period.person_id}-")).status_code == 404
    assert client.get("/renew/nonsense").status_code == 404
    db.session.get(Person, period.person_id).link_key = "another"
    assert client.get(address).status_code == 404


def test_the_same_page_stands_behind_the_sign_in(client):
    period = ending_in(20)
    assert client.get("/me/membership/renew").status_code == 303

    client.sign_in(period.person)

    assert "There is nothing to pay." in text(client.get("/me/membership/renew"))
    assert client.post("/me/membership/renew", data={"tier": period.tier_id}).status_code == 303
    assert len(rows(period.person)) == 2


def test_what_there_is_to_renew(app):
    def state(person):
        return renewal_of(person, today()).state

    assert state(a_person()) is State.NONE
    assert state(ending_in(91).person) is State.EARLY
    assert state(ending_in(90).person) is State.OPEN
    assert state(ending_in(-5, grace=10).person) is State.OPEN
    assert state(ending_in(-91).person) is State.NONE
    assert state(a_membership(a_person(), ends_on=None).person) is State.LIFE

    renewed = ending_in(20)
    renew(renewed, now=NOW, by=None)
    assert state(renewed.person) is State.EARLY

    resigned = ending_in(20)
    following = renew(resigned, now=NOW, by=None)
    resign(following, following.starts_on, now=NOW, by=None)
    assert state(resigned.person) is State.NONE

    changed = ending_in(20)
    changed = change_tier(changed, a_tier(), today(), now=NOW, by=None)
    assert renewal_of(changed.person, today()).period is changed

    lapsed = ending_in(-91)
    end_period(lapsed, Status.LAPSED, lapsed.ends_on + timedelta(days=1), now=NOW, by=None)
    assert state(lapsed.person) is State.LAPSED
    assert renewal_of(lapsed.person, today() + timedelta(days=2)).state is State.NONE


def test_whom_another_membership_covers_renews_nothing(client):
    payer, child = ending_in(20, tier=a_tier(covers="household", places=2)), a_person()
    cover(payer, child, payer.starts_on, now=NOW, by=None)

    assert renewal_of(child, today()).state is State.COVERED
    assert "renewed together with the membership that covers you" in text(client.get(link(child)))
    assert client.post(link(child), data={"tier": payer.tier_id}).status_code == 422
