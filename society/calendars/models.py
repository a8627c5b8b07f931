"""What calendar apps fetch: an entry per event, rendered when it changes, and a version per feed."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from society.calendars.apps import App
from society.db import Base, Model, one_of
from society.events.models import Visibility

_CANCELLED = text("cancelled_at IS NOT NULL")


class Entry(Base):
    """The VEVENT of a published event (RFC 5545, 3.6.1), CRLF and folded, ready to be joined with others.

    What decides which feeds hold it, and where, is copied beside it, so that a feed is read from here alone.
    """

    __tablename__ = "calendar_entry"
    __table_args__ = (
        Index(None, "visibility", "starts_at", "event_id"),
        # Which leaves next is asked at every change: the first by its end, and the first of those that were cancelled.
        Index(None, "visibility", "ends_at"),
        Index(
            "ix_calendar_entry_cancelled",
            *("visibility", "ends_at"),
            sqlite_where=_CANCELLED,
            postgresql_where=_CANCELLED,
        ),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    vevent: Mapped[bytes] = mapped_column(LargeBinary)
    feeds: Mapped[str] = mapped_column(Text)
    """The keys of the public feeds it is in, separated by spaces, so that a change reaches those it leaves too."""
    visibility: Mapped[Visibility] = mapped_column(one_of(Visibility))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    zone: Mapped[str | None] = mapped_column(String(64))
    """None for whole days, which have none."""


class SessionEntries(Base):
    """The VEVENTs of a published event's sessions, one after the other: in the calendars of those who want them."""

    __tablename__ = "calendar_sessions"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    vevents: Mapped[bytes] = mapped_column(LargeBinary)
    changed_at: Mapped[datetime | None]
    """When they last became other bytes, also by a session that was dropped; None of those that are older than this."""


class Feed(Base):
    """The version of one feed's bytes: raised in the transaction that changes them, and only then."""

    __tablename__ = "feed"

    key: Mapped[str] = mapped_column(String(140), primary_key=True)
    """"all", "open", "past" (all without a window), "category/SLUG", "venue/SLUG", "organization/SLUG",
    "tag/SLUG", "person/ID"."""
    version: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
    stale_at: Mapped[datetime | None]
    """When the next event leaves the feed's window by the passing of time; the version rises then too."""
    changes: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Of a public feed, which events made its latest versions what they are (see `society.calendars.changes`)."""


class Fetch(Base):
    """When one kind of app last fetched a public feed, and what it was given; forgotten after two months without."""

    __tablename__ = "feed_fetch"

    key: Mapped[str] = mapped_column(String(140), primary_key=True)
    app: Mapped[App] = mapped_column(one_of(App), primary_key=True)
    fetched_at: Mapped[datetime]
    given_at: Mapped[datetime]
    """When the version it was given came to be (`Feed.changed_at`): it holds all that was revised until then."""


class Subscription(Model):
    """A person's own feed: an address that cannot be guessed, and that they can revoke. Only its hash is stored."""

    __tablename__ = "subscription"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    everything: Mapped[bool] = mapped_column(default=False)
    """All events they may see, instead of those they answered."""
    sessions: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Beside an event that has an agenda, each of its sessions too."""
    alarm_minutes: Mapped[int | None]
    """So long before what they go to their calendar reminds them; None: it does not."""
    created_at: Mapped[datetime]
    fetched_at: Mapped[datetime | None]
    """When an app last fetched it, to ten minutes."""
    fetched_by: Mapped[App | None] = mapped_column(one_of(App))
    given_at: Mapped[datetime | None]
    """When the version that it was given then came to be, as with `Fetch`."""
