"""What of reading a calendar in can be done before the write begins, since all others wait for its end.

New events are made and rendered by how things stand, and only written down within, if they stand so still.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import insert

from society.calendars.actions import public_feeds, rendered
from society.calendars.models import Entry
from society.calendars.render import rendering
from society.db import db
from society.events.models import Event
from society.imports.comparing import Places, is_link
from society.imports.models import ImportedEvent
from society.imports.plain import Read
from society.rows import laid_out, write_laid_out
from society.rsvps.feed import instant_of_new, raise_for_new

_BATCH = 500


@dataclass
class Ahead:
    """Rows as the driver takes them, and all that they were made by."""

    at: datetime
    stood: Sequence[object]
    reads: list[Read] = field(default_factory=list)
    events: list[list[Any]] = field(default_factory=list)
    origins: list[list[Any]] = field(default_factory=list)
    entries: dict[int, dict[str, Any]] = field(default_factory=dict)
    """Of published events, by their place among these."""
    slugs: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)

    def add(self, read: Read, event: Event, origin: ImportedEvent) -> None:
        row = laid_out(event)
        if event.slug is not None:
            self.entries[len(self.events)] = rendered(event)
            self.slugs.add(event.slug)
            self.keys |= public_feeds(event)
        self.reads.append(read)
        self.events.append(row)
        self.origins.append(laid_out(origin))

    def holds(self, wanted: Sequence[Read], stand: Sequence[object], slugs: Container[str]) -> bool:
        """Whether they would be made the same now, under the lock."""
        if self.reads != wanted or self.stood != stand or any(slug in slugs for slug in self.slugs):
            return False
        return not self.entries or instant_of_new(self.keys, self.at) == self.at

    def write(self) -> None:
        numbers = write_laid_out(Event, self.events)
        place = [column.name for column in ImportedEvent.__table__.columns if not column.primary_key].index("event_id")
        for number, origin in zip(numbers, self.origins, strict=True):
            origin[place] = number
        write_laid_out(ImportedEvent, self.origins)
        if self.entries:
            entered = ({"event_id": numbers[index], **entry} for index, entry in self.entries.items())
            while some := list(islice(entered, _BATCH)):
                db.session.execute(insert(Entry), some)
            raise_for_new(self.keys, {numbers[index]: entry for index, entry in self.entries.items()}, self.at)


def as_things_stand(places: Places, free: set[str]) -> list[object]:
    """All that new events are made by, besides what the file says of them."""
    rows = [*places.venues.values(), *places.categories.values()]
    return [rendering(), free, [[getattr(row, column.key) for column in row.__table__.columns] for row in rows]]


def can_be_made(read: Read, places: Places, *, make_new: bool) -> bool:
    """Whether it needs no series, venue or category that is to be made first."""
    new_place = read.place and not is_link(read.place) and not places.venue(read.place)
    new_category = read.category and read.category.casefold() not in places.categories
    return not read.recurrence and not (make_new and (new_place or new_category))
