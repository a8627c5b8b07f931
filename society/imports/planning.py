"""What reading a calendar file in would do, event by event, before anything is done."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from society.db import db
from society.errors import Refused
from society.events.models import Event, instants
from society.imports.comparing import ROOM, Places, changes, is_as_made, is_link
from society.imports.models import ImportedEvent
from society.imports.plain import FLOATING, Read
from society.imports.reading import Reading, Unread
from society.text import listed

_BATCH = 500
STAYS = "It stays here as it is."
"""What is said of an event that was read in before, and cannot be any more."""


class Will(StrEnum):
    """What becomes of one event of the file."""

    ADD = "add"
    CHANGE = "change"
    UNCHANGED = "unchanged"
    KEEP_OURS = "keep ours"
    GONE = "gone"
    LEAVE_OUT = "leave out"


@dataclass(frozen=True)
class Fate:
    """One event of the file, and what becomes of it."""

    will: Will
    line: int
    who: str
    when: str = ""
    told: str = ""


@dataclass(frozen=True)
class Options:
    """What the organizer decides for all of them."""

    zone: str | None = None
    """Where times without a zone hold; None leaves such events out."""
    publish: bool = False
    make_new: bool = False
    """Whether places and categories that are not known yet are made."""
    tell: bool = False
    """Whether guests of published events are written to when theirs changes."""


@dataclass
class Plan:
    """What is to be added and changed, and every event's fate."""

    add: list[Read] = field(default_factory=list)
    change: list[tuple[ImportedEvent, Read]] = field(default_factory=list)
    fates: list[Fate] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)
    """The numbers of the rows of those that were read in before and are in the file still."""

    @property
    def counts(self) -> Counter[Will]:
        return Counter(fate.will for fate in self.fates)

    @property
    def in_words(self) -> str:
        """ "3 new, 1 changed, 12 as they were and 2 left out"."""
        said = {
            Will.ADD: "new",
            Will.CHANGE: "changed",
            Will.UNCHANGED: "as they were",
            Will.KEEP_OURS: "changed here since and kept",
            Will.LEAVE_OUT: "left out",
            Will.GONE: "no longer there",
        }
        counts = self.counts
        return listed([f"{counts[will]:,} {words}" for will, words in said.items() if counts[will]]) or "nothing"


def plan(reading: Reading, options: Options, places: Places) -> Plan:
    """Compare a file with what is here; statements grow by one for every few hundred events of it."""
    uids = {event.uid for event in reading.events} | {unread.uid for unread in reading.unread}
    known, done = _known(uids), Plan()
    made = _made_by_series({read.uid for read in reading.events if read.recurrence})
    for read in reading.events:
        event = replace(read, zone=options.zone) if read.zone == FLOATING and options.zone else read
        _decide(event, known.get((read.uid, read.recurrence)), made, places, options, done)
    present = _present(reading, known)
    seen = [row for key, row in known.items() if key in present]
    done.seen = [row.id for row in seen]
    if not reading.breaks_off:
        done.fates += _gone(seen, present, reading)
    titles = {row.uid: row.event.title for row in known.values()}
    done.fates += [_left_out(unread, titles.get(unread.uid)) for unread in reading.unread]
    return done


