"""Beginning a notice: what it is and about which event, then the form with the wording for that."""

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from society.audit.actions import record
from society.db import db
from society.events.models import Event
from society.notices import merge, queries
from society.notices.forms import NoticeForm
from society.notices.models import Audience, Notice, NoticeKind
from society.notices.newsletter import near
from society.notices.routes import bp
from society.notices.routes.typed import as_typed, is_asked
from society.notices.wording import AUDIENCES, suggested
from society.people.access import me, open_to
from society.people.models import RoleName
from society.register.models import SavedView
from society.rsvps.selection import LONGEST, Selection
from society.times import now
from society.web import number_asked

MOST_TICKED = 100
"""Answers that a list shows, and more."""
FIELDS = merge.OFFERED | merge.OFFERED_WITH_EVENT


@bp.route("/organize/notices/new", methods=["GET", "POST"])
@open_to("organizer")
def new() -> ResponseReturnValue:
    """Write a notice: first what it is and about which event, then its text, which begins with the wording for that."""
    asked = request.args.get("kind", "")
    kind = NoticeKind(asked) if asked in list(NoticeKind) else None
    form = _started(kind or NoticeKind.ANNOUNCEMENT, number_asked("event"))
    if not may_ask_the_register(form):
        abort(403, FOR_SECRETARIES)
    if request.method == "GET" and (kind is None or (kind.needs_event and form.event.data is None)):
        return render_template("notices/start.html", form=form, kind=kind)
    if request.method == "GET" and form.about is None:
        form.leave_out_what_needs_an_event()
    if not is_asked() and form.accepted(public=False):
        notice = Notice(author=me(), created_at=now())
        form.fill(notice)
        db.session.add(notice)
        record("notice drafted", notice, by=me(), now=now(), after={"subject": notice.subject})
        db.session.commit()
        flash("Saved as a draft. Nothing has been sent.")
        return redirect(url_for(".show", notice_id=notice.id), 303)
    page = render_template("notices/new.html", form=form, fields=FIELDS, typed=as_typed(form), kind=form.chosen_kind)
    return page, 422 if form.errors else 200


def views_kept() -> Sequence[SavedView]:
    """What of the register they have kept to look at, if they may."""
    return db.session.scalars(queries.views_of(me())).all() if me().has_role(RoleName.SECRETARY) else ()


def _started(kind: NoticeKind, event_id: int | None) -> NoticeForm:
    event = db.session.scalar(select(Event).where(Event.id == event_id, Event.published_at.is_not(None)))
    asked = request.args.get("audience", "")
    audience = Audience(asked) if asked in list(Audience) else AUDIENCES[kind]
    several = kind is NoticeKind.NEWSLETTER and event is None
    events = [each.id for each in db.session.scalars(near(now()))] if several else []
    subject, body = suggested(kind, event, audience, several=bool(events))
    start: dict[str, Any] = {
        "kind": kind.value,
        "event": event.id if event else None,
        "audience": audience.value,
        "view" if audience is Audience.REGISTER else "found": _found(),
    }
    return NoticeForm(None, views_kept(), **start, subject=subject, body=body, events=events)


FOR_SECRETARIES = "Whom the register finds is for secretaries to choose. Please take other readers, or ask one."


def may_ask_the_register(form: NoticeForm, notice: Notice | None = None) -> bool:
    """Whom the register finds by which filter is for secretaries to know; a draft of theirs others may finish."""
    same = notice is not None and (notice.audience, notice.found) == (Audience.REGISTER, form.view.data)
    return same or form.audience.data != Audience.REGISTER or me().has_role(RoleName.SECRETARY)


def _found() -> str:
    """Who was ticked on an event's list of answers; if nobody was, or all were meant, what its filters find. Or what
    was asked of the register."""
    if request.args.get("audience") == Audience.REGISTER:
        return request.args.get("found", "")[:LONGEST]
    ticked = [int(number) for number in request.args.getlist("rsvp") if number.isdecimal() and len(number) < 10]
    if ticked and "every" not in request.args:
        return Selection.asked({}, ticked[:MOST_TICKED]).query
    return Selection.read(request.args["found"]).query if "found" in request.args else ""
