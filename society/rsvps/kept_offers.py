"""Who is written to about the seats that are offered to them once events have moved, counted before they do.

What is counted here `seats.keep_offered` and `session_offers.keep_offered_in_sessions` then do.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from society.agenda.models import Session
from society.db import db
from society.events.models import Event
from society.rsvps.last_day import LAST_DAY, letters_leave_at
from society.rsvps.models import Rsvp, RsvpStatus
from society.rsvps.session_models import SessionSeat


@dataclass(frozen=True)
class KeptOffers:
    """How many people there are of each kind."""

    for_good: int
    """Who need confirm nothing any more, since the last day has become another."""
    anew: int
    """Who are told of another time until which to confirm; not those who would read of it only when it has begun."""


@dataclass(frozen=True)
class _Offer:
    person_id: int
    event_id: int
    until: datetime | None
    starts_at: datetime


def kept_offers(
    moved: Collection[Event], taken_up: Collection[int], begins: Mapping[int, datetime], now: datetime
) -> KeptOffers:
    """Of events that stand at their new times already. `taken_up`: those of them that were put off until now. `begins`:
    when the sessions begin that have still to move along."""
    offers = [offer for offer in _offers(moved, begins, now) if offer.starts_at > now]
    for_good = {offer.person_id for offer in offers if now < offer.starts_at - LAST_DAY}
    told_at = {event.id: letters_leave_at(event, now) for event in moved}
    near = [o for o in offers if now >= o.starts_at - LAST_DAY and told_at[o.event_id] < o.starts_at]
    late = (o for o in near if o.event_id in taken_up or (o.until and o.until > o.starts_at))
    return KeptOffers(len(for_good), len({offer.person_id for offer in late}))


def _offers(moved: Collection[Event], begins: Mapping[int, datetime], now: datetime) -> Iterator[_Offer]:
    """All that stand, of the events themselves and of their sessions: one query for each."""
    on = {event.id: event for event in moved if event.on and not event.begun(now)}
    held = select(Rsvp.person_id, Rsvp.event_id, Rsvp.offered_until).where(Rsvp.status == RsvpStatus.OFFERED)
    for number, event_id, until in db.session.execute(held.where(Rsvp.event_id.in_(on))) if on else ():
        yield _Offer(number, event_id, until, on[event_id].starts_at)
    with_agenda = [event.id for event in moved if event.on and event.has_agenda]
    seats = select(Rsvp.person_id, SessionSeat.offered_until, Session.id, Session.event_id, Session.starts_at)
    seats = seats.join(SessionSeat.rsvp).join(SessionSeat.session).where(SessionSeat.status == RsvpStatus.OFFERED)
    rows = db.session.execute(seats.where(Session.event_id.in_(with_agenda))) if with_agenda else ()
    for number, until, session_id, event_id, starts_at in rows:
        yield _Offer(number, event_id, until, begins.get(session_id, starts_at))
