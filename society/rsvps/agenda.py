"""Changing an event's agenda as a whole act: its sessions, the log, calendars, and seats that this frees."""

from collections.abc import Sequence
from datetime import datetime

from society.agenda.actions import add, drop
from society.agenda.models import Session
from society.agenda.planning import LABELS, MATERIAL, Former, Plan, snapshot
from society.audit.actions import record
from society.db import db
from society.events.models import Event
from society.people.models import Person
from society.rsvps import session_releases, session_seats
from society.rsvps.feed import refresh_agenda
from society.rsvps.models import Rsvp
from society.rsvps.queries import rsvp_of
from society.rsvps.seats import lock
from society.rsvps.session_letters import say_anew_of_sessions, tell_of_change, tell_of_end
from society.rsvps.session_models import SessionSeat
from society.rsvps.session_offers import keep_offered_in_sessions


def enter(event: Event, plans: Sequence[Plan], *, by: Person, now: datetime) -> list[Session]:
    """Add sessions."""
    lock(event)
    made = add(event, plans, now)
    for session in made:
        record("session entered", session, by=by, now=now, after={"event": event.title, **snapshot(session)})
    _follow(event, now)
    return made


def change(session: Session, plan: Plan, *, by: Person, now: datetime, note: str = "", tell: bool = False) -> bool:
    """Make a session such; tells whether that changed anything.

    Those with a seat in it, and who wait for one, are written to, if wanted and if its title, time or room changed; of
    a seat that this gives them they hear before.
    """
    event = session.event
    lock(event)
    before, was = snapshot(session), Former.of(session)
    plan.enter(session, event.zone)
    after = snapshot(session)
    changed = {name for name in LABELS if before[name] != after[name]}
    if not changed:
        return False
    session.revised_at = now
    session.sequence += bool(changed & MATERIAL)
    old, new = ({name: values[name] for name in changed} for values in (before, after))
    record("session changed", session, by=by, now=now, before=old, after=new)
    say_anew_of_sessions(event, now)
    keep_offered_in_sessions(event, now)
    session_seats.fill(session, now)
    if tell and changed & MATERIAL:
        tell_of_change(session, was, note, now)
    _follow(event, now)
    return True


def remove(session: Session, *, by: Person, now: datetime, note: str = "", tell: bool = False) -> None:
    """Take a session out; seats in it are gone with it, and those who had one or waited are written to, if
    wanted."""
    event = session.event
    lock(event)
    record("session removed", session, by=by, now=now, before={"event": event.title, **snapshot(session)})
    if tell:
        tell_of_end(session, note, now)
    session_releases.release(session, now, by)
    drop(session)
    _follow(event, now)


def _follow(event: Event, now: datetime) -> None:
    if event.published_at is not None:
        refresh_agenda(event, now)


def choose(rsvp: Rsvp, session: Session, now: datetime, seats: int | None = None) -> SessionSeat:
    """Seats in a session, or a place in its queue, for so many of a party that is going, or for all; who has more gives
    the rest back."""
    _hold(rsvp, session)
    held = session_seats.seat_of(rsvp, session)
    if held is not None and not held.offered_until and seats is not None and 0 < seats < held.seats:
        session_releases.need_only(held, seats, now, rsvp.person)
        return held
    return session_seats.take(rsvp, session, now, seats)


def leave(rsvp: Rsvp, session: Session, now: datetime) -> None:
    """Give a session's seat back."""
    _hold(rsvp, session)
    session_releases.give_back(rsvp, session, now)


def _hold(rsvp: Rsvp, session: Session) -> None:
    """Hold the event, then read the answer and the session as they have become while this waited for it."""
    lock(rsvp.event)
    rsvp_of(rsvp.event, rsvp.person)
    db.session.expire(session)
