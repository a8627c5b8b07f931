"""The day before an event or one of its sessions: who waited is offered a seat and confirms it in time, and nobody is
woken for that.

Days ahead, a seat that becomes free is simply given: whoever cannot come any more has time to say so. In the last 24
hours it would too often stay empty, so it is kept for a while and then passes on. Between ten in the evening and seven
in the morning, by the event's own clocks, nothing is offered and that time does not count: not even where answers close
before the morning, so that what becomes free then goes to nobody who waits.
"""

from datetime import datetime, time, timedelta
from typing import Protocol

from society.times import shown_from, to_wall

LAST_DAY = timedelta(days=1)
EVENING, MORNING = time(22), time(7)


class Beginning(Protocol):
    """An event, or a session of one, by its own clocks."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def answers_close_at(self) -> datetime: ...
    @property
    def confirm_minutes(self) -> int: ...
    @property
    def zone(self) -> str: ...


def is_last_day(event: Beginning, now: datetime) -> bool:
    """Whether the start is so near that a seat must be confirmed."""
    return now >= event.starts_at - LAST_DAY


def hushed(event: Beginning, now: datetime) -> bool:
    """Whether those who wait are left to sleep: it is the night before the event."""
    return is_last_day(event, now) and not _awake(event, now)


def offer_ends(event: Beginning, now: datetime) -> datetime | None:
    """Until when a seat offered now, by day, is kept: as long as the event says, at most half of the time that is left.

    The night counts for neither. None: the last day has not begun, and the seat need not be confirmed.
    """
    if not is_last_day(event, now):
        return None
    closes, evening = event.answers_close_at, _next(EVENING, event, now)
    morning = _next(MORNING, event, evening)
    left = min(closes, evening) - now + max(closes - morning, timedelta())
    kept = min(timedelta(minutes=event.confirm_minutes), left / 2)
    return now + kept if now + kept <= evening else morning + (now + kept - evening)


def offer_kept_until(event: Beginning, now: datetime) -> datetime:
    """Until when one that was made before is kept on the last day of an event that was moved: as if it were made now,
    or in the morning; where answers are closed by then, until it starts."""
    from_when = letters_leave_at(event, now)
    if from_when >= event.answers_close_at:
        return event.starts_at
    return offer_ends(event, from_when) or event.answers_close_at


def still_moves(event: Beginning, now: datetime) -> bool:
    """Whether a seat that becomes free from now on may be another's: not where answers close in the night, which nobody
    is woken for, nor after that."""
    return (letters_leave_at(event, now) if is_last_day(event, now) else now) < event.answers_close_at


def letters_leave_at(event: Beginning, now: datetime) -> datetime:
    """When news of a seat may go out: at once by day, in the morning if it is night at the event's place."""
    return now if _awake(event, now) else _next(MORNING, event, now)


def _awake(event: Beginning, now: datetime) -> bool:
    return not is_night(event.zone, now)


def is_night(zone: str, now: datetime) -> bool:
    """Whether nobody there is woken now."""
    return not MORNING <= to_wall(now, zone).time() < EVENING


def _next(clock: time, event: Beginning, now: datetime) -> datetime:
    """When clocks there next show that time."""
    wall = to_wall(now, event.zone)
    day = wall.date() + timedelta(days=wall.time() >= clock)
    return shown_from(datetime.combine(day, clock), event.zone)
