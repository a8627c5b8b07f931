"""What is going to happen to memberships by itself: who is reminded to renew on which day, and whose lapses when.

There is one rule, `_planned`. The secretary's page and the post office read the same, so that the page never lies. It
neither looks at the clock nor writes: days and the society's reminders come in, a statement comes out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import (
    CompoundSelect,
    Date,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, aliased
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement

from society.db import db
from society.dues.models import ON_LAPSE, StoppedReminder
from society.mail.models import DeadAddress, Letter
from society.membership.models import Membership, Status
from society.people.models import Person

LAPSE: None = None
"""What happens besides reminders, which are told by their number of days before the end of a period."""
Event = int | None
FARTHEST = 400
"""The most days that a reminder can be away from the end of a period."""
AHEAD = timedelta(days=60)
"""How far the pages look ahead."""
LATEST = timedelta(days=30)
"""What is so long overdue is not written any more: nobody wants it by then, and a register that has just been
imported would write to everyone who left years ago."""


class By(StrEnum):
    """How somebody is told."""

    MAIL = "mail"
    POST = "post"
    """By hand: there is no address to mail to, or it was refused."""
    NOBODY = "nobody"
    """Who covers them is told, or nobody is left to tell."""
    STOPPED = "stopped"
    """Somebody keeps the letter back; what it would tell of happens all the same."""


@dataclass(frozen=True)
class Planned:
    """What happens on a day, and to how many."""

    day: date
    event: Event
    """How many days before the end a reminder is; None: the memberships lapse."""
    by: dict[By, int]

    @property
    def total(self) -> int:
        return sum(self.by.values())


def reminders(words: str) -> tuple[int, ...]:
    """On how many days before the end the society reminds, the earliest first; what is no such number is left out."""
    numbers = {int(word) for word in re.split(r"[\s,;]+", words) if re.fullmatch(r"[+-]?[0-9]{1,4}", word)}
    return tuple(sorted((number for number in numbers if abs(number) <= FARTHEST), reverse=True))


def reason(period: Membership, days: int) -> str:
    """Why a reminder is written: once for a person, period and reminder."""
    return f"renewal:{period.id}:{days}"


def day_of(period: Membership, event: Event) -> date | None:
    """When it happens; None: the period has no end."""
    if event is LAPSE:
        return period.good_until + timedelta(days=1) if period.good_until else None
    return period.ends_on - timedelta(days=event) if period.ends_on else None


def stored_as(event: Event) -> int:
    """Its number among what was stopped."""
    return ON_LAPSE if event is LAPSE else event


def between(since: date, until: date, days: Sequence[int]) -> CompoundSelect[*tuple[object, ...]]:
    """All that is going to happen on these days, as (day, event, membership_id, by)."""
    return union_all(*(_planned(event, since, until) for event in (*days, LAPSE)))


def due(on: date, days: Sequence[int]) -> CompoundSelect[*tuple[object, ...]]:
    """What is to be done by that day and has not been, likewise; of several reminders to a person the latest only."""
    return union_all(*(_planned(event, *_window(event, on, days)) for event in (*days, LAPSE)))


def of(event: Event, day: date) -> Select[*tuple[object, ...]]:
    """One kind of thing that happens on one day."""
    return _planned(event, day, day)


def overdue(event: Event, on: date, days: Sequence[int]) -> Select[*tuple[object, ...]]:
    """One kind of what is `due`."""
    return _planned(event, *_window(event, on, days))


def stopped(on: date, days: Sequence[int]) -> Select[Membership, Event, date]:
    """Letters that were stopped and would be written else, now or soon, with the period and the day of each."""
    plans = [_planned(event, _window(event, on, days)[0], on + AHEAD, stopped=True) for event in (*days, LAPSE)]
    rows = union_all(*plans).subquery()
    found = select(Membership, rows.c.event, rows.c.day).join(rows, rows.c.membership_id == Membership.id)
    return found.join(Membership.person).order_by(rows.c.day, Person.name, Membership.id)


def _window(event: Event, on: date, days: Sequence[int]) -> tuple[date, date]:
    if event is LAPSE:
        return date.min, on
    later = [event - other for other in days if other < event]  # days until the next reminder takes this one's place
    return on - min([LATEST, *(timedelta(days=gap - 1) for gap in later)]), on


def soon(on: date, days: Sequence[int]) -> list[Planned]:
    """What is due and what is to come, as far as the pages look ahead."""
    return summed(due(on, days)) + summed(coming(on, days))


def coming(on: date, days: Sequence[int]) -> CompoundSelect[*tuple[object, ...]]:
    """What happens after that day, as far as the pages look ahead."""
    return between(on + timedelta(days=1), on + AHEAD, days)


def summed(plan: CompoundSelect[*tuple[object, ...]]) -> list[Planned]:
    """How many there are of each kind on each day, in one query; reminders before what they warn of."""
    rows = plan.subquery()
    kinds = select(rows.c.day, rows.c.event, rows.c.by, func.count()).group_by(rows.c.day, rows.c.event, rows.c.by)
    found: dict[tuple[date, Event], dict[By, int]] = {}
    for day, event, by, number in db.session.execute(kinds):
        found.setdefault((day, event), dict.fromkeys(By, 0))[By(by)] = number
    order = sorted(found, key=lambda key: (key[0], key[1] is LAPSE, -(key[1] or 0)))
    return [Planned(day, event, found[day, event]) for day, event in order]


def named(plan: Select[*tuple[object, ...]]) -> Select[*tuple[Membership, str]]:
    """The periods of a plan and how their people are told, by name."""
    rows = plan.subquery()
    periods = select(Membership, rows.c.by).join(rows, rows.c.membership_id == Membership.id).join(Membership.person)
    return periods.order_by(Person.name, Membership.id)


def _planned(event: Event, since: date, until: date, *, stopped: bool = False) -> Select[*tuple[object, ...]]:
    """The rule. Whoever is a member for life, has renewed, has resigned or changed to another tier is not in it.

    Nor is a reminder that was stopped; or, if asked for, those alone. Memberships lapse also if their letter was.
    """
    kind = literal(event) if event is not None else cast(null(), Membership.id.type)
    day: ColumnElement[date]
    if event is LAPSE:
        day = _DaysBefore(Membership.good_until, -1)
        holds = and_(_within(Membership.good_until, since, until, -1), ~_followed_by(None))
        holds = and_(holds, _is_stopped(LAPSE)) if stopped else holds
    else:
        day = _DaysBefore(Membership.ends_on, event)
        in_time = and_(_within(Membership.ends_on, since, until, event), Membership.starts_on <= day)
        to_tell = and_(Membership.covered_by_id.is_(None), Person.erased_at.is_(None), ~_is_written(event))
        to_tell = and_(to_tell, _is_stopped(event) if stopped else ~_is_stopped(event))
        holds = and_(in_time, to_tell, ~_followed_by(Status.LAPSED))
    rows = select(day.label("day"), kind.label("event"), Membership.id.label("membership_id"), _by(event).label("by"))
    return rows.join(Membership.person).where(Membership.status == Status.ACTIVE, holds, ~_goes_on(), ~_has_resigned())


def _within(column: InstrumentedAttribute[date | None], since: date, until: date, before: int) -> ColumnElement[bool]:
    """Whether `before` days before that day is one of these."""
    last = column <= until + timedelta(days=before)
    if since == date.min:
        return and_(Membership.ends_on <= until, last)  # the days of grace come after it, and it has the index
    return and_(column >= since + timedelta(days=before), last)


_Next, _Other, _Ended, _Left = (aliased(Membership) for _ in range(4))


def _followed_by(harmless: Status | None) -> ColumnElement[bool]:
    """Whether a row takes this one's place, unless it is of that status."""
    rows = exists().where(_Next.replaces_id == Membership.id)
    return rows.where(_Next.status != harmless) if harmless else rows


