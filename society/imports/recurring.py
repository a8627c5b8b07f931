"""Recurring events of a calendar file, taken apart into their occurrences within a few years around today."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cached_property
from itertools import islice
from types import MappingProxyType
from typing import Any, NamedTuple

from icalendar import Event as VEvent
from icalendar import vDDDLists, vDDDTypes, vRecur
from recurring_ical_events import EventAdapter, Occurrence, Series

from society.errors import Refused
from society.imports.onward import WEEKDAYS, Onward, Recurs, going_on
from society.imports.properties import moment, number, one, several
from society.times import EARLIEST, LATEST

BACK, AHEAD = timedelta(days=5 * 366), timedelta(days=2 * 366)
"""How far before and after today occurrences are made into events."""
MOST_DAYS = 500
"""Occurrences of one event."""
MOST_RULES = 20
"""Rules of one event; the standard advises one (RFC 5545, 3.8.5.3)."""
NEVER = f"It is not between the years {EARLIEST.year} and {LATEST.year - 1}."
OUTDATED = "A later version of it is in this file."
_RARE_ENOUGH = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}


class Happening(NamedTuple):
    """One occurrence: the component that tells of it, when it is, and its name among its like."""

    told_by: VEvent
    starts: date | None
    ends: date | None
    """None of both: as the component itself says."""
    name: str
    sequence: int


def expanded(components: Sequence[VEvent], since: date, today: date) -> tuple[list[Happening], Onward]:
    """Take one event with its exceptions apart, from `since` on. Raises Refused where that cannot be done."""
    never = [(one, NEVER) for one in components if "RECURRENCE-ID" in one and not _is_of_our_years(one)]
    components = [one for one in components if not any(one is other for other, _why in never)]
    masters = [component for component in components if "RECURRENCE-ID" not in component]
    if not masters:
        return [_alone(component) for component in components], Onward(passed_over=never)
    *older, master = sorted(masters, key=lambda component: number(component, "SEQUENCE"))
    _check(master, _day(master))
    components = [_named_alike(component, master) for component in components]
    until, exceptions = today + AHEAD, [component for component in components if component not in masters]
    try:
        series = _Series([_Told(one) for one in (_bounded(master, until), *exceptions)])
        found = list(islice(series.between(since, until), MOST_DAYS + 1))
    except Refused:
        raise
    except Exception as fault:  # rules of others fail in many ways
        raise Refused("Its rule for recurring cannot be worked out.") from fault
    moved, sequence = _moved_on(components), max(series.sequence, 0)
    planned = sorted(((_planned(c.told_by, c.start, moved), c) for c in found), key=lambda pair: _named(pair[0]))
    kept = planned[:MOST_DAYS]
    days = sorted({_as_day(when) for when, _ in kept})
    onward = going_on(_recurs(master, until), days, (since, until), cut=len(found) > MOST_DAYS)
    clocks = getattr(_start(master), "tzinfo", None)
    those = [Happening(c.told_by, _by(clocks, c.start), _by(clocks, c.end), _named(when), sequence) for when, c in kept]
    return those, replace(onward, passed_over=[*never, *((one, OUTDATED) for one in older)])


def _by(clocks: tzinfo | None, value: date) -> date:
    """A date that was added in UTC is by the clocks of the event all the same."""
    added = clocks and isinstance(value, datetime) and getattr(value.tzinfo, "key", "") == "UTC"
    return value.astimezone(clocks) if added and isinstance(value, datetime) else value


def _named_alike(exception: VEvent, master: VEvent) -> VEvent:
    """One that is named by its day alone means the occurrence of that day."""
    named, starts = moment(exception, "RECURRENCE-ID"), _start(master)
    if named is None or isinstance(named, datetime) or not isinstance(starts, datetime):
        return exception
    exact = copy(exception)
    exact["RECURRENCE-ID"] = vDDDTypes(datetime.combine(named, starts.timetz()))
    return exact


class _Told(EventAdapter):
    """A component as the library sees it, which tells which it is."""

    @property
    def component(self) -> VEvent:
        component: VEvent = self._component
        return component

    @cached_property
    def sequence(self) -> int:
        """-1 where none is told; one that is no number stops nothing."""
        return number(self.component, "SEQUENCE") if "SEQUENCE" in self.component else -1


class _Occurrence(Occurrence):
    """An occurrence of which no component of its own is made, as that takes most of the time."""

    @property
    def told_by(self) -> VEvent:
        component: VEvent = self._adapter.component
        return component


class _Series(Series):
    occurrence = _Occurrence


def _alone(component: VEvent) -> Happening:
    """An exception of what is not in the file."""
    name = _named(_planned(component, _start(component)))
    return Happening(component, None, None, name, number(component, "SEQUENCE"))


def _is_of_our_years(component: VEvent) -> bool:
    """Whether the years of its times are those of events: the first and the last that there are have no time in UTC."""
    times = (moment(component, name) for name in ("RECURRENCE-ID", "DTSTART", "DTEND"))
    return all(time is None or EARLIEST <= _as_day(time) < LATEST for time in times)


def _check(master: VEvent, first: date) -> None:
    if not EARLIEST <= first < LATEST:
        raise Refused(NEVER)
    rules = _rules(master)
    if len(rules) > MOST_RULES:
        raise Refused(f"It has {len(rules):,} rules for recurring; at most {MOST_RULES} are followed.")
    for rule in rules:
        frequency = str((rule.get("FREQ") or [""])[0]).upper()
        finer = [name for name in ("BYSECOND", "BYMINUTE", "BYHOUR") if len(rule.get(name, [])) > 1]
        if frequency not in _RARE_ENOUGH or finer:
            raise Refused("It recurs more often than once a day.")
        if int((rule.get("INTERVAL") or [1])[0]) < 1:  # without a step, looking for the next one would never end
            raise Refused("Its rule for recurring has no step from one to the next.")


def _rules(master: VEvent) -> list[Any]:
    rules = [rule for rule in several(master, "RRULE") if isinstance(rule, vRecur)]  # not what says it is a date
    if "RRULE" in master and not rules:
        raise Refused("Its rule for recurring cannot be read.")
    return rules


def _bounded(master: VEvent, until: date) -> VEvent:
    """The same with an end to each rule, so that one which never holds is not looked for through all the years, and
    without dates that no event can have."""
    bounded = copy(master)
    for name in {"EXDATE", "RDATE"} & set(master):
        those = (value for value in _dates(master, name) if EARLIEST <= _first_day(value) < LATEST)
        bounded[name] = vDDDLists(list(those))
    rules = [_ended(rule, master, until) for rule in _rules(master) if _holds(rule, _day(master), until)]
    bounded.pop("RRULE", None)
    if rules:
        bounded["RRULE"] = rules if len(rules) > 1 else rules[0]
    return bounded


def _ended(stated: Any, master: VEvent, until: date) -> Any:
    """A rule that ends by then, if it is not by a number of times that it does."""
    rule, starts = copy(stated), _start(master)
    if "COUNT" in rule:
        return rule
    end = (rule.get("UNTIL") or [until])[0]
    if _as_day(end) >= until:
        aware, beyond = getattr(starts, "tzinfo", None) is not None, until + timedelta(days=1)  # wherever clocks are
        limit = datetime(beyond.year, beyond.month, beyond.day, tzinfo=UTC if aware else None)
        rule["UNTIL"] = [limit if isinstance(starts, datetime) else beyond]
    elif not isinstance(end, datetime) and isinstance(starts, datetime):
        last = datetime.combine(end, datetime.max.time().replace(microsecond=0), starts.tzinfo)
        rule["UNTIL"] = [last.astimezone(UTC) if starts.tzinfo else last]  # that day too
    return rule


def _dates(master: VEvent, name: str) -> list[Any]:
    """What is listed there, as far as it can be read: days, times, and periods by their start and end or length."""
    return [value.dt for stated in several(master, name) for value in getattr(stated, "dts", [])]


def _first_day(value: Any) -> date:
    return _as_day(value[0] if isinstance(value, tuple) else value)


def _holds(rule: Any, first: date, until: date) -> bool:
    """Whether a rule gives any day by then, as far as that is soon told. The library looks for one day by day up to the
    year 9999, which takes seconds; in larger steps it is soon there."""
    frequency = str(rule["FREQ"][0]).upper()
    days_in_set = {"DAILY": 1, "WEEKLY": len(rule.get("BYDAY", [])) or 1}.get(frequency, 366)
    if "BYSETPOS" in rule and not any(0 < abs(place) <= days_in_set for place in rule["BYSETPOS"]):
        return False
    if frequency != "DAILY" or not {"BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS"} & set(rule):
        return True
    months, days = rule.get("BYMONTH", []), rule.get("BYMONTHDAY", [])
    weekdays = [WEEKDAYS.index(str(day)[-2:].upper()) for day in rule.get("BYDAY", [])]
    step = timedelta(days=min(int((rule.get("INTERVAL") or [1])[0]), 10**6))
    while first <= until:
        back = first.day - 1 - monthrange(first.year, first.month)[1]
        on_a_day = not days or first.day in days or back in days
        if on_a_day and (not months or first.month in months) and (not weekdays or first.weekday() in weekdays):
            return True
        first += step
    return False


def _start(component: VEvent) -> date:
    value = moment(component, "DTSTART")
    if value is None:
        raise Refused("It has no start that can be read.")
    return value


def _day(component: VEvent) -> date:
    return _as_day(_start(component))


def _as_day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _moved_on(components: Sequence[VEvent]) -> dict[str, date]:
    """The exceptions that hold from their occurrence on (RFC 5545, 3.2.13): the first start of each by its name."""
    those = (c for c in components if getattr(one(c, "RECURRENCE-ID"), "params", {}).get("RANGE") == "THISANDFUTURE")
    return {_named(_planned(component, _start(component))): _start(component) for component in those}


def _planned(told_by: VEvent, starts: date, onward: Mapping[str, date] = MappingProxyType({})) -> date:
    """When an occurrence was planned by its rule.

    Those that an exception moves from one of them on all carry the name of the first, and keep their distance from it.
    """
    named = moment(told_by, "RECURRENCE-ID")
    if named is None:
        return starts
    first = onward.get(_named(named))
    if first is None or isinstance(first, datetime) is not isinstance(starts, datetime):
        return named
    if isinstance(named, datetime) and isinstance(first, datetime) and named.tzinfo and first.tzinfo:
        named = named.astimezone(first.tzinfo)  # on whose clocks they go on
    return named + (starts - first)


def _named(planned: date) -> str:
    """An occurrence's name among its like, by when it was planned (RFC 5545, 3.8.4.4)."""
    if isinstance(planned, datetime) and planned.tzinfo is not None:
        return f"{planned.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f"{planned:%Y%m%dT%H%M%S}" if isinstance(planned, datetime) else f"{planned:%Y%m%d}"


def _recurs(master: VEvent, until: date) -> Recurs:
    rules, starts = [rule for rule in _rules(master) if _holds(rule, _day(master), until)], _start(master)
    besides, without = ({_by_day(value, starts) for value in _dates(master, name)} for name in ("RDATE", "EXDATE"))
    return Recurs(rules, starts, besides, without)


def _by_day(value: Any, starts: date) -> date:
    """The day of one of the dates of an event, by its clocks."""
    value, clocks = value[0] if isinstance(value, tuple) else value, getattr(starts, "tzinfo", None)
    known = isinstance(value, datetime) and value.tzinfo and clocks and EARLIEST <= value.date() < LATEST
    return _as_day(value.astimezone(clocks) if known else value)
