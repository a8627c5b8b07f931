"""The timetable of an event, for everyone who may see the event."""

from flask import render_template

from society.agenda.queries import agenda
from society.agenda.routes import bp
from society.agenda.timetable import timetable
from society.db import db
from society.events.models import Event
from society.events.queries import visible_to, with_places
from society.kept import fresh_until, kept_for_visitors
from society.material.queries import of_sessions
from society.people.access import open_to, visitor
from society.rsvps.models import RsvpStatus
from society.rsvps.queries import rsvp_of
from society.rsvps.session_seats import Room, gives_seats, held_by, rooms
from society.times import now
from society.web import find


@bp.get("/events/<slug>/agenda")
@kept_for_visitors
@open_to("everyone")
def show(slug: str) -> str:
    """All sessions by day and time, with what runs now."""
    person, moment = visitor(), now()
    event: Event = find(with_places(visible_to(person).where(Event.slug == slug, Event.has_agenda)))
    sessions = db.session.scalars(agenda(event)).all()
    fresh_until(*(s.starts_at for s in sessions), *(s.ends_at for s in sessions))
    limited = [session for session in sessions if session.capacity is not None]
    mine = rsvp_of(event, person) if person and limited else None
    going = mine is not None and mine.status is RsvpStatus.CONFIRMED
    return render_template(
        "agenda/show.html",
        event=event,
        days=timetable(sessions),
        kept=of_sessions(event, person, moment) if event.has_material else {},
        now=moment,
        rooms=rooms(event) if limited else {},
        nobody=Room(),
        mine=mine if going else None,
        held={seat.session_id: seat for seat in held_by(mine)} if mine and going else {},
        can_choose=going and any(gives_seats(session, moment) for session in limited),
        limited=bool(limited),
    )
