"""What the audit log holds of an event, and what goes out by itself for it."""

from collections.abc import Iterator
from datetime import datetime

from society.audit.models import AuditEntry
from society.demo.contacts import Move
from society.demo.people import ORGANIZER
from society.events.changes import snapshot
from society.events.models import Event
from society.reminders.models import DAY, Occasion, Planned


def reminders(event: Event, now: datetime) -> Iterator[Planned]:
    """A day before each event to come, as is usual here; for the larger ones thanks as well."""
    if event.on and event.starts_at > now:
        yield Planned(event_id=event.id, occasion=Occasion.REMINDER, minutes=DAY)
        if (event.capacity or 0) > 60:
            yield Planned(event_id=event.id, occasion=Occasion.THANKS, minutes=3 * 60)


def records(event: Event, moved: Move | None) -> Iterator[AuditEntry]:
    """From its draft to what has become of it."""
    now = snapshot(event)
    yield _entry("event drafted", event, event.created_at, {}, now)
    if event.published_at:
        yield _entry("event published", event, event.published_at, {}, now)
    if event.on and event.sequence:
        at, before = (moved.at, moved.before) if moved else (event.revised_at, "")
        yield _entry("event changed", event, at, {"place": before}, {"place": now["place"]})
    turn = {"status": "Scheduled"}, {"status": now["status"], "reason": now["reason"]}
    if event.cancelled_at:
        yield _entry("event cancelled", event, event.cancelled_at, *turn)
    if event.postponed_at:
        yield _entry("event postponed", event, event.postponed_at, *turn)


def kept_as_template(template: Event) -> AuditEntry:
    """What the log says of a template."""
    return _entry("template kept", template, template.created_at, {}, {"name": template.template_name})


def _entry(act: str, event: Event, at: datetime, before: dict[str, str], after: dict[str, str]) -> AuditEntry:
    return AuditEntry(
        at=at,
        actor_id=ORGANIZER,
        act=act,
        subject_kind="event",
        subject_id=event.id,
        subject_name=event.title,
        before=before,
        after=after,
    )
