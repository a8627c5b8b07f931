"""Answers to events, and the log of what became of each."""

from datetime import datetime
from enum import StrEnum
from secrets import token_urlsafe

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    case,
    false,
    func,
    text,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from society.db import Model, one_of
from society.errors import Refused
from society.events.models import Event
from society.people.models import Person
from society.rows import fresh
from society.text import counted


class Answer(StrEnum):
    """What was said."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


class Way(StrEnum):
    """How they come to a hybrid event."""

    HERE = "here"
    ONLINE = "online"


class RsvpStatus(StrEnum):
    """What it came to. Only `confirmed` and `offered` take seats, and who joins online takes none."""

    UNCONFIRMED = "unconfirmed"
    PENDING = "pending"
    CONFIRMED = "confirmed"
    OFFERED = "offered"
    """Of one who waited, on the last day: theirs once they confirm it in time."""
    WAITLISTED = "waitlisted"
    DECLINED = "declined"
    MAYBE = "maybe"
    CANCELLED = "cancelled"


HELD = (RsvpStatus.CONFIRMED, RsvpStatus.OFFERED)
"""What takes seats, of those who do not join online."""
CONCERNED = (*HELD, RsvpStatus.WAITLISTED, RsvpStatus.PENDING, RsvpStatus.MAYBE)
"""Who is told when the event changes."""
REMOVED = "Removed by the organizers."
"""The reason in the log of an answer that they took back; it cannot be given again until they let it in."""
TURNED_DOWN = "The organizers could not offer a place."
"""The same of one that they were asked to decide."""
BY_FORM = "Answered {answer} on the event's page; the mailed link makes it count."
"""The same of a guest's that waits for them to open it."""
UNDONE = "Let in at the door by mistake; that was undone."
"""The same of one whom the door has made again what they were."""
ONE_OF_TWO = "Two records of one person became one"
"""How the step begins that says so; the steps of both come before it."""

FURTHEST = (
    RsvpStatus.CONFIRMED,
    RsvpStatus.OFFERED,
    RsvpStatus.WAITLISTED,
    RsvpStatus.PENDING,
    RsvpStatus.MAYBE,
    RsvpStatus.DECLINED,
    RsvpStatus.CANCELLED,
    RsvpStatus.UNCONFIRMED,
)
"""How far along an answer is, the furthest first; that somebody was kept out comes right after those that stand."""

OVER = (RsvpStatus.DECLINED, RsvpStatus.CANCELLED)
"""Of those who are out of it: calendars drop it."""
STANDING = (*HELD, RsvpStatus.PENDING, RsvpStatus.WAITLISTED)
"""Of those who come, or wait for it."""


