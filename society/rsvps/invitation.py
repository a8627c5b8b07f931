"""One person's answer, given or asked for, as the invitation that a calendar program shows and answers (RFC 5546).

Letters carry one where somebody reads what is mailed back: at addresses of `MAIL_REPLY_DOMAIN`, else, from the mailbox
at `IMAP_URL`, at the society's own address with that person's token behind a plus. Else nothing pretends to take any,
and letters carry the event as a file to keep.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parseaddr

from flask import current_app
from icalendar import Parameters, vCalAddress, vUri
from icalendar.parser import Contentline

from society.calendars.render import JOINING, calendar, stored_entry, vevent
from society.calendars.texts import Text
from society.events.models import Event
from society.fields import on_one_line
from society.mail.queries import sender
from society.people.models import Person
from society.rsvps.copies import copies_out
from society.rsvps.feed import shows
from society.rsvps.models import OVER, Rsvp, RsvpStatus
from society.rsvps.render import joining_link
from society.settings import absolute, society
from society.text import mailbox_in_ascii
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

DECLINED = "DECLINECOUNTER"
_CONFERENCE = re.compile(rb"(?<=\r\n)CONFERENCE;[^\r]*\r\n(?: [^\r]*\r\n)*")
_TOLD = b"BEGIN UID SEQUENCE DTSTAMP DTSTART DTEND RRULE SUMMARY ORGANIZER ATTENDEE".split()


def carried(rsvp: Rsvp, file: bytes | None, now: datetime, entry: bytes | None = None) -> bytes | None:
    """What a letter about an answer carries, where it would otherwise carry `file`.

    For those whose own feed shows the event already, so that it does not show twice, it is nothing, or what takes back
    the copy that came by an earlier one. `entry` is the event's VEVENT, where the caller writes many letters about it.
    """
    guest = guest_of(rsvp)
    if rsvp.person.feed_only:
        return taken_back(guest, now, entry)
    address = answer_address(guest)
    return invitation(guest, address, now, entry) if address else file


def asking(event: Event, person: Person, now: datetime, entry: bytes | None = None) -> bytes | None:
    """What a letter to somebody who has not answered carries, so that they can answer in their calendar; or nothing."""
    guest = invitee(event, person)
    if person.feed_only and shows(event, person, now):
        return taken_back(guest, now, entry)
    address = answer_address(guest)
    return invitation(guest, address, now, entry) if address else None


def taken_back(guest: "Guest", now: datetime, entry: bytes | None = None) -> bytes | None:
    """What takes an event out of a calendar program again, where an invitation has put it there; else nothing.

    Its sequence is the next, as a CANCEL's must be (RFC 5546, 2.1.4), though nothing has raised it yet: that is done as
    they are sent invitations again (see `Person.sequence_beyond`).
    """
    address = answer_address(guest)
    if not address or guest.event.uid not in copies_out(guest.person):
        return None
    return invitation(replace(guest, beyond=guest.beyond + 1), address, now, entry, method="CANCEL")


def declined_counter(event: Event, person: Person, rsvp: Rsvp | None, word: str, now: datetime) -> bytes | None:
    """What tells somebody's calendar program that the other time it proposed is declined (RFC 5546, 3.2.8); or nothing.

    Of the event it says what it is known by, and when it is: where the entry was moved already, it goes back there.
    """
    guest = guest_of(rsvp) if rsvp else invitee(event, person)
    address = answer_address(guest)
    if not address or person.feed_only:
        return None
    own = _addressed(stored_entry(event) or vevent(event), guest, address, DECLINED, now)
    lines = re.findall(rb"[^\r]*\r\n(?: [^\r]*\r\n)*", own)
    kept = [line for line in lines[:-1] if re.split(rb"[;:]", line, maxsplit=1)[0] in _TOLD]
    comment = [_line("COMMENT", Text(word))] if word else []
    whole = b"".join([*kept, *comment, lines[-1]])
    return calendar([whole], [] if event.all_day else [event.zone], event.starts.date(), method=DECLINED)


def answers_are_read() -> bool:
    """Whether what calendar programs mail back arrives here."""
    return bool(current_app.config["MAIL_REPLY_DOMAIN"] or current_app.config["IMAP_URL"])


@dataclass(frozen=True)
class Guest:
    """Somebody as an invitation names them; `status` is None until they answer."""

    event: Event
    person: Person
    status: RsvpStatus | None
    joins_at: str = ""
    """The path of the page on which they find the link to join online; empty before they answered."""
    beyond: int = 0
    """How far their own sequence is ahead of the event's: by their answer's steps, and by what they are sent."""


def guest_of(rsvp: Rsvp) -> Guest:
    """Somebody who has answered."""
    joins_at = joining_link(rsvp) if rsvp.event.online_url else ""
    return Guest(rsvp.event, rsvp.person, rsvp.status, joins_at, rsvp.sequence_beyond + rsvp.person.sequence_beyond)


def invitee(event: Event, person: Person) -> Guest:
    """Somebody who has not."""
    return Guest(event, person, None, beyond=person.sequence_beyond)


def answer_address(guest: Guest) -> str | None:
    """Where a calendar program mails the answer to; None if nobody reads such mail.

    It fits that person and event, before the first answer and after it: some programs take no update from another
    ORGANIZER than the one who asked.
    """
    if not answers_are_read():
        return None
    local, domain = "answer", current_app.config["MAIL_REPLY_DOMAIN"]
    if not domain:
        local, _, domain = (parseaddr(sender())[1] or sender()).rpartition("@")
    person = guest.person
    return f"{local}+{sealed_in_one_case(purpose(guest.event.uid), person.id, person.link_key)}@{domain}"


def purpose(uid: str) -> str:
    """For what a person's token in such an address is sealed: answering one event."""
    return f"{PURPOSE}:{uid}"


