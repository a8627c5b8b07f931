"""Giving out seats, in one place.

All of it runs inside a write transaction that holds the event's row, so that seats are counted and taken by one at a
time. Whoever asks gets seats at once if they are free and nobody who waits would fit into them; else they are put at
the end of the queue. Whenever seats become free, `fill` gives them to the earliest parties that fit, until the event is
full or the queue is empty. So nobody can pass a queue that they would fit behind, and no seat given back stays empty
while someone waits who fits.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, inspect, select

from society.db import db
from society.errors import Refused
from society.events.models import Event
from society.events.render import spoken_in
from society.inserts import post, write_down, write_down_all
from society.mail.queries import is_mailed
from society.people.models import Person
from society.rows import Peek, as_loaded
from society.rsvps.counts import seats_taken, turnouts
from society.rsvps.feed import answered as refresh_feed
from society.rsvps.feed import answers_changed as refresh_feeds
from society.rsvps.last_day import hushed, is_last_day, offer_ends, offer_kept_until, still_moves
from society.rsvps.letters import OFFERED, PROMOTED, take_back_news, tell, tell_ahead, tell_all
from society.rsvps.models import Rsvp, RsvpStatus, Transition
from society.rsvps.session_releases import release_all
from society.rsvps.waiting import offered, queue, that_fit, waits_another

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
    _follow([step], at, actor)
    return step


def log_all(
    rsvps: Sequence[Rsvp], status: RsvpStatus, at: datetime, actor: Person | None, reason: str
) -> list[Transition]:
    """The same with each of many answers to one event that are stored, in a few statements: they may be a thousand."""
    steps = [rsvp.become(status, at=at, actor=actor, reason=reason) for rsvp in rsvps]
    write_down_all(steps)
    _follow(steps, at, actor)
    return steps


def _follow(steps: Sequence[Transition], at: datetime, actor: Person | None) -> None:
    """What a step brings with it: who leaves the event's seats leaves those of its sessions, and old news is none."""
    left = [step for step in steps if step.before is RsvpStatus.CONFIRMED and _is_left(step)]
    seated = [step.rsvp for step in left]
    release_all(seated, at, actor)
    take_back_news([*seated, *(step.rsvp for step in steps if step.before is RsvpStatus.OFFERED)], at)


def _is_left(step: Transition) -> bool:
    """Whether a seat that was theirs before it is so no more: who joins online sits in none of the rooms."""
    return step.after is not step.before or step.online


def enqueue(rsvp: Rsvp, at: datetime, actor: Person, reason: str, last: datetime | None) -> Transition:
    """To the end of the queue, behind its `last`, even where another server's clock ran ahead of this one's."""
    rsvp.queued_at = max(at, last + timedelta(microseconds=1)) if last else at
    return log(rsvp, RsvpStatus.WAITLISTED, at, actor, reason)


def enqueue_all(
    rsvps: Sequence[Rsvp], at: datetime, actor: Person, reason: str, last: datetime | None
) -> list[Transition]:
    """The same with many, one behind the other."""
    first = max(at, last + timedelta(microseconds=1)) if last else at
    steps = log_all(rsvps, RsvpStatus.WAITLISTED, at, actor, reason)
    for place, rsvp in enumerate(rsvps):
        rsvp.queued_at = first + timedelta(microseconds=place)
    return steps


def gives_seats(event: Event, now: datetime) -> bool:
    """Whether anyone moves up: not once people can no longer be expected to read that they did."""
    return event.on and now < event.answers_close_at


def fill(
    event: Event,
    now: datetime,
    *,
    free: int | None = None,
    newcomers: Collection[Rsvp] = (),
    letter: str = "confirmed",
) -> list[Rsvp]:
    """Hand out seats, of which so many are `free` where that was counted already; those who have only just asked get
    `letter` rather than the news of a promotion.

    In the night before the event the queue stands still: a newcomer gets what nobody ahead of them would fit into.
    """
    if not gives_seats(event, now):
        return []
    asleep, new = hushed(event, now), {rsvp.id for rsvp in newcomers}
    promoted: list[Rsvp] = []
    room = seats_free(event) if free is None else free
    more = room > 0
    while more:
        most = min(_BATCH, room)  # a party has one seat at least
        fitting = list(db.session.scalars(queue(event).where(Rsvp.party_size <= room).limit(most)))
        moving: list[Rsvp] = []
        for rsvp in fitting:
            if rsvp.party_size > room:
                continue
            if asleep and rsvp.id not in new:
                more = False
                break
            room -= rsvp.party_size if event.capacity is not None else 0
            moving.append(rsvp)
        move_up([rsvp for rsvp in moving if rsvp.id not in new], now)
        seat_all([rsvp for rsvp in moving if rsvp.id in new], now, letter, "Seats were free.")
        promoted += moving
        more = more and len(fitting) == most and room > 0
    return promoted


