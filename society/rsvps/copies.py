"""The copies of events that invitations have put into somebody's calendar program."""

import re
from dataclasses import dataclass

from icalendar import Calendar
from sqlalchemy import Select, select

from society.calendars.render import stored_entry
from society.content_lines import unfolded
from society.db import db
from society.events.models import Event
from society.mail.message import method_of
from society.mail.models import Letter, LetterState
from society.people.models import Person
from society.rsvps.models import Rsvp

_OUT = (LetterState.QUEUED, LetterState.CLAIMED, LetterState.SENDING, LetterState.SENT)
_TAKES = {"REQUEST": True, "CANCEL": False}
"""Whether a copy is there after a program has taken that."""


def copies_out(person: Person) -> set[str]:
    """The UIDs of the events of which letters have put one there, and none has taken it out again."""
    there: dict[str, bool] = {}
    for file in filter(None, db.session.scalars(_sent(person))):
        if (method := method_of(file)) in _TAKES:
            there[_uid(file)] = _TAKES[method]
    return {uid for uid, is_there in there.items() if is_there}


def addresses_of_copies(person: Person) -> set[str]:
    """Where invitations went to them: also what was their address then, whoever has changed it since, and how."""
    return set(db.session.scalars(_sent(person).with_only_columns(Letter.to_address).order_by(None).distinct()))


def _sent(person: Person) -> Select[bytes | None]:
    """The files of letters that they have, or that are about to leave."""
    files = select(Letter.calendar).where(Letter.person_id == person.id, Letter.calendar.is_not(None))
    return files.where(Letter.state.in_(_OUT), Letter.bounced_at.is_(None)).order_by(Letter.id)


@dataclass(frozen=True)
class Copy:
    """An event as a calendar program was told of it."""

    sequence: int
    times: frozenset[bytes]
    """The lines that say when it is."""
    place: bytes


@dataclass(frozen=True)
class View:
    """How a calendar that answers a revision of an event sees it."""

    moved: bool = False
    """Whether a later one is there or on its way, at another time, which the event now has not again."""
    current: bool = False
    """Whether the last of all is."""
    misled: bool = False
    """Whether no letter has told it of the time and the place that the event has now."""


def view(rsvp: Rsvp | None, event: Event, person: Person, sequence: int) -> View:
    """By the letters that were written, which are looked at only where it answers an earlier revision."""
    entry, last = stored_entry(event), event.sequence + person.sequence_beyond + (rsvp.sequence_beyond if rsvp else 0)
    if entry is None or sequence >= last:
        return View()
    held, as_it_is = _copies(person, event.uid), _copy(entry)
    answered = next((copy for copy in reversed(held) if copy.sequence <= sequence), None)
    if answered is None:
        return View()
    latest = max(held, key=lambda copy: copy.sequence)
    moved = latest.sequence > sequence and answered.times not in (latest.times, as_it_is.times)
    misled = all((copy.times, copy.place) != (as_it_is.times, as_it_is.place) for copy in held)
    return View(moved, latest.sequence >= last, misled)


def _copies(person: Person, uid: str) -> list[Copy]:
    """What letters have told somebody's calendar program of one event, the latest last."""
    named = b"\r\nUID:" + uid.encode() + b"\r\n"
    files = (file for file in db.session.scalars(_sent(person)) if file and method_of(file) in _TAKES)
    return [_copy(file) for file in files if named in unfolded(file)]


def _copy(file: bytes) -> Copy:
    """The VEVENT of an invitation, or one by itself."""
    entry = unfolded(file)
    entry = entry[entry.index(b"BEGIN:VEVENT") :]
    sequence = re.search(rb"\nSEQUENCE:([0-9]+)", entry)
    times = re.findall(rb"\n((?:DTSTART|DTEND|RRULE)[^\r]*)", entry)
    place = re.search(rb"\nLOCATION[^\r]*", entry)
    return Copy(int(sequence[1]) if sequence else 0, frozenset(times), place[0] if place else b"")


def _uid(file: bytes) -> str:
    return str(Calendar.from_ical(file).walk("VEVENT")[0]["UID"])
