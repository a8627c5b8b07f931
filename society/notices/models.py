"""Notices: what the society says to many, and to whom it went."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, String, Table, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from society.db import Base, Model, WallClock, one_of
from society.events.models import Event, Visibility
from society.languages import LONGEST_CODE
from society.mail.models import Letter, MailingList
from society.people.models import Person
from society.rsvps.selection import LONGEST


class NoticeKind(StrEnum):
    """What a notice is; it decides the built-in wording and the list one can leave."""

    ANNOUNCEMENT = "announcement"
    INVITATION = "invitation"
    REMINDER = "reminder"
    CHANGE = "change"
    CANCELLATION = "cancellation"
    MINUTES = "minutes"
    NEWSLETTER = "newsletter"
    MEETING = "meeting"
    """A general meeting: every member is called to it, in time and with its agenda."""
    MEMORIAM = "memoriam"
    RENEWAL = "renewing"
    """A call to all of them to renew; each one's own reminder goes out by itself (see `society.dues.renewals`)."""

    @property
    def label(self) -> str:
        """How it is called."""
        names = {
            NoticeKind.MEETING: "General meeting",
            NoticeKind.MEMORIAM: "In memoriam",
            NoticeKind.RENEWAL: "Renewal",
        }
        return names.get(self, self.capitalize())

    @property
    def mailing_list(self) -> MailingList | None:
        """The list it goes out on; news of a change, and the calls to a general meeting and to renew, reach
        everyone they concern."""
        return {
            NoticeKind.ANNOUNCEMENT: MailingList.ANNOUNCEMENTS,
            NoticeKind.INVITATION: MailingList.INVITATIONS,
            NoticeKind.REMINDER: MailingList.REMINDERS,
            NoticeKind.MINUTES: MailingList.NEWSLETTER,
            NoticeKind.NEWSLETTER: MailingList.NEWSLETTER,
            NoticeKind.MEMORIAM: MailingList.ANNOUNCEMENTS,
        }.get(self)

    @property
    def can_wait(self) -> bool:
        """Whether it may come with a digest: a week after a death, the funeral may be over."""
        return self is not NoticeKind.MEMORIAM

    @property
    def needs_event(self) -> bool:
        return self not in _ABOUT_ANYTHING


_ABOUT_ANYTHING = (
    NoticeKind.ANNOUNCEMENT,
    NoticeKind.MINUTES,
    NoticeKind.NEWSLETTER,
    NoticeKind.MEMORIAM,
    NoticeKind.RENEWAL,
)


CHANGES = (NoticeKind.CHANGE, NoticeKind.CANCELLATION)


class Audience(StrEnum):
    """Whom a notice is for."""

    MEMBERS = "members"
    ANSWERED = "answered"
    GOING = "going"
    WAITING = "waiting"
    CAME = "came"
    CONCERNED = "concerned"
    """Whoever a change of the event concerns: those who answered, and those invited by calendar who have not yet.
    Without one, whoever any of `Notice.events` concerns."""
    BEHIND = "behind"
    FOUND = "found"
    """Chosen on the list of an event's answers (see `Notice.found`)."""
    REGISTER = "register"
    """Whom the register finds by its filters (see `Notice.found`)."""
    OFFICERS = "officers"
    """Whoever holds an office now: any, one of the society itself, or one in a committee (see `Notice.found`)."""
    INVITED = "invited"
    """Whom an invitation to the event has left for, and who has not answered."""
    LAST = "last"
    """Who was checked in at the event before it (see `queries.last_time`)."""
    EVERYONE = "everyone"

    @property
    def needs_event(self) -> bool:
        return self not in (Audience.MEMBERS, Audience.REGISTER, Audience.OFFICERS, Audience.EVERYONE)

    @property
    def may_be_guests(self) -> bool:
        """Whether it can hold people who may not see what is for members only, and never were let in to it."""
        return self in (Audience.REGISTER, Audience.OFFICERS, Audience.INVITED, Audience.LAST, Audience.EVERYONE)

    @property
    def label(self) -> str:
        """The audience within a sentence."""
        return {
            Audience.MEMBERS: "members in good standing",
            Audience.ANSWERED: "all who answered: going, waiting or perhaps",
            Audience.GOING: "those who are going",
            Audience.WAITING: "those on the waiting list",
            Audience.CAME: "those who came",
            Audience.CONCERNED: "all who answered, and the invited who have not yet",
            Audience.BEHIND: "those whose own calendar does not show the last change yet",
            Audience.FOUND: "those chosen on the list of answers",
            Audience.REGISTER: "those whom the register finds",
            Audience.OFFICERS: "those who hold an office now",
            Audience.INVITED: "those who were invited and have not answered",
            Audience.LAST: "those who came last time",
            Audience.EVERYONE: "everyone we know, members and guests",
        }[self]


