"""Answers to events of somebody who is merged or erased: seats they leave go to whoever waits."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import func, select, update
from sqlalchemy.orm import contains_eager

from society.db import db
from society.events.models import Event
from society.events.queries import still_ahead
from society.people.models import Person
from society.questions.actions import take_over
from society.rsvps import seats
from society.rsvps.actions import withdraw
from society.rsvps.counts import people
from society.rsvps.kept_out import kept_out
from society.rsvps.letters import refile
from society.rsvps.models import FURTHEST, HELD, ONE_OF_TWO, REMOVED, FormerRsvp, Rsvp, RsvpStatus, Transition
from society.rsvps.passing import promote
from society.rsvps.render import state
from society.rsvps.session_seats import fill_all, join_answers


def hold_events(keep: Person, gone: Person) -> None:
    """Hold those that both answered, before the two are held: whoever answers holds the event, then the person."""
    for event in _of_both(keep, gone):
        seats.lock(event)


def merge(keep: Person, gone: Person, now: datetime) -> None:
    """Of two answers to one event the one further along stays, with the steps of both and the larger party that holds
    seats; what is freed is handed on. Whoever was kept out under either stays so, unless the other answer stands."""
    for event in _of_both(keep, gone):
        seats.lock(event)
        _merge_at(event, keep, gone, now)
        promote(event, now)
        fill_all(event, now)


def _of_both(keep: Person, gone: Person) -> Sequence[Event]:
    both = select(Rsvp.event_id).where(Rsvp.person_id.in_([keep.id, gone.id]))
    doubled = both.group_by(Rsvp.event_id).having(func.count() > 1)
    return db.session.scalars(select(Event).where(Event.id.in_(doubled)).order_by(Event.id)).all()


def _merge_at(event: Event, keep: Person, gone: Person, now: datetime) -> None:
    two = select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.person_id.in_([keep.id, gone.id]))
    held = two.order_by(Rsvp.id).with_for_update(of=Rsvp)  # the door holds answers and no event
    stays, goes = _in_order(db.session.scalars(held.execution_options(populate_existing=True)).all())
    removed = stays.status is RsvpStatus.CANCELLED and kept_out(stays)
    steps = update(Transition).where(Transition.rsvp_id == goes.id).values(rsvp_id=stays.id)
    db.session.execute(steps)
    stays.note = stays.note or goes.note
    stays.sequence_beyond = max(stays.sequence_beyond, goes.sequence_beyond)
    revisions = (one.answered_sequence for one in (stays, goes))
    stays.answered_sequence = max((one for one in revisions if one is not None), default=None)
    stays.answered_stamp = max(filter(None, [stays.answered_stamp, goes.answered_stamp]), default=None)
    had = stays.party_size
    words = f"{ONE_OF_TWO}; this answer was kept{_with_the_larger_party(stays, goes)}."
    join_answers(stays, goes, now)
    refile(goes, stays, now)
    take_over(stays.id, goes.id, guests_of=stays.id if stays.party_size == had else goes.id, now=now)
    _let_links_lead(goes, stays)
    db.session.delete(goes)
    db.session.flush()
    stays.person = keep
    seats.log(stays, stays.status, now, None, words)
    if removed:  # which is told from the last step, and by now that may be one of the other's
        seats.log(stays, stays.status, now, None, REMOVED)
    db.session.flush()


def _with_the_larger_party(stays: Rsvp, goes: Rsvp) -> str:
    """Where both hold seats, or both join online, those of the larger party; how the log says so."""
    if not _hold_alike(stays, goes) or goes.party_size <= stays.party_size:
        return ""
    stays.resize(goes.party_size)
    return f", with the other’s party of {stays.party_size}"


def _hold_alike(stays: Rsvp, goes: Rsvp) -> bool:
    """Whether both have seats, or both join online."""
    return stays.status in HELD and goes.status in HELD and stays.online is goes.online


def _let_links_lead(goes: Rsvp, stays: Rsvp) -> None:
    """What was mailed about the one opens the other."""
    earlier = update(FormerRsvp).where(FormerRsvp.rsvp_id == goes.id).values(rsvp_id=stays.id)
    db.session.execute(earlier)
    db.session.add(FormerRsvp(rsvp_id=stays.id, number=goes.id, link_key=goes.link_key))


def _in_order(two: Iterable[Rsvp]) -> tuple[Rsvp, Rsvp]:
    """The one that stays, and the one that goes."""
    stays, goes = sorted(two, key=_how_far)
    return stays, goes


def _how_far(rsvp: Rsvp) -> tuple[int | float, ...]:
    """What comes first stays: the one further along, there rather than online, with more who came, longest in the
    queue, offered for longest, and given first."""
    queued = rsvp.queued_at.timestamp() if rsvp.queued_at else 0.0
    until = rsvp.offered_until.timestamp() if rsvp.offered_until else 0.0
    how_far = _leads_to(rsvp), FURTHEST.index(rsvp.status)
    return *how_far, rsvp.online, -rsvp.came, queued, -until, rsvp.answered_at.timestamp(), rsvp.id


def _leads_to(rsvp: Rsvp) -> int:
    """Something first, then what cannot be joined online any more, then that somebody was kept out."""
    if rsvp.stands:
        return 1 if rsvp.is_left_out else 0
    return 2 if kept_out(rsvp) else 3


def given_up(keep: Person, gone: Person, now: datetime) -> list[str]:
    """What is lost by making one of them: a sentence for each event to come."""
    theirs = select(Rsvp).join(Rsvp.event).where(Rsvp.person_id.in_([keep.id, gone.id]), still_ahead(now))
    rows = theirs.options(contains_eager(Rsvp.event)).order_by(Event.starts_at, Event.id)
    by_event = groupby(db.session.scalars(rows), key=lambda rsvp: rsvp.event)
    doubled = [(event, two) for event, answers in by_event if len(two := list(answers)) == 2]
    said = ((event, _given_up(*_in_order(two))) for event, two in doubled)
    return [f"{event.title}: {sentence}" for event, sentence in said if sentence]


def _given_up(stays: Rsvp, goes: Rsvp) -> str:
    """Of seats that both hold the larger party keeps its own; the others are free, and nothing is lost by that."""
    kept = f"“{state(stays)}” for {people(stays.party_size)} stays"
    fewer = goes.party_size > stays.party_size and not _hold_alike(stays, goes)
    if goes.stands and (fewer or (stays.online and not goes.online)):
        return f"“{state(goes)}” for {people(goes.party_size)} is given up; {kept}."
    if stays.stands and kept_out(goes):
        out = "declined" if goes.decided_against else "removed"
        return f"the organizers {out} {goes.person.name}; {kept}, as {stays.person.name} answered."
    return ""


def withdraw_coming(person: Person, now: datetime) -> None:
    """Give back what they hold of events that are still to come."""
    coming = select(Rsvp).join(Rsvp.event).where(Rsvp.person_id == person.id, still_ahead(now))
    for rsvp in db.session.scalars(coming.order_by(Rsvp.event_id)).all():
        withdraw(rsvp, now)
