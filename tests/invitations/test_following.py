"""Whose calendars follow an event that they were asked to, and what an answer from there needs."""

from datetime import timedelta

import pytest
from flask import Flask

from society.db import db
from society.events.models import Event
from society.invitations.actions import take
from society.mail.models import LetterState
from society.notices.going import stop
from society.notices.models import Audience, Notice, NoticeKind
from society.notices.reach import those_to_tell
from society.notices.sending import send
from society.notices.timed import send_timed
from society.questions.actions import ask
from society.questions.models import Kind
from society.rsvps.actions import ask_guest, reply
from society.rsvps.feed import Wanted, subscribe
from society.rsvps.models import Answer, RsvpStatus
from society.rsvps.queries import rsvp_of
from society.rsvps.render import link
from tests.builders import NOW, a_person
from tests.invitations.shapes import an_answer
from tests.invitations.test_asking import LATER, asked, inviting, letters_to, moved_an_hour
from tests.invitations.test_sending import invited, last_letter


@pytest.fixture(autouse=True)
def answers_read(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "MAIL_REPLY_DOMAIN", "answers.example.org")


def told(event: Event) -> int:
    return those_to_tell(event, LATER).everyone


def needing_an_answer(event: Event) -> None:
    """Nobody can come without saying something."""
    question = {"kind": Kind.LINE, "text": "Which boat?", "hint": "", "options": "", "required": True, "of_each": False}
    ask(event, question, by=a_person("Olga", "organizer", email=None), now=NOW)


@pytest.mark.parametrize(
    ("values", "number"),
    [
        ({"state": LetterState.QUEUED}, 0),
        ({"state": LetterState.SENDING}, 1),
        ({"state": LetterState.SENT}, 1),
        ({"state": LetterState.REFUSED}, 0),
        ({"state": LetterState.SENT, "bounced_at": LATER}, 0),
    ],
)
def test_only_what_reached_a_calendar_is_followed_up(values, number):
    event, letter = asked(a_person())
    for name, value in values.items():
        setattr(letter, name, value)

    assert told(event) == number


def test_whom_a_stopped_invitation_did_not_reach_is_not_told_that_the_event_is_off():
    a_person()
    event, notice = inviting()
    send(notice, NOW)

    stop(notice, by=notice.author, now=NOW)

    assert told(event) == 0


def test_who_follows_by_a_feed_has_no_entry_to_be_changed_by_mail():
    ann = a_person(feed_only=True)
    subscribe(ann, Wanted(everything=True), now=NOW)
    event, _letter = asked(ann)
    assert told(event) == 0


def test_an_answer_whose_link_is_still_unopened_is_none_and_the_calendar_follows():
    ann = a_person()
    event, _letter = asked(ann)
    ask_guest(event, "Ann", ann.email, Answer.YES, 1, "", NOW)

    moved_an_hour(event)

    assert told(event) == 1
    method, entry = invited(ann)
    assert (method, entry["ATTENDEE"].params["PARTSTAT"]) == ("REQUEST", "NEEDS-ACTION")


def test_who_has_only_typed_their_address_is_asked_like_those_who_have_not():
    ann = a_person()
    event, notice = inviting()
    ask_guest(event, "Ann", ann.email, Answer.YES, 1, "", NOW)

    send(notice, NOW)

    assert invited(ann)[0] == "REQUEST"


def test_accepting_waits_for_what_everyone_who_comes_is_asked():
    ann = a_person()
    event, letter = asked(ann)
    needing_an_answer(event)

    said = take(an_answer(letter, "ACCEPTED", LATER), LATER)

    assert said.startswith("Answered by letter: Your calendar accepted.")
    assert rsvp_of(event, ann) is None
    assert f"/events/{event.slug}" in last_letter(ann).body
    assert invited(ann)[1]["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"


@pytest.mark.parametrize(("says", "status"), [("TENTATIVE", RsvpStatus.MAYBE), ("DECLINED", RsvpStatus.DECLINED)])
def test_who_does_not_come_for_certain_is_asked_nothing(says, status):
    ann = a_person()
    event, letter = asked(ann)
    needing_an_answer(event)

    take(an_answer(letter, says, LATER), LATER)

    assert rsvp_of(event, ann).status is status


def test_who_holds_a_seat_already_keeps_it_when_something_is_asked_afterwards():
    ann = a_person()
    event, letter = asked(ann)
    reply(event, ann, Answer.YES, at=NOW)
    needing_an_answer(event)

    assert take(an_answer(letter, "ACCEPTED", LATER), LATER).startswith("Taken: yes")


def test_who_is_offered_a_seat_does_not_take_it_by_calendar_without_what_was_asked_since():
    ann = a_person()
    event, letter = asked(ann)
    rsvp = reply(event, ann, Answer.YES, at=NOW)
    rsvp.become(RsvpStatus.OFFERED, at=NOW, actor=None, reason="")
    rsvp.offered_until = event.starts_at
    needing_an_answer(event)

    said = take(an_answer(letter, "ACCEPTED", LATER), LATER)

    assert said.startswith("Answered by letter: Your calendar accepted. The organizers ask")
    assert rsvp.status is RsvpStatus.OFFERED
    assert link(rsvp) in last_letter(ann).body


def test_an_invitation_that_has_not_left_tells_of_the_change_itself():
    ann = a_person()
    event, invitation = inviting()
    send(invitation, NOW)
    before = invited(ann)[1]

    moved_an_hour(event)
    db.session.commit()
    send_timed(LATER)

    assert letters_to(ann) == ["Come"]
    assert before["DTSTART"].dt - invited(ann)[1]["DTSTART"].dt == timedelta(hours=1)


def test_a_change_written_by_hand_reaches_the_invited_in_their_calendar():
    ann = a_person()
    event, _letter = asked(ann)
    change = Notice(kind=NoticeKind.CHANGE, audience=Audience.EVERYONE, event=event, created_at=NOW)
    change.subject, change.body = "Changed", "It is in the garden."
    db.session.add(change)

    send(change, LATER)

    assert invited(ann)[1]["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
