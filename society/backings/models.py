"""The record of what organizations were asked and said: who gave which word, when, for which version of an event."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from society.db import Model, one_of
from society.events.models import Backing
from society.people.models import Person


class Word(StrEnum):
    """What was done or said."""

    ASKED = "asked"
    REMINDED = "reminded"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    VOUCHED = "vouched"
    ASKED_AGAIN = "asked again"
    TAKEN_BACK = "taken back"
    TAKEN_ALONG = "taken along"
    HANDED_OVER = "handed over"


class BackingStep(Model):
    """One step in the life of a backing; only added."""

    __tablename__ = "backing_step"

    backing_id: Mapped[int] = mapped_column(ForeignKey("backing.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    word: Mapped[Word] = mapped_column(one_of(Word))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    """The organizer; None for the organization's contact, and for what the program did."""
    name: Mapped[str] = mapped_column(String(200), default="")
    title: Mapped[str] = mapped_column(String(200), default="")
    """Who spoke for the organization, and in what capacity."""
    address: Mapped[str] = mapped_column(String(254), default="", server_default="", index=True)
    """By whose link they spoke: that of a contact who may have been replaced since, and may ask to be forgotten."""
    version: Mapped[dict[str, str]] = mapped_column(JSON)
    """The event as it stood: title, when, place, description, and the wording that names its backers."""

    backing: Mapped[Backing] = relationship()
    by: Mapped[Person | None] = relationship()