class Rsvp(Model):
    """One person's answer to one event: the same row however often they change it."""

    __tablename__ = "rsvp"
    __table_args__ = (
        UniqueConstraint("event_id", "person_id"),
        CheckConstraint("party_size > 0", "party_positive"),
        # Seats are summed up from it alone.
        Index(None, "event_id", "status", "queued_at", "id", "party_size", "online"),
        Index(
            None,
            "event_id",
            "status",
            "party_size",
            sqlite_where=text("party_size > 1"),
            postgresql_where=text("party_size > 1"),
        ),
        Index(
            "ix_rsvp_online",
            "event_id",
            "status",
            "online",
            "party_size",
            sqlite_where=text("online = 1"),  # so that they are counted from it alone, and cost others nothing
            postgresql_where=text("online"),
        ),
        Index(
            None,
            "offered_until",
            sqlite_where=text("offered_until IS NOT NULL"),  # few rows, so that other writes do not pay for it
            postgresql_where=text("offered_until IS NOT NULL"),
        ),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    answer: Mapped[Answer] = mapped_column(one_of(Answer))
    party_size: Mapped[int] = mapped_column(default=1)
    """The person and their guests."""
    online: Mapped[bool] = mapped_column(default=False, server_default=false())
    """How a yes to a hybrid event is meant: they join online and take no seat, so they never wait for one."""
    note: Mapped[str] = mapped_column(String(500), default="")
    status: Mapped[RsvpStatus] = mapped_column(one_of(RsvpStatus))
    queued_at: Mapped[datetime | None]
    """Since when they wait for seats, None when they do not; the queue's order, then `id`."""
    offered_until: Mapped[datetime | None]
    """Until when a seat is kept for them to confirm (see `society.rsvps.last_day`)."""
    answered_at: Mapped[datetime]
    answered_stamp: Mapped[datetime | None]
    """When they last answered, also if that changed nothing; of what came by mail as its calendar program says. What
    was mailed before that and arrives after it is ignored (RFC 5546, 2.1.5). In whole seconds, as DTSTAMP is."""
    answered_sequence: Mapped[int | None]
    """The latest revision (SEQUENCE) that a calendar of theirs has answered."""
    sequence_beyond: Mapped[int] = mapped_column(default=0, server_default="0")
    """How far their own invitation's sequence is ahead of the event's. It rises when they are out of it, which no
    sequence of the event tells, and when they are in it again (RFC 5546, 2.1.4), and never falls."""
    checked_in_at: Mapped[datetime | None]
    arrived: Mapped[int | None]
    """How many of the party have come, while that is not all of them."""
    link_key: Mapped[str] = mapped_column(String(43), default=lambda: token_urlsafe(16))
    """Seals the mailed link that opens this answer (see `society.tokens`)."""

    event: Mapped[Event] = relationship()
    person: Mapped[Person] = relationship()

    def become(self, status: RsvpStatus, *, at: datetime, actor: Person | None, reason: str) -> "Transition":
        """Go on to `status`; the step is the log's row, for the caller to keep."""
        before, self.status = self.status, status
        if (before in OVER) != (status in OVER):
            self.sequence_beyond = (self.sequence_beyond or 0) + 1  # a new row has none yet
        if status is not RsvpStatus.WAITLISTED:
            self.queued_at = None
        if status is not RsvpStatus.OFFERED:
            self.offered_until = None
        if status is not RsvpStatus.CONFIRMED or self.online:
            self.undo_check_in()
        return fresh(
            Transition,
            rsvp=self,
            rsvp_id=self.id,
            at=at,
            actor_id=actor.id if actor else None,
            before=before,
            after=status,
            party_size=self.party_size,
            online=bool(self.online),
            reason=reason,
        )

    @property
    def decided_against(self) -> bool:
        """Whether the organizers said no, rather than the person."""
        return self.status is RsvpStatus.DECLINED and self.answer is not Answer.NO

    @property
    def stands(self) -> bool:
        """Whether it is a yes that holds seats, waits for them, or waits for the organizers."""
        return self.status in STANDING

    def is_told(self, now: datetime) -> bool:
        """Whether they are shown what only those who come are told (see `Online.instructions`)."""
        return self.status is RsvpStatus.CONFIRMED and self.event.tells_instructions(now)

    @hybrid_property
    def has_seat(self) -> bool:
        """Whether they are expected there."""
        return self.status is RsvpStatus.CONFIRMED and not self.online

    @has_seat.inplace.expression
    @classmethod
    def _has_seat(cls) -> ColumnElement[bool]:
        return and_(cls.status == RsvpStatus.CONFIRMED, cls.online.is_(False))

    @hybrid_property
    def takes_seats(self) -> bool:
        """Whether nobody else can have the seats of their party."""
        return self.status in HELD and not self.online

    @takes_seats.inplace.expression
    @classmethod
    def _takes_seats(cls) -> ColumnElement[bool]:
        return and_(cls.status.in_(HELD), cls.online.is_(False))

    @property
    def joins_online(self) -> bool:
        """Whether they are expected, and not there."""
        return self.status is RsvpStatus.CONFIRMED and self.online

    @property
    def is_left_out(self) -> bool:
        """Whether they would join online what cannot be joined so any more."""
        return self.online and self.stands and not self.event.online_url

    @property
    def waits_for_its_person(self) -> bool:
        """Whether it is a yes that does not count until they confirm it."""
        asked = self.status is RsvpStatus.UNCONFIRMED and self.answer is Answer.YES
        return asked or self.status is RsvpStatus.OFFERED

    @property
    def can_be_withdrawn(self) -> bool:
        return self.status not in (RsvpStatus.DECLINED, RsvpStatus.CANCELLED)

    def offer_holds(self, now: datetime) -> bool:
        """Whether a seat is kept for them to take: as long as was promised, even where answers were closed since."""
        return (
            self.offered_until is not None and now < self.offered_until and self.event.on and not self.event.begun(now)
        )

    def shows_ticket(self, now: datetime) -> bool:
        """Whether they have a seat at what takes place somewhere, and is not over yet."""
        return self.has_seat and not self.event.only_online and self.event.on and not self.event.over(now)

    def check_in(self, now: datetime, came: int | None = None) -> None:
        """They are at the door, all of them or so many. A second tap keeps the hour and counts those who followed."""
        self.may_come(came)
        self.checked_in_at = self.checked_in_at or now
        self.arrived = came if came is not None and came < self.party_size else None

    def may_come(self, came: int | None = None) -> None:
        """Refused where they have no seat, or not so many."""
        if not self.has_seat:
            raise Refused(f"{self.person.name} has no seat, so cannot be checked in.")
        if came is not None and came > self.party_size:
            raise Refused(
                f"{self.person.name} has {counted(self.party_size, 'seat')}. Let the others in by their names."
            )

    def resize(self, size: int) -> None:
        """They are so many from now on. Who is in stays in, as far as the party goes; who joins it is not."""
        came, self.party_size = self.came, size
        self.arrived = came if 0 < came < size else None

    def undo_check_in(self) -> None:
        self.checked_in_at = self.arrived = None

    @hybrid_property
    def came(self) -> int:
        """How many of them are in."""
        return 0 if self.checked_in_at is None else self.arrived or self.party_size

    @came.inplace.expression
    @classmethod
    def _came(cls) -> ColumnElement[int]:
        return case((cls.checked_in_at.is_(None), 0), else_=func.coalesce(cls.arrived, cls.party_size))


class FormerRsvp(Model):
    """The other of two answers of one person to one event, before the two became one: its link opens the one that
    stayed."""

    __tablename__ = "former_rsvp"

    rsvp_id: Mapped[int] = mapped_column(ForeignKey("rsvp.id", ondelete="CASCADE"), index=True)
    number: Mapped[int] = mapped_column(index=True)
    link_key: Mapped[str] = mapped_column(String(43))


class Transition(Model):
    """One step in an RSVP's life, readable by the person it is about."""

    __tablename__ = "rsvp_transition"

    rsvp_id: Mapped[int] = mapped_column(ForeignKey("rsvp.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    """None: the program itself, as when a seat became free."""
    before: Mapped[RsvpStatus | None] = mapped_column(one_of(RsvpStatus))
    after: Mapped[RsvpStatus] = mapped_column(one_of(RsvpStatus))
    party_size: Mapped[int]
    online: Mapped[bool] = mapped_column(default=False, server_default=false())
    reason: Mapped[str] = mapped_column(String(200))
    """A sentence for the person whose answer it is."""

    rsvp: Mapped[Rsvp] = relationship()
