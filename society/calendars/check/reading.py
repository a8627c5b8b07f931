"""A calendar taken apart as it was written: lines with their endings, properties with their numbers, components.

Parsers mend what they read, or stop; to say what is wrong, it must be seen as it is. Nothing in a file makes this fail.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

_LINE = re.compile(r'([A-Za-z0-9-]+)(;[^:"]*(?:"[^"]*"[^:"]*)*)?:(.*)', re.DOTALL)
"""A content line: name, parameters, value (RFC 5545, 3.1)."""
_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^";])*)')
_DATE = re.compile(r"\d{8}")


class Physical(NamedTuple):
    """A line of the file, without its ending."""

    number: int
    octets: bytes
    ending: bytes


class Property(NamedTuple):
    """A content line, unfolded; its number is that of the first line it stands in."""

    number: int
    name: str
    parameters: dict[str, str]
    value: str

    @property
    def zone(self) -> str:
        return self.parameters.get("TZID", "").strip('"')

    @property
    def is_date(self) -> bool:
        """Whether it is a whole day, by what it says of itself or by its look."""
        return self.parameters.get("VALUE", "").upper() == "DATE" or _DATE.fullmatch(self.value) is not None


@dataclass(frozen=True)
class Answered:
    """How an address answered: with which headers, and whether it led on to another address first."""

    headers: Mapping[str, str]
    moved: bool = False


@dataclass
class Component:
    """What stands between a BEGIN and its END."""

    number: int
    name: str
    parent: "Component | None" = None
    properties: list[Property] = field(default_factory=list)

    def every(self, *names: str) -> list[Property]:
        return [one for one in self.properties if one.name in names]

    def first(self, name: str) -> Property | None:
        return next((one for one in self.properties if one.name == name), None)


@dataclass
class Calendar:
    """A file as it is written."""

    size: int
    events: int
    answer: Answered | None
    physical: list[Physical]
    components: list[Component] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)
    """Lines that are no content lines."""
    unbalanced: list[int] = field(default_factory=list)
    """Lines where a component begins that does not end, or ends that did not begin."""

    def each(self, *names: str) -> Iterator[Component]:
        return (component for component in self.components if component.name in names)

    @property
    def properties(self) -> Iterator[Property]:
        return (one for component in self.components for one in component.properties)


def read(octets: bytes, size: int, events: int, answer: Answered | None) -> Calendar:
    """Take a file apart; `size` and `events` are those of the whole, of which it may be the beginning."""
    calendar = Calendar(size, events, answer, list(_physical(octets.removeprefix(b"\xef\xbb\xbf"))))
    if octets.startswith(b"\xef\xbb\xbf"):
        calendar.unreadable.append(1)
    inner: Component | None = None
    for number, text in _unfolded(calendar.physical):
        found = _LINE.fullmatch(text)
        if found is None:
            calendar.unreadable.append(number)
            continue
        inner = _entered(calendar, inner, _property(number, found))
    while inner is not None:
        calendar.unbalanced.append(inner.number)
        inner = inner.parent
    return calendar


def _physical(octets: bytes) -> Iterator[Physical]:
    for number, line in enumerate(octets.split(b"\n"), 1):
        if line or number == 1:
            yield Physical(number, line.removesuffix(b"\r"), b"\r\n" if line.endswith(b"\r") else b"\n")


def _unfolded(physical: list[Physical]) -> Iterator[tuple[int, str]]:
    number, parts = 0, list[bytes]()
    for line in physical:
        if line.octets[:1] in (b" ", b"\t") and parts:
            parts.append(line.octets[1:])
            continue
        if parts:
            yield number, b"".join(parts).decode(errors="replace")
        number, parts = line.number, [line.octets]
    if any(parts):
        yield number, b"".join(parts).decode(errors="replace")


def _property(number: int, found: re.Match[str]) -> Property:
    parameters = {name.upper(): value for name, value in _PARAMETER.findall(found[2] or "")}
    return Property(number, found[1].upper(), parameters, found[3])


def _entered(calendar: Calendar, inner: Component | None, line: Property) -> Component | None:
    """The component that the next line belongs to."""
    if line.name == "BEGIN":
        component = Component(line.number, line.value.strip().upper(), inner)
        calendar.components.append(component)
        return component
    if line.name == "END":
        if inner is None or inner.name != line.value.strip().upper():
            calendar.unbalanced.append(line.number)
            return inner
        return inner.parent
    if inner is None:
        calendar.unreadable.append(line.number)
    else:
        inner.properties.append(line)
    return inner
