"""Occurrences of series."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from society.db import db
from society.events.models import Event
from society.events.queries import hold, loaded, others_of_its_series, still_ahead, visible_to
from society.people.models import Person
from society.rsvps.models import CONCERNED, Rsvp
from society.series.models import EventSeries
from society.times import now as this_instant


class Scope(StrEnum):
    """How far a change reaches."""

    THIS = "this"
    FOLLOWING = "following"
    ALL = "all"


LATEST = 6
SHOWN_NEXT = 4
"""Further dates that an occurrence's page names."""


def occurrences(series: EventSeries) -> Select[Event]:
    """All of them, in the order in which they take place."""
    return select(Event).where(Event.series_id == series.id).order_by(Event.starts_at, Event.series_on)


def others(event: Event, scope: Scope, now: datetime) -> Sequence[Event]:
    """The occurrences besides this one that a change reaches; what follows does so by where it was moved."""
    if scope is Scope.THIS or event.series_id is None:
        return []
    rows = others_of_its_series(event, now)
    if scope is Scope.FOLLOWING:
        rows = rows.where(_follows(event))
    return db.session.scalars(loaded(rows).order_by(Event.starts_at, Event.series_on)).all()


def _follows(event: Event) -> ColumnElement[bool]:
    """By its date; by the day of the rule where either of both is put off and has none."""
    by_rule = Event.series_on > event.series_on
    if event.postponed_at is not None:
        return by_rule
    return case((Event.postponed_at.is_(None), Event.starts_at >= event.starts_at), else_=by_rule)


def hold_with_others(event: Event, scope: Scope) -> None:
    """Hold an event until the commit, and read it anew; all of its series where more than that is reached.

    The series is taken first and then its events in one order, so that nobody waits for who waits for them.
    """
    if scope is not Scope.THIS and event.series_id is not None:
        db.session.execute(select(EventSeries.id).where(EventSeries.id == event.series_id).with_for_update())
        events = select(Event.id).where(Event.series_id == event.series_id)
        db.session.execute(events.order_by(Event.id).with_for_update())
    hold(event)


def drafts(event: Event, now: datetime) -> Select[Event]:
    """The occurrences of its series that nobody sees yet, and that are not over."""
    rows = select(Event).where(Event.series_id == event.series_id, Event.published_at.is_(None), Event.ends_at > now)
    return loaded(rows).order_by(Event.starts_at, Event.series_on)


def answers_to(events: Sequence[Event]) -> dict[int, int]:
    """By event, how many people answered and would be told of a change, in one query."""
    counts = select(Rsvp.event_id, func.count()).where(
        Rsvp.event_id.in_([event.id for event in events]), Rsvp.status.in_(CONCERNED)
    )
    rows = db.session.execute(counts.group_by(Rsvp.event_id)).all()
    found = {row[0]: row[1] for row in rows}
    return {event.id: found.get(event.id, 0) for event in events}


def series_of(event: Event) -> EventSeries | None:
    return db.session.get(EventSeries, event.series_id) if event.series_id else None


def goes_on(event: Event) -> bool:
    """Whether further ones of its series are made as time passes."""
    series = series_of(event)
    return series is not None and series.goes_on


def goes_on_with(event: Event) -> Event | None:
    """The first one after it that another rule took out of its series, be it by several changes of the rule."""
    return _first(_by_other_rules(event), Event.starts_at > event.starts_at, Event.starts_at.asc())


def beside(event: Event, now: datetime) -> dict[str, Event | None]:
    """For a page on which it is chosen how far an act reaches: from when on, and until when, other rules hold."""
    others = _by_other_rules(event)
    before = and_(Event.starts_at < event.starts_at, still_ahead(now))
    onward = _first(others, Event.starts_at > event.starts_at, Event.starts_at.asc())
    return {"onward": onward, "until_then": _first(others, before, Event.starts_at.desc())}


def _by_other_rules(event: Event) -> Sequence[int]:
    """The series that its own goes on from, or goes on with."""
    series = series_of(event)
    if series is None:
        return []
    origin = series.origin_id or series.id
    kin = or_(EventSeries.id == origin, EventSeries.origin_id == origin)
    return db.session.scalars(select(EventSeries.id).where(kin, EventSeries.id != series.id)).all()


def _first(series: Sequence[int], those: ColumnElement[bool], order: ColumnElement[Any]) -> Event | None:
    """Of what takes place, since what was called off leaves room for any rule."""
    rows = loaded(select(Event).where(Event.series_id.in_(series), Event.cancelled_at.is_(None), those))
    return db.session.scalars(rows.order_by(order, Event.id).limit(1)).first() if series else None


def moved_by(events: Iterable[Event]) -> timedelta:
    """How far most of these are from the days that they stand for: all of a series can be moved at once.

    As many that are where they were made tell that none was meant to be elsewhere.
    """
    moves = Counter(event.starts.date() - event.series_on for event in events if event.series_on)
    return max(moves, key=lambda move: (moves[move], move == timedelta()), default=timedelta())


def recurs(series: EventSeries, events: Iterable[Event]) -> str:
    """How its rule is said where these of its events stand."""
    return series.rule.spoken(series.first_on, moved_by(events))


def left_out(series: EventSeries, events: Iterable[Event], today: date) -> list[date]:
    """Its days to come on which nothing is, where these of its events stand."""
    return [day for day in series.rule.moved(moved_by(events)).without_days if day >= today]


def said_on(event: Event, next_ones: Sequence[Event]) -> str:
    """How it recurs, on the page of one that stands where the next ones do; else that it is one of several."""
    series, moved = series_of(event), event.starts.date() - (event.series_on or event.starts.date())
    alike = series is not None and moved == moved_by(next_ones)
    return recurs(series, [event]) if series and alike else "One of a series"


def coming(event: Event, person: Person | None) -> Sequence[Event]:
    """The next occurrences after this one that the reader may see."""
    rows = visible_to(person).where(Event.series_id == event.series_id, Event.id != event.id)
    rows = rows.where(Event.starts_at > max(event.starts_at, this_instant()), Event.cancelled_at.is_(None))
    return db.session.scalars(rows.order_by(Event.starts_at, Event.id).limit(SHOWN_NEXT)).all()


def days_with_one(series: EventSeries, after: date) -> set[date | None]:
    """Its days after that one for which an event stands, also one called off."""
    return {*db.session.scalars(select(Event.series_on).where(Event.series_id == series.id, Event.series_on > after))}


def running() -> Select[EventSeries]:
    """Series of which more may have to be made."""
    return select(EventSeries).where(EventSeries.ended_at.is_(None)).order_by(EventSeries.id)


def latest(series: EventSeries) -> Sequence[Event]:
    """Its last few occurrences, the latest first, also those called off."""
    rows = loaded(select(Event).where(Event.series_id == series.id)).order_by(Event.series_on.desc())
    return db.session.scalars(rows.limit(LATEST)).all()
