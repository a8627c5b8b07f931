"""Leaving sessions: what becomes free goes on, each step is in the answer's log, and news that waits is taken back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from society.agenda.models import Session
from society.db import db
from society.errors import Refused
from society.people.models import Person
from society.rsvps.models import HELD, Rsvp
from society.rsvps.session_letters import say_anew_of_seats, take_back_session_news
from society.rsvps.session_models import SessionSeat
from society.rsvps.session_seats import fill, held_by, note, seat_of, short
from society.text import counted


def give_back(rsvp: Rsvp, session: Session, now: datetime) -> None:
    """Leave a session, or its queue, and let the next ones move up."""
    held = seat_of(rsvp, session)
    if held is None:
        return
    if session.event.postponed_at is None and now >= session.starts_at:
        raise Refused("This session has begun.")
    _end(held, now, rsvp.person, f"Gave up “{short(session)}”.")
    fill(session, now)


def release_all(rsvps: Sequence[Rsvp], now: datetime, actor: Person | None) -> None:
    """Whoever does not come to the event comes to none of its sessions."""
    if not rsvps or not rsvps[0].event.has_agenda:
        return
    held = held_by(*rsvps)
    for seat in held:
        what = "The seat in" if seat.status in HELD else "The place in the queue of"
        _end(seat, now, actor, f"{what} “{short(seat.session)}” went with it.")
    for session in dict.fromkeys(seat.session for seat in held):
        fill(session, now)


def shrink(rsvp: Rsvp, now: datetime, actor: Person | None) -> None:
    """A party that has become smaller needs fewer seats in each session."""
    if not rsvp.event.has_agenda:
        return
    for seat in held_by(rsvp):
        if seat.seats > rsvp.party_size:
            need_only(seat, rsvp.party_size, now, actor)


def need_only(seat: SessionSeat, size: int, now: datetime, actor: Person | None) -> None:
    """Give back what is more than so many, and let the next ones move up."""
    seat.seats = size
    note(seat, now, actor, f"Needs only {counted(size, 'seat')} in “{short(seat.session)}” now.")
    say_anew_of_seats(seat, now)
    fill(seat.session, now)


def release(session: Session, now: datetime, by: Person) -> None:
    """Nobody sits in a session that is taken out."""
    rows = select(SessionSeat).where(SessionSeat.session_id == session.id).order_by(SessionSeat.id)
    for seat in db.session.scalars(rows.execution_options(populate_existing=True)).all():
        _end(seat, now, by, f"“{short(session)}” was taken out of the agenda.")


def _end(seat: SessionSeat, now: datetime, actor: Person | None, reason: str) -> None:
    note(seat, now, actor, reason)
    take_back_session_news(seat, now)
    db.session.delete(seat)
