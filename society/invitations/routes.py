"""Another time for an event: proposed by a mailed link, answered by those who organize it."""

from datetime import datetime

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from society.db import db
from society.events import queries as events
from society.events.models import Event
from society.invitations.forms import DeclineForm, form_for
from society.invitations.proposals import propose, proposer, withdraw
from society.invitations.queries import other_times, own_proposal, why_not
from society.invitations.settling import decline
from society.limits import USE_LINK, limiter
from society.people.access import me, open_to
from society.people.models import Person
from society.rsvps import seats
from society.text import counted
from society.times import now
from society.web import Form, find, private

bp = Blueprint("invitations", __name__)

WITHDRAWN = "You have withdrawn it. The organizers see it no more."


@bp.route("/events/<slug>/propose/<token>", methods=["GET", "POST"])
@open_to("link")
@limiter.limit(USE_LINK)
def suggest(slug: str, token: str) -> Response:
    """Look at the proposed time, send it on, or take it back. Looking changes nothing, since mail scanners look too."""
    event, person = _opened(slug, token)
    if request.form.get("action") == "withdraw":
        return private(_withdrawn(slug, token))
    own = own_proposal(event, person, now())
    form = form_for(event, _clock("starts_at"), _clock("ends_at"), own)
    if form.accepted(public=False):
        event, person = _opened(slug, token)
        propose(event, person, form.span, form.word.data, now())
        db.session.commit()
        flash("Those who organize the event have it, and will answer you by mail.")
        return private(redirect(url_for(".suggest", slug=slug, token=token), 303))
    page = render_template(
        "invitations/suggest.html",
        event=event,
        person=person,
        form=form,
        closed=why_not(event, now()),
        own=own,
    )
    return private(make_response(page, 422 if form.errors else 200))


def _withdrawn(slug: str, token: str) -> ResponseReturnValue:
    if Form().accepted(public=False):
        withdraw(*_opened(slug, token), now())
        db.session.commit()
        flash(WITHDRAWN)
    return redirect(url_for(".suggest", slug=slug, token=token), 303)


def _opened(slug: str, token: str) -> tuple[Event, Person]:
    rows = select(Event).where(Event.slug == slug, Event.published_at.is_not(None)).options(joinedload(Event.venue))
    event = db.session.scalar(rows) or abort(404)
    return event, proposer(event, token) or abort(404)


def _clock(name: str) -> datetime | None:
    """What the calendar program proposed, as the link tells it."""
    try:
        return datetime.strptime(request.args.get(name, "")[:16], "%Y-%m-%dT%H:%M")
    except ValueError:
        return None


@bp.post("/events/<slug>/proposal/withdraw")
@open_to("person")
def withdraw_own(slug: str) -> ResponseReturnValue:
    """Take back what one proposed, from the event's page."""
    if Form().accepted(public=False):
        event: Event = find(events.visible_to(me()).where(Event.slug == slug))
        withdraw(event, me(), now())
        db.session.commit()
        flash(WITHDRAWN)
    return redirect(url_for("events.show", slug=slug), 303)


@bp.route("/organize/events/<int:event_id>/proposals", methods=["GET", "POST"])
@open_to("event")
def proposals(event_id: int) -> ResponseReturnValue:
    """Which other times are proposed for an event; decline one, with a line of one's own."""
    event: Event = find(events.loaded(events.numbered(event_id)))
    form = DeclineForm()
    if form.accepted(public=False):
        seats.lock(event)
        word = form.word.data or ""
        number = decline(event, form.time.data or "", form.numbers(), word, by=me(), now=now())
        db.session.commit()
        flash(f"Declined. {counted(number, 'person', 'people')} will read that by mail.")
        return redirect(url_for(".proposals", event_id=event_id), 303)
    page = render_template("invitations/proposals.html", event=event, times=other_times(event, now()), form=form)
    return page, 422 if form.errors else 200