OWN_OFFICES = "own"
IN_COMMITTEE = "committee="
"""What stands in `Notice.found` for the offices of the society itself, and before the name of a committee."""


notice_event = Table(
    "notice_event",
    Base.metadata,
    Column("notice_id", ForeignKey("notice.id", ondelete="CASCADE"), primary_key=True),
    Column("event_id", ForeignKey("event.id", ondelete="CASCADE"), primary_key=True, index=True),
)
"""Which events a newsletter tells of, or news of several at once."""


class Notice(Model):
    """Kind, audience, subject and body; the body is Markdown with merge fields."""

    __tablename__ = "notice"

    kind: Mapped[NoticeKind] = mapped_column(one_of(NoticeKind))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"), index=True)
    audience: Mapped[Audience] = mapped_column(one_of(Audience))
    found: Mapped[str] = mapped_column(String(LONGEST), default="", server_default="")
    """Who was chosen on the list of answers, as `Selection.query` tells it; or in the register, as its address does;
    or of which offices, see `IN_COMMITTEE`."""
    tier_id: Mapped[int | None] = mapped_column(ForeignKey("tier.id"), index=True)
    city: Mapped[str] = mapped_column(String(100), default="", server_default="")
    reads: Mapped[str] = mapped_column(String(LONGEST_CODE), default="", server_default="")
    """Of those, only who holds that tier in good standing, who lives there, and who reads that language (BCP 47)
    or a variant of it; None and empty for all."""
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    """When it was handed to the post office; from then on it is not edited."""
    said_subject: Mapped[str | None] = mapped_column(String(250))
    said_body: Mapped[str | None] = mapped_column(Text)
    """What it said then to all at once, filled; its event may say something else by now."""
    asks: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether its letters put the event into their readers' calendars as an invitation that can be answered there."""
    planned_at: Mapped[datetime | None] = mapped_column(index=True)
    """When it is sent by itself, while it is a draft: to whom it is for then, as everything stands then."""
    own_hour: Mapped[WallClock | None]
    """What each reader's own clock is to show when their letter leaves; None: all leave at once."""
    was_at: Mapped[datetime | None]
    was_zone: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """When its event was to begin before the change that it tells of, and by which clocks that was told."""
    of_each: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Of news of several events, what has changed about one of them alone (see `OwnNews`), by its number."""
    leaves_at: Mapped[datetime | None]
    """When its first letter leaves; until then it can be taken back."""
    paused_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    """Since when the letters that have not left are kept back: for a while, or until somebody decides anew."""

    event: Mapped[Event | None] = relationship()
    events: Mapped[list[Event]] = relationship(secondary=notice_event, order_by=(Event.starts_at, Event.id))
    """What it tells of besides, where its text has `{{ events }}` (see `society.notices.newsletter`)."""
    author: Mapped[Person | None] = relationship()
    versions: Mapped[list["NoticeVersion"]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="NoticeVersion.language"
    )
    """What it says in other languages (see `society.notices.versions`)."""

    @property
    def halted(self) -> bool:
        """Whether those of its letters that have not left are kept back."""
        return bool(self.paused_at or self.stopped_at)

    def waits(self, now: datetime) -> bool:
        """Whether it is handed over, and its first letter's time has not come."""
        return self.leaves_at is not None and now < self.leaves_at

    @property
    def for_members_only(self) -> bool:
        """Whether of its audience only members get it, since its event is for nobody else to know of."""
        hidden = self.event is not None and self.event.visibility is Visibility.MEMBERS
        return hidden and self.audience.may_be_guests

    @property
    def name(self) -> str:
        """How the audit log calls it."""
        return f"{self.kind.label}: {self.event.title if self.event else self.subject}"


class NoticeVersion(Model):
    """What a notice says to those who read a further language."""

    __tablename__ = "notice_version"
    __table_args__ = (UniqueConstraint("notice_id", "language"),)

    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(35))
    """BCP 47, as people have it (see `Person.language`)."""
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)


class Delivery(Model):
    """One recipient of a notice. How it stands is how its letter stands; without one, it goes by post or not at all."""

    __tablename__ = "delivery"
    __table_args__ = (UniqueConstraint("notice_id", "person_id"),)

    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id"))

    notice: Mapped[Notice] = relationship()
    person: Mapped[Person] = relationship()
    letter: Mapped[Letter | None] = relationship()
