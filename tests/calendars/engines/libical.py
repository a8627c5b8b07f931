"""Reads calendars with libical, the engine of GNOME and KDE: see `engines`."""

import ctypes as c
from collections.abc import Iterator
from typing import Any

from tests.calendars.engines.answering import answer_each_line

MOST = 400
_EVER = 2**32
"""Seconds, in the year 2106."""

lib = c.CDLL("libical.so.3")
Pointer = c.c_void_p


class Time(c.Structure):
    """`struct icaltimetype` of libical 3."""

    _fields_ = [(name, c.c_int) for name in ("year", "month", "day", "hour", "minute", "second")]
    _fields_ += [("is_date", c.c_int), ("is_daylight", c.c_int), ("zone", Pointer)]


class Duration(c.Structure):
    """`struct icaldurationtype`."""

    _fields_ = [(name, c.c_int) for name in ("is_neg", "days", "weeks", "hours", "minutes", "seconds")]


class Trigger(c.Structure):
    """`struct icaltriggertype`."""

    _fields_ = [("time", Time), ("duration", Duration)]


class Geo(c.Structure):
    """`struct icalgeotype`."""

    _fields_ = [("lat", c.c_double), ("lon", c.c_double)]


class Span(c.Structure):
    """`struct icaltime_span`."""

    _fields_ = [("start", c.c_long), ("end", c.c_long), ("is_busy", c.c_int)]


EachSpan = c.CFUNCTYPE(None, Pointer, c.POINTER(Span), Pointer)


def _declared(name: str, result: Any, *arguments: Any) -> Any:
    function = getattr(lib, name)
    function.restype, function.argtypes = result, arguments
    return function


parse = _declared("icalparser_parse_string", Pointer, c.c_char_p)
free = _declared("icalcomponent_free", None, Pointer)
errors = _declared("icalcomponent_count_errors", c.c_int, Pointer)
component_kind = _declared("icalcomponent_string_to_kind", c.c_int, c.c_char_p)
first_component = _declared("icalcomponent_get_first_component", Pointer, Pointer, c.c_int)
next_component = _declared("icalcomponent_get_next_component", Pointer, Pointer, c.c_int)
first_property = _declared("icalcomponent_get_first_property", Pointer, Pointer, c.c_int)
next_property = _declared("icalcomponent_get_next_property", Pointer, Pointer, c.c_int)
property_name = _declared("icalproperty_get_property_name", c.c_char_p, Pointer)
parameter_of = _declared("icalproperty_get_parameter_as_string", c.c_char_p, Pointer, c.c_char_p)
value_of = _declared("icalproperty_get_value", Pointer, Pointer)
as_string = _declared("icalproperty_get_value_as_string", c.c_char_p, Pointer)
value_kind = _declared("icalvalue_isa", c.c_int, Pointer)
kind_named = _declared("icalvalue_string_to_kind", c.c_int, c.c_char_p)
text_of = _declared("icalvalue_get_text", c.c_char_p, Pointer)
x_of = _declared("icalvalue_get_x", c.c_char_p, Pointer)
geo_of = _declared("icalproperty_get_geo", Geo, Pointer)
trigger_of = _declared("icalproperty_get_trigger", Trigger, Pointer)
seconds_of = _declared("icaldurationtype_as_int", c.c_int, Duration)
start_of = _declared("icalcomponent_get_dtstart", Time, Pointer)
end_of = _declared("icalcomponent_get_dtend", Time, Pointer)
time_of = _declared("icalvalue_get_datetime", Time, Pointer)
zone_named = _declared("icalcomponent_get_timezone", Pointer, Pointer, c.c_char_p)
utc = _declared("icaltimezone_get_utc_timezone", Pointer)
tzid_of = _declared("icaltimezone_get_tzid", c.c_char_p, Pointer)
as_seconds = _declared("icaltime_as_timet_with_zone", c.c_long, Time, Pointer)
from_seconds = _declared("icaltime_from_timet_with_zone", Time, c.c_long, c.c_int, Pointer)
each_occurrence = _declared("icalcomponent_foreach_recurrence", None, Pointer, Time, Time, EachSpan, Pointer)

ANY = 0
"""Both of properties and of value kinds."""


def components(within: int, kind: bytes) -> Iterator[int]:
    number = component_kind(kind)
    found = first_component(within, number)
    while found:
        yield found
        found = next_component(within, number)


