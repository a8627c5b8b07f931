"""Answers to events, and the log of what became of each."""

from datetime import datetime
from enum import StrEnum
from secrets import token_urlsafe

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from society.db import Model, one_of
from society.events.models import Event
from society.people.models import Person


class Answer(StrEnum):
    """What was said."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


class RsvpStatus(StrEnum):
    """What it came to. Only `confirmed` takes seats."""

    UNCONFIRMED = "unconfirmed"
    PENDING = "pending"
    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    DECLINED = "declined"
    MAYBE = "maybe"
    CANCELLED = "cancelled"


class Rsvp(Model):
    """One person's answer to one event: the same row however often they change it."""

    __tablename__ = "rsvp"
    __table_args__ = (
        UniqueConstraint("event_id", "person_id"),
        CheckConstraint("party_size > 0", "party_positive"),
        Index(None, "event_id", "status", "queued_at", "id"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    answer: Mapped[Answer] = mapped_column(one_of(Answer))
    party_size: Mapped[int] = mapped_column(default=1)
    """The person and their guests."""
    note: Mapped[str] = mapped_column(String(500), default="")
    status: Mapped[RsvpStatus] = mapped_column(one_of(RsvpStatus))
    queued_at: Mapped[datetime | None]
    """Since when they wait for seats; the queue's order, then `id`."""
    answered_at: Mapped[datetime]
    checked_in_at: Mapped[datetime | None]
    link_key: Mapped[str] = mapped_column(String(43), default=lambda: token_urlsafe(16))
    """Seals the mailed link that opens this answer (see `society.tokens`)."""

    event: Mapped[Event] = relationship()
    person: Mapped[Person] = relationship()


class Transition(Model):
    """One step in an RSVP's life, readable by the person it is about."""

    __tablename__ = "rsvp_transition"

    rsvp_id: Mapped[int] = mapped_column(ForeignKey("rsvp.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """None: the program itself, as when a seat became free."""
    before: Mapped[RsvpStatus | None] = mapped_column(one_of(RsvpStatus))
    after: Mapped[RsvpStatus] = mapped_column(one_of(RsvpStatus))
    party_size: Mapped[int]
    reason: Mapped[str] = mapped_column(String(200))
