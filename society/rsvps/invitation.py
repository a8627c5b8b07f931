"""One person's answer as the invitation that a calendar program shows and answers (iTIP: RFC 5546).

Letters carry one where somebody reads what is mailed back: at addresses of `MAIL_REPLY_DOMAIN`, else, from the mailbox
at `IMAP_URL`, at the society's own address with that answer's token behind a plus. Else nothing pretends to take any,
and letters carry the event as a file to keep.
"""

import re
from datetime import datetime
from email.utils import parseaddr

from flask import current_app
from icalendar import Parameters, vCalAddress
from icalendar.parser import Contentline

from society.calendars.render import calendar, stored_entry, vevent
from society.fields import on_one_line
from society.mail.queries import sender
from society.rsvps.models import Rsvp, RsvpStatus
from society.settings import society
from society.tokens import sealed_in_one_case

PURPOSE = "answer"

PARTSTAT = {
    RsvpStatus.UNCONFIRMED: "NEEDS-ACTION",
    RsvpStatus.OFFERED: "NEEDS-ACTION",
    RsvpStatus.CONFIRMED: "ACCEPTED",
    RsvpStatus.PENDING: "TENTATIVE",
    RsvpStatus.WAITLISTED: "TENTATIVE",
    RsvpStatus.MAYBE: "TENTATIVE",
    RsvpStatus.DECLINED: "DECLINED",
    RsvpStatus.CANCELLED: "DECLINED",
}
"""How each answer stands in a calendar: who waits for a seat has none yet, so no program shows them as coming."""

OVER = (RsvpStatus.DECLINED, RsvpStatus.CANCELLED)


def carried(rsvp: Rsvp, file: bytes | None, now: datetime, entry: bytes | None = None) -> bytes | None:
    """What a letter about an answer carries, where it would otherwise carry `file`.

    Nothing for those whose own feed shows the event already, so that it does not show twice.
    `entry` is the event's VEVENT, where the caller writes many letters about it.
    """
    if rsvp.person.feed_only:
        return None
    address = answer_address(rsvp)
    return invitation(rsvp, address, now, entry) if address else file


def answer_address(rsvp: Rsvp) -> str | None:
    """Where a calendar program mails the answer to; None if nobody reads such mail. It fits that one answer."""
    local, domain = "answer", current_app.config["MAIL_REPLY_DOMAIN"]
    if not domain and not current_app.config["IMAP_URL"]:
        return None
    if not domain:
        local, _, domain = (parseaddr(sender())[1] or sender()).rpartition("@")
    return f"{local}+{sealed_in_one_case(PURPOSE, rsvp.id, rsvp.link_key)}@{domain}"


def invitation(rsvp: Rsvp, address: str, now: datetime, entry: bytes | None = None) -> bytes:
    """A REQUEST with the answer as it stands, or a CANCEL where it has ended or the event has.

    SEQUENCE is the event's stored one; between two of the same sequence the later DTSTAMP wins (RFC 5546, 2.1.5).
    """
    event = rsvp.event
    method = "CANCEL" if event.cancelled_at or rsvp.status in OVER else "REQUEST"
    own = _addressed(entry or stored_entry(event) or vevent(event), rsvp, address, method, now)
    return calendar([own], [] if event.all_day else [event.zone], event.starts.date(), method=method)


def _addressed(entry: bytes, rsvp: Rsvp, address: str, method: str, now: datetime) -> bytes:
    """The event's stored entry, made out to its one reader: nobody else's address is in it."""
    head, end, foot = entry.rpartition(b"END:VEVENT\r\n")
    head = re.sub(rb"(?<=\r\nDTSTAMP:)[^\r]*", f"{now:%Y%m%dT%H%M%SZ}".encode(), head)
    if rsvp.status is RsvpStatus.CONFIRMED and rsvp.event.on:
        head = head.replace(b"\r\nTRANSP:TRANSPARENT\r\n", b"\r\nTRANSP:OPAQUE\r\n")
    if method == "CANCEL" and not rsvp.event.cancelled_at:  # they are out of it; the event is not (RFC 5546, 3.2.5)
        head = re.sub(rb"\r\nSTATUS:[^\r]*", b"", head)
    people = _line("ORGANIZER", address, {"CN": _name(society().name)}) + _attendee(rsvp, method)
    return head + people + end + foot


def _attendee(rsvp: Rsvp, method: str) -> bytes:
    standing = {"CN": _name(rsvp.person.name), "ROLE": "REQ-PARTICIPANT", "PARTSTAT": PARTSTAT[rsvp.status]}
    if method == "REQUEST":
        standing["RSVP"] = "TRUE"
    return _line("ATTENDEE", rsvp.person.email or "", standing)


def _name(name: str) -> str:
    """A parameter's value cannot hold a double quote (RFC 5545, 3.2)."""
    return on_one_line(name).replace('"', "'")


def _line(name: str, address: str, parameters: dict[str, str]) -> bytes:
    line = Contentline.from_parts(name, Parameters(parameters), vCalAddress(f"mailto:{address}"))
    return bytes(line.to_ical()) + b"\r\n"
