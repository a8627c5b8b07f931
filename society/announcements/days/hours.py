"""At what time of day an announcement says that something is, and by whose clocks.

Every pattern has bounded repetition, so that reading is linear in the length of the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from society.announcements.days.faces import FACE, HOUR, is_hour, read_face
from society.announcements.remembered import once

_CLOCK = (
    rf"(?:{FACE}|(?:12\s)?(?:noon|midday|midnight)\b|mittag|midi"
    r"|(?:[01]\d|2[0-3])[0-5]\d\s?(?:h(?:ou)?rs|uhr)\b"
    r"|\d{1,2}(?:(?:[:.]|\s?h\s?)\d{2})?\s?(?:[ap]\.?\s?m\b\.?|uhr\b(?:\s\d{2}\b)?|h(?:rs?|s|oras|eures)?\b|o['’]clock)?)"
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

_ACADEMIC = re.compile(r"\s?\(?c\.\s?t\.?\)?", re.IGNORECASE)
"""How universities say that a lecture begins a quarter of an hour later: cum tempore."""
QUARTER = timedelta(minutes=15)
_DOORS = re.compile(
    rf"\b(?:doors?|gates?|einlass|ouverture des portes|puertas)(?:\s(?:open|opens|from|at|ab|um|à|a))*:?\s({_CLOCK})",
    re.IGNORECASE,
)
_OPEN = "It is when the doors open; when it begins is not told."
SEVEN_AND_MORE = time(7, 15)
"""From when on an evening begins more often than a morning does."""


@dataclass(frozen=True)
class Hours:
    """A time of day, or from one to another."""

    start: time
    stop: time | None
    at: int
    end: int
    quote: str
    doubt: str = ""


@once
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
    if stop is None and (academic := _ACADEMIC.match(text, end)):
        start, end = (datetime.combine(date(2000, 1, 1), start) + QUARTER).time(), academic.end()
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


_BARE = re.compile(
    r"\b(?:at|from|um|ab|gegen|à|a las?)\s(1[0-2]|[1-9])"
    r"(?=\s?(?:[.,;(!)]|$)|\s(?:and|for|in|on|with|sharp|prompt|until|till|und|et|y)\s)",
    re.MULTILINE,
)
_SETS_OUT = re.compile(r"\b(?:leaves?|sets? off|departs?|coach|train|walk|abfahrt|départ|salida)\b", re.IGNORECASE)
LATEST_OF_MORNING = 8


def bare_hours(text: str) -> Iterator[Hours]:
    """Hours of which nothing but the number is told, "at 8": of a morning from nine on, and where people set out."""
    for match in _BARE.finditer(text):
        hour, doubt = int(match[1]), ""
        early = hour == LATEST_OF_MORNING and _SETS_OUT.search(text[max(match.start() - 80, 0) : match.start()])
        if hour <= LATEST_OF_MORNING and not early:
            hour, doubt = hour + 12, "Taken to be in the evening."
        yield Hours(time(hour), None, match.start(1), match.end(1), match[0], doubt)
