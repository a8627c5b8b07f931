"""One event of a calendar file in plain values, with whatever of it cannot be kept told in words."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from icalendar import Event as VEvent

from society.errors import Refused
from society.events.tags import LONGEST_TAG, MOST_TAGS, tags_in
from society.fields import clean, on_one_line
from society.imports.properties import length, moment, number, one, several, text
from society.imports.zones import Zones
from society.text import without_markup
from society.times import EARLIEST, LATEST, to_wall

SHORTEST = timedelta(hours=1)
"""How long something lasts whose end is not told (Google Calendar takes it so)."""
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
    told: list[str] = []
    starts, ends, zone, all_day = _times(component, zones, told)
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
        starts=starts,
        ends=ends,
        zone=zone,
        all_day=all_day,
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
    if any(getattr(moment(component, name), "second", 0) for name in ("DTSTART", "DTEND")):
        told.append("Its times are told to the second; here they are to the minute.")
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
    names = (on_one_line(str(name)) for entry in stated for name in entry.cats)
    return [name for name in names if name]


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
    if not names:
        return []
    lost = [words for name, words in _LOST.items() if name in names]
    lost += sorted(name[:40] for name in names - _LOST.keys() if not name.startswith("X-"))
    return [f"Not kept: {', '.join(lost)}."] if lost else []
