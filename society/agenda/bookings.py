"""What is booked at a venue, what stands in each other's way there, and what is free."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from sqlalchemy import ColumnElement, Select, and_, or_, select

from society.agenda.engagements import needs_them
from society.agenda.models import Session
from society.db import db
from society.events.models import LONGEST, Event, Venue
from society.events.months import Month, around
from society.events.queries import together
from society.events.render import spoken_time
from society.events.room_models import Room
from society.events.rooms import rooms_of
from society.names import alike
from society.times import to_utc


@dataclass(frozen=True)
class Stay:
    """A time in one room; without a room, in the whole place."""

    room: str
    starts: datetime
    ends: datetime
    starts_at: datetime
    ends_at: datetime
    session: Session | None = None
    """Which is there; None where it is the event as a whole."""

    def overlaps(self, starts_at: datetime, ends_at: datetime) -> bool:
        return self.starts_at < ends_at and starts_at < self.ends_at

    def meets(self, other: "Stay") -> bool:
        """Whether both want the same room at the same time; who names none wants all of them."""
        same = not self.room or not other.room or alike(self.room) == alike(other.room)
        return same and self.overlaps(other.starts_at, other.ends_at)


@dataclass
class Booking:
    """An event at a venue, where it stays there, and the others that want a room of its at the same time."""

    event: Event
    stays: list[Stay]
    clashes: list[Event] = field(default_factory=list)

    @property
    def by_session(self) -> bool:
        """Whether its sessions say where it stays, rather than the event."""
        return [(stay.room, stay.starts_at) for stay in self.stays] != [(self.event.room, self.event.starts_at)]

    def rooms_on(self, day: date) -> list[str]:
        """On that day: "Great Hall, 9:00 am to 5:00 pm", a room once, from its first session to its last."""
        spans: dict[str, tuple[datetime, datetime]] = {}
        for stay in self.stays:
            if stay.starts.date() <= day <= stay.ends.date():
                first, last = spans.get(stay.room, (stay.starts, stay.ends))
                spans[stay.room] = min(first, stay.starts), max(last, stay.ends)
        told = (f"{room or 'the whole place'}, {spoken_time(a)} to {spoken_time(b)}" for room, (a, b) in spans.items())
        return sorted(told)

    @cached_property
    def span(self) -> tuple[datetime, datetime]:
        """From its first stay to its last, which may lie outside the event's own hours."""
        return min(stay.starts_at for stay in self.stays), max(stay.ends_at for stay in self.stays)

    def clashes_with(self, other: "Booking") -> bool:
        (begins, ends), (others_begin, others_end) = self.span, other.span
        apart = begins >= others_end or others_begin >= ends
        return not apart and any(mine.meets(theirs) for mine in self.stays for theirs in other.stays)

    def days(self, first: date, last: date) -> list[date]:
        """Those of its event and of its stays, within bounds."""
        times = {(self.event.starts, self.event.ends), *((stay.starts, stay.ends) for stay in self.stays)}
        return sorted({day for starts, ends in times for day in _days(starts, ends, first, last)})


@dataclass
class BookedDay:
    """One day at a venue."""

    day: date
    bookings: list[Booking]


@dataclass(frozen=True)
class Chance:
    """A room at a time that somebody asks about, and who has it then; without a room, the whole place."""

    room: Room | None
    taken_by: Sequence[Event]


