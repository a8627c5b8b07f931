"""Reads an announcement: what it says of an event, where it says so, and what is doubtful about it."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from society.announcements import backers, dates, people, places, titles
from society.announcements.dates import Day
from society.announcements.hours import Hours, hours_in, zone_in
from society.announcements.joining import Joining
from society.announcements.layout import Layout, laid_out
from society.announcements.where import place_line
from society.events.models import BackingRole
from society.events.tags import MOST_TAGS, tags_in
from society.text import folded

LONGEST = 20_000
"""Characters of an announcement; a flyer has a few hundred."""
NEAR = 120
"""Characters between a date and the time of day that belongs to it."""

_DIGITS = re.compile(r"\b([01]\d|2[0-3])([0-5]\d)\b")
"""A time of day as it stands on a timetable: 1930."""

_REGISTERS = re.compile(r"/register\b|/registration", re.IGNORECASE)
_REGISTER = "People register at this address first, and only those who come are shown it."
_NO_LINK = "It can be joined online, but the text has no link."

Value = TypeVar("Value")


@dataclass(frozen=True)
class Read(Generic[Value]):
    """One thing that the text says, in whose words, and what a person should look at."""

    value: Value
    quote: str
    doubt: str = ""


@dataclass
class Reading:
    """What an announcement says; None is what it does not say."""

    title: Read[str] | None = None
    speakers: Read[list[tuple[str, str]]] | None = None
    starts: Read[datetime] | None = None
    ends: Read[datetime] | None = None
    all_day: bool = False
    zone: Read[str] | None = None
    venue: Read[str] | None = None
    address: Read[str] | None = None
    room: Read[str] | None = None
    backers: dict[BackingRole, Read[list[str]]] = field(default_factory=dict)
    link: Read[str] | None = None
    """Where to join from elsewhere; empty if the text says that one can, but not where."""
    capacity: Read[int] | None = None
    tags: Read[str] | None = None
    description: str = ""
    text: str = ""
    """The announcement as every reader may see it: without what is told to those who come."""


def read(text: str, today: date, zone: str) -> Reading:
    """What the text says of an event to come, as of `today` by the clocks of `zone`.

    Time grows with the length of the text alone, which is cut at `LONGEST` characters.
    """
    layout = laid_out(text[:LONGEST])
    reading = Reading()
    _read_when(reading, layout, today, zone)
    if title := titles.title_of(layout):
        reading.title = Read(*title)
    _read_where(reading, layout)
    _read_backers(reading, layout)
    _read_speakers(reading, layout)
    _read_link(reading, layout.joining)
    _read_seats(reading, layout.prose)
    _read_tags(reading, layout)
    reading.description = _described(layout)
    reading.text = layout.whole
    return reading


def _read_when(reading: Reading, layout: Layout, today: date, zone: str) -> None:
    named = "\n".join(line.text for line in layout.labelled("when"))
    clock = _DIGITS.sub(r"\1:\2", "\n".join(line.text for line in layout.labelled("time")))
    month_first = zone.startswith(("America/", "US/"))
    for text in filter(None, (f"{named}\n{clock}".strip(), layout.prose, layout.subject, layout.whole)):
        days = [day for day in dates.days_in(text, today, month_first=month_first) if day.first >= today]
        if days:
            break
    else:
        text = layout.prose
        days = list(filter(None, [dates.loose_day(text, today)]))
    if not days:
        return
    hours = [h for h in hours_in(text) if not any(d.at <= h.at < d.end for d in days)]
    day = next((d for d in days if not _is_deadline(text, d) and _nearest(d, hours)), None)
    day = day or next((d for d in days if not _is_deadline(text, d)), days[0])
    _set_when(reading, day, _hours_of(day, hours, clock or layout.prose))
    found = zone_in(text) or zone_in(layout.prose)
    if found and reading.starts and not _same_clock(reading.starts.value, found[0], zone):
        reading.zone = Read(*found)


def _same_clock(wall: datetime, one: str, other: str) -> bool:
    """Whether both show the same that day: "GMT" in a British winter names no other zone."""
    return wall.replace(tzinfo=ZoneInfo(one)).utcoffset() == wall.replace(tzinfo=ZoneInfo(other)).utcoffset()


def _set_when(reading: Reading, day: Day, hours: Hours | None) -> None:
    starts, ends = dates.span(day, hours)
    quote = " … ".join(filter(None, [day.quote, hours.quote if hours else ""]))
    doubts = [day.doubt, hours.doubt if hours else ""]
    if hours is None and day.first == day.last:
        doubts.append("No time of day was found.")
    reading.starts = Read(starts, quote, " ".join(filter(None, doubts)))
    reading.all_day = hours is None
    if ends is not None:
        reading.ends = Read(ends, quote)


def _is_deadline(text: str, day: Day) -> bool:
    before = text[max(day.at - 40, 0) : day.at].casefold()
    return bool(re.search(r"(?:rsvp|reply|register|book(?:ing)?|deadline|anmeldung)[^.\n]{0,30}$", before))


def _nearest(day: Day, hours: list[Hours]) -> Hours | None:
    after = [h for h in hours if 0 <= h.at - day.end <= NEAR]
    before = [h for h in hours if 0 <= day.at - h.end <= NEAR // 2]
    return next(iter(after), None) or (before[-1] if before else None)


def _hours_of(day: Day, hours: list[Hours], elsewhere: str) -> Hours | None:
    """The time of day beside the date; of two, "7.00 for 7.30", the later; else any that the text names."""
    near = _nearest(day, hours)
    if near is None:
        return next(iter(hours), None) or next(hours_in(elsewhere), None)
    following = next((h for h in hours if h.at > near.at), None)
    if following and near.stop is None and following.at - near.end <= 5:
        return following
    return near


def _read_where(reading: Reading, layout: Layout) -> None:
    labelled = [line.text for line in layout.labelled("where")]
    rooms = [line.text for line in layout.labelled("room")]
    title = reading.title.value if reading.title else ""
    told = places.place_of(", ".join(labelled[:2])) if labelled else place_line(layout.prose, title)
    found = told or place_line(layout.whole, title) or places.Place()
    if found.venue and not found.venue.startswith("http"):
        reading.venue = Read(found.venue, found.quote, found.doubt)
    if found.address:
        reading.address = Read(found.address, found.quote)
    if room := ", ".join(filter(None, [found.room, *rooms])):
        reading.room = Read(room, found.quote or room)


def _read_backers(reading: Reading, layout: Layout) -> None:
    found: dict[BackingRole, list[tuple[list[str], str]]] = {}
    for role in BackingRole:
        for line in layout.labelled(role.value):
            found.setdefault(role, []).append((backers.names_in(line.text), line.whole))
    for role, names, quote in backers.backers_in(layout.whole):
        found.setdefault(role, []).append((names, quote))
    if BackingRole.HOST not in found and (inviting := backers.inviting(layout.prose)):
        found[BackingRole.HOST] = [([inviting[0]], inviting[1])]
    for role, entries in found.items():
        names = list(dict.fromkeys(name for each, _ in entries for name in each))
        reading.backers[role] = Read(names, "; ".join(dict.fromkeys(quote for _, quote in entries)))


def _read_speakers(reading: Reading, layout: Layout) -> None:
    found, quote = _labelled_people(layout, "speaker")
    if not found:
        found, quote = people.speaking(backers.without_backers(layout.whole))
    if not found:
        found, quote = _beside_the_title(layout)
    if not found:
        found, quote = _labelled_people(layout, "chair")
    bodies = {folded(name) for said in reading.backers.values() for name in said.value}
    title = folded(reading.title.value) if reading.title else ""
    kept = [(name, about) for name, about in found if folded(name) not in bodies and folded(name) != title]
    if kept:
        reading.speakers = Read(kept, quote)


def _labelled_people(layout: Layout, kind: str) -> tuple[list[tuple[str, str]], str]:
    labelled = list(layout.labelled(kind))
    quote = "; ".join(line.whole for line in labelled)
    return [person for line in labelled for person in people.people_in(line.text)], quote


def _beside_the_title(layout: Layout) -> tuple[list[tuple[str, str]], str]:
    """Lecture: Dr Ada Example (B University), "The Title"."""
    for line in layout.labelled("title"):
        if found := people.people_in(titles.beside_title(line.text)):
            return found, line.whole
    return [], ""


def _read_link(reading: Reading, joining: Joining) -> None:
    """The address to join by; whatever else is for those who come has no field, so the organizer is told of it."""
    told = list(dict.fromkeys(zip(joining.links, joining.quotes, strict=True)))
    told.sort(key=lambda one: bool(_REGISTERS.search(one[0])))
    link, quote = told[0] if told else ("", joining.online)
    doubts = [_NO_LINK] if quote and not link else [_REGISTER] if _REGISTERS.search(link) else []
    left_out = list(dict.fromkeys([*(other for other, _ in told if other != link), *joining.secrets]))
    if left_out:
        doubts.append(f"Left out of what everyone reads: {'; '.join(left_out)}. Only those who come should be told.")
    if link or doubts:
        reading.link = Read(link, quote or left_out[0], " ".join(doubts))


def _read_tags(reading: Reading, layout: Layout) -> None:
    """Only where the text calls them so; also written as "#walks #history"."""
    lines = list(layout.labelled("tags"))
    tags = [tag for line in lines for tag in tags_in(line.text.replace(" #", ","))]
    if tags:
        reading.tags = Read(", ".join(tags[:MOST_TAGS]), "; ".join(line.whole for line in lines))


_SEATS = re.compile(
    r"\b(?:limited to|room for|at most|maximum(?: of)?|only|begrenzt auf)\s(\d{1,4})\b"
    r"|\b(\d{1,4})\s(?:seats|places|plätze)\b",
    re.IGNORECASE,
)


def _read_seats(reading: Reading, prose: str) -> None:
    if (match := _SEATS.search(prose)) and (number := int(match[1] or match[2])):
        reading.capacity = Read(number, match[0])


def _described(layout: Layout) -> str:
    """The sentences of the text, for the organizer to shorten: lines of more than a few words, without the greeting."""
    kept = [line for line in layout.prose.split("\n") if len(line.split()) >= 9 and not titles.is_greeting(line)]
    return "\n\n".join(kept)
