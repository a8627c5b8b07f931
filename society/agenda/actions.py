"""What is changed within an agenda, and about speakers. Who must be told of it is for slices further right."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select, update

from society.agenda.models import Session, SpeakerProfile
from society.agenda.moving import shifted
from society.agenda.planning import Plan
from society.agenda.queries import agenda
from society.audit.actions import record
from society.db import db
from society.events.models import Event
from society.people.models import Person
from society.times import to_wall


def add(event: Event, plans: Sequence[Plan], now: datetime) -> list[Session]:
    """Enter sessions after those that are there."""
    last = db.session.scalar(select(func.max(Session.position)).where(Session.event_id == event.id))
    made = []
    for position, plan in enumerate(plans, 0 if last is None else last + 1):
        session = Session(event=event, position=position, revised_at=now, sequence=0)
        with db.session.no_autoflush:
            plan.enter(session, event.zone)
            db.session.add(session)
        made.append(session)
    event.has_agenda = True
    db.session.flush()
    return made


def drop(session: Session) -> None:
    """Take a session out of its event's agenda."""
    event = session.event
    db.session.delete(session)
    db.session.flush()
    event.has_agenda = db.session.scalar(select(Session.id).where(Session.event_id == event.id).limit(1)) is not None


def copy_agenda(event: Event, to: Event, now: datetime) -> None:
    """Give another event the same sessions, by as much later as it begins later, as when they move along with their
    event; slides are of that one day."""
    plans = [_then(plan, event, to) for plan in map(Plan.of, db.session.scalars(agenda(event)))]
    if plans:
        add(to, plans, now)


def _then(plan: Plan, event: Event, to: Event) -> Plan:
    starts_at, ends_at = shifted(plan.starts, plan.ends, to.starts - event.starts, to.zone)
    return replace(plan, starts=to_wall(starts_at, to.zone), ends=to_wall(ends_at, to.zone), slides_url="")


def describe_speaker(
    key: str, name: str, *, about: str, person: Person | None, same_as: str | None, by: Person, now: datetime
) -> SpeakerProfile:
    """Set what is told of a speaker, and whether their talks stand under another name."""
    profile = db.session.scalar(select(SpeakerProfile).where(SpeakerProfile.key == key))
    before = _told(profile) if profile else {}
    if profile is None:
        profile = SpeakerProfile(key=key, name=name, about="")
        db.session.add(profile)
    profile.about, profile.same_as = about, same_as
    profile.person_id = person.id if person else None
    if same_as:  # whoever led here now leads on to where this leads
        followers = update(SpeakerProfile).where(SpeakerProfile.same_as == key)
        db.session.execute(followers.values(same_as=same_as))
    db.session.flush()
    if _told(profile) != before:
        record("speaker described", profile, by=by, now=now, before=before, after=_told(profile))
    return profile


def _told(profile: SpeakerProfile) -> dict[str, str]:
    """For the log: whose page it is, is said by whether somebody is linked, not by whom."""
    linked = "yes" if profile.person_id else "no"
    return {"about": profile.about, "same_as": profile.same_as or "", "linked_to_a_person": linked}
