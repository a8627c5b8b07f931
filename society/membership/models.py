"""Tiers of membership and the periods for which people hold them."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from society.db import Model, one_of
from society.errors import Refused
from society.people.models import Person
from society.times import months_later


class Period(StrEnum):
    """How long a membership lasts once it begins."""

    CALENDAR_YEAR = "calendar_year"
    MONTHS = "months"
    LIFE = "life"


class Status(StrEnum):
    """Where a period of membership stands."""

    APPLIED = "applied"
    ACTIVE = "active"
    LAPSED = "lapsed"
    RESIGNED = "resigned"
    REJECTED = "rejected"


class Tier(Model):
    """A kind of membership that the society offers."""

    __tablename__ = "tier"
    __table_args__ = (
        CheckConstraint("dues >= 0", "dues_not_negative"),
        CheckConstraint("months > 0", "months_positive"),
    )

    name: Mapped[str] = mapped_column(String(100), unique=True)
    about: Mapped[str] = mapped_column(Text, default="")
    dues: Mapped[int] = mapped_column(default=0)
    """For one period, in the currency's minor unit (cents)."""
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    """ISO 4217."""
    period: Mapped[Period] = mapped_column(one_of(Period), default=Period.CALENDAR_YEAR)
    months: Mapped[int] = mapped_column(default=12)
    """The length of a period of kind `months`."""
    needs_approval: Mapped[bool] = mapped_column(default=True)
    offered: Mapped[bool] = mapped_column(default=True)
    """Whether `/join` shows it."""
    position: Mapped[int] = mapped_column(default=0)

    def last_day(self, starts_on: date) -> date | None:
        """The last day of a period that starts then; None is for life."""
        match self.period:
            case Period.LIFE:
                return None
            case Period.CALENDAR_YEAR:
                return date(starts_on.year, 12, 31)
            case Period.MONTHS:
                return months_later(starts_on, self.months) - timedelta(days=1)


class Membership(Model):
    """One period of one person. Renewing adds a row; an old one is never rewritten."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", "runs_forwards"),
        Index(None, "person_id", "starts_on"),
        Index(None, "status", "ends_on"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    tier_id: Mapped[int] = mapped_column(ForeignKey("tier.id"))
    status: Mapped[Status] = mapped_column(one_of(Status))
    starts_on: Mapped[date]
    """For an application, the day it was made."""
    ends_on: Mapped[date | None]
    """The last day; None is for life."""
    applied_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    decision_note: Mapped[str] = mapped_column(Text, default="")

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    tier: Mapped[Tier] = relationship(lazy="joined")

    def admit(self, today: date, now: datetime, by: Person | None) -> None:
        """Turn an application into membership from today on."""
        self._decide(Status.ACTIVE, now, by)
        self.starts_on, self.ends_on = today, self.tier.last_day(today)

    @property
    def name(self) -> str:
        """How the audit log calls it."""
        return f"{self.person.name}, {self.tier.name}"

    def reject(self, note: str, now: datetime, by: Person) -> None:
        """Turn an application down, with the reason as the applicant reads it."""
        self._decide(Status.REJECTED, now, by)
        self.decision_note = note

    def _decide(self, status: Status, now: datetime, by: Person | None) -> None:
        if self.status is not Status.APPLIED:
            raise Refused("This application has been decided already.")
        self.status, self.decided_at, self.decided_by_id = status, now, by.id if by else None
