"""What people are written about their seats in sessions: that one has become theirs, that theirs changes or is gone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from society.agenda.models import Session
from society.agenda.planning import Former
from society.db import db
from society.mail.actions import write
from society.mail.queries import Way, way
from society.people.models import Person
from society.rsvps.last_day import letters_leave_at
from society.rsvps.models import HELD, Rsvp, Transition
from society.rsvps.render import link
from society.rsvps.session_models import SessionSeat

NEWS = "session"
"""The letter about a seat in one."""


def tell_of_session(seat: SessionSeat, step: Transition, now: datetime) -> None:
    """Write to one who has moved up, not in the night; the step of their log makes it once."""
    write(
        seat.rsvp.person,
        "rsvp_session",
        f"rsvp:{seat.rsvp.id}:{NEWS}:{seat.session_id}:{step.id}",
        now=now,
        due_at=letters_leave_at(seat.rsvp.event, now),
        event=seat.rsvp.event,
        session=seat.session,
        seats=seat.seats,
        path=f"{link(seat.rsvp)}/sessions",
    )


def tell_of_offer(seat: SessionSeat, step: Transition, now: datetime) -> None:
    """Write to one for whom seats are kept until they confirm them."""
    _tell_of_step("offered", seat, step, now, until=seat.offered_until)


def tell_of_lapse(seat: SessionSeat, step: Transition, now: datetime) -> None:
    """Write to one who did not confirm in time."""
    _tell_of_step("lapsed", seat, step, now)


def _tell_of_step(kind: str, seat: SessionSeat, step: Transition, now: datetime, **more: Any) -> None:
    write(
        seat.rsvp.person,
        f"rsvp_session_{kind}",
        f"rsvp:{seat.rsvp.id}:session-{kind}:{seat.session_id}:{step.id}",
        now=now,
        event=seat.rsvp.event,
        session=seat.session,
        seats=seat.seats,
        path=f"{link(seat.rsvp)}/sessions",
        **more,
    )


def mailed(session: Session) -> Sequence[SessionSeat]:
    """Those who have or were offered a seat in it, and can be written to when it changes or is removed."""
    rows = select(SessionSeat).join(SessionSeat.rsvp).join(Rsvp.person).order_by(SessionSeat.id)
    seated = SessionSeat.session_id == session.id, SessionSeat.status.in_(HELD)
    with_people = contains_eager(SessionSeat.rsvp).contains_eager(Rsvp.person).lazyload(Person.roles)
    return db.session.scalars(rows.where(*seated, way(None) == Way.MAIL.value).options(with_people)).all()


def tell_of_change(session: Session, was: Former, note: str, now: datetime) -> None:
    """Write to those with a seat what it was and what it is; its raised sequence makes the letter once."""
    for seat in mailed(session):
        _tell("rsvp_session_changed", seat, was, note, now)


def tell_of_end(session: Session, note: str, now: datetime) -> None:
    """Write to those with a seat that the session does not take place."""
    was = Former.of(session)
    for seat in mailed(session):
        _tell("rsvp_session_removed", seat, was, note, now)


def _tell(template: str, seat: SessionSeat, was: Former, note: str, now: datetime) -> None:
    session, rsvp = seat.session, seat.rsvp
    write(
        rsvp.person,
        template,
        f"{template}:{rsvp.id}:{session.key}:{session.sequence}",
        now=now,
        event=rsvp.event,
        session=session,
        was=was,
        note=note,
        path=f"{link(rsvp)}/sessions",
    )
