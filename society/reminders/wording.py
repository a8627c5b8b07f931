"""What they say: the wording of reminders, and of thanks to those who came, for their event."""

from datetime import datetime

from society.events.models import Event
from society.notices.models import Audience, Notice, NoticeKind, NoticeVersion
from society.notices.versions import languages_read
from society.notices.wording import THANKS, in_other_languages, suggested, thanks
from society.people.models import Person
from society.reminders.models import Occasion, Planned


def notice_of(planned: Planned, now: datetime) -> Notice:
    """The notice as it would go out now, in each language that somebody reads; not yet in the database."""
    event = planned.event
    if planned.occasion is Occasion.REMINDER:
        name, kind, audience = NoticeKind.REMINDER.value, NoticeKind.REMINDER, Audience.GOING
        subject, body = suggested(kind, event)
    else:
        name, kind, audience = THANKS, NoticeKind.MINUTES, Audience.CAME
        subject, body = thanks(event)
    notice = Notice(
        kind=kind,
        event=event,
        audience=audience,
        subject=subject,
        body=body,
        author=_answered_by(event),
        created_at=now,
    )
    for one, said in in_other_languages(name, event, audience, languages_read(notice, now)).items():
        notice.versions.append(NoticeVersion(language=one, subject=said.subject, body=said.body))
    return notice


def _answered_by(event: Event) -> Person | None:
    """Whom replies go to: whoever entered it, if they still organize it; else the society."""
    return event.organizer if event.organizer and event.editable_by(event.organizer) else None
