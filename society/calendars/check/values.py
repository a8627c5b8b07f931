"""Rules on how values are told: what kind they are, how often they stand, and in what form."""

import re
from collections.abc import Iterator

from society.calendars.apps import App
from society.calendars.check.reading import Calendar, Property
from society.calendars.check.rules import STRICT, WINDOWS, rule
from society.times import known_zone

DATED = ("DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE")
ONCE = (
    *("UID", "DTSTAMP", "DTSTART", "DTEND", "DURATION", "SUMMARY", "DESCRIPTION", "LOCATION", "GEO", "URL", "STATUS"),
    *("CLASS", "CREATED", "LAST-MODIFIED", "SEQUENCE", "TRANSP", "PRIORITY", "ORGANIZER", "RECURRENCE-ID"),
)
_DAY = re.compile(r"\d{8}(?:,|$)")
_GEO = re.compile(r"[+-]?\d{1,3}(?:\.\d+)?;[+-]?\d{1,3}(?:\.\d+)?")
_WHOLE = re.compile(r"\+?\d{1,9}")
_LENGTH = re.compile(r"[+-]?P(?:\d+W|(?=\d|T\d)(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)")


def _of_events(calendar: Calendar, *names: str) -> Iterator[Property]:
    return (line for event in calendar.each("VEVENT") for line in event.every(*names))


@rule(
    "Days do not say that they are days (VALUE=DATE).",
    "Apps that keep to the letter look for an hour, and leave the event out.",
    "RFC 5545, 3.8.2.4",
    *STRICT,
    *WINDOWS,
)
def unsaid_days(calendar: Calendar) -> Iterator[int]:
    days = (line for line in _of_events(calendar, *DATED) if _DAY.match(line.value))
    return (line.number for line in days if line.parameters.get("VALUE", "").upper() != "DATE")


@rule(
    "Days have a zone (TZID), which days have not.",
    "Some apps show them a day off, others leave the event out.",
    "RFC 5545, 3.2.19",
    App.DAVX5,
)
def days_with_zones(calendar: Calendar) -> Iterator[int]:
    return (line.number for line in _of_events(calendar, *DATED) if line.zone and _DAY.match(line.value))


@rule(
    "Zones go by names that are not those of the time zone database, such as “Europe/Berlin”.",
    "Google Calendar and Android know no others, and show such events by another clock.",
    "RFC 7808, 3.3; Google Calendar’s help, “Time zones”",
    App.GOOGLE,
    App.DAVX5,
)
def other_zone_names(calendar: Calendar) -> Iterator[int]:
    return (line.number for line in _of_events(calendar, *DATED) if line.zone and not known_zone(line.zone))


@rule(
    "Something that an event may say once is said several times.",
    "Some apps take the first, some the last, and those that keep to the letter leave the event out.",
    "RFC 5545, 3.6.1",
    *STRICT,
)
def said_twice(calendar: Calendar) -> Iterator[int]:
    for event in calendar.each("VEVENT"):
        for name in ONCE:
            yield from (line.number for line in event.every(name)[1:])


@rule(
    "Coordinates (GEO) are not two numbers with a semicolon between them.",
    "Apps that keep to the letter leave them out, or the event.",
    "RFC 5545, 3.8.1.6",
    *STRICT,
)
def odd_coordinates(calendar: Calendar) -> Iterator[int]:
    return (line.number for line in _of_events(calendar, "GEO") if not _GEO.fullmatch(line.value.strip()))


@rule(
    "SEQUENCE, which counts the revisions, is no whole number.",
    "Apps cannot tell which of two revisions is the newer one, or leave the event out.",
    "RFC 5545, 3.8.7.4",
    *STRICT,
    *WINDOWS,
)
def odd_sequence(calendar: Calendar) -> Iterator[int]:
    return (line.number for line in _of_events(calendar, "SEQUENCE") if not _WHOLE.fullmatch(line.value.strip()))


@rule(
    "Durations are not written as such, as “PT1H30M” is.",
    "Apps show the event for no time at all, or leave it out.",
    "RFC 5545, 3.3.6",
)
def odd_durations(calendar: Calendar) -> Iterator[int]:
    return (line.number for line in _of_events(calendar, "DURATION") if not _LENGTH.fullmatch(line.value.strip()))


@rule(
    "Alarms do not say when they ring (TRIGGER) or how (ACTION).",
    "Apps that keep to the letter leave out the alarm, or the event with it.",
    "RFC 5545, 3.6.6",
    *STRICT,
)
def half_alarms(calendar: Calendar) -> Iterator[int]:
    alarms = calendar.each("VALARM")
    return (alarm.number for alarm in alarms if not (alarm.first("TRIGGER") and alarm.first("ACTION")))


@rule(
    "Files stand within the calendar itself (ENCODING=BASE64).",
    "Each app loads them with every fetch, and Google Calendar keeps none. Name their addresses instead.",
    "RFC 5545, 3.8.1.1",
    App.GOOGLE,
)
def files_within(calendar: Calendar) -> Iterator[int]:
    lines = _of_events(calendar, "ATTACH", "IMAGE")
    return (line.number for line in lines if line.parameters.get("ENCODING", "").upper() == "BASE64")
