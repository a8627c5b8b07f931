"""Dates as people write them in tables. What could be two days is never guessed.

Four notations: 2024-03-30, 30.03.2024, and with strokes or hyphens 30/03/2024 or 03/30/2024; besides, the plain number
by which spreadsheets count days. Whether day or month comes first is looked up in the whole column.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from society.times import EARLIEST, LATEST

_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_POINTS = re.compile(r"([0-9]{1,2})\. ?([0-9]{1,2})\. ?([0-9]{4})")
_EITHER = re.compile(r"([0-9]{1,2})([/-])([0-9]{1,2})\2([0-9]{4})")
_SERIAL = re.compile(r"[0-9]{5}(?:\.0+)?")
_SERIAL_ZERO = date(1899, 12, 30)
"""Day 0 of the count in spreadsheets, as it holds from March 1900 on."""


class Order(StrEnum):
    """Which comes first in 03/04/2024."""

    DAY = "day-first"
    MONTH = "month-first"


class NoDate(ValueError):
    """What stands there is no date; the message says so to whoever wrote it."""


@dataclass
class Column:
    """What the values of one column tell of the order of day and month."""

    heading: str = ""
    """As the file has it."""
    day_first: bool = False
    """Some value can only be meant so: 30/03/2024."""
    month_first: bool = False
    doubtful: tuple[int, str] | None = None
    """Line and value of the first that can be read either way."""

    def look_at(self, line: int, value: str) -> None:
        found = _EITHER.fullmatch(value)
        if not found:
            return
        first, second = int(found[1]), int(found[3])
        self.day_first |= first > 12
        self.month_first |= second > 12
        if first <= 12 and second <= 12 and first != second and self.doubtful is None:
            self.doubtful = (line, value)

    @property
    def order(self) -> Order | None:
        """None: nothing tells, or some values say one thing and some the other."""
        if self.day_first == self.month_first:
            return None
        return Order.DAY if self.day_first else Order.MONTH

    @property
    def must_be_asked(self) -> bool:
        return self.doubtful is not None and self.order is None


@lru_cache(maxsize=20_000)
def read_date(text: str, order: Order | None) -> date:
    """The day that is meant. Raises NoDate."""
    if found := _YEAR_FIRST.fullmatch(text):
        return _day(text, found[1], found[3], found[4])
    if found := _POINTS.fullmatch(text):
        return _day(text, found[3], found[2], found[1])
    if found := _EITHER.fullmatch(text):
        first, second = found[1], found[3]
        month_first = int(second) > 12 if order is None else order is Order.MONTH
        return _day(text, found[4], first, second) if month_first else _day(text, found[4], second, first)
    if _SERIAL.fullmatch(text):
        return _bounded(text, _SERIAL_ZERO + timedelta(days=int(text[:5])))
    raise NoDate(f"“{text[:40]}” is not a date such as 2024-03-30 or 30.03.2024")


def _day(text: str, year: str, month: str, day: str) -> date:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError as error:
        raise NoDate(f"there is no day “{text[:40]}”, read as day {day}, month {month}") from error
    return _bounded(text, found)


def _bounded(text: str, day: date) -> date:
    if not EARLIEST <= day < LATEST:
        raise NoDate(f"“{text[:40]}” is not between the years {EARLIEST.year} and {LATEST.year - 1}")
    return day
