"""Who has changed something while a form of it was open, and the page that says so."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from society.audit.models import AuditEntry
from society.db import Model, db
from society.meanwhile import SharedForm
from society.people.access import me
from society.people.models import Person


def saved_meanwhile(anew: SharedForm, row: Model | None, *acts: str) -> dict[str, Any]:
    """What a page shows of a form that somebody saved while it was open, made anew from the row that is held by now; or
    nothing. Of what has no row of its own, the row that the log tells of it by, and the acts that are of it."""
    since = anew.opened_at
    meanwhile = anew.overtaken()
    return {"form": anew, "meanwhile": meanwhile, "saver": saver(row, since, *acts)} if meanwhile else {}


def saver(row: Model | None, since: datetime, *acts: str) -> str:
    """As the page calls them: by name; "You" where it was in another window; "Someone" where the log does not say."""
    if row is None:
        return "Someone"
    subject = AuditEntry.subject_kind == row.__tablename__, AuditEntry.subject_id == row.id
    by = select(Person).join(AuditEntry, AuditEntry.actor_id == Person.id).where(*subject, AuditEntry.at >= since)
    by = by.where(AuditEntry.act.in_(acts)) if acts else by
    last = db.session.scalars(by.order_by(AuditEntry.id.desc()).limit(1)).first()
    return "Someone" if last is None else "You" if last is me() else last.name
