"""The outbox: every letter is a row, written in the same transaction as the reason for it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    and_,
    false,
    text,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from society.db import Model, one_of
from society.fields import on_one_line
from society.languages import ENGLISH, LONGEST_CODE
from society.phrases import marked


class LetterState(StrEnum):
    """Where a letter stands. What a worker has in hands is a claim with an end, so that a killed worker's letters are
    taken up again."""

    HELD = "held"
    """Waits for the next digest of its reader (see `society.mail.rhythm`)."""
    GATHERED = "gathered"
    """Its text has gone into a digest, which is a letter of its own; it is not sent by itself."""
    TIMED = "timed"
    """Is written anew when it is due, by an hour of its reader's own clock or since its event has changed (see
    `society.notices.timed`)."""
    QUEUED = "queued"
    CLAIMED = "claimed"
    """By a worker, which has not begun to send it: it can still be kept back."""
    SENDING = "sending"
    """On its way. Where its worker was killed, it may have left or not."""
    SENT = "sent"
    REFUSED = "refused"


GONE_OUT = (LetterState.SENT, LetterState.GATHERED)
WAITING = (LetterState.QUEUED, LetterState.HELD, LetterState.TIMED, LetterState.CLAIMED)
"""In the outbox, and not on its way: it can still be kept back."""
OPEN_ENDS = 2
"""After so many no letter is handed over again, but where somebody says so who has looked."""
TWICE = (
    "It was handed over twice, and neither time could be learnt whether it was taken: it may have arrived once, twice "
    "or not at all. See whether it has, then try it again."
)
IN_HANDS = (LetterState.CLAIMED, LetterState.SENDING)


class MailingList(StrEnum):
    """What a person can stop getting; letters on no list (receipts, confirmations, security) always go."""

    ANNOUNCEMENTS = "announcements"
    INVITATIONS = "invitations"
    REMINDERS = "reminders"
    NEWSLETTER = "newsletter"

    @property
    def about(self) -> str:
        """What comes on it, within a sentence."""
        return {
            MailingList.ANNOUNCEMENTS: marked("announcements of events"),
            MailingList.INVITATIONS: marked("invitations to events"),
            MailingList.REMINDERS: marked("reminders of events"),
            MailingList.NEWSLETTER: marked("newsletters and minutes"),
        }[self]


_TO_NO_PERSON = text("person_id IS NULL AND to_address <> ''")
"""Of an address that is erased, only that something was written to it stays."""


_GATHERED = text("gathered_in_id IS NOT NULL")


class Letter(Model):
    """One message to one person, once per reason."""

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("person_id", "reason"),
        Index(None, "to_address", "reason", unique=True, sqlite_where=_TO_NO_PERSON, postgresql_where=_TO_NO_PERSON),
        Index(None, "state", "halted", "bulk", "due_at"),
        Index(None, "gathered_in_id", sqlite_where=_GATHERED, postgresql_where=_GATHERED),
    )

    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    to_name: Mapped[str] = mapped_column(String(200))
    to_address: Mapped[str] = mapped_column(String(254), index=True)
    reason: Mapped[str] = mapped_column(String(100))
    """Why it is written, such as "notice:12"; unique for a person, or for an address that belongs to none, so that
    nothing is written twice."""
    message_id: Mapped[str] = mapped_column(String(200), index=True)
    """Fixed at writing (RFC 5322, 3.6.4), so that a letter sent twice is one letter to its reader."""
    subject: Mapped[str] = mapped_column(String(250))
    body: Mapped[str] = mapped_column(Text)
    """What it says, in Markdown; plain text and HTML are made of it when it is sent or looked at."""
    language: Mapped[str] = mapped_column(String(LONGEST_CODE), default=ENGLISH, server_default=ENGLISH)
    """That it is in (BCP 47), and with it what stands around its body."""
    calendar: Mapped[bytes | None] = mapped_column(LargeBinary)
    """An event to attach as an `.ics` file."""
    enclosed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """A letter as it came to us, to attach; forgotten once it is sent."""
    reply_to: Mapped[str | None] = mapped_column(String(254))
    mailing_list: Mapped[MailingList | None] = mapped_column(one_of(MailingList))
    secret: Mapped[bool] = mapped_column(default=False)
    """It carries a one-time link: its body is blanked once it is sent."""
    thread: Mapped[str | None] = mapped_column(String(50))
    """What it is about, such as "event-12": mail programs show letters about the same thing together."""
    bulk: Mapped[bool] = mapped_column(default=False, server_default=false())
    """One of many of a kind: what somebody waits for, such as a link to sign in, passes in front of it."""
    halted: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Staff keep it back: it is not taken up for sending, nor gathered, until they let it go on."""

    state: Mapped[LetterState] = mapped_column(one_of(LetterState), default=LetterState.QUEUED)
    written_at: Mapped[datetime]
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    claimed_by: Mapped[str | None] = mapped_column(String(24))
    """The mark of the worker that claimed it last (see `society.mail.alive`)."""
    attempts: Mapped[int] = mapped_column(default=0)
    """How often it was offered to a server that was there."""
    open_ends: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """How often it was handed over, and nobody knows whether it was taken. It is counted as it sets out and taken back
    once its fate is known, so that it is right however its worker ends."""
    last_error: Mapped[str | None] = mapped_column(String(500))
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    bounced_at: Mapped[datetime | None]
    """Since when it is known that it was taken and yet did not arrive."""
    gathered_in_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id"))
    acted_at: Mapped[datetime | None]
    """When its reader first did something by what it brought: a link in it, or an invitation (see `society.mail.acts`).
    That somebody read it is not known, and not looked for."""

    gathered_in: Mapped["Letter | None"] = relationship(remote_side="Letter.id")
    """The digest that brings it."""

    @property
    def notice_id(self) -> int | None:
        """The notice that it is the letter of, if it is of one."""
        kind, _, number = self.reason.partition(":")
        return int(number) if kind == "notice" and number.isdecimal() else None

    def act(self, now: datetime) -> None:
        """Its reader has done something by it."""
        self.acted_at = self.acted_at or now

    def hold(self, until: datetime) -> None:
        """It is not sent by itself before then; it is gathered with others."""
        self.state, self.due_at = LetterState.HELD, until

    def gather(self, digest: "Letter") -> None:
        """That one brings it, and so tells how it stands from now on."""
        self.state, self.gathered_in_id = LetterState.GATHERED, digest.id

    def release(self, now: datetime) -> None:
        """Its digest does not leave as it is; it waits for another, which is due."""
        self.gathered_in_id = None
        self.hold(now)

    def keep_until(self, hour: datetime) -> None:
        """It is not sent before then, and written anew."""
        self.state, self.due_at = LetterState.TIMED, hour

    def rewrite(self, anew: "Letter") -> None:
        """Say what that one says, to where that one goes: what it is about may have changed while it waited."""
        for name in ("to_name", "to_address", "subject", "body", "language", "calendar", "written_at"):
            setattr(self, name, getattr(anew, name))

    @hybrid_property
    def may_have_arrived(self) -> bool:
        """It goes out no more by itself, and nobody knows whether it was taken when it did."""
        return self.state is LetterState.REFUSED and self.open_ends > 0

    @may_have_arrived.inplace.expression
    @classmethod
    def _may_have_arrived(cls) -> ColumnElement[bool]:
        return and_(cls.state == LetterState.REFUSED, cls.open_ends > 0)

    def set_out(self, until: datetime) -> None:
        """It is being handed over, by a worker that claims it until then."""
        self.state, self.claimed_until = LetterState.SENDING, until
        self.attempts += 1
        self.open_ends += 1

    def succeed(self, now: datetime) -> None:
        """It was taken. What was secret in it is forgotten."""
        self.state, self.sent_at, self.claimed_until, self.last_error = LetterState.SENT, now, None, None
        self.enclosed = None
        if self.secret:
            self.body = ""

    def put_off(self, until: datetime, error: str) -> None:
        """It was not taken, or nobody knows; try again then."""
        self.last_error = _kept(error)
        self._wait(until)

    def wait_for_server(self, until: datetime, error: str) -> None:
        """It was offered to nobody, since no server was there or let us in: that is no attempt."""
        self.put_off(until, error)
        self.attempts -= 1

    def refuse(self, error: str) -> None:
        """It cannot be sent."""
        self.state, self.claimed_until, self.last_error = LetterState.REFUSED, None, _kept(error)

    def bounce(self, answer: str, now: datetime) -> None:
        """A mail server reports that it did not arrive."""
        self.bounced_at, self.last_error = self.bounced_at or now, _kept(answer)

    def queue_again(self, now: datetime) -> None:
        """Start over, as when whatever kept it from being sent has been put right; where it may have arrived, it is
        handed over without a known end once more at most."""
        self.attempts, self.open_ends = 0, min(self.open_ends, OPEN_ENDS - 1)
        self._wait(now)

    def _wait(self, until: datetime) -> None:
        """What may have left stays known as such."""
        self.state = LetterState.SENDING if self.open_ends else LetterState.QUEUED
        self.due_at, self.claimed_until, self.claimed_by = until, until if self.open_ends else None, None


