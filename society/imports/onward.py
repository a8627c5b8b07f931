"""How what recurs goes on beyond the dates of it that are read: as a series here, if its rule can be said in the words
of one, and how many dates lie outside."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from typing import Any

from dateutil.rrule import rrulestr
from icalendar import Event as VEvent
from icalendar import vRecur

from society.series.rules import ORDINALS, Every, Rule, is_last, nth_of
from society.text import counted, listed
from society.times import EARLIEST, LATEST

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
A_DAY = timedelta(days=1)
MOST_NAMED = 5
"""Events that are told by their names."""
_OF_DAYS = ("FREQ", "INTERVAL", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS", "WKST", "COUNT")
"""The parts of a rule that tell its days."""


@dataclass(frozen=True)
class Onward:
    """How a recurring event goes on: its rule in the words of a series here, if it can be said in them."""

    rule: Rule | None = None
    cut: bool = False
    """Whether there is more of it within the time that is read than was read."""
    passed_over: Sequence[tuple[VEvent, str]] = ()
    """What stands under the same name and is not taken, each with why."""
    before: int = 0
    after: int = 0
    """How many of its days lie before the time that is read, and after it if it has an end."""
    endless: bool = False
    read: int = 0
    up_to: date = date.min
    """The last day of the time that is read."""
    title: str = ""

    @property
    def is_series(self) -> bool:
        """Whether it becomes one here, which goes on by itself."""
        return self.rule is not None and self.read > 1


@dataclass(frozen=True)
class Recurs:
    """By what something recurs: its rules, and the days that it has besides and those left out, by its clocks."""

    rules: Sequence[Any]
    starts: date
    besides: set[date]
    without: set[date]

    @property
    def first(self) -> date:
        return _day(self.starts)


def going_on(recurs: Recurs, planned: list[date], window: tuple[date, date], *, cut: bool) -> Onward:
    """Beyond the days `planned` of it that are read, which are those within the window, or the first of them."""
    (since, until), days, endless = window, {recurs.first, *recurs.besides}, False
    for rule in recurs.rules:
        more, never_ends = _days_outside(rule, recurs, window, cut=cut)
        days, endless = days | more, endless or never_ends
    outside = days - recurs.without - set(planned)
    before, after = sum(day < since for day in outside), sum(day >= until for day in outside)
    if planned and not (after or cut):
        days = {planned[-1]}
    rule = _said(recurs, planned, None if endless else max(days)) if planned else None
    return Onward(rule, cut, (), before, 0 if endless else after, endless, len(planned), until - A_DAY)


def _days_outside(rule: Any, recurs: Recurs, window: tuple[date, date], *, cut: bool) -> tuple[set[date], bool]:
    """Those that a rule gives, as far as some may lie outside the window, and whether it goes on for ever; so does what
    goes on to the end of the years that events are in."""
    end = last_day(rule, recurs.starts) if "UNTIL" in rule else LATEST
    never_ends = "COUNT" not in rule and end >= LATEST
    goes_on = not never_ends and ("COUNT" in rule or end >= window[1] or cut)
    if not goes_on and recurs.first >= window[0]:
        return set(), never_ends
    days = set(_days_of(rule, recurs.first, min(end, LATEST - A_DAY) if goes_on else window[0] - A_DAY))
    return days, never_ends or ("COUNT" in rule and max(days, default=recurs.first).year == LATEST.year - 1)


def last_day(rule: Any, starts: date) -> date:
    """The last that a rule with an end by date may give, by the clocks of its event."""
    stated = rule["UNTIL"][0]
    if not isinstance(stated, datetime) or not isinstance(starts, datetime) or not EARLIEST <= _day(stated) < LATEST:
        return _day(stated)
    if stated.tzinfo and starts.tzinfo:
        stated = stated.astimezone(starts.tzinfo)
    return stated.date() if stated.time() >= starts.time() else stated.date() - A_DAY


def _days_of(rule: Any, first: date, last: date) -> Iterable[date]:
    if step := _step(rule, first):  # as most do, of which an old calendar has thousands
        ordinals = range(first.toordinal(), last.toordinal() + 1, step)
        return map(date.fromordinal, ordinals[: rule["COUNT"][0]] if "COUNT" in rule else ordinals)
    parts = vRecur({name: rule[name] for name in _OF_DAYS if name in rule}).to_ical().decode()  # type: ignore[no-untyped-call]
    end = "" if "COUNT" in rule else f";UNTIL={last:%Y%m%dT000000}"
    days = (moment.date() for moment in rrulestr(parts + end, dtstart=datetime.combine(first, time())))
    return takewhile(lambda day: day <= last, days)


def _step(rule: Any, first: date) -> int:
    """From each day of a rule to the next, where that is always the same; else 0."""
    frequency, interval = str(rule["FREQ"][0]).upper(), int((rule.get("INTERVAL") or [1])[0])
    by = [name for name in _OF_DAYS if name.startswith("BY") and name in rule]
    on_its_weekday = by == ["BYDAY"] and rule["BYDAY"] == [WEEKDAYS[first.weekday()]]
    if frequency == "WEEKLY" and (not by or on_its_weekday):
        return 7 * interval
    return interval if frequency == "DAILY" and not by else 0


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _said(recurs: Recurs, planned: list[date], until: date | None) -> Rule | None:
    """The rule as a series here has it; None unless it gives the same days exactly."""
    in_utc = getattr(getattr(recurs.starts, "tzinfo", None), "key", "") == "UTC"  # its days are none of any place
    plain = _plain(recurs.rules[0], planned[0]) if len(recurs.rules) == 1 else None
    if plain is None or recurs.besides or in_utc:
        return None
    whole, later = Rule(**plain, until=until), {day for day in recurs.without if planned[-1] < day < LATEST}
    missing = set(whole.days(planned[0], up_to=planned[-1])) - set(planned)
    missing |= later.intersection(whole.days(planned[0], up_to=max(later, default=planned[0])))
    rule = replace(whole, without_days=tuple(sorted(missing)))
    return rule if len(missing) < 100 and rule.days(planned[0], up_to=planned[-1]) == planned else None


def _plain(stated: Any, first: date) -> dict[str, Any] | None:
    """What of a rule can be said here: days, weeks on weekdays, months by weekday or day, years."""
    known = {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYSETPOS", "COUNT", "UNTIL", "WKST"}
    frequency, interval = str(stated["FREQ"][0]).upper(), int((stated.get("INTERVAL") or [1])[0])
    by_day, by_month_day = _by_day(stated, frequency), stated.get("BYMONTHDAY", [])
    if by_day is None or set(stated) - known:
        return None
    match frequency:
        case "DAILY" if not by_day and not by_month_day:
            return {"every": Every.DAY, "interval": interval}
        case "WEEKLY" if not by_month_day and all(day in WEEKDAYS for day in by_day):
            return {"every": Every.WEEK, "interval": interval, "weekdays": tuple(map(WEEKDAYS.index, by_day))}
        case "MONTHLY" if by_month_day == [first.day] or not (by_day or by_month_day):
            return {"every": Every.MONTH_DAY, "interval": interval}
        case "MONTHLY" if by_day and not by_month_day:
            return _by_weekday(by_day, first, interval)
        case "YEARLY" if not by_day and not by_month_day:
            return {"every": Every.YEAR, "interval": interval}
    return None


def _by_day(stated: Any, frequency: str) -> list[str] | None:
    """The weekdays, with which of a month they are, which Exchange tells beside the one that it is about."""
    days = [str(day) for day in stated.get("BYDAY", [])]
    if "BYSETPOS" not in stated:
        return days
    alone = frequency == "MONTHLY" and len(days) == 1 and days[0] in WEEKDAYS
    return [f"{place}{days[0]}" for place in stated["BYSETPOS"]] if alone else None


def _by_weekday(stated: Sequence[str], first: date, interval: int) -> dict[str, Any] | None:
    """One weekday of a month or several, such as the second and fourth Tuesday, of which the first event is on one."""
    numbers, weekdays = {day[:-2] for day in stated}, {day[-2:] for day in stated}
    if weekdays != {WEEKDAYS[first.weekday()]} or "" in numbers:
        return None
    places = tuple(place for place in ORDINALS if place in set(map(int, numbers)))
    named = {nth_of(first, last=False), *([-1] if is_last(first) else [])}
    if len(places) != len(numbers) or named.isdisjoint(places):
        return None
    several = {"places": places} if len(places) > 1 else {"last": places == (-1,)}
    return {"every": Every.MONTH_WEEKDAY, "interval": interval, **several}


def in_words(those: Sequence[Onward], window: tuple[date, date]) -> list[str]:
    """What is said of the dates outside the window, if there are any: how many, and what becomes of them."""
    before, later = sum(one.before for one in those), [one for one in those if one.after or one.endless]
    if not before and not later:
        return []
    since, until = (f"{day.day} {day:%B %Y}" for day in (window[0], window[1] - A_DAY))
    said = [f"Of what recurs, the dates from {since} to {until} are read"]
    if before:
        said.append(f"{counted(before, 'date')} before that {'is' if before == 1 else 'are'} left out")
    if ours := [one for one in later if one.is_series]:
        said.append(f"What comes after that is made later by itself, as the series here go on: {_many(ours)}")
    if others := [one for one in later if not one.is_series]:
        named = [f"“{one.title}”" for one in others[:MOST_NAMED]]
        names = listed([*named, f"{len(others) - MOST_NAMED:,} more"] if len(others) > MOST_NAMED else named)
        said.append(f"What comes after that is left out where no series here can go on so: {_many(others)} of {names}")
        said.append("Read the file in again by then")
    return [f"{'. '.join(said)}."]


def _many(those: Sequence[Onward]) -> str:
    dates, endless = sum(one.after for one in those), sum(one.endless for one in those)
    without_end = f"those of {counted(endless, 'event')} without an end"
    return listed([*([counted(dates, "date")] if dates else []), *([without_end] if endless else [])])
