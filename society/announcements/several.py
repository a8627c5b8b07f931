"""A text that tells of several events: what it says of the others is kept out of the one that is read."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from society.announcements.dates import days_in
from society.announcements.hours import hours_in
from society.announcements.layout import Layout, Line
from society.announcements.titles import quoted_in

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
    parts = list(_parts(layout))
    told = [_day_of(part, today, month_first=month_first) for part in parts]
    days = [day for day in dict.fromkeys(told) if day]
    if meant not in told or len(days) < 2:
        return None
    others = [day for day in days if day >= today and day != meant][:MOST_OTHERS]
    kept = [line for part, day in zip(parts, told, strict=True) if day in (None, meant) for line in part]
    alone = [_headed(line) for line in parts[told.index(meant)]]
    return OneOf(_of(layout, kept), _of(replace(layout, subject=""), alone), others)


def _of(layout: Layout, lines: list[Line]) -> Layout:
    return replace(layout, lines=lines, prose="\n".join(line.text for line in lines if not line.kind).strip("\n"))


def _headed(line: Line) -> Line:
    """A line of a list from behind its hour on, as far as it names what there is."""
    spans = [(day.at, day.end) for day in days_in(line.text, date(2000, 1, 1), month_first=False)]
    if line.kind or not spans or not _lists(line.text, *spans[0]):
        return line
    rest = line.text[next(h.end for h in hours_in(line.text) if h.at >= spans[0][1]) :].strip(" :,.–-")
    return Line(rest if quoted_in(rest) else rest.partition(", ")[0], whole=line.whole)


def _parts(layout: Layout) -> Iterator[list[Line]]:
    """Paragraphs whose day is labelled, and the single lines of all others."""
    for _blank, group in groupby(layout.lines, key=lambda line: not line.whole):
        lines = list(group)
        yield from [lines] if any(line.kind == "when" for line in lines) else ([line] for line in lines)


def _day_of(part: list[Line], today: date, *, month_first: bool) -> date | None:
    """Of which day's event it tells; None if of none by itself."""
    (line, *_) = [line for line in part if line.kind == "when"] or part
    days = days_in(line.text, today, month_first=month_first)
    if not days or (not line.kind and not _lists(line.text, days[0].at, days[0].end)):
        return None
    return days[0].first


def _lists(text: str, at: int, end: int) -> bool:
    """Whether a line is an entry of a list of events: day, hour, and what there is."""
    hours = [h for h in hours_in(text) if h.at >= end]
    return not at and bool(hours) and len(text[hours[0].end :].split()) >= LEAST_WORDS
