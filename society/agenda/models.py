"""What happens within an event: its sessions, who speaks in them, and what is told of a speaker on their page."""

from datetime import datetime
from enum import StrEnum
from secrets import token_urlsafe

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from society.db import Model, WallClock, one_of
from society.events.models import Event, instants
from society.text import in_an_address


class SessionKind(StrEnum):
    """What is done in a session."""

    TALK = "talk"
    KEYNOTE = "keynote"
    PANEL = "panel"
    WORKSHOP = "workshop"
    BREAK = "break"
    SOCIAL = "social"


class Session(Model):
    """An item of an event's agenda. Its wall clock is that of the event's zone; the instants follow from both."""

    __tablename__ = "event_session"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", "runs_forwards"),
        CheckConstraint("capacity IS NULL OR capacity > 0", "capacity_positive"),
        Index(None, "event_id", "starts_at"),
        Index(None, "starts_at"),  # who else is in a chair then, wherever that is
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(22), default=lambda: token_urlsafe(12))
    """Makes the calendar's name for it, together with the event's: fixed, and never given twice."""
    position: Mapped[int] = mapped_column(default=0)
    """Orders what begins at the same moment."""
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[SessionKind] = mapped_column(one_of(SessionKind), default=SessionKind.TALK)
    starts: Mapped[WallClock]
    ends: Mapped[WallClock]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    room: Mapped[str] = mapped_column(String(100), default="")
    track: Mapped[str] = mapped_column(String(100), default="")
    chair: Mapped[str] = mapped_column(String(200), default="")
    abstract: Mapped[str] = mapped_column(Text, default="")
    """Markdown."""
    slides_url: Mapped[str] = mapped_column(String(500), default="")
    capacity: Mapped[int | None]
    """Seats that are given out for this session alone; None: whoever comes to the event may sit in it."""
    sequence: Mapped[int] = mapped_column(default=0)
    """Raised with its title, time and room; calendars add the event's own (RFC 5545, 3.8.7.4)."""
    revised_at: Mapped[datetime]

    event: Mapped[Event] = relationship()
    speakers: Mapped[list["SessionSpeaker"]] = relationship(
        order_by="SessionSpeaker.position", cascade="all, delete-orphan"
    )

    def schedule(self, starts: datetime, ends: datetime, zone: str) -> None:
        """Set when it is, by the clocks of the event's zone; raises Refused for a time that cannot be."""
        self.starts_at, self.ends_at = instants(starts, ends, zone, all_day=False)
        self.starts, self.ends = starts, ends

    @property
    def zone(self) -> str:
        """By whose clocks it is: its event's."""
        return self.event.zone

    @property
    def confirm_minutes(self) -> int:
        """How long a seat that is offered in it is kept: as long as one at its event."""
        return self.event.confirm_minutes

    @property
    def answers_close_at(self) -> datetime:
        """Until when its seats are given out: it begins, or answers to the event close before that."""
        return min(self.starts_at, self.event.rsvp_closes_at or self.starts_at)

    def runs_beside(self, other: "Session") -> bool:
        """Whether nobody can be in both from beginning to end."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def on_at(self, now: datetime) -> bool:
        """Whether it runs at that moment."""
        return self.starts_at <= now < self.ends_at


class SessionSpeaker(Model):
    """Someone who speaks in a session, with a line about them."""

    __tablename__ = "session_speaker"

    session_id: Mapped[int] = mapped_column(ForeignKey("event_session.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    about: Mapped[str] = mapped_column(String(500), default="")
    key: Mapped[str] = mapped_column(String(120), default="", index=True)
    """Their page's address, which follows from the name (see `society.text.in_an_address`)."""

    @validates("name")
    def _lead_to_their_page(self, _field: str, name: str) -> str:
        self.key = in_an_address(name)
        return name


class SpeakerProfile(Model):
    """What organizers add to a speaker's name. Whoever speaks has a page; few have a row here.

    A person is linked here, once for each name, rather than to every talk.
    """

    __tablename__ = "speaker_profile"

    key: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    about: Mapped[str] = mapped_column(Text, default="")
    """Markdown."""
    same_as: Mapped[str | None] = mapped_column(String(120), index=True)
    """The key of the name under which this speaker's talks stand, if it is another; never one that leads on itself."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
