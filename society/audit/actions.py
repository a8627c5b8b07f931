"""Writing the audit log, in the transaction of the change itself."""

from datetime import datetime
from typing import Any

from society.audit.models import AuditEntry
from society.db import Model, db


def record(
    act: str,
    subject: Model,
    *,
    by: Model | None,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Note that `by` (None: the program itself) did `act` to `subject`; values are kept as JSON."""
    db.session.flush()  # a new subject gets its number here
    db.session.add(entry(act, subject, by=by, now=now, before=before, after=after))


def entry(
    act: str,
    subject: Model,
    *,
    by: Model | None,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> AuditEntry:
    """The same note about what is stored already, for the caller to keep with others."""
    return AuditEntry(
        at=now,
        actor_id=by.id if by else None,
        act=act,
        subject_kind=subject.__tablename__,
        subject_id=subject.id,
        subject_name=str(getattr(subject, "title", None) or getattr(subject, "name", ""))[:200],
        before=_plain(before),
        after=_plain(after),
    )


def _plain(values: dict[str, Any] | None) -> dict[str, Any]:
    return {k: v if isinstance(v, str | int | bool | None) else str(v) for k, v in (values or {}).items()}
