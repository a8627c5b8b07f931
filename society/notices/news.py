"""Word that an event has changed or is off, to all who answered: to each in their language, old and new."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from society.agenda.planning import Times
from society.events.changes import Change
from society.events.models import Event
from society.mail.wording import escaped
from society.mail.wordings import ours
from society.notices.merge import EVENTS, WAS
from society.notices.models import Audience, Notice, NoticeKind, NoticeVersion
from society.notices.reach import Reach, reach
from society.notices.sending import after_hold, send_by_itself
from society.notices.versions import languages_read
from society.notices.wording import DEAR, SUBJECTS, WHEN, WHERE
from society.people.models import Person
from society.phrases import languages, marked, phrase
from society.rsvps.invitation import answers_are_read
from society.times import to_utc

Changes = Mapping[str, Sequence[Change]]
"""What has changed, in each language that letters are written in."""


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

    def said(language: str) -> tuple[str, str]:
        return _subject(event, kind, language), _body(event, kind, changes[language], note, was, language)

    subject, body = said(ours())
    notice = Notice(
        kind=kind,
        event=event,
        audience=Audience.CONCERNED,
        subject=subject,
        body=body,
        was_at=to_utc(was.starts, was.zone) if was else None,
        was_zone=was.zone if was else "",
        author=by,
        created_at=now,
    )
    return _sent(notice, said, now)


def _sent(notice: Notice, said: Callable[[str], tuple[str, str]], now: datetime) -> Notice | None:
    """Hand it over, with what it says (subject and text) in each further language that its readers have."""
    if not reach(notice, now).reached:
        return None
    for one in sorted(languages_read(notice, now) - {ours()}):
        subject, body = said(one)
        notice.versions.append(NoticeVersion(language=one, subject=subject, body=body))
    send_by_itself(notice, now, after_hold(now))
    return notice


def in_one_letter(events: Iterable[Reach]) -> bool:
    """Whether who answered several events is told by one letter of what these have in common, by whom each concerns.

    Where calendars answer, each event has a letter of its own: by it the invitation to it changes there, and a message
    is about one (RFC 5546, 3.2.2).
    """
    return sum(1 for people in events if people.everyone) > 1 and not answers_are_read()


def tell_of_several(
    events: Sequence[Event], *, changes: Changes, note: str, by: Person, now: datetime
) -> Notice | None:
    """Write to all who answered any of these events what has changed about all of them: to each once."""

    def said(language: str) -> tuple[str, str]:
        return phrase(_OF_SEVERAL, language), _body_of_several(changes[language], note, language)

    subject, body = said(ours())
    notice = Notice(
        kind=NoticeKind.CHANGE, audience=Audience.CONCERNED, events=list(events), subject=subject, body=body
    )
    notice.author, notice.created_at = by, now
    return _sent(notice, said, now)


_OF_SEVERAL = marked("Changed: where you find us")
_THESE = marked(
    "These are yours. You need do nothing if you still come; to answer, or to give your seat back, open the one in "
    "question:"
)


def _body_of_several(changes: Sequence[Change], note: str, language: str) -> str:
    parts = [phrase(DEAR, language), phrase(marked("something has changed about where we meet:"), language)]
    parts += [_change(change, language, by_own_clock=False) for change in changes]
    parts += [_quoted(note, language)] * bool(note)
    return "\n\n".join(
        [*parts, phrase(_THESE, language), f"{{{{ {EVENTS} }}}}", phrase(_CALENDAR, language), "{{ society }}"]
    )


def _quoted(note: str, language: str) -> str:
    """Words of the organizer's own; that of the program itself is said in each language."""
    return "\n".join(f"> {line}" for line in escaped(phrase(note, language)).split("\n"))


POSTPONED = marked("Postponed: {{ event_title }}")


ASKED = marked("What we ask of those who come")
_TO_SAY = marked("Please say that by this link, if you come. There you can also give your seat back:\n{{ rsvp_link }}")


def ask_guests(event: Event, was: str, text: str, *, note: str, by: Person, now: datetime) -> Notice | None:
    """Write to all who answered that a question is asked, or asked otherwise, since they did."""
    changes = {one: [Change("questions", phrase(ASKED, one), was, text)] for one in languages()}
    return tell(event, NoticeKind.CHANGE, changes=changes, note=note, by=by, now=now)


def _subject(event: Event, kind: NoticeKind, language: str) -> str:
    postponed = event.postponed_at and kind is not NoticeKind.CANCELLATION
    return phrase(POSTPONED if postponed else SUBJECTS[kind], language)


def _body(
    event: Event, kind: NoticeKind, changes: Sequence[Change], note: str, was: Times | None, language: str
) -> str:
    """What it quotes is escaped, so that nothing in it is read as Markdown or as a merge field."""
    parts = [phrase(DEAR, language), phrase(_opening(event, kind, changes), language)]
    parts += [_change(change, language, by_own_clock=was is not None) for change in changes]
    parts += [_quoted(note, language)] * bool(note)
    if kind is not NoticeKind.CANCELLATION:
        asked = any(change.field == "questions" for change in changes)
        parts += [*_as_it_stands(event, language), phrase(_TO_SAY if asked else _TO_ANSWER, language)]
    return "\n\n".join([*parts, phrase(_CALENDAR, language), "{{ society }}"])


MORE = marked("- **More:** {{ event_link }}")
_TO_ANSWER = marked("You need do nothing if you still come. To answer, or to give your seat back:\n{{ rsvp_link }}")
_CALENDAR = marked("Your calendar follows: by the attached file or, if you chose that, by your own calendar address.")


def _opening(event: Event, kind: NoticeKind, changes: Sequence[Change]) -> str:
    if kind is NoticeKind.CANCELLATION:
        return marked(
            "we are sorry: **{{ event_title }}**, announced for {{ event_when }}, will not take place. "
            "You need do nothing; all answers have ended with it."
        )
    if event.postponed_at:
        return marked(
            "**{{ event_title }}**, announced for {{ event_when }}, is put off. "
            "We do not know the new date yet, and will write to you as soon as we do."
        )
    if not changes:
        return marked("those who organize **{{ event_title }}** write to you:")
    return marked("something has changed about **{{ event_title }}**:")


def _change(change: Change, language: str, *, by_own_clock: bool) -> str:
    label, old, new = (str(escaped(value or phrase("nothing", language))) for value in change)
    if change.field == "when" and by_own_clock:
        old, new = f"{old} {{{{ {WAS} }}}}", "{{ event_when }}"
    return phrase("**{label}**\nuntil now: {old}\nfrom now on: {new}", language, label=label, old=old, new=new)


def _as_it_stands(event: Event, language: str) -> list[str]:
    """What the reader wants to find in the latest letter, without looking for the first one."""
    if event.postponed_at:
        return []
    lines = [WHEN, WHERE, MORE] if event.place else [WHEN, MORE]
    return [phrase("So it is:", language), "\n".join(phrase(line, language) for line in lines)]
