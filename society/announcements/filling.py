"""Fills the event form with what an announcement says; known venues and organizations are chosen, others offered."""

from dataclasses import replace
from typing import Any

from society.announcements.mentions import Text
from society.announcements.online import is_online
from society.announcements.said import Read, Reading
from society.db import db
from society.events import queries
from society.events.forms import EventForm
from society.events.known_venues import meant, perhaps_meant
from society.events.models import BackingRole, Venue
from society.names import alike, alike_in_any_case, is_of_a_case, is_unspaced, without_article, words_of
from society.times import known_zone

LEAST_OF_A_NAME = 2
"""Words by which a longer name may be meant: "the Society" could be any."""


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
    address = reading.address.value if reading.address else ""
    found = _known_venue(reading.venue, address, known) if reading.venue else _mentioned(reading.text, known)
    if found:
        venue, notes["venue"] = found
        values["venue"] = venue.id
        values.setdefault("timezone", venue.zone)
    elif reading.venue is not None:
        values["venue_name"], notes["venue_name"] = reading.venue.value, _elsewhere(reading.venue, known)
        values["venue_address"] = address
        if reading.address:
            notes["venue_address"] = reading.address


def _known_venue(said: Read[str], address: str, known: list[Venue]) -> tuple[Venue, Read[str]] | None:
    """The one that is meant, with a doubt if there are others, or if it is known by more than is said."""
    found = meant(known, said.value, address)
    fuller = [] if found else perhaps_meant(known, said.value, address)
    doubt = f"That is known at {fuller[0].address}." if fuller else ""
    if len(found or fuller) > 1:
        doubt = "There are several of that name."
    return next(((venue, replace(said, doubt=doubt or said.doubt)) for venue in found or fuller), None)


def _elsewhere(said: Read[str], known: list[Venue]) -> Read[str]:
    """A new venue, with a word on the one of its name that is at another address, or at less of one."""
    other = next((venue for venue in known if alike(venue.name) == alike(said.value)), None)
    if other is None:
        return said
    return replace(said, doubt=f"There is one of that name {f'at {other.address}' if other.address else 'already'}.")


def _mentioned(text: str, known: list[Venue]) -> tuple[Venue, Read[str]] | None:
    """The longest that a text names somewhere, by a name that is no short word."""
    searched = Text(text)
    for venue in sorted(known, key=lambda venue: -len(venue.name)):
        if _is_telling(venue.name) and (said := searched.mention(venue.name)):
            return venue, Read(venue.name, said, "The text names it, but not as the place.")
    return None


def _is_telling(name: str) -> bool:
    return (len(name) > 4 or (len(name) > 2 and is_unspaced(name))) and not is_online(name)


def _backers(
    form: EventForm, role: BackingRole, said: Read[list[str]], values: dict[str, Any], notes: dict[str, Read[Any]]
) -> None:
    """Those that are known are chosen, others entered anew; whether a name stands in its own case is asked."""
    known = dict(form.chosen(role).choices)
    numbers, new, doubts = [], [], []
    for name in said.value:
        number, doubt = _known(name, known)
        numbers += [number] if number else []
        new += [] if number else [without_article(name)]
        doubts += [doubt] if doubt else []
    values[f"{role}s"], values[f"new_{role}s"] = numbers, "\n".join(new)
    note = replace(said, doubt=" ".join(filter(None, (said.doubt, *doubts))))
    notes.update({f"{role}s": note} if numbers else {})
    notes.update({f"new_{role}s": note} if new else {})


def _fuller(name: str, known: dict[int, str]) -> int:
    """The number of the only organization whose name begins or ends with all of that one, or 0: "the Lamplight Society"
    of "The Lamplight Society of Harrowmere"."""
    said = words_of(name)
    ends = ((number, words_of(other)) for number, other in known.items())
    found = [number for number, words in ends if said in (words[: len(said)], words[-len(said) :])]
    return found[0] if len(found) == 1 and len(said) >= LEAST_OF_A_NAME else 0


def _known(name: str, known: dict[int, str]) -> tuple[int, str]:
    """The number of the organization of that name, or 0, and what is doubtful about it."""
    if found := next((number for number, other in known.items() if alike(other) == alike(name)), 0):
        return found, ""
    if fuller := _fuller(name, known):
        return fuller, f"Is “{known[fuller]}” meant by “{name}”?"
    if not is_of_a_case(name):
        return 0, ""
    like = alike_in_any_case(name)
    found = next((number for number, other in known.items() if alike_in_any_case(other) == like), 0)
    return found, f"Is “{known[found]}” meant by “{name}”?" if found else f"How is “{name}” called by itself?"
