"""Fills the event form with what an announcement says; known venues and organizations are chosen, others offered."""

from typing import Any

from society.announcements.online import is_online
from society.announcements.reading import Read, Reading
from society.db import db
from society.events import queries
from society.events.forms import EventForm
from society.events.models import BackingRole, Venue
from society.organizations.actions import split_article
from society.organizations.models import key_of
from society.text import folded
from society.times import known_zone


def fill(form: EventForm, reading: Reading) -> None:
    """Put what was read into the form's fields, and beside each of them the words it was read from."""
    values: dict[str, Any] = {"description": reading.description, "all_day": reading.all_day}
    notes: dict[str, Read[Any]] = {}
    _plain(reading, values, notes)
    _place(reading, values, notes)
    for role, said in reading.backers.items():
        _backers(form, role, said, values, notes)
    form.begin_with(values)
    for name, note in notes.items():
        form[name].read = note


def _plain(reading: Reading, values: dict[str, Any], notes: dict[str, Read[Any]]) -> None:
    fields = {
        "title": reading.title,
        "starts_at": reading.starts,
        "ends_at": reading.ends,
        "room": reading.room,
        "online_url": reading.link,
        "instructions": reading.instructions,
        "capacity": reading.capacity,
        "rsvp_deadline": reading.deadline,
        "tags": reading.tags,
    }
    for name, said in fields.items():
        if said is not None:
            values[name], notes[name] = said.value, said
    if reading.price is not None:
        price = reading.price.value
        values |= {"price": price.amount, "currency": price.currency, "members_free": price.members_free}
        notes["price"] = reading.price
    if reading.zone is not None and known_zone(reading.zone.value):
        values["timezone"], notes["timezone"] = reading.zone.value, reading.zone
    if reading.no_day is not None:
        notes["starts_at"] = reading.no_day
    if reading.starts is not None and reading.ends is None:
        values["ends_at"] = None
    if reading.speakers is not None:
        values["speakers"] = "\n".join(f"{name} | {about}" if about else name for name, about in reading.speakers.value)
        notes["speakers"] = reading.speakers


def _place(reading: Reading, values: dict[str, Any], notes: dict[str, Read[Any]]) -> None:
    """The venue known by that name, else a new one; where none was read, one that the text names somewhere."""
    known = list(db.session.scalars(queries.venues()))
    found = next((venue for venue in known if reading.venue and _same(venue.name, reading.venue.value)), None)
    if found is None and reading.venue is None:
        said = folded(reading.text)
        found = next((venue for venue in known if _is_named(venue, said)), None)
    if found is not None:
        values["venue"] = found.id
        notes["venue"] = reading.venue or Read(found.id, found.name, "The text names it, but not as the place.")
        _clocks_of(found, values)
    elif reading.venue is not None:
        values["venue_name"], notes["venue_name"] = reading.venue.value, reading.venue
        values["venue_address"] = reading.address.value if reading.address else ""
        if reading.address:
            notes["venue_address"] = reading.address


def _is_named(venue: Venue, said: str) -> bool:
    return len(venue.name) > 4 and folded(venue.name) in said and not is_online(venue.name)


def _clocks_of(venue: Venue, values: dict[str, Any]) -> None:
    values.setdefault("timezone", venue.zone)


def _same(one: str, other: str) -> bool:
    return _bare(one) == _bare(other)


def _bare(name: str) -> str:
    return split_article(folded(name))[1]


def _backers(
    form: EventForm, role: BackingRole, said: Read[list[str]], values: dict[str, Any], notes: dict[str, Read[Any]]
) -> None:
    known = {key_of(name): number for number, name in form.chosen(role).choices}
    numbers, new = [], []
    for name in said.value:
        number = known.get(key_of(name)) or known.get(key_of(split_article(name)[1]))
        numbers += [number] if number else []
        new += [] if number else [name]
    values[f"{role}s"], values[f"new_{role}s"] = numbers, "\n".join(new)
    notes.update({f"{role}s": said} if numbers else {})
    notes.update({f"new_{role}s": said} if new else {})
