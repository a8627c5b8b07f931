"""What organizers see of the agenda of an event: all sessions, what stands in their way, and who sits in them."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from society.agenda import queries
from society.agenda.across import clashes_of
from society.agenda.clashes import brought
from society.agenda.models import Session
from society.agenda.narrowing import narrowed
from society.agenda.routes import bp
from society.agenda.timetable import timetable
from society.db import db
from society.events.models import Event
from society.events.queries import numbered
from society.people.access import me, open_to
from society.rsvps import session_table
from society.rsvps.session_seats import Room, rooms, seated_or_waiting
from society.web import find


def event_of(event_id: int) -> Event:
    """The event whose agenda it is."""
    found: Event = find(numbered(event_id))
    return found


def session_of(event_id: int, session_id: int) -> Session:
    """One of its sessions."""
    found: Session = find(queries.session_of(event_of(event_id), session_id))
    return found


def saved(event: Event, sentence: str) -> ResponseReturnValue:
    """Back to all sessions."""
    flash(sentence)
    return redirect(url_for(".manage", event_id=event.id), 303)


@bp.get("/organize/events/<int:event_id>/agenda")
@open_to("event")
def manage(event_id: int) -> str:
    """All sessions, or those of one track or room, and what cannot well be as it is planned in any."""
    event = event_of(event_id)
    sessions = db.session.scalars(queries.agenda(event)).all() if event.has_agenda else []
    part = narrowed(sessions, request.args)
    return render_template(
        "agenda/manage.html",
        event=event,
        part=part,
        number=len(sessions),
        days=timetable(part.sessions),
        warnings=brought(event, [], sessions),
        clashes=clashes_of(event, sessions, me()),
        rooms=rooms(event) if event.has_agenda else {},
        nobody=Room(),
    )


@bp.get("/organize/events/<int:event_id>/agenda/seats.csv")
@open_to("event")
def seats_as_table(event_id: int) -> Response:
    """Who chose which session, for a spreadsheet, sent as it is read."""
    event = event_of(event_id)
    response = Response(session_table.lines(db.engine, event), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="sessions-{event.slug or event.id}.csv"'
    return response


@bp.get("/organize/events/<int:event_id>/agenda/<int:session_id>/seats")
@open_to("event")
def seats(event_id: int, session_id: int) -> str:
    """Who has a seat in a session, and who waits for one."""
    session = session_of(event_id, session_id)
    held = db.session.scalars(seated_or_waiting(session)).all()
    room = rooms(session.event).get(session.id, Room())
    return render_template("agenda/seats.html", event=session.event, session=session, held=held, room=room)
