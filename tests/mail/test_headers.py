"""Headers are as the RFCs have them, and two programs that share no code read in them what was meant."""

import random
import re
from collections.abc import Iterator
from datetime import timedelta
from email.header import decode_header
from email.headerregistry import Address
from email.message import EmailMessage

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from society.fields import on_one_line
from society.mail import message as messages
from society.mail.actions import composed
from society.mail.headers import PLAIN, POLICY
from society.mail.message import address, in_bytes, message
from society.mail.models import Letter, MailingList
from tests.builders import NOW, a_person
from tests.mail.readers import SecondReader, a_second_reader, by_python

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
OURS = ("subject", "from", "to", "reply-to")
"""Headers that are not written by the library."""


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecondReader]:
    with a_second_reader(tmp_path_factory.mktemp("reader")) as reader:
        yield reader


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
    """The message without what is not the library's."""
    random.seed(7)  # the library draws the lines between the parts
    made = message(letter)
    for name in OURS:
        del made[name]
    return in_bytes(made)


@pytest.mark.once
@pytest.mark.usefixtures("app")
def test_all_else_is_byte_for_byte_as_the_library_writes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    letters = [a_letter(subject, name, n) for n, (subject, name) in enumerate((s, n) for s in AWKWARD for n in AWKWARD)]
    ours = [written(letter) for letter in letters]
    again = [written(letter) for letter in letters]
    monkeypatch.setattr(messages, "POLICY", PLAIN)
    monkeypatch.setattr(messages, "POLICY_UTF8", PLAIN.clone(utf8=True))
    assert ours == [written(letter) for letter in letters]
    assert again == ours


def a_message(subject: str, *names: str) -> bytes:
    made = EmailMessage(policy=POLICY)
    made["Subject"] = on_one_line(subject)
    made["From"] = address(names[0], "us@example.org")
    made["To"] = [address(name, f"reader{n}@example.org") for n, name in enumerate(names)]
    made.set_content("x")
    return made.as_bytes()


WORDS = st.text(st.sampled_from("ab Zé名🙂\"\\.,;:<>@()=?_-'\u00a0\u0301"), max_size=150)
TEXTS = st.one_of(st.text(max_size=250), WORDS, st.sampled_from(AWKWARD))


@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=3))
@example("Größe " * 40, ["Ännchen Öhrli-Über " * 6, "a " * 90, "x" * 300])
@example("é" * 28 + " " + "é" * 200, ['é"\\' * 40])
@example("a =?utf-8?q?b?= c", ["=?utf-8?b?DQpCY2M6IHg=?="])
@settings(max_examples=200)
def test_any_subject_and_any_name_is_read_as_it_was_meant(second: SecondReader, subject: str, names: list[str]) -> None:
    body = a_message(subject, *names)

    for read in (by_python(body), second.message(body)):
        assert read["subject"] == on_one_line(subject)
        assert read["from"] == [[on_one_line(names[0]), "us@example.org"]]
        assert read["to"] == [[on_one_line(name), f"reader{n}@example.org"] for n, name in enumerate(names)]


@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=3))
@settings(max_examples=100)
def test_words_and_lines_are_no_longer_than_allowed_and_no_character_is_cut(subject: str, names: list[str]) -> None:
    head = a_message(subject, *names).partition(b"\r\n\r\n")[0].decode("ascii")

    assert max(map(len, head.split("\r\n"))) <= 78  # RFC 5322, 2.1.1
    assert all(line.strip() for line in head.split("\r\n"))
    for word in re.findall(r"=\?utf-8\?[qb]\?[^? ]*\?=", head):
        assert len(word) <= 75  # RFC 2047, 2
        assert decode_header(word)[0][0].decode("utf-8")


def test_a_message_is_ascii_for_servers_that_take_nothing_else() -> None:
    made = EmailMessage(policy=POLICY)
    made["Subject"] = "Grüße"
    made.set_content("Grüße\n")
    assert in_bytes(made).isascii()


def test_a_line_break_in_a_header_is_refused_every_time() -> None:
    for _ in range(2):
        with pytest.raises(ValueError, match="linefeed"):
            POLICY.header_store_parse("Subject", "Hello\r\nBcc: all@example.org")


@pytest.mark.parametrize("domain", ["b.example>, <c@d.example", "b.example, c@d.example", "b example", 'b";'])
def test_an_address_that_would_begin_another_one_is_refused(domain: str) -> None:
    made = EmailMessage(policy=POLICY)
    made["To"] = Address("Ann", "a", domain)
    with pytest.raises(ValueError, match="domain"):
        made.as_bytes()
