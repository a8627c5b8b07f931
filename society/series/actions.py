"""Making the events of a series ahead of time, and changing several of them at once."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from society.agenda.actions import copy_agenda
from society.agenda.planning import Times
from society.audit.actions import record
from society.backings.entering import enter, take_along
from society.db import begin_write, db
from society.errors import Refused
from society.events.actions import duplicate
from society.events.changes import Change, changed_by
from society.events.forms import EventForm
from society.events.models import Event
from society.events.moments import MOMENTS
from society.notices.actions import alter, cancel_all, publish, revise
from society.notices.life import plan_publication
from society.notices.models import NoticeKind
from society.notices.telling import Word, pass_on
from society.people.models import Person
from society.questions.actions import ask_all
from society.series import queries
from society.series.models import EventSeries
from society.series.patterns import hand_to_further, made_like, model_of, pattern_for_all, pattern_of
from society.series.queries import Scope
from society.series.rules import AHEAD, MOST, Rule
from society.series.values import (
    Values,
    changed,
    fits,
    impossible,
    label,
    own,
    place_on,
    take_over,
    values_of,
)
from society.times import today_in

log = logging.getLogger("society")


def why_alone(event: Event, now: datetime) -> str:
    """The sentence that says why no series can begin with an event; empty where one can."""
    if event.series_id is not None:
        return "This event belongs to a series already."
    if event.template_name:
        return "A template is no event; begin one with it."
    if event.gone(now):
        return "A series begins with an event that is still to come."
    return ""


def begin(event: Event, rule: Rule, *, by: Person, now: datetime) -> EventSeries:
    """Make an event the first of a series, and the others that fall within `AHEAD`; what is published stays so."""
    if why := why_alone(event, now):
        raise Refused(why)
    first = event.starts.date()
    rule.check(first)
    series = EventSeries(title=event.title, rule_json=rule.plain(), first_on=first, made_until=first)
    series.created_at, series.created_by_id = now, by.id
    db.session.add(series)
    db.session.flush()
    event.series_id, event.series_on = series.id, first
    record("series begun", event, by=by, now=now, after={"rule": series.spoken})
    make(series, event, made_like(event), planned(event, rule), by, now)
    return series


def planned(event: Event, rule: Rule) -> list[date]:
    """The days on which others are made now, the first one left out."""
    days = rule.ahead(event.starts.date())
    if not rule.ends:
        return days[:MOST]  # the others are made as time passes
    if len(days) > MOST:
        raise Refused(f"These are more than {MOST} events within a year; please let the series end earlier.")
    return days


def skipped(wanted: Values, days: Sequence[date]) -> list[date]:
    """The days on which clocks jump over the event's time or over one told from it, so that it cannot be then."""
    return [day for day in days if not fits(wanted, day)]


def make(
    series: EventSeries, model: Event, wanted: Values, days: Sequence[date], by: Person | None, now: datetime
) -> list[Event]:
    """Its events on these days, like the model but with these values; a day on which clocks jump over them has none."""
    made = []
    for day in days:
        series.made_until = max(series.made_until, day)
        if fits(wanted, day):
            made.append(_occurrence(series, model, day, wanted, by, now))
    return made


def _occurrence(
    series: EventSeries, model: Event, day: date, wanted: Values, by: Person | None, now: datetime
) -> Event:
    """One more event like the model, on another day of the rule; its answers and its address are its own.

    A draft that is to be published at a time goes out with the others like it, all at that time.
    """
    made = duplicate(model, by, now)
    made.series_id, made.series_on = series.id, day
    place_on(made, day, wanted)
    take_over(made, {*MOMENTS}, wanted, by, now)
    db.session.flush()
    ask_all(made, wanted["questions"])
    copy_agenda(model, made, now)
    take_along(model, made, by, now)
    take_over(made, changed(values_of(made), wanted), wanted, by, now)
    if model.published_at is not None:
        publish(made, by=by, now=now)
    elif model.publish_at is not None:
        plan_publication(made, model.publish_at, by=by, now=now)
    return made


def make_more(now: datetime) -> None:
    """Keep the series that go on made ahead, each in a transaction of its own: it can be ended at any instant."""
    for number in [series.id for series in db.session.scalars(queries.running()) if _due(series, now)]:
        begin_write()
        series = db.session.get_one(EventSeries, number, with_for_update=True)
        try:
            if series.ended_at is None:
                _extend(series, now)
            db.session.commit()
        except Refused as refusal:  # one that cannot go on stops no other
            db.session.rollback()
            log.warning("series %s: %s", number, refusal)


