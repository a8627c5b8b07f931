"""Who waits for an event, in which order, and at which place: for seats, or for the organizers' word."""

from collections.abc import Sequence
from datetime import datetime
from math import inf
from typing import TypeVar

from sqlalchemy import ColumnElement, Integer, Select, bindparam, case, func, select, tuple_
from sqlalchemy.orm import aliased, joinedload

from society.db import db
from society.events.models import Event
from society.people.models import Person
from society.rows import Peek
from society.rsvps.counts import seats_taken
from society.rsvps.last_day import hushed, letters_leave_at, still_moves
from society.rsvps.models import Rsvp, RsvpStatus

WITH_PEOPLE = joinedload(Rsvp.person).lazyload(Person.roles)
_WAITLISTED = RsvpStatus.WAITLISTED.value
Row = TypeVar("Row")


def queue(event: Event) -> Select[Rsvp]:
    """Those who wait for seats, first come first."""
    waits = select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.status == RsvpStatus.WAITLISTED)
    return waits.order_by(Rsvp.queued_at, Rsvp.id).options(WITH_PEOPLE)


def offered(event: Event) -> Select[Rsvp]:
    """Those to whom a seat is offered, in the order in which that ends."""
    offers = select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.status == RsvpStatus.OFFERED)
    return offers.order_by(Rsvp.offered_until, Rsvp.id).options(WITH_PEOPLE)


def undecided(event: Event) -> Select[Rsvp]:
    """Those who wait for the organizers, in the order in which they asked."""
    pending = select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.status == RsvpStatus.PENDING)
    return pending.order_by(Rsvp.answered_at, Rsvp.id).options(WITH_PEOPLE)


def queue_moves(event: Event, now: datetime) -> bool:
    """Whether who waits can still move up, soon or once an event that was put off has its new date."""
    return event.cancelled_at is None and (event.postponed_at is not None or still_moves(event, now))


_last = select(func.max(Rsvp.queued_at)).where(
    Rsvp.event_id == bindparam("event_id"), Rsvp.status == bindparam("status")
)
_last_alone = Peek(_last)


def last_queued_at(event: Event) -> datetime | None:
    """Since when the last in the queue waits."""
    row = _last_alone.here(event_id=event.id, status=_WAITLISTED)
    return row[0] if row else None


_theirs = (
    select(Rsvp.id)
    .where(
        Rsvp.event_id == bindparam("event_id"),
        Rsvp.status == bindparam("status"),
        Rsvp.party_size <= bindparam("seats"),
        Rsvp.id != bindparam("own_id"),
    )
    .limit(1)
)
_another = Peek(_theirs)
_another_and_last = Peek(select(_theirs.scalar_subquery(), _last.scalar_subquery()))


def another_and_last(event: Event, seats: int) -> tuple[bool, datetime | None]:
    """Whether somebody in the queue would fit into so many seats, and since when its last one waits."""
    row = _another_and_last.here(event_id=event.id, status=_WAITLISTED, seats=seats, own_id=0)
    return (row[0] is not None, row[1]) if row else (False, None)


def offered_at(event: Event, now: datetime) -> datetime | None:
    """When what is free is offered to those who wait and fit into it, where they are left to sleep until then."""
    if event.capacity is None or not event.on or not hushed(event, now):
        return None
    free = event.capacity - seats_taken(event)
    return letters_leave_at(event, now) if free > 0 and another_and_last(event, free)[0] else None


def waits_another(event: Event, rsvp: Rsvp, seats: int) -> bool:
    """Whether somebody else in the queue would fit into so many seats."""
    own_id = rsvp.id or 0  # one that is new has no number yet
    return _another.here(event_id=event.id, status=_WAITLISTED, seats=seats, own_id=own_id) is not None


def that_fit(queue: Sequence[tuple[int, Row]], capacity: int | None, taken: int) -> list[Row]:
    """Those that get what is free, of parties in their order: how many each are, and what is known of it."""
    free, found = inf if capacity is None else capacity - taken, []
    for size, row in queue:
        if size <= free:
            free -= size
            found.append(row)
    return found


def waiting(event: Event) -> list[Person]:
    """The people in the queue, in its order."""
    return [rsvp.person for rsvp in db.session.scalars(queue(event))]


def places(event: Event) -> dict[int, int]:
    """The place of everyone in the queue, counted from 1, by the number of their answer."""
    numbers = db.session.scalars(queue(event).with_only_columns(Rsvp.id))
    return {number: place for place, number in enumerate(numbers, 1)}


def place() -> ColumnElement[int | None]:
    """In a query of RSVPs: each one's place in its queue, counted from 1; NULL for those who do not wait."""
    other = aliased(Rsvp)
    earlier = tuple_(other.queued_at, other.id) <= tuple_(Rsvp.queued_at, Rsvp.id)
    ahead = select(func.count()).select_from(other)
    ahead = ahead.where(other.event_id == Rsvp.event_id, other.status == RsvpStatus.WAITLISTED, earlier)
    return case((Rsvp.status == RsvpStatus.WAITLISTED, ahead.correlate(Rsvp).scalar_subquery()))


def _place_of_one() -> Select[int]:
    """The same of one who waits: one range of the index, which `place` is not."""
    me = aliased(Rsvp)
    since = select(me.queued_at).where(me.id == bindparam("own_id")).scalar_subquery()
    until_them = tuple_(Rsvp.queued_at, Rsvp.id) <= tuple_(since, bindparam("own_id", type_=Integer))
    return select(func.count()).where(
        Rsvp.event_id == bindparam("event_id"), Rsvp.status == bindparam("status"), until_them
    )


_place = Peek(_place_of_one())


def place_in_queue(rsvp: Rsvp) -> int | None:
    """Their place, counted from 1; None if they do not wait."""
    if rsvp.status is not RsvpStatus.WAITLISTED:
        return None
    row = _place.here(event_id=rsvp.event_id, status=_WAITLISTED, own_id=rsvp.id)
    return row[0] if row else None
