"""The page behind a mailed link on which somebody proposes another time for an event."""

from datetime import datetime

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from society.db import db
from society.events.models import Event
from society.invitations.forms import form_for
from society.invitations.proposals import propose, proposer, why_not
from society.limits import USE_LINK, limiter
from society.people.access import open_to
from society.people.models import Person
from society.times import now
from society.web import private

bp = Blueprint("invitations", __name__)


@bp.route("/events/<slug>/propose/<token>", methods=["GET", "POST"])
@open_to("link")
@limiter.limit(USE_LINK)
def suggest(slug: str, token: str) -> Response:
    """Look at the proposed time, and send it on. Looking changes nothing, since mail scanners look too."""
    event, person = _opened(slug, token)
    form = form_for(event, _clock("starts_at"), _clock("ends_at"))
    if form.accepted(public=False):
        event, person = _opened(slug, token)
        propose(event, person, *form.span, form.word.data, now())
        db.session.commit()
        flash("Your proposal is on its way. Who organizes the event will answer you by mail.")
        return private(redirect(url_for(".suggest", slug=slug, token=token, sent="yes"), 303))
    page = render_template(
        "invitations/suggest.html",
        event=event,
        person=person,
        form=form,
        closed=why_not(event, now()),
        sent="sent" in request.args,
    )
    return private(make_response(page, 422 if form.errors else 200))


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