def properties(component: int) -> dict[str, list[int]]:
    by_name: dict[str, list[int]] = {}
    found = first_property(component, ANY)
    while found:
        by_name.setdefault(property_name(found).decode(), []).append(found)
        found = next_property(component, ANY)
    return by_name


def said(found: int) -> str:
    """What a property says: TEXT without its escapes."""
    value = value_of(found)
    match value_kind(value):
        case kind if kind == kind_named(b"TEXT"):
            return text_of(value).decode()
        case kind if kind == kind_named(b"X"):
            return x_of(value).decode()
    return as_string(found).decode()


def moment(time: Time, calendar: int) -> int | str:
    """Seconds since 1970 by the zone that the file itself describes, or a day."""
    if time.is_date:
        return f"{time.year:04}-{time.month:02}-{time.day:02}"
    zone = time.zone
    if zone != utc() and (not zone or zone_named(calendar, tzid_of(zone)) != zone):
        raise ValueError("a time is in a zone that the file does not describe")
    return as_seconds(time, zone)


def occurrences(component: int, starts: Time, calendar: int) -> list[int | str]:
    found: list[int | str] = []

    def note(_component: int, span: Any, _data: Any) -> None:
        if len(found) < MOST:
            day = from_seconds(span.contents.start, starts.is_date, starts.zone or utc())
            found.append(moment(day, calendar) if starts.is_date else span.contents.start)

    each_occurrence(component, from_seconds(0, 0, utc()), from_seconds(_EVER, 0, utc()), EachSpan(note), None)
    return found


def entry(component: int, calendar: int) -> dict[str, Any]:
    held = properties(component)

    def every(name: str) -> list[str]:
        return [said(one) for one in held.get(name, [])]

    def text(name: str) -> str:
        return next(iter(every(name)), "")

    starts = start_of(component)
    return {
        "uid": text("UID"),
        "sequence": int(text("SEQUENCE")),
        "summary": text("SUMMARY"),
        "description": text("DESCRIPTION"),
        "html": text("X-ALT-DESC"),
        "location": text("LOCATION"),
        "status": text("STATUS"),
        "transp": text("TRANSP"),
        "color": text("COLOR"),
        "url": text("URL"),
        "related_to": text("RELATED-TO"),
        "comment": text("COMMENT"),
        "categories": every("CATEGORIES"),
        "attach": every("ATTACH"),
        "image": every("IMAGE"),
        "conference": every("CONFERENCE"),
        "people": [
            [said(one), *((parameter_of(one, name) or b"").decode() for name in (b"CN", b"PARTSTAT"))]
            for name in ("ORGANIZER", "ATTENDEE")
            for one in held.get(name, [])
        ],
        "geo": next(([geo.lat, geo.lon] for geo in map(geo_of, held.get("GEO", []))), None),
        "starts": moment(starts, calendar),
        "ends": moment(end_of(component), calendar),
        "occurrences": occurrences(component, starts, calendar),
        "stamps": [
            moment(time_of(value_of(held[name][0])), calendar) if name in held else None
            for name in ("CREATED", "LAST-MODIFIED", "DTSTAMP")
        ],
        "alarms": [_alarm(properties(alarm)) for alarm in components(component, b"VALARM")],
    }


def _alarm(held: dict[str, list[int]]) -> list[Any]:
    return [said(held["ACTION"][0]), said(held["DESCRIPTION"][0]), seconds_of(trigger_of(held["TRIGGER"][0]).duration)]


def _errors(component: int) -> list[str]:
    own = [as_string(one).decode() for one in properties(component).get("X-LIC-ERROR", [])]
    return own + [error for inner in components(component, b"ANY") for error in _errors(inner)]


def read(calendar: str) -> dict[str, Any]:
    whole = parse(calendar.encode())
    try:
        if errors(whole):
            raise ValueError(f"libical finds errors in it: {_errors(whole)}")
        held = properties(whole)

        def text(name: str) -> str:
            return said(held[name][0]) if name in held else ""

        return {
            "names": [text("NAME"), text("X-WR-CALNAME")],
            "about": [text("DESCRIPTION"), text("X-WR-CALDESC")],
            "method": text("METHOD"),
            "entries": [entry(component, whole) for component in components(whole, b"VEVENT")],
        }
    finally:
        free(whole)


if __name__ == "__main__":
    answer_each_line(read)
