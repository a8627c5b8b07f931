"""Giving out seats, in one place.

All of it runs inside a write transaction that holds the event's row, so that seats are counted and taken by one at a
time. Whoever asks gets seats at once if they are free and nobody who waits would fit into them; else they are put at
the end of the queue. Whenever seats become free, `fill` gives them to the earliest parties that fit, until the event is
full or the queue is empty. So nobody can pass a queue that they would fit behind, and no seat given back stays empty
while someone waits who fits.
"""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, inspect, select
from sqlalchemy.orm import joinedload

from society.db import db, post
from society.events.models import Event
from society.people.models import Person
from society.rsvps.feed import answered as refresh_feed
from society.rsvps.letters import tell
from society.rsvps.models import Rsvp, RsvpStatus, Transition
from society.rsvps.queries import last_queued_at, queue, seats_taken, waits_another
from society.rsvps.session_seats import release_all

PROMOTED = "promoted"
"""The letter to those who waited."""

_NO_LIMIT = 2**31 - 1
_BATCH = 200

_HELD = (
    select(Event)
    .where(Event.id == bindparam("event_id"))
    .options(joinedload(Event.venue))  # which the letters tell
    .with_for_update(of=Event)
    .execution_options(populate_existing=True)
)


def lock(event: Event) -> None:
    """Hold the event until the commit, and read it as it is now: nobody else counts or takes its seats meanwhile."""
    db.session.flush()  # what was changed of it in this transaction, such as the capacity, stays changed
    (number,) = inspect(event).identity or ()  # `event.id` would read the row once more
    db.session.scalars(_HELD, {"event_id": number}).one()


def log(rsvp: Rsvp, status: RsvpStatus, at: datetime, actor: Person | None, reason: str) -> Transition:
    """Bring an answer to a status, and keep the step; who leaves the event's seats leaves those of its sessions."""
    step = rsvp.become(status, at=at, actor=actor, reason=reason)
    if inspect(rsvp).transient:
        post(rsvp)
    step.rsvp_id = rsvp.id
    post(step)
    if step.before is RsvpStatus.CONFIRMED and status is not RsvpStatus.CONFIRMED:
        release_all(rsvp, at)
    return step


def enqueue(rsvp: Rsvp, at: datetime, actor: Person, reason: str) -> Transition:
    """To the end of the queue, even where another server's clock ran ahead of this one's."""
    last = last_queued_at(rsvp.event)
    rsvp.queued_at = max(at, last + timedelta(microseconds=1)) if last else at
    return log(rsvp, RsvpStatus.WAITLISTED, at, actor, reason)


def gives_seats(event: Event, now: datetime) -> bool:
    """Whether anyone moves up: not once people can no longer be expected to read that they did."""
    return event.on and now < min(event.starts_at, event.rsvp_closes_at or event.starts_at)


def fill(event: Event, now: datetime, *, newcomer: Rsvp | None = None, letter: str = "confirmed") -> list[Rsvp]:
    """Hand out seats; the one who has only just asked gets `letter` rather than the news of a promotion."""
    if not gives_seats(event, now):
        return []
    promoted: list[Rsvp] = []
    room = _room(event)
    more = room > 0
    while more:
        fitting = list(db.session.scalars(queue(event).where(Rsvp.party_size <= room).limit(_BATCH)))
        for rsvp in fitting:
            if rsvp.party_size <= room:
                room -= rsvp.party_size if event.capacity is not None else 0
                seat(rsvp, now, letter if rsvp is newcomer else PROMOTED)
                promoted.append(rsvp)
        more = len(fitting) == _BATCH and room > 0
    return promoted


def seat(rsvp: Rsvp, now: datetime, letter: str, *, actor: Person | None = None, reason: str = "") -> None:
    """Give one party its seats, and write to them."""
    reason = reason or ("Seats became free." if letter == PROMOTED else "Seats were free.")
    tell(letter, log(rsvp, RsvpStatus.CONFIRMED, now, actor, reason), now)
    refresh_feed(rsvp.person, now)


def _room(event: Event) -> int:
    """Seats that nobody has; below zero where the capacity was lowered."""
    return _NO_LIMIT if event.capacity is None else event.capacity - seats_taken(event)


def fits(event: Event, rsvp: Rsvp, seats: int) -> bool:
    """Whether so many seats are free, and nobody else who waits would fit into what is free."""
    room = _room(event)
    return seats <= room and not waits_another(event, rsvp, room)
