"""What is booked at a venue, and what stands in each other's way there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, select

from society.audit.actions import record
from society.db import db
from society.events.models import Event, Venue
from society.events.months import Month, within
from society.events.room_models import Room
from society.people.models import Person


def rooms_of(venue: Venue) -> Select[Room]:
    """A venue's rooms in their order."""
    return select(Room).where(Room.venue_id == venue.id).order_by(Room.position, Room.id)


def known_rooms() -> Sequence[tuple[str, str]]:
    """Every room that there is, with its venue and its seats, to be offered where one is typed."""
    rows = select(Room.name, Venue.name, Room.capacity).join(Venue, Venue.id == Room.venue_id)
    found = db.session.execute(rows.order_by(Venue.name, Room.position)).all()
    return [(name, f"{venue}, {seats:,} seats" if seats else venue) for name, venue, seats in found]


def too_small(event: Event) -> str:
    """A sentence if the event gives out more seats than there are in its room, or at its venue; else nothing."""
    if event.venue is None or event.capacity is None:
        return ""
    named = rooms_of(event.venue).where(func.lower(Room.name) == event.room.lower()) if event.room else None
    room = db.session.scalar(named) if named is not None else None
    where, seats = (room.name, room.capacity) if room and room.capacity else (event.venue.name, event.venue.capacity)
    if seats is None or event.capacity <= seats:
        return ""
    return f"{event.capacity:,} seats are given out, and there are {seats:,} in {where}."


def set_rooms(venue: Venue, wanted: Sequence[tuple[str, int | None, str]], *, by: Person, now: datetime) -> None:
    """Make these the venue's rooms, in this order; one that keeps its name keeps its row."""
    known = {room.name: room for room in db.session.scalars(rooms_of(venue))}
    before = "; ".join(room.line for room in known.values())
    for position, (name, capacity, access) in enumerate(wanted):
        room = known.pop(name, None) or Room(venue_id=venue.id, name=name)
        room.position, room.capacity, room.access = position, capacity, access
        db.session.add(room)
    for gone in known.values():
        db.session.delete(gone)
    db.session.flush()
    after = "; ".join(room.line for room in db.session.scalars(rooms_of(venue)))
    if before != after:
        record("rooms changed", venue, by=by, now=now, before={"rooms": before}, after={"rooms": after})


@dataclass
class Booking:
    """An event at a venue, and the others that are in the same room at the same time."""

    event: Event
    clashes: list[Event] = field(default_factory=list)


@dataclass
class BookedDay:
    """One day at a venue."""

    day: date
    bookings: list[Booking]


def booked(venue: Venue, month: Month) -> list[BookedDay]:
    """What is at a venue in a month, drafts included, day by day: in one statement."""
    last = (month.first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    there = select(Event).where(Event.venue_id == venue.id, Event.template_name == "")
    on = there.where(Event.cancelled_at.is_(None), Event.postponed_at.is_(None))
    bookings = _compared(db.session.scalars(within(on, month.first, last)).all())
    days: dict[date, list[Booking]] = {}
    for booking in bookings:
        for day in _days(booking.event, month.first, last):
            days.setdefault(day, []).append(booking)
    return [BookedDay(day, days[day]) for day in sorted(days)]


def _compared(events: Sequence[Event]) -> list[Booking]:
    bookings = [Booking(event) for event in events]
    for number, one in enumerate(bookings):
        for other in bookings[number + 1 :]:
            if _clash(one.event, other.event):
                one.clashes.append(other.event)
                other.clashes.append(one.event)
    return bookings


def _clash(one: Event, other: Event) -> bool:
    """At the same time in the same room; who names none has the whole venue."""
    meanwhile = one.starts_at < other.ends_at and other.starts_at < one.ends_at
    return meanwhile and (not one.room or not other.room or one.room.casefold() == other.room.casefold())


def _days(event: Event, first: date, last: date) -> Iterable[date]:
    day, end = max(event.starts.date(), first), min((event.ends - timedelta(microseconds=1)).date(), last)
    while day <= end:
        yield day
        day += timedelta(days=1)
