"""What stays of an event, for whom."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, or_, select, true

from society.db import db
from society.events.models import Event
from society.material.models import Material, MaterialKind, Seen
from society.material.reading import Read
from society.membership.queries import standing
from society.people.models import Person
from society.rsvps.models import Rsvp
from society.settings import society
from society.times import today_in


def all_of(event: Event) -> Select[Material]:
    """Everything that is kept of an event, in its order."""
    return select(Material).where(Material.event_id == event.id).order_by(Material.position, Material.id)


def seen_by(event: Event, person: Person | None, now: datetime) -> Select[Material]:
    """What of it somebody may see who may see the event."""
    return all_of(event).where(Material.seen_by.in_(_open_to(event, person, now)))


def of_event(event: Event, person: Person | None, now: datetime) -> tuple[list[Material], set[Seen]]:
    """What of it they may see, and for whom there is more."""
    every, theirs = db.session.scalars(all_of(event)).all(), _open_to(event, person, now)
    seen = [one for one in every if one.seen_by in theirs]
    return seen, {one.seen_by for one in every} - set(theirs)


def seen_by_guest(rsvp: Rsvp) -> Select[Material]:
    """What somebody may see by the link of their own answer, without signing in: what is for those who came, too, once
    they were checked in."""
    theirs = [Seen.EVERYONE, Seen.CAME] if rsvp.checked_in_at else [Seen.EVERYONE]
    return all_of(rsvp.event).where(Material.seen_by.in_(theirs))


def same(event: Event, title: str, file: Read) -> Select[int]:
    """What was kept already of a file that is sent once more."""
    called = Material.event_id == event.id, Material.title == title, Material.file_name == file.name
    return select(Material.id).where(*called, Material.size == len(file.content))


def of_sessions(event: Event, person: Person | None, now: datetime) -> dict[int, list[Material]]:
    """The same by session of its agenda."""
    found: dict[int, list[Material]] = {}
    for one in db.session.scalars(seen_by(event, person, now).join(Material.of_session)):
        found.setdefault(one.session_id or 0, []).append(one)
    return found


def of_talks(events: Collection[Event], person: Person | None, now: datetime) -> list[Material]:
    """What of several events they may see, as far as somebody speaks of it: photographs stand on the event's page."""
    numbers = [event.id for event in events if event.has_material]
    if not numbers:
        return []
    kept = select(Material).where(Material.event_id.in_(numbers), Material.kind != MaterialKind.PHOTOGRAPH)
    seen = _may_see(events, person, now)
    return list(db.session.scalars(kept.where(seen).order_by(Material.event_id, Material.position, Material.id)))


def _may_see(events: Collection[Event], person: Person | None, now: datetime) -> ColumnElement[bool]:
    """The same as `_open_to`, of many events at once."""
    found = [Material.seen_by == Seen.EVERYONE]
    if person is not None and person.is_staff:
        return true()
    if person is not None:
        if standing(person, today_in(society().zone, now)):
            found.append(Material.seen_by == Seen.MEMBERS)
        came = select(Rsvp.event_id).where(Rsvp.person_id == person.id, Rsvp.checked_in_at.is_not(None))
        found.append((Material.seen_by == Seen.CAME) & Material.event_id.in_(came))
        found.append(Material.event_id.in_([event.id for event in events if event.editable_by(person)]))
    return or_(*found)


def _open_to(event: Event, person: Person | None, now: datetime) -> list[Seen]:
    if person is None:
        return [Seen.EVERYONE]
    if person.is_staff or event.editable_by(person):
        return list(Seen)
    came = select(Rsvp.id).where(Rsvp.event_id == event.id, Rsvp.person_id == person.id)
    found = [Seen.EVERYONE]
    if standing(person, today_in(society().zone, now)):
        found.append(Seen.MEMBERS)
    if db.session.scalar(select(exists(came.where(Rsvp.checked_in_at.is_not(None))))):
        found.append(Seen.CAME)
    return found
