"""Who is expected, whose code that is, and which keys there are."""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from society.db import db
from society.door.codes import fits, numbers_in
from society.door.models import DoorKey
from society.events.models import Event
from society.people.models import Person
from society.rsvps.models import Rsvp, RsvpStatus
from society.rsvps.queries import called
from society.tokens import hashed

_WITH_PEOPLE = joinedload(Rsvp.person, innerjoin=True).lazyload(Person.roles)


def expected(event: Event, search: str = "") -> Select[Rsvp]:
    """Those who have a seat, by name. Only names are searched: a helper must not learn whose an address is."""
    rows = select(Rsvp).join(Rsvp.person)
    rows = rows.where(Rsvp.event_id == event.id, Rsvp.status == RsvpStatus.CONFIRMED)
    for word in search.split():
        rows = rows.where(called(word, address=False))
    return rows.order_by(Person.name, Rsvp.id).options(_WITH_PEOPLE)


def guest(event: Event, number: int | None) -> Rsvp | None:
    """One answer to this event, whatever became of it."""
    if number is None:
        return None
    return db.session.scalar(select(Rsvp).where(Rsvp.id == number, Rsvp.event_id == event.id).options(_WITH_PEOPLE))


def bearer(event: Event, word: str) -> Rsvp | None:
    """Whose ticket has this code, at this event: one statement, by the key of the table."""
    rows = select(Rsvp).where(Rsvp.id.in_(numbers_in(word)), Rsvp.event_id == event.id).options(_WITH_PEOPLE)
    return next((rsvp for rsvp in db.session.scalars(rows) if fits(word, rsvp)), None)


def keys_of(event: Event) -> Select[DoorKey]:
    """The event's keys that were not taken back, the newest first."""
    return select(DoorKey).where(DoorKey.event_id == event.id, DoorKey.revoked_at.is_(None)).order_by(DoorKey.id.desc())


def key_behind(token: str, now: datetime) -> DoorKey | None:
    """The key whose link this is, as long as it opens."""
    whole = joinedload(DoorKey.event, innerjoin=True)
    key = db.session.scalar(select(DoorKey).where(DoorKey.hashed == hashed(token)).options(whole))
    return key if key and key.opens(now) else None
