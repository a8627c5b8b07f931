"""A notice on its way: how far it has come, to whom, and what staff do about it."""

from datetime import datetime
from typing import Protocol

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from society.db import db
from society.mail.queries import NO_WAY, Way, outbox_only
from society.notices import going, queries
from society.notices.forms import Button
from society.notices.letters import shown_subject
from society.notices.models import Notice
from society.notices.reach import reach
from society.notices.routes import asked_for, bp
from society.people.access import me, open_to
from society.people.models import Person
from society.times import now
from society.web import number_asked

PAGE = 50
WAYS = {
    Way.MAIL: "By mail",
    Way.LETTER: "By letter",
    Way.LEFT: "Left this list",
    Way.DEAD: "Mail comes back",
    Way.NONE: "No address",
}
UNREACHABLE = "unreachable"
"""Asks for those whose mail comes back and those without any address at once."""


class Act(Protocol):
    """What somebody does to a notice on its way."""

    def __call__(self, notice: Notice, *, by: Person, now: datetime) -> None: ...


@bp.get("/organize/notices/<int:notice_id>/progress")
@open_to("organizer")
def progress(notice_id: int) -> str:
    """The figures alone, which the notice's page fetches again while it is on its way."""
    notice = asked_for(notice_id)
    return render_template("notices/_progress.html", notice=notice, progress=going.progress(notice, now()))


@bp.get("/organize/notices/<int:notice_id>/recipients")
@open_to("organizer")
def recipients(notice_id: int) -> str:
    """Everyone it is for, and what became of their letter; of a draft, how it would come to them."""
    notice, asked, page = asked_for(notice_id), request.args.get("which", ""), number_asked("page") or 1
    if notice.sent_at is None:
        return _intended(notice, asked, page)
    which = going.Which(asked) if asked in list(going.Which) else None
    rows = going.recipients_of(notice, which).offset((page - 1) * PAGE).limit(PAGE + 1)
    found = db.session.scalars(rows).all()
    return render_template(
        "notices/recipients.html",
        notice=notice,
        subject=shown_subject(notice),
        deliveries=found[:PAGE],
        progress=going.progress(notice, now()),
        which=which,
        page=page,
        more=len(found) > PAGE,
        outbox_only=outbox_only(),
    )


def _intended(notice: Notice, asked: str, page: int) -> str:
    which = asked if asked in (*Way, UNREACHABLE) else ""
    chosen = NO_WAY if which == UNREACHABLE else (Way(which),) if which else ()
    rows = queries.by_way(notice, chosen, now()).offset((page - 1) * PAGE).limit(PAGE + 1)
    found = db.session.execute(rows).all()
    return render_template(
        "notices/intended.html",
        notice=notice,
        subject=shown_subject(notice),
        reach=reach(notice, now()),
        last_time=queries.last_time(notice, now()),
        people=found[:PAGE],
        ways=WAYS,
        which=which,
        page=page,
        more=len(found) > PAGE,
    )


@bp.post("/organize/notices/<int:notice_id>/take-back")
@open_to("organizer")
def take_back(notice_id: int) -> ResponseReturnValue:
    """Make it a draft again, while no letter has left."""
    return _done(notice_id, going.take_back, "Taken back. It is a draft again, and nobody has got it.")


@bp.post("/organize/notices/<int:notice_id>/pause")
@open_to("organizer")
def pause(notice_id: int) -> ResponseReturnValue:
    """Keep back for a while what has not left."""
    return _done(notice_id, going.pause, "Paused. What has not left waits until you let it go on.")


@bp.post("/organize/notices/<int:notice_id>/stop")
@open_to("organizer")
def stop(notice_id: int) -> ResponseReturnValue:
    """Keep back for good what has not left."""
    return _done(notice_id, going.stop, "Stopped. What has not left is not sent.")


@bp.post("/organize/notices/<int:notice_id>/go-on")
@open_to("organizer")
def go_on(notice_id: int) -> ResponseReturnValue:
    """Let go what was kept back."""
    return _done(notice_id, going.go_on, "It goes on.")


def _done(notice_id: int, act: Act, sentence: str) -> ResponseReturnValue:
    notice = asked_for(notice_id)
    if Button().accepted(public=False):
        act(notice, by=me(), now=now())
        db.session.commit()
        flash(sentence)
    return redirect(url_for(".show", notice_id=notice_id), 303)
