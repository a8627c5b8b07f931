"""Who may be erased, what it would touch, and which guests have been kept long enough."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, exists, func, not_, or_, select

from society.agenda.models import Session, SessionSpeaker
from society.db import db
from society.dues.models import Due, Payment
from society.events.models import Event, Speaker
from society.events.queries import still_ahead
from society.membership.models import Membership
from society.membership.queries import covered_by, running_from
from society.offices.models import Term
from society.organizations.models import Organization
from society.people.models import Person, Role
from society.rsvps.models import Rsvp
from society.settings import society
from society.times import midnight, months_later, today_in


@dataclass(frozen=True)
class Consequences:
    """What erasing somebody would do besides, in numbers and names."""

    coming: int
    """Answers to events still to come."""
    past: int
    invoices: int
    payments: int
    runs: bool
    """Whether a membership of theirs runs, or is to begin."""
    covered: list[str]
    """Whose membership ends with theirs."""
    terms: int
    elsewhere: list[str]
    """Where they are named by what organizers publish, which stays."""


def consequences(person: Person, now: datetime) -> Consequences:
    """What the page says before anybody is erased."""
    today = today_in(society().zone, now)
    coming, past = db.session.execute(
        select(func.count().filter(still_ahead(now)), func.count().filter(not_(still_ahead(now))))
        .select_from(Rsvp)
        .join(Rsvp.event)
        .where(Rsvp.person_id == person.id)
    ).one()
    running = db.session.scalars(running_from(person, today)).all()
    return Consequences(
        coming=coming,
        past=past,
        invoices=_count(Due.person_id == person.id),
        payments=_count(Payment.person_id == person.id),
        runs=bool(running),
        covered=[row.person.name for period in running for row in db.session.scalars(covered_by(period, today))],
        terms=_count(Term.person_id == person.id, or_(Term.ends_on.is_(None), Term.ends_on >= today)),
        elsewhere=_elsewhere(person),
    )


def _count(*which: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).where(*which)) or 0


def _elsewhere(person: Person) -> list[str]:
    speaks = select(Event.title).join(Speaker, Speaker.event_id == Event.id).where(Speaker.name == person.name)
    in_sessions = select(Session.title).join(SessionSpeaker, SessionSpeaker.session_id == Session.id)
    in_sessions = in_sessions.where(or_(SessionSpeaker.name == person.name, Session.chair == person.name)).distinct()
    contact = select(Organization.name).where(func.lower(Organization.contact) == (person.email or "-"))
    talks = [*db.session.scalars(speaks.limit(10)), *db.session.scalars(in_sessions.limit(10))]
    return [*talks, *db.session.scalars(contact.limit(10))]


def last_day_of_guests(now: datetime) -> date | None:
    """Guests whose last event was over by then are forgotten now; None keeps them."""
    months = society().guests_kept_months
    return None if months is None else months_later(today_in(society().zone, now), -months)


def guests_to_forget(now: datetime) -> Select[Person] | None:
    """People who answered events, the last of them long over, and are nothing else here; None if guests are kept."""
    day = last_day_of_guests(now)
    if day is None:
        return None
    begins = midnight(day, society().zone)
    ties = (Membership.person_id, Role.person_id, Term.person_id, Payment.person_id, Due.person_id)
    recent = exists().where(Rsvp.person_id == Person.id, Rsvp.event_id == Event.id, Event.ends_at >= begins)
    guests = select(Person).where(Person.erased_at.is_(None), Person.verified_at.is_(None), Person.created_at < begins)
    for column in ties:
        guests = guests.where(~exists().where(column == Person.id))
    answered = exists().where(Rsvp.person_id == Person.id)
    return guests.where(answered, ~recent).order_by(Person.id)
