"""Another time that somebody proposes for an event: a letter to those who organize it, and nothing else changes."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from society.errors import Refused
from society.events.models import Event
from society.events.queries import in_charge_of
from society.events.render import when, when_at
from society.mail.actions import write
from society.people.models import Person
from society.people.queries import sealed_for
from society.times import to_wall
from society.tokens import number_in, opens, sealed

LONGEST_WORD = 1_000
TWICE = (
    "Nothing was sent this time. Either we have a proposal of yours from this hour, which is on its way, or those who "
    "organize the event cannot be reached by mail. Please try again in an hour."
)


def path(event: Event, person: Person, starts: datetime | None = None, ends: datetime | None = None) -> str:
    """The page on which one person proposes a time, with what their calendar proposed already there.

    Instants are shown by the event's own clocks; without a zone, they are those.
    """
    token = sealed(_purpose(event), person.id, person.link_key)
    given = {"starts_at": starts, "ends_at": ends}
    walls = {name: to_wall(at, event.zone) if at.tzinfo else at for name, at in given.items() if at}
    asked = urlencode({name: f"{wall:%Y-%m-%dT%H:%M}" for name, wall in walls.items()})
    return f"/events/{event.slug}/propose/{token}" + (f"?{asked}" if asked else "")


def proposer(event: Event, token: str) -> Person | None:
    """Whose link it is; None if nobody's, or nobody's any more."""
    return sealed_for(number_in(token), lambda number, key: opens(token, _purpose(event), number, key))


def _purpose(event: Event) -> str:
    return f"propose:{event.uid}"


def why_not(event: Event, now: datetime) -> str | None:
    """The sentence that says why no other time can be proposed; None if one can."""
    if event.cancelled_at is not None:
        return "This event is cancelled."
    if event.postponed_at is None and now >= event.starts_at:
        return "This event has begun."
    return None


def propose(event: Event, person: Person, starts: datetime, ends: datetime, word: str, now: datetime) -> None:
    """Write to those who organize it, at most once an hour; they answer the person by answering the letter."""
    if sentence := why_not(event, now):
        raise Refused(sentence)
    reason = f"proposal:{event.id}:{person.id}:{now:%Y-%m-%dT%H}"
    readers = [organizer for organizer in in_charge_of(event) if organizer.email]
    if not readers:
        raise Refused("Those who organize this event cannot be reached by mail.")
    said: dict[str, Any] = {
        "event": event,
        "by": person,
        "until_now": when(event),
        "proposed": when_at(starts, ends, event.zone, all_day=event.all_day),
        "word": word,
        "path": f"/organize/events/{event.id}",
    }
    written = [write(one, "time_proposed", reason, now=now, reply_to=person.email, **said) for one in readers]
    if not any(written):
        raise Refused(TWICE)