def _goes_on() -> ColumnElement[bool]:
    """Whether another period of theirs lasts longer than this one, and is not taken back before it is over."""
    longer = or_(_Other.ends_on.is_(None), _Other.ends_on > Membership.ends_on)
    by_then = or_(_Ended.starts_on <= Membership.ends_on, _Ended.starts_on <= _Other.starts_on)
    taken_back = exists().where(_Ended.replaces_id == _Other.id, by_then).correlate(_Other, Membership)
    own = and_(_Other.person_id == Membership.person_id, _Other.id != Membership.id)
    return exists().where(own, _Other.status == Status.ACTIVE, longer, ~taken_back)


def _has_resigned() -> ColumnElement[bool]:
    """Whether they have left since this period began, be it from a later one; who was restored has one that goes on."""
    own = and_(_Left.person_id == Membership.person_id, _Left.status == Status.RESIGNED)
    return exists().where(own, _Left.starts_on > Membership.starts_on)


def _by(event: Event) -> ColumnElement[str]:
    refused = exists().where(DeadAddress.address == Person.email)
    return case(
        (or_(Membership.covered_by_id.is_not(None), Person.erased_at.is_not(None)), By.NOBODY.value),
        *([(_is_stopped(event), By.STOPPED.value)] if event is LAPSE else ()),
        (or_(Person.email.is_(None), refused), By.POST.value),
        else_=By.MAIL.value,
    )


def _is_written(days: int) -> ColumnElement[bool]:
    why = literal("renewal:") + cast(Membership.id, String) + literal(f":{days}")
    return exists().where(Letter.person_id == Membership.person_id, Letter.reason == why)


def _is_stopped(event: Event) -> ColumnElement[bool]:
    return exists().where(StoppedReminder.membership_id == Membership.id, StoppedReminder.days == stored_as(event))


class _DaysBefore(FunctionElement[date]):
    """A day so many days before another one; each database has a word of its own for it."""

    inherit_cache = True
    type = Date()

    def __init__(self, day: InstrumentedAttribute[date | None], days: int) -> None:
        super().__init__(day, type_coerce(literal(days), Membership.id.type))


@compiles(_DaysBefore)
def _subtracted(element: _DaysBefore, compiler: SQLCompiler, **kw: object) -> str:
    day, days = (compiler.process(part, **kw) for part in element.clauses)
    return f"({day} - CAST({days} AS INTEGER))"


@compiles(_DaysBefore, "sqlite")
def _moved(element: _DaysBefore, compiler: SQLCompiler, **kw: object) -> str:
    day, days = (compiler.process(part, **kw) for part in element.clauses)
    return f"date({day}, (-{days}) || ' days')"
