"""What a calendar file says: its events, what recurs taken apart, and what of it cannot be read told in words."""

import hashlib
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from icalendar import Event as VEvent
from icalendar import vText

from society.errors import Refused
from society.events.models import LONGEST
from society.fields import on_one_line
from society.imports.components import Part, Parts, taken_apart
from society.imports.lines import component_in
from society.imports.onward import Onward, in_words
from society.imports.plain import FLOATING, Read, as_said, at_times, check_zone, in_plain_values
from society.imports.properties import is_of_a_set, several, text
from society.imports.recurring import AHEAD, BACK, MOST_DAYS, OUTDATED, Happening, expanded
from society.imports.zones import Zones
from society.text import counted

MOST_EVENTS = 50_000
"""Each occurrence of what recurs counted."""
LONGEST_WORK = 5.0
"""Seconds of work for working out all rules: one that never holds takes some to be looked for through the years."""
OTHERS = {
    "VTODO": ("task", "tasks"),
    "VJOURNAL": ("journal entry", "journal entries"),
    "VFREEBUSY": ("list of busy times", "lists of busy times"),
}
"""Components that are no events, and how they are told of."""
_ANSWERS = {
    "CANCEL": "word that what it holds is cancelled",
    "REPLY": "an answer to an invitation",
    "COUNTER": "a proposal of another time",
    "REFRESH": "a question for the latest version",
    "DECLINECOUNTER": "an answer to a proposal of another time",
}
"""What is mailed about events (METHOD of RFC 5546), and may not say all of them."""
MOST_NAMED = 30
"""Properties of single programs that are told by their names."""
_ADDED = re.compile(r"^(X-[A-Z0-9-]{1,40}|TRANSP(?=:TRANSPARENT)|PRIORITY(?=:[1-9]))", re.MULTILINE | re.IGNORECASE)
"""What programs add for themselves or for whose calendar it is."""
_STATED_UID = re.compile(r"^UID(?:;[^:\r\n]*)?:([^\r\n]*)", re.MULTILINE | re.IGNORECASE)
_DAY = re.compile(r"^DTSTART\b[^:\r\n]{0,200}:(\d{8})", re.MULTILINE | re.IGNORECASE)
_RECURS = re.compile(r"^(?:RRULE|RDATE|RECURRENCE-ID)\b", re.MULTILINE | re.IGNORECASE)
_ZONE_WITHIN = re.compile(r"^BEGIN\b[^\r\n]*VTIMEZONE", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True)
class Unread:
    """A component that cannot be taken, and why."""

    line: int
    who: str
    why: str
    uid: str = ""
    """Whose it is, as far as that can be read."""
    recurrence: str | None = None
    """Which occurrence of a recurring event; None: all that else is not in the file."""


@dataclass
class Reading:
    """All that a file holds, recurring events taken apart into their occurrences."""

    today: date
    """By the society's clock, when it was read."""
    name: str = ""
    events: list[Read] = field(default_factory=list)
    series: dict[str, Onward] = field(default_factory=dict)
    """By UID, how recurring events go on."""
    sets: dict[str, str] = field(default_factory=dict)
    """By UID, of which whole they are a part, where their program has split it and says so."""
    zone: str | None = None
    """The zone that the file names for itself."""
    unread: list[Unread] = field(default_factory=list)
    about: list[str] = field(default_factory=list)
    breaks_off: bool = False
    """Whether the file ends before its calendar does, so that what is not in it need not have gone."""

    def may_hold(self) -> Callable[[str, str], bool]:
        """Whether an event with that UID and occurrence, which is not among the events, may be one of those unread."""
        names = {(one.uid, one.recurrence) for one in self.unread}
        return lambda uid, recurrence: not names.isdisjoint({(uid, recurrence), (uid, None)})

    @property
    def floating(self) -> int:
        """How many have times that hold wherever one is: somebody must say where that is."""
        return sum(event.zone == FLOATING for event in self.events)

    @property
    def floating_in_words(self) -> str:
        """ "3 of them have times without a zone." """
        return f"{self.floating:,} of them {'has' if self.floating == 1 else 'have'} times without a zone."


class TooLarge(Refused):
    """It holds more than is read at once, and would again."""