def invitation(guest: Guest, address: str, now: datetime, entry: bytes | None = None, *, method: str = "") -> bytes:
    """By itself a REQUEST with the answer as it stands, or a CANCEL where it has ended or the event has.

    SEQUENCE is the event's stored one with what their own going and coming adds to it; between two of the same sequence
    the later DTSTAMP wins (RFC 5546, 2.1.5).
    """
    event = guest.event
    method = method or ("CANCEL" if event.cancelled_at or guest.status in OVER else "REQUEST")
    own = _addressed(entry or stored_entry(event) or vevent(event), guest, address, method, now)
    return calendar([own], [] if event.all_day else [event.zone], event.starts.date(), method=method)


def _addressed(entry: bytes, guest: Guest, address: str, method: str, now: datetime) -> bytes:
    """The event's stored entry, made out to its one reader: nobody else's address is in it."""
    head, end, foot = entry.rpartition(b"END:VEVENT\r\n")
    head = re.sub(rb"(?<=\r\nDTSTAMP:)[^\r]*", f"{now:%Y%m%dT%H%M%SZ}".encode(), head)
    if guest.beyond:
        head = re.sub(rb"(?<=\r\nSEQUENCE:)[0-9]+", lambda own: b"%d" % (int(own[0]) + guest.beyond), head)
    if guest.status is RsvpStatus.CONFIRMED and guest.event.on:
        head = head.replace(b"\r\nTRANSP:TRANSPARENT\r\n", b"\r\nTRANSP:OPAQUE\r\n")
    if method == "CANCEL" and not guest.event.cancelled_at:  # they are out of it; the event is not (RFC 5546, 3.2.5)
        head = re.sub(rb"\r\nSTATUS:[^\r]*", b"", head)
    if guest.event.online_url:
        head = _CONFERENCE.sub(lambda stated: _conference(stated[0], guest, method), head)
    people = _person("ORGANIZER", address, {"CN": _name(society().name)}) + _attendee(guest, method)
    return head + people + end + foot


def _conference(stated: bytes, guest: Guest, method: str) -> bytes:
    """Who is going finds the link without an account; all others by the event's page, as the entry says already."""
    if method == "CANCEL":
        return b""
    going = guest.status is RsvpStatus.CONFIRMED and guest.joins_at
    return _line("CONFERENCE", vUri(absolute(guest.joins_at)), JOINING) if going else stated


def _attendee(guest: Guest, method: str) -> bytes:
    says = PARTSTAT[guest.status] if guest.status else "NEEDS-ACTION"
    standing = {"CN": _name(guest.person.name), "ROLE": "REQ-PARTICIPANT", "PARTSTAT": says}
    if method == "REQUEST":
        standing["RSVP"] = "TRUE"
    return _person("ATTENDEE", guest.person.email or "", standing)


def _name(name: str) -> str:
    """A parameter's value holds no double quote (RFC 5545, 3.2); icalendar takes a backslash in it for an escape."""
    return on_one_line(name).replace('"', "'").replace("\\", "/")


def _person(name: str, address: str, parameters: dict[str, str]) -> bytes:
    return _line(name, vCalAddress(f"mailto:{mailbox_in_ascii(address)}"), parameters)


def _line(name: str, value: vCalAddress | vUri | Text, parameters: dict[str, str] | None = None) -> bytes:
    return bytes(Contentline.from_parts(name, Parameters(parameters or {}), value).to_ical()) + b"\r\n"
