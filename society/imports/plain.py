"""One event of a calendar file in plain values, with whatever of it cannot be kept told in words."""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from icalendar import Event as VEvent

from society.errors import Refused
from society.events.tags import LONGEST_TAG, MOST_TAGS, tags_in
from society.fields import clean, on_one_line
from society.imports.properties import is_of_a_set, length, moment, number, one, several, text
from society.imports.zones import Zones
from society.text import without_markup
from society.times import EARLIEST, LATEST, place_of, shown_from, to_wall

SHORTEST = timedelta(hours=1)
"""How long something lasts whose end is not told (Google Calendar takes it so)."""
LONGEST = timedelta(days=3660)
MOST_CATEGORIES = 100
"""That are looked at; far fewer are kept."""
_AT_NO_TIME = datetime(1, 1, 1)
PLACE, TEXT, CATEGORY = 500, 20_000, 100
"""Characters that are read at most."""
_HTML = re.compile(r"<(?:br|p|a|b|i|ul|div|span|html)\b[^<>]*>", re.IGNORECASE)
_LOST = {
    "ATTENDEE": "its guests",
    "ATTACH": "what is attached to it",
    "VALARM": "its alarms",
    "GEO": "where it is on the map",
    "CONFERENCE": "how to join it online",
    "ORGANIZER": "who organizes it",
    "CONTACT": "whom to ask",
    "COMMENT": "remarks on it",
    "RESOURCES": "what is needed for it",
    "RELATED-TO": "what it belongs to",
    "IMAGE": "its picture",
    "COLOR": "its colour",
    "STYLED-DESCRIPTION": "its formatted text",
    "PARTICIPANT": "who takes part",
    "VLOCATION": "its places one by one",
    "VRESOURCE": "its resources one by one",
    "EXRULE": "the rule by which days are left out",
}
"""Properties and components that an event here has no place for."""
_LOOKED_AT = {
    *("UID", "SEQUENCE", "SUMMARY", "DESCRIPTION", "LOCATION", "URL", "CATEGORIES", "CLASS", "STATUS"),
    *("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"),
    *("DTSTAMP", "CREATED", "LAST-MODIFIED"),  # of their record, as ours has its own
    *("TRANSP", "PRIORITY"),  # what single programs add is told beside these
}
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
    tentative: bool = False
    """Whether it is not certain there yet, so that it is announced by nobody but a person."""
    private: bool = False
    """Whether it is not for everyone there (CLASS of RFC 5545, 3.8.1.3)."""
    told: tuple[str, ...] = ()
    """What of it cannot be kept, and what was understood rather than read."""

    @property
    def digest(self) -> str:
        """The same for as long as the file says the same of it."""
        said = (self.title, self.starts, self.ends, self.zone, self.all_day, self.description, self.place, self.url)
        tags = [self.tags] if self.tags else []  # told of by none before there were any
        more = [word for word in ("private", "tentative") if getattr(self, word)]  # nor of these
        return hashlib.sha256(repr((*said, self.category, self.cancelled, *tags, *more)).encode()).hexdigest()[:32]


def in_plain_values(component: VEvent, line: int, uid: str, title: str, zones: Zones) -> Read:
    """What the component says; raises Refused where it is no event that can be."""
    return at_times(as_said(component, line, uid, title), component, zones)


def as_said(component: VEvent, line: int, uid: str, title: str) -> Read:
    """All that it says but for its times."""
    told: list[str] = []
    category, *others = _categories(component) or [""]
    place, description = on_one_line(text(component, "LOCATION")), _description(component)
    status = _status(component, told)
    private = text(component, "CLASS").upper() not in ("", "PUBLIC")  # what is unknown is private (RFC 5545, 3.8.1.3)
    if not title:
        told.append("It has no title.")
    elif len(title) > 200:
        told.append("The title is cut to 200 characters.")
    cuts = {"place": (place, PLACE), "text": (description, TEXT), "category": (category, CATEGORY)}
    told += [f"The {name} is cut to {most:,} characters." for name, (said, most) in cuts.items() if len(said) > most]
    if private:
        told.append("It is not public there; it comes in for members only.")
    return Read(
        uid=uid,
        line=line,
        title=title[:200] or "Untitled",
        starts=_AT_NO_TIME,
        ends=_AT_NO_TIME,
        zone=FLOATING,
        all_day=False,
        description=description[:TEXT],
        place=place[:PLACE],
        url=_url(component, told),
        category=category[:CATEGORY],
        tags=_tags(others, told),
        sequence=number(component, "SEQUENCE"),
        cancelled=status == "CANCELLED",
        tentative=status == "TENTATIVE",
        private=private,
        told=(*told, *_left_out(component)),
    )


