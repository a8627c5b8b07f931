"""Days that a text tells by the one on which it was written."""

import re
from datetime import date, timedelta

from society.announcements.days.dates import Day, number_of, said

_AHEAD = [
    (re.compile(rf"\b(?:{words})\b", re.IGNORECASE), days)
    for words, days in (
        (r"day after tomorrow|übermorgen|après-demain|pasado mañana", 2),
        (r"tomorrow|(?<!guten )morgen|demain|(?<!\bla )mañana", 1),
        (r"tonight|today|this evening|heute|ce soir|aujourd['’]hui|hoy|esta (?:noche|tarde)", 0),
    )
]
"""Words that tell a day by the one on which they are written, and how far ahead that is."""


_WEEKS = re.compile(r"\b(?:(a|two) weeks? (?:on|from|this) ([a-z]{3,9}day)|([a-z]{3,9}day) week)\b", re.IGNORECASE)
_NUMBERED = re.compile(
    r"\b(?:([^\W\d_]{3,10}),?\s\(?(?:the\s|den\s|le\s|el\s)?)?(\d{1,2})(?:st|nd|rd|th)\b(?:,?\s\(?(?:an?\s)?([^\W\d_]{3,10}day))?"
)
"""A day without its month beside the name of one: "the 22nd, a Thursday", "Friday the 11th"."""
MOST_AHEAD = 366


def _numbered(text: str, today: date) -> Day | None:
    """The next day of that number and that name; or that which is so many weeks from a day of that name."""
    for match in _NUMBERED.finditer(text):
        number = number_of(match[1]) if number_of(match[1]) is not None else number_of(match[3])
        coming = (today + timedelta(days=ahead) for ahead in range(MOST_AHEAD))
        day = next((d for d in coming if d.day == int(match[2]) and d.weekday() == number), None)
        if day:
            return Day(day, day, match.start(), match.end(), match[0], f"No month is named; {said(day)} is the next.")
    weeks = _WEEKS.search(text)
    if weeks and (number := number_of(weeks[2] or weeks[3])) is not None:
        first = today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
        day = first + timedelta(weeks=2 if (weeks[1] or "").casefold() == "two" else 1)
        return Day(day, day, weeks.start(), weeks.end(), weeks[0], f"“{weeks[0]}” was taken from today: {said(day)}.")
    return None


def told_by_today(text: str, today: date) -> Day | None:
    """A day told by today alone: "tomorrow", "on Thursday". Only asked for where no date is named."""
    for pattern, ahead in _AHEAD:
        if match := pattern.search(text):
            day, word = today + timedelta(days=ahead), match[0].casefold()
            return Day(day, day, match.start(), match.end(), match[0], f"“{word}” was taken from today: {said(day)}.")
    if told := _numbered(text, today):
        return told
    for match in re.finditer(r"\b[^\W\d_]{5,10}\b", text):
        number = number_of(match[0])
        if number is not None:
            day = today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
            return Day(day, day, match.start(), match.end(), match[0], f"No date is named; {said(day)} is the next.")
    return None
