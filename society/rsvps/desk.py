"""What organizers do with the answers to an event, each act in the audit log."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from society.audit.actions import record
from society.db import db
from society.events.models import Event
from society.people.models import Person
from society.rsvps import actions
from society.rsvps.forms import Decision, DoorAction
from society.rsvps.models import Rsvp, RsvpStatus

_DONE = {Decision.APPROVE: "RSVP approved", Decision.DECLINE: "RSVP declined", Decision.REMOVE: "RSVP removed"}
_NOT_TO_REMOVE = (RsvpStatus.DECLINED, RsvpStatus.CANCELLED)


def decide(event: Event, decision: Decision, numbers: Sequence[int], *, by: Person, now: datetime) -> int:
    """Approve, decline or remove those of an event's answers to which that applies, first come first; how many."""
    chosen = _picked(event, numbers).order_by(Rsvp.answered_at, Rsvp.id)
    if decision is Decision.REMOVE:
        chosen = chosen.where(Rsvp.status.not_in(_NOT_TO_REMOVE))
    else:
        chosen = chosen.where(Rsvp.status == RsvpStatus.PENDING)
    rsvps = db.session.scalars(chosen).all()
    for rsvp in rsvps:
        before = rsvp.status
        _decide_one(rsvp, decision, by, now)
        _audit(_DONE[decision], rsvp, by, now, before={"status": before}, after={"status": rsvp.status})
    return len(rsvps)


def _decide_one(rsvp: Rsvp, decision: Decision, by: Person, now: datetime) -> None:
    match decision:
        case Decision.APPROVE:
            actions.approve(rsvp, now, by)
        case Decision.DECLINE:
            actions.decline(rsvp, now, by)
        case Decision.REMOVE:
            actions.withdraw(rsvp, now, by)


def at_the_door(event: Event, act: DoorAction, numbers: Sequence[int], *, by: Person, now: datetime) -> list[Rsvp]:
    """Check guests in, or undo that; a tap that changes nothing is not noted."""
    rsvps = list(db.session.scalars(_picked(event, numbers).with_for_update(of=Rsvp)))
    for rsvp in rsvps:
        before = rsvp.checked_in_at
        if act is DoorAction.CHECK_IN:
            rsvp.check_in(now)
        else:
            rsvp.undo_check_in()
        if rsvp.checked_in_at != before:
            done = "guest checked in" if act is DoorAction.CHECK_IN else "check-in undone"
            _audit(done, rsvp, by, now, before={"checked_in_at": before}, after={"checked_in_at": rsvp.checked_in_at})
    return rsvps


def _picked(event: Event, numbers: Sequence[int]) -> Select[Rsvp]:
    rows = select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.id.in_(numbers))
    return rows.options(joinedload(Rsvp.person, innerjoin=True))


def _audit(act: str, rsvp: Rsvp, by: Person, now: datetime, *, before: dict[str, Any], after: dict[str, Any]) -> None:
    whose = {"rsvp": rsvp.id, "person": rsvp.person.name}
    record(act, rsvp.event, by=by, now=now, before={**whose, **before}, after={**whose, **after})
