"""Taking a calendar file apart into its components, one at a time, so that a large one is never in memory as objects.

Lenient about what files in the wild get wrong: a byte order mark, other encodings, bare line feeds, lines without a
colon, components that never end, files within them.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from charset_normalizer import from_bytes

from society.errors import Refused

LONGEST_COMPONENT = 200_000
"""Characters; beyond it a component is something else than an event."""
DEEPEST = 20
"""Components within components; the standard has three levels."""
LONGEST_OF_OTHERS = 1_000
"""Characters of a property that an import only names or passes over; a longer one has its name kept."""

_LINE_END = re.compile(r"\r\n|\n|\r")
"""No other of the signs at which Python ends lines: in a calendar they are text."""
_BOUND = re.compile(r"^(BEGIN|END):[ \t]*VCALENDAR[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_UID = re.compile(r"UID[;:]", re.IGNORECASE)
_OF_OTHERS = re.compile(r"(?:ATTACH|IMAGE|STYLED-DESCRIPTION|X-[A-Z0-9-]+)(?=[;:])", re.IGNORECASE)
"""Names of properties that hold files as text, which may be longer than all the rest."""


@dataclass(frozen=True)
class Part:
    """A component as it stands in the file: its kind, its text, and the line that it begins on, counted from 1."""

    kind: str
    text: str
    line: int


@dataclass
class Parts:
    """What a file holds: its events and zones, the calendar's own properties, and what was passed over."""

    events: list[Part] = field(default_factory=list)
    zones: list[Part] = field(default_factory=list)
    about: dict[str, str] = field(default_factory=dict)
    others: dict[str, int] = field(default_factory=dict)
    """Components that are no events, such as tasks, by kind: how many."""
    broken: list[Part] = field(default_factory=list)
    """Components that never end, or are too long or too deep, with what is kept of them."""
    breaks_off: bool = False
    """Whether the last calendar never ends, so that nobody can tell what else was in it."""


def taken_apart(content: bytes) -> Parts:
    """The components of a calendar file. Raises Refused if it is none."""
    parts, begun, text = Parts(), False, text_of(content)
    bounds = _BOUND.findall(text)
    parts.breaks_off = bool(bounds) and bounds[-1].upper() == "BEGIN"
    for part in _top_level(text, parts):
        begun = True
        if part.kind == "VEVENT":
            parts.events.append(part)
        elif part.kind == "VTIMEZONE":
            parts.zones.append(part)
        else:
            parts.others[part.kind] = parts.others.get(part.kind, 0) + 1
    if not begun and not parts.about and not parts.broken:
        raise Refused("This is no calendar file: it has no BEGIN:VCALENDAR.")
    return parts


def text_of(content: bytes) -> str:
    """The file as text: UTF-8 as the standard has it (RFC 5545, 3.1.4), else whatever reads like text."""
    for encoding in ("utf-8-sig", "utf-16") if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    content = _CUT.sub(rb"\1\3\2", content)
    if _is_mostly_utf_8(content):
        return content.decode("utf-8-sig", _AS_WINDOWS)
    if not content.translate(None, _PLAIN_AND_WESTERN):
        return content.decode("cp1252")
    likely = from_bytes(content[:100_000]).best()
    return content.decode(likely.encoding if likely else "cp1252", errors="replace")


_CUT = re.compile(rb"([\xc2-\xf4][\x80-\xbf]{0,2})(\r?\n[ \t])([\x80-\xbf]{1,3})")
"""A character of UTF-8 that a fold stands in (RFC 5545, 3.1, has programs expect that)."""
_PLAIN_AND_WESTERN = bytes(range(128)) + "ÄÖÜäöüßÀÂÇÈÉÊËÎÏÔÙÛàâçèéêëîïôùûÁÍÓÚÑáíóúñ¿¡ÅÆØåæøìòœ’‘“”„«»–—…€£§°· ".encode(
    "cp1252"
)
"""Bytes that few others than Western texts are made of; of a short text nothing else can tell."""


def _is_mostly_utf_8(content: bytes) -> bool:
    """Whether it holds no more faults than characters beyond ASCII: then one event alone is of another encoding."""
    read = content.decode("utf-8-sig", "replace")
    faults = read.count("\ufffd")
    return len(read.encode()) - len(read) >= 3 * faults


def _windows(fault: UnicodeError) -> tuple[str, int]:
    assert isinstance(fault, UnicodeDecodeError)
    return fault.object[fault.start : fault.end].decode("cp1252", "replace"), fault.end


_AS_WINDOWS = "society.imports.windows"
codecs.register_error(_AS_WINDOWS, _windows)


def _top_level(text: str, parts: Parts) -> Iterator[Part]:
    """Each component right below a VCALENDAR (one file may hold several)."""
    open_one = _Open()
    for number, line in enumerate(_LINE_END.split(text), start=1):
        word, _, value = line.partition(":")
        word, value = word.strip().upper(), value.strip().upper()
        line = f"{word}:{value}" if word in ("BEGIN", "END") else line  # some leave blanks around them
        if word == "BEGIN" and value == "VCALENDAR":
            parts.about.setdefault("BEGIN", str(number))
            parts.broken += open_one.left()  # the one before never ended
            open_one = _Open()
            continue
        if word == "BEGIN" and value == "VEVENT" and open_one.kinds[:1] == [value]:  # nor did this
            parts.broken += open_one.left()
            open_one = _Open()
        if word == "BEGIN":
            open_one.begin(value, number)
        if not open_one.kinds:
            _note_property(line, parts)
            continue
        open_one.add(line)
        if word == "END" and open_one.end(value):
            if open_one.overflowed:
                parts.broken.append(open_one.part(value))
            else:
                yield open_one.part(value)
            open_one = _Open()
    parts.broken += open_one.left()


@dataclass
class _Open:
    """A component that has begun: the kinds open within each other, and its lines so far."""

    kinds: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    first: int = 0
    size: int = 0
    overflowed: bool = False
    of_others: str = ""
    """The name of the property that the last line belongs to, where an import looks at no more than that."""
    stated: int = 0
    """Characters of that property, and on which of the lines it begins."""
    begun: int = 0

    def begin(self, kind: str, number: int) -> None:
        self.first = self.first or number
        self.kinds.append(kind)

    def add(self, line: str) -> None:
        if line and line[0] not in " \t":
            found = _OF_OTHERS.match(line)
            self.of_others, self.stated, self.begun = found[0] if found else "", 0, len(self.lines)
        self.stated += len(line)
        if self.of_others and self.stated > LONGEST_OF_OTHERS:
            self.lines[self.begun :] = [f"{self.of_others}:"]
            return
        self.size += len(line)
        self.overflowed = self.overflowed or self.size > LONGEST_COMPONENT or len(self.kinds) > DEEPEST
        if not self.overflowed or _UID.match(line):
            self.lines.append(line)

    def end(self, kind: str) -> bool:
        """Close the innermost of that kind and all within it; whether that was the outermost."""
        if kind in self.kinds:
            while self.kinds.pop() != kind:
                pass
        return not self.kinds

    def part(self, kind: str) -> Part:
        return Part(kind, "\r\n".join(self.lines) + "\r\n", self.first)

    def left(self) -> list[Part]:
        return [self.part(self.kinds[0])] if self.kinds else []


def _note_property(line: str, parts: Parts) -> None:
    name, _, value = line.partition(":")
    if name.partition(";")[0].upper() in ("X-WR-CALNAME", "NAME", "X-WR-TIMEZONE", "METHOD"):
        parts.about.setdefault(name.partition(";")[0].upper(), value.strip()[:200])
