"""What is done at the door and about its keys, each act in the event's audit log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from society.audit.actions import record
from society.db import db
from society.door.acts import agree, put_in
from society.door.first import LET_IN
from society.door.hours import came_back, day_at, lasts_days, too_early
from society.door.mistakes import give_back
from society.door.models import DoorAct, DoorAction, DoorKey
from society.door.queries import acts_of, bearer, last_seen, why_shut
from society.errors import Refused
from society.events.models import Event
from society.people.models import Person
from society.rsvps import seats
from society.rsvps.desk import note, picked
from society.rsvps.models import Rsvp
from society.rsvps.render import state
from society.tokens import fresh, hashed


@dataclass(frozen=True)
class Scan:
    """What came of a code: whose it is and what else to say of it, or a sentence that says why not."""

    rsvp: Rsvp | None
    again: bool = False
    """All of them were in before."""
    back: bool = False
    """They were, on an earlier day."""
    trial: bool = False
    """The door is not open yet, so nobody was checked in."""
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
    """Check guests in, all of a party or so many who `came`, or undo that; what changes nothing is not noted.

    Who had no seat before they were let in gives it back by that; these are returned.
    """
    if act is DoorAction.UNDO:
        seats.lock(event)
    shut = why_shut(event, now) if act is DoorAction.CHECK_IN else ""
    if shut:
        raise Refused(shut)
    held = picked(event, numbers).order_by(Rsvp.id).with_for_update(of=Rsvp)
    rsvps = list(db.session.scalars(held.execution_options(populate_existing=True)))  # a scan has read it before
    if isinstance(by, DoorKey) and not all(rsvp.has_seat for rsvp in rsvps):
        raise Refused("That guest has no seat any more.")  # by name only to those who see all answers
    left = []
    done = acts_of(numbers) if lasts_days(event) else {}
    for rsvp in rsvps:
        before = rsvp.checked_in_at
        if lasts_days(event):
            changed = _on_its_day(rsvp, act, came, done.setdefault(rsvp.id, []), now)
        else:
            changed = _on_its_only_day(rsvp, act, came, now)
        if changed:
            note_at_the_door(act, rsvp, before, by, now)
            left += [rsvp] if give_back(rsvp, person_of(by), now) else []
    used(by, now)
    return left


def _on_its_only_day(rsvp: Rsvp, act: DoorAction, came: int | None, now: datetime) -> bool:
    """Whether that changes who is there."""
    were = rsvp.came
    if act is DoorAction.CHECK_IN:
        rsvp.check_in(now, came)
    else:
        rsvp.undo_check_in()
    if rsvp.came == were:
        return False
    db.session.add(DoorAct(rsvp_id=rsvp.id, act=act, at=now, came=rsvp.arrived))
    return True


def _on_its_day(rsvp: Rsvp, act: DoorAction, came: int | None, done: list[DoorAct], now: datetime) -> bool:
    """The same of one day of several. What is said of it, or undone, leaves the others as they were."""
    before, today = agree(rsvp, done), day_at(rsvp.event, now)
    if act is DoorAction.CHECK_IN:
        rsvp.may_come(came)
    here = before.on(today, rsvp.party_size)
    if here == (0 if act is DoorAction.UNDO else came or rsvp.party_size):
        return False
    put_in(rsvp, DoorAct(act=act, at=now, came=came), done)
    return True


def person_of(by: Person | DoorKey) -> Person | None:
    """Who acts; a key is nobody's."""
    return None if isinstance(by, DoorKey) else by


def used(by: Person | DoorKey, now: datetime) -> None:
    """A key tells when it was last in use."""
    if isinstance(by, DoorKey):
        by.used_at = now


def note_at_the_door(act: DoorAction, rsvp: Rsvp, before: datetime | None, by: Person | DoorKey, now: datetime) -> None:
    """A key is nobody's, so its name and number stand for whoever had it in hand."""
    done = LET_IN if act is DoorAction.CHECK_IN else "check-in undone"
    person, key = (None, {"key": by.noted}) if isinstance(by, DoorKey) else (by, {})
    after = {"checked_in_at": rsvp.checked_in_at, "came": rsvp.came, **key}
    note(done, rsvp, person, now, before={"checked_in_at": before}, after=after)


def scan(event: Event, word: str, *, by: Person | DoorKey, now: datetime) -> Scan:
    """Check in whoever's ticket has this code. The first scan counts; a second one tells since when they are in."""
    if shut := why_shut(event, now):
        return Scan(None, refused=shut)
    found = bearer(event, word)
    if found is None:
        return Scan(None, refused="No ticket to this event has that code. Please look for the name instead.")
    if not found.has_seat:
        return Scan(None, refused=f"{found.person.name} has no seat. Their answer: {state(found).lower()}.")
    if too_early(event, now, by):
        return Scan(found, trial=True)
    seen = last_seen(event, [found]).get(found.id)
    back = seen is not None and came_back(event, seen.at, now)
    all_in = (seen.came if seen else found.came) == found.party_size
    at_the_door(event, DoorAction.CHECK_IN, [found.id], by=by, now=now)
    return Scan(found, again=all_in and not back, back=back)


def make_key(event: Event, name: str = "", *, by: Person, now: datetime) -> str:
    """A new key to an event's door; the secret of its link, which is stored nowhere."""
    secret = fresh()
    key = DoorKey(event_id=event.id, event=event, name=name, hashed=hashed(secret), made_at=now)
    if not key.opens(now):
        raise Refused("The event is over, so there is no door left to keep.")
    db.session.add(key)
    db.session.flush()
    record("door key made", event, by=by, now=now, after={"key": key.noted})
    return secret


def rename_key(key: DoorKey, name: str, *, by: Person, now: datetime) -> None:
    """Call it otherwise from now on; the log keeps what it was called when something was done by it."""
    before = key.noted
    key.name = name
    if key.noted != before:
        record("door key renamed", key.event, by=by, now=now, before={"key": before}, after={"key": key.noted})


def revoke_key(key: DoorKey, *, by: Person, now: datetime) -> None:
    """Take a key back: its link leads nowhere from now on."""
    key.revoke(now)
    record("door key taken back", key.event, by=by, now=now, before={"key": key.noted})
