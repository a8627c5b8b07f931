"""At what time of day an announcement says that something is, and by whose clocks.

Every pattern has bounded repetition, so that reading is linear in the length of the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time, timedelta
from functools import cache

from society.announcements.faces import FACE, HOUR, is_hour, read_face
from society.announcements.words import ZONES
from society.text import folded
from society.times import place_of, zone_names

_CLOCK = (
    rf"(?:{FACE}|(?:12\s)?(?:noon|midday|midnight)\b|mittag|midi"
    r"|(?:[01]\d|2[0-3])[0-5]\d\s?(?:h(?:ou)?rs|uhr)\b"
    r"|\d{1,2}(?:(?:[:.]|\s?h\s?)\d{2})?\s?(?:[ap]\.?\s?m\b\.?|uhr\b(?:\s\d{2}\b)?|h(?:rs?|oras|eures)?\b|o['’]clock)?)"
)
_TIMES = re.compile(
    rf"(?<![\d.:/£$€-])\b({_CLOCK})(?:\s?(?:–|-|to|until|till|bis|à|a|and|hasta)\s?({_CLOCK}|{HOUR}))?(?!\d|[:/.]\d|%)",
    re.IGNORECASE,
)
_NAMED = {"noon": time(12), "midday": time(12), "mittag": time(12), "midi": time(12), "midnight": time(0)}
_AMBIGUOUS = re.compile(r"[1-9](?:[:.]\d\d|\s?o['’]clock)")
"""Neither of the twenty-four hours of a day nor said to be of the morning."""
_TIGHT = re.compile(r"\d{1,2}[.:]\d\d[–-]\d{1,2}")
_MORNING = re.compile(r"^.{0,4}(?:in the morning|morgens|vormittags|du matin|de la mañana)")
_EVENING = re.compile(r"^.{0,4}(?:in the evening|evening|abends|du soir|de la (?:tarde|noche))")
_BESIDE_THE_POINT = re.compile(
    r"(?:doors|einlass|ouverture|rsvp|reply|register|book(?:ing)?|deadline|tea|coffee|drinks|by|anmeldung)"
    r"(?:[^\w\n]{1,3}(?:open|opens|from|by|ab|bis|at|on|before)?){0,2}\s?$"
)

_DOORS = re.compile(
    rf"\b(?:doors?|gates?|einlass|ouverture des portes|puertas)(?:\s(?:open|opens|from|at|ab|um|à|a))*:?\s({_CLOCK})",
    re.IGNORECASE,
)
_OPEN = "It is when the doors open; when it begins is not told."
SEVEN_AND_MORE = time(7, 15)
"""From when on an evening begins more often than a morning does."""
_TIME = r"\d\s?(?i:[ap]\.?m\.?|uhr|h)?"
_AFTER_TIME = _TIME + r"[\s(]{1,2}"
_ZONED = re.compile(_AFTER_TIME + r"([A-Za-z]{2,8}(?:\s(?i:time))?)\b(?![+−-]\d)")
_OF_CITY = re.compile(_TIME + r" ([A-ZÀ-Þ][\w.]+(?:,? [A-ZÀ-Þ][\w.]+){0,7})$", re.MULTILINE)
_AHEAD = re.compile(_AFTER_TIME + r"((?:UTC|GMT)\s?([+−-])(\d{1,2})(?::?(\d\d))?)(?![\d:.])", re.IGNORECASE)


@dataclass(frozen=True)
class Hours:
    """A time of day, or from one to another."""

    start: time
    stop: time | None
    at: int
    end: int
    quote: str
    doubt: str = ""


def hours_in(text: str) -> Iterator[Hours]:
    """The times of day that a text names, without those at which doors open or answers are due."""
    for match in _TIMES.finditer(text):
        if _BESIDE_THE_POINT.search(text[max(match.start() - 30, 0) : match.start()].casefold()):
            continue
        if hours := _hours(match, text):
            yield hours


def doors_in(text: str) -> Iterator[Hours]:
    """When doors open, an evening's unless it is said or late: the only time that some texts tell."""
    for match in _DOORS.finditer(text):
        start = _time(_said(match[1]))
        if start is not None:
            late = start.hour < 9 and not _half(match[1].casefold())
            yield Hours(start.replace(hour=start.hour + 12) if late else start, None, *match.span(1), match[1], _OPEN)


