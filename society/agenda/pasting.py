"""Many sessions at once, one a line, as programmes are written in mails and documents.

    2027-03-30
    09:00–09:45 | Hall A | Title of the talk | Ada Example (chair); Ben Example (historian) | Track
    10:00–10:15 | Coffee

A line that is only a date, or "Day 2", says on which day those below it are.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from society.agenda.models import SessionKind
from society.agenda.planning import Plan, check_speakers
from society.errors import Refused
from society.events.models import Event, instants

MOST_LINES = 500
_LENGTHS = {"room": 100, "title": 200, "track": 100}
_DAY = re.compile(r"\W*(\d{4}-\d{2}-\d{2})\W*")
_NTH_DAY = re.compile(r"\W*day\s+(\d{1,2})\W*", re.IGNORECASE)
_CLOCK = r"(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm)?"
_SPAN = re.compile(rf"(?:(\d{{4}}-\d{{2}}-\d{{2}})[\s,T]+)?{_CLOCK}\s*(?:[-–—]|to|until)\s*{_CLOCK}", re.IGNORECASE)
_KINDS = (
    (r"(coffee|tea|lunch|break|pause|registration)\b", SessionKind.BREAK),
    (r"(dinner|reception|party|excursion)\b", SessionKind.SOCIAL),
    (r"(opening )?keynote\b", SessionKind.KEYNOTE),
    (r"(panel|round table|discussion)\b", SessionKind.PANEL),
    (r"workshop\b", SessionKind.WORKSHOP),
)
"""How titles begin that tell what is done."""


@dataclass
class Reading:
    """What was made of the lines, and what could not be read, each with its line's number."""

    plans: list[Plan] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read(text: str, event: Event) -> Reading:
    """The sessions in a text; times are by the clocks of the event's zone."""
    reading = Reading()
    day = event.starts.date()
    lines = [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if len(lines) > MOST_LINES:
        return Reading(problems=[f"At most {MOST_LINES} lines at once, please; these are {len(lines)}."])
    for number, line in lines:
        try:
            if (named := _day_named(line, event)) is not None:
                day = named
            else:
                reading.plans.append(_plan(line, day, event.zone))
        except Refused as refusal:
            reading.problems.append(f"Line {number}: {refusal}")
    return reading


def _day_named(line: str, event: Event) -> date | None:
    if found := _DAY.fullmatch(line):
        return _date(found[1])
    if found := _NTH_DAY.fullmatch(line):
        return event.starts.date() + timedelta(days=max(int(found[1]), 1) - 1)
    return None


def _date(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Refused(f"There is no day {text}.") from None
    if not 1900 <= day.year < 2200:
        raise Refused("Please choose a year from 1900 to 2199.")
    return day


def _plan(line: str, day: date, zone: str) -> Plan:
    parts = [part.strip() for part in line.split("|")]
    found = _SPAN.fullmatch(parts[0])
    if found is None or len(parts) < 2:
        raise Refused(f"“{line[:40]}” does not begin with a time and a bar, such as “09:00–09:45 | Title”.")
    if found[1]:
        day = _date(found[1])
    starts, ends = _span(day, found.groups()[1:])
    instants(starts, ends, zone, all_day=False)
    room, title, speakers, track = _told(parts[1:])
    for name, value in (("room", room), ("title", title), ("track", track)):
        if len(value) > _LENGTHS[name]:
            raise Refused(f"“{value[:40]}…” is too long for a {name}: at most {_LENGTHS[name]} characters.")
    if not title:
        raise Refused("A title is missing.")
    named = list(_speakers(speakers))
    check_speakers(named)
    chair = next((one for one in named if one[1].casefold() == "chair"), None)
    if chair:
        named.remove(chair)
    return Plan(title, starts, ends, _kind(title), room, track, chair[0] if chair else "", speakers=tuple(named))


def _told(parts: list[str]) -> tuple[str, str, str, str]:
    """Room, title, speakers, track: of a single part the title, of two the room and the title."""
    if len(parts) > 4:
        raise Refused("There are more than four bars: time | room | title | speakers | track.")
    if len(parts) == 1:
        parts = ["", *parts]
    room, title, speakers, track = (*parts, "", "")[:4]
    return room, title, speakers, track


def _span(day: date, told: tuple[str | None, ...]) -> tuple[datetime, datetime]:
    """What ends before it begins ends on the next day. A half of the day said once, at the end, holds for both."""
    hour, minute, half, end_hour, end_minute, end_half = told
    starts = datetime.combine(day, _time(hour, minute, half or end_half))
    ends = datetime.combine(day, _time(end_hour, end_minute, end_half))
    if half is None and end_half is not None and starts >= ends:
        starts = datetime.combine(day, _time(hour, minute, "am"))
    return starts, ends if ends >= starts else ends + timedelta(days=1)


def _time(hour: str | None, minute: str | None, half: str | None) -> time:
    number = int(hour or 0)
    if half and 1 <= number <= 12:
        number = number % 12 + (12 if half.lower() == "pm" else 0)
    try:
        return time(number, int(minute or 0))
    except ValueError:
        raise Refused(f"There is no time {hour}:{minute or '00'}.") from None


def _kind(title: str) -> SessionKind:
    return next((kind for begins, kind in _KINDS if re.match(begins, title, re.IGNORECASE)), SessionKind.TALK)


def _speakers(text: str) -> Iterator[tuple[str, str]]:
    """Names between semicolons, what is said about somebody in brackets; it may be that they are in the chair."""
    for entry in filter(None, (part.strip() for part in text.split(";"))):
        found = re.fullmatch(r"(.+?)\s*\((.+)\)", entry)
        yield (found[1], found[2]) if found else (entry, "")
