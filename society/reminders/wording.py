"""What they say: the built-in wording of reminders, and of thanks to those who came."""

from datetime import datetime

from society.events.models import Event
from society.notices.models import Audience, Notice, NoticeKind
from society.notices.wording import suggested
from society.people.models import Person
from society.reminders.models import Occasion, Planned


def notice_of(planned: Planned, now: datetime) -> Notice:
    """The notice as it would go out now, not yet in the database."""
    event = planned.event
    if planned.occasion is Occasion.REMINDER:
        kind, audience, text = NoticeKind.REMINDER, Audience.GOING, suggested(NoticeKind.REMINDER, event)
    else:
        kind, audience, text = NoticeKind.MINUTES, Audience.CAME, _thanks(event)
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


def _thanks(event: Event) -> tuple[str, str]:
    kept = "What stays of it stands on its page:" if event.has_material else "Its page stays where it was:"
    parts = [
        "Dear {{ first_name }},",
        "thank you for coming to **{{ event_title }}**.",
        f"{kept}\n{{{{ event_link }}}}",
        "We would be glad to see you again. What comes next:\n{{ calendar_link }}",
        "{{ society }}",
    ]
    return "Thank you for coming: {{ event_title }}", "\n\n".join(parts)
