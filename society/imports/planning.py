"""What reading a calendar file in would do, event by event, before anything is done."""

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from society.calendars.render import event_address
from society.db import db
from society.errors import Refused
from society.events.models import Event, instants
from society.events.render import spoken_time
from society.imports.comparing import ROOM, along, changes, is_as_made, is_link
from society.imports.matching import known_by, matched, parted_from, series_of, split_off
from society.imports.models import ImportedEvent
from society.imports.places import Places
from society.imports.plain import FLOATING, Read
from society.imports.reading import Reading, Unread
from society.text import listed

_BATCH = 500
STAYS = "It stays here as it is."
"""What is said of an event that was read in before, and cannot be any more."""


PARTED = "What recurs was split there, and goes on under another name: it is the same event here, with its answers."
OURS = "It is ours already, from a file that was written here, and stays as it is."
OUR_UIDS = "@society.event"
"""How the names end that this program gives to events in calendars."""


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
    found: dict[tuple[str, str], ImportedEvent] = field(default_factory=dict)
    """By UID and occurrence, what stands here of the events of the file, whatever becomes of each."""
    series: dict[str, int] = field(default_factory=dict)
    """By UID, the number of the series that its occurrences are in."""
    left: set[str] = field(default_factory=set)
    """The UIDs of which some have gone."""
    parted: dict[str, str] = field(default_factory=dict)
    """Of which other recurring event, by UID, one goes on."""

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
    uids |= {other[0] for other in map(parted_from, uids) if other} | set(reading.sets.values())
    known, may_hold, done = known_by(uids), reading.may_hold(), Plan()
    rows = [row for those in known.values() for row in those if row.id]
    ours = _ours(uids - set(known))
    done.found = matched(reading.events, known, may_hold)
    if not (reading.breaks_off or reading.unread):
        parted = split_off(reading.events, known, done.found, reading.sets)
        done.parted = {uid: row.uid for (uid, _recurrence), row in parted.items()}
        done.found |= parted
    for read in reading.events:
        event = replace(read, zone=options.zone) if read.zone == FLOATING and options.zone else read
        _decide(event, done.found.get((read.uid, read.recurrence)), ours, places, options, done)
    seen = {row.id for row in done.found.values()} | {row.id for row in rows if may_hold(row.uid, row.recurrence)}
    done.seen = [row.id for row in rows if row.id in seen]
    done.series = {uid: number for uid, those in known.items() if (number := series_of(those))}
    if not reading.breaks_off and not any(fate.told == OURS for fate in done.fates):
        gone = [*_gone({max(row.read_at for row in those) for those in known.values()}, seen, reading)]
        met = {row.event for row in done.found.values()}
        gone += [row for those in known.values() for row in those if row.event not in met and _is_left(row, reading)]
        done.left = {row.uid for row in gone}
        done.fates += [_told_as_gone(row.event) for row in gone]
    titles = {row.uid: row.event.title for row in rows}
    done.fates += [_left_out(unread, titles.get(unread.uid)) for unread in reading.unread]
    return done


def _ours(uids: Iterable[str]) -> set[str]:
    """Names that this program gave, which come back in a file that it wrote."""
    named = sorted(uid for uid in uids if uid.endswith(OUR_UIDS))
    found: set[str] = set()
    for first in range(0, len(named), _BATCH):
        found.update(db.session.scalars(select(Event.uid).where(Event.uid.in_(named[first : first + _BATCH]))))
    return found


def _left_out(unread: Unread, title: str | None) -> Fate:
    told = f"{unread.why} {STAYS}" if title else unread.why
    return Fate(Will.LEAVE_OUT, unread.line, unread.who or title or "", told=told)


def _gone(together: set[datetime], seen: Container[int], reading: Reading) -> Sequence[ImportedEvent]:
    """What is to come and was read in together with what is in the file, the last time, and is not in it."""
    rows = select(ImportedEvent).join(ImportedEvent.event).options(contains_eager(ImportedEvent.event))
    rows = rows.where(ImportedEvent.read_at.in_(together), Event.cancelled_at.is_(None))
    rows = rows.where(Event.ends >= datetime.combine(reading.today, datetime.min.time())).order_by(Event.starts)
    return [row for row in db.session.scalars(rows) if row.id not in seen]


