"""Rules on events that recur: how often, until when, and without which days."""

import re
from collections.abc import Iterator

from society.calendars.apps import App
from society.calendars.check.reading import Calendar, Component, Property
from society.calendars.check.rules import APPLE, STRICT, WINDOWS, rule

_PART = re.compile(r"(?:^|;)([A-Z]+)=([^;]*)")
EVERY = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
FINER = {"SECONDLY", "MINUTELY", "HOURLY"}


def _rules(calendar: Calendar) -> Iterator[tuple[Component, Property, dict[str, str]]]:
    """Each rule of an event, with its parts."""
    for event in calendar.each("VEVENT"):
        for line in event.every("RRULE"):
            yield event, line, dict(_PART.findall(line.value.strip().upper()))


@rule(
    "A rule of recurrence does not say how often (FREQ), or says it in a word that there is none of.",
    "Apps leave the event out, or show it once.",
    "RFC 5545, 3.3.10",
)
def no_frequency(calendar: Calendar) -> Iterator[int]:
    return (line.number for _, line, parts in _rules(calendar) if parts.get("FREQ") not in EVERY | FINER)


@rule(
    "Events recur within a day, or by several rules at once.",
    "Outlook knows no such thing, and shows such an event once.",
    "MS-OXCICAL, 2.1.3.2.1",
    *WINDOWS,
)
def beyond_outlook(calendar: Calendar) -> Iterator[int]:
    for event, line, parts in _rules(calendar):
        if parts.get("FREQ") in FINER or len(event.every("RRULE")) > 1:
            yield line.number


@rule(
    "A rule of recurrence has both COUNT and UNTIL.",
    "Apps that keep to the letter leave the event out.",
    "RFC 5545, 3.3.10",
    *STRICT,
)
def count_and_until(calendar: Calendar) -> Iterator[int]:
    return (line.number for _, line, parts in _rules(calendar) if {"COUNT", "UNTIL"} <= parts.keys())


@rule(
    "UNTIL is not told as the start is: a day where that is a day, in UTC (with a Z) where that has a zone.",
    "Apps end the event a day early or late, or leave it out.",
    "RFC 5545, 3.3.10",
    App.GOOGLE,
    *WINDOWS,
    *STRICT,
)
def odd_until(calendar: Calendar) -> Iterator[int]:
    for event, line, parts in _rules(calendar):
        start, until = event.first("DTSTART"), parts.get("UNTIL")
        if start is None or until is None:
            continue
        zoned = bool(start.zone) or start.value.endswith("Z")
        if start.is_date is not ("T" not in until) or (not start.is_date and until.endswith("Z") is not zoned):
            yield line.number


@rule(
    "Days are taken out, put in or changed (EXDATE, RDATE, RECURRENCE-ID) by another kind of time than the event "
    "begins with: a day for an hour, or a zone for UTC.",
    "Apps still show the day that is off; Apple’s may drop the event with all its days.",
    "RFC 5545, 3.8.5.1 and 3.8.4.4",
    *APPLE,
    App.GOOGLE,
    *WINDOWS,
)
def unlike_their_event(calendar: Calendar) -> Iterator[int]:
    starts = {_uid(event): event.first("DTSTART") for event in calendar.each("VEVENT") if event.first("RRULE")}
    for event in calendar.each("VEVENT"):
        start = starts.get(_uid(event))
        lines = event.every("EXDATE", "RDATE", "RECURRENCE-ID") if start else []
        yield from (line.number for line in lines if start and _kind(line) != _kind(start))


def _uid(event: Component) -> str:
    found = event.first("UID")
    return found.value.strip() if found else ""


def _kind(line: Property) -> str:
    """By what clocks it is told; of a list by those of its first, of a period by those of its start."""
    first = re.split("[,/]", line.value, maxsplit=1)[0].strip()
    if re.fullmatch(r"\d{8}", first):
        return "day"
    return "UTC" if first.endswith("Z") else "zone" if line.zone else "floating"


@rule(
    "Days are taken out by a rule (EXRULE), which the standard has given up.",
    "Most apps pass over it, and show the days that are off.",
    "RFC 5545, Appendix A.2",
)
def given_up_rules(calendar: Calendar) -> Iterator[int]:
    return (line.number for event in calendar.each("VEVENT") for line in event.every("EXRULE"))
