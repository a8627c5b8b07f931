"""How dates are written. Every pattern has bounded repetition, so that reading is linear in the length of the text."""

import re

from society.announcements.days.monthly import PLACED
from society.announcements.words import WEEKDAYS

_DAY = r"\d{1,2}(?:(?i:st|nd|rd|th|er)|\.|º)?"
_MONTH = r"[^\W\d_]{3,10}\.?"
_NO_LETTER = r"(?<![^\W\d_])"
"""What follows ends no longer word: no "y" of "Saturday" is the Spanish "and"."""
TO = rf"\s?(?:–|-|{_NO_LETTER}(?:to|bis|au|al|until|till|through|jusqu['’]au|hasta))\s?(?:zum\s|the\s|el\s)?"
ALSO = rf"\s?(?:&|{_NO_LETTER}(?:and|und|et|y))\s?"
_TO = rf"{TO}|{ALSO}(?:the\s)?"
BETWEEN = re.compile(",?" + TO)
_YEAR = r"(?:,?\s(?:de\s|del\s)?(20\d\d))?"
_WEEKDAY = r"(?:\b([^\W\d_]{2,10})\.?,?\s(?:dem\s|den\s|the\s|le\s|el\s)?)?"
DATES = (
    ("iso", re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)(?!\d)")),
    ("dotted", re.compile(_WEEKDAY + r"(?<![\d.])(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})?(?![\d])")),
    ("slashed", re.compile(_WEEKDAY + r"(?<![\d/-])(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})\b")),
    ("slashed", re.compile(rf"\b({'|'.join(WEEKDAYS)})\.?,?\s(\d{{1,2}})/(\d{{1,2}})()(?![\d/])", re.IGNORECASE)),
    (
        "day first",
        re.compile(
            _WEEKDAY
            + rf"(?<![:.\d])\b((?:{_DAY},\s){{0,6}}(?={_DAY}{ALSO})|)({_DAY})(?:(?:\s(?:of\s|de\s)?({_MONTH}))?"
            rf"({_TO})(?:[^\W\d_]{{3,10}},?\s)?({_DAY}))?\s(?:of\s|de\s)?({_MONTH}){_YEAR}"
        ),
    ),
    ("in a month", re.compile(PLACED + rf"({_MONTH}){_YEAR}(?!\s?\d)")),
    ("month first", re.compile(_WEEKDAY + rf"\b({_MONTH})\s({_DAY})(?:{_TO}({_DAY}))?{_YEAR}(?![\d:])")),
)


def month_first_in(zone: str) -> bool:
    """Whether 3/4 is 4 March there."""
    return zone.startswith(("America/", "US/"))
