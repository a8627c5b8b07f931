"""Guests are forgotten when the society has kept them long enough."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from society.db import db
from society.people.models import Person
from society.people.privacy import was_erased
from society.records.actions import BATCH, forget_guests
from society.records.queries import guests_to_forget
from society.rsvps.counts import turnout
from society.rsvps.models import Answer, Rsvp, RsvpStatus
from society.settings import Society, renew
from tests.builders import NOW, a_membership, a_person, an_event

LONG_AGO = NOW.replace(tzinfo=None) - timedelta(days=400)


def keep_guests(months):
    db.session.get_one(Society, 1).guests_kept_months = months
    renew()
    db.session.commit()


def a_guest(event, **values):
    guest = a_person("Gus Guest", **{"verified_at": None, "created_at": NOW - timedelta(days=900), **values})
    yes = {"answer": Answer.YES, "status": RsvpStatus.CONFIRMED, "answered_at": NOW, "note": "Gus sits in front"}
    db.session.add(Rsvp(event=event, person=guest, **yes))
    db.session.flush()
    return guest


@pytest.fixture
def over(app):
    keep_guests(12)
    return an_event(starts=LONG_AGO)


def test_a_guest_of_long_ago_is_forgotten_and_the_count_stays(over):
    guest = a_guest(over, email="gus@example.org", phone="5551234")
    db.session.commit()

    forget_guests(NOW)

    db.session.expire_all()
    assert (guest.name, guest.email, guest.phone) == ("Former guest", None, "")
    assert turnout(over).going == 1
    assert db.session.scalars(select(Rsvp.note)).all() == [""]
    assert not was_erased("gus@example.org")


def test_a_society_that_says_nothing_keeps_them(over):
    keep_guests(None)
    a_guest(over)

    assert guests_to_forget(NOW) is None
    forget_guests(NOW)


@pytest.mark.parametrize("months", [14, 24])
def test_until_then_they_are_kept(over, months):
    keep_guests(months)
    a_guest(over)

    assert db.session.scalars(guests_to_forget(NOW)).all() == []


def test_whoever_comes_again_signs_in_or_is_more_than_a_guest_is_kept(over):
    a_guest(over, verified_at=NOW)
    a_membership(a_guest(over))
    again = a_guest(over)
    db.session.add(Rsvp(event=an_event(), person=again, answer=Answer.MAYBE, status=RsvpStatus.MAYBE, answered_at=NOW))
    a_person("Nora Never", verified_at=None, created_at=NOW - timedelta(days=900))
    db.session.flush()

    assert db.session.scalars(guests_to_forget(NOW)).all() == []


def test_many_are_forgotten_in_batches_and_a_second_time_nobody(over, counted):
    for _ in range(BATCH + 5):
        a_guest(over)
    keys = db.session.scalars(select(Rsvp.link_key)).all()
    db.session.commit()

    forget_guests(NOW)

    db.session.expire_all()
    assert len({*keys, *db.session.scalars(select(Rsvp.link_key))}) == 2 * len(keys), "each link ends by itself"
    left = select(Person).where(Person.erased_at.is_(None))
    assert db.session.scalars(left).all() == []
    with counted() as count:
        forget_guests(NOW)
    assert len(count) == 1
