"""A letter as the message that goes over the wire (RFC 5322), or into a file that mail programs open."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from functools import lru_cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy.orm import lazyload

from society.content_lines import folded, unfolded
from society.db import db
from society.fields import on_one_line, subject_line
from society.mail.headers import POLICY, POLICY_UTF8
from society.mail.links import preferences_address, unsubscribe_address
from society.mail.models import Letter, MailingList
from society.mail.paper import on_paper
from society.mail.plain import plain
from society.mail.queries import sender
from society.mail.returns import leave_address
from society.mail.wording import link
from society.people.models import Person
from society.phrases import phrase
from society.settings import UNKNOWN, site_address, society
from society.text import in_ascii

PUBLISH = "PUBLISH"


Field = str | Address | datetime
"""What a header holds."""


def message(letter: Letter, reader: Person | None = None) -> EmailMessage:
    """The message, without looking at any clock: the same letter gives the same bytes however often it is sent.

    Who its reader is may be known already; else that is looked up.
    """
    made = EmailMessage(policy=POLICY)
    for name, value in headers(letter, reader):
        made[name] = value
    add_bodies(made, letter, reader)
    for part, boundary in zip(filter(EmailMessage.is_multipart, made.walk()), boundaries(letter), strict=False):
        part.set_boundary(boundary)
    return made


def headers(letter: Letter, reader: Person | None = None) -> Iterator[tuple[str, Field]]:
    """All that stand above its parts."""
    yield "From", from_society()
    if letter.to_address:
        yield "To", address(letter.to_name, letter.to_address)
    yield "Subject", subject_line(letter.subject)
    yield "Date", letter.written_at.astimezone(ZoneInfo(society().zone))
    yield "Message-ID", letter.message_id
    if letter.reply_to and can_answer(letter):
        yield "Reply-To", address("", letter.reply_to)
    if letter.thread:  # messages that never were: those that refer to the same ones belong together (RFC 5322, 3.6.4)
        yield "References", " ".join(f"<{name}@{list_domain()}>" for name in letter.thread.split())
    if letter.bulk:
        yield "Feedback-ID", _feedback_id(letter)
    yield from _list_headers(letter, reader)


def can_answer(letter: Letter) -> bool:
    """Whether the address for answers may stand in it. One that only UTF-8 can write would have the letter refused on
    its way to most readers (RFC 6531, 3.7.1), so it is only for who has such an address too; others answer to the
    society, which hands that on (see `society.invitations.forwarding`)."""
    return _local(letter.reply_to or "").isascii() or not _local(letter.to_address).isascii()


def _local(spec: str) -> str:
    return spec.rpartition("@")[0]


def is_ascii(letter: Letter) -> bool:
    """Whether neither its sender nor its reader has a name before the @ that only UTF-8 can write (RFC 6532)."""
    return _local(letter.to_address).isascii() and from_society().username.isascii()


def _list_headers(letter: Letter, reader: Person | None) -> Iterator[tuple[str, Field]]:
    """RFC 3834, so that no program tells us of its owner's holidays; RFC 2919, RFC 2369 and, for leaving by one POST,
    RFC 8058."""
    yield "Auto-Submitted", "auto-generated"
    if letter.mailing_list is None:
        return
    yield "List-Id", f"<{letter.mailing_list}.{list_domain()}>"
    if stop := _one_click(letter, letter.mailing_list, reader):
        by_mail = leave_address(letter)
        yield "List-Unsubscribe", f"<{stop}>" + (f", <mailto:{by_mail}>" if by_mail else "")
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"


def boundaries(letter: Letter) -> tuple[str, str]:
    """What stands between the parts, outer and inner. "=_" is in nothing that is encoded (RFC 2045, 6.7), and nobody
    who could write the rest into a letter knows its Message-ID."""
    name = hashlib.sha256(letter.message_id.encode()).hexdigest()[:24]
    return f"=_{name}_1", f"=_{name}_2"


def _feedback_id(letter: Letter) -> str:
    """By what large providers count complaints: three words of ours and who sends. It names no reader."""
    us = re.sub(r"[^a-z0-9]", "", list_domain().lower())[:15].ljust(5, "0")
    about = (letter.thread or "none").split()[-1]
    return f"{about}:{letter.reason.partition(':')[0]}:{letter.mailing_list or 'none'}:{us}"


def _one_click(letter: Letter, mailing_list: MailingList, reader: Person | None) -> str | None:
    """Where its reader leaves that list; none for what is addressed to nobody, or to somebody since erased."""
    reader = reader or reader_of(letter)
    return unsubscribe_address(reader, mailing_list, letter.notice_id) if reader else None


def reader_of(letter: Letter) -> Person | None:
    """Whom it is to, if that is somebody we know."""
    return db.session.get(Person, letter.person_id, options=[lazyload(Person.roles)]) if letter.person_id else None


def list_domain() -> str:
    """The host in names of lists."""
    return _host(site_address())


@lru_cache(10)
def _host(address: str) -> str:
    return urlsplit(address).hostname or "localhost"


def add_bodies(made: EmailMessage, letter: Letter, reader: Person | None = None) -> None:
    """Plain text first, HTML as its alternative, the event as a file beside both."""
    foot = foot_of(letter, reader)
    made.set_content(as_text(letter, foot))
    made.add_alternative(as_html(letter, foot), subtype="html")
    if letter.calendar:
        add_calendar(made, placed_file(letter.calendar))
    if letter.enclosed:  # as bytes: to be read in as a message it would have to be in order (RFC 2046, 5.2.1)
        made.add_attachment(letter.enclosed, maintype="application", subtype="octet-stream", filename="letter.eml")


def add_calendar(made: EmailMessage, calendar: bytes) -> None:
    """An invitation is one more form of the letter, and a file for programs that look for one (RFC 6047, 2.4)."""
    method, params = method_of(calendar), {"charset": "utf-8"}
    if method == PUBLISH:
        made.add_attachment(calendar, maintype="text", subtype="calendar", filename="event.ics", params=params)
        return
    made.add_alternative(calendar, maintype="text", subtype="calendar", params={"method": method, **params})
    made.add_attachment(calendar, maintype="application", subtype="ics", filename="invite.ics")


def method_of(calendar: bytes) -> str:
    """What a calendar file asks for: the one place that the MIME header has it from, so that both always agree.

    A file without a method is one to keep, which is what PUBLISH says.
    """
    found = re.search(rb"^METHOD:([A-Z-]+)\r$", calendar.partition(b"BEGIN:VEVENT")[0], re.MULTILINE)
    return found[1].decode() if found else PUBLISH


def as_text(letter: Letter, foot: str | None = None) -> str:
    """The whole letter in plain text; its foot below the line by which mail programs know one (RFC 3676, 4.3)."""
    return f"{plain(placed(letter.body))}\n\n-- \n{plain(foot or foot_of(letter))}\n"


def as_html(letter: Letter, foot: str | None = None) -> str:
    """The whole letter as an HTML document."""
    return on_paper(placed(letter.body), subject=letter.subject, foot=foot or foot_of(letter), language=letter.language)


def placed(body: str) -> str:
    """A letter with links to this site, also where it was written before anybody had said where that is."""
    return body.replace(UNKNOWN, site_address()) if UNKNOWN in body else body


def placed_file(calendar: bytes) -> bytes:
    """The same of the event's file; by what programs know the event by, that stays (RFC 5545, 3.8.4.7)."""
    whole = unfolded(calendar)
    if UNKNOWN.encode() not in whole:
        return calendar
    return b"".join(folded(_placed_line(line)) for line in whole.split(b"\r\n")[:-1])


