"""Renewals: what is going to happen, for the secretary before it does; and renewing, for the member."""

from datetime import date, timedelta

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from society.db import db
from society.dues import forecast
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

AHEAD = 60
"""How many days the page looks ahead."""
ON_A_PAGE = 50


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
        coming=forecast.summed(forecast.between(on + timedelta(days=1), on + timedelta(days=AHEAD), days)),
        days=days,
        until=on + timedelta(days=AHEAD),
        outbox_only=outbox_only(),
        told=told,
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
        told=told,
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


def told(event: Event) -> str:
    """What happens, in words."""
    if event is None:
        return "Memberships lapse"
    if event == 0:
        return "Reminder on the last day"
    days = "1 day" if abs(event) == 1 else f"{abs(event)} days"
    return f"Reminder, {days} {'before' if event > 0 else 'after'} the end"


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
        own_feed.answered(person, now())
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
