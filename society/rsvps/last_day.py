"""The day before an event: who waited is offered a seat and confirms it in time, and nobody is woken for that.

Days ahead, a seat that becomes free is simply given: whoever cannot come any more has time to say so. In the last 24
hours it would too often stay empty, so it is kept for a while and then passes on. Between ten in the evening and seven
in the morning, by the event's own clocks, nothing is offered and no time runs, unless answers close before the morning.
"""

from datetime import datetime, time, timedelta

from society.events.models import Event
from society.times import to_utc, to_wall

LAST_DAY = timedelta(days=1)
EVENING, MORNING = time(22), time(7)


def is_last_day(event: Event, now: datetime) -> bool:
    """Whether the start is so near that a seat must be confirmed."""
    return now >= event.starts_at - LAST_DAY


def hushed(event: Event, now: datetime) -> bool:
    """Whether those who wait are left to sleep: it is night there, and in the morning there is time enough."""
    return is_last_day(event, now) and not _awake(event, now) and _next(MORNING, event, now) < event.answers_close_at


def offer_ends(event: Event, now: datetime) -> datetime | None:
    """Until when a seat offered now is kept: as long as the event says, at most half of the time that is left.

    None: the last day has not begun, and the seat need not be confirmed.
    """
    if not is_last_day(event, now):
        return None
    until = now + timedelta(minutes=event.confirm_minutes)
    evening = _next(EVENING, event, now)
    if _awake(event, now) and until > evening:
        until += _next(MORNING, event, evening) - evening
    return min(until, now + (event.answers_close_at - now) / 2)


def letters_leave_at(event: Event, now: datetime) -> datetime:
    """When news of a seat may go out: at once by day, in the morning if it is night at the event's place."""
    return now if _awake(event, now) else _next(MORNING, event, now)


def _awake(event: Event, now: datetime) -> bool:
    return MORNING <= to_wall(now, event.zone).time() < EVENING


def _next(clock: time, event: Event, now: datetime) -> datetime:
    """When clocks there next show that time."""
    wall = to_wall(now, event.zone)
    day = wall.date() + timedelta(days=wall.time() >= clock)
    return to_utc(datetime.combine(day, clock), event.zone)
