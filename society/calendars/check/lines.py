"""Rules on how the file is written, line by line."""

import re
from collections.abc import Iterator

from society.calendars.check.reading import Calendar
from society.calendars.check.rules import APPLE, STRICT, WINDOWS, rule

_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)")


@rule(
    "It is no calendar: nothing in it begins with BEGIN:VCALENDAR.",
    "No app reads it. It is perhaps a web page, such as one that asks to sign in.",
    "RFC 5545, 3.4",
)
def no_calendar(calendar: Calendar) -> list[int]:
    return [] if any(calendar.each("VCALENDAR")) else [0]


@rule(
    "Lines end in LF alone, not in CR LF.",
    "Most apps forgive that; Outlook may refuse the whole file.",
    "RFC 5545, 3.1",
    *WINDOWS,
)
def bare_line_feeds(calendar: Calendar) -> list[int]:
    *lines, last = calendar.physical
    unended = [] if last.ending == b"\r\n" or last.octets else [last.number]
    return [line.number for line in lines if line.ending == b"\n"] + unended


@rule(
    "Lines are longer than 75 octets. Long ones are to be folded: broken, and begun anew with a space.",
    "Some apps cut such lines off, and a title or an address loses its end.",
    "RFC 5545, 3.1",
    *WINDOWS,
)
def long_lines(calendar: Calendar) -> list[int]:
    return [line.number for line in calendar.physical if len(line.octets) > 75]


@rule(
    "A line is broken within a character of several octets.",
    "Apps that read line by line show a black diamond in its place.",
    "RFC 5545, 3.1",
    *APPLE,
    *WINDOWS,
)
def cut_characters(calendar: Calendar) -> list[int]:
    whole = _whole(calendar)
    return [line.number for line in calendar.physical if whole and not _is_utf8(line.octets)]


@rule(
    "It is not in UTF-8.",
    "Letters with accents and other scripts come out wrong, or the file is refused.",
    "RFC 5545, 3.1.4",
)
def another_encoding(calendar: Calendar) -> list[int]:
    return [] if _whole(calendar) else [line.number for line in calendar.physical if not _is_utf8(line.octets)]


def _whole(calendar: Calendar) -> bool:
    """Whether it is UTF-8 once folded lines are joined."""
    folded = re.sub(rb"\n[ \t]", b"", b"\n".join(line.octets for line in calendar.physical))
    return _is_utf8(folded)


def _is_utf8(octets: bytes) -> bool:
    try:
        octets.decode()
    except UnicodeDecodeError:
        return False
    return True


@rule(
    "There are control characters in it.",
    "Parsers that keep to the letter leave out the event, or stop.",
    "RFC 5545, 3.3.11",
    *STRICT,
)
def control_characters(calendar: Calendar) -> Iterator[int]:
    return (line.number for line in calendar.physical if _CONTROL.search(line.octets))


@rule(
    "Lines are none of a calendar: without a colon, before the first BEGIN, or with a mark (BOM) at the beginning.",
    "Some apps skip such a line, others refuse the whole file.",
    "RFC 5545, 3.1",
)
def unreadable_lines(calendar: Calendar) -> list[int]:
    return calendar.unreadable


@rule(
    "Something begins that does not end, or ends that did not begin.",
    "Apps read up to there at most: the file has perhaps been cut off on its way.",
    "RFC 5545, 3.6",
)
def unbalanced(calendar: Calendar) -> list[int]:
    return calendar.unbalanced
