"""Whom a change writes to whatever its organizer chooses: who gets seats by it or keeps those that were offered, and
whose proposed time it takes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from society.events.changes import Change
from society.events.models import Event
from society.invitations.queries import whose_time_it_is
from society.rsvps.counts import people
from society.rsvps.kept_offers import kept_offers
from society.rsvps.last_day import hushed, is_last_day
from society.rsvps.seats import would_move_up

FREEING = {"capacity", "when", "zone", "status", "rsvp_deadline"}
"""What can let those who wait move up."""
MOVING = {"when", "zone"}
TAKING_UP = {"status"}
"""What an event that is on and was announced before has changed if it was put off."""
NOBODY_MOVES: Mapping[int, datetime] = {}


def told_anyway(
    changed: Iterable[tuple[Event, Sequence[Change]]], now: datetime, begins: Mapping[int, datetime] = NOBODY_MOVES
) -> list[str]:
    """A sentence for each kind of letter that leaves in any case, once these changes are made, which the events have
    already. `begins`: when the sessions begin that move along with them."""
    announced = [(event, {change.field for change in what}) for event, what in changed if event.published_at]
    freed = [event for event, what in announced if what & FREEING]
    moved = [event for event, what in announced if what & MOVING]
    taken_up = {event.id for event, what in announced if what & TAKING_UP}
    standing = kept_offers([event for event, what in announced if what & (MOVING | TAKING_UP)], taken_up, begins, now)
    moving_up = would_move_up(freed, now) if freed else {}
    near = [event for event in freed if moving_up.get(event.id) and is_last_day(event, now)]
    offered = [one for event in near for one in moving_up[event.id]]
    given = [one for event in freed if event not in near for one in moving_up.get(event.id, ())]
    by_morning = " in the morning" if any(hushed(event, now) for event in near) else ""
    met = whose_time_it_is(moved, now) if moved else []
    waiting, holding = "on the waiting list", "to whom seats are offered"
    offering = f"offered seats by this{by_morning}, to be confirmed"
    said = (
        (given, f"{waiting} gets seats by this", f"{waiting} get seats by this"),
        (offered, f"{waiting} is {offering}", f"{waiting} are {offering}"),
        (standing.for_good, f"{holding} keeps {_KEPT}", f"{holding} keep {_KEPT}"),
        (standing.anew, f"{holding} has {_ANOTHER_TIME}", f"{holding} have {_ANOTHER_TIME}"),
        (met, "proposed the new time", "proposed the new time"),
    )
    return [in_any_case(mailed, one, many) for mailed, one, many in said if mailed]


_KEPT, _ANOTHER_TIME = "them by this, with nothing to confirm", "another time by which to confirm them"


def in_any_case(mailed: Sequence[bool], one: str, many: str) -> str:
    """ "2 people on the waiting list get seats by this; 1 of them can be mailed.", by whether each of them can."""
    number, reached = len(mailed), sum(mailed)
    said = f"{people(number)} {one if number == 1 else many}"
    if not reached:
        return f"{said}, and cannot be mailed."
    if reached < number:
        return f"{said}; {reached:,} of them can be mailed."
    return f"{said}, and {'is' if number == 1 else 'are'} written to."
