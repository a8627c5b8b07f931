"""Whom a change writes to whatever its organizer chooses: who gets seats by it or keeps those that were offered, at an
event or in a session of it, and whose proposed time it takes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from society.agenda.models import Session
from society.events.changes import Change
from society.events.models import Event
from society.invitations.queries import number_met
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
    met = number_met(moved, now) if moved else 0
    taken = (met, "proposed the new time, and", "is", "are", "told that it is taken")
    by_night = any(hushed(event, now) for event in near)
    return [*_of_seats(given, offered, standing, by_night=by_night), *_said(taken)]


def told_anyway_of_session(session: Session, tried: Session, now: datetime) -> list[str]:
    """The same of a session, beside it as it would be."""
    event, last_day = session.event, is_last_day(tried, now)
    moving_up = session_seats.would_move_up(session, tried.capacity, now)
    given, offered = (0, moving_up) if last_day else (moving_up, 0)
    standing = kept_offers([event], (), {session.id: tried.starts_at}, now)
    return [*_of_seats(given, offered, standing, by_night=last_day and is_night(event.zone, now))]


def _of_seats(given: int, offered: int, standing: KeptOffers, *, by_night: bool) -> Iterator[str]:
    when = ", in the morning" if by_night else ""
    return _said(
        (given, "on the waiting list", "gets seats by this, and is", "get seats by this, and are", "written to"),
        (offered, "on the waiting list", "is", "are", f"offered seats by this, to be confirmed{when}"),
        (standing.for_good, "to whom seats are offered", *_KEEPING, "written to"),
        (standing.anew, "to whom seats are offered", "is", "are", "told of another time by which to confirm them"),
    )


def _said(*kinds: tuple[int, str, str, str, str]) -> Iterator[str]:
    for number, who, one, many, what in kinds:
        if number:
            yield f"{people(number)} {who} {one if number == 1 else many} {what}."


def _whom(moving_up: Mapping[int, Sequence[int]], events: Iterable[Event]) -> int:
    """How many people they are, each once."""
    return len({person for event in events for person in moving_up.get(event.id, ())})


_KEEPING = "keeps them by this, with nothing to confirm, and is", "keep them by this, with nothing to confirm, and are"
