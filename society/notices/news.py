"""Word that an event has changed or is off, to all who answered: to each in their language, old and new."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from society.agenda.planning import Times
from society.events.models import Event
from society.mail.wordings import ours
from society.notices.models import Audience, Notice, NoticeKind, NoticeVersion
from society.notices.news_wording import SEVERAL, SEVERAL_OFF, Changes, News, in_each, occasion
from society.notices.reach import Reach, reach
from society.notices.sending import send_by_itself
from society.notices.theirs import OwnNews
from society.notices.versions import languages_read
from society.people.models import Person
from society.phrases import languages
from society.rsvps.invitation import answers_are_read
from society.settings import society
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
    notice = Notice(
        kind=kind,
        event=event,
        audience=Audience.CONCERNED,
        was_at=to_utc(was.starts, was.zone) if was else None,
        was_zone=was.zone if was else "",
        author=by,
        created_at=now,
    )
    return _sent(notice, occasion(event, kind, changes[ours()]), News(changes, note, was), now)


def _sent(notice: Notice, name: str, news: News, now: datetime) -> Notice | None:
    """Hand it over, with what it says in each language that its readers have."""
    if not reach(notice, now).reached:
        return None
    said = in_each(name, notice.event, news, languages_read(notice, now))
    notice.subject, notice.body = said.pop(ours())
    notice.versions = [NoticeVersion(language=one, subject=subject, body=body) for one, (subject, body) in said.items()]
    send_by_itself(notice, now, society().after_hold(now))
    return notice


def in_one_letter(events: Iterable[Reach]) -> bool:
    """Whether who answered several events is told by one letter of what these have in common, by whom each concerns.

    Where calendars answer, each event has a letter of its own: by it the invitation to it changes there, and a message
    is about one (RFC 5546, 3.2.2).
    """
    return sum(1 for people in events if people.everyone) > 1 and not answers_are_read()


def once_each(told: Iterable[tuple[Event, Reach]], now: datetime) -> Reach | None:
    """Whom such letters would reach; None where each event has its own."""
    several = list(told)
    if not in_one_letter(people for _, people in several):
        return None
    events = [event for event, people in several if people.everyone]
    return reach(Notice(kind=NoticeKind.CHANGE, audience=Audience.CONCERNED, events=events), now)


def tell_of_several(
    events: Sequence[Event],
    *,
    changes: Changes,
    note: str,
    by: Person | None,
    now: datetime,
    name: str = SEVERAL,
    of_each: Mapping[int, OwnNews] | None = None,
) -> Notice | None:
    """Write to all who answered any of these events what has changed about all of them: to each once. By event, what
    has changed about one alone."""
    kind = NoticeKind.CANCELLATION if name == SEVERAL_OFF else NoticeKind.CHANGE
    notice = Notice(kind=kind, audience=Audience.CONCERNED, events=list(events))
    notice.author, notice.created_at = by, now
    notice.of_each = {str(number): own.plain() for number, own in of_each.items()} if of_each else None
    titles = {event.title for event in events}
    return _sent(notice, name, News(changes, note, title=titles.pop() if len(titles) == 1 else ""), now)


def send_a_line(event: Event, note: str, *, by: Person, now: datetime) -> Notice | None:
    """Write to all who answered what an organizer has to say to them; None where that is nothing, or too late."""
    if not note or event.published_at is None or event.gone(now):
        return None
    return tell(event, NoticeKind.CHANGE, changes=dict.fromkeys(languages(), ()), note=note, by=by, now=now)
