"""At what time of day an announcement says that something ends, apart from where it says when it begins.

Every pattern has bounded repetition, so that reading is linear in the length of the text.
"""

import re
from collections.abc import Iterator
from datetime import time

from society.announcements.days.faces import FACE, HOUR, is_hour
from society.announcements.days.hours import Hours, hours_in
from society.announcements.words import NUMBERS
from society.text import folded

REACH = 300
"""Characters from a start within which an end may be told."""

_AT = (
    r"(?:\s?:)?\s(?:prévue?\s|(?:ca|etwa|about|approximately)\.?\s)?"
    r"(?:(?:at|by|around|about|um|gegen|circa|ca\.|vers|à|a|hacia)\s){0,2}(?:las?\s)?"
)
_CLOCK = (
    rf"({FACE}|{HOUR}(?!\s(?!o['’]clock)[a-zß-ÿ])"
    r"|noon\b|midday\b|mittag\b|\d{1,2}(?:[:.h]\d{2})?(?:\s?(?:[ap]\.?m\b\.?|uhr\b|h\b))?"
    r"(?![\d/:£€%-]|\.\d|\s?(?:%|euros?\b|£|€|[a-z]{3,9}\s?\d{4})))"
)
_ENDS = re.compile(
    r"(?:^[\s,;.(–-]{0,3}(?:and\s|und\s)?(?:until|till|to|bis|jusqu['’]à|hasta)|\b(?:end(?:s|ing)?|finish(?:es|ing)?"
    r"|back|carriages|(?:(?:break|wind|pack)(?:s|ing)? up|home|out|done|over)(?=\s(?:at|by|around|about)\s)"
    r"|return(?:s|ing)?|clos(?:es?|ing)|ende|endet|schluss|rückkehr|zurück|fin|retour|(?:se )?terminer?a?|finira"
    r"|termina(?:mos|remos|rá)?|finaliza(?:mos|remos|rá)?|regreso|vuelta))" + _AT + _CLOCK,
    re.IGNORECASE,
)
"""Straight after the start "until" is enough; further on the words must say what is over."""
_OVER_AT = re.compile(
    rf"\b(?:um|gegen)\s{_CLOCK}\s(?:ist|sind|endet|schließen)\b[^.\n\d]{{0,20}}?(?:\s(?:schluss|ende|zurück|aus|vorbei))?\b",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"\b(?:until|till|bis|jusqu['’]à|hasta)" + _AT + _CLOCK, re.IGNORECASE)
_OF_SOMETHING_ELSE = re.compile(
    r"\b(?:book\w*|tickets?|regist\w*|rsvp|repl\w+|bar|parking|car park|shop|exhibition|doors?|gates?|open|call|phone"
    r"|ring|reserv\w*|inscri\w*|anmeld\w*)\b[^.,;\n]{0,25}$",
    re.IGNORECASE,
)
"""What else than the event lasts until a time of day."""


def end_after(text: str, told: Hours) -> tuple[time, str] | None:
    """When it is over, and the words that say so; a bare "9" after 7 pm is 9 pm."""
    behind = text[told.end : told.end + REACH].partition("\n\n")[0]
    for match in (match for pattern in (_ENDS, _OVER_AT, _UNTIL) for match in pattern.finditer(behind)):
        for stop in () if _OF_SOMETHING_ELSE.search(behind[: match.start()]) else _read(match[1]):
            late = stop.replace(hour=stop.hour + 12) if stop.hour < 12 and "a" not in match[1] else stop
            if told.start < (found := stop if stop > told.start else late):
                return found, match[0].strip(" ,;.(–-")
    return None


def _read(words: str) -> Iterator[time]:
    if is_hour(words):
        yield time(NUMBERS[folded(words)])
    elif words.strip().isdecimal():
        yield from [time(int(words))] if int(words) < 24 else []
    else:
        yield from (hours.start for hours in hours_in(words))
