"""The agenda of one event for others of its series that have none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from society.agenda.planning import Plan
from society.agenda.queries import agenda
from society.db import db
from society.events.models import Event
from society.notices.models import NoticeKind
from society.notices.new_sessions import as_change
from society.notices.reach import concerned
from society.notices.telling import Word, pass_on
from society.people.models import Person
from society.phrases import languages
from society.rsvps.agenda import enter
from society.series import queries
from society.series.queries import Scope
from society.times import NoSuchTime, to_utc


@dataclass(frozen=True)
class Handing:
    """How far it reaches."""

    plans: Mapping[Event, Sequence[Plan]]
    """The sessions that each would have, by as much later as it begins later; slides are of that one day."""
    keeping: Sequence[Event]
    """That have an agenda already, and keep it."""
    gaps: Sequence[Event]
    """On whose day clocks jump over a time of it."""


def handing(event: Event, scope: Scope, now: datetime) -> Handing:
    """An agenda that is there is nobody's to replace from afar: people may have chosen from it."""
    others, sessions = queries.others(event, scope, now), [*map(Plan.of, db.session.scalars(agenda(event)))]
    plans = {other: [_on(plan, event, other) for plan in sessions] for other in others if not other.has_agenda}
    gaps = [other for other in plans if not all(_exists(plan, other.zone) for plan in plans[other])]
    fitting = {other: plans[other] for other in plans if other not in gaps}
    return Handing(fitting, [other for other in others if other.has_agenda], gaps)


def _on(plan: Plan, event: Event, other: Event) -> Plan:
    shift = other.starts - event.starts
    return replace(plan, starts=plan.starts + shift, ends=plan.ends + shift, slides_url="")


def _exists(plan: Plan, zone: str) -> bool:
    try:
        return bool(to_utc(plan.starts, zone) < to_utc(plan.ends, zone))
    except NoSuchTime:
        return False


def hand_on(
    event: Event, scope: Scope, *, by: Person, now: datetime, note: str = "", tell: bool = False
) -> Sequence[Event]:
    """Give it to them; whoever answered several is told of these in one letter, if wanted."""
    plans = handing(event, scope, now).plans
    for other, sessions in plans.items():
        enter(other, sessions, by=by, now=now)
    words = [
        Word(other, {language: [as_change(plans[other], other.zone, language)] for language in languages()})
        for other in concerned([*plans], now)
    ]
    pass_on(words, NoticeKind.CHANGE, by=by, now=now, note=note, tell=tell)
    return [*plans]
