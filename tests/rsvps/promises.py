"""When seats may be given, as the society is promised it: written down apart from the program, to judge it by."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from society.events.models import Event


def gives_seats(event: Event, at: datetime, starts_at: datetime | None = None) -> bool:
    """While it is on, until it begins, or answers close; of a session, until that begins."""
    off = event.published_at is None or event.cancelled_at is not None or event.postponed_at is not None
    closed = event.rsvp_closes_at is not None and at >= event.rsvp_closes_at
    return not off and not closed and at < (starts_at or event.starts_at)


def is_night(at: datetime, zone: str) -> bool:
    """From ten in the evening until seven in the morning, by the clocks there."""
    hour = at.astimezone(ZoneInfo(zone)).hour
    return hour >= 22 or hour < 7


def must_be_confirmed(starts_at: datetime, at: datetime) -> bool:
    """In the last 24 hours a seat is only offered."""
    return starts_at - at <= timedelta(hours=24)


def moves_up(event: Event, at: datetime, starts_at: datetime | None = None) -> bool:
    """Whether who waits may get a seat now: seats are given, and it is not the night before."""
    asleep = must_be_confirmed(starts_at or event.starts_at, at) and is_night(at, event.zone)
    return gives_seats(event, at, starts_at) and not asleep
