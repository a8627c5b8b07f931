"""What a calendar file says: its events in plain values, with whatever of them cannot be kept told in words."""

import hashlib
import html
import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import nh3
from icalendar import Event as VEvent

from society.errors import Refused
from society.events.tags import LONGEST_TAG, MOST_TAGS, tags_in
from society.fields import clean, on_one_line
from society.imports.components import Part, Parts, taken_apart
from society.imports.lines import component_in
from society.imports.properties import length, moment, number, one, several, text
from society.imports.recurring import BACK, MOST_DAYS, Expanded, expanded
from society.imports.zones import Zones
from society.text import counted
from society.times import EARLIEST, LATEST, to_wall

MOST_EVENTS = 50_000
LONGEST = 30.0
"""Seconds for working out all rules: one that never holds takes some to be looked for through the years."""
SHORTEST = timedelta(hours=1)
"""How long something lasts whose end is not told (Google Calendar takes it so)."""
OTHERS = {
    "VTODO": ("task", "tasks"),
    "VJOURNAL": ("journal entry", "journal entries"),
    "VFREEBUSY": ("list of busy times", "lists of busy times"),
}
"""Components that are no events, and how they are told of."""
_ZONE_WITHIN = re.compile(r"^BEGIN\b[^\r\n]*VTIMEZONE", re.MULTILINE | re.IGNORECASE)
FLOATING = ""
"""The zone of times that have none (RFC 5545, 3.3.5, form 1)."""


