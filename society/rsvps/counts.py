"""How many answered an event, and what their answers came to: counted, never kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    ColumnExpressionArgument,
    ScalarSelect,
    Select,
    SQLColumnExpression,
    String,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
)

from society.db import db
from society.events.models import Event, RsvpPolicy
from society.languages import ENGLISH, number_in
from society.membership.queries import in_good_standing
from society.people.models import EventOrganizer, Person, Role
from society.phrases import phrase_of
from society.rows import Peek
from society.rsvps.models import HELD, Rsvp, RsvpStatus


@dataclass(frozen=True)
class Turnout:
    """An event's answers, counted. Without "seats" in its name a number counts answers, whatever their parties."""

    going: int
    """There or online."""
    online: int
    """Of those going, who joins online."""
    online_people: int
    seats: int
    """Those that are taken or offered; who joins online takes none."""
    waiting: int
    waiting_seats: int
    maybe: int
    declined: int
    pending: int
    pending_seats: int
    unconfirmed: int
    offered: int
    """Of one who waited, to be confirmed on the last day; counted among the seats, not among those going."""
    free: int | None
    """Seats that nobody has; None is without limit. Never negative, even where the capacity was lowered."""

    @property
    def full(self) -> bool:
        return self.free == 0

    @property
    def there(self) -> int:
        """Of those going, who has a seat."""
        return self.going - self.online

    @property
    def in_short(self) -> str:
        """ "3 going, 1 waiting"; "2 going, 5 online"; "nobody yet"."""
        parts = [
            (self.there, "going"),
            (self.online, "online"),
            (self.offered, "offered a seat"),
            (self.waiting, "waiting"),
        ]
        parts += [(self.maybe, "maybe"), (self.pending, "to be decided")]
        return ", ".join(f"{number:,} {word}" for number, word in parts if number) or "nobody yet"


def _of(status: RsvpStatus, number: ColumnElement[int], *which: ColumnExpressionArgument[bool]) -> ScalarSelect[int]:
    word = literal_column(f"'{status.value}'", String)  # not a value: kept plans know which are rare
    theirs = Rsvp.event_id == bindparam("event_id"), type_coerce(Rsvp.status, String) == word
    return select(number).where(*theirs, *which).scalar_subquery()


def _beyond_one(status: RsvpStatus) -> ScalarSelect[int]:
    """The seats that parties take above one each."""
    return _of(status, func.coalesce(func.sum(Rsvp.party_size - 1), 0), Rsvp.party_size > 1)


def _online(number: ColumnElement[int]) -> ScalarSelect[int]:
    return _of(RsvpStatus.CONFIRMED, number, Rsvp.online)


# Counting rows costs half of summing up what stands in them, and the index of parties leaves out who comes alone;
# that of those who join online, everybody else.
_joining = _online(func.count()), _online(func.coalesce(func.sum(Rsvp.party_size), 0))
_counts = *(_of(status, func.count()) for status in RsvpStatus), *map(_beyond_one, RsvpStatus), *_joining
_turnout = select(*_counts)
_with_turnout = select(Event, *_counts).where(Event.id == bindparam("event_id"))


def turnout(event: Event) -> Turnout:
    """The answers to an event by what they came to, in one query."""
    return _counted(event, db.session.execute(_turnout, {"event_id": event.id}).one())


def turnouts(events: Sequence[Event]) -> dict[int, Turnout]:
    """The same of each of several, in one query."""
    online = func.coalesce(func.sum(Rsvp.party_size).filter(Rsvp.online), 0)
    sums = select(Rsvp.event_id, Rsvp.status, func.count(), func.sum(Rsvp.party_size - 1))
    sums = sums.add_columns(func.count().filter(Rsvp.online), online)
    sums = sums.where(Rsvp.event_id.in_([event.id for event in events])).group_by(Rsvp.event_id, Rsvp.status)
    found = {(row[0], row[1]): row[2:] for row in db.session.execute(sums)}
    return {event.id: _counted(event, _laid_out(event, found)) for event in events}


def _laid_out(event: Event, found: Mapping[tuple[int, RsvpStatus], Sequence[int]]) -> list[int]:
    """As `_counts` has them."""
    rows = {status: found.get((event.id, status), (0, 0, 0, 0)) for status in RsvpStatus}
    numbers, beyond = ([row[place] for row in rows.values()] for place in (0, 1))
    return [*numbers, *beyond, *rows[RsvpStatus.CONFIRMED][2:]]


