"""The bytes of a public feed, as the web serves them and as the command writes them.

A feed is kept in parts of some hundred entries. When it changes, the entries of the events in question are read anew,
and no others; the parts that held them, or are to hold them, are put together anew with what else they hold. Which
events those are is told beside the version: `society.calendars.changes`.
"""

import sys
from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from typing import cast

from flask import current_app
from sqlalchemy import Select, bindparam, select

from society.calendars import queries
from society.calendars.changes import events_between
from society.calendars.models import Entry, Feed
from society.calendars.queries import Validator, holds
from society.calendars.render import address, frame, home_zone
from society.db import db
from society.kept import Answer, Keep
from society.packing import Piece, gzipped
from society.rows import Peek
from society.settings import absolute, renew, society

KIND = "text/calendar; charset=utf-8"
SIZE = 200
"""Entries in a part: so few that one is packed in a moment, so many that a large feed is sent in a few hundred."""

Place = tuple[datetime, int]
"""Where an entry stands in a feed: by its start, and its event's number."""
Stored = tuple[datetime, int, str | None, bytes]
"""An entry's place, zone and bytes."""


class Part:
    """Entries that follow each other."""

    def __init__(self, rows: Sequence[Stored]) -> None:
        self._starts = [row[0] for row in rows]
        self._numbers = [row[1] for row in rows]
        self._zones = [row[2] and sys.intern(row[2]) for row in rows]
        self._bounds = array("Q", accumulate((len(row[3]) for row in rows), initial=0))
        self.first: Place = self._starts[0], self._numbers[0]
        self.events = frozenset(self._numbers)
        self.zones = frozenset(filter(None, self._zones))
        self.entries = Piece(b"".join(row[3] for row in rows))

    def rows(self) -> Iterator[Stored]:
        """What it was made of."""
        bodies = (self.entries.body[begin:end] for begin, end in pairwise(self._bounds))
        return zip(self._starts, self._numbers, self._zones, bodies, strict=True)


@dataclass
class Held(Answer):
    """A public feed at one version."""

    asof: Validator
    parts: Sequence[Part]
    head: Piece
    foot: Piece

    kind = KIND

    def __post_init__(self) -> None:
        self.version, self.until, self.etag = self.asof.version, self.asof.stale_at, self.asof.etag
        self._plain = [self.head.body, *(part.entries.body for part in self.parts), self.foot.body]
        self._size = sum(map(len, self._plain))

    def content(self, *, packed: bool) -> list[bytes]:
        if not packed:
            return self._plain
        parts = gzipped([self.head, *(part.entries for part in self.parts), self.foot])
        self._size = sum(map(len, self._plain)) + sum(map(len, parts))
        return parts

    @property
    def size(self) -> int:
        return self._size


def public_feed(key: str, at: datetime) -> bytes:
    """A feed made anew from its stored entries."""
    parts = list(_read(_entries(key, at), SIZE))
    head, foot = _frame(key, parts, at)
    return b"".join([head, *(part.entries.body for part in parts), foot])


def feeds() -> Keep[Held]:
    """The feeds that this process holds."""
    return cast(Keep[Held], current_app.extensions["feeds"])


_state = Peek(select(Feed.version, Feed.changed_at, Feed.stale_at, Feed.changes).where(Feed.key == bindparam("key")))


def feed_at(key: str, version: Validator) -> Held:
    """A feed at its version, or at a later one that has come to be meanwhile."""
    held = feeds().last(key)
    return held if held is not None and held.etag == version.etag else _current(key, held)


def _current(key: str, held: Held | None) -> Held:
    """A feed, which has a version, as it is committed: from what this process holds of it, as far as that goes.

    Its entries are those at the instant from which the version is, since until it is stale time takes none of them out.
    On PostgreSQL each statement sees what is committed by then. So the version is looked at once more in the end: if
    it is the same still, no statement saw another; else what has changed since is read on top.
    """
    asof, changes = _standing(key)
    while True:
        if held is None or held.etag != asof.etag:
            held = _made(key, asof, _parts(key, asof, changes, held))
        then, (asof, changes) = asof, _standing(key)
        if asof.etag == then.etag:
            feeds().put(key, held)
            return held


def _standing(key: str) -> tuple[Validator, str]:
    row = _state.here(key=key)
    assert row
    return Validator(*row[:3]), row[3]


def _made(key: str, asof: Validator, parts: Sequence[Part]) -> Held:
    renew()  # the society may have been read before the version was
    head, foot = _frame(key, parts, asof.changed_at)
    return Held(asof, parts, Piece(head), Piece(foot))


def _frame(key: str, parts: Sequence[Part], at: datetime) -> tuple[bytes, bytes]:
    first = parts[0].first[0] if parts else at
    return frame(
        frozenset().union(*(part.zones for part in parts)) if parts else [home_zone()],
        first.date() - timedelta(days=1),  # by the clocks of no zone is it earlier
        name=queries.title(key) or "",
        source=absolute(address(key)),
        about=society().tagline,
    )


def _parts(key: str, asof: Validator, changes: str, held: Held | None) -> Sequence[Part]:
    changed = events_between(changes, held.asof, asof) if held and held.parts else None
    if held is None or changed is None:
        return list(_read(_entries(key, asof.changed_at), SIZE))
    return list(_patched(held.parts, changed, _shown(key, asof.changed_at, changed)))


def _entries(key: str, at: datetime) -> Select[*Stored]:
    columns = Entry.starts_at, Entry.event_id, Entry.zone, Entry.vevent
    return queries.entries(key, at).with_only_columns(*columns)


def _read(shown: Select[*Stored], size: int) -> Iterator[Part]:
    connection = db.session.connection()  # plain rows: by way of the session each would cost more
    return map(Part, connection.execute(shown).partitions(size))


_entry = Peek(
    select(Entry.starts_at, Entry.event_id, Entry.zone, Entry.vevent)
    .add_columns(Entry.feeds, Entry.ends_at, Entry.cancelled_at)
    .where(Entry.event_id == bindparam("event_id"))
)


def _shown(key: str, at: datetime, events: Collection[int]) -> list[Stored]:
    """The entries of these events, as far as the feed holds them."""
    rows = filter(None, (_entry.here(event_id=event) for event in events))  # nearly always one
    return [row[:4] for row in rows if holds(key, at, *row[4:])]


def _patched(parts: Sequence[Part], changed: set[int], anew: Sequence[Stored]) -> Iterator[Part]:
    """The parts, of which those that held one of the changed events, or are to hold it, are put together anew."""
    firsts = [part.first for part in parts]
    added = defaultdict[int, list[Stored]](list)
    for row in anew:
        added[max(bisect_right(firsts, row[:2]) - 1, 0)].append(row)
    for number, part in enumerate(parts):
        if number in added or not part.events.isdisjoint(changed):
            kept = [row for row in part.rows() if row[1] not in changed]
            yield from _cut(sorted([*kept, *added[number]], key=_place))
        else:
            yield part


def _place(row: Stored) -> Place:
    return row[0], row[1]


def _cut(rows: Sequence[Stored]) -> Iterator[Part]:
    """Into parts that may be twice as large, else each newcomer would be one."""
    for first in range(0, len(rows), 2 * SIZE):
        yield Part(rows[first : first + 2 * SIZE])
