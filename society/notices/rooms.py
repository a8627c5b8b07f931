"""A room that is called otherwise from now on, in all that is to come."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlalchemy import select

from society.agenda.bookings import in_unknown_rooms
from society.agenda.models import Session
from society.agenda.planning import Plan
from society.db import db
from society.events.changes import changed_by, differences
from society.events.models import Event, Venue
from society.events.queries import hold
from society.notices.actions import alter
from society.notices.concerns import Concern, asked_again
from society.notices.following import touched
from society.notices.news import in_one_letter, tell_of_several
from society.notices.reach import those_to_tell_of_each
from society.people.models import Person
from society.phrases import languages
from society.rsvps.agenda import change
from society.rsvps.session_letters import mailed, tell_of_room


def concerned(venue: Venue, old: str, new: str, now: datetime) -> Concern:
    """Whom that reaches: the guests of what is to come there, its backers, and calendars."""
    events = [event for event in in_unknown_rooms(venue, now).get(old, []) if event.published_at is not None]
    sessions = _sessions(events, old)
    agendas = {session.event_id for session in sessions}
    there = _in_it(events, old, now)
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
        len({seat.rsvp.person_id for seat in mailed(*_told_alone(sessions, there, now))}),
    )


def _sessions(events: Sequence[Event], room: str) -> Sequence[Session]:
    held = select(Session).where(Session.room == room, Session.event_id.in_([event.id for event in events]))
    return db.session.scalars(held.order_by(Session.event_id, Session.id)).all()


def _in_it(events: Sequence[Event], room: str, now: datetime) -> list[Event]:
    """Those that are in it themselves; what is over has no more than sessions to come there."""
    return [event for event in events if event.room == room and event.ends_at > now]


def _told_alone(sessions: Sequence[Session], there: Sequence[Event], now: datetime) -> list[Session]:
    """Those still to come whose seats are written to of the sessions: of an event in that room all its guests are."""
    return [session for session in sessions if session.event not in there and session.ends_at > now]


def call_room(venue: Venue, old: str, new: str, *, by: Person, now: datetime, note: str, tell: bool) -> list[Event]:
    """Give events to come and their sessions its new name; calendars follow, and letters where they are wanted."""
    events = in_unknown_rooms(venue, now).get(old, [])
    for event in sorted(events, key=lambda event: event.id):  # held in one order, as all hold them who hold several
        hold(event)
    there = _in_it(events, old, now)
    announced = [event for event in there if event.published_at is not None]
    together = tell and in_one_letter(those_to_tell_of_each(announced, now))
    was = [_told(event) for event in announced[:1]]
    sessions = _sessions(events, old)
    alone = [one for one in _told_alone(sessions, there, now) if one.event.published_at is not None]
    for event in there:
        alter(event, partial(setattr, event, "room", new), by=by, now=now, note=note, tell=tell and not together)
    for session in sessions:
        change(session, replace(Plan.of(session), room=new), by=by, now=now)
    if together:
        changes = {one: differences(was[0], _told(announced[0]), one) for one in languages()}
        tell_of_several(announced, changes=changes, note=note, by=by, now=now)
    if tell:
        tell_of_room(alone, old, new, note, now)
    return events


def _told(event: Event) -> dict[str, str]:
    """What guests are told: the same of all events in one room of a venue."""
    return {"place": event.place}
