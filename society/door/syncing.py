"""Acts that were done at the door without network, told later by the phone that kept them."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from society.db import db
from society.door.actions import note_at_the_door, person_of, used
from society.door.acts import agree, put_in
from society.door.first import first_by
from society.door.hours import day_at, earliest, too_early
from society.door.mistakes import give_back
from society.door.models import DoorAct, DoorAction, DoorKey
from society.door.queries import acts_of, known, led_on, why_off
from society.events.forms import MOST_IN_PARTY
from society.events.models import Event
from society.people.models import Person
from society.rsvps.desk import picked
from society.rsvps.models import Rsvp
from society.text import counted

MOST_AT_ONCE = 500
"""Acts in one message; a phone with more sends several."""
_OLDEST = timedelta(days=7)
_ON_THE_WAY = timedelta(minutes=1)
"""How long a list may take to a phone."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UID = re.compile("[0-9a-f-]{36}")


class Fate(StrEnum):
    """What became of an act."""

    DONE = "done"
    AGAIN = "again"
    REFUSED = "refused"


@dataclass(frozen=True)
class Act:
    """One act as a phone tells it, its hour put right by our clock."""

    uid: str
    at: datetime
    act: DoorAction
    rsvp: int
    came: int | None
    had: int | None = None
    """How many of them were in that day as far as the phone knew; None where it does not tell."""

    @property
    def lets_in(self) -> bool:
        return self.act is DoorAction.CHECK_IN


@dataclass(frozen=True)
class Doubt:
    """Of a party that came by two doors: how many may be in, for a person to say."""

    rsvp: int
    party: int
    came: int


@dataclass(frozen=True)
class Outcome:
    """What to say of it: `name` and since when they are in, as seconds since 1970; or `words`, a whole sentence."""

    uid: str
    fate: Fate
    name: str = ""
    since: float | None = None
    words: str = ""
    ask: Doubt | None = None
    by: str = ""
    """Who let them in first, where they were checked in twice."""

    def told(self) -> dict[str, Any]:
        return asdict(self)


def acts_in(message: Any, received: datetime) -> list[Act] | None:
    """The acts of a phone's message; None unless it is one.

    The phone's clock may be wrong, so it names its own present, `now`, beside the hours of its acts (both in
    milliseconds since 1970): what counts is how long ago each was.
    """
    try:
        present, acts = float(message["now"]), message["acts"]
        if len(acts) > MOST_AT_ONCE:
            raise ValueError("too many at once")
        return [_read(act, present, received) for act in acts]
    except (KeyError, OverflowError, TypeError, ValueError):
        return None


def _read(act: dict[str, Any], present: float, received: datetime) -> Act:
    came = None if act["came"] is None else int(act["came"])
    had = None if act.get("had") is None else int(act["had"])
    number = int(act["rsvp"])
    if not 0 < number < 2**31 or not (came is None or 1 <= came <= MOST_IN_PARTY):
        raise ValueError("out of bounds")
    return Act(uid_of(act), done_at(act, present, received), DoorAction(act["action"]), number, came, had)


def uid_of(act: dict[str, Any]) -> str:
    """The name that the phone gave it."""
    if not _UID.fullmatch(str(act["uid"])):
        raise ValueError("no such name")
    return str(act["uid"])


def done_at(act: dict[str, Any], present: float, received: datetime) -> datetime:
    """When it was done, by our clock: as long ago as by the phone's.

    Where that is before the phone had its list, or not yet, its clock was set meanwhile. Then the hour counts that the
    phone reckoned by the one of ours that came with the list (`hour` and `listed`, in milliseconds since 1970).
    """
    ago = timedelta(milliseconds=present - float(act["at"]))
    earliest = received - _OLDEST
    if act.get("listed") is None:
        return min(max(received - ago, earliest), received)
    listed, reckoned = (_EPOCH + timedelta(milliseconds=float(act[name])) for name in ("listed", "hour"))
    earliest = max(listed - _ON_THE_WAY, earliest)
    done = received - ago if earliest <= received - ago <= received else reckoned
    return min(max(done, earliest), received)


