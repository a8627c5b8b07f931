"""What secretaries keep beside the register: views, and changes of many rows at once that can be undone."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from society.db import Model, one_of
from society.people.models import Person


class SavedView(Model):
    """Filters and columns of the register's list, under a name of its owner's."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("person_id", "name"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(100))
    query: Mapped[str] = mapped_column(Text)
    """As in the address after the question mark."""


class ChangeKind(StrEnum):
    """By what many rows were changed at once."""

    IMPORT = "import"
    BULK = "bulk"


class ChangeSet(Model):
    """Many rows changed in one act, which can be undone as long as nothing else has touched them."""

    __tablename__ = "change_set"

    kind: Mapped[ChangeKind] = mapped_column(one_of(ChangeKind))
    what: Mapped[str] = mapped_column(String(300))
    """In words: "Imported members.csv", "Tagged 12 people “choir”"."""
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    by: Mapped[Person | None] = relationship(foreign_keys=by_id)

    @property
    def name(self) -> str:
        """How the audit log calls it."""
        return self.what


class ChangedRow(Model):
    """One row of a change set: what it held before and after."""

    __tablename__ = "changed_row"
    __table_args__ = (Index(None, "change_set_id", "id"), Index(None, "kind", "row_id"))

    change_set_id: Mapped[int] = mapped_column(ForeignKey("change_set.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    """The table's name."""
    row_id: Mapped[int]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """None: the row was added."""
    after: Mapped[dict[str, Any]] = mapped_column(JSON)


class ImportFile(Model):
    """A file that was looked at and waits for the word to be read in; gone a day later."""

    __tablename__ = "import_file"

    name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    uploaded_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What was answered to what could not be guessed, such as the order of day and month."""
