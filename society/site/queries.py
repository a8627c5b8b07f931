"""What the dashboard counts."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, func, select

from society.db import db
from society.events.models import Event
from society.events.queries import still_to_begin
from society.mail.models import IN_HANDS, Letter, LetterState
from society.membership.models import Membership
from society.membership.queries import waiting_applications
from society.notices.letters import shown_subject
from society.notices.models import Notice
from society.notices.queries import with_events
from society.people.models import Person, Role, RoleName
from society.rsvps.models import Rsvp, RsvpStatus
from society.settings import Society, society

SHOWN = 5
"""Rows of a list on the home page and the dashboard."""


def admin_exists() -> bool:
    return bool(db.session.scalar(select(exists().where(Role.name == RoleName.ADMIN))))


def is_set_up() -> bool:
    """Whether the site can be shown; an admin made by a command counts."""
    return society().set_up_at is not None or admin_exists()


def setup_by(secret_hash: str) -> Select[Society]:
    """The society, if that is the link by which it is to be set up."""
    return select(Society).where(Society.setup_hash == secret_hash, Society.set_up_at.is_(None))


@dataclass(frozen=True)
class Seats:
    """How many are coming to an event, how many wait, and how many join online."""

    going: int = 0
    waiting: int = 0
    online: int = 0


def coming_up(person: Person, now: datetime) -> list[tuple[Event, Seats]]:
    """The next events to begin, with their seats, in two queries."""
    events = db.session.scalars(still_to_begin(person, now).limit(SHOWN)).all()
    seats = seats_of([event.id for event in events])
    return [(event, seats.get(event.id, Seats())) for event in events]


def seats_of(event_ids: list[int]) -> dict[int, Seats]:
    going = func.sum(Rsvp.party_size).filter(Rsvp.takes_seats)
    online = func.sum(Rsvp.party_size).filter(Rsvp.status == RsvpStatus.CONFIRMED, Rsvp.online)
    waiting = func.sum(Rsvp.party_size).filter(Rsvp.status == RsvpStatus.WAITLISTED)
    rows = db.session.execute(
        select(Rsvp.event_id, going, waiting, online).where(Rsvp.event_id.in_(event_ids)).group_by(Rsvp.event_id)
    )
    return {event_id: Seats(*(int(number or 0) for number in numbers)) for event_id, *numbers in rows}


def latest_notices() -> list[tuple[Notice, str]]:
    """The notices made last, each with its subject as readers see it."""
    made = with_events(select(Notice)).order_by(Notice.created_at.desc(), Notice.id.desc())
    return [(notice, shown_subject(notice)) for notice in db.session.scalars(made.limit(SHOWN))]


def applications_waiting() -> int:
    return db.session.scalar(select(func.count()).select_from(waiting_applications().subquery())) or 0


@dataclass(frozen=True)
class Outbox:
    """Where the letters stand."""

    waiting: int
    refused: int
    unknown: int


def outbox() -> Outbox:
    """Letters to be sent, letters that were refused for good, and those that may have arrived and go out no more."""
    rows = db.session.execute(
        select(Letter.state, func.count()).where(Letter.state != LetterState.SENT).group_by(Letter.state)
    )
    number: dict[LetterState, int] = dict(rows.all())
    waiting = sum(number.get(state, 0) for state in (LetterState.QUEUED, *IN_HANDS))
    refused = number.get(LetterState.REFUSED, 0)
    unknown = db.session.scalar(select(func.count()).where(Letter.may_have_arrived)) or 0 if refused else 0
    return Outbox(waiting, refused - unknown, unknown)


@dataclass(frozen=True)
class FirstSteps:
    """What a new society has done so far."""

    has_welcome: bool
    has_organizer: bool
    has_event: bool
    has_members: bool

    @property
    def done(self) -> bool:
        """Members may come one by one, without a list of them."""
        return self.has_welcome and self.has_organizer and self.has_event


def first_steps() -> FirstSteps:
    """Looked up in one query."""
    organizer, event, members = db.session.execute(
        select(
            exists().where(Role.name == RoleName.ORGANIZER),
            exists().where(Event.published_at.is_not(None)),
            exists().where(Membership.id.is_not(None)),
        )
    ).one()
    return FirstSteps(bool(society().welcome), bool(organizer), bool(event), bool(members))
