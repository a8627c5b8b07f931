"""Who let a guest in first, asked when somebody comes with the same ticket: a friend at another entrance, or a copy."""

from collections.abc import Sequence

from sqlalchemy import select

from society.audit.models import AuditEntry
from society.db import db
from society.door.hours import lasts_days
from society.events.models import Event
from society.rsvps.models import Rsvp

LET_IN = "guest checked in"
"""What the event's log calls it."""


def first_by(event: Event, rsvps: Sequence[Rsvp]) -> dict[int, str]:
    """By answer: a key by the name that it had then, or an organizer, whose name helpers need not know. Of an event of
    several days nothing, since many may have let them in by now."""
    if not rsvps or lasts_days(event):
        return {}
    hours = {rsvp.id: str(rsvp.checked_in_at) for rsvp in rsvps}
    rows = select(AuditEntry.after).where(AuditEntry.subject_kind == Event.__tablename__, AuditEntry.act == LET_IN)
    rows = rows.where(AuditEntry.subject_id == event.id, AuditEntry.after["rsvp"].as_integer().in_(hours))
    told = db.session.scalars(rows.order_by(AuditEntry.id))
    return {after["rsvp"]: _named(after) for after in told if after["checked_in_at"] == hours[after["rsvp"]]}


def _named(after: dict[str, object]) -> str:
    key = after.get("key")
    if key is None:
        return "an organizer"
    return f"key {key}" if isinstance(key, int) else str(key).rpartition(" (key ")[0]