def booked(venue: Venue, month: Month) -> list[BookedDay]:
    """What is at a venue in a month, drafts included, day by day: in two statements, in one without sessions."""
    last = (month.first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    bookings = _bookings(_meanwhile((venue.id, *around(month.first, last))))
    for number, one in enumerate(bookings):
        for other in bookings[number + 1 :]:
            if one.clashes_with(other):
                one.clashes.append(other.event)
                other.clashes.append(one.event)
    days: dict[date, list[Booking]] = {}
    for booking in bookings:
        for day in booking.days(month.first, last):
            days.setdefault(day, []).append(booking)
    return [BookedDay(day, days[day]) for day in sorted(days)]


@dataclass(frozen=True)
class Wanted:
    """An event, and another that wants a room of its at the same time."""

    by: Event
    event: Event
    own: Sequence[Stay]
    """Those that it meets."""


def wanted_too(own: Mapping[Event, Sequence[Stay]]) -> list[Wanted]:
    """What other events, drafts included, some stays of these meet: in two statements, in one without sessions."""
    spans = [
        (event.venue.id, min(stay.starts_at for stay in theirs), max(stay.ends_at for stay in theirs))
        for event, theirs in own.items()
        if event.venue and needs_them(event) and theirs
    ]
    others = _bookings([other for other in _meanwhile(*spans) if other not in own]) if spans else []
    met = (
        Wanted(event, other.event, [mine for mine in theirs if any(map(mine.meets, other.stays))])
        for event, theirs in own.items()
        for other in others
        if event.venue == other.event.venue
    )
    return [one for one in met if one.own]


def chances(venue: Venue, starts: datetime, ends: datetime) -> list[Chance]:
    """Which rooms are free from one time to another, by the clocks there, after the place as a whole."""
    starts_at, ends_at = to_utc(starts, venue.zone), to_utc(ends, venue.zone)
    bookings = _bookings(_meanwhile((venue.id, starts_at, ends_at)))
    chances = []
    for room in (None, *db.session.scalars(rooms_of(venue))):
        wanted = Stay(room.name if room else "", starts, ends, starts_at, ends_at)
        taken_by = [b.event for b in bookings if any(stay.meets(wanted) for stay in b.stays)]
        chances.append(Chance(room, taken_by))
    return chances


def in_unknown_rooms(venue: Venue, now: datetime) -> dict[str, list[Event]]:
    """Events to come by the room that they or their sessions name, where the venue has none of that name: as when it
    was renamed in its list. One that is over has sessions to come where these lie outside its own hours. In three
    statements."""
    known = {alike(room.name) for room in db.session.scalars(rooms_of(venue))}
    there = select(Event).where(Event.venue_id == venue.id, Event.template_name == "", Event.cancelled_at.is_(None))
    coming, with_sessions = (there.where(*_to_come(of, now)) for of in (Event, Session))
    by_session = with_sessions.join(Session, Session.event_id == Event.id).where(Session.room != "")
    in_sessions = together(coming, by_session).join(Session, Session.event_id == Event.id).add_columns(Session.room)
    in_order = Event.starts_at, Event.id
    rows = coming.add_columns(Event.room).order_by(*in_order), in_sessions.order_by(*in_order, Session.id)
    named = [row for some in rows for row in db.session.execute(some)]
    found: dict[str, list[Event]] = {}
    for event, room in named:
        if known and room and alike(room) not in known and event not in found.setdefault(room, []):
            found[room].append(event)
    return found


def _to_come(of: type[Event] | type[Session], now: datetime) -> tuple[ColumnElement[bool], ...]:
    return of.starts_at > now - LONGEST, of.ends_at > now


def _on_at(*venues: int) -> Select[Event]:
    there = select(Event).where(Event.venue_id.in_(venues), Event.template_name == "")
    return there.where(Event.cancelled_at.is_(None), Event.postponed_at.is_(None))


def _meanwhile(*spans: tuple[int, datetime, datetime]) -> Sequence[Event]:
    """What is at venues from one instant to another, be it only by a session outside its event's own hours."""
    there = _on_at(*{venue for venue, _, _ in spans})
    events, sessions = ([_at(venue, of, begins, ends) for venue, begins, ends in spans] for of in (Event, Session))
    by_session = there.join(Session, Session.event_id == Event.id).where(Session.room != "", or_(*sessions))
    found = together(there.where(or_(*events)), by_session).order_by(Event.starts_at, Event.id)
    return db.session.scalars(found).all()


def _at(venue: int, of: type[Event] | type[Session], begins: datetime, ends: datetime) -> ColumnElement[bool]:
    """Nothing is longer than `LONGEST`, so that the index is read from there."""
    then = of.starts_at < ends, of.starts_at > begins - LONGEST, of.ends_at > begins
    return and_(Event.venue_id == venue, *then)


def _bookings(events: Sequence[Event]) -> list[Booking]:
    sessions = _sessions_in_rooms([event.id for event in events if event.has_agenda])
    return [Booking(event, list(stays(event, sessions.get(event.id, ())))) for event in events]


def _sessions_in_rooms(event_ids: Sequence[int]) -> Mapping[int, list[Session]]:
    found = defaultdict[int, list[Session]](list)
    if event_ids:
        rows = select(Session).where(Session.event_id.in_(event_ids), Session.room != "")
        for session in db.session.scalars(rows.order_by(Session.starts_at, Session.id)):
            found[session.event_id].append(session)
    return found


def stays(event: Event, sessions: Sequence[Session]) -> Iterator[Stay]:
    """Where its sessions are that name rooms; the event has its own besides, or the whole place if no session does."""
    in_rooms = [one for one in sessions if one.room]
    if event.room or not in_rooms:
        yield Stay(event.room, event.starts, event.ends, event.starts_at, event.ends_at)
    yield from stays_of(in_rooms)


def stays_of(sessions: Iterable[Session], room: str = "") -> Iterator[Stay]:
    """Where these sessions are; what names no room, in that of its event, if it has one."""
    for one in sessions:
        if one.room or room:
            yield Stay(one.room or room, one.starts, one.ends, one.starts_at, one.ends_at, one)


def _days(starts: datetime, ends: datetime, first: date, last: date) -> Iterator[date]:
    day, end = max(starts.date(), first), min((ends - timedelta(microseconds=1)).date(), last)
    while day <= end:
        yield day
        day += timedelta(days=1)
