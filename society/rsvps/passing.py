"""Passing seats on to those who wait: when an event has changed; and in time, by a chore, at events and in sessions,
when offers have ended or the night before has held something back."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Select, func, or_, select

from society.db import begin_write, db
from society.events.models import Event, RsvpPolicy
from society.rsvps import seats
from society.rsvps.joining import closed_to_the_left, join_again, stays_online, tell_place
from society.rsvps.last_day import LAST_DAY, hushed
from society.rsvps.letters import PROMOTED
from society.rsvps.models import Rsvp, RsvpStatus
from society.rsvps.queries import why_barred
from society.rsvps.session_offers import due_in_sessions, keep_offered_in_sessions, lapse_in_sessions
from society.rsvps.waiting import last_queued_at, undecided
from society.text import counted

UNDECIDED = (RsvpPolicy.OPEN, RsvpPolicy.MEMBERS)
"""Where the organizers decide nothing."""


def promote(event: Event, now: datetime, *, stood_still: bool = False) -> list[Rsvp]:
    """Give free seats to those who wait: the earliest party that fits, until the event is full or the queue empty.

    `stood_still`: it was put off until now, so that nobody could take what was offered.
    """
    seats.lock(event)
    seats.keep_offered(event, now, anew=stood_still)
    keep_offered_in_sessions(event, now, anew=stood_still)
    promoted = seats.fill(event, now)
    for rsvp in waiting_in_vain(event, now):
        _pass_undecided(rsvp, now)
    return promoted


def waiting_in_vain(event: Event, now: datetime) -> list[Rsvp]:
    """Those who wait for organizers who do not decide any more, and could ask for seats without them now; in the order
    in which they asked."""
    if event.rsvp_policy not in UNDECIDED or not seats.gives_seats(event, now):
        return []
    waiting = db.session.scalars(undecided(event)).all()
    return [rsvp for rsvp in waiting if why_barred(event, rsvp.person, rsvp, now) is None]


def _pass_undecided(rsvp: Rsvp, now: datetime) -> None:
    """Seats as for one who waited for them if they are free, else a place at the end of the queue; who asked to join
    online does."""
    why = "The organizers do not decide any more"
    if stays_online(rsvp):
        seats.seat_all([rsvp], now, PROMOTED, f"{why}.")
        return
    if not hushed(rsvp.event, now) and seats.fits(rsvp.event, rsvp, rsvp.party_size):
        seats.move_up([rsvp], now, f"{why}; seats were free")
        return
    step = seats.enqueue(
        rsvp, now, rsvp.person, f"{why}; waits for {counted(rsvp.party_size, 'seat')}.", last_queued_at(rsvp.event)
    )
    tell_place(step, now)


def pass_on(event: Event, now: datetime) -> None:
    """End the offers that nobody took in time, and give what is free to those who wait; once nobody moves up any more,
    take back online who came from there."""
    seats.lock(event)
    seats.lapse(event, now)
    lapse_in_sessions(event, now)
    join_again(event, now)


def pass_seats_on(now: datetime) -> None:
    """See to each event that it is time for, in a transaction of its own. Finding none takes no lock."""
    for event_id in list(_due(now)):
        begin_write()
        pass_on(db.session.get_one(Event, event_id), now)
        db.session.commit()


def _due(now: datetime) -> Iterator[int]:
    ended = select(Rsvp.event_id).where(Rsvp.offered_until <= now).join(Rsvp.event).distinct()
    ended = ended.where(Event.cancelled_at.is_(None), Event.postponed_at.is_(None))
    yield from (found := set(db.session.scalars(ended)))
    for event in db.session.scalars(select(Event).where(Event.id.in_(_held_back(now)))):
        if event.id not in found and seats.gives_seats(event, now) and not hushed(event, now):
            found.add(event.id)
            yield event.id
    found |= (more := due_in_sessions(now) - found)
    yield from more
    yield from set(db.session.scalars(closed_to_the_left(now))) - found


def _held_back(now: datetime) -> Select[int]:
    """Events of the coming day with free seats that somebody who waits would fit into."""
    taken = select(func.coalesce(func.sum(Rsvp.party_size), 0))
    taken_seats = taken.where(Rsvp.event_id == Event.id, Rsvp.takes_seats).correlate(Event).scalar_subquery()
    fitting = select(Rsvp.id).where(Rsvp.event_id == Event.id, Rsvp.status == RsvpStatus.WAITLISTED)
    fitting = fitting.where(or_(Event.capacity.is_(None), Rsvp.party_size <= Event.capacity - taken_seats))
    return select(Event.id).where(Event.starts_at > now, Event.starts_at <= now + LAST_DAY, fitting.exists())