def _kept(said: str) -> str:
    """What others said, as far as it is kept: no database takes all that can come over the wire."""
    return on_one_line(said)[:500]


class Offer(Model):
    """That a letter was offered to a mail server, where it is counted how many are (see `society.mail.throttle`)."""

    __tablename__ = "offer"

    at: Mapped[datetime] = mapped_column(index=True)
    domain: Mapped[str] = mapped_column(String(254))


class OptOut(Model):
    """A person who does not want a list."""

    __tablename__ = "opt_out"
    __table_args__ = (UniqueConstraint("person_id", "mailing_list"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    mailing_list: Mapped[MailingList] = mapped_column(one_of(MailingList))
    at: Mapped[datetime]


class DeadAddress(Model):
    """An address that a mail server refused for good: nothing more is sent to it, save what its owner asks for.

    Staff lift it, or whoever opens what was mailed to it.
    """

    __tablename__ = "dead_address"

    address: Mapped[str] = mapped_column(String(254), unique=True)
    at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(String(500))


class OwnWording(Model):
    """What the society has put in the place of a built-in wording, with fields in double braces."""

    __tablename__ = "own_wording"
    __table_args__ = (UniqueConstraint("of", "language"),)

    of: Mapped[str] = mapped_column(String(20))
    """A kind of notice, or what else has a wording, such as `thanks`."""
    language: Mapped[str] = mapped_column(String(35), default="", server_default="")
    """A further language, in which it stands beside the main one; empty for that."""
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)

    @property
    def name(self) -> str:
        """How the audit log calls it."""
        return f"Wording: {self.of}" + (f" ({self.language})" if self.language else "")