def would_move_up(events: Sequence[Event], now: datetime) -> dict[int, dict[int, bool]]:
    """By event, whom of those who wait `fill` would give or offer seats, by day: by their number, whether each can be
    mailed; in two queries at most."""
    giving = {event.id: event for event in events if event.on and still_moves(event, now)}
    waits = select(Rsvp.event_id, Rsvp.party_size, Rsvp.person_id, is_mailed()).join(Rsvp.person)
    waits = waits.where(Rsvp.event_id.in_(giving), Rsvp.status == RsvpStatus.WAITLISTED)
    queues = defaultdict[int, list[tuple[int, tuple[int, bool]]]](list)
    for number, size, person, mailed in db.session.execute(waits.order_by(Rsvp.queued_at, Rsvp.id)) if giving else ():
        queues[number].append((size, (person, mailed)))
    taken = turnouts([giving[number] for number in queues]) if queues else {}
    return {
        number: dict(that_fit(parties, giving[number].capacity, taken[number].seats))
        for number, parties in queues.items()
    }


def move_up(rsvps: Sequence[Rsvp], now: datetime, why: str = "Seats became free") -> None:
    """Give seats to those who waited: days ahead for good, on the last day to be confirmed."""
    until = offer_ends(rsvps[0].event, now) if rsvps else None
    if until is None:
        seat_all(rsvps, now, PROMOTED, f"{why}.")
    else:
        _offer_all(rsvps, until, now, why)


def seat_all(rsvps: Sequence[Rsvp], now: datetime, letter: str, reason: str, actor: Person | None = None) -> None:
    """What `seat` does, with each of many; also with those who take none, since they join online."""
    tell_all(letter, log_all(rsvps, RsvpStatus.CONFIRMED, now, actor, reason), now)
    _refresh_feeds(rsvps, now)


def _offer_all(rsvps: Sequence[Rsvp], until: datetime, now: datetime, why: str) -> None:
    """Keep seats for each until they confirm, and write to them."""
    if not rsvps:
        return
    fresh = [rsvp for rsvp in rsvps if rsvp.status is not RsvpStatus.OFFERED]
    reason = f"{why}, to be confirmed by {spoken_in(until, rsvps[0].event.zone)}."
    steps = log_all(rsvps, RsvpStatus.OFFERED, now, None, reason)
    for rsvp in rsvps:
        rsvp.offered_until = until
    tell_all(OFFERED, steps, now)
    _refresh_feeds(fresh, now)


def _refresh_feeds(rsvps: Sequence[Rsvp], now: datetime) -> None:
    if rsvps:
        refresh_feeds(select(Rsvp.person_id).where(Rsvp.id.in_([rsvp.id for rsvp in rsvps])), now)


def lapse(event: Event, now: datetime) -> None:
    """End the offers that nobody confirmed in time, and pass the seats on."""
    if event.on:
        ended = db.session.scalars(offered(event).where(Rsvp.offered_until <= now)).all()
        reason = "The offered seats were not confirmed in time."
        tell_all("lapsed", log_all(ended, RsvpStatus.CANCELLED, now, None, reason), now)
        _refresh_feeds(ended, now)
    fill(event, now)


def keep_offered(event: Event, now: datetime, *, anew: bool) -> None:
    """Keep to what was offered when the event has changed: `anew`, where it was put off, and nobody could confirm.

    Where its last day has become another, nothing need be confirmed any more. Where it begins before an offer would
    have ended, that ends earlier. Each is told until when.
    """
    if not event.on or event.begun(now):
        return
    kept, why = db.session.scalars(offered(event)).all(), "The event was moved; the offered seats are kept"
    if not is_last_day(event, now):
        seat_all(kept, now, PROMOTED, f"{why}.")
        return
    late = [rsvp for rsvp in kept if anew or (rsvp.offered_until and rsvp.offered_until > event.starts_at)]
    _offer_all(late, offer_kept_until(event, now), now, why)


def seat(rsvp: Rsvp, now: datetime, letter: str, *, actor: Person | None = None, reason: str = "") -> None:
    """Give one party its seats, and write to them."""
    step = log(rsvp, RsvpStatus.CONFIRMED, now, actor, reason or "Seats were free.")
    tell_ahead(rsvp.event, rsvp.person)
    refresh_feed(rsvp.person, now)
    tell(letter, step, now)


def seats_free(event: Event, taken: int | None = None) -> int:
    """Seats that nobody has; below zero where the capacity was lowered. `taken`, where those were counted already."""
    if event.capacity is None:
        return _NO_LIMIT
    return event.capacity - (seats_taken(event) if taken is None else taken)


def fits(event: Event, rsvp: Rsvp, seats: int, free: int | None = None, *, queue: bool = True) -> bool:
    """Whether so many seats are free, and nobody else who waits would fit into what is free. `queue`: whether anybody
    may wait at all."""
    room = seats_free(event) if free is None else free
    return seats <= room and not (queue and waits_another(event, rsvp, room))