@dataclass(frozen=True)
class Read:
    """One event as a file tells it: wall clocks and a zone, whole days with the end exclusive."""

    uid: str
    line: int
    title: str
    starts: datetime
    ends: datetime
    zone: str
    all_day: bool
    recurrence: str = ""
    """Which occurrence of a recurring event, by its planned start; else empty."""
    description: str = ""
    place: str = ""
    url: str = ""
    category: str = ""
    tags: str = ""
    """The categories after the first, as an event keeps its tags."""
    sequence: int = 0
    cancelled: bool = False
    told: tuple[str, ...] = ()
    """What of it cannot be kept, and what was understood rather than read."""

    @property
    def digest(self) -> str:
        """The same for as long as the file says the same of it."""
        said = (self.title, self.starts, self.ends, self.zone, self.all_day, self.description, self.place, self.url)
        tags = [self.tags] if self.tags else []  # told of by none before there were any
        return hashlib.sha256(repr((*said, self.category, self.cancelled, *tags)).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Unread:
    """A component that cannot be taken, and why."""

    line: int
    who: str
    why: str


@dataclass
class Reading:
    """All that a file holds, recurring events taken apart into their occurrences."""

    name: str = ""
    events: list[Read] = field(default_factory=list)
    series: dict[str, Expanded] = field(default_factory=dict)
    """By UID, the rules by which recurring events go on."""
    unread: list[Unread] = field(default_factory=list)
    about: list[str] = field(default_factory=list)

    @property
    def floating(self) -> int:
        """How many have times that hold wherever one is: somebody must say where that is."""
        return sum(event.zone == FLOATING for event in self.events)


def read(content: bytes, *, zone: str, today: date, since: date | None = None) -> Reading:
    """Read a calendar file (RFC 5545). Times in UTC are shown by the clocks of `zone`, the society's own.

    Of what recurs, occurrences from `since` on are read. Raises Refused if it is no calendar at all, or larger than can
    be meant.
    """
    parts = taken_apart(content)
    if len(parts.events) > MOST_EVENTS:
        raise Refused(f"There are {len(parts.events):,} events in this file; at most {MOST_EVENTS:,} are read at once.")
    zones = Zones(_by_name(parts.zones), zone)
    found = Reading(name=on_one_line(parts.about.get("X-WR-CALNAME") or parts.about.get("NAME", ""))[:200])
    recurring: dict[str, list[tuple[Part, VEvent]]] = defaultdict(list)
    for part, component in _parsed(parts.events, zones, found):
        uid = _uid(component, part)
        if "RRULE" in component or "RDATE" in component or "RECURRENCE-ID" in component:
            recurring[uid].append((part, component))
        else:
            found.events += _kept(component, part, uid, zones, found)
    deadline = time.monotonic() + LONGEST
    for uid, components in recurring.items():
        if time.monotonic() > deadline:
            raise Refused("The rules for what recurs in this file take too long to work out.")
        _take_recurring(uid, components, zones, found, (since or today - BACK, today))
    found.events = list(_latest(found))
    _tell_about(parts, zones, found)
    return found


def _by_name(parts: Iterable[Part]) -> dict[str, Part]:
    named = {}
    for part in parts:
        if name := re.search(r"^TZID(?:;[^:]*)?:(.*(?:\r\n[ \t].*)*)", part.text, re.MULTILINE | re.IGNORECASE):
            named[re.sub(r"\r\n[ \t]", "", name[1]).strip()] = part
    return named


def _parsed(parts: Iterable[Part], zones: Zones, found: Reading) -> Iterator[tuple[Part, VEvent]]:
    for part in parts:
        if _ZONE_WITHIN.search(re.sub(r"\r\n[ \t]", "", part.text)):  # icalendar would follow any rule of its
            found.unread.append(Unread(part.line, "", "It holds a time zone, which belongs beside it."))
            continue
        try:
            component = component_in(zones.as_named_here(part.text))
        except Exception as fault:  # the library raises several kinds for what others wrote
            found.unread.append(Unread(part.line, "", f"It cannot be read: {on_one_line(str(fault))[:150]}"))
            continue
        yield part, component


def _uid(component: VEvent, part: Part) -> str:
    """Its own, or one made from what it says, so that the same file read again finds it."""
    stated = on_one_line(text(component, "UID"))
    return stated[:500] if stated else hashlib.sha256(part.text.encode()).hexdigest()[:32] + "@unnamed"


def _kept(component: VEvent, part: Part, uid: str, zones: Zones, found: Reading) -> list[Read]:
    """The event in plain values, or nothing, with the reason among what was not read."""
    title = on_one_line(text(component, "SUMMARY"))
    try:
        return [_plain(component, part, uid, title, zones)]
    except Refused as refusal:
        found.unread.append(Unread(part.line, title[:200] or uid[:80], str(refusal)))
        return []


def _plain(component: VEvent, part: Part, uid: str, title: str, zones: Zones) -> Read:
    told: list[str] = []
    starts, ends, zone, all_day = _times(component, zones, told)
    category, *others = _categories(component) or [""]
    if not title:
        told.append("It has no title.")
    elif len(title) > 200:
        told.append("The title is cut to 200 characters.")
    return Read(
        uid=uid,
        line=part.line,
        title=title[:200] or "Untitled",
        starts=starts,
        ends=ends,
        zone=zone,
        all_day=all_day,
        description=_description(component),
        place=on_one_line(text(component, "LOCATION"))[:500],
        url=_url(component, told),
        category=category[:100],
        tags=_tags(others, told),
        sequence=number(component, "SEQUENCE"),
        cancelled=text(component, "STATUS").upper() == "CANCELLED",
        told=(*told, *_left_out(component)),
    )


def _times(component: VEvent, zones: Zones, told: list[str]) -> tuple[datetime, datetime, str, bool]:
    starts, zone, all_day = _moment(component, "DTSTART", zones)
    if "DTEND" in component:
        ends, end_zone, ends_by_day = _moment(component, "DTEND", zones)
        if ends_by_day is not all_day:
            raise Refused("It starts at a time and ends with a day, or the other way round.")
        if end_zone != zone:
            ends = to_wall(ends.replace(tzinfo=ZoneInfo(end_zone)), zone) if zone and end_zone else ends
            told.append(f"Its end is told by the clocks of another zone, {end_zone or 'none'}.")
    else:
        ends = starts + _duration(component, all_day=all_day, told=told)
    if ends == starts:
        ends = starts + (timedelta(days=1) if all_day else SHORTEST)
        told.append(
            "It has no length; it is taken to last a day." if all_day else "It has no length; an hour is taken."
        )
    if ends < starts:
        raise Refused("It ends before it starts.")
    return starts, ends, zone, all_day


def _moment(component: VEvent, name: str, zones: Zones) -> tuple[datetime, str, bool]:
    """Wall clock, zone, and whether it is a whole day."""
    value = moment(component, name)
    if value is None:
        raise Refused(
            "It has no start."
            if name not in component
            else f"Its {'start' if name == 'DTSTART' else 'end'} cannot be read."
        )
    if not EARLIEST <= date(value.year, value.month, value.day) < LATEST:
        raise Refused(f"It is not between the years {EARLIEST.year} and {LATEST.year - 1}.")
    if not isinstance(value, datetime):
        return datetime.combine(value, datetime.min.time()), zones.preferred, True
    wall = value.replace(tzinfo=None, second=0, microsecond=0, fold=0)
    stated = on_one_line(str(one(component, name).params.get("TZID", "")))
    zone = getattr(value.tzinfo, "key", None)
    if zone not in (None, "UTC"):
        return wall, zones.named(zone) or zone, False
    if value.tzinfo is not None:
        return to_wall(value.replace(second=0, microsecond=0).astimezone(UTC), zones.preferred), zones.preferred, False
    if stated:
        raise Refused(f"No zone is known by the name “{stated[:80]}”, and the file does not tell its rules.")
    return wall, FLOATING, False


def _duration(component: VEvent, *, all_day: bool, told: list[str]) -> timedelta:
    """Stated, else a day for whole days (RFC 5545, 3.6.1)."""
    stated = length(component)
    if stated is not None:
        if all_day and stated % timedelta(days=1):
            told.append("Its length is no number of days; it is rounded up.")
            return timedelta(days=stated.days + 1)
        return stated
    return timedelta(days=1) if all_day else timedelta()


def _description(component: VEvent) -> str:
    """Plain text; what some programs send as HTML loses its tags."""
    said = text(component, "DESCRIPTION")
    if re.search(r"<(br|p|a|b|i|ul|div|span|html)\b[^>]*>", said, re.IGNORECASE):
        said = re.sub(r"<\s*br\s*/?>|</\s*(li|div)\s*>", "\n", said, flags=re.IGNORECASE)
        said = re.sub(r"</\s*p\s*>", "\n\n", said, flags=re.IGNORECASE)
        said = html.unescape(nh3.clean(said, tags=set()))
    return re.sub(r"\n{3,}", "\n\n", clean(said))[:20_000]


def _url(component: VEvent, told: list[str]) -> str:
    stated = on_one_line(text(component, "URL"))
    try:
        parts = urlsplit(stated)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and len(stated) <= 500
    except ValueError:
        good = False
    if stated and not good:
        told.append("Its address on the web cannot be used.")
    return stated if good else ""


def _categories(component: VEvent) -> list[str]:
    stated = several(component, "CATEGORIES")
    names = (on_one_line(str(name)) for entry in stated for name in entry.cats)
    return [name for name in names if name]


def _tags(names: list[str], told: list[str]) -> str:
    """All categories but the first, as far as tags go."""
    tags = tags_in(",".join(names))
    kept = [tag for tag in tags if len(tag) <= LONGEST_TAG][:MOST_TAGS]
    if len(kept) < len(tags):
        told.append(f"Of its categories after the first, {len(kept)} are kept as tags.")
    return ", ".join(kept)


def _left_out(component: VEvent) -> list[str]:
    """What an event here has no place for."""
    lost = {"ATTENDEE": "its guests", "ATTACH": "what is attached to it", "VALARM": "its alarms"}
    alarms = {part.name for part in component.subcomponents}
    names = [words for name, words in lost.items() if name in component or name in alarms]
    return [f"Not kept: {', '.join(names)}."] if names else []


def _take_recurring(
    uid: str, components: list[tuple[Part, VEvent]], zones: Zones, found: Reading, days: tuple[date, date]
) -> None:
    """Each occurrence is an event of its own; what cannot be worked out is told once for all of them."""
    part, first = components[0]
    title = on_one_line(text(first, "SUMMARY"))[:200] or uid[:80]
    try:
        rule = expanded([component for _, component in components], *days)
    except Refused as refusal:
        found.unread.append(Unread(part.line, title, str(refusal)))
        return
    for component, recurrence in rule.occurrences:
        for event in _kept(component, part, uid, zones, found):
            found.events.append(replace(event, recurrence=recurrence))
    found.series[uid] = rule
    if rule.cut:
        found.about.append(f"“{title}” recurs more than {MOST_DAYS} times; the first {MOST_DAYS} are read.")


def _latest(found: Reading) -> Iterator[Read]:
    """Of several with the same name the one with the highest sequence, the last of equal ones."""
    best: dict[tuple[str, str], Read] = {}
    for event in found.events:
        key = event.uid, event.recurrence
        if key in best:
            older = min((best[key], event), key=lambda one: (one.sequence, one.line))
            found.unread.append(Unread(older.line, older.title, "A later version of it is in this file."))
        if key not in best or event.sequence >= best[key].sequence:
            best[key] = event
    yield from best.values()


def _tell_about(parts: Parts, zones: Zones, found: Reading) -> None:
    """What holds for the file as a whole."""
    said = [f"{counted(len(found.events), 'event')}" + (f" of “{found.name}”" if found.name else "")]
    for kind, many in parts.others.items():
        if kind in OTHERS:
            said.append(f"{counted(many, *OTHERS[kind])} passed over")
    for name, zone in zones.by_rules.items():
        said.append(f"The zone “{name[:80]}” has the rules of {zone}, and is taken for it")
    found.unread += [Unread(line, "", "It never ends, or is far too long for an event.") for line in parts.broken]
    found.about = [f"{sentence}." for sentence in said] + found.about