def _hours(match: re.Match[str], text: str) -> Hours | None:
    one, two = _said(match[1]), _said(match[2]) if match[2] else None
    end = match.end()
    if two and not _is_time(two) and _is_time(one) and not is_hour(two) and not _TIGHT.fullmatch(match[0].strip()):
        two, end = None, match.end(1)  # "10pm – 1 January"
    behind = text[end : end + 24].casefold()
    late, early = bool(_EVENING.match(behind)), bool(_MORNING.match(behind))
    if (not late and not early and not (_is_time(two or one) or (two and _is_time(one)))) or (
        two and not (_is_time(one) or one.isdigit())
    ):
        return None
    stop = _time(two, late=late) if two else None
    start = _time(one, like=two, late=late)
    if start is None or (two and stop is None):
        return None
    if two and stop and "p" in (_half(two) or "") and not _half(one) and start > stop and stop != time(0):
        start = start.replace(hour=start.hour - 12) if start.hour >= 12 else start
    doubt = ""
    if not (late or early) and _is_of_an_evening(one, start, stop):
        start, doubt = start.replace(hour=start.hour + 12), "Taken to be in the evening."
        stop = stop and stop.replace(hour=stop.hour + 12)
    elif stop and not early and _is_ambiguous(two or "") and _goes_on_to(start, stop):
        stop = stop.replace(hour=stop.hour + 12)
    return Hours(start, stop, match.start(), end, text[match.start() : end].strip(), doubt)


def _is_of_an_evening(one: str, start: time, stop: time | None) -> bool:
    """A start of which no half of the day is said; what begins early and ends at eight or later may be a breakfast,
    unless in words."""
    latest = 11 if start >= SEVEN_AND_MORE or not one[0].isdigit() else 8
    return _is_ambiguous(one) and 1 <= start.hour < 8 and (stop is None or (start < stop and stop.hour < latest))


def _goes_on_to(start: time, stop: time) -> bool:
    """Whether an end of which no half of the day is said is past noon: "11.30 to 1.15", "6 pm to half past eight"."""
    return stop.hour < 8 < start.hour < 13 or 12 <= start.hour < stop.hour + 12 < 24


def _said(words: str) -> str:
    """As it is compared: "12 noon" is noon."""
    words = words.casefold().strip()
    return words.split()[-1] if words.endswith(("noon", "midday", "midnight")) else words


def _is_ambiguous(words: str) -> bool:
    in_words = not words[:1].isdigit() and read_face(words) is not None
    return bool(_AMBIGUOUS.fullmatch(words)) or (in_words and not _half(words))


def _is_time(words: str) -> bool:
    """Whether it can be nothing else: a bare number, or one with a dot, may be a price or a date."""
    if words in _NAMED or is_hour(words):
        return words in _NAMED
    return not re.fullmatch(r"\d{1,2}", words) and not (re.fullmatch(r"\d{1,2}\.\d{2}", words) and int(words[-2:]) % 5)


def _half(words: str) -> str | None:
    found = re.search(r"([ap])\.?\s?m\b", words)
    return found[1] if found else None


def _time(words: str, *, like: str | None = None, late: bool = False) -> time | None:
    """One time of day; the first of two that share what is said after the second."""
    if words in _NAMED:
        return _NAMED[words]
    hour, minute = _read(words)
    half = _half(words) or (_half(like) if like else None)
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif late and hour < 12:
        hour += 12
    if hour == 24 and minute == 0:
        hour = 0
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _read(words: str) -> tuple[int, int]:
    """Hour and minute, in figures or in words."""
    if face := read_face(words):
        return face.hour, face.minute
    numbers = [int(number) for number in re.findall(r"\d{1,2}", words)]
    return numbers[0], numbers[1] if len(numbers) > 1 else 0


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


def offset_in(text: str) -> tuple[timedelta, str] | None:
    """How far a time of day is ahead of UTC, where that is all that is said of its zone: "17:00 UTC+1"."""
    if (match := _AHEAD.search(text)) and int(match[3]) <= 14:
        ahead = timedelta(hours=int(match[3]), minutes=int(match[4] or 0))
        return (ahead if match[2] == "+" else -ahead), match[1]
    return None
