"""On which day an announcement says that something is, and whether its day of the week agrees.

Every pattern has bounded repetition, so that reading is linear in the length of the text.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache

from dateparser.date import DateDataParser

from society.announcements.hours import Hours
from society.announcements.words import WEEKDAYS
from society.text import folded

LANGUAGES = ["en", "de", "fr", "es"]
MOST_DATES = 40
"""Dates looked at in one text: an announcement with more is a programme."""

_DAY = r"\d{1,2}(?:st|nd|rd|th|er|\.|º)?"
_MONTH = r"[^\W\d_]{3,10}\.?"
_TO = r"\s?(?:–|-|&|and|to|bis|au|al|until|till)\s?(?:zum\s|the\s)?"
_YEAR = r"(?:,?\s(?:de\s|del\s)?(20\d\d))?"
_WEEKDAY = r"(?:\b([^\W\d_]{2,10})\.?,?\s(?:dem\s|den\s|the\s|le\s|el\s)?)?"
_DATES = (
    ("iso", re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)\b")),
    ("dotted", re.compile(_WEEKDAY + r"(?<![\d.])(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})?(?![\d])")),
    ("slashed", re.compile(_WEEKDAY + r"(?<![\d/])(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})\b")),
    (
        "day first",
        re.compile(
            _WEEKDAY + rf"\b({_DAY})(?:(?:\s(?:of\s|de\s)?({_MONTH}))?"
            rf"{_TO}(?:[^\W\d_]{{3,10}},?\s)?({_DAY}))?\s(?:of\s|de\s)?({_MONTH}){_YEAR}"
        ),
    ),
    ("month first", re.compile(_WEEKDAY + rf"\b({_MONTH})\s({_DAY})(?:{_TO}({_DAY}))?{_YEAR}(?![\d:])")),
)


@dataclass(frozen=True)
class Day:
    """A date, or a span of them, as found from `at` to `end` in the text."""

    first: date
    last: date
    at: int
    end: int
    quote: str
    doubt: str = ""


def days_in(text: str, today: date, *, month_first: bool) -> list[Day]:
    """The dates that a text names, in its order; a year left out is that of the next such day."""
    found: list[Day] = []
    for kind, pattern in _DATES:
        for n, match in enumerate(pattern.finditer(text)):
            if n == MOST_DATES:
                break
            if day := _READ[kind](match, today, month_first):
                found.append(day)
    found.sort(key=lambda day: (day.at, -day.end))
    return [day for n, day in enumerate(found) if not any(day.at < other.end for other in found[:n])]


def _iso(match: re.Match[str], _today: date, _month_first: bool) -> Day | None:
    return _day(match, _date(*(int(part) for part in match.groups())))


def _dotted(match: re.Match[str], today: date, _month_first: bool) -> Day | None:
    weekday, day, month, year = match.groups()
    first = _date(_full(year), int(month), int(day)) if year else _next(int(month), int(day), today)
    return _agreeing(match, weekday, first, first, told=bool(year))


def _slashed(match: re.Match[str], _today: date, month_first: bool) -> Day | None:
    weekday, one, two, year = match.groups()
    month, day = (int(one), int(two)) if month_first else (int(two), int(one))
    either = month <= 12 and day <= 12 and month != day
    if month > 12:
        month, day = day, month
    first = _date(_full(year), month, day)
    read = _agreeing(match, weekday, first, first, told=True)
    if read is None or not either or _number_of(weekday) is not None:
        return read
    return replace(
        read, doubt=read.doubt or f"“{one}/{two}” can be read in two ways; {_said(read.first)} is meant here."
    )


def _day_first(match: re.Match[str], today: date, _month_first: bool) -> Day | None:
    weekday, day, own_month, until, month, year = match.groups()
    last = _spoken(f"{_bare(until or day)} {month}", year, today)
    first = _spoken(f"{_bare(day)} {own_month or month}", year, today) if until else last
    return _agreeing(match, weekday, first, last, told=bool(year))


def _month_first(match: re.Match[str], today: date, _month_first: bool) -> Day | None:
    weekday, month, day, until, year = match.groups()
    first = _spoken(f"{_bare(day)} {month}", year, today)
    last = _spoken(f"{_bare(until)} {month}", year, today) if until else first
    return _agreeing(match, weekday, first, last, told=bool(year))


_READ = {
    "iso": _iso,
    "dotted": _dotted,
    "slashed": _slashed,
    "day first": _day_first,
    "month first": _month_first,
}


def _bare(day: str) -> str:
    return re.sub(r"\D", "", day)


def _full(year: str) -> int:
    return int(year) + (2000 if len(year) == 2 else 0)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


@cache
def _calendar() -> DateDataParser:
    required = {"REQUIRE_PARTS": ["day", "month"], "PARSERS": ["absolute-time"], "DATE_ORDER": "DMY"}
    return DateDataParser(languages=LANGUAGES, settings=required)


def _spoken(words: str, year: str | None, today: date) -> date | None:
    """ "30 März", with a year or as the next such day."""
    if not 1 <= int(words.split()[0]) <= 31:
        return None
    leap = 2028  # in which every day of a year exists
    found = _calendar().get_date_data(f"{words.rstrip('.')} {year or leap}").date_obj
    if found is None:
        return None
    return found.date() if year else _next(found.month, found.day, today)


def _next(month: int, day: int, today: date) -> date | None:
    coming = (_date(year, month, day) for year in range(today.year, today.year + 9))
    return next((found for found in coming if found and found >= today), None)


def _number_of(weekday: str | None) -> int | None:
    return WEEKDAYS.get(folded(weekday)) if weekday else None


def _agreeing(
    match: re.Match[str], weekday: str | None, first: date | None, last: date | None, *, told: bool
) -> Day | None:
    """The day, and whether the day of the week that stands with it is right."""
    if first is None or last is None:
        return None
    read = _day(match, first, max(last, first))
    number = _number_of(weekday)
    if read is None or number is None or first.weekday() == number:
        return read
    sentence = f"The text says {weekday}; {_said(first)} is a {first:%A}."
    later = _date(first.year + 1, first.month, first.day)
    if not told and later and later.weekday() == number:
        return replace(
            read, first=later, last=later + (last - first), doubt=f"No year is named; {_said(later)} is a {later:%A}."
        )
    return replace(read, doubt=sentence)


def _day(match: re.Match[str], first: date | None, last: date | None = None) -> Day | None:
    if first is None:
        return None
    at = match.start()
    if match.re.groups > 3 and match[1] and _number_of(match[1]) is None:
        at = match.start(2)  # the word before it is no weekday
    return Day(first, last or first, at, match.end(), match.string[at : match.end()].strip())


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def loose_day(text: str, today: date) -> Day | None:
    """A day told by today alone: "tomorrow", "on Thursday". Only asked for where no date is named."""
    lowered = text.casefold()
    for word, ahead in (("tomorrow", 1), ("morgen", 1), ("demain", 1), ("mañana", 1), ("today", 0), ("heute", 0)):
        if (at := lowered.find(word)) >= 0:
            day = today + timedelta(days=ahead)
            return Day(day, day, at, at + len(word), word, f"“{word}” was taken from today: {_said(day)}.")
    for match in re.finditer(r"\b[^\W\d_]{5,10}\b", text):
        number = _number_of(match[0])
        if number is not None:
            day = today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
            return Day(day, day, match.start(), match.end(), match[0], f"No date is named; {_said(day)} is the next.")
    return None


def span(day: Day, hours: Hours | None) -> tuple[datetime, datetime | None]:
    """The start and, where it is said, the end, by the clocks of the place; of whole days the first and the last."""
    if hours is None:
        return datetime.combine(day.first, time()), datetime.combine(day.last, time())
    start = datetime.combine(day.first, hours.start)
    if hours.stop is None:
        return start, None
    stop = datetime.combine(day.last, hours.stop)
    return start, stop if stop > start else stop + timedelta(days=1)
