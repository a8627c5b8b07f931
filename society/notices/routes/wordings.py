"""What new notices begin with: the built-in wordings, and the society's own in their place."""

from collections.abc import Sequence

from flask.typing import ResponseReturnValue

from society.db import db
from society.events.changes import LABELS as LABELS_OF_CHANGES
from society.events.changes import Change
from society.events.models import Event
from society.mail.filling import filled
from society.mail.wording_pages import Read, WordingPages
from society.mail.wordings import Wording, ours, strangers
from society.notices import merge, news_wording
from society.notices.models import Audience, Notice, NoticeKind
from society.notices.newsletter import near, told_to
from society.notices.old_and_new import told
from society.notices.routes import bp
from society.notices.wording import AUDIENCES, FIELDS, LABELS, THANKS, built_in, for_event
from society.notices.wording_forms import AboutForm, BeginningForm, NewsForm
from society.people.access import open_to
from society.phrases import phrase
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


def _as_begun(name: str, form: AboutForm, language: str) -> Read | None:
    """The subject and text as the reader of a notice that begins with it finds them."""
    event = form.about
    if name in news_wording.LABELS:
        return _as_news(name, form, event, language or ours()) if event else None
    kind = NoticeKind.MINUTES if name == THANKS else NoticeKind(name)
    if event is None and (name == THANKS or kind.needs_event):
        return None
    audience = Audience.CAME if name == THANKS else AUDIENCES[kind]
    events = list(db.session.scalars(near(now()))) if kind is NoticeKind.NEWSLETTER and event is None else []
    begins = for_event(form.wording, name, event, audience, several=bool(events))
    notice = Notice(kind=kind, audience=audience, event=event, events=events)
    return _read(notice, begins, language or society().language)


def _as_news(name: str, form: AboutForm, event: Event, language: str) -> Read:
    """The same of news, as if the room had become another."""
    example = Change("place", phrase(LABELS_OF_CHANGES["place"], language), event.room or "1", "2")
    parts = {news_wording.CHANGES: told([example], language), news_wording.NOTE: "> …"}
    off = name in (news_wording.OFF, news_wording.SEVERAL_OFF)
    kind = NoticeKind.CANCELLATION if off else NoticeKind.CHANGE
    notice = Notice(kind=kind, audience=Audience.CONCERNED, event=event)
    if name in news_wording.OF_SEVERAL:
        notice.event, notice.events, parts[news_wording.TITLE] = None, [event], event.title
    return _read(notice, news_wording.fitted(name, form.wording, notice.event, parts, language), language)


def _read(notice: Notice, begins: Wording, said: str) -> Read:
    event = notice.event
    values = {**merge.event_values(event, said), **merge.reader_values(notice, merge.Reader(), said)}
    listed = told_to(notice, None, now(), said)
    return merge.subject(begins.subject, event, values, said), markdown(filled(begins.body, {**values, **listed}))


def _built_in(name: str, language: str) -> Wording:
    return news_wording.built_in(name, language) if name in news_wording.LABELS else built_in(name, language)


def _form(name: str, start: Wording) -> AboutForm:
    return NewsForm(name, start) if name in news_wording.LABELS else BeginningForm(start)


def _faults(name: str, wording: Wording) -> Sequence[str]:
    return news_wording.faults(name, wording) if name in news_wording.LABELS else strangers(wording, FIELDS)


_pages = WordingPages(
    "notices",
    LABELS | news_wording.LABELS,
    _built_in,
    _form,
    lambda name: news_wording.fields(name) if name in news_wording.LABELS else FIELDS,
    _faults,
    _as_begun,
    "Saved. What is begun from now on starts with it.",
)
