"""Giving out seats, in one place.

All of it runs inside a write transaction that holds the event's row, so that seats are counted and taken by one at a
time. Whoever asks gets seats at once if they are free and nobody who waits would fit into them; else they are put at
the end of the queue. Whenever seats become free, `fill` gives them to the earliest parties that fit, until the event is
full or the queue is empty. So nobody can pass a queue that they would fit behind, and no seat given back stays empty
while someone waits who fits.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, inspect, select

from society.db import db
from society.errors import Refused
from society.events.models import Event
from society.events.render import spoken_in
from society.people.models import Person
from society.rows import Peek, as_loaded, post, write_down, write_down_all
from society.rsvps.counts import seats_taken
from society.rsvps.feed import answered as refresh_feed
from society.rsvps.feed import answers_changed as refresh_feeds
from society.rsvps.last_day import hushed, is_last_day, offer_ends, offer_kept_until
from society.rsvps.letters import OFFERED, PROMOTED, take_back_news, tell, tell_all
from society.rsvps.models import Rsvp, RsvpStatus, Transition
from society.rsvps.session_releases import release_all
from society.rsvps.waiting import offered, queue, waits_another

_NO_LIMIT = 2**31 - 1
_BATCH = 200

_held = Peek(select(*Event.__table__.columns).where(Event.id == bindparam("event_id")).with_for_update(of=Event))


def lock(event: Event) -> None:
    """Hold the event until the commit, and read it as it is now: nobody else counts or takes its seats meanwhile."""
    db.session.flush()  # what was changed of it in this transaction, such as the capacity, stays changed
    (number,) = inspect(event).identity or ()  # `event.id` would read the row once more
    row = _held.here(event_id=number)
    if row is None:
        raise Refused("There is no such event any more.")
    db.session.expire(as_loaded(Event, row), ["venue"])


def log(rsvp: Rsvp, status: RsvpStatus, at: datetime, actor: Person | None, reason: str) -> Transition:
    """Bring an answer to a status, and keep the step; who leaves the event's seats leaves those of its sessions."""
    step = rsvp.become(status, at=at, actor=actor, reason=reason)
    if inspect(rsvp).transient:
        post(rsvp)
    step.rsvp_id = rsvp.id
    write_down(step)
    if step.before is RsvpStatus.CONFIRMED and status is not RsvpStatus.CONFIRMED:
        release_all(rsvp, at, actor)
        take_back_news(rsvp, at)
    elif step.before is RsvpStatus.OFFERED:
        take_back_news(rsvp, at)
    return step


def enqueue(rsvp: Rsvp, at: datetime, actor: Person, reason: str, last: datetime | None) -> Transition:
    """To the end of the queue, behind its `last`, even where another server's clock ran ahead of this one's."""
    rsvp.queued_at = max(at, last + timedelta(microseconds=1)) if last else at
    return log(rsvp, RsvpStatus.WAITLISTED, at, actor, reason)


def gives_seats(event: Event, now: datetime) -> bool:
    """Whether anyone moves up: not once people can no longer be expected to read that they did."""
    return event.on and now < event.answers_close_at


def fill(
    event: Event, now: datetime, *, free: int | None = None, newcomer: Rsvp | None = None, letter: str = "confirmed"
) -> list[Rsvp]:
    """Hand out seats, of which so many are `free` where that was counted already; the one who has only just asked gets
    `letter` rather than the news of a promotion.

    In the night before the event the queue stands still: a newcomer gets what nobody ahead of them would fit into.
    """
    if not gives_seats(event, now):
        return []
    asleep = hushed(event, now)
    promoted: list[Rsvp] = []
    room = seats_free(event) if free is None else free
    more = room > 0
    while more:
        fitting = list(db.session.scalars(queue(event).where(Rsvp.party_size <= room).limit(_BATCH)))
        moving: list[Rsvp] = []
        for rsvp in fitting:
            if rsvp.party_size > room:
                continue
            if asleep and rsvp is not newcomer:
                break
            room -= rsvp.party_size if event.capacity is not None else 0
            moving.append(rsvp)
        _move_all_up(event, [rsvp for rsvp in moving if rsvp is not newcomer], now)
        if newcomer in moving:
            seat(newcomer, now, letter)
        promoted += moving
        more = not asleep and len(fitting) == _BATCH and room > 0
    return promoted


