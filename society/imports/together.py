"""Occurrences of what recurs as a series here: they are made one, join the one that they have, and it follows the
file's rule when that changes."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select

from society.audit.actions import record
from society.db import db
from society.events.models import Event
from society.imports.onward import A_DAY, Onward
from society.imports.plain import Read
from society.imports.recurring import AHEAD, MOST_DAYS
from society.people.models import Person
from society.series.models import EventSeries
from society.series.rules import FURTHEST, Rule


def keep_together(
    onward: Onward, reads: Sequence[Read], known: int | None, *, by: Person | None, now: datetime
) -> tuple[int, set[date]] | None:
    """New occurrences join the series that those before them are in, unless it was ended; the first ones become one if
    their rule can be said here. The number of that series, and which of its days they are."""
    days, rule = {read.starts.date() for read in reads}, onward.rule
    if rule is None or len(days) != len(reads) or (known is None and len(reads) < 2):
        return None
    series = db.session.get(EventSeries, known) if known else _begun(rule, reads[0].title, min(days), by, now)
    if series is None or series.ended_at is not None:
        return None
    series.made_until = max(series.made_until, _made_until(onward, max(days)))
    db.session.flush()
    taken = set(db.session.scalars(select(Event.series_on).where(Event.series_id == series.id))) if known else set()
    planned = days.intersection(series.rule.days(series.first_on, up_to=max(days)))
    return series.id, planned - taken  # a day stands for one event, as one that was told as gone may be


def _made_until(onward: Onward, last: date) -> date:
    """Up to when the file has told its days: to the `last` that is an event, or if it goes on and was read in whole, as
    far ahead as files are read."""
    ends = onward.rule and onward.rule.until
    return last if onward.cut or (ends and ends <= onward.up_to) else max(last, onward.up_to)


def _begun(rule: Rule, title: str, first: date, by: Person | None, now: datetime) -> EventSeries:
    series = EventSeries(title=title, rule_json=rule.plain(), first_on=first, made_until=first)
    series.created_at, series.created_by_id = now, by.id if by else None
    db.session.add(series)
    return series


def follow(number: int, onward: Onward, days: Mapping[Event, date], *, by: Person | None, now: datetime) -> None:
    """Let a series go on by the rule that the file has now. `days` are those of the rule that its events stand for.

    One whose rule cannot be said here any more makes no more of them, since these would be on wrong days.
    """
    series, first, last = db.session.get_one(EventSeries, number), min(days.values()), max(days.values())
    rule = onward.rule
    if series.ended_at is not None or (
        rule and _days(series, first, last) == (rule.days(first, up_to=last), rule.until)
    ):
        return
    event, before = next(iter(days)), {"rule": series.spoken}
    if rule is None:
        series.ended_at = now
        record("series ended", event, by=by, now=now)
        return
    series.rule_json, series.first_on = rule.plain(), first
    series.made_until = _made_until(onward, last)
    record("series changed", event, by=by, now=now, before=before, after={"rule": series.spoken})
    _place(series, days)


def ends_with_what_was_read(number: int, onward: Onward, days: Mapping[Event, date]) -> bool:
    """Whether a series has for its end the last day that was read when it was made, though its rule goes on: version
    0.1.0 gave it that. An end that somebody has set here is hardly ever just that day."""
    series, rule = db.session.get_one(EventSeries, number), onward.rule
    ends = series.rule.until
    if rule is None or ends != max(days.values()) or (rule.until and rule.until <= ends):
        return False
    read_to = series.created_at.date() + AHEAD - A_DAY  # by the society's clock it may have been the day before
    further = rule.days(ends, up_to=ends + FURTHEST)[1:2]  # rather than through all the years
    return len(days) == MOST_DAYS or bool(further and further[0] >= read_to)


def _days(series: EventSeries, first: date, last: date) -> tuple[list[date], date | None]:
    return [day for day in series.rule.days(series.first_on, up_to=last) if day >= first], series.rule.until


def _place(series: EventSeries, days: Mapping[Event, date]) -> None:
    """Each day stands for one event; all are taken away first, since one may get another's."""
    taken = set(days.values())
    for event in db.session.scalars(select(Event).where(Event.series_id == series.id)):
        if event in days:
            event.series_on = None
        elif event.series_on in taken:
            event.series_id = event.series_on = None
    db.session.flush()
    for event, day in days.items():
        if event.series_id == series.id:
            event.series_on = day
    db.session.flush()
