"""Somebody let in by mistake who had not answered: undone, their seat is free again."""

from collections.abc import Sequence
from datetime import datetime

from society.db import db
from society.people.models import Person
from society.rsvps import seats
from society.rsvps.feed import answered as refresh_feed
from society.rsvps.models import REMOVED, Answer, Rsvp, RsvpStatus, Transition
from society.rsvps.queries import history

CAME = "Came to the door without having answered."
CAME_THOUGH_DECLINED = "Let in at the door, though declined before."
_SAID = {RsvpStatus.DECLINED: Answer.NO, RsvpStatus.MAYBE: Answer.MAYBE}


def give_back(rsvp: Rsvp, actor: Person | None, now: datetime) -> bool:
    """Make of one who is not in what they were before they were let in; whether it was by that alone that they had a
    seat. What they have said of it themselves since then counts as an answer. The caller holds the event."""
    if rsvp.checked_in_at:
        return False
    steps = db.session.scalars(history(rsvp)).all()
    last = steps[-1] if steps else None
    if last is None or last.reason not in (CAME, CAME_THOUGH_DECLINED):
        return False
    if last.reason == CAME_THOUGH_DECLINED:
        seats.log(rsvp, RsvpStatus.CANCELLED, now, actor, REMOVED)
    else:
        _as_before(rsvp, last.before, steps[:-1], now, actor)
    refresh_feed(rsvp.person, now)
    seats.fill(rsvp.event, now)
    return True


def _as_before(
    rsvp: Rsvp, status: RsvpStatus | None, steps: Sequence[Transition], now: datetime, actor: Person | None
) -> None:
    """Who waited gets their place in the queue again."""
    if steps:
        rsvp.party_size = steps[-1].party_size
        rsvp.answer = _SAID.get(steps[-1].after, Answer.YES)
    if status is RsvpStatus.WAITLISTED:
        rsvp.queued_at = max(step.at for step in steps if step.after is status is not step.before)
    seats.log(rsvp, status or RsvpStatus.CANCELLED, now, actor, "Let in at the door by mistake; that was undone.")
