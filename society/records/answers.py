"""Answers to events of somebody who is merged or erased: seats they leave go to whoever waits."""

from datetime import datetime

from sqlalchemy import func, select, update

from society.db import db
from society.events.models import Event
from society.events.queries import still_ahead
from society.people.models import Person
from society.questions.actions import take_over
from society.rsvps import seats
from society.rsvps.actions import promote, withdraw
from society.rsvps.models import FormerRsvp, Rsvp, RsvpStatus, Transition
from society.rsvps.session_seats import fill_all, join_answers

FURTHEST = (
    RsvpStatus.CONFIRMED,
    RsvpStatus.OFFERED,
    RsvpStatus.WAITLISTED,
    RsvpStatus.PENDING,
    RsvpStatus.MAYBE,
    RsvpStatus.DECLINED,
    RsvpStatus.CANCELLED,
    RsvpStatus.UNCONFIRMED,
)
"""How far along an answer is, the furthest first."""


def merge(keep: Person, gone: Person, now: datetime) -> None:
    """Of two answers to one event the one further along stays, with the steps of both; freed seats are handed on."""
    both = select(Rsvp.event_id).where(Rsvp.person_id.in_([keep.id, gone.id]))
    doubled = both.group_by(Rsvp.event_id).having(func.count() > 1).order_by(Rsvp.event_id)
    for event_id in db.session.scalars(doubled).all():
        event = db.session.get_one(Event, event_id)
        seats.lock(event)
        _merge_at(event, keep, gone, now)
        promote(event, now)
        fill_all(event, now)


def _merge_at(event: Event, keep: Person, gone: Person, now: datetime) -> None:
    two = select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.person_id.in_([keep.id, gone.id]))
    found = db.session.scalars(two.execution_options(populate_existing=True))
    stays, goes = sorted(found, key=_how_far)
    steps = update(Transition).where(Transition.rsvp_id == goes.id).values(rsvp_id=stays.id)
    db.session.execute(steps)
    stays.note = stays.note or goes.note
    stays.sequence_beyond = max(stays.sequence_beyond, goes.sequence_beyond)
    join_answers(stays, goes)
    take_over(stays.id, goes.id, stays.party_size)
    _let_links_lead(goes, stays)
    db.session.delete(goes)
    db.session.flush()
    stays.person = keep
    seats.log(stays, stays.status, now, None, "Two records of one person became one; this answer was kept.")
    db.session.flush()


def _let_links_lead(goes: Rsvp, stays: Rsvp) -> None:
    """What was mailed about the one opens the other."""
    earlier = update(FormerRsvp).where(FormerRsvp.rsvp_id == goes.id).values(rsvp_id=stays.id)
    db.session.execute(earlier)
    db.session.add(FormerRsvp(rsvp_id=stays.id, number=goes.id, link_key=goes.link_key))


def _how_far(rsvp: Rsvp) -> tuple[int, bool, float, int]:
    """What comes first stays: the one further along, checked in, longest in the queue."""
    queued = rsvp.queued_at.timestamp() if rsvp.queued_at else 0.0
    return FURTHEST.index(rsvp.status), not rsvp.checked_in_at, queued, rsvp.id


def withdraw_coming(person: Person, now: datetime) -> None:
    """Give back what they hold of events that are still to come."""
    coming = select(Rsvp).join(Rsvp.event).where(Rsvp.person_id == person.id, still_ahead(now))
    for rsvp in db.session.scalars(coming.order_by(Rsvp.event_id)).all():
        withdraw(rsvp, now)
