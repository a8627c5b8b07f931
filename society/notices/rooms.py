"""A room that is called otherwise from now on, in all that is to come."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlalchemy import select

from society.agenda.bookings import in_unknown_rooms
from society.agenda.models import Session
from society.agenda.planning import Plan
from society.db import db
from society.events.changes import changed_by
from society.events.models import Event, Venue
from society.events.queries import hold
from society.notices.actions import alter, those_to_tell_of_each
from society.notices.effects import Concern, asked_again
from society.notices.following import touched
from society.people.models import Person
from society.rsvps.agenda import change


def concerned(venue: Venue, old: str, new: str, now: datetime) -> Concern:
    """Whom that reaches: the guests of what is to come there, its backers, and calendars."""
    events = [event for event in in_unknown_rooms(venue, now).get(old, []) if event.published_at is not None]
    held = select(Session.event_id).where(Session.room == old)
    agendas = set(db.session.scalars(held.where(Session.event_id.in_([event.id for event in events]))))
    there = [event for event in events if event.room == old]
    people = zip(there, those_to_tell_of_each(there, now), strict=True)
    with db.session.begin_nested() as trial:
        changes = [(event, changed_by(event, partial(setattr, event, "room", new))) for event in there]
        backers = asked_again(there)
        touches = [touch for event, what in changes for touch in touched(event, what)]
        trial.rollback()
    return Concern(
        [(event, reach) for event, reach in people if reach.everyone],
        touches,
        backers,
        [event for event in events if event.id in agendas],
    )


def call_room(venue: Venue, old: str, new: str, *, by: Person, now: datetime, note: str, tell: bool) -> list[Event]:
    """Give events to come and their sessions its new name; calendars follow, and letters where they are wanted."""
    events = in_unknown_rooms(venue, now).get(old, [])
    for event in sorted(events, key=lambda event: event.id):  # held in one order, as all hold them who hold several
        hold(event)
        if event.room == old:
            alter(event, partial(setattr, event, "room", new), by=by, now=now, note=note, tell=tell)
        sessions = select(Session).where(Session.event_id == event.id, Session.room == old)
        for session in db.session.scalars(sessions).all():
            change(session, replace(Plan.of(session), room=new), by=by, now=now)
    return events
