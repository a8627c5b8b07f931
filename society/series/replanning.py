"""Changing the rule of a series from one of its events on."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, select

from society.audit.actions import record
from society.db import db
from society.errors import Refused
from society.events.models import Event
from society.events.queries import loaded
from society.events.render import spoken_time
from society.people.models import Person
from society.series import queries
from society.series.actions import call_off, make
from society.series.models import EventSeries
from society.series.patterns import choose, chosen, made_like, model_of, pattern_of, still_chosen
from society.series.rules import AHEAD, MOST, Rule, another_from
from society.series.values import Values, changed
from society.times import today_in


@dataclass(frozen=True)
class Replanned:
    """What another rule does to the events that follow."""

    first: date
    """The day of the rule that the event itself stands for."""
    kept: Sequence[tuple[Event, date]]
    """With their days under the new rule; also those called off before, which leave no room for another."""
    aside: Sequence[tuple[Event, date]]
    """Those called off before, on no day of the new rule: they go along, so that no later rule has them anew."""
    off: Sequence[Event]
    """To be called off, or deleted where they are drafts."""
    days: Sequence[date]
    """On which others are made."""
    like: Event
    wanted: Values
    """What these are made like: of an event, but for what was chosen for all."""
    made_until: date
    """Up to here none is missing then."""

    @property
    def made_as(self) -> str:
        """ "8:00 pm to 9:30 pm, Room 1": when and where those that are made are, which the event itself may not be."""
        ahead, length, _, all_day = self.wanted["clock"]
        starts = datetime.combine(self.first, time()) + ahead
        hours = "all day" if all_day else f"{spoken_time(starts)} to {spoken_time(starts + length)}"
        venue = self.wanted["venue"]
        return ", ".join(filter(None, [hours, self.wanted["room"], venue.name if venue else ""]))


def replanned(event: Event, rule: Rule, now: datetime) -> Replanned:
    """Events on days of the new rule stay as they are, wherever they were moved by hand.

    The days that they stand for are those of the old rule, moved as most of them were; one that was not among these is
    on a day of the new rule where it was moved to one by hand. The rule counts from the event's own day, and nothing
    changes that lies before it by that or by the date that it was moved to.
    """
    if event.series_id is None or event.cancelled_at is not None or event.starts_at <= now:
        raise Refused("The rule can be changed from an event of the series on that is still to come.")
    following = db.session.scalars(loaded(_following(event))).all()
    shift = _shift(event, following)
    first = _day(event) + shift
    rule.check(first)
    onward = queries.goes_on_with(event)
    if onward is not None and rule.reaches(first, onward.starts.date()):
        raise Refused(another_from(onward.starts.date()))
    by_day = {each.series_on + shift: each for each in following if each.series_on}
    kept = _on({*rule.days(first, up_to=_furthest(first, by_day))}, by_day)
    stay = {each.id for each in kept.values()}
    left = [(each, day) for day, each in by_day.items() if each.id not in stay]
    days = rule.ahead(first) if rule.ends else rule.days(first, up_to=_far(event, now) + shift)
    ahead = [day for day in days if day > event.starts.date()]
    missing = [day for day in ahead if day not in kept]
    like = _like(event)
    days = missing if rule.ends else missing[:MOST]  # the others are made as time passes
    return Replanned(
        first=first,
        kept=[(each, day) for day, each in sorted(kept.items())],
        aside=[(each, day) for each, day in left if each.cancelled_at is not None],
        off=[each for each, _ in left if each.cancelled_at is None],
        days=days,
        like=like,
        wanted=_wanted(event, like),
        made_until=max([first, event.starts.date(), *(ahead if len(days) == len(missing) else days)]),
    )


def _like(event: Event) -> Event:
    """What its series has in common: the event itself may differ by hand."""
    series = queries.series_of(event)
    return (model_of(series) if series else None) or event


def _wanted(event: Event, like: Event) -> Values:
    """The same, on the very days of the rule."""
    series = queries.series_of(event)
    wanted = pattern_of(series, like) if series else made_like(like)
    ahead, *others = wanted["clock"]
    return wanted | {"clock": (ahead % timedelta(days=1), *others)}


def _far(event: Event, now: datetime) -> date:
    """Up to where one that goes on is made by its old rule: another makes it no further."""
    series, usual = queries.series_of(event), today_in("UTC", now) + AHEAD
    return max(series.made_until, usual) if series else usual


def _furthest(first: date, by_day: Mapping[date, Event]) -> date:
    """Up to where events may stand on days of a rule: as far as they are made, or were moved by hand."""
    return max([first + AHEAD, *by_day, *(each.starts.date() for each in by_day.values())])


def _on(days: Set[date], by_day: Mapping[date, Event]) -> dict[date, Event]:
    """By the days of a rule, the events that stand for them; one moved by hand stands for a day that the rule adds."""
    kept: dict[date, Event] = {}
    for day, each in sorted(by_day.items(), key=lambda one: one[0] in days):  # first those that have no other day
        if each.starts.date() in days - by_day.keys() and (day not in days or _takes_place(each)):
            kept.setdefault(each.starts.date(), each)
    away = {each.id for each in kept.values()}
    kept |= {day: each for day, each in by_day.items() if day in days and each.id not in away}
    for day, each in by_day.items():
        if day not in days and each.starts.date() in days:
            kept.setdefault(each.starts.date(), each)
    return kept


def _takes_place(event: Event) -> bool:
    """On the date that it has: what was called off or put off stands for its day wherever that was."""
    return event.cancelled_at is None and event.postponed_at is None


def _following(event: Event) -> Select[Event]:
    """Those that come after it both by the rule and by their dates, so that none moved across it is called off."""
    rows = select(Event).where(Event.series_id == event.series_id)
    rows = rows.where(Event.series_on > event.series_on, Event.starts_at > event.starts_at)
    return rows.order_by(Event.starts_at)


def own_day(event: Event) -> date:
    """The day of the rule that an occurrence stands for, wherever it was moved by itself."""
    return _day(event) + _shift(event, db.session.scalars(_following(event)).all())


def _day(event: Event) -> date:
    return event.series_on or event.starts.date()


def _shift(event: Event, following: Sequence[Event]) -> timedelta:
    """How far it and those that follow stand from the days of the rule; the last one as was chosen for all to come,
    else as the latest do."""
    series = queries.series_of(event)
    if following or series is None:
        return queries.moved_by([event, *following])
    clock = chosen(series, _day(event)).get("clock")
    return timedelta(clock[0].days) if clock else queries.moved_by(queries.latest(series))


def change_rule(
    event: Event, rule: Rule, *, by: Person, now: datetime, note: str = "", tell: bool = True
) -> tuple[EventSeries, Replanned]:
    """From this event on, another rule holds: the old series ends before it, and a new one goes on."""
    plan, old = replanned(event, rule, now), queries.series_of(event)
    standing = still_chosen(old) if old else {}
    if rule.ends and len(plan.days) > MOST:
        raise Refused(f"These are more than {MOST} events within a year; please let the series end earlier.")
    series = EventSeries(title=event.title, rule_json=rule.plain(), first_on=plan.first, made_until=plan.made_until)
    series.created_at, series.created_by_id = now, by.id
    db.session.add(series)
    db.session.flush()
    if old is not None:
        old.ended_at, series.origin_id = now, old.origin_id or old.id
        before = {"rule": old.spoken}
        record("series changed", event, by=by, now=now, before=before, after={"rule": series.spoken})
    for each, day in [(event, plan.first), *plan.kept, *plan.aside]:
        each.series_id, each.series_on = series.id, day
    make(series, plan.like, plan.wanted, plan.days, by, now)  # while what they are like is there: drafts are deleted
    call_off(plan.off, by=by, now=now, note=note, tell=tell)
    choose(series, {name: plan.wanted[name] for name in changed(made_like(event), plan.wanted) | standing.keys()})
    return series, plan
