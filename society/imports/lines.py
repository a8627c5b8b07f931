"""The content lines of a component, split quickly where they are plain, and by icalendar where they are not."""

import re
from typing import Any

from icalendar import Event as VEvent
from icalendar import Parameters
from icalendar.parser import Contentline
from icalendar.parser.content_line import NEWLINE, UFOLD

_PLAIN = re.compile(r"([A-Za-z][A-Za-z0-9-]*)((?:;[A-Za-z][A-Za-z0-9-]*=[A-Za-z0-9/_.+-]+)*):")
"""A name and parameters that hold nothing to unquote or to undo."""
_PASSED_OVER = re.compile(r"(?:DTSTAMP|CREATED|LAST-MODIFIED|TRANSP|PRIORITY|X-[A-Za-z0-9-]+)[:;]")
"""What is not looked at."""
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
    if not _RECURS.search(text):
        lines = [line for line in lines if not _PASSED_OVER.match(line)]
    written: Any = [_line(_TEXTS.sub(r"\1", line)) for line in lines]
    component = VEvent.from_ical(written)
    assert isinstance(component, VEvent)
    return component
