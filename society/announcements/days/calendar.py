"""The days that a calendar has, by their numbers and as they are spoken of."""

from datetime import date
from functools import cache, lru_cache

from dateparser.date import DateDataParser

LANGUAGES = ["en", "de", "fr", "es"]
_LEAP = 2028
"""A year in which every day of a year exists."""


def full_year(year: str) -> int:
    return int(year) + (2000 if len(year) == 2 else 0)


def existing(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


@cache
def _calendar() -> DateDataParser:
    required = {"REQUIRE_PARTS": ["day", "month"], "PARSERS": ["absolute-time"], "DATE_ORDER": "DMY"}
    return DateDataParser(languages=LANGUAGES, settings=required)


@lru_cache(1_000)
def _parsed(words: str) -> date | None:
    found = _calendar().get_date_data(words).date_obj
    return found.date() if found else None


def spoken(words: str, year: str | None, today: date) -> date | None:
    """ "30 März", with a year or as the next such day."""
    if not 1 <= int(words.split()[0]) <= 31:
        return None
    found = _parsed(f"{words.rstrip('.')} {year or _LEAP}")
    if found is None:
        return None
    return found if year else next_such(found.month, found.day, today)


def next_such(month: int, day: int, today: date) -> date | None:
    coming = (existing(year, month, day) for year in range(today.year, today.year + 9))
    return next((found for found in coming if found and found >= today), None)
