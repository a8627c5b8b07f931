"""Rules on the calendar as a whole: what it says of itself, its time zones, its size."""

from collections.abc import Iterator

from society.calendars.apps import App
from society.calendars.check.reading import Calendar
from society.calendars.check.rules import APPLE, STRICT, WINDOWS, rule

MOST_FOR_GOOGLE = 1024 * 1024
MOST_EVENTS = 3_000


@rule(
    "PRODID or VERSION:2.0 is missing.",
    "Outlook takes a file without them for one of the format of 1996, and refuses it.",
    "RFC 5545, 3.7.3 and 3.7.4",
    *WINDOWS,
    App.VDIRSYNCER,
)
def unnamed(calendar: Calendar) -> Iterator[int]:
    for component in calendar.each("VCALENDAR"):
        version = component.first("VERSION")
        if component.first("PRODID") is None or version is None or version.value.strip() != "2.0":
            yield component.number


@rule(
    "It has a METHOD, as an invitation has; a feed has none.",
    "Outlook opens it as a meeting request instead of a calendar, and some apps take in one event only.",
    "RFC 5545, 3.7.2; RFC 5546, 1.4",
    *WINDOWS,
    *APPLE,
)
def has_a_method(calendar: Calendar) -> Iterator[int]:
    return (line.number for component in calendar.each("VCALENDAR") for line in component.every("METHOD"))


@rule(
    "Times name a zone (TZID) that the file does not describe.",
    "Apps that do not know the zone by that name show the event at a wrong hour.",
    "RFC 5545, 3.2.19",
)
def undescribed_zones(calendar: Calendar) -> Iterator[int]:
    described = {line.value for zone in calendar.each("VTIMEZONE") for line in zone.every("TZID")}
    for line in calendar.properties:
        if line.zone and line.zone not in described and not line.zone.startswith("/"):
            yield line.number


@rule(
    "A time zone is described without any rule of what its clocks show (STANDARD or DAYLIGHT).",
    "Parsers that keep to the letter refuse it, and with it every event in that zone.",
    "RFC 5545, 3.6.5",
    *STRICT,
)
def empty_zones(calendar: Calendar) -> Iterator[int]:
    told = {id(part.parent) for part in calendar.each("STANDARD", "DAYLIGHT")}
    return (zone.number for zone in calendar.each("VTIMEZONE") if id(zone) not in told)


@rule(
    "A time zone lists its changes of clocks day by day (RDATE) instead of by a rule.",
    "Outlook, and apps whose parser is ical.js, show events an hour off.",
    "RFC 5545, 3.6.5",
    *WINDOWS,
    App.THUNDERBIRD,
)
def zones_by_dates(calendar: Calendar) -> Iterator[int]:
    return (line.number for part in calendar.each("STANDARD", "DAYLIGHT") for line in part.every("RDATE"))


@rule(
    "It is several calendars one after the other.",
    "Most apps read the first of them alone.",
    "RFC 5545, 3.4",
    App.GOOGLE,
    *WINDOWS,
    *APPLE,
)
def several(calendar: Calendar) -> Iterator[int]:
    return (component.number for component in list(calendar.each("VCALENDAR"))[1:])


@rule(
    "It does not say what it is called (X-WR-CALNAME or NAME).",
    "Apps show its address instead, or “Untitled”.",
    "RFC 7986, 5.1",
)
def nameless(calendar: Calendar) -> list[int]:
    """Of a feed; the file of one event needs no name."""
    named = any(component.every("X-WR-CALNAME", "NAME") for component in calendar.each("VCALENDAR"))
    return [0] if calendar.events > 1 and not named else []


@rule(
    "It is larger than 1 MB.",
    "Google Calendar takes no larger ones. Offer narrower feeds: by category, or what is to come only.",
    "Google Calendar’s help, “Import events”",
    App.GOOGLE,
)
def too_large(calendar: Calendar) -> list[int]:
    return [0] if calendar.size > MOST_FOR_GOOGLE else []


@rule(
    f"It holds more than {MOST_EVENTS:,} events.",
    "Outlook takes very long to show so many, or gives up without a word; phones grow slow.",
    "Experience; no app states its limit",
    *WINDOWS,
    *APPLE,
)
def too_many(calendar: Calendar) -> list[int]:
    return [0] if calendar.events > MOST_EVENTS else []
