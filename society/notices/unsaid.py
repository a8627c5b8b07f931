"""What a notice of its kind is sent for, and does not say yet."""

from society.mail.filling import FIELD, names
from society.notices.models import Notice, NoticeKind
from society.notices.versions import Said, main, others
from society.notices.wording import OF_WHOM
from society.phrases import phrase


def nobody_named(notice: Notice) -> list[str]:
    """The sentence that keeps back a notice in memoriam which names nobody, in whatever language: it would go out with
    a blank."""
    if notice.kind is not NoticeKind.MEMORIAM:
        return []
    found = ["It does not say yet who has died."] if _ends_open(main(notice)) else []
    return found + [f"In {said.name}: it does not say yet who has died." for said in others(notice) if _ends_open(said)]


def _ends_open(said: Said) -> bool:
    """Whether nothing but the society's name stands behind the words that it began with."""
    _, begun, name = said.body.partition(phrase(OF_WHOM, said.language))
    return bool(begun) and not any(map(str.isalnum, FIELD.sub("", name)))


def without_agenda(notice: Notice) -> list[str]:
    """The sentence that says of the call to a general meeting that its agenda is missing; it may be typed by hand."""
    if notice.kind is not NoticeKind.MEETING or notice.event is None or "event_agenda" in names(notice.body):
        return []
    if notice.event.has_agenda:
        return ["The text does not name {{ event_agenda }}, the agenda that its event has by now."]
    return ["Its event has no agenda, and a general meeting is called with one: enter it there, or in the text."]
