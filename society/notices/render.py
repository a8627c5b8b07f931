"""A notice in the forms that mail programs open: messages, a mailbox of them, one draft to all, a link."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import NamedTuple
from urllib.parse import quote

from society.fields import subject_line
from society.mail.headers import POLICY
from society.mail.message import add_bodies, address, as_html, as_text, from_society, in_bytes, message
from society.mail.models import Letter
from society.mail.wire import in_full
from society.people.models import Person

LONGEST_LINK = 2_000
"""Characters in a link that every browser and mail program takes whole."""
SHOWN_WHOLE = 102 * 1024
"""Octets of HTML; of a longer letter Gmail hides the end behind a link."""
MORE_THAN_FIT = LONGEST_LINK // len("a@b.c,") + 1
"""So many addresses are more than a link holds, however short they are."""

MOST_IN_BCC = 100
"""Addresses in one draft: about so many are taken at once by many mail programs and providers."""

_FROM_LINE = re.compile(rb"^(>*From )", re.MULTILINE)


def ready(letter: Letter) -> bytes:
    """One message that mail programs open for sending rather than for reading."""
    made = message(letter)
    made["X-Unsent"] = "1"
    return in_bytes(made)


def mailbox(letters: Iterable[Letter]) -> Iterator[bytes]:
    """The messages as a mailbox (RFC 4155), one by one; lines that look like its separator are quoted ("mboxrd")."""
    for letter in letters:
        body = in_full(letter).replace(b"\r\n", b"\n")
        stamp = letter.written_at.astimezone(UTC).strftime("%a %b %d %H:%M:%S %Y")
        yield f"From MAILER-DAEMON {stamp}\n".encode() + _FROM_LINE.sub(rb">\1", body) + b"\n"


def draft(letter: Letter, people: Iterable[Person], now: datetime) -> bytes:
    """One message to the society itself, with everyone in Bcc so that nobody sees the others, to be sent by hand."""
    made = EmailMessage(policy=POLICY)
    made["From"] = made["To"] = from_society()
    made["Bcc"] = [address("", str(person.email)) for person in people]
    made["Subject"] = subject_line(letter.subject)
    made["Date"] = now
    if letter.reply_to:
        made["Reply-To"] = address("", letter.reply_to)
    made["X-Unsent"] = "1"
    add_bodies(made, letter)
    return in_bytes(made)


class MailLink(NamedTuple):
    """A `mailto:` link, and whether it holds the recipients."""

    address: str
    to_all: bool


def mail_link(letter: Letter, people: Iterable[Person]) -> MailLink | None:
    """A link that begins the message, in plain text (RFC 6068): with everyone in Bcc if that fits, else with nobody.

    None if subject and text alone are too long for a link.
    """
    body = as_text(letter).replace("\n", "\r\n")
    message = f"subject={quote(letter.subject, safe='')}&body={quote(body, safe='')}"
    everyone = ",".join(quote(str(person.email), safe="@") for person in people)
    to_all, to_nobody = MailLink(f"mailto:?bcc={everyone}&{message}", True), MailLink(f"mailto:?{message}", False)
    return next((link for link in (to_all, to_nobody) if len(link.address) <= LONGEST_LINK), None)


def clipped(letter: Letter) -> list[str]:
    """The sentence that says so of a letter which not every mail program shows to its end."""
    size = len(as_html(letter).encode())
    told = f"The letter has {size // 1024} KB: Gmail shows {SHOWN_WHOLE // 1024}, and the rest behind a link."
    return [told] if size > SHOWN_WHOLE else []
