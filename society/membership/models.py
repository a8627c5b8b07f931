"""Tiers of membership and the periods for which people hold them."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from society.db import Model, one_of
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


class Choice(StrEnum):
    """Who may choose a tier."""

    ANYONE = "anyone"
    INVITATION = "invitation"
    SECRETARY = "secretary"
    """Only the secretary gives it."""


class ProRata(StrEnum):
    """What is paid for a calendar year that has begun."""

    NONE = "none"
    MONTHS = "months"
    """A twelfth for each month, the one of joining included."""


class Covers(StrEnum):
    """Whom a membership is for."""

    PERSON = "person"
    HOUSEHOLD = "household"
    ORGANIZATION = "organization"


def age_on(born_on: date, on: date) -> int:
    """In whole years."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


LONGEST_GRACE = timedelta(days=730)
"""A bound on days of grace, so that lists need not look at periods that ended long ago."""


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
    """Whether anybody can still begin it; periods that have begun stay as they are."""
    choice: Mapped[Choice] = mapped_column(one_of(Choice), default=Choice.ANYONE)
    joining_fee: Mapped[int] = mapped_column(default=0)
    """Once, with the first period, in minor units."""
    pro_rata: Mapped[ProRata] = mapped_column(one_of(ProRata), default=ProRata.NONE)
    grace_days: Mapped[int] = mapped_column(default=0)
    """How long after the last day of a period a member stays in good standing."""
    youngest: Mapped[int | None]
    """The least age in years on the day a period begins."""
    oldest: Mapped[int | None]
    """The greatest age in years on that day."""
    proof: Mapped[str] = mapped_column(String(200), default="")
    """What applicants are asked to show, such as "Your student card: number and university"; empty asks nothing."""
    covers: Mapped[Covers] = mapped_column(one_of(Covers), default=Covers.PERSON)
    places: Mapped[int] = mapped_column(default=1)
    """How many people one payer's membership can cover, the payer included."""
    position: Mapped[int] = mapped_column(default=0)

    @property
    def asks_age(self) -> bool:
        return self.youngest is not None or self.oldest is not None

    def is_open_to(self, born_on: date | None, on: date) -> bool:
        """Whether somebody born then is of the right age on that day; who was born on 29 February has a birthday on
        1 March in other years. Nobody is turned away for a date that is not known."""
        if born_on is None:
            return True
        age = age_on(born_on, on)
        return (self.youngest is None or age >= self.youngest) and (self.oldest is None or age <= self.oldest)

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
    """One step in a person's membership: a period, or what ended one. Rows are added, never rewritten.

    A row stands on a day if the day lies within it and no row that replaces it has begun by then. So applying,
    being admitted, renewing, changing tier, resigning, lapsing and being restored each add a row, and the register can
    be read as of any day: who applied is replaced by who was admitted or rejected; a period by the row that ended it.
    Whoever is covered by another's membership (a household, an organization) has rows of their own.
    """

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", "runs_forwards"),
        Index(None, "person_id", "starts_on"),
        Index(None, "status", "ends_on", "person_id"),
        Index(None, "status", "good_until", "ends_on"),
        Index(None, "status", "starts_on", "person_id"),
        Index(None, "replaces_id", "starts_on"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    tier_id: Mapped[int] = mapped_column(ForeignKey("tier.id"))
    status: Mapped[Status] = mapped_column(one_of(Status))
    starts_on: Mapped[date]
    """For an application, the day it was made."""
    ends_on: Mapped[date | None]
    """The last day; None is for life, or for as long as nothing replaces it."""
    good_until: Mapped[date | None]
    """The last day of good standing: `ends_on` and the tier's days of grace, as they were when the row was added."""
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    """The row that this one takes the place of, from its own first day on."""
    covered_by_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"), index=True)
    """The payer's row, for someone whom a household's or organization's membership covers."""
    covers_name: Mapped[str] = mapped_column(String(200), default="")
    """What the household or organization is called, on the payer's row; how the payer calls them, on the rows of
    those covered."""
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    """None: the person themselves, or the program."""
    answers: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    """Of an application: what was asked and said, as [{"question": …, "answer": …}]."""
    proof: Mapped[str] = mapped_column(String(500), default="")
    applied_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    decision_note: Mapped[str] = mapped_column(Text, default="")

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    tier: Mapped[Tier] = relationship(lazy="joined")

    @property
    def name(self) -> str:
        """How the audit log calls it."""
        return f"{self.person.name}, {self.tier.name}"


# For who stands on a day, and by which tier: from it alone, the latest first, and also before any statistics.
Index(
    "ix_membership_standing",
    Membership.person_id,
    Membership.status,
    Membership.starts_on.desc(),
    Membership.good_until,
    Membership.tier_id,
)


class ApplicationMessage(Model):
    """What the secretary asked an applicant back, or what they answered."""

    __tablename__ = "application_message"

    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    from_applicant: Mapped[bool]
    text: Mapped[str] = mapped_column(Text)


class Invitation(Model):
    """A link by which somebody may choose a tier that is given by invitation only. Only the secret's hash is stored."""

    __tablename__ = "invitation"

    tier_id: Mapped[int] = mapped_column(ForeignKey("tier.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    sent_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    tier: Mapped[Tier] = relationship()
