"""A notice to take away: messages, a mailbox, a draft, plain text, HTML."""

from collections.abc import Callable, Iterator, Sequence

from flask import Flask, Response, abort, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from society.db import db
from society.mail.message import as_html, as_text
from society.mail.models import Letter
from society.notices import paper
from society.notices.copies import copies, copy_for, mailed
from society.notices.gaps import must_be_whole
from society.notices.models import Notice
from society.notices.render import MOST_IN_BCC, draft, mailbox, ready
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
    return _file(notice, ready(_copy(notice, chosen_reader(notice))), "message/rfc822", "eml")


@bp.get("/organize/notices/<int:notice_id>/messages.mbox")
@open_to("organizer")
def messages(notice_id: int) -> Response:
    """Every recipient's message in one mailbox, made as it is sent."""
    notice = asked_for(notice_id)
    if notice.sent_at is None:
        must_be_whole(notice, now())
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return _named(Response(_mailbox(app, notice_id), content_type="application/mbox"), notice, "mbox")


def _mailbox(app: Flask, notice_id: int) -> Iterator[bytes]:
    """In a context of its own, since the request's database session is over when the body goes out."""
    with app.app_context():
        yield from mailbox(copies(asked_for(notice_id), now()))


@bp.get("/organize/notices/<int:notice_id>/draft.eml")
@open_to("organizer")
def one_draft(notice_id: int) -> Response:
    """One draft with everyone in Bcc; as `part` 1 on, with so many of them as can be written to at once."""
    notice, part = asked_for(notice_id), number_asked("part")
    people = mailed(notice, now(), MOST_IN_BCC, (part - 1) * MOST_IN_BCC) if part else mailed(notice, now())
    if part and not people:
        abort(404)
    body = draft(_copy(notice), people, now())
    return _file(notice, body, "message/rfc822", f"part-{part}.eml" if part else "eml")


@bp.get("/organize/notices/<int:notice_id>/text")
@open_to("organizer")
def text(notice_id: int) -> Response:
    """As plain text, to look at."""
    notice = asked_for(notice_id)
    return Response(as_text(_copy(notice, chosen_reader(notice))), content_type="text/plain; charset=utf-8")


@bp.get("/organize/notices/<int:notice_id>/html")
@open_to("organizer")
def html(notice_id: int) -> Response:
    """As a letter's HTML: a file, since its inline styles are for mail programs and not for this site's pages."""
    notice = asked_for(notice_id)
    body = as_html(_copy(notice, chosen_reader(notice))).encode()
    return _file(notice, body, "text/html; charset=utf-8", "html")


@bp.get("/organize/notices/<int:notice_id>/letters.pdf")
@open_to("organizer")
def paper_letters(notice_id: int) -> ResponseReturnValue:
    """A letter for each of those it reaches by post, with `all=1` for all of its readers who have a postal address: so
    many at once, the others as `part` 2 on."""
    asked = request.args.get("paper", "")
    size = paper.Format(asked) if asked in list(paper.Format) else paper.Format.A4

    def given(notice: Notice, people: Sequence[Person]) -> str:
        must_be_whole(notice, now())
        return paper.letters_given(notice, people, size, now())

    return _printed(notice_id, paper.MOST_LETTERS, given, paper.letters_pdf)


@bp.get("/organize/notices/<int:notice_id>/labels.pdf")
@open_to("organizer")
def paper_labels(notice_id: int) -> ResponseReturnValue:
    """Their addresses, to stick on envelopes."""
    asked = request.args.get("sheet", "")
    sheet = paper.Labels(asked) if asked in list(paper.Labels) else paper.Labels.A4_24
    return _printed(notice_id, paper.MOST_LABELS, lambda _, people: paper.labels_given(people, sheet), paper.labels_pdf)


def _printed(
    notice_id: int,
    most: int,
    given: Callable[[Notice, Sequence[Person]], str],
    made: Callable[[str], bytes],
) -> ResponseReturnValue:
    """The asked part of those it reaches by post, on paper."""
    notice = asked_for(notice_id)
    part = min(max(number_asked("part") or 1, 1), 10_000)
    since = number_asked("since") or 0
    posted = paper.on_paper(notice, now(), everyone="all" in request.args, since=since)
    people = posted[(part - 1) * most : part * most]
    if not people:
        flash("It reaches nobody by post.")
        return redirect(url_for(".show", notice_id=notice.id), 303)
    words, response = given(notice, people), _named(Response(content_type="application/pdf"), notice, "pdf")
    db.session.rollback()  # nothing is held open while the PDF is made
    response.data = made(words)
    return response


def _copy(notice: Notice, reader: Person | None = None) -> Letter:
    """One to hand out: what was sent as it was, all else without holes."""
    letter = copy_for(notice, reader, now())
    if letter.id is None:
        must_be_whole(notice, now())
    return letter


def _file(notice: Notice, body: bytes, kind: str, ending: str) -> Response:
    return _named(Response(body, content_type=kind), notice, ending)


def _named(response: Response, notice: Notice, ending: str) -> Response:
    title = notice.event.title if notice.event else notice.kind
    response.headers.set("Content-Disposition", "attachment", filename=f"{notice.id}-{slug(title)}.{ending}")
    return response
