"""Texts as calendars write them (RFC 5545, 3.3.11)."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from icalendar import vCategory, vText

_SIGNS = frozenset('\\;,"')


class Text(vText):
    r"""A text that comes back as it was. icalendar's own would take a typed `\N`, as in `C:\News`, for a line end."""

    def to_ical(self) -> bytes:
        return re.sub(r"[\\;,]", r"\\\g<0>", self).replace("\n", "\\n").encode()


def categories(names: Iterable[str]) -> Iterator[vCategory]:
    """Several texts between commas (3.8.1.2), and those with signs of their own on lines of their own.

    ical.js takes the comma after a backslash for a part of the text, and libical the one after any escape or quote.
    """
    for plain, together in groupby(names, key=lambda name: _SIGNS.isdisjoint(name)):
        texts: list[vText | str] = [Text(name) for name in together]
        for line in [texts] if plain else ([text] for text in texts):
            listed = vCategory([])
            listed.cats = line
            yield listed