def _is_left(row: ImportedEvent, reading: Reading) -> bool:
    """Whether a series here has made it by a rule that the file has otherwise now."""
    rule = reading.series.get(row.uid)
    if row.id or row.event.cancelled_at or rule is None or rule.cut:
        return False
    return row.event.ends.date() >= reading.today


def _told_as_gone(event: Event) -> Fate:
    told = "It was there when this was last read in. It stays here as it is: cancel it if it is off."
    return Fate(Will.GONE, 0, event.title, _spoken(event), told)


def _decide(
    event: Read,
    row: ImportedEvent | None,
    ours: Container[str],
    places: Places,
    options: Options,
    done: Plan,
) -> None:
    will, told = _will(event, row, ours, places)
    words = [told, *event.told, *_about_places(event, places, options)] if will is not Will.LEAVE_OUT else [told]
    if will is Will.ADD:
        done.add.append(event)
        words.append("It comes in as a draft." if event.tentative and options.publish else "")
    elif will is Will.CHANGE and row is not None:
        done.change.append((row, event))
        words += [along(row.event, event), _guests(row.event, options)]
    if row is not None and event.uid in done.parted:
        words.insert(0, PARTED)
    if row is not None and will in (Will.CHANGE, Will.KEEP_OURS) and not event.cancelled:
        words.insert(1, changes(row.event, event, places, make_new=options.make_new))
    done.fates.append(Fate(will, event.line, event.title, _spoken(event), " ".join(filter(None, words))))


def _spoken(event: Read | Event) -> str:
    return f"{event.starts:%-d %B %Y}" + ("" if event.all_day else f", {spoken_time(event.starts)}")


def _will(event: Read, row: ImportedEvent | None, ours: Container[str], places: Places) -> tuple[Will, str]:
    if impossible := _impossible(event):
        return Will.LEAVE_OUT, f"{impossible} {STAYS}" if row else impossible
    if row is not None:
        return _will_with(event, row, places)
    if event.uid in ours:
        return Will.LEAVE_OUT, OURS
    if event.cancelled:
        return Will.LEAVE_OUT, "It is cancelled."
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


def _will_with(event: Read, row: ImportedEvent, places: Places) -> tuple[Will, str]:
    """What becomes of one that is here."""
    here = row.event
    if row.digest == event.digest:
        return Will.UNCHANGED, ""
    if here.slug and event.url == event_address(here):
        return Will.LEAVE_OUT, OURS
    if event.cancelled and here.cancelled_at:
        return Will.UNCHANGED, "It is cancelled there and here."
    if not row.id and not event.cancelled and not changes(here, event, places, make_new=False):
        return Will.UNCHANGED, "The series here has made it."
    kept = _why_kept(event, row)
    return (Will.KEEP_OURS, kept) if kept else (Will.CHANGE, "")


def _why_kept(event: Read, row: ImportedEvent) -> str:
    """What was called off or put off here was so by hand, and what is called off there is for people to call off."""
    if event.cancelled:
        return "It is cancelled there; cancel it here if it is off, so that guests are told."
    if row.event.cancelled_at:
        return "It was changed there, and is cancelled here."
    if row.event.postponed_at:
        return "It was changed there, and is put off here: give it its new date here if it has one."
    if not is_as_made(row):
        by_whom = "here by hand" if row.id else "the series here has made it otherwise"
        return f"It was changed there, and {by_whom}."
    return ""


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


def _guests(event: Event, options: Options) -> str:
    if event.published_at:
        return "It is published; calendars follow."
    return "It stays a draft until you publish it." if options.publish else ""


def worst_first(fates: Sequence[Fate]) -> list[Fate]:
    """What needs a look comes before what does not; else in the order of the file."""
    order = [Will.LEAVE_OUT, Will.KEEP_OURS, Will.GONE, Will.CHANGE, Will.ADD, Will.UNCHANGED]
    return sorted(fates, key=lambda fate: (order.index(fate.will), not fate.told, fate.line))
