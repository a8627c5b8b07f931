"""Days that a text tells by the one on which it was written."""

import re
from datetime import date, timedelta

from society.announcements.dates import Day, number_of, said

_AHEAD = [
    (re.compile(rf"\b(?:{words})\b", re.IGNORECASE), days)
    for words, days in (
        (r"day after tomorrow|übermorgen|après-demain|pasado mañana", 2),
        (r"tomorrow|(?<!guten )morgen|demain|(?<!\bla )mañana", 1),
        (r"tonight|today|this evening|heute|ce soir|aujourd['’]hui|hoy|esta (?:noche|tarde)", 0),
    )
]
"""Words that tell a day by the one on which they are written, and how far ahead that is."""


def told_by_today(text: str, today: date) -> Day | None:
    """A day told by today alone: "tomorrow", "on Thursday". Only asked for where no date is named."""
    for pattern, ahead in _AHEAD:
        if match := pattern.search(text):
            day, word = today + timedelta(days=ahead), match[0].casefold()
            return Day(day, day, match.start(), match.end(), match[0], f"“{word}” was taken from today: {said(day)}.")
    for match in re.finditer(r"\b[^\W\d_]{5,10}\b", text):
        number = number_of(match[0])
        if number is not None:
            day = today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
            return Day(day, day, match.start(), match.end(), match[0], f"No date is named; {said(day)} is the next.")
    return None
