"""Days told by their place in a month: "every Saturday in March", "am letzten Freitag im Februar".

Every pattern has bounded repetition, so that reading is linear in the length of the text.
"""

import re
from datetime import date, timedelta

from society.announcements.words import EACH, ORDINALS, WEEKDAYS
from society.text import folded

PLACED = (
    r"(?:\b(?:tous\s|todos\s|an\s(?=allen))?([^\W\d_]{2,9}|[1-4](?:st|nd|rd|th))\s)?\b([^\W\d_]{3,11})"
    r"\s(?:in|of|im|de|en|del|throughout|during)\s(?:mes\sde\s|mois\sde\s|the\smonth\sof\s)?"
)
"""Which of them and the day of the week, before the month."""
_EVERY = re.compile(r"(?:every|each|jede[nr]?|chaque|cada)\s$", re.IGNORECASE)
"""Before an ordinal: "every second Saturday" are others than the second."""


def starts_of(match: re.Match[str]) -> int | None:
    """Where the words begin, whether or not the one before the day belongs to it; None if they name no days."""
    word = folded(match[1] or "")
    if weekday_of(match[2]) is None:
        return None
    if word in ORDINALS:
        before = match.string[max(match.start() - 12, 0) : match.start()]
        return None if _EVERY.search(before) else match.start()
    return match.start() if word in EACH else match.start(2) if _is_plural(match[2]) else None


def meant_by(match: re.Match[str], month: int, years: list[int], today: date) -> list[date]:
    """Those that are to come, of the first of the years that has any."""
    place, number = ORDINALS.get(folded(match[1] or "")), weekday_of(match[2])
    for year in years:
        days = [day for day in _days_of(year, month) if day.weekday() == number]
        named = days if place is None else [days[place]]
        if ahead := [day for day in named if day >= today]:
            return ahead
    return []


def _days_of(year: int, month: int) -> list[date]:
    days = (date(year, month, 1) + timedelta(days=n) for n in range(31))
    return [day for day in days if day.month == month]


def weekday_of(word: str) -> int | None:
    """Monday 0, also of several: "Saturdays", "samstags", "samedis", "sábados"."""
    plain = folded(word)
    return next((n for end in ("", "s", "en", "e") if (n := WEEKDAYS.get(plain.removesuffix(end))) is not None), None)


def _is_plural(word: str) -> bool:
    return folded(word) not in WEEKDAYS
