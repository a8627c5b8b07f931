"""Pages of what goes out by itself."""

from collections.abc import Callable
from typing import Any, cast

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from society.db import db
from society.dues import forecast
from society.errors import Refused
from society.events.models import Event
from society.events.queries import numbered as event_numbered
from society.mail.filling import filled
from society.mail.queries import outbox_only
from society.notices import merge
from society.notices.letters import letter_to_all, shown_subject
from society.notices.models import Notice
from society.notices.planned import planned as planned_notices
from society.notices.reach import reach
from society.notices.spoken import all_spoken
from society.people.access import me, open_to
from society.people.savers import saved_meanwhile
from society.reminders import actions, queries
from society.reminders.forms import OCCASIONS, MoveForm, PlanForm
from society.reminders.models import Planned, Standing, distance
from society.reminders.wording import notice_of
from society.rsvps import seat_news
from society.rsvps.seat_news import News
from society.settings import society
from society.text import markdown
from society.times import now, today_in
from society.web import Form, find, held, number_asked

bp = Blueprint("reminders", __name__)
bp.add_app_template_filter(lambda planned: planned.standing(now()), "standing")
bp.add_app_template_filter(lambda minutes, occasion: distance(occasion, minutes), "distance")

SHOWN = 200
AT_FIRST = 10
"""Of each kind of which there is no page of its own; the others are one click away."""
PAGE = 20
HERE = "/organize/events/<int:event_id>/reminders"
ONE = f"{HERE}/<int:planned_id>"
NEWS = f"{HERE}/seats/<int:letter_id>"


@bp.get("/organize/notices/planned")
@open_to("organizer")
def planned() -> str:
    """What goes out by itself, for all events, soonest first."""
    found, page = db.session.scalars(queries.to_come(now()).limit(SHOWN)).all(), number_asked("page") or 1
    rows = [one for one in found if one.standing(now()) is not Standing.MISSED]
    rows.sort(key=lambda one: one.due_at)
    start = (page - 1) * PAGE
    chosen = db.session.scalars(planned_notices().options(joinedload(Notice.event)).limit(SHOWN)).all()
    notices = [(each, shown_subject(each), to) for each, to in zip(chosen, all_spoken(chosen), strict=True)]
    return render_template(
        "reminders/planned.html",
        rows=rows[start : start + PAGE],
        number=len(rows),
        page=page,
        more=len(rows) > start + PAGE,
        notices=notices,
        news=seat_news.to_come(now(), SHOWN),
        renewals=_renewals() if me().has_role("secretary") else (),
        at_first=AT_FIRST,
        usual=actions.usual(),
        most=SHOWN,
    )


def _renewals() -> list[forecast.Planned]:
    days = forecast.reminders(society().reminder_days)
    return forecast.soon(today_in(society().zone, now()), days)


@bp.route(HERE, methods=["GET", "POST"])
@open_to("event")
def of_event(event_id: int) -> ResponseReturnValue:
    """What goes out by itself for one event, and a form for one more."""
    event: Event = find(event_numbered(event_id))
    form = PlanForm()
    if form.accepted(public=False) and _planned(event, form):
        db.session.commit()
        flash("Planned. Nothing has been sent yet.")
        return redirect(url_for(".of_event", event_id=event_id), 303)
    rows = sorted(db.session.scalars(queries.of_event(event)), key=lambda one: one.due_at)
    news = seat_news.to_come(now(), SHOWN, event)
    page = render_template("reminders/of_event.html", event=event, rows=rows, form=form, news=news)
    return page, 422 if form.errors else 200


def _planned(event: Event, form: PlanForm) -> bool:
    """Whether it could be; else the form says why not."""
    try:
        actions.plan(event, form.what, form.minutes, by=me(), now=now())
    except Refused as refused:
        db.session.rollback()
        form.number.errors = [str(refused)]
        return False
    return True


