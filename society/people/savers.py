"""Who has changed something while a form of it was open, for the page that says so."""

from datetime import datetime

from sqlalchemy import select

from society.audit.models import AuditEntry
from society.db import Model, db
from society.people.access import me
from society.people.models import Person


def saver(row: Model, since: datetime) -> str:
    """As the page calls them: by name; "You" where it was in another window; "Someone" where the log does not say."""
    subject = AuditEntry.subject_kind == row.__tablename__, AuditEntry.subject_id == row.id
    by = select(Person).join(AuditEntry, AuditEntry.actor_id == Person.id).where(*subject, AuditEntry.at >= since)
    last = db.session.scalars(by.order_by(AuditEntry.id.desc()).limit(1)).first()
    return "Someone" if last is None else "You" if last is me() else last.name
