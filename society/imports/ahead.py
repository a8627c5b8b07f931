"""What of reading a calendar in can be done before the write begins, since all others wait for its end.

New events are made and rendered by how things stand, those of what recurs and at places still to be made among them.
Within the write they are only written down, if things stand so still; else they are made once more.
"""

import pickle
import zlib
from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import insert

from society.calendars.actions import rendered
from society.calendars.component import stamped
from society.calendars.models import Entry
from society.calendars.render import rendering
from society.db import db
from society.events.models import Event
from society.imports.comparing import Said, mark, marked
from society.imports.models import ImportedEvent
from society.imports.places import Places, Planned
from society.imports.plain import Read
from society.inserts import laid_out, put, write_laid_out
from society.rsvps.feed import instant_of_new, raise_for_new

_BATCH = 500
STANDING = ("feeds", "ends_at", "cancelled_at", "visibility")
"""Of an entry, by what feeds hold it."""

Together = Callable[[str, Sequence[Read]], tuple[int, set[date]] | None]
"""Of which series, by number, and of which of its days those of one UID are, if of any."""


class _Made(NamedTuple):
    """One event as the driver takes it."""

    event: list[Any]
    origin: list[Any]
    entry: dict[str, Any] | None
    """Of one that is published."""
    marked: Said
    numbers: tuple[int | None, int | None]
    """Of its venue and its category, as far as they are stored."""
    planned: tuple[int | None, int | None]
    """Where these are among the places still to be made."""


@dataclass
class Ahead:
    """Rows as the driver takes them, and all that they were made by. Packed: many are nearly alike."""

    at: datetime
    stood: Sequence[object]
    places: Planned
    reads: list[Read] = field(default_factory=list)
    slugs: set[str] = field(default_factory=set)
    _packed: list[bytes] = field(default_factory=list)
    _loose: list[_Made] = field(default_factory=list)
    _keys: set[str] = field(default_factory=set)

    def add(self, read: Read, event: Event, origin: ImportedEvent) -> None:
        """One more; `event` is not stored."""
        row, entry = laid_out(event), None  # which shows its defaults from now on
        if event.slug is not None:
            entry = rendered(event)
            self.slugs.add(event.slug)
            self._keys.update(entry["feeds"].split())
        planned = self.places.place_of(event.venue), self.places.place_of(event.category)
        numbers = event.venue_id, event.category_id
        self.reads.append(read)
        self._loose.append(_Made(row, laid_out(origin), entry, marked(event), numbers, planned))
        if len(self._loose) == _BATCH:
            self._pack()

    def _pack(self) -> None:
        self._packed.append(zlib.compress(pickle.dumps(self._loose), level=1))
        self._loose = []

    def _unpacked(self) -> Iterator[list[_Made]]:
        for those in self._packed:
            yield pickle.loads(zlib.decompress(those))  # noqa: S301, our own
        if self._loose:
            yield self._loose

    def holds(self, wanted: Sequence[Read], stand: Sequence[object], slugs: Container[str]) -> bool:
        """Whether they would be made the same now, under the lock."""
        return self.reads == wanted and self.stood == stand and not any(slug in slugs for slug in self.slugs)

    def write(self, together: Together) -> None:
        """Write them down. The places that were to be made are stored already."""
        series, at, shown = self._series(together), self.at, dict[int, dict[str, Any]]()
        if self._keys:
            at = instant_of_new(self._keys, self.at)  # a feed may have been given meanwhile that has them not
        reads = iter(self.reads)
        for those in self._unpacked():
            for one, read in zip(those, reads, strict=False):
                self._settle(one, at, series.get(read.uid, {}).get(read.starts.date()) if read.recurrence else None)
            shown |= _written(those)
        if shown:
            raise_for_new(self._keys, shown, at)

    def _series(self, together: Together) -> Mapping[str, Mapping[date, int]]:
        recurring = defaultdict[str, list[Read]](list)
        for read in self.reads:
            if read.recurrence:
                recurring[read.uid].append(read)
        found = {uid: together(uid, reads) for uid, reads in recurring.items()}
        return {uid: dict.fromkeys(joined[1], joined[0]) for uid, joined in found.items() if joined}

    def _settle(self, one: _Made, at: datetime, series: int | None) -> None:
        """What is only known now."""
        put(Event, one.event, "series_id", series)
        if series is None:
            put(Event, one.event, "series_on", None)
        if one.entry and at != self.at:
            put(Event, one.event, "revised_at", at)
            one.entry["vevent"] = stamped(one.entry["vevent"], at)
        if any(place is not None for place in one.planned):
            made = (place if place is None else self.places.made[place].id for place in one.planned)
            venue, category = (new or old for new, old in zip(made, one.numbers, strict=True))
            put(Event, one.event, "venue_id", venue)
            put(Event, one.event, "category_id", category)
            put(ImportedEvent, one.origin, "as_made", mark(one.marked, venue, category))


def _written(those: Sequence[_Made]) -> dict[int, dict[str, Any]]:
    """By number, what stands with the entries of those that are published."""
    numbers = write_laid_out(Event, [one.event for one in those])
    for number, one in zip(numbers, those, strict=True):
        put(ImportedEvent, one.origin, "event_id", number)
    write_laid_out(ImportedEvent, [one.origin for one in those])
    entries = {number: one.entry for number, one in zip(numbers, those, strict=True) if one.entry}
    if entries:
        db.session.execute(insert(Entry), [{"event_id": number, **entry} for number, entry in entries.items()])
    return {number: {name: entry[name] for name in STANDING} for number, entry in entries.items()}


def as_things_stand(places: Places, free: set[str]) -> list[object]:
    """All that new events are made by, besides what the file says of them."""
    known = [[getattr(row, column.key) for column in row.__table__.columns] for row in places.rows]
    return [rendering(), free, known]