def at_times(
    said: Read, component: VEvent, zones: Zones, starts: date | None = None, ends: date | None = None, **names: Any
) -> Read:
    """The same at its own times, or at those of an occurrence of it; raises Refused where these cannot be."""
    told: list[str] = []
    start = _moment(component, "DTSTART", starts or moment(component, "DTSTART"), zones)
    end = _end(component, ends, start, zones, told)
    if end.wall == start.wall and end.at == start.at:
        end = start.later(timedelta(days=1) if start.all_day else SHORTEST)
        told.append(
            "It has no length; it is taken to last a day." if start.all_day else "It has no length; an hour is taken."
        )
    if (end.at or end.wall) < (start.at or start.wall):
        raise Refused("It ends before it starts.")
    if start.seconds or end.seconds:
        told.append("Its times are told to the second; here they are to the minute.")
    first, last, zone = _by_clocks(start, end, told)
    told += said.told
    return replace(said, starts=first, ends=last, zone=zone, all_day=start.all_day, told=tuple(told), **names)


class _Moment(NamedTuple):
    """What clocks show, and when that is; in no zone, and of whole days, they show it wherever one is."""

    wall: datetime
    zone: str
    all_day: bool = False
    at: datetime | None = None
    seconds: bool = False
    by_clock: bool = True
    """Whether the file says what clocks show, rather than the instant."""

    def later(self, by: timedelta) -> "_Moment":
        """So much later: whole days by the calendar, what is beside them by the clock (RFC 5545, 3.3.6)."""
        days, rest = timedelta(days=by.days), timedelta(seconds=by.seconds)
        if self.at is None:
            return self._replace(wall=self.wall + by)
        day = shown_from(self.wall + days, self.zone) if days else self.at
        return self._replace(wall=to_wall(day + rest, self.zone), at=day + rest, by_clock=False)

    @property
    def is_shown_by_clocks(self) -> bool:
        """Whether who reads its wall clock takes it for this moment."""
        return self.at is None or self.by_clock or shown_from(self.wall, self.zone) == self.at

    @property
    def is_first_of_two(self) -> bool:
        """Whether clocks show it twice, and nothing says which is meant; then the first is (RFC 5545, 3.3.5)."""
        if self.at is None or not self.by_clock:
            return False
        again = self.wall.replace(tzinfo=ZoneInfo(self.zone), fold=1).astimezone(UTC)
        return again > self.at and to_wall(again, self.zone) == self.wall


def _end(component: VEvent, stated: date | None, start: _Moment, zones: Zones, told: list[str]) -> _Moment:
    if stated is None and "DTEND" not in component:
        return start.later(_duration(component, all_day=start.all_day, told=told))
    end = _moment(component, "DTEND", stated or moment(component, "DTEND"), zones)
    if end.all_day is not start.all_day:
        raise Refused("It starts at a time and ends with a day, or the other way round.")
    if end.zone != start.zone:
        told.append(f"Its end is told by the clocks of another zone, {end.zone or 'none'}.")
        if start.at and end.at:
            return end._replace(wall=to_wall(end.at, start.zone), zone=start.zone, by_clock=False)
        return end._replace(zone=start.zone, at=shown_from(end.wall, start.zone) if start.at else None)
    return end


def _by_clocks(start: _Moment, end: _Moment, told: list[str]) -> tuple[datetime, datetime, str]:
    """Wall clocks and their zone. The second of two equal hours is no time that clocks can tell: it is kept in UTC."""
    for which in (start, end):
        twice = f"Clocks in {place_of(which.zone)} show {which.wall:%H:%M} twice that night"
        if which.is_first_of_two:
            told.append(f"{twice}; the first is taken.")
        if not which.is_shown_by_clocks and start.at and end.at:
            told.append(f"{twice}, and the second is meant; it is kept in UTC, which has it once.")
            return to_wall(start.at, "UTC"), to_wall(end.at, "UTC"), "UTC"
    return start.wall, end.wall, start.zone


