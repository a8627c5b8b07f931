"""Who waits for an event, in which order, and at which place: for seats, or for the organizers' word."""

from collections.abc import Sequence
from datetime import datetime
from math import inf
from typing import NamedTuple, TypeVar

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    SQLColumnExpression,
    String,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy.orm import aliased, joinedload

from society.db import db
from society.events.models import Event
from society.people.models import Person
from society.rows import Peek
from society.rsvps.counts import seats_taken, taken_seats
from society.rsvps.last_day import hushed, letters_leave_at, still_moves
from society.rsvps.models import Rsvp, RsvpStatus

WITH_PEOPLE = joinedload(Rsvp.person).lazyload(Person.roles)
_WAITS = type_coerce(Rsvp.status, String) == literal_column(f"'{RsvpStatus.WAITLISTED.value}'", String)
"""Not by a value: so a plan that is kept knows how rare it is."""
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


def _last(event: SQLColumnExpression[int]) -> Select[datetime | None]:
    """Not the greatest: that is looked for among all who wait, where a server believes that these are few. Nobody waits
    without an hour; were there one, PostgreSQL would sort them after all, and SQLite before."""
    since = select(Rsvp.queued_at).where(Rsvp.event_id == event, _WAITS, Rsvp.queued_at.is_not(None))
    return since.order_by(Rsvp.queued_at.desc()).limit(1)


_last_alone = Peek(_last(bindparam("event_id")))


def last_queued_at(event: Event) -> datetime | None:
    """Since when the last in the queue waits."""
    row = _last_alone.here(event_id=event.id)
    return row[0] if row else None


def _that_fit(event: SQLColumnExpression[int]) -> Select[int]:
    return select(Rsvp.id).where(Rsvp.event_id == event, _WAITS, Rsvp.party_size <= bindparam("seats")).limit(1)


_another = Peek(_that_fit(bindparam("event_id")).where(Rsvp.id != bindparam("own_id")))
_in_queue = select(func.count()).select_from(Rsvp).where(Rsvp.event_id == Event.id, _WAITS)
# By the event's row rather than its number alone, so that a server has nothing to gain by planning it anew each time.
_before_newcomer = Peek(
    select(
        _that_fit(Event.id).scalar_subquery(),
        _in_queue.scalar_subquery(),
        _last(Event.id).scalar_subquery(),
        case(
            (
                and_(Event.capacity.is_not(None), _that_fit(Event.id).scalar_subquery().is_(None)),
                taken_seats(Event.id).scalar_subquery(),
            )
        ),
    ).where(Event.id == bindparam("event_id"))
)


class BeforeNewcomer(NamedTuple):
    """What somebody who asks for so many seats finds."""

    fits: bool
    """Whether somebody in the queue would fit into as many."""
    waiting: int
    """How many are in the queue."""
    last: datetime | None
    """Since when the last of them waits."""
    taken: int | None
    """Seats; not counted where somebody fits, nor where there is no limit."""


def before_newcomer(event: Event, seats: int) -> BeforeNewcomer:
    """In one statement."""
    fits, waiting, last, taken = _before_newcomer.here(event_id=event.id, seats=seats) or (None, 0, None, None)
    return BeforeNewcomer(fits is not None, waiting, last, taken)


def before_newcomer_ahead(event: Event, seats: int) -> None:
    """Have it asked with what is asked next."""
    _before_newcomer.ahead(event_id=event.id, seats=seats)


def offered_at(event: Event, now: datetime) -> datetime | None:
    """When what is free is offered to those who wait and fit into it, where they are left to sleep until then."""
    if event.capacity is None or not event.on or not hushed(event, now):
        return None
    free = event.capacity - seats_taken(event)
    return letters_leave_at(event, now) if free > 0 and _waits_one(event, free, 0) else None


def waits_another(event: Event, rsvp: Rsvp, seats: int) -> bool:
    """Whether somebody else in the queue would fit into so many seats."""
    return _waits_one(event, seats, rsvp.id or 0)  # one that is new has no number yet


def _waits_one(event: Event, seats: int, own_id: int) -> bool:
    return _another.here(event_id=event.id, seats=seats, own_id=own_id) is not None


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
    return select(func.count()).where(Rsvp.event_id == bindparam("event_id"), _WAITS, until_them)


_place = Peek(_place_of_one())


def place_in_queue(rsvp: Rsvp) -> int | None:
    """Their place, counted from 1; None if they do not wait."""
    if rsvp.status is not RsvpStatus.WAITLISTED:
        return None
    row = _place.here(event_id=rsvp.event_id, own_id=rsvp.id)
    return row[0] if row else None
