"""On which day an announcement says that something is, and whether its day of the week agrees."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice, pairwise

from society.announcements.days.calendar import existing, full_year, next_such, spoken
from society.announcements.days.date_forms import ALSO, BETWEEN, DATES
from society.announcements.days.monthly import meant_by, starts_of
from society.announcements.remembered import once
from society.announcements.words import WEEKDAYS
from society.text import folded, listed

MOST_DATES = 40
"""Dates looked at in one text: an announcement with more is a programme."""

_ANY = date(2000, 1, 1)
_LAST_DAYS = re.compile(r"(?<!\d)(?:29|3[01])(?!\d)")


@dataclass(frozen=True)
class Day:
    """A date, or a span of them, as found from `at` to `end` in the text."""

    first: date
    last: date
    at: int
    end: int
    quote: str
    doubt: str = ""
    others: tuple[date, ...] = ()
    """Further ones that the same words name: 10 and 17 of "3, 10 and 17 March"."""


@once
def days_in(text: str, today: date, *, month_first: bool) -> list[Day]:
    """The dates that a text names, in its order; a year left out is that of the next such day."""
    found: list[Day] = []
    for kind, pattern in DATES:
        for n, match in enumerate(pattern.finditer(text)):
            if n == MOST_DATES:
                break
            if day := _READ[kind](match, today, month_first):
                found.append(day)
    found.sort(key=lambda day: (day.at, -day.end))
    apart = [day for n, day in enumerate(found) if not any(day.at < other.end for other in found[:n])]
    return _joined(apart, text)


@dataclass(frozen=True)
class NoDay:
    """What is written as a date, and is none: "31 June"."""

    at: int
    end: int
    quote: str


@once
def no_days_in(text: str) -> list[NoDay]:
    """The dates that a text names and no calendar has: they would exist if their month were longer."""
    found = []
    for kind, pattern in DATES:
        for match in islice(pattern.finditer(text), MOST_DATES):
            nearly = pattern.search(_LAST_DAYS.sub("28", match[0])) if _LAST_DAYS.search(match[0]) else None
            if nearly and _READ[kind](nearly, _ANY, False) and not _READ[kind](match, _ANY, False):
                at = _start(match)
                found.append(NoDay(at, match.end(), text[at : match.end()].strip()))
    return found


def dated_in(text: str) -> list[tuple[int, int]]:
    """From where to where a text has dates, whether they exist or not."""
    days = [(day.at, day.end) for day in days_in(text, _ANY, month_first=False)]
    return [*days, *((one.at, one.end) for one in no_days_in(text))]


def _joined(days: list[Day], text: str) -> list[Day]:
    """ "28 December 2026 – 3 January 2027" is one span."""
    joined: list[Day] = []
    for day in days:
        before = joined[-1] if joined else None
        if before and before.last < day.first and BETWEEN.fullmatch(text, before.end, day.at):
            doubt = before.doubt or day.doubt
            joined[-1] = Day(before.first, day.last, before.at, day.end, text[before.at : day.end], doubt)
        else:
            joined.append(day)
    return joined


def _iso(match: re.Match[str], _today: date, _month_first: bool) -> Day | None:
    return _day(match, existing(*(int(part) for part in match.groups())))


def _dotted(match: re.Match[str], today: date, _month_first: bool) -> Day | None:
    weekday, day, month, year = match.groups()
    first = existing(full_year(year), int(month), int(day)) if year else next_such(int(month), int(day), today)
    return _agreeing(match, weekday, first, first, told=bool(year))


def _slashed(match: re.Match[str], today: date, month_first: bool) -> Day | None:
    weekday, one, two, year = match.groups()
    month, day = (int(one), int(two)) if month_first else (int(two), int(one))
    either = month <= 12 and day <= 12 and month != day
    month, day = (day, month) if month > 12 else (month, day)
    first = existing(full_year(year), month, day) if year else next_such(month, day, today)
    read = _agreeing(match, weekday, first, first, told=bool(year))
    if read is None or not either or number_of(weekday) is not None:
        return read
    return replace(
        read, doubt=read.doubt or f"“{one}/{two}” can be read in two ways; {said(read.first)} is meant here."
    )


def _day_first(match: re.Match[str], today: date, _month_first: bool) -> Day | None:
    weekday, before, day, own_month, by, until, month, year = match.groups()
    last = spoken(f"{_bare(until or day)} {month}", year, today)
    first = spoken(f"{_bare(day)} {own_month or month}", year, today) if until else last
    if first and last and by and re.fullmatch(ALSO + r"(?:the\s)?", by):
        return _each_of(match, weekday, [*_numbers(before, first), first, last], told=bool(year))
    return _agreeing(match, weekday, first, last, told=bool(year))


def _numbers(days: str, like: date) -> list[date]:
    """Those that stand before the last of several days: "3, 10" of "3, 10 and 17 March"."""
    found = [existing(like.year, like.month, int(number)) for number in re.findall(r"\d+", days)]
    return [day for day in found if day and day < like]


def _each_of(match: re.Match[str], weekday: str | None, days: list[date], *, told: bool) -> Day | None:
    """ "5 and 6 March" is a span; of "3, 10 and 17 March" the first is meant, and the others are told."""
    together = all(later - day == timedelta(days=1) for day, later in pairwise(days))
    read = _agreeing(match, weekday, days[0], days[-1] if together else days[0], told=told)
    if read is None or together:
        return read
    named = f"The text names {listed([said(day) for day in days[1:]])} too."
    return replace(read, doubt=" ".join(filter(None, [read.doubt, named])), others=tuple(days[1:]))


def _month_first(match: re.Match[str], today: date, _month_first: bool) -> Day | None:
    weekday, month, day, until, year = match.groups()
    first = spoken(f"{_bare(day)} {month}", year, today)
    last = spoken(f"{_bare(until)} {month}", year, today) if until else first
    return _agreeing(match, weekday, first, last, told=bool(year))


def _in_a_month(match: re.Match[str], today: date, _month_first: bool) -> Day | None:
    """Of "every Saturday in March" the first to come is meant, and the others are told."""
    at, like = starts_of(match), spoken(f"1 {match[3]}", match[4], _ANY)
    if at is None or like is None:
        return None
    days = meant_by(match, like.month, [like.year] if match[4] else [today.year, today.year + 1], today)
    if not days:
        return None
    doubt = f"The text names {listed([said(day) for day in days[1:]])} too." if days[1:] else ""
    return Day(days[0], days[0], at, match.end(), match.string[at : match.end()].strip(), doubt, tuple(days[1:]))


_READ = {
    "iso": _iso,
    "dotted": _dotted,
    "slashed": _slashed,
    "day first": _day_first,
    "in a month": _in_a_month,
    "month first": _month_first,
}


def _bare(day: str) -> str:
    return re.sub(r"\D", "", day)


def number_of(weekday: str | None) -> int | None:
    return WEEKDAYS.get(re.sub("days$", "day", folded(weekday))) if weekday else None


def _agreeing(
    match: re.Match[str], weekday: str | None, first: date | None, last: date | None, *, told: bool
) -> Day | None:
    """The day, and whether the day of the week that stands with it is right."""
    if first is None or last is None:
        return None
    read = _day(match, first, max(last, first))
    number = number_of(weekday)
    if read is None or number is None or first.weekday() == number:
        return read
    sentence = f"The text says {weekday}; {said(first)} is a {first:%A}."
    later = existing(first.year + 1, first.month, first.day)
    if not told and later and later.weekday() == number:
        return replace(
            read, first=later, last=later + (last - first), doubt=f"No year is named; {said(later)} is a {later:%A}."
        )
    return replace(read, doubt=sentence)


def _day(match: re.Match[str], first: date | None, last: date | None = None) -> Day | None:
    if first is None:
        return None
    at = _start(match)
    return Day(first, last or first, at, match.end(), match.string[at : match.end()].strip())


def _start(match: re.Match[str]) -> int:
    """Where a date begins: the word before it may be no weekday."""
    return match.start(2 if match.re.groups > 3 and match[1] and number_of(match[1]) is None else 0)


def said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
