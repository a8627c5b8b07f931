"""Those whom a phone let in without network though they had not answered: told later, and seated as if told at once.

Seats are given by what is free when it is told. Whoever turns out to have a seat already is checked in with it, at the
hour at which they came, so that the first scan counts. What is refused is told with its reason, and the phone keeps it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from society.db import db
from society.door.forms import WalkInForm
from society.door.hours import earliest, too_early
from society.door.models import DoorAction, DoorKey
from society.door.queries import acts_of
from society.door.syncing import Act, Fate, Outcome, done_at, take, uid_of
from society.door.walk_ins import HasSeat, walk_in
from society.errors import Refused
from society.events.models import Event
from society.people.models import Person
from society.rsvps.desk import picked
from society.rsvps.models import Rsvp
from society.text import counted

MOST_AT_ONCE = 50
"""In one message: each takes some statements, and no one else may write meanwhile."""


@dataclass(frozen=True)
class WalkIn:
    """One as a phone tells it: what was typed, its hour put right by our clock."""

    uid: str
    at: datetime
    typed: dict[str, str]


def walk_ins_in(message: Any, received: datetime) -> list[WalkIn] | None:
    """Those in a phone's message; None unless it is one."""
    try:
        present, found = float(message["now"]), message.get("walk_ins", [])
        if len(found) > MOST_AT_ONCE:
            raise ValueError("too many at once")
        return [_read(one, present, received) for one in found]
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
        return None


def _read(one: dict[str, Any], present: float, received: datetime) -> WalkIn:
    typed = {name: str(one[name]) for name in ("name", "email", "party_size")}
    return WalkIn(uid_of(one), done_at(one, present, received), typed)


def let_in(event: Event, found: Sequence[WalkIn], *, by: Person | DoorKey, now: datetime) -> list[Outcome]:
    """Seat and check in, in the order in which they came; one that is refused holds up no other."""
    return [_one(event, one, by, now) for one in sorted(found, key=lambda one: one.at)]


def _one(event: Event, one: WalkIn, by: Person | DoorKey, now: datetime) -> Outcome:
    if early := too_early(event, now, by):
        return Outcome(one.uid, Fate.REFUSED, one.typed["name"], words=early)
    one = replace(one, at=max(one.at, earliest(event, now)))
    form = WalkInForm()
    form.process(MultiDict(one.typed))
    if not form.validate():
        words = next(error for errors in form.errors.values() for error in errors)
        return Outcome(one.uid, Fate.REFUSED, one.typed["name"], words=words)
    name, party = form["name"].data, form.party_size.data or 1
    try:
        walk_in(event, name, form.email.data or "", party, by=by, now=now, at=one.at, uid=one.uid)
    except HasSeat as seated:
        return _with_their_seat(event, seated, one, party, by, now)
    except Refused as why:
        return Outcome(one.uid, Fate.REFUSED, name, words=str(why))
    return Outcome(one.uid, Fate.DONE, name)


def _with_their_seat(
    event: Event, seated: HasSeat, one: WalkIn, party: int, by: Person | DoorKey, now: datetime
) -> Outcome:
    """Check them in by the answer that they have, as their ticket would have done."""
    held = picked(event, [seated.rsvp.id]).with_for_update(of=Rsvp)
    rsvp = db.session.scalars(held.execution_options(populate_existing=True)).one()
    name = rsvp.person.name
    if party > rsvp.party_size:
        words = f"{name} has a seat already, and that for {counted(rsvp.party_size, 'person', 'people')}. "
        words += "Please look for their name, and let the others in by theirs."
        return Outcome(one.uid, Fate.REFUSED, name, words=words)
    act = Act(one.uid, one.at, DoorAction.CHECK_IN, rsvp.id, party)
    outcome = take(rsvp, act, acts_of([rsvp.id]).get(rsvp.id, []), by, now)
    if outcome.fate is Fate.AGAIN:
        return outcome
    return Outcome(one.uid, Fate.DONE, name, outcome.since, f"{name} had a seat already, and was checked in with it.")
