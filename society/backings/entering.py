"""Who backs an event, as its form says, and as it goes along to events made like it: by an organizer's word alone."""

from collections.abc import Iterable
from datetime import datetime

from society.audit.actions import record
from society.backings.letters import take_back_unsent
from society.backings.models import Word
from society.backings.steps import step
from society.db import db
from society.errors import Refused
from society.events.actions import apply
from society.events.changes import snapshot
from society.events.forms import EventForm
from society.events.models import Backing, BackingRole, BackingState, Event
from society.organizations.actions import named
from society.people.models import Person


def draft(form: EventForm, by: Person, now: datetime) -> Event:
    """A new event, seen by organizers only."""
    event = Event(created_by_id=by.id, created_at=now, revised_at=now, sequence=0, max_party_size=1)
    db.session.add(event)
    with db.session.no_autoflush:
        enter(event, form, by, now)
    record("event drafted", event, by=by, now=now, after=snapshot(event))
    return event


def enter(event: Event, form: EventForm, by: Person, now: datetime) -> None:
    """Set everything to what the form says; new venues, categories and organizations are made on the way."""
    apply(event, form)
    for role in BackingRole:
        set_backers(event, role, form.backers(role), by, now)


def set_backers(event: Event, role: BackingRole, wanted: Iterable[int | str], by: Person | None, now: datetime) -> None:
    """Make exactly these organizations (by number or by name) the confirmed backers in a role.

    The organizer who enters one vouches for it, as they cannot for who was asked or said no; one taken out is
    withdrawn, so that it stays on record, and its contact's link dies.
    """
    known = {backing.organization_id: backing for backing in event.backings if backing.role is role}
    chosen = dict.fromkeys(named(entry, now).id if isinstance(entry, str) else entry for entry in wanted)
    confirmed = {number for number, backing in known.items() if backing.state is BackingState.CONFIRMED}
    out = [known[number] for number in known if number in confirmed and number not in chosen]
    entered = [known.get(number) or _added(event, role, number) for number in chosen if number not in confirmed]
    for backing in out:
        backing.take_back()
        take_back_unsent([(event, backing)], backing.contact_email)
    for backing in entered:
        if backing.doubt:
            raise Refused(backing.doubt)
        backing.vouch(by, now)
    if out or entered:
        db.session.flush()
    for backing, word in [*((one, Word.TAKEN_BACK) for one in out), *((one, Word.VOUCHED) for one in entered)]:
        step(event, backing, word, now, by=by)


def _added(event: Event, role: BackingRole, organization_id: int) -> Backing:
    made = Backing(organization_id=organization_id, role=role)
    made.position = max((backing.position for backing in event.backings), default=-1) + 1
    event.backings.append(made)
    return made


def to_be_asked(event: Event) -> list[Backing]:
    """Those who are named of another event like it only once their contact says yes to that, too."""
    by_contact = (BackingState.CONFIRMED, BackingState.PROPOSED)
    return [backing for backing in event.backings if backing.state in by_contact and not backing.vouched]


def take_along(event: Event, made: Event, by: Person | None, now: datetime) -> None:
    """Who backs an event, or was asked to, to one made like it, once that has its date.

    Whom an organizer vouched for stays named, by the word of who makes it. What a contact was asked or said was about
    that one event: they are named of this one once they say yes to it.
    """
    kept = "organization_id role position level contact_name contact_email"
    along, asked = [], to_be_asked(event)
    for backing in event.backings:
        if backing.vouched or backing in asked:
            other = Backing(**{field: getattr(backing, field) for field in kept.split()}, state=BackingState.PROPOSED)
            made.backings.append(other)
            if backing.vouched:
                other.vouch(by, now)
                along.append(other)
    db.session.flush()
    for other in along:
        step(made, other, Word.TAKEN_ALONG, now, by=by)
