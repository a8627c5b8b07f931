"""What is planned, and which events have nothing planned yet."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import contains_eager

from society.events.models import Event
from society.notices.models import Delivery
from society.reminders.models import FURTHEST, THANKS_WAIT, Occasion, Planned
from society.rsvps.models import Rsvp

_DISTANCE = timedelta(minutes=FURTHEST)
_A_DAY = timedelta(days=1)
"""What zones, whole days and jumping clocks can make of a time, generously."""


def of_event(event: Event) -> Select[Planned]:
    """All of one event's."""
    return _with_events().where(Planned.event_id == event.id).order_by(Planned.id)


def numbered(event_id: int, planned_id: int) -> Select[Planned]:
    return _with_events().where(Planned.event_id == event_id, Planned.id == planned_id)


def to_come(now: datetime) -> Select[Planned]:
    """What has not been sent and may still be, stopped or not, by its event."""
    unsent = _with_events().where(Planned.sent_at.is_(None), Event.published_at.is_not(None))
    return unsent.where(_within(now)).order_by(Event.starts_at, Planned.id)


def going_out(now: datetime) -> Select[Planned]:
    """What may be due: the rest is decided by each one's own clock. Thanks wait until it is noted that somebody came,
    be it days later."""
    came = exists().where(Rsvp.event_id == Planned.event_id, Rsvp.checked_in_at.is_not(None))
    somebody = or_(Planned.occasion != Occasion.THANKS, came)
    return to_come(now).where(Planned.stopped_at.is_(None), _is_on(), somebody)


def thanked(now: datetime) -> Select[Planned]:
    """Thanks that have gone out, and not to all who came by what is noted since; by events not long over."""
    without = exists().where(Delivery.notice_id == Planned.notice_id, Delivery.person_id == Rsvp.person_id)
    late = exists().where(Rsvp.event_id == Planned.event_id, Rsvp.checked_in_at.is_not(None), ~without)
    gone = Planned.occasion == Occasion.THANKS, Planned.sent_at.is_not(None), Planned.notice_id.is_not(None)
    return _with_events().where(*gone, _within(now), _is_on(), late).order_by(Planned.id)


def _within(now: datetime) -> ColumnElement[bool]:
    """Near enough to its event, so that a long history and a far future are not looked through every minute."""
    before = and_(
        Planned.occasion == Occasion.REMINDER,
        Event.starts_at > now - _A_DAY,
        Event.starts_at < now + _DISTANCE + _A_DAY,
    )
    after = and_(
        Planned.occasion == Occasion.THANKS,
        Event.ends_at > now - _DISTANCE - THANKS_WAIT - _A_DAY,
        Event.ends_at < now + _DISTANCE,
    )
    return or_(before, after)


def without(occasion: Occasion, now: datetime) -> Select[Event]:
    """Events that are on and to come, for which nothing of the kind was ever planned."""
    known = exists().where(Planned.event_id == Event.id, Planned.occasion == occasion)
    return select(Event).where(_is_on(), Event.starts_at > now, ~known).order_by(Event.starts_at)


def _is_on() -> ColumnElement[bool]:
    """As `Event.on` says it."""
    return and_(Event.published_at.is_not(None), Event.cancelled_at.is_(None), Event.postponed_at.is_(None))


def _with_events() -> Select[Planned]:
    return select(Planned).join(Planned.event).options(contains_eager(Planned.event))
