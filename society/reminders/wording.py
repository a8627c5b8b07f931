"""What they say: the wording of reminders, and of thanks to those who came, for their event."""

from datetime import datetime

from society.events.models import Event
from society.notices.models import Audience, Notice, NoticeKind
from society.notices.wording import suggested, thanks
from society.people.models import Person
from society.reminders.models import Occasion, Planned


def notice_of(planned: Planned, now: datetime) -> Notice:
    """The notice as it would go out now, not yet in the database."""
    event = planned.event
    if planned.occasion is Occasion.REMINDER:
        kind, audience, text = NoticeKind.REMINDER, Audience.GOING, suggested(NoticeKind.REMINDER, event)
    else:
        kind, audience, text = NoticeKind.MINUTES, Audience.CAME, thanks(event)
    subject, body = text
    return Notice(
        kind=kind,
        event=event,
        audience=audience,
        subject=subject,
        body=body,
        author=_answered_by(event),
        created_at=now,
    )


def _answered_by(event: Event) -> Person | None:
    """Whom replies go to: whoever entered it, if they still organize it; else the society."""
    return event.organizer if event.organizer and event.editable_by(event.organizer) else None
