"""What a calendar file says: its events, what recurs taken apart, and what of it cannot be read told in words."""

import hashlib
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from icalendar import Event as VEvent
from icalendar import vText

from society.errors import Refused
from society.fields import on_one_line
from society.imports.components import Part, Parts, taken_apart
from society.imports.lines import component_in
from society.imports.plain import FLOATING, Read, in_plain_values
from society.imports.properties import text
from society.imports.recurring import BACK, MOST_DAYS, Expanded, expanded
from society.imports.zones import Zones
from society.text import counted

MOST_EVENTS = 50_000
LONGEST = 30.0
"""Seconds for working out all rules: one that never holds takes some to be looked for through the years."""
OTHERS = {
    "VTODO": ("task", "tasks"),
    "VJOURNAL": ("journal entry", "journal entries"),
    "VFREEBUSY": ("list of busy times", "lists of busy times"),
}
"""Components that are no events, and how they are told of."""
MOST_NAMED = 30
"""Properties of single programs that are told by their names."""
_ADDED = re.compile(r"^(X-[A-Z0-9-]{1,40}|TRANSP(?=:TRANSPARENT)|PRIORITY(?=:[1-9]))", re.MULTILINE | re.IGNORECASE)
"""What programs add for themselves or for whose calendar it is."""
_STATED_UID = re.compile(r"^UID(?:;[^:\r\n]*)?:([^\r\n]*)", re.MULTILINE | re.IGNORECASE)
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
    series: dict[str, Expanded] = field(default_factory=dict)
    """By UID, the rules by which recurring events go on."""
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


def read(content: bytes, *, zone: str, today: date, since: date | None = None) -> Reading:
    """Read a calendar file (RFC 5545). Times in UTC are shown by the clocks of `zone`, the society's own.

    Of what recurs, occurrences from `since` on are read. Raises Refused if it is no calendar at all, or larger than can
    be meant.
    """
    parts = taken_apart(content)
    if len(parts.events) > MOST_EVENTS:
        raise Refused(f"There are {len(parts.events):,} events in this file; at most {MOST_EVENTS:,} are read at once.")
    zones = Zones(_by_name(parts.zones), zone)
    name = on_one_line(parts.about.get("X-WR-CALNAME") or parts.about.get("NAME", ""))[:200]
    found = Reading(today, name, breaks_off=parts.breaks_off)
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
    uid = on_one_line(str(vText.from_ical(stated[1])))[:500] if stated and part.kind == "VEVENT" else ""
    return Unread(part.line, "", why, uid)


def _uid(component: VEvent, part: Part) -> str:
    """Its own, or one made from what it says, so that the same file read again finds it."""
    stated = on_one_line(text(component, "UID"))
    return stated[:500] if stated else hashlib.sha256(part.text.encode()).hexdigest()[:32] + "@unnamed"


def _kept(component: VEvent, part: Part, uid: str, zones: Zones, found: Reading, recurrence: str = "") -> list[Read]:
    """The event in plain values, or nothing, with the reason among what was not read."""
    title = on_one_line(text(component, "SUMMARY"))
    try:
        return [replace(in_plain_values(component, part.line, uid, title, zones), recurrence=recurrence)]
    except Refused as refusal:
        found.unread.append(Unread(part.line, title[:200] or uid[:80], str(refusal), uid, recurrence))
        return []


def _take_recurring(
    uid: str, components: list[tuple[Part, VEvent]], zones: Zones, found: Reading, days: tuple[date, date]
) -> None:
    """Each occurrence is an event of its own; what cannot be worked out is told once for all of them."""
    part, first = components[0]
    title = on_one_line(text(first, "SUMMARY"))[:200] or uid[:80]
    try:
        rule = expanded([component for _, component in components], *days)
    except Refused as refusal:
        found.unread.append(Unread(part.line, title, str(refusal), uid))
        return
    for component, recurrence in rule.occurrences:
        found.events += _kept(component, part, uid, zones, found, recurrence)
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
    if added := sorted({name.upper() for part in parts.events for name in _ADDED.findall(part.text)}):
        more = f" and {len(added) - MOST_NAMED} more" if len(added) > MOST_NAMED else ""
        said.append(f"Not kept of any event, as they are for single programs: {', '.join(added[:MOST_NAMED])}{more}")
    if parts.breaks_off:
        said.append("The file breaks off before its end, so nobody can tell what else was in it")
    found.unread += [_unread(part, "It never ends, or is far too long for an event.") for part in parts.broken]
    found.about = [f"{sentence}." for sentence in said] + found.about
