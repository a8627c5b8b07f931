"""Changing the rule of a series from one of its events on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from society.audit.actions import record
from society.db import db
from society.errors import Refused
from society.events.models import Event
from society.events.queries import loaded
from society.people.models import Person
from society.series import queries
from society.series.actions import call_off, make, planned
from society.series.models import EventSeries
from society.series.rules import Rule


@dataclass(frozen=True)
class Replanned:
    """What another rule does to the events that follow."""

    kept: Sequence[tuple[Event, date]]
    """With their days under the new rule; also those called off before, which leave no room for another."""
    off: Sequence[Event]
    """To be called off, or deleted where they are drafts."""
    days: Sequence[date]
    """On which others are made."""


def replanned(event: Event, rule: Rule, now: datetime) -> Replanned:
    """Events on days of the new rule stay as they are, wherever they were moved by hand.

    The days that they stand for are those of the old rule, moved as most of them were; one that was not among these is
    on a day of the new rule where it was moved to one by hand.
    """
    if event.series_id is None or event.cancelled_at is not None or event.starts_at <= now:
        raise Refused("The rule can be changed from an event of the series on that is still to come.")
    rule.check(event.starts.date())
    days, following = planned(event, rule), _following(event, now)
    kept = _on(days, following)
    stay = {each.id for each in kept.values()}
    return Replanned(
        kept=[(each, day) for day, each in sorted(kept.items())],
        off=[each for each in following if each.id not in stay and each.cancelled_at is None],
        days=[day for day in days if day not in kept],
    )


def _on(days: Sequence[date], following: Sequence[Event]) -> dict[date, Event]:
    """By the days of a rule, the events that stand for them."""
    shift = queries.moved_by(following)
    found = {each.series_on + shift: each for each in following if each.series_on}
    kept = {day: each for day, each in found.items() if day in days}
    for day, each in found.items():
        if day not in kept and each.starts.date() in days:
            kept.setdefault(each.starts.date(), each)
    return kept


def _following(event: Event, now: datetime) -> Sequence[Event]:
    rows = select(Event).where(Event.series_id == event.series_id, Event.series_on > event.series_on)
    return db.session.scalars(loaded(rows.where(Event.starts_at > now)).order_by(Event.series_on)).all()


def change_rule(
    event: Event, rule: Rule, *, by: Person, now: datetime, note: str = "", tell: bool = True
) -> tuple[EventSeries, Replanned]:
    """From this event on, another rule holds: the old series ends before it, and a new one goes on."""
    plan, old = replanned(event, rule, now), queries.series_of(event)
    first = event.starts.date()
    series = EventSeries(title=event.title, rule_json=rule.plain(), first_on=first, made_until=first)
    series.created_at, series.created_by_id = now, by.id
    db.session.add(series)
    db.session.flush()
    if old is not None:
        old.ended_at = old.ended_at or now
        before = {"rule": old.spoken}
        record("series changed", event, by=by, now=now, before=before, after={"rule": series.spoken})
    for each, day in [(event, first), *plan.kept]:
        each.series_id, each.series_on = series.id, day
        series.made_until = max(series.made_until, day)
    call_off(plan.off, by=by, now=now, note=note, tell=tell)
    make(series, event, plan.days, by, now)
    return series, plan