def with_turnout(event_id: int) -> tuple[Event, Turnout] | None:
    """An event and its answers counted, in one query."""
    row = db.session.execute(_with_turnout, {"event_id": event_id}).first()
    return (row[0], _counted(row[0], row[1:])) if row else None


def _counted(event: Event, row: Sequence[int]) -> Turnout:
    *counts, online, online_people = row
    number = dict(zip(RsvpStatus, counts, strict=False))
    seats = {status: number[status] + beyond for status, beyond in zip(RsvpStatus, counts[len(number) :], strict=True)}
    taken = sum(seats[status] for status in HELD) - online_people
    return Turnout(
        going=number[RsvpStatus.CONFIRMED],
        online=online,
        online_people=online_people,
        seats=taken,
        waiting=number[RsvpStatus.WAITLISTED],
        waiting_seats=seats[RsvpStatus.WAITLISTED],
        maybe=number[RsvpStatus.MAYBE],
        declined=number[RsvpStatus.DECLINED],
        pending=number[RsvpStatus.PENDING],
        pending_seats=seats[RsvpStatus.PENDING],
        unconfirmed=number[RsvpStatus.UNCONFIRMED],
        offered=number[RsvpStatus.OFFERED],
        free=None if event.capacity is None else max(event.capacity - taken, 0),
    )


_HELD = [literal_column(f"'{status.value}'", String) for status in HELD]


def taken_seats(event: SQLColumnExpression[int]) -> Select[int]:
    """Seats that somebody has or is offered, at the event of this number: counted, never kept."""
    held = type_coerce(Rsvp.status, String).in_(_HELD)
    seats = select(func.coalesce(func.sum(Rsvp.party_size), 0))
    return seats.where(Rsvp.event_id == event, held, Rsvp.online.is_(False))


_taken = Peek(taken_seats(bindparam("event_id")))


def seats_taken(event: Event) -> int:
    """Of one event."""
    row = _taken.here(event_id=event.id)
    return int(row[0]) if row else 0


def with_seats_left(events: Select[Event], now: datetime) -> Select[Event]:
    """Those that take answers and are not full; seats are counted in the same statement."""
    taken = select(func.coalesce(func.sum(Rsvp.party_size), 0)).where(Rsvp.event_id == Event.id, Rsvp.takes_seats)
    return events.where(takes_answers(now), or_(Event.capacity.is_(None), Event.capacity > taken.scalar_subquery()))


def takes_answers(now: datetime) -> ColumnElement[bool]:
    """In a query of published events: whether an RSVP can be given now."""
    on = Event.cancelled_at.is_(None), Event.postponed_at.is_(None), Event.rsvp_policy != RsvpPolicy.CLOSED
    return and_(*on, Event.starts_at > now, or_(Event.rsvp_closes_at.is_(None), Event.rsvp_closes_at > now))


def going_without_membership(events: Sequence[Event], today: date) -> int:
    """How many of those going to these events could not see what is for members, in one query."""
    roles = exists().where(Role.person_id == Person.id).correlate(Person)
    beside = exists().where(EventOrganizer.person_id == Person.id, EventOrganizer.event_id == Rsvp.event_id)
    going = select(func.count(Person.id.distinct())).join(Rsvp, Rsvp.person_id == Person.id)
    going = going.where(Rsvp.event_id.in_([event.id for event in events]), Rsvp.status == RsvpStatus.CONFIRMED)
    return db.session.scalar(going.where(~in_good_standing(today), ~roles, ~beside.correlate(Person, Rsvp))) or 0


def arrived(event: Event) -> int:
    """Seats of those who were checked in."""
    seats = select(func.coalesce(func.sum(func.coalesce(Rsvp.arrived, Rsvp.party_size)), 0))
    return db.session.scalar(seats.where(Rsvp.event_id == event.id, Rsvp.checked_in_at.is_not(None))) or 0


def people(number: int, language: str = ENGLISH) -> str:
    """ "1 person", "2 people"."""
    return phrase_of(number, "{count} person", "{count} people", language, count=number_in(number, language))
