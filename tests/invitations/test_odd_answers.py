"""Answers to what is not as it was, in somebody else's name, with guests, or that say nothing."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from society.db import db
from society.invitations.actions import take
from society.invitations.reading import Unsorted
from society.mail.message import method_of
from society.notices.actions import cancel
from society.questions.models import Kind, Question
from society.records.actions import erase
from society.records.mentions import Particulars, mentions
from society.rsvps.models import RsvpStatus
from society.rsvps.queries import rsvp_of, seated
from society.rsvps.render import link
from tests.builders import NOW, a_person
from tests.invitations.shapes import an_answer
from tests.invitations.test_asking import asked
from tests.invitations.test_sending import invited, last_letter
from tests.invitations.test_taking import LATER, going, letters


@pytest.fixture(autouse=True)
def answers_read(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "MAIL_REPLY_DOMAIN", "answers.example.org")


def attendee(parameters: str, address: str) -> dict[str, Any]:
    return {"attendee": f"ATTENDEE;{parameters}:mailto:{address}"}


@pytest.mark.parametrize("says", ["NEEDS-ACTION", "IN-PROCESS", "COMPLETED", "X-PERHAPS", ""])
def test_what_is_no_answer_changes_nothing_and_is_not_written_about(says):
    event, ann, letter = going()
    before = letters()
    raw = an_answer(letter, says, LATER, **(attendee("RSVP=TRUE", ann.email) if not says else {}))

    assert take(raw, LATER).endswith("is no answer.")

    assert (seated(event), letters()) == ([ann], before)
    assert take(an_answer(letter, "DECLINED", NOW), LATER).startswith("Taken: no"), "and it is not the latest word"


def test_an_invitation_that_is_passed_on_is_told_to_be_for_one_alone():
    event, ann, letter = going()
    raw = an_answer(letter, "", LATER, **attendee('PARTSTAT=DELEGATED;DELEGATED-TO="mailto:b@example.org"', ann.email))

    take(raw, LATER)

    assert seated(event) == [ann]
    assert "passed your invitation on" in last_letter(ann).body


@pytest.mark.once
def test_what_became_of_it_is_told_in_the_language_of_who_answered():
    _, ann, letter = going()
    ann.language = "de"

    line = take(an_answer(letter, "", LATER, **attendee("PARTSTAT=DECLINED;DELEGATED-FROM=x", "b@example.org")), LATER)

    assert "Jemand hat Ihre Einladung als b@example.org beantwortet." in last_letter(ann).body.replace("\\", "")
    assert "Somebody answered your invitation as b@example.org." in line


@pytest.mark.parametrize("address", ["b@example.org", "c_4f0@group.calendar.example.com", "urn:uuid:1"])
def test_whoever_else_answers_changes_nothing(address):
    event, ann, letter = going()
    take(an_answer(letter, "", LATER, **attendee("PARTSTAT=DECLINED;DELEGATED-FROM=x", address)), LATER)
    assert seated(event) == [ann]
    assert "for you alone" in last_letter(ann).body


def test_guests_of_google_s_are_the_party():
    ann = a_person()
    event, letter = asked(ann, max_party_size=3, capacity=10)

    take(an_answer(letter, "", LATER, **attendee("PARTSTAT=ACCEPTED;X-NUM-GUESTS=2", ann.email)), LATER)

    assert rsvp_of(event, ann).party_size == 3
    take(an_answer(letter, "ACCEPTED", LATER + timedelta(minutes=1)), LATER + timedelta(minutes=1))
    assert rsvp_of(event, ann).party_size == 3, "0 says nothing of guests"


def test_guests_who_must_be_named_are_not_brought_by_an_answer_that_cannot_name_them():
    ann = a_person()
    event, letter = asked(ann, max_party_size=3)
    take(an_answer(letter, "ACCEPTED", LATER), LATER)
    names = Question(event_id=event.id, position=1, kind=Kind.NAMES, text="Name", required=True, of_each=True)
    db.session.add(names)
    event.asks = True
    db.session.flush()
    later = LATER + timedelta(minutes=1)

    take(an_answer(letter, "", later, **attendee("PARTSTAT=ACCEPTED;X-NUM-GUESTS=2", ann.email)), later)

    assert rsvp_of(event, ann).party_size == 1
    assert link(rsvp_of(event, ann)) in last_letter(ann).body


def test_more_guests_than_may_come_are_refused_by_letter():
    ann = a_person()
    event, letter = asked(ann, max_party_size=2)

    said = take(an_answer(letter, "", LATER, **attendee("PARTSTAT=ACCEPTED;X-NUM-GUESTS=9999", ann.email)), LATER)

    assert "could not be taken" in said
    assert rsvp_of(event, ann) is None


@pytest.mark.parametrize("guests", ["-1", "x", "99999999999"])
def test_a_number_that_is_none_says_nothing_of_guests(guests):
    ann = a_person()
    event, letter = asked(ann)
    take(an_answer(letter, "", LATER, **attendee(f"PARTSTAT=ACCEPTED;X-NUM-GUESTS={guests}", ann.email)), LATER)
    assert rsvp_of(event, ann).party_size == 1


def test_an_event_that_is_off_takes_no_answer_whichever_revision_it_is_to():
    ann = a_person()
    event, letter = asked(ann)
    cancel(event, by=a_person("Olga", "organizer", email=None), now=LATER)
    off = last_letter(ann)

    assert take(an_answer(letter, "ACCEPTED", LATER), LATER) == "Ignored: older than what is known."
    assert "cancelled" in take(an_answer(off, "ACCEPTED", LATER), LATER)

    assert rsvp_of(event, ann) is None
    assert invited(ann)[0] == "CANCEL"


@pytest.mark.parametrize(("off", "sentence"), [(True, "This event is cancelled."), (False, "This event has begun.")])
def test_another_time_for_what_is_off_or_over_is_told_to_come_too_late(off, sentence):
    event, ann, letter = going()
    if off:
        cancel(event, by=a_person("Olga", "organizer", email=None), now=LATER)
    late = LATER if off else event.starts_at + timedelta(minutes=1)

    take(an_answer(letter, "TENTATIVE", late, method="COUNTER"), late)

    assert sentence in last_letter(ann).body.replace("\\", "")
    assert "/propose/" not in last_letter(ann).body


def test_a_no_to_what_is_over_leaves_the_count_of_who_had_seats():
    event, ann, letter = going()
    over = event.ends_at + timedelta(days=1)
    assert "could not be taken" in take(an_answer(letter, "DECLINED", over), over)
    assert rsvp_of(event, ann).status is RsvpStatus.CONFIRMED


def test_whoever_is_erased_is_answered_nothing():
    _event, ann, letter = going()
    raw, particulars = an_answer(letter, "DECLINED", LATER), Particulars.of(ann)
    erase(ann, mentions(particulars), particulars, now=NOW, by=a_person("Ada", "admin"))
    db.session.flush()
    before = letters()

    with pytest.raises(Unsorted):
        take(raw, LATER)

    assert letters() == before


@pytest.mark.parametrize("method", ["DECLINECOUNTER", "PUBLISH", "ADD", "CANCEL"])
def test_what_asks_nothing_of_us_is_dropped_quietly(method):
    event, ann, letter = going()
    before = letters()
    assert take(an_answer(letter, "DECLINED", LATER, method=method), LATER).startswith("Ignored")
    assert (seated(event), letters()) == ([ann], before)


@pytest.mark.parametrize("header", ["Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: All"])
def test_calendars_that_call_their_own_answers_automatic_are_heard(header):
    event, ann, letter = going()
    raw = header.encode() + b"\r\n" + an_answer(letter, "DECLINED", LATER, program="thunderbird")
    assert take(raw, LATER).startswith("Taken: no")
    assert rsvp_of(event, ann).status is RsvpStatus.DECLINED


@pytest.mark.parametrize("header", ["Auto-Submitted: auto-notified; x=y", "Precedence: list", "Precedence: auto_reply"])
def test_answers_of_machines_are_dropped_before_anything_is_noted_of_them(header):
    event, ann, letter = going()
    before = letters()
    raw = header.encode() + b"\r\n" + an_answer(letter, "DECLINED", LATER, program="thunderbird")
    assert take(raw, LATER).startswith("Dropped")
    assert (seated(event), letters()) == ([ann], before)


@pytest.mark.parametrize("header", ["List-Id: <x.example.org>", "Return-Path: <>", "Auto-Submitted: auto-generated"])
def test_a_letter_without_a_calendar_that_nobody_wrote_is_dropped(header):
    raw = f"{header}\r\nFrom: a@example.org\r\nSubject: Out of office\r\n\r\nAway.\r\n".encode()
    assert take(raw, LATER).startswith("Dropped")


def test_whoever_follows_by_their_feed_is_answered_without_a_second_entry():
    event, ann, letter = going()
    ann.feed_only = True
    take(an_answer(letter, "TENTATIVE", LATER, method="REFRESH"), LATER)
    assert method_of(last_letter(ann).calendar) == "CANCEL"  # the entry that they asked about: their feed has it now
    take(an_answer(letter, "DECLINED", LATER), LATER)
    assert rsvp_of(event, ann).status is RsvpStatus.DECLINED
    assert last_letter(ann).calendar is None


def test_of_two_answers_the_later_by_its_own_stamp_counts_however_they_arrive():
    event, ann, letter = going()
    later = an_answer(letter, "DECLINED", LATER)
    earlier = re.sub(rb"programs\.example", b"other.example", an_answer(letter, "TENTATIVE", NOW))
    take(later, LATER)
    assert take(earlier, LATER + timedelta(hours=1)) == "Ignored: older than what is known."
    assert rsvp_of(event, ann).status is RsvpStatus.DECLINED