def _placed_line(line: bytes) -> bytes:
    known_by = line.startswith((b"UID", b"RELATED-TO"))
    return line if known_by else line.replace(UNKNOWN.encode(), site_address().encode())


def foot_of(letter: Letter, reader: Person | None = None) -> str:
    """Where it comes from and how to leave its list, in Markdown."""
    if letter.mailing_list is None:
        return link(site_address())
    stop = _one_click(letter, letter.mailing_list, reader) or preferences_address()
    return f"{link(site_address())}\n\n{_about(letter.mailing_list, letter.language)}\n{link(stop)}"


@lru_cache(100)
def _about(mailing_list: MailingList, language: str) -> str:
    about = phrase(mailing_list.about, language)
    return phrase("You are on our list for {about}. To leave it:", language, about=about)


def from_society() -> Address:
    """Who mail is from: the society, by its own address."""
    return _sender(society().name, sender())


@lru_cache(10)
def _sender(name: str, spec: str) -> Address:
    return address(name, parseaddr(spec)[1] or spec)


def address(name: str, spec: str) -> Address:
    """A mailbox, its domain in the form that every mail server takes."""
    local, _, domain = spec.rpartition("@")
    return Address(on_one_line(name), local, in_ascii(domain))


def in_bytes(made: EmailMessage) -> bytes:
    """As sent: CRLF. Only an address whose local part is not ASCII makes the headers UTF-8 (RFC 6532)."""
    return made.as_bytes(policy=POLICY_UTF8 if needs_utf8(made) else POLICY)


def needs_utf8(made: EmailMessage) -> bool:
    """Whether an address can only be written in UTF-8."""
    return not all(spec.isascii() for spec in _addresses(made))


def _addresses(made: EmailMessage) -> Iterable[str]:
    for name in ("From", "To", "Bcc", "Reply-To"):
        if made[name] is not None:
            yield from (mailbox.addr_spec for mailbox in made[name].addresses)
