"""For organizers: the door list."""

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from society.db import db
from society.events.models import Event
from society.fields import on_one_line
from society.people.access import me, open_to
from society.rsvps import desk, queries
from society.rsvps.forms import DoorAction, DoorForm
from society.rsvps.models import RsvpStatus
from society.rsvps.routes import bp
from society.times import now
from society.web import find

AT_THE_DOOR = 100
"""How many guests the door list shows before it asks for a name: as far as a thumb scrolls."""


@bp.route("/organize/events/<int:event_id>/checkin", methods=["GET", "POST"])
@open_to("organizer")
def door(event_id: int) -> ResponseReturnValue:
    """The door list: find a name, tap, next."""
    event = _own_event(event_id)
    given = DoorForm()
    if given.accepted(public=False):
        desk.at_the_door(event, DoorAction(given.action.data), given.rsvp.data, by=me(), now=now())
        db.session.commit()
        return redirect(_here(), 303)
    search = on_one_line(request.args.get("q"))[:100]
    expected = queries.listed(event, status=RsvpStatus.CONFIRMED, search=search).limit(AT_THE_DOOR + 1)
    found = db.session.scalars(expected).all()
    page = render_template(
        "rsvps/door.html",
        event=event,
        form=given,
        guests=found[:AT_THE_DOOR],
        more=len(found) > AT_THE_DOOR,
        search=search,
        turnout=queries.turnout(event),
        arrived=queries.arrived(event),
    )
    return page, 422 if given.errors else 200


def _here() -> str:
    """The page as it is filtered."""
    return request.full_path.rstrip("?")


def _own_event(event_id: int) -> Event:
    found: Event = find(select(Event).where(Event.id == event_id))
    return found
