"""Which mail has been read already, and what times people would rather have an event at."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from society.db import Model, WallClock, one_of
from society.people.models import Person


class ReceivedMessage(Model):
    """A message that was dealt with: a mail server that hands it over twice changes nothing the second time."""

    __tablename__ = "received_message"

    digest: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of its Message-ID or, without one, of all of it."""
    received_at: Mapped[datetime]


class Verdict(StrEnum):
    """What became of a proposal."""

    TAKEN = "taken"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class TimeProposal(Model):
    """Another time that somebody proposes for an event, as the event would keep it; their next one takes its place."""

    __tablename__ = "time_proposal"
    __table_args__ = (UniqueConstraint("event_id", "person_id"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    starts: Mapped[WallClock]
    ends: Mapped[WallClock]
    zone: Mapped[str] = mapped_column(String(64))
    all_day: Mapped[bool]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    word: Mapped[str] = mapped_column(Text)
    by_calendar: Mapped[bool]
    """Whether their calendar program proposed it, and so waits for an answer."""
    proposed_at: Mapped[datetime]
    answer: Mapped[Verdict | None] = mapped_column(one_of(Verdict))
    """None while it is open."""
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    answer_word: Mapped[str] = mapped_column(Text, default="")

    person: Mapped[Person] = relationship(foreign_keys=[person_id])

    @property
    def span(self) -> tuple[datetime, datetime, bool]:
        """By what two are for the same time."""
        return self.starts_at, self.ends_at, self.all_day

    def conclude(self, answer: Verdict, by: Person | None, now: datetime, word: str = "") -> None:
        """Give the answer to it; `by` is None where the program found that the event is at that time."""
        self.answer, self.answered_at, self.answer_word = answer, now, word
        self.answered_by_id = by.id if by else None
