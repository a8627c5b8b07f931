"""What organizers do with the answers to an event, each act in the audit log."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import joinedload

from society.audit.actions import entry
from society.audit.models import AuditEntry
from society.db import db
from society.events.models import Event
from society.inserts import write_down_all
from society.people.models import Person
from society.rsvps import deciding, seats
from society.rsvps.forms import Decision
from society.rsvps.kept_out import is_kept_out
from society.rsvps.models import Rsvp, RsvpStatus, Transition

_NOT_TO_REMOVE = (RsvpStatus.DECLINED, RsvpStatus.CANCELLED)
_JOINS_ONLINE = and_(Rsvp.status == RsvpStatus.CONFIRMED, Rsvp.online)


class _Act(NamedTuple):
    """A decision: its name in the audit log, what is done, and to which answers that is possible."""

    name: str
    do: Callable[[Sequence[Rsvp], datetime, Person], None]
    possible: ColumnElement[bool]


_ACTS = {
    Decision.APPROVE: _Act("RSVP approved", deciding.approve, Rsvp.status == RsvpStatus.PENDING),
    Decision.DECLINE: _Act("RSVP declined", deciding.decline, Rsvp.status == RsvpStatus.PENDING),
    Decision.REMOVE: _Act("RSVP removed", deciding.remove, Rsvp.status.not_in(_NOT_TO_REMOVE)),
    Decision.SEAT: _Act("RSVP put down for a seat", deciding.give_seats, _JOINS_ONLINE),
    Decision.READMIT: _Act("RSVP readmitted", deciding.readmit, is_kept_out()),
}


@dataclass(frozen=True)
class Decided:
    """To how many answers it was done, whose were left as they had become since the list was shown, whose it came to
    nothing with, as there were no seats; and how many it put on the waiting list."""

    done: int
    left: list[str] = field(default_factory=list)
    stayed: list[str] = field(default_factory=list)
    waiting: int = 0


def decide(
    event: Event, decision: Decision, numbers: Sequence[int], *, by: Person, now: datetime, seen: datetime | None = None
) -> Decided:
    """Do that to those of an event's answers to which it applies, first come first; to none that became another since
    they were `seen`, as by a larger party: that was not what was decided."""
    seats.lock(event)
    _hold(event, numbers)
    since = _changed(event, numbers, seen) if seen else {}
    act, still = _ACTS[decision], [number for number in numbers if number not in since]
    held = _concerned(event, decision, still).with_for_update(of=Rsvp)  # the door holds answers and no event
    rsvps = db.session.scalars(held.execution_options(populate_existing=True)).all()
    before = {rsvp.id: (rsvp.status, rsvp.online) for rsvp in rsvps}
    act.do(rsvps, now, by)
    done = [rsvp for rsvp in rsvps if (rsvp.status, rsvp.online) != before[rsvp.id]]
    told = [(rsvp, {"status": before[rsvp.id][0]}, {"status": rsvp.status}) for rsvp in done]
    write_down_all([_entry(act.name, rsvp, by, now, was, became) for rsvp, was, became in told])
    stayed = [rsvp.person.name for rsvp in rsvps if rsvp not in done]
    waiting = sum(rsvp.status is RsvpStatus.WAITLISTED for rsvp in done)
    return Decided(len(done), list(since.values()), stayed, waiting)


def _hold(event: Event, numbers: Sequence[int]) -> None:
    """Have the door, which holds answers and no event, wait for these; in the order in which it holds several."""
    theirs = select(Rsvp.id).where(Rsvp.event_id == event.id, Rsvp.id.in_(numbers)).order_by(Rsvp.id)
    db.session.execute(theirs.with_for_update())


def first_of(found: Select[Rsvp], decision: Decision, most: int) -> tuple[list[int], int]:
    """Of those found so many as can be decided at once, and how many more there are: first come first, and before all
    others those that it is possible for, so that the rest comes next time."""
    possible = _possible(decision)
    rows = found.with_only_columns(Rsvp.id).order_by(None)
    numbers = db.session.scalars(
        rows.order_by(case((possible, 0), else_=1), Rsvp.answered_at, Rsvp.id).limit(most)
    ).all()
    left = db.session.scalar(select(func.count()).select_from(rows.where(possible, Rsvp.id.not_in(numbers)).subquery()))
    return list(numbers), left or 0


def _possible(decision: Decision) -> ColumnElement[bool]:
    if decision in _ACTS:
        return _ACTS[decision].possible
    there = Rsvp.checked_in_at.is_not(None)
    return and_(Rsvp.has_seat, there if decision is Decision.ABSENT else ~there)


def concerned(event: Event, decision: Decision, numbers: Sequence[int]) -> Sequence[Rsvp]:
    """Of an event's answers with these numbers, those that the decision is possible for; first come first."""
    return db.session.scalars(_concerned(event, decision, numbers)).all()


def _concerned(event: Event, decision: Decision, numbers: Sequence[int]) -> Select[Rsvp]:
    return picked(event, numbers).where(_ACTS[decision].possible).order_by(Rsvp.answered_at, Rsvp.id)


def _changed(event: Event, numbers: Sequence[int], seen: datetime) -> dict[int, str]:
    """By answer, whose of these had a step since then."""
    steps = select(Transition.id).where(Transition.rsvp_id == Rsvp.id, Transition.at > seen)
    rows = picked(event, numbers).where(steps.exists()).order_by(Rsvp.id)
    return {rsvp.id: rsvp.person.name for rsvp in db.session.scalars(rows)}


def picked(event: Event, numbers: Sequence[int]) -> Select[Rsvp]:
    """Of an event's answers those with these numbers, with their people."""
    rows = select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.id.in_(numbers))
    return rows.options(joinedload(Rsvp.person, innerjoin=True))


def note(
    act: str, rsvp: Rsvp, by: Person | None, now: datetime, *, before: dict[str, Any], after: dict[str, Any]
) -> None:
    """Put an act into the event's audit log, with whose answer it was."""
    db.session.add(_entry(act, rsvp, by, now, before, after))


def _entry(
    act: str, rsvp: Rsvp, by: Person | None, now: datetime, before: dict[str, Any], after: dict[str, Any]
) -> AuditEntry:
    whose = {"rsvp": rsvp.id, "person": rsvp.person.name}
    return entry(act, rsvp.event, by=by, now=now, before={**whose, **before}, after={**whose, **after})
