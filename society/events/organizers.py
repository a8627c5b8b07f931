"""Who organizes one event without the role for all."""

from datetime import datetime

from society.audit.actions import record
from society.db import db
from society.errors import Refused
from society.events import queries
from society.events.models import Event
from society.mail.actions import write
from society.people.models import EventOrganizer, Person
from society.people.queries import person_by_email

MOST = 50
"""Of one event."""


def let_organize(event: Event, address: str, *, by: Person, now: datetime) -> Person:
    """Give somebody who can sign in the rights to this event alone, and write to them."""
    person = person_by_email(address)
    if person is None or not person.can_sign_in:
        raise Refused("Nobody who can sign in has that address. Ask them to join first, then add them here.")
    if event.editable_by(person):
        raise Refused(f"{person.name} organizes this event already.")
    if queries.number_of(queries.organizers_of(event)) >= MOST:
        raise Refused(f"More than {MOST} cannot organize one event. Somebody can be made an organizer of all instead.")
    db.session.add(EventOrganizer(event_id=event.id, person=person, given_at=now))
    record("organizer added", event, by=by, now=now, after={"person": person.name})
    write(person, "organizing", f"organizing-{event.id}-{now:%Y%m%d%H%M%S}", now=now, event=event, by=by)
    return person


def take_away(one: EventOrganizer, event: Event, *, by: Person, now: datetime) -> None:
    """They organize it no more, and are written to; what they did stays."""
    reason = f"organizing-{event.id}-ended-{now:%Y%m%d%H%M%S}"
    record("organizer removed", event, by=by, now=now, before={"person": one.person.name})
    write(one.person, "organizing_ended", reason, now=now, reply_to=by.email, event=event, by=by)
    db.session.delete(one)
