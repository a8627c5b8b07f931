"""Keeping what stays of an event."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from society.audit.actions import record
from society.db import db
from society.events.models import Event
from society.events.queries import hold
from society.material.models import Material, MaterialFile, Seen
from society.material.queries import all_of
from society.material.reading import Read
from society.people.models import Person
from society.rsvps.counts import arrived
from society.rsvps.feed import refresh

MOST_ATTACHED = 20
"""Links and files that a calendar entry names."""


def add(event: Event, values: dict[str, Any], file: Read | None, *, by: Person, now: datetime) -> Material:
    """Keep one more thing of an event, after the others."""
    last = select(func.coalesce(func.max(Material.position), -1)).where(Material.event_id == event.id)
    made = Material(event_id=event.id, position=(db.session.scalar(last) or 0) + 1, **values)
    db.session.add(made)
    _put(made, file)
    event.has_material = True
    _hand_to_calendars(event, now)
    record("material added", event, by=by, now=now, after={"title": made.title, "seen by": made.seen_by.value})
    return made


def change(
    event: Event, material: Material, values: dict[str, Any], file: Read | None, *, by: Person, now: datetime
) -> None:
    """Other words, another file, or an address in its place."""
    before = {"title": material.title, "seen by": material.seen_by.value}
    for name, value in values.items():
        setattr(material, name, value)
    if file is not None or material.url:
        _put(material, file)
    _hand_to_calendars(event, now)
    after = {"title": material.title, "seen by": material.seen_by.value}
    record("material changed", event, by=by, now=now, before=before, after=after)


def _put(material: Material, file: Read | None) -> None:
    """A new file takes the place of another, and an address that of a file."""
    db.session.flush()
    known = db.session.get(MaterialFile, material.id)
    if known is not None:
        db.session.delete(known)
        db.session.flush()
    material.file_name = material.media_type = ""
    material.size = material.preview_width = material.preview_height = 0
    if file is not None:
        material.url = ""
        material.file_name, material.media_type, material.size = file.name, file.media_type, len(file.content)
        material.preview_width, material.preview_height = file.preview_size
        db.session.add(MaterialFile(material_id=material.id, content=file.content, preview=file.preview))
    db.session.flush()


def remove(event: Event, material: Material, *, by: Person, now: datetime) -> None:
    """Keep it no more."""
    record("material removed", event, by=by, now=now, before={"title": material.title})
    db.session.delete(material)
    db.session.flush()
    _hand_to_calendars(event, now)
    _note_whether_there_is_any(event)


def move_up(event: Event, material: Material, now: datetime) -> None:
    """Before the one that stands before it."""
    order = list(db.session.scalars(all_of(event)))
    at = order.index(material)
    if at:
        order[at - 1 : at + 1] = [material, order[at - 1]]
    for position, each in enumerate(order):
        each.position = position
    db.session.flush()
    _hand_to_calendars(event, now)


def _hand_to_calendars(event: Event, now: datetime) -> None:
    """Entries name what everyone may see. That is a revision of them, but nothing by which anybody plans anew."""
    hold(event)
    shown = all_of(event).where(Material.seen_by == Seen.EVERYONE).limit(MOST_ATTACHED)
    attached = [{"id": one.id, "url": one.url, "type": one.media_type} for one in db.session.scalars(shown)]
    if attached == list(event.attached):
        return
    event.attached = attached
    if event.published_at is not None:
        event.revised_at = now
        refresh(event, now)


def tell_how_it_was(event: Event, values: dict[str, Any], *, by: Person, now: datetime) -> None:
    """Set the report, and how many came."""
    before = {name: getattr(event, name) for name in values}
    for name, value in values.items():
        setattr(event, name, value)
    _note_whether_there_is_any(event)
    if before != values:
        record("report changed", event, by=by, now=now, before=before, after=values)


def _note_whether_there_is_any(event: Event) -> None:
    """So that the pages of all other events need not look."""
    kept = db.session.scalar(all_of(event).with_only_columns(Material.id).limit(1)) is not None
    counted = event.attendance_shown and (event.attendance is not None or arrived(event) > 0)
    event.has_material = kept or bool(event.report) or counted
