"""What a notice of its kind is sent for, and does not say yet."""

from society.mail.filling import FIELD
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
