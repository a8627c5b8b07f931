"""The acts at a door that are kept about an answer, and what the answer becomes by one more."""

from functools import partial

from society.db import db
from society.door.hours import day_at
from society.door.models import DoorAct, DoorAction
from society.door.replay import Presence, replayed
from society.rsvps.models import Rsvp


def come_to(rsvp: Rsvp, done: list[DoorAct]) -> Presence:
    """What the acts `done` about this answer come to."""
    return replayed(done, partial(day_at, rsvp.event))


def agree(rsvp: Rsvp, done: list[DoorAct]) -> Presence:
    """Have the acts come to what the answer says, and return that. No act tells that a seat was given back, that a
    party grew, that somebody put it right, or what was done before acts were kept: then the answer is right."""
    told = come_to(rsvp, done)
    if _says(rsvp, told):
        return told
    if rsvp.checked_in_at and told.since == rsvp.checked_in_at:
        _put_right(rsvp, done)
    else:
        _begin_anew(rsvp, done)
    return come_to(rsvp, done)


def _says(rsvp: Rsvp, told: Presence) -> bool:
    return (told.since, told.came) == (rsvp.checked_in_at, rsvp.arrived)


def _put_right(rsvp: Rsvp, done: list[DoorAct]) -> None:
    """Each day keeps its number as far as so many were there at all; if more were, they are of the first."""
    for act in done:
        act.came = _part(rsvp, min(act.came or rsvp.party_size, rsvp.came))
    if _says(rsvp, come_to(rsvp, done)):
        return
    for act in done:
        if day_at(rsvp.event, act.at) == day_at(rsvp.event, rsvp.checked_in_at or act.at):
            act.came = rsvp.arrived


def _begin_anew(rsvp: Rsvp, done: list[DoorAct]) -> None:
    for act in done:
        db.session.delete(act)
    done.clear()
    if rsvp.checked_in_at:
        put_in(rsvp, DoorAct(act=DoorAction.CHECK_IN, at=rsvp.checked_in_at, came=rsvp.arrived), done)


def put_in(rsvp: Rsvp, act: DoorAct, done: list[DoorAct]) -> Presence:
    """Keep an act among those `done`, and bring the answer in line with them; what they come to."""
    act.rsvp_id, act.came = rsvp.id, _part(rsvp, act.came)
    db.session.add(act)
    done.append(act)
    after = come_to(rsvp, done)
    rsvp.checked_in_at, rsvp.arrived = after.since, after.came
    return after


def _part(rsvp: Rsvp, came: int | None) -> int | None:
    """So many of the party; None for all of it."""
    return came if came is not None and came < rsvp.party_size else None
