"""What people are written when a seat in a session that they waited for is theirs."""

from datetime import datetime

from society.mail.actions import write
from society.rsvps.last_day import letters_leave_at
from society.rsvps.models import Transition
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
