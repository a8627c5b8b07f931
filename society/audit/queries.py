"""Reading the audit log."""

from sqlalchemy import Select, select

from society.audit.models import AuditEntry


def entries() -> Select[AuditEntry]:
    """The whole log, latest first."""
    return select(AuditEntry).order_by(AuditEntry.id.desc())