def _due(series: EventSeries, now: datetime) -> bool:
    return series.made_until < today_in("UTC", now) + AHEAD and bool(_missing(series, now))


def _missing(series: EventSeries, now: datetime) -> list[date]:
    """The next days on which there is none: a changed rule may have kept some that stand further ahead."""
    after, until = max(series.made_until, today_in("UTC", now)), today_in("UTC", now) + AHEAD
    days = [day for day in series.rule.days(series.first_on, up_to=until) if day > after]
    there = queries.days_with_one(series, after) if days else set()
    return [day for day in days if day not in there][:MOST]


def _extend(series: EventSeries, now: datetime) -> None:
    model = model_of(series)
    if model is not None:
        by = series.created_by or model.organizer  # None where a file was read in by nobody who is known here
        make(series, model, pattern_of(series, model), _missing(series, now), by, now)


@dataclass(frozen=True)
class Reached:
    """One occurrence that a change reaches: what becomes of it, and what it keeps."""

    event: Event
    changes: list[Change]
    keeps: list[str]
    was: Times


def revise_several(
    event: Event, form: EventForm, scope: Scope, *, by: Person, now: datetime, note: str = "", tell: bool = True
) -> tuple[list[Change], list[Reached]]:
    """Change an event, and hand on what that changes to the others in the scope.

    An occurrence that was given a value of its own by hand keeps it, and so does one on whose day clocks jump over a
    time that it would be given. Whoever answered several is told of these in one letter.
    """
    was, others, pattern = values_of(event), queries.others(event, scope, now), pattern_for_all(event, scope)
    words: list[Word] = []
    changes = revise(event, form, by=by, now=now, words=words)
    reached = hand_on(event, was, others, partial(alter, by=by, now=now, words=words), by=by, now=now)
    if pattern is not None:
        hand_to_further(event, was, others, pattern)
    pass_on(words, NoticeKind.CHANGE, by=by, now=now, note=note, tell=tell)
    return changes, reached


def try_several(
    event: Event, form: EventForm, scope: Scope, *, by: Person, now: datetime
) -> tuple[list[Change], list[Reached]]:
    """What `revise_several` would do: nothing of what follows from it is done, and the caller takes it back."""
    was, others = values_of(event), queries.others(event, scope, now)
    with db.session.no_autoflush:
        changes = changed_by(event, lambda: enter(event, form, by, now))
        return changes, hand_on(event, was, others, changed_by, by=by, now=now)


def hand_on(
    event: Event,
    was: Values,
    others: Sequence[Event],
    do: Callable[[Event, Callable[[], None]], list[Change]],
    *,
    by: Person,
    now: datetime,
) -> list[Reached]:
    """Have others of its series `do` what gives them what an event has otherwise than it was."""
    wanted = values_of(event)
    names = changed(was, wanted)
    reached = []
    for other in others:
        kept = own(was, names, other, wanted)
        kept |= impossible(other, names - kept, wanted)
        act = partial(take_over, other, names - kept, wanted, by, now)
        times = Times.of(other)
        reached.append(Reached(other, do(other, act), sorted(map(label, kept)), times))
    return reached


def to_call_off(event: Event, scope: Scope, now: datetime) -> list[Event]:
    """What calling off that much of its series calls off."""
    reached = [event, *queries.others(event, scope, now)]
    return [each for each in reached if each.cancelled_at is None and not each.begun(now)]


def cancel_several(event: Event, scope: Scope, *, by: Person, now: datetime, note: str = "", tell: bool = True) -> int:
    """Call off an event and the others in the scope, and make no more of the series; how many were called off."""
    series, called_off = queries.series_of(event), to_call_off(event, scope, now)
    call_off(called_off, by=by, now=now, note=note, tell=tell)
    if series is not None and scope is not Scope.THIS:
        series.ended_at = now
        record("series ended", event, by=by, now=now, after={"called off": len(called_off)})
    return len(called_off)


def call_off(events: Sequence[Event], *, by: Person, now: datetime, note: str, tell: bool) -> None:
    """Cancel what is announced, and delete what is a draft; who gave their word for any of it is told."""
    drafts = [each for each in events if each.published_at is None]
    announced = [each for each in events if each.published_at is not None]
    cancel_all(announced, by=by, now=now, note=note, tell=tell, deleted=drafts)
    for each in drafts:
        db.session.delete(each)


def end(event: Event, *, by: Person, now: datetime) -> None:
    """Make no more of the series; what is made stays."""
    series = queries.series_of(event)
    if series is not None and series.ended_at is None:
        series.ended_at = now
        record("series ended", event, by=by, now=now)
