"""The days that a series leaves out, in whatever way people write dates: "24 and 31 December, 7.1.2028".

They are read as those of an announcement are. What is left over once dates, commas and the like are taken away was
meant as a date too, and is told.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from society.announcements.days.date_forms import BETWEEN, month_first_in
from society.announcements.days.dates import Day, days_in, no_days_in, number_of, said
from society.series.rules import FURTHEST
from society.text import listed

MOST = 60
IN_A_ROW = 4
"""Of which on days are a span again when the rule is changed: a summer of every day is more than `MOST`."""
MOST_NAMED = 5
"""Of what could not be read, so many are named."""
_LIKE = "Write it like 24 December 2027, 24.12.2027 or 2027-12-24."
_NO_YEAR = re.compile(r"(?<![\d/.-])(\d{1,2})([/.])(\d{1,2})(?![\d/.-])")
_BULLET = re.compile(r"^\s*[•*–—-]\s")
_BETWEEN = re.compile(r"[\s,;.]+|(?:and|und|et|y|&|on|the|am|le|el)(?=\W|$)", re.IGNORECASE)


class Unread(ValueError):
    """Something in the text is no date; the message says what, to whoever wrote it."""


@dataclass(frozen=True)
class LeftOut:
    """Days named one by one, and spans of which every day is left out on which something would be."""

    days: tuple[date, ...] = ()
    spans: tuple[tuple[date, date], ...] = ()


def read(text: str, first: date, zone: str) -> LeftOut:
    """What is written there; a year left out is that of the next such day from the first on. Raises Unread."""
    found = [day for line in text.split("\n") for day in _read_line(_BULLET.sub("", line), first, zone)]
    spans = tuple((day.first, day.last) for day in found if day.first != day.last)
    days = tuple(each for day in found if day.first == day.last for each in (day.first, *day.others))
    if len(days) + len(spans) > MOST:
        raise Unread(f"At most {MOST} dates, please.")
    if any(last - start > FURTHEST for start, last in spans):
        raise Unread("That is too long to be left out: please end the series instead.")
    return LeftOut(days, spans)


def _read_line(line: str, first: date, zone: str) -> Sequence[Day]:
    month_first = month_first_in(zone)
    line = _NO_YEAR.sub(lambda found: _dotted(found, month_first=month_first), line)
    found = days_in(line, first, month_first=month_first)
    for day, then in pairwise(found):
        if BETWEEN.fullmatch(line, day.end, then.at):
            raise Unread(f"“{line[day.at : then.end].strip()}” ends before it begins.")
    if unread := _unread(line, found):
        raise Unread(_why(unread, line))
    for day in found:
        _agrees(day)
    return found


def _unread(line: str, found: Sequence[Day]) -> list[str]:
    """What is left of it without the dates, and what stands between dates."""
    edges = [0, *(edge for day in found for edge in (day.at, day.end)), len(line)]
    gaps = [line[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]
    return [bare for gap in gaps for piece in re.split("[,;]", gap) if (bare := _bare(piece))]


def _dotted(found: re.Match[str], *, month_first: bool) -> str:
    """ "24/12" and "24.12", as a day of a month is written without a year."""
    one, between, two = found.groups()
    swapped = between == "/" and (int(two) > 12 or (month_first and int(one) <= 12))
    day, month = (two, one) if swapped else (one, two)
    return f"{day}.{month}."


def _why(unread: Sequence[str], line: str) -> str:
    """What is no day of any calendar, and what is no date at all."""
    none = [each.quote.rstrip(".") for each in no_days_in(line)]
    other = [f"“{piece[:30]}”" for piece in unread if piece.rstrip(".") not in none]
    said = [f"There is no {listed(_few(none))}."] if none else []
    if other:
        said.append(f"No date could be read in {listed(_few(other))}. {_LIKE}")
    return " ".join(said)


def _few(texts: list[str]) -> list[str]:
    """Not more than a sentence holds."""
    return [*texts[:MOST_NAMED], f"{len(texts) - MOST_NAMED} more"] if len(texts) > MOST_NAMED else texts


def _bare(piece: str) -> str:
    """Without what stands before a date, or between two."""
    before = None
    while piece != before:
        before, piece = piece, piece.strip()
        if found := _BETWEEN.match(piece):
            piece = piece[found.end() :]
    return piece


def _agrees(day: Day) -> None:
    """A weekday that stands with a date is that of the date."""
    number = number_of(word) if (word := re.split(r"[\s,.]", day.quote)[0]) else None
    if number is not None and number != day.first.weekday():
        raise Unread(f"“{day.quote}”: {said(day.first)} is a {day.first:%A}.")


def written(days: Sequence[date], of_rule: Sequence[date]) -> str:
    """One a line, as it is read again; several of the rule's days in a row as the span that they were."""
    runs: list[list[date]] = []
    place = {day: number for number, day in enumerate(of_rule)}
    for day in days:
        if runs and day in place and place[day] - 1 == place.get(runs[-1][-1]):
            runs[-1].append(day)
        else:
            runs.append([day])
    return "\n".join(line for run in runs for line in _lines(run))


def _lines(run: Sequence[date]) -> list[str]:
    return [f"{said(run[0])} to {said(run[-1])}"] if len(run) >= IN_A_ROW else [*map(said, run)]
