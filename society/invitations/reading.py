"""What calendar programs mail back, as it arrives: in any part, charset and encoding, and often not by the book.

The few properties that matter are read line by line, so that whatever else a program puts beside them (time zones by
names of its own, properties of its own) is never in the way. What cannot be read is left for people.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from icalendar.parser import Contentline
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from society.errors import Refused
from society.text import mailbox_in_ascii
from society.times import EARLIEST, LATEST, known_zone

LARGEST = 10 * 1024 * 1024
"""Bytes of a message that is read."""
LARGEST_CALENDAR = 256 * 1024
"""Characters of a calendar in it; an answer of any program has some 2,000."""

_KINDS = ("text/calendar", "application/ics")
_WANTED = re.compile(
    r"(BEGIN|END|METHOD|UID|SEQUENCE|DTSTAMP|DTSTART|DTEND|RECURRENCE-ID|ATTENDEE|ORGANIZER|COMMENT)[;:]",
    re.IGNORECASE,
)


class Unsorted(Refused):
    """A message that is none of ours to deal with: it stays where it is, for people to read."""


@dataclass(frozen=True)
class Attendee:
    """Who answers, by each address that the program names, and how (PARTSTAT)."""

    addresses: frozenset[str]
    says: str
    guests: int = 0
    """How many they bring; Google tells it (X-NUM-GUESTS), and 0 where nobody was asked."""


@dataclass(frozen=True)
class Entry:
    """One VEVENT of what came back."""

    uid: str
    sequence: int | None
    """None where it says none, which is 0 by the book (RFC 5545, 3.8.7.4), and nothing by programs that forget it."""
    stamp: datetime | None
    attendees: tuple[Attendee, ...]
    one_date: bool
    """Whether it is about one date of what recurs (RECURRENCE-ID)."""
    starts: datetime | None = None
    ends: datetime | None = None
    """Instants, or without a zone what a clock shows where the event is; None where that cannot be told."""
    whole_days: bool = False
    """Whether both are dates, the second the one after the last."""
    comment: str = ""


@dataclass(frozen=True)
class Incoming:
    """A message, with what a calendar program says in it."""

    headers: Message
    method: str
    """Empty where there is no calendar in it."""
    entries: tuple[Entry, ...] = ()
    organizers: str = ""


def incoming(raw: bytes) -> Incoming:
    """Read a message; where several parts hold a calendar, they are one in several forms, so the first that reads."""
    if len(raw) > LARGEST:
        raise Unsorted(f"This message is larger than {LARGEST // 2**20} MB, which no calendar's answer is.")
    try:
        message = message_from_bytes(raw)
        parts = [part for part in message.walk() if _holds_calendar(part)]
        read = (_calendar(message, part) for part in parts)
        return next((found for found in read if found), Incoming(message, ""))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise Unsorted("This message is not in a form that can be read.") from error


def _holds_calendar(part: Message) -> bool:
    return part.get_content_type() in _KINDS or str(part.get_filename() or "").lower().endswith(".ics")


def _calendar(message: Message, part: Message) -> Incoming | None:
    text = text_of(part)[:LARGEST_CALENDAR]
    lines = list(_lines(text))
    method = next((value.upper() for name, _, value in lines if name == "METHOD"), "")
    stated = str(part.get_param("method") or method).upper()
    if not method or stated != method:  # RFC 6047, 2.4: they must agree, else either may be the forged one
        return None
    organizers = " ".join(value for name, _, value in lines if name == "ORGANIZER")
    return Incoming(message, method, tuple(_entries(lines)), organizers)


def text_of(part: Message) -> str:
    """By the charset that is declared, if it is true; else UTF-8, which RFC 6047 asks for; else as bytes."""
    body = part.get_payload(decode=True)
    data = body if isinstance(body, bytes) else b""
    for charset in (part.get_content_charset() or "utf-8", "utf-8"):
        try:
            return data.decode(charset).lstrip("\ufeff")
        except (LookupError, ValueError):
            continue
    return data.decode("latin-1")


Line = tuple[str, dict[str, str], str]


def _lines(text: str) -> Iterator[Line]:
    """The lines that matter, unfolded (RFC 5545, 3.1), whatever ends them; a broken one is passed over."""
    for line in re.sub(r"\r?\n[ \t]", "", text.replace("\0", "")).split("\n"):
        if not _WANTED.match(line):
            continue
        try:
            name, parameters, value = Contentline(line.rstrip("\r")).parts()  # type: ignore[no-untyped-call]
        except ValueError:
            continue
        yield name.upper(), {key.upper(): str(given) for key, given in parameters.items()}, value.strip()


def _entries(lines: list[Line]) -> Iterator[Entry]:
    """Each VEVENT, of the properties that are directly its own."""
    within: list[str] = []
    own: list[Line] = []
    for line in lines:
        name, _, value = line
        if name == "BEGIN":
            within.append(value.upper())
        elif name == "END" and within:
            if within.pop() == "VEVENT":
                yield _entry(own)
                own = []
        elif within[-1:] == ["VEVENT"]:
            own.append(line)


def _entry(lines: list[Line]) -> Entry:
    values = {name: value for name, _, value in lines}
    sequence = values.get("SEQUENCE", "")
    return Entry(
        uid=values.get("UID", ""),
        sequence=int(sequence) if re.fullmatch(r"[0-9]{1,9}", sequence) else None,
        stamp=_instant(values.get("DTSTAMP", "")),
        attendees=tuple(_attendee(parameters, value) for name, parameters, value in lines if name == "ATTENDEE"),
        one_date="RECURRENCE-ID" in values,
        starts=_moment(lines, "DTSTART"),
        ends=_moment(lines, "DTEND"),
        whole_days=len(values.get("DTSTART", "")) == len("20270330"),
        comment=values.get("COMMENT", ""),
    )


def _attendee(parameters: dict[str, str], value: str) -> Attendee:
    """Some programs put a number of their own for the address, and the address into EMAIL (RFC 7986, 6.2) or CN.

    Some quote in it what an address of the web may not hold (RFC 6068, 2), others do not: it is taken in both ways.
    """
    named = (value, parameters.get("EMAIL", ""), parameters.get("CN", ""))
    written = [re.sub(r"^mailto:", "", name.strip(), flags=re.IGNORECASE) for name in named]
    addresses = (mailbox_in_ascii(name.lower()) for name in [*written, *map(unquote, written)])
    guests = parameters.get("X-NUM-GUESTS", "")
    return Attendee(
        frozenset(found for found in addresses if "@" in found),
        parameters.get("PARTSTAT", "").upper(),
        int(guests) if re.fullmatch(r"[0-9]{1,4}", guests) else 0,
    )


def _moment(lines: list[Line], name: str) -> datetime | None:
    """A start or an end, in any form that RFC 5545 has for it (3.3.4, 3.3.5); zones also by the names of Windows. None
    of years that no event has: the first and the last that there are have no time in every zone."""
    parameters, value = next(((given, value) for found, given, value in lines if found == name), ({}, ""))
    at = _instant(value) if value.endswith("Z") else _by_clocks(parameters, value)
    return at if at and EARLIEST <= at.date() < LATEST else None


def _by_clocks(parameters: dict[str, str], value: str) -> datetime | None:
    try:
        wall = datetime.strptime(value, "%Y%m%d" if len(value) == 8 else "%Y%m%dT%H%M%S")
        zone = parameters.get("TZID", "").strip()
        zone = WINDOWS_TO_OLSON.get(zone, zone)
        return wall.replace(tzinfo=ZoneInfo(zone)) if known_zone(zone) else wall
    except ValueError:
        return None


def _instant(value: str) -> datetime | None:
    """DTSTAMP is in UTC (RFC 5545, 3.8.7.2), even where a program forgets to say so."""
    try:
        return datetime.strptime(value.rstrip("Zz"), "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
