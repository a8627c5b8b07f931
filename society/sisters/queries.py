"""What is on at our sister societies."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from society.db import db
from society.sisters.models import SisterCalendar, SisterEntry

COMING = 10
"""Events that the list of what is to come names."""
MOST = 500
"""Events that a month shows."""
_NEAR = timedelta(hours=15)
"""No clock is further from UTC."""


def coming(now: datetime) -> Sequence[SisterEntry]:
    """The next of what is not over, with whose it is, in one statement."""
    rows = _shown().where(SisterEntry.ends_at > now, SisterEntry.cancelled.is_(False))
    return db.session.scalars(rows.order_by(SisterEntry.starts_at, SisterEntry.id).limit(COMING)).all()


def within(first: date, last: date) -> Sequence[SisterEntry]:
    """Those of which any part is on these days, by the clocks where they are."""
    begins, ends = _midnight(first), _midnight(last + timedelta(days=1))
    rows = _shown().where(SisterEntry.ends_at > begins.replace(tzinfo=UTC) - _NEAR)
    rows = rows.where(SisterEntry.starts < ends, SisterEntry.ends > begins)
    return db.session.scalars(rows.order_by(SisterEntry.starts, SisterEntry.id).limit(MOST)).all()


def by_day(entries: Sequence[SisterEntry], first: date, last: date) -> dict[date, list[SisterEntry]]:
    """Each on all of its days."""
    days = defaultdict(list)
    for entry in entries:
        day, until = max(entry.starts.date(), first), (entry.ends - timedelta(microseconds=1)).date()
        while day <= min(until, last):
            days[day].append(entry)
            day += timedelta(days=1)
    return dict(days)


def _shown() -> Select[SisterEntry]:
    return select(SisterEntry).options(joinedload(SisterEntry.calendar, innerjoin=True))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def calendars() -> Select[SisterCalendar]:
    """All of them, by name."""
    return select(SisterCalendar).order_by(SisterCalendar.name, SisterCalendar.id)


def numbers_shown() -> dict[int, int]:
    """By calendar, how many events of theirs are kept."""
    rows = select(SisterEntry.calendar_id, func.count()).group_by(SisterEntry.calendar_id)
    return dict(db.session.execute(rows).all())


def entries_of(calendar_id: int) -> Select[SisterEntry]:
    """All that is shown of one."""
    return select(SisterEntry).where(SisterEntry.calendar_id == calendar_id)


def next_of(calendar: SisterCalendar, now: datetime) -> Select[SisterEntry]:
    """What of theirs is not over, soonest first."""
    to_come = _shown().where(SisterEntry.calendar_id == calendar.id, SisterEntry.ends_at > now)
    return to_come.order_by(SisterEntry.starts_at, SisterEntry.id)
