"""Invitations to people who have not answered yet: from a notice into a calendar, and back as an answer."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from society.db import db
from society.events.models import Event, RsvpPolicy
from society.invitations.actions import take
from society.invitations.reading import Unsorted
from society.mail.models import Letter
from society.notices.actions import alter, cancel
from society.notices.copies import copies
from society.notices.going import take_back
from society.notices.models import Audience, Notice, NoticeKind
from society.notices.reach import those_to_tell
from society.notices.sending import send
from society.people.models import Person
from society.rsvps.actions import reply
from society.rsvps.feed import Wanted, follow_by_feed, refresh, subscribe
from society.rsvps.invitation import asking
from society.rsvps.letters import take_back_copies
from society.rsvps.models import Answer, RsvpStatus
from society.rsvps.queries import rsvp_of
from tests.builders import NOW, a_person, an_event
from tests.invitations.shapes import PROGRAMS, an_answer
from tests.invitations.test_conversation import move
from tests.invitations.test_sending import invited, last_letter

LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def answers_read(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "MAIL_REPLY_DOMAIN", "answers.example.org")


def inviting(audience: Audience = Audience.EVERYONE, **values: Any) -> tuple[Event, Notice]:
    """An event, and the invitation to it."""
    event, olga = an_event("Evening", **values), a_person("Olga", "organizer", email=None)
    refresh(event, NOW)
    given = {"subject": "Come", "body": "Come.", "author": olga, "created_at": NOW}
    notice = Notice(kind=NoticeKind.INVITATION, audience=audience, event=event, **given)
    db.session.add(notice)
    db.session.flush()
    return event, notice


def asked(person: Person, **values: Any) -> tuple[Event, Letter]:
    """Somebody to whom the invitation has been sent."""
    event, notice = inviting(**values)
    send(notice, NOW)
    letter = last_letter(person)
    letter.succeed(NOW)
    return event, letter


def moved_an_hour(event: Event) -> None:
    olga = a_person("Olga", "organizer", email=None)
    alter(event, lambda: move(event), by=olga, now=LATER)


def letters_to(person: Person) -> list[str]:
    return list(db.session.scalars(select(Letter.subject).where(Letter.person_id == person.id).order_by(Letter.id)))


def test_an_invitation_can_be_answered_in_the_calendar():
    ann = a_person()
    event, _letter = asked(ann)

    method, entry = invited(ann)

    assert method == "REQUEST"
    assert entry["UID"] == event.uid
    assert entry["ATTENDEE"] == f"mailto:{ann.email}"
    assert (entry["ATTENDEE"].params["PARTSTAT"], entry["ATTENDEE"].params["RSVP"]) == ("NEEDS-ACTION", "TRUE")
    assert entry["TRANSP"] == "TRANSPARENT"
    assert rsvp_of(event, ann) is None


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_first_answer_comes_from_each_program_and_is_confirmed_from_the_same_address(program):
    ann = a_person()
    event, letter = asked(ann)
    organizer = invited(ann)[1]["ORGANIZER"]

    assert take(an_answer(letter, "ACCEPTED", LATER, program=program), LATER).startswith("Taken: yes")
    db.session.refresh(letter)
    assert letter.acted_at == LATER, "it counts as done by the invitation"

    assert rsvp_of(event, ann).status is RsvpStatus.CONFIRMED
    method, entry = invited(ann)
    assert (method, entry["ATTENDEE"].params["PARTSTAT"], entry["ORGANIZER"]) == ("REQUEST", "ACCEPTED", organizer)


def test_what_is_answered_after_the_confirmation_is_not_put_down_to_the_invitation():
    ann = a_person()
    event, letter = asked(ann)
    reply(event, ann, Answer.YES, at=NOW)
    last_letter(ann).succeed(NOW)

    assert take(an_answer(letter, "DECLINED", LATER), LATER).startswith("Taken: no")

    assert [one.acted_at for one in db.session.scalars(select(Letter).order_by(Letter.id))][:2] == [None, LATER]


def test_a_full_event_puts_who_accepts_into_its_queue():
    ann, ben = a_person(), a_person()
    event, letter = asked(ann, capacity=1)
    reply(event, ben, Answer.YES, at=NOW)

    take(an_answer(letter, "ACCEPTED", LATER), LATER)

    assert rsvp_of(event, ann).status is RsvpStatus.WAITLISTED
    assert invited(ann)[1]["ATTENDEE"].params["PARTSTAT"] == "TENTATIVE"


def test_who_declines_hears_no_more_of_it():
    ann = a_person()
    event, letter = asked(ann)
    take(an_answer(letter, "DECLINED", LATER), LATER)
    heard = letters_to(ann)

    moved_an_hour(event)

    assert rsvp_of(event, ann).status is RsvpStatus.DECLINED
    assert letters_to(ann) == heard


def test_who_has_not_answered_follows_the_event_in_their_calendar_until_it_is_called_off():
    ann = a_person()
    event, _letter = asked(ann)
    before = invited(ann)[1]

    moved_an_hour(event)
    method, moved = invited(ann)
    assert those_to_tell(event, LATER).everyone == 1
    assert (method, moved["ATTENDEE"].params["PARTSTAT"]) == ("REQUEST", "NEEDS-ACTION")
    assert moved["SEQUENCE"] > before["SEQUENCE"]
    assert moved["ORGANIZER"] == before["ORGANIZER"]

    cancel(event, by=a_person("Olga", "organizer", email=None), now=LATER)
    method, off = invited(ann)
    assert (method, off["STATUS"]) == ("CANCEL", "CANCELLED")


def test_an_event_off_tells_nobody_who_was_told_of_it_without_an_invitation():
    ann = a_person()
    event, notice = inviting()
    notice.kind = NoticeKind.ANNOUNCEMENT
    send(notice, NOW)
    heard = letters_to(ann)

    cancel(event, by=a_person("Olga", "organizer", email=None), now=LATER)

    assert letters_to(ann) == heard


def test_an_invitation_that_was_taken_back_asked_nobody():
    a_person()
    event, notice = inviting()
    send(notice, NOW, NOW + timedelta(minutes=5))
    take_back(notice, by=notice.author, now=NOW)
    assert those_to_tell(event, LATER).everyone == 0


def test_who_follows_by_the_feed_is_not_asked_a_second_time():
    ann = a_person(feed_only=True)
    subscribe(ann, Wanted(everything=True), now=NOW)
    _event, letter = asked(ann)
    assert letter.calendar is None


def test_who_follows_by_a_feed_of_what_they_answered_is_asked_and_has_it_back_after_that():
    ann = a_person(feed_only=True)
    subscribe(ann, Wanted(everything=False), now=NOW)
    event, _letter = asked(ann)
    assert invited(ann)[0] == "REQUEST"

    reply(event, ann, Answer.YES, at=LATER)

    method, entry = invited(ann)
    assert (method, entry["UID"]) == ("CANCEL", event.uid)


def test_what_takes_an_invitation_back_has_the_next_sequence_before_any_answer_too():
    """Outlook and Google order what they are told by SEQUENCE first; each CANCEL raises it (RFC 5546, 2.1.4)."""
    ann = a_person()
    event, letter = asked(ann)
    subscribe(ann, Wanted(everything=True), now=NOW)
    ann.feed_only = True
    assert take_back_copies(ann, LATER) == 1
    method, off = invited(ann)
    follow_by_feed(ann, alone=False)
    again = Letter(calendar=asking(event, ann, LATER), to_address=ann.email)
    take(an_answer(again, "ACCEPTED", LATER, program="outlook"), LATER)

    assert (method, rsvp_of(event, ann).status) == ("CANCEL", RsvpStatus.CONFIRMED)
    entries = [Calendar.from_ical(one.calendar).events[0] for one in (letter, again, last_letter(ann))]
    assert entries[0]["SEQUENCE"] < off["SEQUENCE"] < entries[1]["SEQUENCE"] <= entries[2]["SEQUENCE"]


@pytest.mark.parametrize(
    "values",
    [
        {"rsvp_policy": RsvpPolicy.CLOSED},
        {"rsvp_policy": RsvpPolicy.MEMBERS},
        {"members_first_until": datetime(2999, 1, 1)},
        {"rsvp_closes_at": NOW},
    ],
)
def test_nobody_is_asked_in_their_calendar_for_what_they_could_not_answer(values):
    ann = a_person()
    _event, letter = asked(ann, **values)
    assert b"BEGIN:VEVENT" in letter.calendar
    assert b"ATTENDEE" not in letter.calendar


def test_where_nobody_reads_answers_an_invitation_brings_a_file(app, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_REPLY_DOMAIN", "")
    ann = a_person()
    _event, letter = asked(ann)
    assert b"ATTENDEE" not in letter.calendar


def test_a_draft_that_somebody_mails_themselves_asks_nobody_since_no_change_would_reach_them():
    a_person()
    _event, notice = inviting()
    (letter,) = copies(notice, NOW)
    assert b"BEGIN:VEVENT" in letter.calendar
    assert b"ATTENDEE" not in letter.calendar


def test_an_address_is_good_for_its_person_and_its_event_alone():
    ann, ben = a_person(), a_person()
    event, letter = asked(ann)
    other = an_event("Another")
    refresh(other, NOW)
    own = str(invited(ann)[1]["ORGANIZER"]).removeprefix("mailto:")

    assert "stands" not in take(an_answer(letter, "ACCEPTED", LATER, reader=ben.email), LATER)
    with pytest.raises(Unsorted):
        take(an_answer(letter, "ACCEPTED", LATER, uid=other.uid), LATER)
    ann.link_key = "another"
    with pytest.raises(Unsorted):
        take(an_answer(letter, "ACCEPTED", LATER, organizer=own), LATER)
    assert [rsvp_of(on, who) for on in (event, other) for who in (ann, ben)] == [None] * 4


@pytest.mark.parametrize("method", ["COUNTER", "REFRESH"])
def test_other_questions_of_the_invited_are_answered_with_the_invitation(method):
    ann = a_person()
    event, letter = asked(ann)

    take(an_answer(letter, "TENTATIVE", LATER, method=method), LATER)

    assert rsvp_of(event, ann) is None
    assert invited(ann)[0] == "REQUEST"
    assert "You have no answer with us yet" in last_letter(ann).body
    assert f"/events/{event.slug}" in last_letter(ann).body


def test_an_answer_that_comes_too_late_is_told_why():
    ann = a_person()
    event, letter = asked(ann)
    late = event.starts_at + timedelta(minutes=1)

    said = take(an_answer(letter, "ACCEPTED", late), late)

    assert "has begun" in said
    assert rsvp_of(event, ann) is None
