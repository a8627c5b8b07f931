"""What new notices begin with: the built-in wordings, and the society's own in their place."""

from flask.typing import ResponseReturnValue

from society.db import db
from society.mail.filling import filled, filled_line
from society.mail.wording_pages import Read, WordingPages
from society.notices import merge
from society.notices.models import Audience, Notice, NoticeKind
from society.notices.newsletter import near, told_to
from society.notices.routes import bp
from society.notices.wording import AUDIENCES, LABELS, THANKS, built_in, for_event
from society.notices.wording_forms import FIELDS, BeginningForm
from society.people.access import open_to
from society.settings import society
from society.text import markdown
from society.times import now


@bp.get("/organize/notices/wordings")
@open_to("organizer")
def wordings() -> str:
    """All of them, and which are the society's own."""
    return _pages.index()


@bp.route("/organize/notices/wordings/<wording>", methods=["GET", "POST"])
@open_to("organizer")
def wording(wording: str) -> ResponseReturnValue:
    """One: to read, to look at for an event, and to change."""
    return _pages.page(wording)


@bp.post("/organize/notices/wordings/<wording>/reset")
@open_to("organizer")
def reset_wording(wording: str) -> ResponseReturnValue:
    """Begin with what is built in again."""
    return _pages.reset(wording)


def _as_begun(name: str, form: BeginningForm, language: str) -> Read | None:
    """The subject and text as the reader of a notice that begins with it finds them."""
    event = form.about
    kind = NoticeKind.MINUTES if name == THANKS else NoticeKind(name)
    if event is None and (name == THANKS or kind.needs_event):
        return None
    audience = Audience.CAME if name == THANKS else AUDIENCES[kind]
    events = list(db.session.scalars(near(now()))) if kind is NoticeKind.NEWSLETTER and event is None else []
    begins = for_event(form.wording, name, event, audience, several=bool(events))
    notice = Notice(kind=kind, audience=audience, event=event, events=events)
    said = language or society().language
    values = {**merge.event_values(event, said), **merge.reader_values(notice, merge.Reader(), said)}
    told = told_to(notice, None, now(), said)
    return filled_line(begins.subject, values), markdown(filled(begins.body, {**values, **told}))


_pages = WordingPages(
    "notices",
    LABELS,
    built_in,
    BeginningForm,
    FIELDS,
    _as_begun,
    "Saved. What is begun from now on starts with it.",
)
