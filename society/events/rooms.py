"""The rooms of venues."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select

from society.audit.actions import record
from society.db import db
from society.events.models import Event, Venue
from society.events.room_models import Room
from society.names import alike
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
    return too_small_for(event, [(event.room, event.capacity)])[0]


def too_small_for(event: Event, given: Sequence[tuple[str, int | None]]) -> list[str]:
    """The same for each room at its venue, by name, and the seats given out there: in one query, or none."""
    venue, limited = event.venue, any(seats for _, seats in given)
    if venue is None or not limited:
        return [""] * len(given)
    named = any(name for name, _ in given)
    rooms = {alike(room.name): room for room in db.session.scalars(rooms_of(venue))} if named else {}
    return [_short(venue, rooms.get(alike(name)) if name else None, seats) for name, seats in given]


def _short(venue: Venue, room: Room | None, given: int | None) -> str:
    where, seats = (room.name, room.capacity) if room and room.capacity else (venue.name, venue.capacity)
    if given is None or seats is None or given <= seats:
        return ""
    return f"{given:,} seats are given out, and there are {seats:,} in {where}."


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
