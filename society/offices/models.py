"""Offices and committees, and who held them when."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from society.db import Model, one_of
from society.people.models import Person, RoleName


class Office(Model):
    """A title in the society, or in one of its committees."""

    __tablename__ = "office"

    title: Mapped[str] = mapped_column(String(100))
    committee: Mapped[str] = mapped_column(String(100), default="")
    """Empty: an office of the society itself."""
    about: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(default=0)
    role: Mapped[RoleName | None] = mapped_column(one_of(RoleName))
    """What whoever holds it may do here, for as long as they hold it."""


class Term(Model):
    """One person in one office, from a day to a day."""

    __tablename__ = "term"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", "runs_forwards"),
        Index(None, "office_id", "starts_on"),
    )

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    """The last day; None: until a successor is named."""

    office: Mapped[Office] = relationship(lazy="joined")
    person: Mapped[Person] = relationship()
