"""Whose clocks a time of day is told by: "7 pm GMT", "14:30 Eastern", "10 horas (hora de la Ciudad de México)"."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from society.announcements.words import ZONES
from society.text import folded
from society.times import place_of, zone_names

_TIME = r"\d\s?(?i:[ap]\.?m\.?|uhr|h)?"
_AFTER_TIME = _TIME + r"[\s(]{1,2}"
_ZONED = re.compile(_AFTER_TIME + r"([A-Za-z]{2,8}(?:\s(?i:time))?)\b(?![+−-]\d)")
_OF_CITY = re.compile(_TIME + r" ([A-ZÀ-Þ][\w.]+(?:,? [A-ZÀ-Þ][\w.]+){0,7})$", re.MULTILINE)
_CLOCKS_OF = re.compile(
    r"\b(?:hora|heure|horario|ortszeit|zeit in)\s(?:locale?\s)?(?:(?:de la|del|de l['’]|du|de|d['’])\s?)?"
    r"((?:[A-ZÀ-Þ][\w'’-]+|de|peninsular|argentina|chilena|central|l['’]Est)(?:\s(?:de\s)?[A-ZÀ-Þ][\w'’-]+){0,3})",
    re.IGNORECASE,
)
_TIME_IN = re.compile(r"\b([A-ZÀ-Þ][a-zß-ÿ]+(?: [A-ZÀ-Þ][a-zß-ÿ]+)?)(?:er)? (?:time|Zeit|Ortszeit)\b")
_CALLED = {
    "ciudad de mexico": "America/Mexico_City",
    "est": "America/Toronto",
    "l'est": "America/Toronto",
    "peninsular": "Europe/Madrid",
    "argentina": "America/Argentina/Buenos_Aires",
    "chilena": "America/Santiago",
    "nueva york": "America/New_York",
    "londres": "Europe/London",
    "bruxelles": "Europe/Brussels",
    "geneve": "Europe/Zurich",
    "wien": "Europe/Vienna",
    "lisboa": "Europe/Lisbon",
    "eastern": "America/New_York",
    "pacific": "America/Los_Angeles",
    "uk": "Europe/London",
    "british": "Europe/London",
    "irish": "Europe/Dublin",
}
"""What people call clocks of a place that is listed under another name."""
_AHEAD = re.compile(_AFTER_TIME + r"((?:UTC|GMT)\s?([+−-])(\d{1,2})(?::?(\d\d))?)(?![\d:.])", re.IGNORECASE)


@cache
def _cities() -> dict[str, str]:
    return {folded(place_of(name)): name for name in zone_names()}


def zone_of(city: str) -> str | None:
    """The zone that is called after a city, or after the first of several, as invitations of Zoom list them."""
    return _cities().get(folded(city.partition(",")[0]))


def zones_in(text: str) -> Iterator[tuple[str, str, int]]:
    """The zones that are named after a time of day, how they are called there, and where."""
    for match in _ZONED.finditer(text):
        if (zone := ZONES.get(match[1].casefold())) and not match[1].islower():  # "et" is French
            yield zone, match[1], match.start(1)
    for match in _OF_CITY.finditer(text):
        if zone := zone_of(match[1]):
            yield zone, match[1], match.start(1)
    for match in (match for pattern in (_CLOCKS_OF, _TIME_IN) for match in pattern.finditer(text)):
        if zone := _CALLED.get(folded(match[1])) or zone_of(match[1]):
            yield zone, match[0], match.start(1)


def as_in_britain(zone: str, words: str, day: datetime) -> str:
    """What "GMT" means on that day: the clocks of Britain while they show it."""
    british = words.casefold() == "gmt" and not day.replace(tzinfo=ZoneInfo("Europe/London")).utcoffset()
    return "Europe/London" if british else zone


def offset_in(text: str) -> tuple[timedelta, str] | None:
    """How far a time of day is ahead of UTC, where that is all that is said of its zone: "17:00 UTC+1"."""
    if (match := _AHEAD.search(text)) and int(match[3]) <= 14:
        ahead = timedelta(hours=int(match[3]), minutes=int(match[4] or 0))
        return (ahead if match[2] == "+" else -ahead), match[1]
    return None
