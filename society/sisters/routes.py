"""For organizers: the calendars of other societies that are shown beside ours."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from society.calendars.subscribers import ago
from society.db import begin_write, db
from society.errors import Refused
from society.people.access import me, open_to
from society.people.savers import saved_meanwhile
from society.settings import society
from society.sisters import actions, queries
from society.sisters.forms import SisterForm
from society.sisters.models import SisterCalendar
from society.sisters.reading import Look
from society.times import now, today_in
from society.web import Form, find, held

bp = Blueprint("sisters", __name__)

NEXT = 10
"""Events that are named when a calendar is looked at."""
UNKEPT = 20
"""Of what cannot be kept, how much is told line by line."""


@bp.route("/organize/calendars/sisters", methods=["GET", "POST"])
@open_to("organizer")
def index() -> ResponseReturnValue:
    """Those that are shown, and one more: first a look at what it holds, then the word."""
    form, look = SisterForm(), None
    if request.method == "POST" and form.validate():
        look = _looked_at(form)
        if look is None and not form.errors:
            flash(f"From now on what is on by {form.name.data} is shown beside ours.")
            return redirect(url_for(".index"), 303)
    at = now()
    page = render_template(
        "sisters/index.html",
        form=form,
        look=look,
        coming=look.coming(today_in(society().zone, at))[:NEXT] if look else [],
        most=UNKEPT,
        calendars=db.session.scalars(queries.calendars()).all(),
        numbers=queries.numbers_shown(),
        ago=lambda instant: ago(instant, at),
    )
    return page, 422 if form.errors else 200


def _looked_at(form: SisterForm) -> Look | None:
    """What it holds; None once it is kept, or where the form says why not."""
    try:
        answered, look = actions.look_at(str(form.address.data), now())
    except Refused as refusal:
        form.address.errors = [str(refusal)]
        return None
    if request.form.get("then") != "keep":
        return look
    begin_write()
    actions.begin(form.values, answered, look, by=me(), now=now())
    db.session.commit()
    return None


@bp.route("/organize/calendars/sisters/<int:sister_id>", methods=["GET", "POST"])
@open_to("organizer")
def edit(sister_id: int) -> ResponseReturnValue:
    """What is shown of one, how it is called, and whether it can be fetched."""
    calendar = _calendar(sister_id)
    form = SisterForm(calendar)
    if not form.accepted():
        return _page(calendar, form)
    if shown := saved_meanwhile(SisterForm(held(calendar)), calendar):
        return _page(calendar, **shown)
    actions.describe(calendar, form.values, by=me(), now=now())
    db.session.commit()
    flash("Saved.")
    return redirect(url_for(".index"), 303)


def _page(calendar: SisterCalendar, form: SisterForm, **meanwhile: Any) -> ResponseReturnValue:
    at = now()
    page = render_template(
        "sisters/edit.html",
        form=form,
        calendar=calendar,
        number=queries.numbers_shown().get(calendar.id, 0),
        coming=db.session.scalars(queries.next_of(calendar, at).limit(NEXT)).all(),
        ago=lambda instant: ago(instant, at),
        **meanwhile,
    )
    return page, 422 if form.errors or meanwhile else 200


@bp.post("/organize/calendars/sisters/<int:sister_id>/fetch")
@open_to("organizer")
def fetch_now(sister_id: int) -> ResponseReturnValue:
    """Fetch it now rather than in some hours."""
    calendar = _calendar(sister_id)
    failure = actions.fetch_again(calendar.id, now())
    flash(failure or "It was fetched, and is shown as it is now.", "warning" if failure else "message")
    return redirect(url_for(".edit", sister_id=sister_id), 303)


@bp.post("/organize/calendars/sisters/<int:sister_id>/stop")
@open_to("organizer")
def stop(sister_id: int) -> ResponseReturnValue:
    """Show it no more."""
    calendar = _calendar(sister_id)
    if Form().accepted():
        calendar = _calendar(sister_id)
        name = calendar.name
        actions.stop(calendar, by=me(), now=now())
        db.session.commit()
        flash(f"What is on by {name} is shown no more.")
    return redirect(url_for(".index"), 303)


def _calendar(number: int) -> SisterCalendar:
    found: SisterCalendar = find(select(SisterCalendar).where(SisterCalendar.id == number))
    return found
