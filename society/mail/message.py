"""A letter as the message that goes over the wire (RFC 5322), or into a file that mail programs open."""

import re
from collections.abc import Iterable
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import idna
from sqlalchemy.orm import lazyload

from society.db import db
from society.fields import on_one_line
from society.mail.headers import POLICY, POLICY_UTF8
from society.mail.links import preferences_address, unsubscribe_address
from society.mail.models import Letter, MailingList
from society.mail.paper import on_paper
from society.mail.plain import plain
from society.mail.queries import sender
from society.mail.returns import leave_address
from society.mail.wording import link
from society.people.models import Person
from society.settings import site_address, society

PUBLISH = "PUBLISH"


def message(letter: Letter) -> EmailMessage:
    """The message, without looking at any clock: the same letter gives the same headers however often it is sent."""
    made = EmailMessage(policy=POLICY)
    made["From"] = from_society()
    if letter.to_address:
        made["To"] = address(letter.to_name, letter.to_address)
    made["Subject"] = on_one_line(letter.subject)
    made["Date"] = letter.written_at.astimezone(ZoneInfo(society().zone))
    made["Message-ID"] = letter.message_id
    if letter.reply_to:
        made["Reply-To"] = address("", letter.reply_to)
    if letter.thread:  # of a message that never was: those that refer to the same one belong together (RFC 5322, 3.6.4)
        made["References"] = f"<{letter.thread}@{list_domain()}>"
    if letter.bulk:
        made["Feedback-ID"] = _feedback_id(letter)
    _add_list_headers(made, letter)
    add_bodies(made, letter)
    return made


def _add_list_headers(made: EmailMessage, letter: Letter) -> None:
    """RFC 2919, RFC 2369 and, for leaving by one POST, RFC 8058; RFC 3834 for what nobody asked us to answer."""
    if letter.mailing_list is None:
        made["Auto-Submitted"] = "auto-generated"
        return
    made["List-Id"] = f"<{letter.mailing_list}.{list_domain()}>"
    if stop := _one_click(letter, letter.mailing_list):
        by_mail = leave_address(letter)
        made["List-Unsubscribe"] = f"<{stop}>" + (f", <mailto:{by_mail}>" if by_mail else "")
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _feedback_id(letter: Letter) -> str:
    """By what large providers count complaints: three words of ours and who sends. It names no reader."""
    us = re.sub(r"[^a-z0-9]", "", list_domain().lower())[:15].ljust(5, "0")
    return f"{letter.thread or 'none'}:{letter.reason.partition(':')[0]}:{letter.mailing_list or 'none'}:{us}"


def _one_click(letter: Letter, mailing_list: MailingList) -> str | None:
    """Where its reader leaves that list; none for what is addressed to nobody, or to somebody since erased."""
    plain = [lazyload(Person.roles)]
    person = db.session.get(Person, letter.person_id, options=plain) if letter.person_id else None
    return unsubscribe_address(person, mailing_list) if person else None


def list_domain() -> str:
    """The host in names of lists."""
    return urlsplit(site_address()).hostname or "localhost"


def add_bodies(made: EmailMessage, letter: Letter) -> None:
    """Plain text first, HTML as its alternative, the event as a file beside both."""
    foot = _foot(letter)
    made.set_content(as_text(letter, foot))
    made.add_alternative(as_html(letter, foot), subtype="html")
    if letter.calendar:
        _add_calendar(made, letter.calendar)
    if letter.enclosed:  # as bytes: to be read in as a message it would have to be in order (RFC 2046, 5.2.1)
        made.add_attachment(letter.enclosed, maintype="application", subtype="octet-stream", filename="letter.eml")


def _add_calendar(made: EmailMessage, calendar: bytes) -> None:
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
    return f"{plain(letter.body)}\n\n-- \n{plain(foot or _foot(letter))}\n"


def as_html(letter: Letter, foot: str | None = None) -> str:
    """The whole letter as an HTML document."""
    return on_paper(letter.body, subject=letter.subject, foot=foot or _foot(letter))


def _foot(letter: Letter) -> str:
    """Where it comes from and how to leave its list, in Markdown."""
    if letter.mailing_list is None:
        return link(site_address())
    stop = _one_click(letter, letter.mailing_list) or preferences_address()
    return f"{link(site_address())}\n\nYou are on our list for {letter.mailing_list.about}. To leave it:\n{link(stop)}"


def from_society() -> Address:
    """Who mail is from: the society, by its own address."""
    return address(society().name, parseaddr(sender())[1] or sender())


def address(name: str, spec: str) -> Address:
    """A mailbox; a domain in other scripts in its ASCII form, which every mail server takes."""
    local, _, domain = spec.rpartition("@")
    if not domain.isascii():
        domain = idna.encode(domain, uts46=True).decode()
    return Address(on_one_line(name), local, domain)


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
