"""What organizers decide about many answers to one event at once: each in a few statements, however many they are,
since nobody else can answer the event meanwhile.

It runs while the event is held. The answers are those that the decision is possible for, as they are by then, in the
order in which seats go to them.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from society.errors import Refused
from society.events.models import Event
from society.people.models import Person
from society.phrases import marked
from society.rsvps import seats
from society.rsvps.feed import SAID
from society.rsvps.feed import answers_changed as refresh_feeds
from society.rsvps.joining import stays_online
from society.rsvps.letters import tell, tell_all
from society.rsvps.models import REMOVED, STANDING, TURNED_DOWN, Answer, Rsvp, RsvpStatus, Transition
from society.rsvps.queries import largest_party
from society.rsvps.waiting import last_queued_at, queue_moves


def approve(rsvps: Sequence[Rsvp], now: datetime, by: Person) -> None:
    """Let pending answers into the queue, and on to seats as far as there are any."""
    _let_in(rsvps, now, by, "Approved by the organizers.")


def readmit(rsvps: Sequence[Rsvp], now: datetime, by: Person) -> None:
    """Let those who were declined or removed into the queue after all, as if they were approved now."""
    for rsvp in rsvps:
        rsvp.answer = Answer.YES
    _let_in(rsvps, now, by, "Let in by the organizers after all.")


def give_seats(rsvps: Sequence[Rsvp], now: datetime, by: Person) -> None:
    """Put those who join online into the queue for a seat, as if they were approved now. Whoever would wait in vain
    stays as they are: a party that is larger than the hall, and once nobody moves up all for whom nothing is free."""
    if not rsvps:
        return
    event, reason = rsvps[0].event, "Let in by the organizers to have a seat."
    _check_to_come(event, now)
    small = [rsvp for rsvp in rsvps if rsvp.party_size <= largest_party(event, rsvp, online=False)]
    if queue_moves(event, now):
        for rsvp in small:
            rsvp.online = False
        _let_in(small, now, by, reason)
        return
    for rsvp in small:
        if seats.fits(event, rsvp, rsvp.party_size):
            rsvp.online = False
            seats.seat(rsvp, now, "approved", actor=by, reason=reason)


def decline(rsvps: Sequence[Rsvp], now: datetime, by: Person) -> None:
    """Turn pending answers down."""
    steps = seats.log_all(rsvps, RsvpStatus.DECLINED, now, by, TURNED_DOWN)
    tell_all("declined", steps, now)
    _refresh_feeds(steps, now)


def remove(rsvps: Sequence[Rsvp], now: datetime, by: Person) -> None:
    """Take answers off the list, until the event begins; what they held goes on to those who wait."""
    if not rsvps:
        return
    event = rsvps[0].event
    if event.begun(now):
        raise Refused(marked("The event has begun; the answer stands."))
    steps = seats.log_all(rsvps, RsvpStatus.CANCELLED, now, by, REMOVED)
    tell_all("withdrawn", [step for step in steps if step.before in STANDING], now)
    _refresh_feeds([step for step in steps if step.before in SAID], now)
    seats.fill(event, now)


def _let_in(rsvps: Sequence[Rsvp], now: datetime, by: Person, reason: str) -> None:
    if not rsvps:
        return
    event = rsvps[0].event
    _check_to_come(event, now)
    online = [rsvp for rsvp in rsvps if stays_online(rsvp)]
    seats.seat_all(online, now, "approved", reason, by)
    rsvps = [rsvp for rsvp in rsvps if not rsvp.online]
    if not seats.gives_seats(event, now):
        for rsvp in rsvps:
            _let_in_late(rsvp, now, by, reason)
        return
    steps = seats.enqueue_all(rsvps, now, by, reason, last_queued_at(event))
    seats.fill(event, now, newcomers=rsvps, letter="approved")
    waiting = [step for step in steps if step.rsvp.status is RsvpStatus.WAITLISTED]
    tell_all("waitlisted", waiting, now)
    _refresh_feeds(waiting, now)


def _check_to_come(event: Event, now: datetime) -> None:
    if not event.on or event.begun(now):
        raise Refused("Only answers to an event that is still to come can be approved.")


def _let_in_late(rsvp: Rsvp, now: datetime, by: Person, reason: str) -> None:
    """After the deadline nobody else moves up any more: it gets seats now, where there are some that nobody waits for,
    or none."""
    step = seats.enqueue(rsvp, now, by, reason, last_queued_at(rsvp.event))
    if seats.fits(rsvp.event, rsvp, rsvp.party_size):
        seats.seat(rsvp, now, "approved")
    else:
        tell("waitlisted", step, now)
        _refresh_feeds([step], now)


def _refresh_feeds(steps: Sequence[Transition], now: datetime) -> None:
    if steps:
        refresh_feeds(select(Rsvp.person_id).where(Rsvp.id.in_([step.rsvp_id for step in steps])), now)
