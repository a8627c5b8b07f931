"""A notice to take away: messages, a mailbox, a draft, plain text, HTML."""

from collections.abc import Callable, Iterator, Sequence

from flask import Flask, Response, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from society.db import db
from society.mail.message import as_html, as_text
from society.notices import paper
from society.notices.copies import copies, copy_for, mailed
from society.notices.models import Notice
from society.notices.render import draft, mailbox, ready
from society.notices.routes import asked_for, bp, chosen_reader
from society.people.access import open_to
from society.people.models import Person
from society.text import slug
from society.times import now
from society.web import number_asked


@bp.get("/organize/notices/<int:notice_id>/message.eml")
@open_to("organizer")
def message(notice_id: int) -> Response:
    """One message, ready to be sent: to `?person=ID`, or to nobody yet."""
    notice = asked_for(notice_id)
    letter = copy_for(notice, chosen_reader(notice), now())
    return _file(notice, ready(letter), "message/rfc822", "eml")


@bp.get("/organize/notices/<int:notice_id>/messages.mbox")
@open_to("organizer")
def messages(notice_id: int) -> Response:
    """Every recipient's message in one mailbox, made as it is sent."""
    notice = asked_for(notice_id)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return _named(Response(_mailbox(app, notice_id), content_type="application/mbox"), notice, "mbox")


def _mailbox(app: Flask, notice_id: int) -> Iterator[bytes]:
    """In a context of its own, since the request's database session is over when the body goes out."""
    with app.app_context():
        yield from mailbox(copies(asked_for(notice_id), now()))


@bp.get("/organize/notices/<int:notice_id>/draft.eml")
@open_to("organizer")
def one_draft(notice_id: int) -> Response:
    """One draft with everyone in Bcc."""
    notice = asked_for(notice_id)
    body = draft(copy_for(notice, None, now()), mailed(notice, now()), now())
    return _file(notice, body, "message/rfc822", "eml")


@bp.get("/organize/notices/<int:notice_id>/text")
@open_to("organizer")
def text(notice_id: int) -> Response:
    """As plain text, to look at."""
    notice = asked_for(notice_id)
    return Response(as_text(copy_for(notice, chosen_reader(notice), now())), content_type="text/plain; charset=utf-8")


@bp.get("/organize/notices/<int:notice_id>/html")
@open_to("organizer")
def html(notice_id: int) -> Response:
    """As a letter's HTML: a file, since its inline styles are for mail programs and not for this site's pages."""
    notice = asked_for(notice_id)
    body = as_html(copy_for(notice, chosen_reader(notice), now())).encode()
    return _file(notice, body, "text/html; charset=utf-8", "html")


@bp.get("/organize/notices/<int:notice_id>/letters.pdf")
@open_to("organizer")
def paper_letters(notice_id: int) -> ResponseReturnValue:
    """A letter for each of those it reaches by post: so many at once, the others as `part` 2 on."""
    asked = request.args.get("paper", "")
    size = paper.Format(asked) if asked in list(paper.Format) else paper.Format.A4
    notice = asked_for(notice_id)
    people = _part(paper.on_paper(notice, now()), paper.MOST_LETTERS)
    given = paper.letters_given(notice, people, size, now())
    return _printed(notice, people, lambda: paper.letters_pdf(given))


@bp.get("/organize/notices/<int:notice_id>/labels.pdf")
@open_to("organizer")
def paper_labels(notice_id: int) -> ResponseReturnValue:
    """Their addresses, to stick on envelopes."""
    asked = request.args.get("sheet", "")
    sheet = paper.Labels(asked) if asked in list(paper.Labels) else paper.Labels.A4_24
    notice = asked_for(notice_id)
    people = _part(paper.on_paper(notice, now()), paper.MOST_LABELS)
    given = paper.labels_given(people, sheet)
    return _printed(notice, people, lambda: paper.labels_pdf(given))


def _part(people: Sequence[Person], most: int) -> Sequence[Person]:
    part = min(max(number_asked("part") or 1, 1), 10_000)
    return people[(part - 1) * most : part * most]


def _printed(notice: Notice, people: Sequence[Person], make: Callable[[], bytes]) -> ResponseReturnValue:
    if not people:
        flash("It reaches nobody by post.")
        return redirect(url_for(".show", notice_id=notice.id), 303)
    made = Response(content_type="application/pdf")
    _named(made, notice, "pdf")
    db.session.rollback()  # nothing is held open while the PDF is made
    made.data = make()
    return made


def _file(notice: Notice, body: bytes, kind: str, ending: str) -> Response:
    return _named(Response(body, content_type=kind), notice, ending)


def _named(response: Response, notice: Notice, ending: str) -> Response:
    title = notice.event.title if notice.event else notice.kind
    response.headers.set("Content-Disposition", "attachment", filename=f"{notice.id}-{slug(title)}.{ending}")
    return response
