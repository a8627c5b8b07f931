"""What calendar apps would dislike about a calendar, in plain words."""

from dataclasses import dataclass

from society.calendars.check import answers, events, lines, recurrence, values, whole
from society.calendars.check.reading import Answered, Calendar, read
from society.calendars.check.rules import RULES, Rule

MOST = 2 * 1024 * 1024
"""Bytes that are read; of a longer calendar its first part, in whole entries."""

_END = b"\nEND:VEVENT"
_ORDER = [module.__name__ for module in (lines, whole, events, values, recurrence, answers)]

RULES.sort(key=lambda one: _ORDER.index(one.broken.__module__))  # they entered themselves as they were imported


@dataclass(frozen=True)
class Complaint:
    """One rule that is broken, and where: the numbers of the first lines, and how many there are in all."""

    rule: Rule
    lines: tuple[int, ...]
    count: int


@dataclass(frozen=True)
class Verdict:
    """What was found in a calendar of so many events."""

    complaints: tuple[Complaint, ...]
    events: int
    size: int

    @property
    def partly(self) -> bool:
        return self.size > MOST


def check(octets: bytes, answer: Answered | None = None) -> Verdict:
    """Hold every rule against a calendar; those of the web too if an address answered with it."""
    calendar = read(_beginning(octets), len(octets), octets.count(b"BEGIN:VEVENT"), answer)
    found = tuple(filter(None, (_complaint(rule, calendar) for rule in RULES)))
    return Verdict(found, calendar.events, calendar.size)


def _complaint(rule: Rule, calendar: Calendar) -> Complaint | None:
    numbers = sorted(set(rule.broken(calendar)))
    return Complaint(rule, tuple(number for number in numbers[:5] if number), len(numbers)) if numbers else None


def _beginning(octets: bytes) -> bytes:
    if len(octets) <= MOST:
        return octets
    cut = octets.rfind(_END, 0, MOST)
    return octets[:cut] + _END + b"\r\nEND:VCALENDAR\r\n" if cut > 0 else octets[:MOST]
