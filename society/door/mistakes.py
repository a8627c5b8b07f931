"""Somebody let in by mistake who had not answered: undone, their seat is free again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from society.db import db
from society.people.models import Person
from society.rsvps import seats
from society.rsvps.feed import answered as refresh_feed
from society.rsvps.last_day import offer_ends
from society.rsvps.models import (
    BY_FORM,
    FURTHEST,
    HELD,
    ONE_OF_TWO,
    REMOVED,
    TURNED_DOWN,
    UNDONE,
    Answer,
    Rsvp,
    RsvpStatus,
    Transition,
)
from society.rsvps.queries import history
from society.rsvps.session_releases import shrink

CAME = "Came to the door without having answered."
CAME_AND_TOOK = "Came to the door and took the seats offered."
CAME_INSTEAD = "Came to the door instead of joining online."
CAME_THOUGH_DECLINED = "Let in at the door, though declined before."
_LET_IN = (CAME, CAME_AND_TOOK, CAME_INSTEAD, CAME_THOUGH_DECLINED)
_SAID = {RsvpStatus.DECLINED: Answer.NO, RsvpStatus.MAYBE: Answer.MAYBE}
_SAID_BY_FORM = {BY_FORM.format(answer=answer): answer for answer in Answer}


def give_back(rsvp: Rsvp, actor: Person | None, now: datetime) -> bool:
    """Make of one who is not in what they were before they were let in; whether it was by that alone that they had a
    seat. What they have said of it themselves since then counts as an answer. The caller holds the event.

    Where two records of them have become one, they are what the other was, if that was further along.
    """
    if rsvp.checked_in_at:
        return False
    answers = _answers_in(db.session.scalars(history(rsvp)).all())
    let_in = next((steps for steps in answers if steps[-1].reason in _LET_IN), None)
    if let_in is None:
        return False
    let_in.pop()
    _become(rsvp, min(filter(None, answers), key=_how_far, default=[]), now, actor)
    refresh_feed(rsvp.person, now)
    seats.fill(rsvp.event, now)
    return not rsvp.takes_seats


def _answers_in(steps: Sequence[Transition]) -> list[list[Transition]]:
    """The steps of each answer that a log tells of: of more than one where records became one. Each goes on from where
    one of them was; who was let in has said nothing since, if it may have been the other."""
    answers: list[list[Transition]] = []
    for step in steps:
        if step.reason.startswith(ONE_OF_TWO):
            continue
        whose = [steps for steps in answers if steps[-1].after is step.before]
        if whose:
            _go_on(min(whose, key=lambda steps: steps[-1].reason in _LET_IN), step)
        else:
            answers.append([step])
    return answers


def _go_on(steps: list[Transition], step: Transition) -> None:
    """What was undone before, so that they were as they had been, is as if it never was."""
    if step.reason == UNDONE and steps[-1].reason in _LET_IN and [one.after for one in steps[-2:-1]] == [step.after]:
        steps.pop()
    else:
        steps.append(step)


def _how_far(steps: Sequence[Transition]) -> float:
    """What comes first stays, as where two become one."""
    return FURTHEST.index(RsvpStatus.PENDING) + 0.5 if _is_out(steps) else FURTHEST.index(steps[-1].after)


def _is_out(steps: Sequence[Transition]) -> bool:
    led_here = [step.reason for step in steps if step.after is not step.before or step.reason == REMOVED]
    return led_here[-1] in (REMOVED, TURNED_DOWN)


def _become(rsvp: Rsvp, steps: Sequence[Transition], now: datetime, actor: Person | None) -> None:
    """Who waited gets their place in the queue again; who had seats, or was offered some, so many, if nobody has those
    by now that they did not bring anybody for. An offer ends when it would have."""
    if not steps:
        seats.log(rsvp, RsvpStatus.CANCELLED, now, actor, UNDONE)
        return
    if _is_out(steps):
        seats.log(rsvp, RsvpStatus.CANCELLED, now, actor, REMOVED)
        return
    last, was = steps[-1], steps[-1].after
    held = was in HELD and not last.online
    had = rsvp.party_size + max(seats.seats_free(rsvp.event), 0) if held else last.party_size
    rsvp.party_size, rsvp.online = min(last.party_size, had), last.online
    rsvp.answer = _SAID_BY_FORM.get(last.reason) or _SAID.get(was, Answer.YES)
    if was is RsvpStatus.WAITLISTED:
        entered = [step for step in steps if step.after is was is not step.before]
        rsvp.queued_at = _since(max(entered, key=lambda step: step.at), rsvp.event_id)
    ends = offer_ends(rsvp.event, last.at) if was is RsvpStatus.OFFERED else None
    seats.log(rsvp, RsvpStatus.CONFIRMED if was in HELD and ends is None else was, now, actor, UNDONE)
    rsvp.offered_until = ends
    if was in HELD:
        shrink(rsvp, now, actor)


def _since(entered: Transition, event_id: int) -> datetime:
    """When they came into the queue by that step: behind those of the same instant, as `seats.enqueue_all` has them."""
    ahead = select(func.count()).join(Transition.rsvp).where(Rsvp.event_id == event_id, Transition.at == entered.at)
    ahead = ahead.where(Transition.after == entered.after, Transition.before.is_distinct_from(entered.after))
    return entered.at + timedelta(microseconds=db.session.scalar(ahead.where(Transition.id < entered.id)) or 0)
