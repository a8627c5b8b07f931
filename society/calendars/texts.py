"""Texts as calendars write them (RFC 5545, 3.3.11)."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from icalendar import vText

_SIGNS = frozenset('\\;,"')


def escaped(text: str) -> str:
    r"""A text that comes back as it was. icalendar's own would take a typed `\N`, as in `C:\News`, for a line end."""
    text = text.replace("\\", r"\\").replace(";", r"\;").replace(",", r"\,")
    return text.replace("\r\n", r"\n").replace("\n", r"\n").replace("\r", r"\n")


class Text(vText):
    """The same where icalendar writes it."""

    def to_ical(self) -> bytes:
        return escaped(self).encode()


def grouped(names: Iterable[str]) -> Iterator[list[str]]:
    """Several texts for one line (3.8.1.2), and those with signs of their own each for a line of its own.

    ical.js takes the comma after a backslash for a part of the text, and libical the one after any escape or quote.
    """
    for plain, together in groupby(names, key=_SIGNS.isdisjoint):
        several = list(together)
        yield from [several] if plain else ([name] for name in several)
