"""Seats in sessions that were offered on the last day: what becomes of them in time."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import contains_eager

from society.agenda.models import Session
from society.db import db
from society.events.models import Event
from society.rsvps.last_day import LAST_DAY, hushed, is_last_day, offer_kept_until
from society.rsvps.models import HELD, RsvpStatus
from society.rsvps.session_letters import tell_of_lapse
from society.rsvps.session_models import SessionSeat
from society.rsvps.session_seats import become_seated, fill_all, gives_seats, note, offer, short


def lapse_in_sessions(event: Event, now: datetime) -> None:
    """End the offers that nobody confirmed in time, and pass the seats on."""
    if not event.has_agenda or not event.on:
        return
    for seat in _offered(event, SessionSeat.offered_until <= now):
        words = f"The seats offered in “{short(seat.session)}” were not confirmed in time."
        tell_of_lapse(seat, note(seat, now, None, words), now)
        db.session.delete(seat)
    fill_all(event, now)


def keep_offered_in_sessions(event: Event, now: datetime, *, anew: bool = False) -> None:
    """Keep to what was offered when the event has changed, as `seats.keep_offered` does for its own seats."""
    if not event.has_agenda or not event.on:
        return
    for seat in _offered(event, Session.starts_at > now):
        session, words = seat.session, f"“{short(seat.session)}” was moved; the seats offered in it are kept"
        if not is_last_day(session, now):
            become_seated(seat, now, f"{words}.")
        elif anew or (seat.offered_until and seat.offered_until > session.starts_at):
            offer(seat, offer_kept_until(session, now), now, words)


def _offered(event: Event, *conditions: ColumnElement[bool]) -> Sequence[SessionSeat]:
    rows = select(SessionSeat).join(SessionSeat.session).where(Session.event_id == event.id)
    rows = rows.where(SessionSeat.status == RsvpStatus.OFFERED, *conditions)
    return db.session.scalars(rows.order_by(SessionSeat.id).execution_options(populate_existing=True)).all()


def due_in_sessions(now: datetime) -> set[int]:
    """Events in whose sessions an offer has ended, or the night has held back what somebody would fit into."""
    ended = select(Session.event_id).join(SessionSeat, SessionSeat.session_id == Session.id).join(Session.event)
    ended = ended.where(SessionSeat.offered_until <= now, Event.cancelled_at.is_(None), Event.postponed_at.is_(None))
    held_back = db.session.scalars(_held_back(now))
    passes_on = {one.event_id for one in held_back if gives_seats(one, now) and not hushed(one, now)}
    return passes_on | set(db.session.scalars(ended))


def _held_back(now: datetime) -> Select[Session]:
    """Sessions of the coming day with free seats that somebody who waits would fit into."""
    taken = select(func.coalesce(func.sum(SessionSeat.seats), 0))
    taken_seats = taken.where(SessionSeat.session_id == Session.id, SessionSeat.status.in_(HELD)).correlate(Session)
    free = Session.capacity - taken_seats.scalar_subquery()
    waits = select(SessionSeat.id).where(
        SessionSeat.session_id == Session.id, SessionSeat.status == RsvpStatus.WAITLISTED
    )
    fitting = waits.where(or_(Session.capacity.is_(None), SessionSeat.seats <= free)).correlate(Session)
    soon = Event.has_agenda, Event.ends_at > now, Event.starts_at <= now + LAST_DAY
    rows = select(Session).join(Session.event).options(contains_eager(Session.event)).where(*soon)
    return rows.where(Session.starts_at > now, Session.starts_at <= now + LAST_DAY, fitting.exists())
