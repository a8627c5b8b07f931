"""At what time of day an announcement says that something ends, apart from where it says when it begins.

Every pattern has bounded repetition, so that reading is linear in the length of the text.
"""

import re
from collections.abc import Iterator
from datetime import time

from society.announcements.faces import FACE
from society.announcements.hours import Hours, hours_in

REACH = 300
"""Characters from a start within which an end may be told."""

_AT = (
    r"(?:\s?:)?\s(?:prévue?\s|(?:ca|etwa|about|approximately)\.?\s)?"
    r"(?:(?:at|by|around|about|um|gegen|circa|ca\.|vers|à|a|hacia)\s)?(?:las?\s)?"
)
_CLOCK = (
    rf"({FACE}"
    r"|\d{1,2}(?:[:.h]\d{2})?(?:\s?(?:[ap]\.?m\b\.?|uhr\b|h\b))?"
    r"(?![\d/:£€%-]|\.\d|\s?(?:%|euros?\b|£|€|[a-z]{3,9}\s?\d{4})))"
)
_ENDS = re.compile(
    r"(?:^[\s,;.(–-]{0,3}(?:and\s|und\s)?(?:until|till|to|bis|jusqu['’]à|hasta)"
    r"|\b(?:end(?:s|ing)?|finish(?:es|ing)?|back|return(?:s|ing)?|clos(?:es|ing)|ende|endet|schluss|rückkehr"
    r"|fin|retour|se termine|termina|finaliza|regreso|vuelta))" + _AT + _CLOCK,
    re.IGNORECASE,
)
"""Straight after the start "until" is enough; further on the words must say what is over."""


def end_after(text: str, told: Hours) -> tuple[time, str] | None:
    """When it is over, and the words that say so; a bare "9" after 7 pm is 9 pm."""
    behind = text[told.end : told.end + REACH].partition("\n\n")[0]
    for match in _ENDS.finditer(behind):
        for stop in _read(match[1]):
            late = stop.replace(hour=stop.hour + 12) if stop.hour < 12 and "a" not in match[1] else stop
            if told.start < (found := stop if stop > told.start else late):
                return found, match[0].strip(" ,;.(–-")
    return None


def _read(words: str) -> Iterator[time]:
    if words.strip().isdecimal():
        yield from [time(int(words))] if int(words) < 24 else []
    else:
        yield from (hours.start for hours in hours_in(words))