def take_over(event: Event, acts: Sequence[Act], *, by: Person | DoorKey, now: datetime) -> list[Outcome]:
    """Put them where they belong among what was done meanwhile; each counts once, however often it is told."""
    numbers = [act.rsvp for act in acts]
    later = led_on(event, numbers)
    numbers += later.values()
    rows = picked(event, numbers).order_by(Rsvp.id).with_for_update(of=Rsvp)
    rsvps = {rsvp.id: rsvp for rsvp in db.session.scalars(rows)}
    done, here = acts_of(list(rsvps)), known([act.uid for act in acts])
    told: list[Outcome] = []
    undone: dict[int, Rsvp] = {}
    whose: dict[str, Rsvp] = {}
    for act in acts:
        rsvp = rsvps.get(act.rsvp) or rsvps.get(later.get(act.rsvp, 0))
        if rsvp and act.act is DoorAction.UNDO:
            undone[rsvp.id] = rsvp
        if act.uid in here:
            told.append(Outcome(act.uid, Fate.DONE))
        elif rsvp is None or not rsvp.has_seat:
            told.append(Outcome(act.uid, Fate.REFUSED, _named(rsvp, by)))
        elif act.lets_in and (off := why_off(event) or too_early(event, now, by)):
            told.append(Outcome(act.uid, Fate.REFUSED, rsvp.person.name, words=off))
        else:
            act = replace(act, at=max(act.at, earliest(event, now)))
            before = done.setdefault(rsvp.id, [])
            whose[act.uid] = rsvp
            told.append(take(rsvp, _of_both(act, rsvp, before), before, by, now))
        here.add(act.uid)
    for rsvp in undone.values():
        give_back(rsvp, person_of(by), now)
    used(by, now)
    return _with_first(event, told, whose)


def _with_first(event: Event, told: list[Outcome], whose: dict[str, Rsvp]) -> list[Outcome]:
    """Of those who were checked in twice, say by whom first."""
    first = first_by(event, [whose[one.uid] for one in told if one.fate is Fate.AGAIN])
    return [replace(one, by=first.get(whose[one.uid].id, "")) if one.fate is Fate.AGAIN else one for one in told]


def _of_both(act: Act, rsvp: Rsvp, done: list[DoorAct]) -> Act:
    """Of two answers that became one, what is told of the party that went has nobody leave who is in."""
    if act.came is None or act.rsvp == rsvp.id:
        return act
    were = agree(rsvp, done).on(day_at(rsvp.event, act.at), rsvp.party_size)
    return replace(act, came=max(act.came, were), had=None)


def _named(rsvp: Rsvp | None, by: Person | DoorKey) -> str:
    """Helpers are told no name that is not on the list; their phone knows those that were."""
    return rsvp.person.name if rsvp and isinstance(by, Person) else ""


def take(rsvp: Rsvp, act: Act, done: list[DoorAct], by: Person | DoorKey, now: datetime) -> Outcome:
    """One act among those `done` about this answer, which has a seat."""
    before, day = agree(rsvp, done), day_at(rsvp.event, act.at)
    were = before.on(day, rsvp.party_size)
    doubt = _doubt(rsvp, act, were)
    if doubt:  # whichever is told first, as many as came by one door count until somebody knows
        latest = max(one.at for one in done if day_at(rsvp.event, one.at) == day)
        act = replace(act, came=max(act.came or 0, were), at=max(act.at, latest))
    after = put_in(rsvp, DoorAct(act=act.act, at=act.at, came=act.came, uid=act.uid), done)
    if after != before:
        note_at_the_door(act.act, rsvp, before.since, by, now)
    again = act.lets_in and 0 < after.on(day, rsvp.party_size) <= were
    since = after.since.timestamp() if after.since else None
    fate = Fate.AGAIN if again else Fate.DONE
    ask = doubt if day == day_at(rsvp.event, now) else None  # how many are here is said of today alone
    words = _question(rsvp, doubt, ask) if doubt else _too_many(rsvp, act)
    return Outcome(act.uid, fate, rsvp.person.name, since, words, ask)


def _doubt(rsvp: Rsvp, act: Act, were: int) -> Doubt | None:
    """Some of a party came by another door that day, which this one did not know: the same people, or others?"""
    if not act.lets_in or act.came is None or act.had is None or were <= act.had or act.came >= rsvp.party_size:
        return None
    return Doubt(rsvp.id, rsvp.party_size, min(were + max(act.came - act.had, 0), rsvp.party_size))


def _question(rsvp: Rsvp, doubt: Doubt, ask: Doubt | None) -> str:
    """What is asked of who is there still, or what the organizers are left to put right."""
    name, party = rsvp.person.name, doubt.party
    if ask is None:
        here = (
            f"Some of {name}’s party of {party} came by another door too on an earlier day, maybe {doubt.came} in all."
        )
        return f"{here} Organizers put that right under “Who came”."
    return (
        f"Some of {name}’s party of {party} came by another door too. Are they the same people, or {ask.came} in all?"
    )


def _too_many(rsvp: Rsvp, act: Act) -> str:
    """The party has become smaller than the phone knew it."""
    if not act.lets_in or act.came is None or act.came <= rsvp.party_size:
        return ""
    name, seats = rsvp.person.name, counted(rsvp.party_size, "seat")
    return f"{name} was let in with a party of {act.came}, and has {seats} by now: no more count as here."
