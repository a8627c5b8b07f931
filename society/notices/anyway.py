"""Whom a change writes to whatever its organizer chooses: who gets seats by it or keeps those that were offered, and
whose proposed time it takes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from society.events.changes import Change
from society.events.models import Event
from society.invitations.queries import number_met
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
    offered = sum(moving_up[event.id] for event in near)
    given = sum(moving_up.values()) - offered
    by_morning = ", in the morning" if any(hushed(event, now) for event in near) else ""
    met = number_met(moved, now) if moved else 0
    said = (
        (given, "on the waiting list", "gets seats by this, and is", "get seats by this, and are", "written to"),
        (offered, "on the waiting list", "is", "are", f"offered seats by this, to be confirmed{by_morning}"),
        (standing.for_good, "to whom seats are offered", *_KEEPING, "written to"),
        (standing.anew, "to whom seats are offered", "is", "are", "told of another time by which to confirm them"),
        (met, "proposed the new time, and", "is", "are", "told that it is taken"),
    )
    return [
        f"{people(number)} {who} {one if number == 1 else many} {what}."
        for number, who, one, many, what in said
        if number
    ]


_KEEPING = "keeps them by this, with nothing to confirm, and is", "keep them by this, with nothing to confirm, and are"
