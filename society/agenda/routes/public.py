"""The timetable of an event, for everyone who may see the event."""

from flask import render_template, request
from sqlalchemy.orm import selectinload

from society.agenda.narrowing import narrowed
from society.agenda.queries import agenda
from society.agenda.routes import bp
from society.agenda.timetable import timetable
from society.db import db
from society.events.models import Backing, Event
from society.events.queries import visible_to, with_places
from society.kept import fresh_until, kept_for_visitors
from society.material.queries import of_sessions
from society.people.access import open_to, visitor
from society.rsvps.session_seats import Room, chosen_by, gives_seats, rooms
from society.times import now
from society.web import find


@bp.get("/events/<slug>/agenda")
@kept_for_visitors("track", "room", "programme")
@open_to("everyone")
def show(slug: str) -> str:
    """All sessions by day and time, or those of one track or room, with what runs now, and who backs the event; if
    asked, the abstracts after them, as a programme to print."""
    person, moment = visitor(), now()
    backers = selectinload(Event.backings).joinedload(Backing.organization)
    event: Event = find(with_places(visible_to(person).where(Event.slug == slug, Event.has_agenda)).options(backers))
    sessions = db.session.scalars(agenda(event)).all()
    limited = [session for session in sessions if session.capacity is not None]
    fresh_until(
        *(s.starts_at for s in sessions), *(s.ends_at for s in sessions), *(s.answers_close_at for s in limited)
    )
    part = narrowed(sessions, request.args)
    mine, held = chosen_by(person, event) if person and limited else (None, {})
    giving = any(gives_seats(session, moment) for session in limited)
    return render_template(
        "agenda/show.html",
        event=event,
        part=part,
        number=len(sessions),
        days=timetable(part.sessions),
        kept=of_sessions(event, person, moment) if event.has_material else {},
        now=moment,
        rooms=rooms(event) if limited else {},
        nobody=Room(),
        mine=mine,
        held=held,
        can_choose=mine is not None and giving,
        giving=giving,
        abstracts=[session for session in part.sessions if session.abstract],
        programme="programme" in request.args,
    )
