"""When it is over: how many of each party came, and who came without having answered."""

from collections.abc import Sequence
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from society.db import begin_write, db
from society.door import queries, recount
from society.door.forms import WalkInForm
from society.door.routes import bp
from society.door.walk_ins import walk_in
from society.errors import Refused
from society.events.models import Event
from society.events.queries import numbered
from society.fields import on_one_line
from society.people.access import me, open_to
from society.rsvps.afterwards import Recount, count_again
from society.rsvps.models import Rsvp
from society.text import counted, listed
from society.times import now
from society.web import find, number_asked, private

ON_A_PAGE = 100


@bp.route("/organize/events/<int:event_id>/checkin/afterwards", methods=["GET", "POST"])
@open_to("event")
def afterwards(event_id: int) -> Response:
    """Put right who came: by party, a page at a time, and whoever was forgotten."""
    event: Event = find(numbered(event_id))
    forgotten = WalkInForm()
    if "party_size" in request.form:
        return _add(event, forgotten)
    if request.method == "POST":
        return _put_right(event)
    return _page(event, recount.stored(_rows(event)), forgotten)


def _put_right(event: Event) -> Response:
    meant = queries.expected(event).where(Rsvp.id.in_(recount.numbers_in(request.form)[:ON_A_PAGE]))
    lines = recount.typed(request.form, db.session.scalars(meant).all())
    if any(line.error for line in lines):
        return _page(event, lines, _empty(), 422)
    came = {line.rsvp.id: (line.was, line.came) for line in lines}
    begin_write()
    done = count_again(event, came, by=me(), now=now())
    db.session.commit()
    _tell(done)
    return private(redirect(request.full_path.rstrip("?"), 303))


def _tell(done: Recount) -> None:
    flash(f"Put right: {counted(done.done, 'answer')}." if done.done else "Nothing was changed.")
    if done.left:
        flash(f"Somebody else had changed {listed(done.left)} meanwhile; that was left as it is.", "error")


def _add(event: Event, form: WalkInForm) -> Response:
    """What is refused comes back as it was typed."""
    if form.accepted():
        words = str(form["name"].data), str(form.email.data or ""), form.party_size.data or 1
        try:
            _has_begun(event)
            came = walk_in(event, *words, by=me(), now=now(), at=event.starts_at)
            db.session.commit()
            flash(f"Noted as there: {came.person.name}.")
            return private(redirect(url_for(".afterwards", event_id=event.id), 303))
        except Refused as why:
            db.session.rollback()
            form["name"].errors = [str(why)]
    return _page(event, recount.stored(_rows(event)), form, 422)


def _has_begun(event: Event) -> None:
    if not event.begun(now()):
        raise Refused("It has not begun: nobody can have been there yet.")


def _empty() -> WalkInForm:
    form = WalkInForm()
    form.process()
    return form


def _search() -> str:
    return on_one_line(request.args.get("q"))[:100]


def _number() -> int:
    return min(max(number_asked("page") or 1, 1), 10_000)


def _rows(event: Event) -> Sequence[Rsvp]:
    """Those of the page, and one more if there is another page."""
    rows = queries.expected(event, _search()).offset((_number() - 1) * ON_A_PAGE).limit(ON_A_PAGE + 1)
    return db.session.scalars(rows).all()


def _page(event: Event, lines: list[recount.Line], forgotten: WalkInForm, status: int = 200) -> Response:
    shown: dict[str, Any] = {"lines": lines[:ON_A_PAGE], "more": len(lines) > ON_A_PAGE, "forgotten": forgotten}
    shown |= {
        "search": _search(),
        "page": _number(),
        "count": queries.head_count(event, now()),
        "begun": event.begun(now()),
        "by_day": recount.by_day(event),
    }
    answer: ResponseReturnValue = (render_template("door/afterwards.html", event=event, **shown), status)
    return private(make_response(answer))
