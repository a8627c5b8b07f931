"""What members owe and what was paid: a ledger to which rows are added, and none changed or taken away."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from society.db import Base, Model, one_of
from society.membership.models import Membership, Tier
from society.people.models import Person


class DueKind(StrEnum):
    """What an amount is owed for."""

    DUES = "dues"
    JOINING_FEE = "joining_fee"
    OTHER = "other"


class Method(StrEnum):
    """How an amount came in."""

    CASH = "cash"
    TRANSFER = "transfer"
    CHEQUE = "cheque"
    CARD = "card"
    """On a terminal or a site of somebody else's."""
    WAIVED = "waived"
    """It did not, and is not asked for any more."""


class Due(Model):
    """An amount that a person owes: one invoice. What was wrong is put right by a counter-entry."""

    __tablename__ = "due"
    __table_args__ = (
        CheckConstraint("period_ends_on IS NULL OR period_starts_on <= period_ends_on", "runs_forwards"),
        Index(None, "person_id", "issued_on"),
    )

    number: Mapped[int] = mapped_column(unique=True)
    """The invoice's running number."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[DueKind] = mapped_column(one_of(DueKind))
    amount: Mapped[int]
    """In minor units; negative for a counter-entry."""
    currency: Mapped[str] = mapped_column(String(3))
    """ISO 4217."""
    issued_on: Mapped[date] = mapped_column(index=True)
    due_on: Mapped[date]
    tier_id: Mapped[int | None] = mapped_column(ForeignKey("tier.id"))
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"), index=True)
    """The period it is for; for a renewal, the period that it is to follow."""
    renews: Mapped[bool] = mapped_column(default=False)
    """Whether paying it adds the period named below, after `membership_id`."""
    period_starts_on: Mapped[date | None]
    period_ends_on: Mapped[date | None]
    about: Mapped[str] = mapped_column(String(200), default="")
    credits_id: Mapped[int | None] = mapped_column(ForeignKey("due.id"), unique=True)
    """The entry that this one takes back."""
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    tier: Mapped[Tier | None] = relationship()
    membership: Mapped[Membership | None] = relationship()

    @property
    def name(self) -> str:
        """How the audit log and the ledger call it."""
        return f"Credit note {self.number}" if self.credits_id else f"Invoice {self.number}"


class Payment(Model):
    """An amount that came in, or, negative, went back."""

    __tablename__ = "payment"
    __table_args__ = (CheckConstraint("amount <> 0", "not_nothing"), Index(None, "person_id", "received_on"))

    receipt: Mapped[int | None] = mapped_column(unique=True)
    """The running number of its receipt; a waiver has none."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    due_id: Mapped[int | None] = mapped_column(ForeignKey("due.id"), index=True)
    """What it pays; None is a credit that stands open."""
    amount: Mapped[int]
    """In minor units; negative for a refund."""
    currency: Mapped[str] = mapped_column(String(3))
    method: Mapped[Method] = mapped_column(one_of(Method))
    received_on: Mapped[date] = mapped_column(index=True)
    note: Mapped[str] = mapped_column(String(300), default="")
    refunds_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), index=True)
    """The payment that this one gives back."""
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    due: Mapped[Due | None] = relationship()

    @property
    def moves_credit(self) -> bool:
        """Whether no money changed hands: what was paid too much for one thing was used for another."""
        return self.receipt is None and self.method is not Method.WAIVED

    @property
    def name(self) -> str:
        """How the audit log and the ledger call it."""
        if self.receipt:
            return f"{'Refund' if self.amount < 0 else 'Receipt'} {self.receipt}"
        return "Credit used" if self.moves_credit else "Waived"


class LineState(StrEnum):
    """What became of a line of a bank statement."""

    OPEN = "open"
    MATCHED = "matched"
    IGNORED = "ignored"


class BankLine(Model):
    """One credit on a bank statement, kept so that the same statement can be read in twice."""

    __tablename__ = "bank_line"

    digest: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of what tells this line from others of the statement, and how many the same came before it."""
    booked_on: Mapped[date]
    amount: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    payer: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[LineState] = mapped_column(one_of(LineState), default=LineState.OPEN, index=True)
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), index=True)
    read_at: Mapped[datetime]

    payment: Mapped[Payment | None] = relationship()


class BankFile(Model):
    """A statement that waits for somebody to say which of its columns is what; gone when it is read, or a day later."""

    __tablename__ = "bank_file"

    content: Mapped[bytes] = mapped_column(LargeBinary)
    uploaded_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)


ON_LAPSE = -10_000
"""Stands for the letter on the lapse itself; no reminder is so far from the end."""


class StoppedReminder(Model):
    """A letter about renewing that somebody keeps from being written; the row is gone when that is taken back."""

    __tablename__ = "stopped_reminder"
    __table_args__ = (UniqueConstraint("membership_id", "days"),)

    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"))
    """The period whose end it would have told of."""
    days: Mapped[int]
    """Which one: so many days before the end, or `ON_LAPSE`."""
    stopped_at: Mapped[datetime]

    period: Mapped[Membership] = relationship()


class Counter(Base):
    """The last number given out of a run without gaps."""

    __tablename__ = "counter"

    key: Mapped[str] = mapped_column(String(20), primary_key=True)
    """"invoice" or "receipt"."""
    number: Mapped[int] = mapped_column(default=0)
