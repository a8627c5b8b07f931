"""The content lines of a component, read quickly where they are plain, and by icalendar where they are not."""

import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from icalendar import Event as VEvent
from icalendar import Parameters, vCategory, vDDDTypes, vInt
from icalendar.parser import Contentline
from icalendar.parser.content_line import NEWLINE, UFOLD
from icalendar.parser.property import split_on_unescaped_comma, unescape_backslash

_PLAIN = re.compile(r"([A-Za-z][A-Za-z0-9-]*)((?:;[A-Za-z][A-Za-z0-9-]*=[A-Za-z0-9/_.+-]+)*):")
"""A name and parameters that hold nothing to unquote or to undo."""
_PASSED_OVER = re.compile(r"(?:DTSTAMP|CREATED|LAST-MODIFIED|TRANSP|PRIORITY|X-[A-Za-z0-9-]+)[:;]")
"""What is not looked at."""
_WORDS = {"UID", "SUMMARY", "DESCRIPTION", "LOCATION", "STATUS", "CLASS"}
_TIMES = {"DTSTART", "DTEND"}
"""What nearly every event says, and in lines that are nearly always plain."""
_ZONED = re.compile(r"\w+;TZID=([A-Za-z0-9/_+-]+):(\d{8}T\d{6})", re.ASCII | re.IGNORECASE)
_RECURS = re.compile(r"^(?:RRULE|RDATE|EXDATE|RECURRENCE-ID)", re.IGNORECASE | re.MULTILINE)
_TEXTS = re.compile(r"^(CATEGORIES(?:;[^:]*)?);VALUE=TEXT(?=[;:])", re.IGNORECASE)
"""A list of texts that says it is one, which icalendar takes for a single one."""


class _Line(Contentline):
    """A line that looks for its parts as a whole, not letter by letter."""

    def raw_parts(self) -> tuple[str, Parameters, str]:
        plain = _PLAIN.match(self)
        if plain is None:
            parts: tuple[str, Parameters, str] = super().raw_parts()
            return parts
        stated = Parameters(pair.split("=", 1) for pair in plain[2].split(";")[1:])
        return plain[1], stated, self[plain.end() :]


def _line(text: str) -> _Line:
    line: _Line = _Line.__new__(_Line, text)  # type: ignore[no-untyped-call]
    return line


def component_in(text: str) -> VEvent:
    """The event that a text holds, as icalendar reads it; of one that does not recur, only what an import looks at."""
    lines = [line for line in NEWLINE.split(UFOLD.sub("", text)) if line]
    if _RECURS.search(text):
        return _by_icalendar(lines)
    said, others, depth = dict[str, Any](), list[str](), 0
    for line in lines:
        depth += line[:5].upper() == "BEGIN"  # an alarm has texts of its own
        name, value = _plainly(line) if depth == 1 else ("", None)
        if value is not None and name not in said:
            said[name] = value
        elif not _PASSED_OVER.match(line):
            others.append(line)
    component = _by_icalendar(others) if len(others) > 2 else VEvent()
    if not said.keys().isdisjoint(component):  # one of them stands there more than once
        return _by_icalendar(lines)
    for name, value in said.items():
        component[name] = value
    return component


def _plainly(line: str) -> tuple[str, Any]:
    """The name of the property and its value as icalendar reads it; None where a line is for that to judge."""
    before, colon, value = line.partition(":")
    name, stated, _ = before.upper().partition(";")
    if not (colon and before.isascii()) or (stated and name not in _TIMES):
        return name, None
    if name in _WORDS:
        return name, unescape_backslash(value)
    if name == "CATEGORIES":
        return name, vCategory(split_on_unescaped_comma(value))
    if name == "SEQUENCE" and value.isascii() and value.isdigit() and len(value) < 10:
        return name, vInt(value)
    time = _ZONED.fullmatch(line) if name in _TIMES else None
    return name, _time(time[1], time[2]) if time else None


def _time(zone: str, value: str) -> vDDDTypes | None:
    with suppress(ValueError):
        time = vDDDTypes.from_ical(value, zone)  # type: ignore[no-untyped-call]
        return vDDDTypes(time) if time.tzinfo else None
    return None


def _by_icalendar(lines: Iterable[str]) -> VEvent:
    written: Any = [_line(_TEXTS.sub(r"\1", line)) for line in lines]
    component = VEvent.from_ical(written)
    assert isinstance(component, VEvent)
    return component
