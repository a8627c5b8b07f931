"""A session that is changed or taken out, with the word of it, if wanted: to those with a seat in it or, where it gives
none of its own, to all who answered."""

from collections.abc import Callable
from datetime import datetime, timedelta

from society.agenda.models import Session
from society.agenda.planning import Plan
from society.events.changes import Change
from society.events.models import Event
from society.languages import ENGLISH
from society.notices.models import NoticeKind
from society.notices.new_sessions import said
from society.notices.news import tell as send_word
from society.people.models import Person
from society.phrases import languages, marked, phrase
from society.rsvps import agenda as acts
from society.times import to_utc

SESSION, OFF = marked("Session"), marked("does not take place")
SOON = timedelta(days=7)
"""So shortly before it begins, another time or room is news to those who come."""


def for_all(session: Session) -> bool:
    """Whether whoever comes to the event may sit in it, so that it concerns all of them."""
    return session.capacity is None


def concerns_nobody(session: Session, was: Plan, plan: Plan | None, now: datetime) -> bool:
    """Whether nobody is written to about a session as it was and, unless it is removed, will be: of a draft, of what is
    called off, and of what is over. One that is still to come after its event concerns those with a seat in it."""
    event = session.event
    gone = event.gone(now) if for_all(session) else event.cancelled_at is not None
    ends = [to_utc(one.ends, event.zone) for one in (was, plan) if one]
    over = event.postponed_at is None and max(ends) <= now
    return event.published_at is None or gone or over


def change_session(session: Session, plan: Plan, *, by: Person, now: datetime, note: str = "", tell: bool) -> bool:
    """Make it such; tells whether that changed anything."""
    event, was, all_told = session.event, Plan.of(session), for_all(session)
    tell = tell and not concerns_nobody(session, was, plan, now)
    changed = acts.change(session, plan, by=by, now=now, note=note, tell=tell and not all_told)
    if tell and all_told and as_changed(was, plan, event.zone):
        _tell_all(event, lambda language: as_changed(was, plan, event.zone, language), note, by, now)
    return changed


def remove_session(session: Session, *, by: Person, now: datetime, note: str = "", tell: bool) -> None:
    """Take it out of the agenda."""
    event, was, all_told = session.event, Plan.of(session), for_all(session)
    tell = tell and not concerns_nobody(session, was, None, now)
    acts.remove(session, by=by, now=now, note=note, tell=tell and not all_told)
    if tell and all_told:
        _tell_all(event, lambda language: as_removed(was, event.zone, language), note, by, now)


def _tell_all(event: Event, words: Callable[[str], list[Change]], note: str, by: Person, now: datetime) -> None:
    changes = {language: words(language) for language in languages()}
    send_word(event, NoticeKind.CHANGE, changes=changes, note=note, by=by, now=now)


def as_changed(was: Plan, plan: Plan, zone: str, language: str = ENGLISH) -> list[Change]:
    """What is told of it, old and new; nothing of what stands in no calendar, such as its abstract."""
    anew = was.speakers != plan.speakers
    if not anew and was.material == plan.material:
        return []
    old, new = (said(one, zone, language) + (_by(one) if anew else "") for one in (was, plan))
    return [Change("sessions", phrase(SESSION, language), old, new)]


def as_removed(was: Plan, zone: str, language: str = ENGLISH) -> list[Change]:
    """What is told of one that is taken out."""
    return [Change("sessions", phrase(SESSION, language), said(was, zone, language), phrase(OFF, language))]


def _by(plan: Plan) -> str:
    named = "; ".join(f"{name}, {about}" if about else name for name, about in plan.speakers)
    return f" ({named})" if named else ""


def worth_telling(was: Plan, plan: Plan | None, zone: str, now: datetime) -> bool:
    """Whether to write to all is proposed: where the time or the room of what is to begin soon is another, or none."""
    if plan and (was.starts, was.ends, was.room) == (plan.starts, plan.ends, plan.room):
        return False
    begins = (to_utc(one.starts, zone) for one in (was, plan) if one)
    return any(now < at <= now + SOON for at in begins)
