"""Calendars of other societies that are shown beside ours, and what was last read from them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from society.db import Model, WallClock, one_of
from society.events.models import Colour


class SisterCalendar(Model):
    """Another society's calendar, fetched again every few hours."""

    __tablename__ = "sister_calendar"

    name: Mapped[str] = mapped_column(String(100))
    """Whose it is, as it stands after "by"."""
    address: Mapped[str] = mapped_column(String(500), unique=True)
    colour: Mapped[Colour | None] = mapped_column(one_of(Colour))
    created_at: Mapped[datetime]
    etag: Mapped[str] = mapped_column(String(300), default="", server_default="")
    last_modified: Mapped[str] = mapped_column(String(100), default="", server_default="")
    """What it was last given with, to ask whether it has changed (RFC 9110, 13.1)."""
    digest: Mapped[str] = mapped_column(String(32), default="", server_default="")
    """Of what is shown of it, so that the same again changes no page."""
    read_at: Mapped[datetime]
    """When it was last read in whole."""
    answered_at: Mapped[datetime]
    """When its server last gave it, or said that it is as it was."""
    next_at: Mapped[datetime] = mapped_column(index=True)
    failing_since: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
    """In a row, since `failing_since`."""
    failure: Mapped[str] = mapped_column(String(300), default="", server_default="")
    """Why, in a sentence."""


class SisterEntry(Model):
    """One event of theirs, in plain values; a row goes when their calendar no longer has it."""

    __tablename__ = "sister_entry"
    __table_args__ = (UniqueConstraint("calendar_id", "uid", "recurrence"), Index(None, "ends_at"))

    calendar_id: Mapped[int] = mapped_column(ForeignKey("sister_calendar.id", ondelete="CASCADE"))
    uid: Mapped[str] = mapped_column(String(500))
    recurrence: Mapped[str] = mapped_column(String(20), default="")
    """Which occurrence of a recurring event; else empty."""
    title: Mapped[str] = mapped_column(String(200))
    starts: Mapped[WallClock]
    ends: Mapped[WallClock]
    zone: Mapped[str] = mapped_column(String(64))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    all_day: Mapped[bool] = mapped_column(default=False)
    place: Mapped[str] = mapped_column(String(500), default="")
    url: Mapped[str] = mapped_column(String(500), default="")
    """Their own page of it; nothing but http and https."""
    cancelled: Mapped[bool] = mapped_column(default=False)

    separate_days = 1
    """What recurs there is an entry for each day already."""

    calendar: Mapped[SisterCalendar] = relationship()
