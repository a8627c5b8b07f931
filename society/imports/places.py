"""The venues and categories that what is read in is at and of: those that are known, and those still to be made."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Self

from sqlalchemy import select

from society.db import db
from society.events.actions import RESERVED, category_named, venue_among, venue_named
from society.events.models import Category, Venue
from society.names import alike
from society.text import slug


@dataclass
class Places:
    """By their names: venues as these are alike, categories without case. What is made through it is stored at once."""

    venues: dict[str, Venue]
    categories: dict[str, Category]
    rows: list[Venue | Category]
    """All that were known."""

    @classmethod
    def known(cls) -> Self:
        venues = db.session.scalars(select(Venue).order_by(Venue.id)).all()
        found: dict[str, Venue] = {}
        for venue in venues:
            found.setdefault(alike(f"{venue.name} {venue.address}"), venue)
        named = Counter(alike(venue.name) for venue in venues)
        for venue in venues:
            if named[alike(venue.name)] == 1:
                found.setdefault(alike(venue.name), venue)
        categories = db.session.scalars(select(Category)).all()
        return cls(found, {row.name.casefold(): row for row in categories}, [*venues, *categories])

    def venue(self, place: str) -> Venue | None:
        """The venue meant by all that was said; one that says less or more than that is another."""
        return self.venues.get(alike(place))

    def venue_made(self, place: str, zone: str) -> Venue:
        """One that is not known yet."""
        name, _, address = place.partition(",")
        made = self.venues[alike(place)] = self._new_venue(name.strip()[:200], address.strip(), zone)
        return made

    def category_made(self, name: str) -> Category:
        """One that is not known yet."""
        made = self.categories[name.casefold()] = self._new_category(name)
        return made

    def _new_venue(self, name: str, address: str, zone: str) -> Venue:
        made = venue_named(name, address, zone)
        db.session.flush()
        return made

    def _new_category(self, name: str) -> Category:
        made = category_named(name)
        db.session.flush()
        return made


@dataclass
class Planned(Places):
    """What is made through it is stored later, if things stand as they did."""

    made: list[Venue | Category] = field(default_factory=list)
    _places: dict[int, int] = field(default_factory=dict)

    def place_of(self, row: Venue | Category | None) -> int | None:
        """Where it is among those that were made; None for one that is stored."""
        return self._places.get(id(row))

    def stored(self) -> Places:
        """All of them, those that were made stored now."""
        db.session.add_all(self.made)
        db.session.flush()
        return Places(self.venues, self.categories, self.rows + self.made)

    def _plan(self, row: Venue | Category) -> None:
        self._places[id(row)] = len(self.made)
        self.made.append(row)

    def _new_venue(self, name: str, address: str, zone: str) -> Venue:
        venues = [row for row in [*self.rows, *self.made] if isinstance(row, Venue)]
        found = venue_among(venues, name, address)
        if found is None:
            found = Venue(name=name, address=address, zone=zone, slug=self._slug(Venue, name))
            self._plan(found)
        return found

    def _new_category(self, name: str) -> Category:
        found = Category(name=name, slug=self._slug(Category, name))
        self._plan(found)
        return found

    def _slug(self, kind: type[Venue | Category], name: str) -> str:
        taken = {row.slug for row in [*self.rows, *self.made] if isinstance(row, kind)} | set(RESERVED)
        return slug(name, taken=taken.__contains__)
