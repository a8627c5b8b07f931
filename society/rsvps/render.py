"""RSVPs as others see them: the mailed link, words for what became of an answer, a table for spreadsheets."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from society.events.models import Event
from society.rsvps.forms import Decision
from society.rsvps.models import Rsvp, RsvpStatus
from society.tables import line_of
from society.text import counted
from society.times import to_wall
from society.tokens import sealed

PURPOSE = "rsvp"

WORDS = {
    RsvpStatus.UNCONFIRMED: "Not confirmed yet",
    RsvpStatus.PENDING: "Waiting for the organizers",
    RsvpStatus.CONFIRMED: "Coming",
    RsvpStatus.OFFERED: "Seat offered",
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
        case RsvpStatus.OFFERED | RsvpStatus.WAITLISTED | RsvpStatus.PENDING | RsvpStatus.UNCONFIRMED:
            return "warn"
        case _:
            return ""


def said(rsvp: Rsvp, place: int | None) -> str:
    """What came of an answer, told to the one who has just given it."""
    match rsvp.status:
        case RsvpStatus.CONFIRMED:
            seats = "your seat" if rsvp.party_size == 1 else f"your {rsvp.party_size} seats"
            return f"You are coming: {seats} kept. A letter with the details is on its way."
        case RsvpStatus.WAITLISTED:
            return f"All seats are taken for now. You are number {place} on the waiting list."
        case RsvpStatus.PENDING:
            return "Thank you. The organizers decide, and we write to you when they have."
        case RsvpStatus.MAYBE:
            return "We noted your maybe. No seat is kept for you."
        case _:
            return "We noted that you are not coming. Thank you for telling us."


def decided(decision: Decision, done: int, chosen: int) -> str:
    """What came of an organizer's click on several answers."""
    words = {Decision.APPROVE: "Approved", Decision.DECLINE: "Declined", Decision.REMOVE: "Removed"}
    sentence = f"{words[decision]} {counted(done, 'answer')}."
    if done == chosen:
        return sentence
    why = "had been withdrawn or declined before" if decision is Decision.REMOVE else "did not wait for a decision"
    return f"{sentence} {counted(chosen - done, 'other')} {why}."


def closes_at(event: Event) -> str:
    """The instant after which no answers are taken, for machines."""
    return event.answers_close_at.isoformat()


def people(number: int) -> str:
    """ "1 person", "2 people"."""
    return counted(number, "person", "people")


def csv_lines(rows: Iterable[tuple[Rsvp, int | None]], zone: str) -> Iterator[str]:
    """RFC 4180 with a byte-order mark, by which spreadsheets know UTF-8; times by the clocks of `zone`."""
    yield "\ufeff" + line_of(COLUMNS)
    for rsvp, place in rows:
        person = rsvp.person
        cells = (
            person.name,
            person.email,
            rsvp.answer.value,
            rsvp.status.value,
            rsvp.party_size,
            place,
            rsvp.note,
            clock(rsvp.answered_at, zone),
            clock(rsvp.checked_in_at, zone),
        )
        yield line_of(cells)


def clock(instant: datetime | None, zone: str) -> str:
    """An instant by the clocks of `zone`, so that it sorts: "2027-03-30 20:00"."""
    return f"{to_wall(instant, zone):%Y-%m-%d %H:%M}" if instant else ""
