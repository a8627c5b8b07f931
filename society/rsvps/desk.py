"""What organizers do with the answers to an event, each act in the audit log."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from society.audit.actions import record
from society.db import db
from society.events.models import Event
from society.people.models import Person
from society.rsvps import actions, seats
from society.rsvps.forms import Decision
from society.rsvps.kept_out import is_kept_out
from society.rsvps.models import Rsvp, RsvpStatus, Transition

_DONE = {
    Decision.APPROVE: "RSVP approved",
    Decision.DECLINE: "RSVP declined",
    Decision.REMOVE: "RSVP removed",
    Decision.READMIT: "RSVP readmitted",
}
_NOT_TO_REMOVE = (RsvpStatus.DECLINED, RsvpStatus.CANCELLED)


@dataclass(frozen=True)
class Decided:
    """To how many answers it was done, and whose were left as they had become since the list was shown."""

    done: int
    left: list[str] = field(default_factory=list)


def decide(
    event: Event, decision: Decision, numbers: Sequence[int], *, by: Person, now: datetime, seen: datetime | None = None
) -> Decided:
    """Do that to those of an event's answers to which it applies, first come first; to none that became another since
    they were `seen`, as by a larger party: that was not what was decided."""
    seats.lock(event)
    since = _changed(event, numbers, seen) if seen else {}
    chosen = picked(event, [number for number in numbers if number not in since])
    chosen = chosen.order_by(Rsvp.answered_at, Rsvp.id)
    if decision is Decision.REMOVE:
        chosen = chosen.where(Rsvp.status.not_in(_NOT_TO_REMOVE))
    elif decision is Decision.READMIT:
        chosen = chosen.where(is_kept_out())
    else:
        chosen = chosen.where(Rsvp.status == RsvpStatus.PENDING)
    rsvps = db.session.scalars(chosen).all()
    for rsvp in rsvps:
        before = rsvp.status
        _decide_one(rsvp, decision, by, now)
        note(_DONE[decision], rsvp, by, now, before={"status": before}, after={"status": rsvp.status})
    return Decided(len(rsvps), list(since.values()))


def _changed(event: Event, numbers: Sequence[int], seen: datetime) -> dict[int, str]:
    """By answer, whose of these had a step since then."""
    steps = select(Transition.id).where(Transition.rsvp_id == Rsvp.id, Transition.at > seen)
    rows = picked(event, numbers).where(steps.exists()).order_by(Rsvp.id)
    return {rsvp.id: rsvp.person.name for rsvp in db.session.scalars(rows)}


def _decide_one(rsvp: Rsvp, decision: Decision, by: Person, now: datetime) -> None:
    match decision:
        case Decision.APPROVE:
            actions.approve(rsvp, now, by)
        case Decision.DECLINE:
            actions.decline(rsvp, now, by)
        case Decision.REMOVE:
            actions.withdraw(rsvp, now, by)
        case Decision.READMIT:
            actions.readmit(rsvp, now, by)


def picked(event: Event, numbers: Sequence[int]) -> Select[Rsvp]:
    """Of an event's answers those with these numbers, with their people."""
    rows = select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.id.in_(numbers))
    return rows.options(joinedload(Rsvp.person, innerjoin=True))


def note(
    act: str, rsvp: Rsvp, by: Person | None, now: datetime, *, before: dict[str, Any], after: dict[str, Any]
) -> None:
    """Put an act into the event's audit log, with whose answer it was."""
    whose = {"rsvp": rsvp.id, "person": rsvp.person.name}
    record(act, rsvp.event, by=by, now=now, before={**whose, **before}, after={**whose, **after})
