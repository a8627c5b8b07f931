"""The chore that passes seats on in time, at events and in sessions: offers that ended, and what the night before has
held back; and that takes back online who left that for a seat in vain."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Select, func, or_, select

from society.db import begin_write, db
from society.events.models import Event
from society.rsvps.actions import pass_on
from society.rsvps.joining import closed_to_the_left
from society.rsvps.last_day import LAST_DAY, hushed
from society.rsvps.models import Rsvp, RsvpStatus
from society.rsvps.seats import gives_seats
from society.rsvps.session_offers import due_in_sessions


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
        if event.id not in found and gives_seats(event, now) and not hushed(event, now):
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
