"""A component of a calendar (RFC 5545, 3.6): what icalendar would write, to the byte, in a small part of the time.

An entry is rendered whenever its event changes, and by the ten thousand when a calendar is read in or a site moves. It
takes the properties that entries have, by the name and in the values that icalendar takes them in.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from re import compile as pattern

from society.calendars.texts import escaped
from society.content_lines import folded

ORDER = ("SUMMARY", "DTSTART", "DTEND", "DURATION", "DTSTAMP", "UID", "RECURRENCE-ID", "SEQUENCE", "RRULE")
"""What stands first in a VEVENT; all else follows by name."""
VERBATIM = ("URL", "ATTACH", "IMAGE", "CONFERENCE", "COLOR")
"""Addresses and names, which have no escapes."""

_RANK = {name: place for place, name in enumerate(ORDER)}
_QUOTED = pattern("[,;:’]")
_STAMPS = pattern(rb"(?<=\r\n)(DTSTAMP:|LAST-MODIFIED:)[^\r]*")


class Component:
    """Properties, in the order in which they are written."""

    def __init__(self, kind: str = "VEVENT") -> None:
        self._kind = kind
        self._lines: list[tuple[int, str, str]] = []

    def add(self, name: str, value: object, parameters: Mapping[str, str] | None = None) -> None:
        """One property; several of a name stay in the order in which they were added."""
        name = name.upper()
        told = {**(parameters or {}), "VALUE": "DATE"} if type(value) is date else parameters
        stated = "".join(f";{key}={_parameter(told[key])}" for key in sorted(told)) if told else ""
        rank = _RANK.get(name, len(ORDER)) if self._kind == "VEVENT" else 0
        self._lines.append((rank, name, f"{name}{stated}:{_written(name, value)}"))

    def to_ical(self) -> bytes:
        """The whole, CRLF and folded."""
        lines = sorted(self._lines, key=lambda line: line[:2])
        parts = [f"BEGIN:{self._kind}\r\n".encode(), *(folded(line.encode()) for _rank, _name, line in lines)]
        return b"".join([*parts, f"END:{self._kind}\r\n".encode()])


def _written(name: str, value: object) -> str:
    """A value by its kind (3.3)."""
    match value:
        case str():
            return _on_one_line(value) if name in VERBATIM else escaped(value)
        case datetime():
            return moment(value.astimezone(UTC) if name in ("DTSTAMP", "CREATED", "LAST-MODIFIED") else value)
        case date():
            return f"{value.year:04}{value.month:02}{value.day:02}"
        case timedelta():
            return length(value)
        case (float(), float()):
            return ";".join(f"{Decimal(repr(part)):f}" for part in value)  # never with an exponent (3.3.7)
        case Mapping():
            return ";".join(f"{part}={said}" for part, said in value.items())
        case Sequence():
            return ",".join(map(escaped, value))
        case _:
            return str(value)


def _on_one_line(value: str) -> str:
    if "\n" in value or "\r" in value:
        raise ValueError(f"A line break cannot stand here: {value!r}")  # what follows would be a line of its own
    return value


def moment(value: datetime) -> str:
    """A date and a time (3.3.5): with a Z in UTC, else by the clocks of the zone that a parameter names."""
    day = f"{value.year:04}{value.month:02}{value.day:02}"
    return f"{day}T{value.hour:02}{value.minute:02}{value.second:02}{'Z' if value.tzinfo else ''}"


def length(value: timedelta) -> str:
    """A duration (3.3.6) in days, hours and minutes."""
    days, left = divmod(abs(value) // timedelta(minutes=1), 24 * 60)
    clock = "".join(f"{number}{unit}" for number, unit in ((left // 60, "H"), (left % 60, "M")) if number)
    said = (f"{days}D" if days or not clock else "") + (f"T{clock}" if clock else "")
    return f"{'-' if value < timedelta() else ''}P{said}"


def _parameter(value: str) -> str:
    """In quotes where it must be (3.2); no mark within is left to be misread (RFC 6868)."""
    value = value.replace("^", "^^").replace("\n", "^n").replace('"', "^'")
    return f'"{value}"' if _QUOTED.search(value) else value


def stamped(vevent: bytes, at: datetime) -> bytes:
    """The same as it would be, had it been revised at that moment."""
    then = moment(at.astimezone(UTC)).encode()
    return _STAMPS.sub(lambda line: line[1] + then, vevent)
