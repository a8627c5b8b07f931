"""Whom a change writes to whatever its organizer chooses: who gets seats by it or keeps those that were offered, at an
event or in a session of it, and whose proposed time it takes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from society.agenda.models import Session
from society.events.changes import Change
from society.events.models import Event
from society.invitations.queries import whose_time_it_is
from society.rsvps import session_seats
from society.rsvps.counts import people
from society.rsvps.kept_offers import KeptOffers, kept_offers
from society.rsvps.last_day import hushed, is_last_day, is_night
from society.rsvps.seats import would_move_up

FREEING = {"capacity", "when", "zone", "status", "rsvp_deadline"}
"""What can let those who wait move up."""
MOVING = {"when", "zone"}
TAKING_UP = {"status"}
"""What an event that is on and was announced before has changed if it was put off."""
NOBODY_MOVES: Mapping[int, datetime] = {}
Whom = Mapping[int, bool]
"""People by their number, and whether each can be mailed."""

_KEPT, _ANOTHER_TIME = "them by this, with nothing to confirm", "another time by which to confirm them"
_MET = "proposed the new time"


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
    offered = _whom(moving_up, near)
    given = _whom(moving_up, [event for event in freed if event not in near])
    met = whose_time_it_is(moved, now) if moved else {}
    by_night = any(hushed(event, now) for event in near)
    return [*_of_seats(given, offered, standing, by_night=by_night), *_said((met, _MET, _MET))]


def told_anyway_of_session(session: Session, tried: Session, now: datetime) -> list[str]:
    """The same of a session, beside it as it would be."""
    event, last_day = session.event, is_last_day(tried, now)
    moving_up = session_seats.would_move_up(session, tried.capacity, now)
    given, offered = ({}, moving_up) if last_day else (moving_up, {})
    standing = kept_offers([event], (), {session.id: tried.starts_at}, now)
    return list(_of_seats(given, offered, standing, by_night=last_day and is_night(event.zone, now)))


def _of_seats(given: Whom, offered: Whom, standing: KeptOffers, *, by_night: bool) -> Iterator[str]:
    waiting, holding = "on the waiting list", "to whom seats are offered"
    offering = f"offered seats by this{' in the morning' if by_night else ''}, to be confirmed"
    return _said(
        (given, f"{waiting} gets seats by this", f"{waiting} get seats by this"),
        (offered, f"{waiting} is {offering}", f"{waiting} are {offering}"),
        (standing.for_good, f"{holding} keeps {_KEPT}", f"{holding} keep {_KEPT}"),
        (standing.anew, f"{holding} has {_ANOTHER_TIME}", f"{holding} have {_ANOTHER_TIME}"),
    )


def _whom(moving_up: Mapping[int, Whom], events: Iterable[Event]) -> Whom:
    """The people of several events, each once."""
    return {number: mailed for event in events for number, mailed in moving_up.get(event.id, {}).items()}


def _said(*kinds: tuple[Whom, str, str]) -> Iterator[str]:
    """ "2 people on the waiting list get seats by this; 1 of them can be mailed.": of each kind that there is."""
    for whom, one, many in kinds:
        if not whom:
            continue
        number, reached = len(whom), sum(whom.values())
        said = f"{people(number)} {one if number == 1 else many}"
        if not reached:
            yield f"{said}, and cannot be mailed."
        elif reached < number:
            yield f"{said}; {reached:,} of them can be mailed."
        else:
            yield f"{said}, and {'is' if number == 1 else 'are'} written to."
