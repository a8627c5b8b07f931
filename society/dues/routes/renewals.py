"""Renewals: what is going to happen, for the secretary before it does; and renewing, for the member."""

from datetime import date

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from society.db import db
from society.dues import forecast
from society.dues.actions.reminding import resume, stop
from society.dues.forecast import LAPSE, By, Event
from society.dues.paper import how_to_pay
from society.dues.queries import open_of
from society.dues.renewal_forms import RenewalForm
from society.dues.renewals import PURPOSE, preview, renewal_dues
from society.dues.renewing import go_on, renewal_of, tiers_for
from society.dues.routes.blueprint import bp, today
from society.mail.queries import outbox_only
from society.membership.models import Membership
from society.people.access import me, open_to
from society.people.models import Person
from society.people.queries import sealed_for
from society.rsvps import feed as own_feed
from society.settings import society
from society.times import now
from society.tokens import number_in, opens
from society.web import Form, find

ON_A_PAGE = 50
STOPPED_SHOWN = 200


@bp.get("/organize/renewals")
@open_to("secretary")
def coming_renewals() -> str:
    """Who is going to be reminded, and whose membership lapses, day by day; of one of these, by name."""
    if "on" in request.args:
        return _by_name(request.args["on"], request.args.get("what", ""))
    days, on = forecast.reminders(society().reminder_days), today()
    return render_template(
        "dues/forecast.html",
        due=forecast.summed(forecast.due(on, days)),
        coming=forecast.summed(forecast.coming(on, days)),
        stopped=db.session.execute(
            forecast.stopped(on, days).options(contains_eager(Membership.person)).limit(STOPPED_SHOWN)
        ).all(),
        days=days,
        until=on + forecast.AHEAD,
        outbox_only=outbox_only(),
    )


def _by_name(day: str, what: str) -> str:
    on, event = _day(day), _event(what)
    page = request.args.get("page", 1, type=int)
    if not 1 <= page <= 1_000_000:
        abort(404)
    everyone = forecast.named(forecast.of(event, on)).options(joinedload(Membership.person))
    rows = db.session.execute(everyone.offset((page - 1) * ON_A_PAGE).limit(ON_A_PAGE + 1)).all()
    first = next((period for period, by in rows if by == By.MAIL), None)
    return render_template(
        "dues/forecast_names.html",
        rows=rows[:ON_A_PAGE],
        more=len(rows) > ON_A_PAGE,
        page=page,
        day=on,
        what=what,
        event=event,
        letter=preview(first, event, max(on, today())) if first and page == 1 else None,
        reader=first.person if first else None,
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        abort(404)


def _event(text: str) -> Event:
    if text == "lapse":
        return LAPSE
    numbers = forecast.reminders(text)
    return numbers[0] if len(numbers) == 1 else abort(404)


@bp.post("/organize/renewals/<int:membership_id>/<what>/stop")
@open_to("secretary")
def stop_reminder(membership_id: int, what: str) -> ResponseReturnValue:
    """Keep one person's letter from being written."""
    period, event = _letter(membership_id, what)
    if Form().accepted(public=False):
        stop(period, event, by=me(), now=now())
        db.session.commit()
        flash(f"Stopped: {period.person.name} does not get that letter. Renewals lists it, to be undone.")
    return redirect(url_for(".coming_renewals", on=forecast.day_of(period, event), what=what), 303)


@bp.post("/organize/renewals/<int:membership_id>/<what>/resume")
@open_to("secretary")
def resume_reminder(membership_id: int, what: str) -> ResponseReturnValue:
    """Let it be written after all."""
    period, event = _letter(membership_id, what)
    if Form().accepted(public=False):
        resume(period, event, by=me(), now=now())
        db.session.commit()
        flash(f"{period.person.name} gets that letter after all.")
    return redirect(url_for(".coming_renewals"), 303)


def _letter(membership_id: int, what: str) -> tuple[Membership, Event]:
    event = _event(what)
    return find(select(Membership).where(Membership.id == membership_id, Membership.ends_on.is_not(None))), event


@bp.route("/renew/<token>", methods=["GET", "POST"])
@open_to("link")
def renew(token: str) -> Response:
    """Renew one's membership by the link in a reminder. Looking changes nothing, since mail scanners look too."""
    person = sealed_for(number_in(token), lambda number, key: opens(token, PURPOSE, number, key))
    if person is None or person.erased_at:
        abort(404)
    response = make_response(_renewed(person, url_for(".renew", token=token)))
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.route("/me/membership/renew", methods=["GET", "POST"])
@open_to("person")
def renew_own() -> ResponseReturnValue:
    """The same, signed in."""
    return _renewed(me(), url_for(".renew_own"))


def _renewed(person: Person, here: str) -> ResponseReturnValue:
    renewal = renewal_of(person, today())
    invoiced = renewal_dues(renewal.period) if renewal.is_open and renewal.period else []
    form = RenewalForm(tiers_for(renewal, today()), invoiced[0].tier_id if invoiced else None)
    if form.accepted(public=False):
        go_on(person, form.offered[form.tier.data], now())
        own_feed.standing_changed(person, now())
        db.session.commit()
        return redirect(here, 303)
    return render_template(
        "dues/renew.html",
        person=person,
        renewal=renewal,
        form=form,
        invoiced=[(due, how_to_pay(person, open_of(due), due.currency)) for due in invoiced],
        here=here,
    ), 422 if form.errors else 200
