"""Letters put together from remembered parts are byte for byte what the library makes of the same message."""

from email import message_from_bytes, policy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from society.mail.actions import composed
from society.mail.message import in_bytes, message
from society.mail.models import Letter, MailingList
from society.mail.wire import in_full
from society.mail.wording import escaped
from society.people.models import Person
from tests.builders import NOW
from tests.mail.test_headers import AWKWARD, CALENDARS, a_letter

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.once]  # nothing is stored
NAMES = st.sampled_from(AWKWARD) | st.text(max_size=60) | st.from_regex(r"[A-Za-z0-9 ,.'\\-]{1,70}", fullmatch=True)
ADDRESSES = st.sampled_from(
    ["ann@example.org", "o'hara+x@example.org", "ann@bücher.example", "jürgen@example.org", '"a b"@example.org', "x@y"]
) | st.from_regex(r"[a-z0-9.+_-]{1,30}@[a-z0-9-]{1,20}\.example", fullmatch=True)


def as_the_library_writes_it(letter: Letter, reader: Person) -> bytes | str:
    try:
        return in_bytes(message(letter, reader))
    except ValueError as error:
        return str(error)


def as_we_do(letter: Letter, reader: Person) -> bytes | str:
    try:
        return in_full(letter, reader)
    except ValueError as error:
        return str(error)


@pytest.mark.parametrize("name", AWKWARD)
@pytest.mark.parametrize("subject", AWKWARD)
def test_it_is_what_the_library_writes(subject: str, name: str) -> None:
    for number in range(6):
        letter = a_letter(subject, name, number)
        assert in_full(letter) == in_bytes(message(letter))


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=NAMES,
    address=ADDRESSES,
    subject=st.text(max_size=90),
    text=st.text(max_size=200),
    calendar=st.sampled_from(CALENDARS) | st.binary(max_size=200),
    reply_to=st.none() | ADDRESSES,
    on_list=st.booleans(),
)
def test_it_is_so_for_any_reader_and_text(name, address, subject, text, calendar, reply_to, on_list) -> None:
    reader = Person(id=7, name=name, email=address, link_key="key")
    letter = composed(
        reader,
        subject,
        f"Dear {escaped(name)},\n\n{text}",
        "r",
        now=NOW,
        calendar=calendar,
        reply_to=reply_to,
        mailing_list=MailingList.NEWSLETTER if on_list else None,
        thread="event-1" if on_list else None,
    )
    assert as_we_do(letter, reader) == as_the_library_writes_it(letter, reader)


def test_the_same_letter_has_the_same_bytes_however_often_it_is_sent() -> None:
    letter = a_letter("Subject", "Ann", 1)
    assert in_full(letter) == in_full(letter)


def test_what_a_reader_leaves_a_list_by_stands_as_it_is_for_programs_to_find() -> None:
    letter = a_letter("Subject", "Ann", 1)
    head = in_full(letter).partition(b"\r\n\r\n")[0]
    (line,) = [line for line in head.split(b"\r\n") if line.startswith(b"List-Unsubscribe: ")]
    made = message_from_bytes(head, policy=policy.compat32)
    assert line.decode() == f"List-Unsubscribe: {made['List-Unsubscribe']}"
    assert line.startswith(b"List-Unsubscribe: <https://society.example.org/unsubscribe/newsletter.")
    assert line.endswith(b">")
