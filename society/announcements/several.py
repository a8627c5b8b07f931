"""A text that tells of several events: what it says of the others is kept out of the one that is read."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from society.announcements.days.dates import dated_in, days_in
from society.announcements.days.hours import hours_in
from society.announcements.lines.joining import parted
from society.announcements.lines.labels import told_in
from society.announcements.lines.layout import Layout, of_lines
from society.announcements.wording import quoted_in

LEAST_WORDS = 3
"""That a line says besides its day and hour when it tells of an event."""
MOST_OTHERS = 12


@dataclass(frozen=True)
class OneOf:
    """One of several events: the text without the others, what is said of it alone, and the days of others to come."""

    layout: Layout
    alone: Layout
    others: list[date]


def one_of(layout: Layout, meant: date, today: date, *, month_first: bool) -> OneOf | None:
    """The event of that day; None where the text lists only one, or not this one.

    An event is a line that begins with its day and has an hour too, or a paragraph in which the day is labelled.
    """
    parts = list(_parts(layout.written))
    told = [_day_of(part, today, month_first=month_first) for part in parts]
    days = [day for day in dict.fromkeys(told) if day]
    if meant not in told or len(days) < 2:
        return None
    others = [day for day in days if day >= today and day != meant][:MOST_OTHERS]
    kept = [line for part, day in zip(parts, told, strict=True) if day in (None, meant) for line in part]
    alone = [_headed(line) for line in parts[told.index(meant)]]
    rest = [part for part, day in zip(parts, told, strict=True) if day not in (None, meant)]
    left = [*layout.left, *(", ".join(filter(None, parted(part)[0])) for part in rest)]
    found = of_lines(layout.subject, kept)
    found = replace(found, left=[*left, *(line for line in found.left if line not in left)])
    return OneOf(found, of_lines("", alone), others)


def _parts(lines: list[str]) -> Iterator[list[str]]:
    """Paragraphs whose day is labelled, and the single lines of all others."""
    for _blank, group in groupby(lines, key=lambda line: not line):
        paragraph = list(group)
        whole = any(line.kind == "when" for line in told_in(paragraph))
        yield from [paragraph] if whole else ([line] for line in paragraph)


def _day_of(part: list[str], today: date, *, month_first: bool) -> date | None:
    """Of which day's event it tells; None if of none by itself."""
    told = list(told_in(part))
    line = next((line for line in [*(one for one in told if one.kind == "when"), *told]), None)
    days = days_in(line.text, today, month_first=month_first) if line else []
    if not line or not days or (line.kind != "when" and not _lists(line.text, days[0].at, days[0].end)):
        return None
    return days[0].first


def _lists(text: str, at: int, end: int) -> bool:
    """Whether a line is an entry of a list of events: day, hour, and what there is."""
    hours = [h for h in hours_in(text) if h.at >= end]
    return not at and bool(hours) and len(text[hours[0].end :].split()) >= LEAST_WORDS


def _headed(line: str) -> str:
    """A line of a list from behind its hour on, as far as it names what there is."""
    spans = dated_in(line)
    if not spans or not _lists(line, *spans[0]):
        return line
    rest = line[next(h.end for h in hours_in(line) if h.at >= spans[0][1]) :].strip(" :,.–-")
    return rest if quoted_in(rest) else rest.partition(", ")[0]
