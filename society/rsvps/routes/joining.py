"""The page that an entry in somebody's calendar and reminders lead to: getting in, or joining online in time."""

from flask import Response, abort, make_response, render_template

from society.people.access import open_to
from society.rsvps.behind import joined_by
from society.rsvps.models import RsvpStatus
from society.rsvps.routes import bp
from society.times import now
from society.web import private


@bp.get("/rsvps/<token>/online")
@open_to("link")
def online(token: str) -> Response:
    """What only those who come are told, and in time the link to join online: from so long before the start as its
    organizer chose."""
    rsvp = joined_by(token) or abort(404)
    going = rsvp.status is RsvpStatus.CONFIRMED
    page = render_template("rsvps/online.html", event=rsvp.event, rsvp=rsvp, going=going, now=now())
    return private(make_response(page))
