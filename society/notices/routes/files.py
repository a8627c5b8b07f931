"""A notice to take away: messages, a mailbox, a draft, plain text, HTML."""

from collections.abc import Iterator

from flask import Flask, Response, current_app

from society.mail.message import as_html, as_text
from society.notices.copies import copies, copy_for, mailed
from society.notices.models import Notice
from society.notices.render import draft, mailbox, ready
from society.notices.routes import asked_for, bp, chosen_reader
from society.people.access import open_to
from society.text import slug
from society.times import now


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


def _file(notice: Notice, body: bytes, kind: str, ending: str) -> Response:
    return _named(Response(body, content_type=kind), notice, ending)


def _named(response: Response, notice: Notice, ending: str) -> Response:
    title = notice.event.title if notice.event else notice.kind
    response.headers.set("Content-Disposition", "attachment", filename=f"{notice.id}-{slug(title)}.{ending}")
    return response
