"""Who is written to about the seats that are offered to them once events have moved, counted before they do.

What is counted here `seats.keep_offered` and `session_offers.keep_offered_in_sessions` then do.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from society.agenda.models import Session
from society.db import db
from society.events.models import Event
from society.mail.queries import is_mailed
from society.rsvps.last_day import LAST_DAY, letters_leave_at
from society.rsvps.models import Rsvp, RsvpStatus
from society.rsvps.session_models import SessionSeat


@dataclass(frozen=True)
class KeptOffers:
    """By their number, whether each of the people of a kind can be mailed."""

    for_good: dict[int, bool]
    """Who need confirm nothing any more, since the last day has become another."""
    anew: dict[int, bool]
    """Who have until another time to confirm; not those who would read of it only when it has begun."""


@dataclass(frozen=True)
class _Offer:
    person_id: int
    event_id: int
    until: datetime | None
    starts_at: datetime
    mailed: bool


def kept_offers(
    moved: Collection[Event], taken_up: Collection[int], begins: Mapping[int, datetime], now: datetime
) -> KeptOffers:
    """Of events that stand at their new times already. `taken_up`: those of them that were put off until now. `begins`:
    when the sessions begin that have still to move along."""
    offers = [offer for offer in _offers(moved, begins, now) if offer.starts_at > now]
    for_good = (offer for offer in offers if now < offer.starts_at - LAST_DAY)
    told_at = {event.id: letters_leave_at(event, now) for event in moved}
    near = [o for o in offers if now >= o.starts_at - LAST_DAY and told_at[o.event_id] < o.starts_at]
    late = (o for o in near if o.event_id in taken_up or (o.until and o.until > o.starts_at))
    return KeptOffers(_each_once(for_good), _each_once(late))


def _each_once(offers: Iterable[_Offer]) -> dict[int, bool]:
    return {offer.person_id: offer.mailed for offer in offers}


def _offers(moved: Collection[Event], begins: Mapping[int, datetime], now: datetime) -> Iterator[_Offer]:
    """All that stand, of the events themselves and of their sessions: one query for each."""
    on = {event.id: event for event in moved if event.on and not event.begun(now)}
    held = select(Rsvp.person_id, Rsvp.event_id, Rsvp.offered_until, is_mailed()).join(Rsvp.person)
    held = held.where(Rsvp.status == RsvpStatus.OFFERED, Rsvp.event_id.in_(on))
    for person_id, event_id, until, mailed in db.session.execute(held) if on else ():
        yield _Offer(person_id, event_id, until, on[event_id].starts_at, mailed)
    with_agenda = [event.id for event in moved if event.on and event.has_agenda]
    fields = Rsvp.person_id, SessionSeat.offered_until, Session.id, Session.event_id, Session.starts_at
    seats = select(*fields, is_mailed()).join(SessionSeat.session).join(SessionSeat.rsvp).join(Rsvp.person)
    seats = seats.where(SessionSeat.status == RsvpStatus.OFFERED, Session.event_id.in_(with_agenda))
    for person_id, until, session_id, event_id, starts_at, mailed in db.session.execute(seats) if with_agenda else ():
        yield _Offer(person_id, event_id, until, begins.get(session_id, starts_at), mailed)
