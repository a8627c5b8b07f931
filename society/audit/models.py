"""Who changed what."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from society.db import Model


class AuditEntry(Model):
    """One change by staff, or by somebody to what is kept of themselves: who, what, before, after, when. Never edited,
    never deleted."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "subject_kind", "subject_id"),)

    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    act: Mapped[str] = mapped_column(String(60))
    """A verb in the past with its subject, such as "event cancelled"."""
    subject_kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int]
    subject_name: Mapped[str] = mapped_column(String(200))
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