def _moment(component: VEvent, name: str, value: date | None, zones: Zones) -> _Moment:
    if value is None:
        raise Refused(
            "It has no start."
            if name not in component
            else f"Its {'start' if name == 'DTSTART' else 'end'} cannot be read."
        )
    if not EARLIEST <= date(value.year, value.month, value.day) < LATEST:
        raise Refused(f"It is not between the years {EARLIEST.year} and {LATEST.year - 1}.")
    if not isinstance(value, datetime):
        return _Moment(datetime.combine(value, datetime.min.time()), zones.preferred, all_day=True)
    seconds, value = value.second > 0, value.replace(second=0, microsecond=0)
    if value.tzinfo is None:
        _check_zone(component, name, zones)
        return _Moment(value, FLOATING, seconds=seconds)
    zone, at = getattr(value.tzinfo, "key", None), value.astimezone(UTC)
    if zone in (None, "UTC"):
        shown = zones.of_instants()
        return _Moment(to_wall(at, shown), shown, at=at, seconds=seconds, by_clock=False)
    return _Moment(value.replace(tzinfo=None, fold=0), zones.named(zone) or zone, at=at, seconds=seconds)


def check_zone(component: VEvent, zones: Zones) -> None:
    """Raises Refused if nobody knows by which clocks its times are."""
    for name in ("DTSTART", "DTEND", "RECURRENCE-ID"):
        if isinstance(value := moment(component, name), datetime) and value.tzinfo is None:
            _check_zone(component, name, zones)


def _check_zone(component: VEvent, name: str, zones: Zones) -> None:
    """An end that is not told, but follows from the start, has the start's zone, which was looked at."""
    if stated := on_one_line(str(getattr(one(component, name), "params", {}).get("TZID", ""))):
        raise Refused(zones.why_not(stated))


def _duration(component: VEvent, *, all_day: bool, told: list[str]) -> timedelta:
    """Stated, else a day for whole days (RFC 5545, 3.6.1)."""
    stated = length(component)
    if stated is not None:
        if abs(stated) > LONGEST:
            raise Refused("It lasts longer than ten years.")
        if all_day and stated % timedelta(days=1):
            told.append("Its length is no number of days; it is rounded up.")
            return timedelta(days=stated.days + 1)
        return stated
    return timedelta(days=1) if all_day else timedelta()


def _description(component: VEvent) -> str:
    """Plain text; what some programs send as HTML loses its tags."""
    said = text(component, "DESCRIPTION")
    if _HTML.search(said):
        said = without_markup(said)
    return re.sub(r"\n{3,}", "\n\n", clean(said))


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
    names = (on_one_line(str(name)) for entry in stated for name in getattr(entry, "cats", []))
    return [name for name in islice(names, MOST_CATEGORIES) if name]


def _tags(names: list[str], told: list[str]) -> str:
    """All categories but the first, as far as tags go."""
    tags = tags_in(",".join(names))
    kept = [tag for tag in tags if len(tag) <= LONGEST_TAG][:MOST_TAGS]
    if len(kept) < len(tags):
        told.append(f"Of its categories after the first, {len(kept)} are kept as tags.")
    return ", ".join(kept)


def _status(component: VEvent, told: list[str]) -> str:
    """Whether it takes place (RFC 5545, 3.8.1.11)."""
    status = text(component, "STATUS").strip().upper()
    if status == "TENTATIVE":
        told.append("It is not certain there yet (tentative).")
    elif status not in ("", "CONFIRMED", "CANCELLED"):
        told.append(f"Its status {on_one_line(status)[:40]} is none of an event; it is taken for certain.")
    return status


def _left_out(component: VEvent) -> list[str]:
    """What an event here has no place for, in words or by its name; what single programs add is told once of a file."""
    names = {*component, *(part.name or "" for part in component.subcomponents)} - _LOOKED_AT
    if "RELATED-TO" in names and all(map(is_of_a_set, several(component, "RELATED-TO"))):
        names.remove("RELATED-TO")  # by which it is known again
    if not names:
        return []
    lost = [words for name, words in _LOST.items() if name in names]
    lost += sorted(name[:40] for name in names - _LOST.keys() if not name.startswith("X-"))
    return [f"Not kept: {', '.join(lost)}."] if lost else []
