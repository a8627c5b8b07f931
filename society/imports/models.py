"""What was read in from calendar files, and files that wait for the word."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from society.db import Model
from society.events.models import Event


class ImportedEvent(Model):
    """Where an event came from, so that reading the same calendar again finds it."""

    __tablename__ = "imported_event"
    __table_args__ = (UniqueConstraint("uid", "recurrence"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), unique=True)
    uid: Mapped[str] = mapped_column(String(500))
    recurrence: Mapped[str] = mapped_column(String(20), default="")
    """Which occurrence of a recurring event; else empty."""
    digest: Mapped[str] = mapped_column(String(32))
    """Of what the file said."""
    as_made: Mapped[str] = mapped_column(String(32))
    """Of what was made of it, so that what was changed here since is known, and kept."""
    read_at: Mapped[datetime]

    event: Mapped[Event] = relationship()


class CalendarFile(Model):
    """A file that was looked at and waits for the word to be read in; gone a day later."""

    __tablename__ = "calendar_file"

    name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))
    uploaded_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
