"""Answers by mail beside answers on a page, letters with an invitation attached, and a shared address."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from society.db import db
from society.invitations.actions import take
from society.invitations.reading import Unsorted
from society.mail.models import Letter
from society.people.models import Person
from society.rsvps.actions import reply, withdraw
from society.rsvps.feed import refresh
from society.rsvps.forms import Decision
from society.rsvps.models import Answer, RsvpStatus
from society.rsvps.queries import rsvp_of
from tests.builders import NOW, a_person, an_event, letters_to
from tests.invitations.shapes import an_answer
from tests.invitations.test_sending import last_letter
from tests.invitations.test_taking import LATER, going, letters
from tests.rsvps.deciding import decided

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def answers_read(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "MAIL_REPLY_DOMAIN", "answers.example.org")


def a_letter(person: Person, words: str, answered: Letter, *, method: str = "REQUEST", head: str = "") -> bytes:
    """What a person writes back, with the invitation attached as their program does it."""
    calendar = (answered.calendar or b"").replace(b"METHOD:REQUEST", b"METHOD:" + method.encode())
    return (
        (
            f"{head}From: {person.email}\r\nTo: office@example.org\r\nSubject: Re: Evening\r\n"
            f"Message-ID: <{words[:3].strip()}{method}@programs.example.org>\r\nIn-Reply-To: {answered.message_id}\r\n"
            'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
            f"--b\r\nContent-Type: text/plain\r\n\r\n{words}\r\n"
            f"--b\r\nContent-Type: text/calendar; method={method}; name=invite.ics\r\n"
            "Content-Disposition: attachment; filename=invite.ics\r\n\r\n"
        ).encode()
        + calendar
        + b"\r\n--b--\r\n"
    )


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL", "PUBLISH"])
def test_a_letter_with_the_invitation_attached_goes_to_the_organizer(method: str) -> None:
    event, ann, letter = going()
    olga = a_person("Olga", "organizer")
    event.organizer = olga
    raw = a_letter(ann, "I come in a wheelchair; is there a lift?", letter, method=method)

    assert take(raw, LATER).startswith("Handed on")
    assert take(raw, LATER + MINUTE) == "Dealt with before."

    handed_on = db.session.scalars(select(Letter).where(Letter.to_address == olga.email)).one()
    assert "is there a lift?" in handed_on.body
    assert handed_on.enclosed == raw
    assert rsvp_of(event, ann).status is RsvpStatus.CONFIRMED


def test_where_nobody_can_be_told_such_a_letter_is_left_for_people() -> None:
    _event, ann, letter = going()
    unknown = a_letter(ann, "Is there a lift?", letter).replace(letter.message_id.encode(), b"<other@example.org>")
    with pytest.raises(Unsorted):
        take(unknown, LATER)


@pytest.mark.parametrize(("words", "head"), [("", ""), ("Sent by a program.", "Auto-Submitted: auto-generated\r\n")])
def test_an_invitation_without_a_word_of_a_person_is_dropped_quietly(words: str, head: str) -> None:
    _event, ann, letter = going()
    before = letters()
    assert take(a_letter(ann, words, letter, head=head), LATER) == "Ignored: REQUEST asks nothing of us."
    assert letters() == before


ON_A_PAGE = {
    "maybe": lambda event, ann, at: reply(event, ann, Answer.MAYBE, at=at),
    "withdrawn": lambda event, ann, at: withdraw(rsvp_of(event, ann), at),
}


@pytest.mark.parametrize("act", ON_A_PAGE.values(), ids=ON_A_PAGE)
def test_a_late_mail_never_counts_before_what_the_person_did_on_a_page_since(act: Callable[..., object]) -> None:
    event, ann, letter = going()
    late = an_answer(letter, "ACCEPTED", LATER)
    act(event, ann, LATER + MINUTE)
    status = rsvp_of(event, ann).status

    assert take(late, LATER + 5 * MINUTE) == "Ignored: older than what is known."
    assert rsvp_of(event, ann).status is status

    assert take(an_answer(letter, "ACCEPTED", LATER + 2 * MINUTE), LATER + 6 * MINUTE).startswith("Taken: yes")


def test_two_mails_taken_at_once_count_in_their_order() -> None:
    """When they are taken says nothing of when they were written."""
    event, ann, letter = going()
    take(an_answer(letter, "DECLINED", LATER), LATER + 5 * MINUTE)
    assert take(an_answer(letter, "TENTATIVE", LATER + MINUTE), LATER + 5 * MINUTE).startswith("Taken: maybe")
    assert rsvp_of(event, ann).status is RsvpStatus.MAYBE


def test_what_an_organizer_did_since_is_no_answer_of_theirs() -> None:
    event, ann, letter = going()
    decided(rsvp_of(event, ann), Decision.REMOVE, a_person("Olga", "organizer"), LATER + MINUTE)
    assert take(an_answer(letter, "DECLINED", LATER), LATER + 2 * MINUTE) != "Ignored: older than what is known."


def test_whoever_shares_the_society_s_address_answers_by_calendar_too() -> None:
    event, office = an_event("Evening"), a_person(email="office@example.org")
    refresh(event, NOW)
    reply(event, office, Answer.YES, at=NOW)
    letter = last_letter(office)
    forged = an_answer(letter, "DECLINED", LATER, organizer="society+1-aaaaaaaaaaaaaaaaaaaaaaaa@answers.example.org")

    assert take(an_answer(letter, "DECLINED", LATER), LATER).startswith("Taken: no")
    assert rsvp_of(event, office).status is RsvpStatus.DECLINED
    before = letters_to(office)
    assert take(forged, LATER).startswith("Dropped")
    assert take(a_letter(office, "One of our own", letter), LATER).startswith("Dropped")
    assert letters_to(office) == before