def _move_all_up(event: Event, rsvps: Sequence[Rsvp], now: datetime) -> None:
    if rsvps and offer_ends(event, now) is None:
        _seat_all(rsvps, now)
        return
    for rsvp in rsvps:
        move_up(rsvp, now)


def _seat_all(rsvps: Sequence[Rsvp], now: datetime) -> None:
    """What `seat` does with each who waited, in a few statements: they may be a thousand."""
    steps = [rsvp.become(RsvpStatus.CONFIRMED, at=now, actor=None, reason="Seats became free.") for rsvp in rsvps]
    write_down_all(steps)
    tell_all(PROMOTED, steps, now)
    refresh_feeds(select(Rsvp.person_id).where(Rsvp.id.in_([rsvp.id for rsvp in rsvps])), now)


def move_up(rsvp: Rsvp, now: datetime, why: str = "Seats became free") -> None:
    """Give seats to one who waited: days ahead for good, on the last day to be confirmed."""
    until = offer_ends(rsvp.event, now)
    if until is None:
        seat(rsvp, now, PROMOTED, reason=f"{why}.")
        return
    _offer(rsvp, until, now, why)


def _offer(rsvp: Rsvp, until: datetime, now: datetime, why: str) -> None:
    """Keep seats for one who waited until they confirm, and write to them."""
    reason = f"{why}, to be confirmed by {spoken_in(until, rsvp.event.zone)}."
    step = log(rsvp, RsvpStatus.OFFERED, now, None, reason)
    rsvp.offered_until = until
    tell(OFFERED, step, now)
    if step.before is not RsvpStatus.OFFERED:
        refresh_feed(rsvp.person, now)


def lapse(event: Event, now: datetime) -> None:
    """End the offers that nobody confirmed in time, and pass the seats on."""
    if event.on:
        for rsvp in db.session.scalars(offered(event).where(Rsvp.offered_until <= now)).all():
            step = log(rsvp, RsvpStatus.CANCELLED, now, None, "The offered seats were not confirmed in time.")
            tell("lapsed", step, now)
            refresh_feed(rsvp.person, now)
    fill(event, now)


def keep_offered(event: Event, now: datetime, *, anew: bool) -> None:
    """Keep to what was offered when the event has changed: `anew`, where it was put off, and nobody could confirm.

    Where its last day has become another, nothing need be confirmed any more. Where it begins before an offer would
    have ended, that ends earlier. Each is told until when.
    """
    if not event.on or event.begun(now):
        return
    for rsvp in db.session.scalars(offered(event)).all():
        if not is_last_day(event, now):
            seat(rsvp, now, PROMOTED, reason="The event was moved; the offered seats are kept.")
        elif anew or (rsvp.offered_until and rsvp.offered_until > event.starts_at):
            _offer(rsvp, offer_kept_until(event, now), now, "The event was moved; the offered seats are kept")


def seat(rsvp: Rsvp, now: datetime, letter: str, *, actor: Person | None = None, reason: str = "") -> None:
    """Give one party its seats, and write to them."""
    tell(letter, log(rsvp, RsvpStatus.CONFIRMED, now, actor, reason or "Seats were free."), now)
    refresh_feed(rsvp.person, now)


def seats_free(event: Event) -> int:
    """Seats that nobody has; below zero where the capacity was lowered."""
    return _NO_LIMIT if event.capacity is None else event.capacity - seats_taken(event)


def fits(event: Event, rsvp: Rsvp, seats: int, free: int | None = None, *, queue: bool = True) -> bool:
    """Whether so many seats are free, and nobody else who waits would fit into what is free. `queue`: whether anybody
    may wait at all."""
    room = seats_free(event) if free is None else free
    return seats <= room and not (queue and waits_another(event, rsvp, room))
