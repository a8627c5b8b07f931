"""A room that is called otherwise from now on, in all that is to come."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlalchemy import select

from society.agenda.bookings import in_unknown_rooms
from society.agenda.models import Session
from society.agenda.planning import Plan
from society.db import db
from society.events.models import Event, Venue
from society.notices.actions import alter
from society.people.models import Person
from society.rsvps.agenda import change


def call_room(venue: Venue, old: str, new: str, *, by: Person, now: datetime, tell: bool) -> list[Event]:
    """Give events to come and their sessions its new name; calendars follow, and letters where they are wanted."""
    events = in_unknown_rooms(venue, now).get(old, [])
    for event in events:
        if event.room == old:
            alter(event, partial(setattr, event, "room", new), by=by, now=now, tell=tell)
        sessions = select(Session).where(Session.event_id == event.id, Session.room == old)
        for session in db.session.scalars(sessions).all():
            change(session, replace(Plan.of(session), room=new), by=by, now=now)
    return events
