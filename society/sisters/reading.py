"""What of another society's calendar is shown here: a bounded stretch of it, as plain text."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from society.errors import Refused
from society.events.models import instants
from society.imports.plain import Read
from society.imports.reading import Reading, Unread, read
from society.sisters.models import SisterEntry
from society.text import counted
from society.times import place_of

BACK, AHEAD = timedelta(days=30), timedelta(days=548)
"""How far before and after today their events are shown."""
MOST = 2_000
"""Events of one calendar."""
MOST_READ = 5 * MOST
"""Of which the first are shown; a calendar with more is refused before it takes long."""


@dataclass
class Look:
    """What would be shown, soonest first, and what of it cannot be kept, with why."""

    reading: Reading
    about: list[str]
    entries: list[SisterEntry] = field(default_factory=list)

    @property
    def left_out(self) -> list[Unread]:
        return self.reading.unread

    def keep(self, shown: Iterable[SisterEntry]) -> int:
        """Let what is shown already, and cannot be read any more, stay as it is; returns how many events that are."""
        may_hold, present = self.reading.may_hold(), {(entry.uid, entry.recurrence) for entry in self.entries}
        kept = [entry for entry in shown if may_hold(entry.uid, entry.recurrence)]
        kept = [entry for entry in kept if (entry.uid, entry.recurrence) not in present and self.is_near(entry)]
        self.entries += [SisterEntry(**{name: getattr(entry, name) for name in (*_SHOWN, *_TIMES)}) for entry in kept]
        self.entries.sort(key=_place)
        return len(kept)

    def is_near(self, entry: SisterEntry) -> bool:
        today = self.reading.today
        return entry.ends.date() >= today - BACK and entry.starts.date() <= today + AHEAD

    @property
    def digest(self) -> str:
        """The same for as long as the same is shown."""
        said = [tuple(getattr(entry, name) for name in _SHOWN) for entry in self.entries]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:32]

    def coming(self, today: date) -> list[SisterEntry]:
        """What is not over, by the days where it is."""
        return [entry for entry in self.entries if entry.ends.date() >= today]


_SHOWN = ("uid", "recurrence", "title", "starts", "ends", "zone", "all_day", "place", "url", "cancelled")
_TIMES = ("starts_at", "ends_at")


def _place(entry: SisterEntry) -> tuple[datetime, str, str]:
    return entry.starts_at, entry.uid, entry.recurrence


def looked_at(content: bytes, *, zone: str, today: date) -> Look:
    """Read a calendar file for being shown to everyone: neither what is not public there, nor what is not certain yet.
    Times without a zone are taken by the clocks of the one that it names for itself, else of `zone`, which is told.

    Raises Refused if it is no calendar.
    """
    reading = read(content, zone=zone, today=today, since=today - BACK, most=MOST_READ)
    look, zone = Look(reading, list(reading.about)), reading.zone or zone
    near = list(_near(look, zone))
    look.entries = sorted((entry for event, entry in near if not (event.private or event.tentative)), key=_place)
    look.about += _passed_over([event for event, _entry in near])
    if reading.floating:
        clocks = f"by the clocks of {place_of(zone)}"
        look.about.append(f"{counted(reading.floating, 'time')} without a zone: they are taken {clocks}.")
    if len(look.entries) > MOST:
        look.about.append(f"Only the first {MOST:,} of {len(look.entries):,} are shown.")
        del look.entries[MOST:]
    return look


def _near(look: Look, zone: str) -> Iterator[tuple[Read, SisterEntry]]:
    for event in look.reading.events:
        try:
            entry = _entry(event, zone)
        except Refused as refusal:
            look.left_out.append(Unread(event.line, event.title, str(refusal), event.uid, event.recurrence))
            continue
        if look.is_near(entry):
            yield event, entry


def _passed_over(events: Sequence[Read]) -> Iterator[str]:
    """What of them is for nobody here yet, in sentences."""
    private = sum(event.private for event in events)
    tentative = sum(event.tentative and not event.private for event in events)
    if private:
        yield f"Left out as not public there: {counted(private, 'event')}."
    if tentative:
        yield f"Left out until certain there: {counted(tentative, 'event')}."


def _entry(event: Read, zone: str) -> SisterEntry:
    """Raises Refused where clocks never show such a time, or it lasts longer than events do."""
    zone = event.zone or zone
    starts_at, ends_at = instants(event.starts, event.ends, zone, all_day=event.all_day)
    same = ("uid", "recurrence", "title", "starts", "ends", "all_day", "place", "url", "cancelled")
    values = {name: getattr(event, name) for name in same}
    return SisterEntry(**values, zone=zone, starts_at=starts_at, ends_at=ends_at)
