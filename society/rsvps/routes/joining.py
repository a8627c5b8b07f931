"""The page that an entry in somebody's calendar leads to: joining online, when it is time."""

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
    """The link to join online, shown to whoever is going from so long before the start as its organizer chose."""
    rsvp = joined_by(token) or abort(404)
    going = rsvp.status is RsvpStatus.CONFIRMED
    return private(make_response(render_template("rsvps/online.html", event=rsvp.event, going=going, now=now())))
