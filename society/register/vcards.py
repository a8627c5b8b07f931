"""Business cards of people: vCard 4.0 (RFC 6350)."""

from collections.abc import Sequence
from typing import Any

_MOST_OCTETS = 75
"""In a line, without its end (RFC 6350, 3.2)."""


def vcard(person: Any, tags: Sequence[str]) -> str:
    """The card of a person: what one writes to them by, nothing that is private to the secretaries."""
    given, _, family = person.name.rpartition(" ")
    properties = [
        ("FN", _text(person.name)),
        ("N", f"{_text(family)};{_text(given)};;;"),
        ("EMAIL", _text(person.email or "")),
        ("TEL;VALUE=text", _text(person.phone)),
        ("ADR", f";;{_text(person.address)};{_text(person.city)};;;" if person.address or person.city else ""),
        ("LANG", person.language),
        ("TZ", person.zone),
        ("BDAY", f"{person.born_on:%Y%m%d}" if person.born_on else ""),
        ("CATEGORIES", ",".join(map(_text, tags))),
    ]
    shown = [("BEGIN", "VCARD"), ("VERSION", "4.0"), *properties, ("END", "VCARD")]
    return "".join(_folded(f"{name}:{value}") for name, value in shown if value)


def _text(value: str) -> str:
    """A text value (RFC 6350, 3.4), fit for a part of N and ADR as well."""
    value = value.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    return value.replace("\r\n", "\n").replace("\n", "\\n")


def _folded(line: str) -> str:
    """In lines of at most 75 octets, never cut within a character."""
    lines, length = [""], 0
    for letter in line:
        size = len(letter.encode())
        if length + size > _MOST_OCTETS:
            lines.append(" ")
            length = 1
        lines[-1] += letter
        length += size
    return "\r\n".join(lines) + "\r\n"
