"""What is done at the door and about its keys, each act in the event's audit log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from society.audit.actions import record
from society.db import db
from society.door.models import DoorAct, DoorAction, DoorKey
from society.door.queries import bearer
from society.errors import Refused
from society.events.models import Event, RsvpPolicy, Visibility
from society.people.actions import person_for
from society.people.models import Person
from society.rsvps import seats
from society.rsvps.desk import note, picked
from society.rsvps.feed import answered as refresh_feed
from society.rsvps.models import Answer, Rsvp, RsvpStatus
from society.rsvps.queries import rsvp_of, seats_taken
from society.rsvps.render import state
from society.text import counted
from society.tokens import fresh, hashed


@dataclass(frozen=True)
class Scan:
    """What came of a code: whose it is and whether they were in before, or a sentence that says why not."""

    rsvp: Rsvp | None
    again: bool = False
    refused: str = ""


def at_the_door(
    event: Event,
    act: DoorAction,
    numbers: Sequence[int],
    *,
    came: int | None = None,
    by: Person | DoorKey,
    now: datetime,
) -> list[Rsvp]:
    """Check guests in, all of a party or so many who `came`, or undo that; what changes nothing is not noted."""
    rsvps = list(db.session.scalars(picked(event, numbers).with_for_update(of=Rsvp)))
    for rsvp in rsvps:
        before, were = rsvp.checked_in_at, rsvp.came
        if act is DoorAction.CHECK_IN:
            rsvp.check_in(now, came)
        else:
            rsvp.undo_check_in()
        if rsvp.came != were:
            db.session.add(DoorAct(rsvp_id=rsvp.id, act=act, at=now, came=rsvp.arrived))
            note_at_the_door(act, rsvp, before, by, now)
    used(by, now)
    return rsvps


def used(by: Person | DoorKey, now: datetime) -> None:
    """A key tells when it was last in use."""
    if isinstance(by, DoorKey):
        by.used_at = now


def note_at_the_door(act: DoorAction, rsvp: Rsvp, before: datetime | None, by: Person | DoorKey, now: datetime) -> None:
    """A key names nobody, so its number stands for whoever had it in hand."""
    done = "guest checked in" if act is DoorAction.CHECK_IN else "check-in undone"
    person, key = (None, {"key": by.id}) if isinstance(by, DoorKey) else (by, {})
    after = {"checked_in_at": rsvp.checked_in_at, "came": rsvp.came, **key}
    note(done, rsvp, person, now, before={"checked_in_at": before}, after=after)


def scan(event: Event, word: str, *, by: Person | DoorKey, now: datetime) -> Scan:
    """Check in whoever's ticket has this code. The first scan counts; a second one tells since when they are in."""
    found = bearer(event, word)
    if found is None:
        return Scan(None, refused="No ticket to this event has that code. Please look for the name instead.")
    if found.status is not RsvpStatus.CONFIRMED:
        return Scan(None, refused=f"{found.person.name} has no seat. Their answer: {state(found).lower()}.")
    again = found.checked_in_at is not None
    at_the_door(event, DoorAction.CHECK_IN, [found.id], by=by, now=now)
    return Scan(found, again=again)


def walk_in(event: Event, name: str, email: str, party_size: int, *, by: Person | DoorKey, now: datetime) -> Rsvp:
    """Seat and check in somebody who comes without having answered; the event is never fuller than it has seats.

    Until answers close, who waits for seats comes first, as everywhere. Who was offered some has these, and what they
    do not need goes on to the next. They themselves are not written to.
    """
    if isinstance(by, DoorKey) and (event.visibility is Visibility.MEMBERS or event.rsvp_policy is RsvpPolicy.MEMBERS):
        raise Refused("This is for members. Please ask an organizer to let them in.")
    if not event.on:
        raise Refused("This event does not take place as announced, so nobody is let in.")
    person = person_for(email, name, now) if email else _unknown(name, now)
    seats.lock(event)
    rsvp = rsvp_of(event, person) or Rsvp(event=event, event_id=event.id, person=person, person_id=person.id)
    if rsvp.status is RsvpStatus.CONFIRMED:
        raise Refused(f"{person.name} has a seat already. Please look for their name.")
    declined = rsvp.status is not None and rsvp.decided_against
    if declined and isinstance(by, DoorKey):
        raise Refused(f"The organizers declined {person.name}'s answer. Please ask an organizer to let them in.")
    offered = rsvp.status is RsvpStatus.OFFERED
    more = party_size - (rsvp.party_size if offered else 0)
    _must_fit(event, rsvp, more, now)
    rsvp.answer, rsvp.party_size, rsvp.answered_at = Answer.YES, party_size, now
    actor = None if isinstance(by, DoorKey) else by
    seats.log(rsvp, RsvpStatus.CONFIRMED, now, actor, _came(offered, declined))
    rsvp.check_in(now)
    db.session.add(DoorAct(rsvp_id=rsvp.id, act=DoorAction.CHECK_IN, at=now))
    note_at_the_door(DoorAction.CHECK_IN, rsvp, None, by, now)
    used(by, now)
    refresh_feed(person, now)
    if more < 0:
        seats.fill(event, now)
    return rsvp


def _came(offered: bool, declined: bool) -> str:
    if offered:
        return "Came to the door and took the seats offered."
    return "Let in at the door, though declined before." if declined else "Came to the door without having answered."


def _unknown(name: str, now: datetime) -> Person:
    """Somebody who leaves a name and no address."""
    person = Person(name=name, email=None, created_at=now)
    db.session.add(person)
    db.session.flush()
    return person


def _must_fit(event: Event, rsvp: Rsvp, more: int, now: datetime) -> None:
    """Whether so many can be had besides those that are theirs already."""
    if more <= 0:
        return
    if seats.gives_seats(event, now):
        room = seats.fits(event, rsvp, more)
    else:
        room = event.capacity is None or seats_taken(event) + more <= event.capacity
    if not room:
        raise Refused(f"There are not {counted(more, 'free seat')} left. An organizer can raise the number of seats.")


def make_key(event: Event, *, by: Person, now: datetime) -> str:
    """A new key to an event's door; the secret of its link, which is stored nowhere."""
    secret = fresh()
    key = DoorKey(event_id=event.id, event=event, hashed=hashed(secret), made_at=now)
    if not key.opens(now):
        raise Refused("The event is over, so there is no door left to keep.")
    db.session.add(key)
    db.session.flush()
    record("door key made", event, by=by, now=now, after={"key": key.id})
    return secret


def revoke_key(key: DoorKey, *, by: Person, now: datetime) -> None:
    """Take a key back: its link leads nowhere from now on."""
    key.revoke(now)
    record("door key taken back", key.event, by=by, now=now, before={"key": key.id})