@bp.route(ONE, methods=["GET", "POST"])
@open_to("event")
def look(event_id: int, planned_id: int) -> ResponseReturnValue:
    """One as it would be read now, whom it reaches, and another time for it."""
    one = _asked(event_id, planned_id)
    form = MoveForm(one)
    if not form.accepted(public=False):
        return _page(one, form)
    if shown := saved_meanwhile(MoveForm(held(one)), one.event, "planned notice moved"):
        return _page(one, **shown)
    if not _moved(one, form):
        return _page(one, form)
    db.session.commit()
    flash("Moved.")
    return redirect(url_for(".look", event_id=event_id, planned_id=planned_id), 303)


def _page(one: Planned, form: MoveForm, **meanwhile: Any) -> ResponseReturnValue:
    notice = one.notice or notice_of(one, now())
    page = render_template(
        "reminders/look.html",
        event=one.event,
        one=one,
        form=form,
        what=OCCASIONS[one.occasion],
        recipients=reach(notice, now()),
        letter=letter_to_all(notice, now()),
        preview=markdown(filled(notice.body, merge.values(notice, merge.Reader()))),
        outbox_only=outbox_only(),
        **meanwhile,
    )
    return page, 422 if form.errors or meanwhile else 200


def _moved(one: Planned, form: MoveForm) -> bool:
    try:
        actions.move(one, form.timing.minutes, by=me(), now=now())
    except Refused as refused:
        db.session.rollback()
        form.at.errors = [str(refused)]
        return False
    return True


@bp.post(f"{ONE}/stop")
@open_to("event")
def stop(event_id: int, planned_id: int) -> ResponseReturnValue:
    """Keep it from going out."""
    return _done(event_id, planned_id, actions.stop, "Stopped. It will not be sent.")


@bp.post(f"{ONE}/resume")
@open_to("event")
def resume(event_id: int, planned_id: int) -> ResponseReturnValue:
    """Let it go out after all."""
    return _done(event_id, planned_id, actions.resume, "It will be sent at its time.")


def _done(event_id: int, planned_id: int, act: Callable[..., None], said: str) -> ResponseReturnValue:
    if Form().accepted(public=False):
        act(_asked(event_id, planned_id), by=me(), now=now())
        db.session.commit()
        flash(said)
    return redirect(url_for(".look", event_id=event_id, planned_id=planned_id), 303)


def _asked(event_id: int, planned_id: int) -> Planned:
    return cast(Planned, find(queries.numbered(event_id, planned_id)))


@bp.get(NEWS)
@open_to("event")
def news(event_id: int, letter_id: int) -> str:
    """News of a seat that has not left, as its reader will read it."""
    found = _news(event_id, letter_id)
    return render_template("reminders/news.html", event=found.rsvp.event, news=found)


@bp.post(f"{NEWS}/stop")
@open_to("event")
def stop_news(event_id: int, letter_id: int) -> ResponseReturnValue:
    """Keep the letter back; the seat stays given, or offered."""
    seat = "is kept for them until then" if _news(event_id, letter_id).offered else "stays theirs"
    return _done_to_news(event_id, letter_id, seat_news.stop, f"Stopped. The letter does not go out; the seat {seat}.")


@bp.post(f"{NEWS}/resume")
@open_to("event")
def resume_news(event_id: int, letter_id: int) -> ResponseReturnValue:
    """Let it go out after all."""
    return _done_to_news(event_id, letter_id, seat_news.resume, "The letter goes out after all.")


def _done_to_news(event_id: int, letter_id: int, act: Callable[..., None], said: str) -> ResponseReturnValue:
    if Form().accepted(public=False):
        act(_news(event_id, letter_id), by=me(), now=now())
        db.session.commit()
        flash(said)
    return redirect(url_for(".news", event_id=event_id, letter_id=letter_id), 303)


def _news(event_id: int, letter_id: int) -> News:
    return seat_news.numbered(event_id, letter_id) or abort(404)
