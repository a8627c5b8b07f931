"""Reads calendars with icalendar, and times by the zones that the file itself describes: see `engines`."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo
from itertools import islice
from typing import Any

from dateutil.rrule import rrulestr
from icalendar import Calendar, Component, Timezone
from icalendar.parser.property import unescape_backslash

from tests.calendars.engines.answering import answer_each_line

MOST = 400
Zones = Mapping[str, tzinfo]


def moment(value: date, tzid: str | None, zones: Zones) -> int | str:
    if not isinstance(value, datetime):
        return value.isoformat()
    if tzid:
        value = value.replace(tzinfo=zones[tzid])
    if value.tzinfo is None:
        raise ValueError(f"{value} has no zone")
    return int(value.timestamp())


def occurrences(component: Component, zones: Zones) -> list[int | str]:
    starts, tzid = component["DTSTART"].dt, component["DTSTART"].params.get("TZID")
    if "RRULE" not in component:
        return [moment(starts, tzid, zones)]
    rule = component["RRULE"].to_ical().decode()
    if isinstance(starts, datetime):
        walls = rrulestr(rule, dtstart=starts.replace(tzinfo=None))
        return [moment(wall.replace(tzinfo=starts.tzinfo), tzid, zones) for wall in islice(walls, MOST)]
    days = rrulestr(rule, dtstart=datetime.combine(starts, datetime.min.time()))
    return [moment(day.date(), None, zones) for day in islice(days, MOST)]


def every(component: Component, name: str) -> list[Any]:
    value = component.get(name, [])
    return value if isinstance(value, list) else [value]


def text(component: Component, name: str) -> str:
    return str(component.get(name, ""))


def entry(component: Component, zones: Zones) -> dict[str, Any]:
    geo = component.get("GEO")

    def at(name: str) -> int | str | None:
        value = component.get(name)
        return None if value is None else moment(value.dt, value.params.get("TZID"), zones)

    return {
        "uid": text(component, "UID"),
        "sequence": int(component["SEQUENCE"]),
        "summary": text(component, "SUMMARY"),
        "description": text(component, "DESCRIPTION"),
        "html": unescape_backslash(text(component, "X-ALT-DESC")),  # left alone by icalendar, as all that has no type
        "location": text(component, "LOCATION"),
        "status": text(component, "STATUS"),
        "transp": text(component, "TRANSP"),
        "color": text(component, "COLOR"),
        "url": text(component, "URL"),
        "related_to": text(component, "RELATED-TO"),
        "comment": text(component, "COMMENT"),
        "categories": [str(name) for value in every(component, "CATEGORIES") for name in value.cats],
        "attach": [str(value) for value in every(component, "ATTACH")],
        "image": [str(value) for value in every(component, "IMAGE")],
        "conference": [str(value) for value in every(component, "CONFERENCE")],
        "people": [
            [str(one), one.params.get("CN", ""), one.params.get("PARTSTAT", "")]
            for name in ("ORGANIZER", "ATTENDEE")
            for one in every(component, name)
        ],
        "geo": [geo.latitude, geo.longitude] if geo else None,
        "starts": at("DTSTART"),
        "ends": at("DTEND"),
        "occurrences": occurrences(component, zones),
        "stamps": [at(name) for name in ("CREATED", "LAST-MODIFIED", "DTSTAMP")],
        "alarms": [
            [str(alarm["ACTION"]), str(alarm["DESCRIPTION"]), alarm["TRIGGER"].dt // timedelta(seconds=1)]
            for alarm in component.walk("VALARM")
        ],
    }


def read(calendar: str) -> dict[str, Any]:
    whole = Calendar.from_ical(calendar)
    zones = {zone.tz_name: zone.to_tz(lookup_tzid=False) for zone in whole.walk() if isinstance(zone, Timezone)}
    broken = [fault for component in whole.walk() for fault in component.errors]
    if broken:
        raise ValueError(f"icalendar finds errors in it: {broken}")
    return {
        "names": [unescape_backslash(text(whole, name)) for name in ("NAME", "X-WR-CALNAME")],
        "about": [text(whole, "DESCRIPTION"), unescape_backslash(text(whole, "X-WR-CALDESC"))],
        "method": text(whole, "METHOD"),
        "entries": [entry(component, zones) for component in whole.walk("VEVENT")],
    }


if __name__ == "__main__":
    answer_each_line(read)