def read(content: bytes, *, zone: str, today: date, since: date | None = None, most: int = MOST_EVENTS) -> Reading:
    """Read a calendar file (RFC 5545). Times in UTC are shown by the clocks of the zone that it names for itself, else
    by those of `zone`, the society's own.

    `since` is for who wants no archive: what was over by then is passed over unread. Raises Refused if it is no
    calendar at all, or larger than can be meant.
    """
    parts = taken_apart(content)
    if since is not None:
        parts.events = _about_then(parts.events, since - LONGEST, today + AHEAD)
    if (many := len(parts.events)) > most:
        raise TooLarge(f"There are {many:,} events in this file; at most {most:,} are read at once.")
    zones = Zones(_by_name(parts.zones), zone, parts.events)
    zones.take_for_its_own(parts.about.get("X-WR-TIMEZONE", ""))
    name = on_one_line(parts.about.get("X-WR-CALNAME") or parts.about.get("NAME", ""))[:200]
    found = Reading(today, name, zone=zones.its_own, breaks_off=parts.breaks_off)
    recurring: dict[str, list[tuple[Part, VEvent]]] = defaultdict(list)
    for part, component in _parsed(parts.events, zones, found):
        uid = _uid(component, part)
        if "RRULE" in component or "RDATE" in component or "RECURRENCE-ID" in component:
            recurring[uid].append((part, component))
        else:
            found.events += _kept(component, part, uid, zones, found)
    _take_all_recurring(recurring, zones, found, (since or today - BACK, today), most)
    found.events = list(_latest(found))
    if parts.about.get("METHOD", "").upper() == "CANCEL":  # all of it is off, whatever else it says (RFC 5546, 3.2.5)
        found.events = [replace(event, cancelled=True) for event in found.events]
    _tell_about(parts, zones, found)
    if since is None:
        found.about += in_words([*found.series.values()], (today - BACK, today + AHEAD))
    return found


def _about_then(parts: Iterable[Part], first: date, last: date) -> list[Part]:
    """Those that may be on these days, as far as that can be seen without reading them: what recurs may be on any."""
    days = f"{first:%Y%m%d}", f"{last:%Y%m%d}"
    begun = ((part, _DAY.search(part.text)) for part in parts)
    return [part for part, day in begun if not day or days[0] <= day[1] <= days[1] or _RECURS.search(part.text)]


def _by_name(parts: Iterable[Part]) -> dict[str, Part]:
    named = {}
    for part in parts:
        if name := re.search(r"^TZID(?:;[^:]*)?:(.*(?:\r\n[ \t].*)*)", part.text, re.MULTILINE | re.IGNORECASE):
            named[re.sub(r"\r\n[ \t]", "", name[1]).strip()] = part
    return named


def _parsed(parts: Iterable[Part], zones: Zones, found: Reading) -> Iterator[tuple[Part, VEvent]]:
    for part in parts:
        if _ZONE_WITHIN.search(re.sub(r"\r\n[ \t]", "", part.text)):  # icalendar would follow any rule of its
            found.unread.append(_unread(part, "It holds a time zone, which belongs beside it."))
            continue
        try:
            component = component_in(zones.as_named_here(part.text))
        except Exception as fault:  # the library raises several kinds for what others wrote
            found.unread.append(_unread(part, f"It cannot be read: {on_one_line(str(fault))[:150]}"))
            continue
        yield part, component


def _unread(part: Part, why: str) -> Unread:
    """Of what no component was made, at least whose it is."""
    stated = _STATED_UID.search(re.sub(r"\r\n[ \t]", "", part.text))
    uid = _short(on_one_line(str(vText.from_ical(stated[1])))) if stated and part.kind == "VEVENT" else ""
    return Unread(part.line, "", why, uid)


def _uid(component: VEvent, part: Part) -> str:
    """Its own, or one made from what it says, so that the same file read again finds it."""
    stated = on_one_line(text(component, "UID"))
    return _short(stated) if stated else hashlib.sha256(part.text.encode()).hexdigest()[:32] + "@unnamed"


def _short(uid: str) -> str:
    """As long as a column takes; two that differ are two still."""
    return uid if len(uid) <= 500 else f"{uid[:467]}-{hashlib.sha256(uid.encode()).hexdigest()[:32]}"


def _kept(component: VEvent, part: Part, uid: str, zones: Zones, found: Reading) -> list[Read]:
    """The event in plain values, or nothing, with the reason among what was not read."""
    title = on_one_line(text(component, "SUMMARY"))
    try:
        return [in_plain_values(component, part.line, uid, title, zones)]
    except Refused as refusal:
        found.unread.append(Unread(part.line, title[:200] or uid[:80], str(refusal), uid, ""))
        return []


def _take_all_recurring(
    recurring: Mapping[str, list[tuple[Part, VEvent]]],
    zones: Zones,
    found: Reading,
    days: tuple[date, date],
    most: int,
) -> None:
    """Raises TooLarge as soon as there are more events than that in all."""
    deadline = time.thread_time() + LONGEST_WORK
    largest: tuple[int, str] = 0, ""
    for number, (uid, components) in enumerate(recurring.items(), start=1):
        if time.thread_time() > deadline:
            raise TooLarge(
                f"What recurs in this file takes too long to work out: {number - 1:,} of {len(recurring):,} took "
                f"{LONGEST_WORK:g} seconds. Let what began long ago begin later there, or export fewer calendars."
            )
        those = _recurring(uid, components, zones, found, days)
        largest = max(largest, (len(those), those[0].title if those else ""))
        found.events += those
        if len(found.events) > most:
            raise TooLarge(_too_many(most, number, *largest))


