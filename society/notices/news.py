"""Word that an event has changed or is off, to all who answered: to each in their language, old and new."""

from datetime import datetime

from society.agenda.planning import Times
from society.events.changes import Change
from society.events.models import Event
from society.mail.wordings import ours
from society.notices.models import Audience, Notice, NoticeKind, NoticeVersion
from society.notices.news_wording import Changes, in_each, occasion
from society.notices.reach import reach
from society.notices.sending import after_hold, send_by_itself
from society.notices.versions import languages_read
from society.people.models import Person
from society.phrases import languages, marked, phrase
from society.times import to_utc


def tell(
    event: Event,
    kind: NoticeKind,
    *,
    changes: Changes,
    note: str,
    by: Person | None,
    now: datetime,
    was: Times | None = None,
) -> Notice | None:
    """Write to all who answered that the event has changed or is off; None when there is nobody to tell.

    `was` is when it was to be before that, at hours that clocks elsewhere show otherwise.
    """
    name = occasion(event, kind, changes[ours()])
    notice = Notice(
        kind=kind,
        event=event,
        audience=Audience.CONCERNED,
        was_at=to_utc(was.starts, was.zone) if was else None,
        was_zone=was.zone if was else "",
        author=by,
        created_at=now,
    )
    if not reach(notice, now).reached:
        return None
    said = in_each(name, event, changes, note, was, languages_read(notice, now))
    notice.subject, notice.body = said.pop(ours())
    notice.versions = [NoticeVersion(language=one, subject=subject, body=body) for one, (subject, body) in said.items()]
    send_by_itself(notice, now, after_hold(now))
    return notice


ASKED = marked("What we ask of those who come")


def ask_guests(event: Event, was: str, text: str, *, note: str, by: Person, now: datetime) -> Notice | None:
    """Write to all who answered that a question is asked, or asked otherwise, since they did."""
    changes = {one: [Change("questions", phrase(ASKED, one), was, text)] for one in languages()}
    return tell(event, NoticeKind.CHANGE, changes=changes, note=note, by=by, now=now)
