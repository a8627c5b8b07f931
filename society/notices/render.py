"""A notice in the forms that mail programs open: messages, a mailbox of them, one draft to all."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage

from society.mail.message import POLICY, add_bodies, from_society, header_text, in_bytes, message
from society.mail.models import Letter
from society.people.models import Person

_FROM_LINE = re.compile(rb"^(>*From )", re.MULTILINE)


def ready(letter: Letter) -> bytes:
    """One message that mail programs open for sending rather than for reading."""
    made = message(letter)
    made["X-Unsent"] = "1"
    return in_bytes(made)


def mailbox(letters: Iterable[Letter]) -> Iterator[bytes]:
    """The messages as a mailbox (RFC 4155), one by one; lines that look like its separator are quoted ("mboxrd")."""
    for letter in letters:
        body = in_bytes(message(letter)).replace(b"\r\n", b"\n")
        stamp = letter.written_at.astimezone(UTC).strftime("%a %b %d %H:%M:%S %Y")
        yield f"From MAILER-DAEMON {stamp}\n".encode() + _FROM_LINE.sub(rb">\1", body) + b"\n"


def draft(letter: Letter, people: Iterable[Person], now: datetime) -> bytes:
    """One message to the society itself, with everyone in Bcc so that nobody sees the others, to be sent by hand."""
    made = EmailMessage(policy=POLICY)
    made["From"] = made["To"] = from_society()
    made["Bcc"] = [Address(addr_spec=str(person.email)) for person in people]
    made["Subject"] = header_text(letter.subject)
    made["Date"] = now
    if letter.reply_to:
        made["Reply-To"] = letter.reply_to
    made["X-Unsent"] = "1"
    add_bodies(made, letter.text, letter.html, letter.calendar)
    return in_bytes(made)