def _too_many(most: int, events: int, times: int, title: str) -> str:
    which = f"the first {events:,} that recur make it so, “{title[:50]}” alone on {times} dates"
    return (
        f"There are more than {most:,} events in this file, each date of what recurs counted; {which}. "
        "Give what is over an end there, or export fewer calendars at once."
    )


def _recurring(
    uid: str, components: list[tuple[Part, VEvent]], zones: Zones, found: Reading, days: tuple[date, date]
) -> list[Read]:
    """Each occurrence is an event of its own; what cannot be worked out is told once for all of them."""
    part, first = components[0]
    title = on_one_line(text(first, "SUMMARY"))[:200] or uid[:80]
    lines = {id(component): one.line for one, component in components}
    try:
        for _, component in components:
            check_zone(component, zones)
        occurrences, onward = expanded([component for _, component in components], *days)
    except Refused as refusal:
        found.unread.append(Unread(part.line, title, str(refusal), uid))
        return []
    found.series[uid] = replace(onward, passed_over=(), title=title)
    if whole := next(filter(None, (_part_of(component) for _, component in components)), ""):
        found.sets[uid] = whole
    for other, why in onward.passed_over:
        who = on_one_line(text(other, "SUMMARY"))[:200] or uid[:80]
        found.unread.append(Unread(lines[id(other)], who, why))
    if onward.cut:
        found.about.append(f"“{title}” recurs more than {MOST_DAYS} times; the first {MOST_DAYS} are read.")
    return list(_each(uid, occurrences, lines, zones, found))


def _part_of(component: VEvent) -> str:
    """Of which whole it is a part since “this and all following” was changed there; as Apple's programs tell it."""
    related = several(component, "RELATED-TO")
    return next((_short(on_one_line(str(one))) for one in related if is_of_a_set(one)), "")


def _each(
    uid: str, occurrences: Sequence[Happening], lines: Mapping[int, int], zones: Zones, found: Reading
) -> Iterator[Read]:
    """In plain values; what a component says for all its occurrences is looked at once."""
    said: dict[int, Read] = {}
    for told_by, starts, ends, name, sequence in occurrences:
        like = said.get(id(told_by))
        try:
            if like is None:
                line = lines.get(id(told_by), min(lines.values()))
                like = said[id(told_by)] = as_said(told_by, line, uid, on_one_line(text(told_by, "SUMMARY")))
            yield at_times(like, told_by, zones, starts, ends, recurrence=name, sequence=sequence)
        except Refused as refusal:
            title = like.title if like else uid[:80]
            found.unread.append(Unread(like.line if like else 0, title, str(refusal), uid, name))


def _latest(found: Reading) -> Iterator[Read]:
    """Of several with the same name the one with the highest sequence, the last of equal ones."""
    best: dict[tuple[str, str], Read] = {}
    for event in found.events:
        key = event.uid, event.recurrence
        if key in best:
            older = min((best[key], event), key=lambda one: (one.sequence, one.line))
            found.unread.append(Unread(older.line, older.title, OUTDATED))
        if key not in best or event.sequence >= best[key].sequence:
            best[key] = event
    yield from best.values()


def _tell_about(parts: Parts, zones: Zones, found: Reading) -> None:
    """What holds for the file as a whole."""
    said = [f"{counted(len(found.events), 'event')}" + (f" of “{found.name}”" if found.name else "")]
    for kind, many in parts.others.items():
        if kind in OTHERS:
            said.append(f"{counted(many, *OTHERS[kind])} passed over")
    said += zones.in_words()
    if (method := parts.about.get("METHOD", "").upper()) in _ANSWERS:
        said.append(f"It is no calendar but {_ANSWERS[method]}")
    if added := sorted({name.upper() for part in parts.events for name in _ADDED.findall(part.text)}):
        more = f" and {len(added) - MOST_NAMED} more" if len(added) > MOST_NAMED else ""
        said.append(f"Not kept of any event, as they are for single programs: {', '.join(added[:MOST_NAMED])}{more}")
    if parts.breaks_off:
        said.append("The file breaks off before its end, so nobody can tell what else was in it")
    found.unread += [_unread(part, "It never ends, or is far too long for an event.") for part in parts.broken]
    found.about = [f"{sentence}." for sentence in said] + found.about
