"""What the memory of headers writes is what the library would."""

import random
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from society.mail import message as messages
from society.mail.actions import composed
from society.mail.headers import PLAIN, POLICY
from society.mail.message import in_bytes, message
from society.mail.models import Letter, MailingList
from tests.builders import NOW, a_person

AWKWARD = (
    "Plain",
    "Fünf Stühle, und ein Tisch",
    "Very " * 39 + "long",
    'Quotes " and, commas; (comments) <and> @ more',
    "=?utf-8?q?encoded?=",
    "中文標題 " * 12,
    "rtl \u202e marks \u2028 and lines",
)
CALENDARS = (None, b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n")


def a_letter(subject: str, name: str, number: int) -> Letter:
    person = a_person(name, email=f"{'jörg' if number % 3 == 2 else 'reader'}{number}@example.org")
    letter = composed(
        person,
        subject,
        f"Dear {name},\n\n{subject}",
        f"r{number}",
        now=NOW + timedelta(minutes=number % 2),
        calendar=CALENDARS[number % 3],
        reply_to="olga@example.org" if number % 2 else None,
        mailing_list=MailingList.NEWSLETTER if number % 2 else None,
        thread="event-7" if number % 2 else None,
    )
    letter.message_id = f"<{number}@example.org>"
    return letter


def written(letter: Letter) -> bytes:
    random.seed(7)  # the library draws the lines between the parts
    return in_bytes(message(letter))


@pytest.mark.usefixtures("app")
def test_letters_are_byte_for_byte_as_the_library_writes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    letters = [a_letter(subject, name, n) for n, (subject, name) in enumerate((s, n) for s in AWKWARD for n in AWKWARD)]
    ours = [written(letter) for letter in letters]
    again = [written(letter) for letter in letters]
    monkeypatch.setattr(messages, "POLICY", PLAIN)
    monkeypatch.setattr(messages, "POLICY_UTF8", PLAIN.clone(utf8=True))
    assert ours == [written(letter) for letter in letters]
    assert again == ours


@given(st.text(max_size=100))
@settings(max_examples=100, deadline=None)
def test_what_is_remembered_is_told_by_its_whole_text(subject: str) -> None:
    line = messages.header_text(subject)
    stored = POLICY.header_store_parse("Subject", line)[1]
    plain = PLAIN.header_store_parse("Subject", line)[1]
    assert POLICY.fold_binary("Subject", stored) == PLAIN.fold_binary("Subject", plain)


def test_a_line_break_in_a_header_is_refused_every_time() -> None:
    for _ in range(2):
        with pytest.raises(ValueError, match="linefeed"):
            POLICY.header_store_parse("Subject", "Hello\r\nBcc: all@example.org")
