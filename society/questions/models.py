"""What organizers ask those who answer an event, and what was said."""

from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from society.db import Model, one_of
from society.text import folded


class Kind(StrEnum):
    """What an answer looks like."""

    LINE = "line"
    TEXT = "text"
    CHOICE = "choice"
    SEVERAL = "several"
    NUMBER = "number"
    FILE = "file"
    CONSENT = "consent"
    DIETARY = "dietary"
    ACCESS = "access"
    NAMES = "names"
    """The name of each guest of a party; who answers is not asked for theirs again."""


STANDARD = (Kind.DIETARY, Kind.ACCESS)
"""Asked alike for every event, so that an earlier answer can be offered; several choices and room for others."""

LISTED = (Kind.CHOICE, Kind.SEVERAL, *STANDARD)
"""Answered by choosing from options."""


class Question(Model):
    """One thing that is asked. Its wording can change; each answer keeps the one that it was given to."""

    __tablename__ = "question"
    __table_args__ = (Index(None, "event_id", "position"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[Kind] = mapped_column(one_of(Kind))
    text: Mapped[str] = mapped_column(String(300))
    hint: Mapped[str] = mapped_column(String(300), default="")
    options: Mapped[str] = mapped_column(Text, default="")
    """One a line."""
    required: Mapped[bool] = mapped_column(default=False)
    """Whether nobody can come without answering it."""
    of_each: Mapped[bool] = mapped_column(default=False)
    """Asked of each guest, or once for the whole party."""
    on_badge: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether what is said stands on the name badge, as where somebody comes from."""
    removed_at: Mapped[datetime | None]
    """Since when it is not asked any more, though there are answers to it."""

    @property
    def choices(self) -> list[str]:
        return self.options.split("\n") if self.options else []

    @property
    def of_guests(self) -> bool:
        return self.of_each or self.kind is Kind.NAMES

    @property
    def as_asked(self) -> dict[str, Any]:
        """What makes it such a question, wherever it is asked."""
        names = ("kind", "text", "hint", "options", "required", "of_each", "on_badge")
        return {name: getattr(self, name) for name in names}

    @property
    def mark(self) -> str:
        """Another for each way in which it is asked: whoever changes it has seen the one that is changed."""
        return sha256(repr(tuple(map(str, self.as_asked.values()))).encode()).hexdigest()[:16]

    @property
    def wording(self) -> str:
        """All that somebody reads who is asked it: what a consent is given to."""
        return "\n".join(filter(None, [self.text, self.hint]))


class QuestionAnswer(Model):
    """What was said to one question, of one of a party. It is theirs: it goes with the RSVP."""

    __tablename__ = "question_answer"
    __table_args__ = (UniqueConstraint("rsvp_id", "question_id", "guest"),)

    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    rsvp_id: Mapped[int] = mapped_column(ForeignKey("rsvp.id", ondelete="CASCADE"))
    guest: Mapped[int] = mapped_column(default=0)
    """0 is who answers, for themselves or all; then their guests by number."""
    asked: Mapped[str] = mapped_column(String(300))
    """The wording that was answered."""
    text: Mapped[str] = mapped_column(Text)
    """As people read it: several choices one a line, a file by its name, a consent as "yes"."""
    folded: Mapped[str] = mapped_column(Text, default="", server_default="")
    """The same as searches compare it (see `society.text.folded`)."""

    question: Mapped[Question] = relationship(lazy="raise")

    @validates("text")
    def _fold(self, _changed: str, value: str) -> str:
        self.folded = folded(value)
        return value


class Agreement(Model):
    """A consent that was given, in the words that stood there. It stays when it is taken back, or others are agreed to:
    with the RSVP, so that what was agreed to and when can be shown."""

    __tablename__ = "agreement"

    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    rsvp_id: Mapped[int] = mapped_column(ForeignKey("rsvp.id", ondelete="CASCADE"), index=True)
    guest: Mapped[int] = mapped_column(default=0)
    wording: Mapped[str] = mapped_column(Text)
    given_at: Mapped[datetime | None]
    """None: before this was noted."""
    withdrawn_at: Mapped[datetime | None]
    """Since when it does not hold any more."""

    @property
    def on_one_line(self) -> str:
        return " – ".join(self.wording.split("\n"))


class AnswerFile(Model):
    """The file that is an answer, apart from it, so that lists do not carry it along."""

    __tablename__ = "answer_file"

    answer_id: Mapped[int] = mapped_column(ForeignKey("question_answer.id", ondelete="CASCADE"), unique=True)
    media_type: Mapped[str] = mapped_column(String(100))
    content: Mapped[bytes] = mapped_column(LargeBinary)
