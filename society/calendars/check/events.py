"""Rules on each event: who it is, when it is, and what it says."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from society.calendars.apps import App
from society.calendars.check.reading import Calendar, Component, Property
from society.calendars.check.rules import APPLE, STRICT, WINDOWS, WITH_COPIES, rule
from society.times import known_zone

TIMES = ("DTSTART", "DTEND", "RECURRENCE-ID")
STAMPS = ("DTSTAMP", "CREATED", "LAST-MODIFIED")
TEXTS = ("SUMMARY", "LOCATION", "DESCRIPTION")
_UNESCAPED = re.compile(r"(?<!\\)(?:\\\\)*[;,]")
_MOMENT = re.compile(r"\d{8}(T\d{6}Z?)?")


@rule(
    "Events have no UID, the name by which apps know them again.",
    "Each fetch shows them once more, or not at all.",
    "RFC 5545, 3.8.4.7",
)
def no_uid(calendar: Calendar) -> Iterator[int]:
    return (event.number for event in calendar.each("VEVENT") if not _said(event, "UID"))


@rule(
    "Several events have one UID.",
    "Apps show one of them and drop the others.",
    "RFC 5545, 3.8.4.7",
)
def one_uid_for_several(calendar: Calendar) -> Iterator[int]:
    def key(event: Component) -> tuple[str, str]:
        return _said(event, "UID"), _said(event, "RECURRENCE-ID")

    events = [event for event in calendar.each("VEVENT") if _said(event, "UID")]
    times = Counter(map(key, events))
    return (event.number for event in events if times[key(event)] > 1)


def _said(event: Component, name: str) -> str:
    found = event.first(name)
    return found.value.strip() if found else ""


@rule(
    "Events have no DTSTAMP, which tells when they were written.",
    "Apps that keep to the letter refuse them.",
    "RFC 5545, 3.8.7.2",
    *STRICT,
    *WINDOWS,
)
def no_stamp(calendar: Calendar) -> Iterator[int]:
    return (event.number for event in calendar.each("VEVENT") if event.first("DTSTAMP") is None)


@rule(
    "DTSTAMP, CREATED or LAST-MODIFIED is not in UTC (with a Z at its end).",
    "Apps cannot tell which of two revisions is the newer one.",
    "RFC 5545, 3.8.7",
    *STRICT,
)
def stamps_without_z(calendar: Calendar) -> Iterator[int]:
    stamps = (line for event in calendar.each("VEVENT") for line in event.every(*STAMPS))
    return (line.number for line in stamps if not line.value.endswith("Z"))


@rule(
    "Events have no start.",
    "No app can show them.",
    "RFC 5545, 3.8.2.4",
)
def no_start(calendar: Calendar) -> Iterator[int]:
    return (event.number for event in calendar.each("VEVENT") if event.first("DTSTART") is None)


@rule(
    "Dates or times are none.",
    "Apps leave the event out, or the whole file.",
    "RFC 5545, 3.3.4 and 3.3.5",
)
def no_times(calendar: Calendar) -> Iterator[int]:
    return (line.number for event in calendar.each("VEVENT") for line in event.every(*TIMES) if not _moment(line))


@rule(
    "Times say neither a zone nor UTC.",
    "Each app shows them by its own clock: who is elsewhere comes at the wrong hour, and Google takes them for UTC.",
    "RFC 5545, 3.3.5",
)
def floating(calendar: Calendar) -> Iterator[int]:
    times = (line for event in calendar.each("VEVENT") for line in event.every("DTSTART", "DTEND"))
    return (t.number for t in times if not t.is_date and not t.zone and not t.value.endswith("Z"))


@rule(
    "Times are in UTC (with a Z) and name another zone besides.",
    "One app believes the one, the next the other.",
    "RFC 5545, 3.2.19",
)
def two_zones(calendar: Calendar) -> Iterator[int]:
    times = (line for event in calendar.each("VEVENT") for line in event.every(*TIMES))
    return (line.number for line in times if line.zone and line.value.endswith("Z"))


@rule(
    "Events end before they begin, or at the same moment.",
    "Apps refuse them, or show them for an hour they chose themselves.",
    "RFC 5545, 3.8.2.2",
)
def ends_first(calendar: Calendar) -> Iterator[int]:
    for end, start in _spans(calendar):
        if start.is_date == end.is_date and not _is_last_day(start, end) and _precedes(end, start):
            yield end.number


@rule(
    "Whole days end on the day they begin. The end is the day after the last.",
    "Apps show one day too few, or nothing.",
    "RFC 5545, 3.6.1",
    App.GOOGLE,
    *APPLE,
    *WINDOWS,
)
def last_day_as_end(calendar: Calendar) -> Iterator[int]:
    return (end.number for end, start in _spans(calendar) if _is_last_day(start, end))


@rule(
    "Events begin with a day and end with an hour, or the other way round.",
    "Apps guess, each in another way.",
    "RFC 5545, 3.8.2.2",
)
def day_and_hour(calendar: Calendar) -> Iterator[int]:
    return (end.number for end, start in _spans(calendar) if start.is_date != end.is_date)


@rule(
    "Events have both an end and a duration.",
    "Apps that keep to the letter refuse them.",
    "RFC 5545, 3.6.1",
    *STRICT,
)
def end_and_duration(calendar: Calendar) -> Iterator[int]:
    return (event.number for event in calendar.each("VEVENT") if event.first("DTEND") and event.first("DURATION"))


def _spans(calendar: Calendar) -> Iterator[tuple[Property, Property]]:
    """End and start of each event that has both."""
    for event in calendar.each("VEVENT"):
        start, end = event.first("DTSTART"), event.first("DTEND")
        if start and end and _moment(start) and _moment(end):
            yield end, start


def _is_last_day(start: Property, end: Property) -> bool:
    return start.is_date and end.is_date and start.value == end.value


def _precedes(end: Property, start: Property) -> bool:
    """Whether the end is not after the start; by the clock on the wall where both are in one zone."""
    ended, began = _moment(end), _moment(start)
    if ended is None or began is None:
        return False
    if end.zone == start.zone and end.value.endswith("Z") == start.value.endswith("Z"):
        return ended <= began
    instants = _instant(end, ended), _instant(start, began)
    return None not in instants and instants[0] <= instants[1]  # type: ignore[operator]


def _instant(line: Property, moment: datetime) -> datetime | None:
    if line.value.endswith("Z"):
        return moment.replace(tzinfo=UTC)
    return moment.replace(tzinfo=ZoneInfo(line.zone)) if known_zone(line.zone) else None


def _moment(line: Property) -> datetime | None:
    """What it says, whatever the zone; None if there is no such day or hour."""
    if not _MOMENT.fullmatch(line.value):
        return None
    try:
        text = line.value.removesuffix("Z")
        return datetime.strptime(text, "%Y%m%dT%H%M%S" if "T" in text else "%Y%m%d")
    except ValueError:
        return None


@rule(
    "Events name an organizer or guests.",
    "Apps offer to answer, and everyone who has the feed has these people’s addresses. Those belong into invitations.",
    "RFC 5545, 3.8.4.1 and 3.8.4.3",
    *APPLE,
    *WINDOWS,
    App.GOOGLE,
)
def names_people(calendar: Calendar) -> Iterator[int]:
    return (line.number for event in calendar.each("VEVENT") for line in event.every("ORGANIZER", "ATTENDEE"))


@rule(
    "Events have no title.",
    "Apps show “New event”, “(No title)” or nothing.",
    "RFC 5545, 3.8.1.12",
)
def no_title(calendar: Calendar) -> Iterator[int]:
    return (event.number for event in calendar.each("VEVENT") if not _said(event, "SUMMARY"))


@rule(
    "Commas or semicolons in titles, places or texts are written without the backslash before them.",
    "Some apps cut the text off there.",
    "RFC 5545, 3.3.11",
    *STRICT,
)
def unescaped(calendar: Calendar) -> Iterator[int]:
    texts = (line for event in calendar.each("VEVENT") for line in event.every(*TEXTS))
    return (line.number for line in texts if _UNESCAPED.search(line.value))


@rule(
    "Events have a status that there is none of.",
    "A cancelled event may be shown as if it took place.",
    "RFC 5545, 3.8.1.11",
)
def odd_status(calendar: Calendar) -> Iterator[int]:
    said = (line for event in calendar.each("VEVENT") for line in event.every("STATUS"))
    return (line.number for line in said if line.value.strip() not in ("CONFIRMED", "TENTATIVE", "CANCELLED"))


@rule(
    "UIDs are longer than 255 characters.",
    "Programs that keep a file for each event cannot keep these.",
    "RFC 7986, 5.3",
    *WITH_COPIES,
)
def long_uids(calendar: Calendar) -> Iterator[int]:
    return (event.number for event in calendar.each("VEVENT") if len(_said(event, "UID")) > 255)
