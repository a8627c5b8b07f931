"""How many must come, what happens if they do not, and what it costs."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from society.audit.models import AuditEntry
from society.db import db
from society.errors import Refused
from society.events.models import Event, RsvpPolicy
from society.mail.models import Letter
from society.notices.minimum import judge_minimums
from society.rsvps.actions import reply
from society.rsvps.models import Answer, RsvpStatus
from society.rsvps.queries import why_barred
from society.rsvps.render import link
from tests.builders import NEXT_MONTH, NOW, a_membership, a_person, an_event, letters_to

pytestmark = pytest.mark.usefixtures("app")

BY = NEXT_MONTH - timedelta(days=2)


def an_evening(**values) -> Event:
    """One that at least two must come to, counted two days ahead."""
    return an_event("Evening", **{"zone": "UTC", "minimum": 2, "minimum_by": BY, **values})


def judged(event: Event) -> Event:
    db.session.commit()
    judge_minimums(event.minimum_by_at)
    return event


def test_too_few_call_it_off_and_all_are_told_once():
    author = a_person("Olga", "organizer")
    event = an_evening(minimum_cancels=True, created_by_id=author.id)
    reply(event, guest := a_person(), Answer.YES, at=NOW)
    db.session.commit()

    judge_minimums(event.minimum_by_at - timedelta(minutes=1))
    assert event.cancelled_at is None
    judged(event)
    judged(event)

    assert event.cancelled_at == event.minimum_by_at
    assert letters_to(guest)[1:] == ["Cancelled: Evening"]
    assert letters_to(author) == ["Cancelled for want of people: Evening"]
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "event cancelled")).one()
    assert entry.actor_id is None


def test_whoever_comes_is_told_that_it_may_be_called_off_by_itself_until_it_is_sure(client):
    event, guest = an_evening(minimum_cancels=True), a_person()
    rsvp = reply(event, guest, Answer.YES, at=NOW)
    letter = db.session.scalars(select(Letter).where(Letter.person_id == guest.id)).one()
    assert "The event takes place if 2 people have said yes by " in letter.body
    told = "If 2 people have said yes by "
    assert told in client.get(link(rsvp)).text
    event.minimum_judged_at = NOW
    assert told not in client.get(link(rsvp)).text


def test_a_time_that_does_not_exist_keeps_no_other_from_being_counted():
    """In Cairo there is no midnight on 25 April 2036: clocks show one o'clock then."""
    gap = datetime(2036, 4, 25)
    there, here = (
        an_evening(zone=zone, starts=gap + timedelta(days=2), minimum_by=gap) for zone in ("Africa/Cairo", "UTC")
    )
    judged(here)
    assert there.minimum_judged_at == here.minimum_judged_at == here.minimum_by_at


def test_too_few_are_told_to_the_organizers_who_decide():
    author = a_person("Olga", "organizer")
    event = judged(an_evening(created_by_id=author.id))
    assert event.cancelled_at is None
    assert letters_to(author) == ["Too few people so far: Evening"]


def test_those_who_wait_for_the_organizers_keep_it_from_being_cancelled_and_these_are_told():
    author = a_person("Olga", "organizer")
    event, other = (
        an_evening(minimum_cancels=True, rsvp_policy=RsvpPolicy.APPROVAL, created_by_id=author.id) for _ in "ab"
    )
    for _ in range(2):
        reply(event, a_person(), Answer.YES, at=NOW)
    reply(other, a_person(), Answer.YES, at=NOW)
    judged(event)
    assert event.cancelled_at is None
    letter = db.session.scalars(select(Letter).where(Letter.reason.startswith(f"minimum:{event.id}:"))).one()
    assert "0 of at least 2 people are coming so far, and 2 more wait for your decision" in letter.body
    assert "It has not been cancelled" in letter.body
    assert f"/organize/events/{event.id}/rsvps?status=pending" in letter.body
    assert other.cancelled_at, "with them, too, there would be too few"


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_who_joins_online_is_not_said_to_have_a_seat(language):
    author = a_person("Olga", "organizer", language=language)
    hybrid = {"online_url": "https://meet.example.org/hall", "room": "Hall", "rsvp_policy": RsvpPolicy.APPROVAL}
    event = an_evening(created_by_id=author.id, **hybrid)
    reply(event, a_person(), Answer.YES, online=True, at=NOW).become(
        RsvpStatus.CONFIRMED, at=NOW, actor=None, reason="Approved."
    )
    reply(event, a_person(), Answer.YES, at=NOW)
    judged(event)
    body = db.session.scalars(select(Letter.body).where(Letter.reason.startswith(f"minimum:{event.id}:"))).one()
    assert [word for word in ("seat", "Plätze", "place", "plaza") if word in body] == []


def test_enough_people_are_no_news():
    author = a_person("Olga", "organizer")
    event = an_evening(minimum_cancels=True, max_party_size=2, created_by_id=author.id)
    reply(event, a_person(), Answer.YES, party_size=2, at=NOW)
    judged(event)
    assert (event.cancelled_at, letters_to(author)) == (None, [])
    assert event.minimum_judged_at == event.minimum_by_at


def test_members_come_first_until_the_date():
    event = an_event(zone="UTC", members_first_until=BY)
    a_membership(member := a_person())
    stranger, first = a_person(), event.members_first_until_at

    reply(event, member, Answer.YES, at=NOW)
    with pytest.raises(Refused, match="Members come first: everyone else can answer from"):
        reply(event, stranger, Answer.YES, at=first - timedelta(minutes=1))
    assert why_barred(event, None, None, first - timedelta(minutes=1))
    reply(event, stranger, Answer.YES, at=first)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, ""),
        ({"price": 0}, "Free"),
        ({"price": 1250, "currency": "EUR"}, "EUR 12.50, paid at the door"),
        ({"price": 500, "currency": "JPY", "members_free": True}, "JPY 500, paid at the door; free for members"),
    ],
)
def test_the_price_is_said_as_noted(values, said):
    assert an_event(**values).costs == said
