"""By what a list of events is narrowed, and what it can be narrowed by."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, literal, or_, select, union_all

from society.db import db
from society.events.models import OPEN_TO_ALL, Category, Event, Speaker, Venue
from society.events.queries import IS_PUBLIC, known_to
from society.people.models import Person
from society.text import folded, in_an_address

OFFERED = 100
"""Venues that can be chosen to narrow a list; the others are reached by their own pages."""


@dataclass(frozen=True)
class Asked:
    """By what somebody narrows a list of events."""

    q: str = ""
    category: str = ""
    """Its slug, as those of venues."""
    venue: str = ""
    place: str = ""
    """A town."""
    tag: str = ""
    open: bool = False
    """Only what everyone may come to (see `OPEN_TO_ALL`)."""
    seats: bool = False
    """Only where there are seats left."""
    own: bool = False
    """Only what is ours, and nothing of sister societies."""

    @property
    def given(self) -> dict[str, str]:
        """What stands in the address."""
        plain = {"q": self.q, "category": self.category, "venue": self.venue, "place": self.place, "tag": self.tag}
        ticked = {name: "yes" if getattr(self, name) else "" for name in ("open", "seats", "own")}
        return {name: value for name, value in {**plain, **ticked}.items() if value}


def narrowed(events: Select[Event], asked: Asked) -> Select[Event]:
    """Those that hold every word somewhere, and so on; whether there are seats is counted further right."""
    for word in asked.q.split():
        events = events.where(_holds(word))
    if asked.category:
        events = events.where(Event.category.has(Category.slug == asked.category))
    if asked.venue:
        events = events.where(Event.venue.has(Venue.slug == asked.venue))
    if asked.place:
        events = events.where(Event.venue.has(Venue.town == asked.place))
    if asked.tag:
        events = events.where(tagged_with(in_an_address(asked.tag)))
    if asked.open:
        events = events.where(Event.rsvp_policy.in_(OPEN_TO_ALL), IS_PUBLIC)
    return events


def tagged_with(key: str) -> ColumnElement[bool]:
    """Whether an event has the tag; none has one without letters."""
    return Event.tag_keys.contains(f" {key} ", autoescape=True)


def _holds(word: str) -> ColumnElement[bool]:
    """Whether a word occurs in what names the event, whatever its case and accents."""
    plain = folded(word)
    found = [
        Event.folded.contains(plain, autoescape=True),
        Event.venue.has(Venue.folded.contains(plain, autoescape=True)),
    ]
    if key := in_an_address(word):
        found.append(Event.speakers.any(Speaker.key.contains(key, autoescape=True)))
    return or_(*found)


@dataclass(frozen=True)
class Choices:
    """By what a list can be narrowed: pairs of slug and name."""

    categories: Sequence[tuple[str, str]]
    venues: Sequence[tuple[str, str]]
    towns: Sequence[str]


def choices(person: Person | None) -> Choices:
    """The categories, the venues and their towns that they may know of, in one query."""
    category, venue = (known_to(person, kind) for kind in (Category, Venue))
    kinds = select(literal("category").label("kind"), Category.slug, Category.name).where(category)
    venues = select(literal("venue").label("kind"), Venue.slug, Venue.name).where(venue)
    venues = venues.order_by(Venue.name).limit(OFFERED)
    towns = select(literal("town"), Venue.town, Venue.town).where(Venue.town != "", venue).distinct().limit(OFFERED)
    parts = kinds, venues.subquery().select(), towns.subquery().select()
    rows = db.session.execute(union_all(*parts).order_by("name")).all()
    of_kind = {kind: [(slug, name) for k, slug, name in rows if k == kind] for kind in ("category", "venue", "town")}
    return Choices(of_kind["category"], of_kind["venue"], [town for town, _name in of_kind["town"]])
