"""RSVPs as others see them: the mailed link, words for what became of an answer, a table for spreadsheets."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import StringIO

from society.rsvps.models import Answer, Rsvp, RsvpStatus
from society.times import to_wall
from society.tokens import sealed

PURPOSE = "rsvp"

WORDS = {
    RsvpStatus.UNCONFIRMED: "Not confirmed yet",
    RsvpStatus.PENDING: "Waiting for the organizers",
    RsvpStatus.CONFIRMED: "Coming",
    RsvpStatus.WAITLISTED: "On the waiting list",
    RsvpStatus.DECLINED: "Not coming",
    RsvpStatus.MAYBE: "Maybe",
    RsvpStatus.CANCELLED: "Withdrawn",
}

COLUMNS = ("name", "email", "answer", "status", "party_size", "place", "note", "answered_at", "checked_in_at")


def link(rsvp: Rsvp) -> str:
    """The path of the mailed link that opens this answer, without an account."""
    return f"/rsvps/{sealed(PURPOSE, rsvp.id, rsvp.link_key)}"


def state(rsvp: Rsvp) -> str:
    """What became of an answer, in words."""
    return "Declined by the organizers" if rsvp.decided_against else WORDS[rsvp.status]


def tone(rsvp: Rsvp) -> str:
    """The kind of badge that fits a status."""
    match rsvp.status:
        case RsvpStatus.CONFIRMED:
            return "success"
        case RsvpStatus.WAITLISTED | RsvpStatus.PENDING | RsvpStatus.UNCONFIRMED:
            return "warn"
        case _:
            return ""


def in_question(answer: Answer) -> str:
    """An answer within "You are about to say …"."""
    return {Answer.YES: "that you come", Answer.NO: "that you do not come", Answer.MAYBE: "maybe"}[answer]


def csv_lines(rows: Iterable[tuple[Rsvp, int | None]]) -> Iterator[str]:
    """RFC 4180 with a byte-order mark, by which spreadsheets know UTF-8; times by the event's own clocks."""
    yield "\ufeff" + _line(COLUMNS)
    for rsvp, place in rows:
        person, zone = rsvp.person, rsvp.event.zone
        cells = (
            person.name,
            person.email,
            rsvp.answer.value,
            rsvp.status.value,
            rsvp.party_size,
            place,
            rsvp.note,
            _clock(rsvp.answered_at, zone),
            _clock(rsvp.checked_in_at, zone),
        )
        yield _line(cells)


def _clock(instant: datetime | None, zone: str) -> str:
    return f"{to_wall(instant, zone):%Y-%m-%d %H:%M}" if instant else ""


def _line(cells: Iterable[object]) -> str:
    line = StringIO()
    csv.writer(line).writerow(_harmless(cell) for cell in cells)
    return line.getvalue()


def _harmless(cell: object) -> str:
    """Spreadsheets run cells that begin like a formula; an apostrophe in front makes them text."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
