"""Seats in single sessions of an event, for those who are going to it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from society.agenda.models import Session
from society.db import Model, one_of
from society.rsvps.models import Rsvp, RsvpStatus


class SessionSeat(Model):
    """What one answer's party holds of a session, or waits for. It goes with the answer's own seat."""

    __tablename__ = "session_seat"
    __table_args__ = (
        UniqueConstraint("rsvp_id", "session_id"),
        CheckConstraint("seats > 0", "seats_positive"),
        CheckConstraint("status IN ('confirmed', 'offered', 'waitlisted')", "seated_or_waiting"),
        Index(None, "session_id", "status", "queued_at", "id"),
        Index(
            None,
            "offered_until",
            sqlite_where=text("offered_until IS NOT NULL"),
            postgresql_where=text("offered_until IS NOT NULL"),
        ),
    )

    rsvp_id: Mapped[int] = mapped_column(ForeignKey("rsvp.id", ondelete="CASCADE"))
    session_id: Mapped[int] = mapped_column(ForeignKey("event_session.id", ondelete="CASCADE"))
    status: Mapped[RsvpStatus] = mapped_column(one_of(RsvpStatus))
    seats: Mapped[int]
    """The party as it was when they chose, or so many of it as they said; one that has grown asks for the rest."""
    queued_at: Mapped[datetime | None]
    """Since when they wait, None when they do not; the queue's order, then `id`."""

    offered_until: Mapped[datetime | None]
    """Until when seats are kept for them to confirm, on the session's last day (see `society.rsvps.last_day`)."""

    rsvp: Mapped[Rsvp] = relationship()
    session: Mapped[Session] = relationship()

    @property
    def waits(self) -> bool:
        return self.status is RsvpStatus.WAITLISTED

    @property
    def is_offered(self) -> bool:
        """Whether it is theirs only if they confirm it in time."""
        return self.status is RsvpStatus.OFFERED