def _present(reading: Reading, known: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """What is in the file, and of what is known what may be among that which cannot be read."""
    may_hold = reading.may_hold()
    unread = {key for key in known if may_hold(*key)}
    return unread | {(read.uid, read.recurrence) for read in reading.events}


def _left_out(unread: Unread, title: str | None) -> Fate:
    told = f"{unread.why} {STAYS}" if title else unread.why
    return Fate(Will.LEAVE_OUT, unread.line, unread.who or title or "", told=told)


def _known(named: Iterable[str]) -> dict[tuple[str, str], ImportedEvent]:
    """What was read in before, by UID and occurrence."""
    uids = sorted(filter(None, named))
    found: dict[tuple[str, str], ImportedEvent] = {}
    for first in range(0, len(uids), _BATCH):
        rows = select(ImportedEvent).where(ImportedEvent.uid.in_(uids[first : first + _BATCH]))
        for row in db.session.scalars(rows.options(joinedload(ImportedEvent.event))):
            found[row.uid, row.recurrence] = row
    return found


def _gone(seen: Sequence[ImportedEvent], present: set[tuple[str, str]], reading: Reading) -> list[Fate]:
    """What is to come and was read in together with these the last time."""
    together = {row.read_at for row in seen}
    rows = select(ImportedEvent).join(ImportedEvent.event).options(contains_eager(ImportedEvent.event))
    rows = rows.where(ImportedEvent.read_at.in_(together), Event.cancelled_at.is_(None))
    rows = rows.where(Event.ends >= datetime.combine(reading.today, datetime.min.time())).order_by(Event.starts)
    gone = [row.event for row in db.session.scalars(rows) if (row.uid, row.recurrence) not in present]
    told = "It was there when this was last read in. It stays here as it is: cancel it if it is off."
    return [Fate(Will.GONE, 0, event.title, _spoken(event), told) for event in gone]


def _made_by_series(uids: set[str]) -> set[tuple[str, str]]:
    """The days of recurring events that a series here has made itself since the file was first read."""
    if not uids:
        return set()
    rows = select(ImportedEvent.uid, Event.series_id).join(ImportedEvent.event).where(Event.series_id.is_not(None))
    series = {number: uid for uid, number in db.session.execute(rows.distinct()) if uid in uids}
    days = select(Event.series_id, Event.series_on).where(Event.series_id.in_(series), Event.series_on.is_not(None))
    return {(series[number], day.isoformat()) for number, day in db.session.execute(days) if day}


def _decide(
    event: Read,
    row: ImportedEvent | None,
    made: set[tuple[str, str]],
    places: Places,
    options: Options,
    done: Plan,
) -> None:
    will, told = _will(event, row, made)
    words = [told, *event.told, *_about_places(event, places, options)] if will is not Will.LEAVE_OUT else [told]
    if will is Will.ADD:
        done.add.append(event)
    elif will is Will.CHANGE and row is not None:
        done.change.append((row, event))
        words.append(_guests(row.event))
    if row is not None and will in (Will.CHANGE, Will.KEEP_OURS) and not event.cancelled:
        words.insert(1, changes(row.event, event, places, make_new=options.make_new))
    done.fates.append(Fate(will, event.line, event.title, _spoken(event), " ".join(filter(None, words))))


def _spoken(event: Read | Event) -> str:
    return f"{event.starts:%-d %B %Y}" if event.all_day else f"{event.starts:%-d %B %Y, %H:%M}"


def _will(event: Read, row: ImportedEvent | None, made: set[tuple[str, str]]) -> tuple[Will, str]:
    if impossible := _impossible(event):
        return Will.LEAVE_OUT, f"{impossible} {STAYS}" if row else impossible
    if row is not None:
        return _will_with(event, row)
    if event.cancelled:
        return Will.LEAVE_OUT, "It is cancelled."
    if (event.uid, event.starts.date().isoformat()) in made:
        return Will.UNCHANGED, "The series here has made it."
    return Will.ADD, ""


def _impossible(event: Read) -> str:
    """Why it cannot take place; empty if it can."""
    if event.zone == FLOATING:
        return "Its times have no zone."
    try:
        instants(event.starts, event.ends, event.zone, all_day=event.all_day)
    except Refused as refusal:
        return str(refusal)
    return ""


def _will_with(event: Read, row: ImportedEvent) -> tuple[Will, str]:
    """What becomes of one that was read in before."""
    if row.digest == event.digest:
        return Will.UNCHANGED, ""
    if event.cancelled:
        return Will.KEEP_OURS, "It is cancelled there; cancel it here if it is off, so that guests are told."
    if not is_as_made(row):
        return Will.KEEP_OURS, "It was changed there, and here by hand."
    return Will.CHANGE, ""


def _about_places(event: Read, places: Places, options: Options) -> list[str]:
    said = []
    if event.place and not places.venue(event.place) and not is_link(event.place):
        said.append(f"New venue: {event.place[:80]}." if options.make_new else f"Place as told: {event.place[:80]}.")
        if len(event.place) > ROOM and not options.make_new:
            said.append(f"The place is cut to {ROOM} characters.")
    if event.category and event.category.casefold() not in places.categories:
        said.append(
            f"New category: {event.category}." if options.make_new else f"The category {event.category} is not known."
        )
    return said


def _guests(event: Event) -> str:
    return "It is published; calendars follow." if event.published_at else ""


def worst_first(fates: Sequence[Fate]) -> list[Fate]:
    """What needs a look comes before what does not; else in the order of the file."""
    order = [Will.LEAVE_OUT, Will.KEEP_OURS, Will.GONE, Will.CHANGE, Will.ADD, Will.UNCHANGED]
    return sorted(fates, key=lambda fate: (order.index(fate.will), not fate.told, fate.line))
