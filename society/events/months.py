"""A month of events as a calendar on the wall shows it: weeks from Monday on, each event on all of its days."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Select

from society.events.models import LONGEST, Event
from society.times import EARLIEST, LATEST, months_later

MOST = 2_000
"""Events of one month that are looked at."""
ON_A_DAY = 4
"""Events that a day names before it counts the others."""
LONG = 7
"""Days; what lasts longer, such as an exhibition, stands on its first day and once above the month."""


@dataclass(frozen=True)
class Month:
    """A month of a year."""

    first: date

    @classmethod
    def asked(cls, text: str, today: date) -> "Month | None":
        """The month "2027-03"; this one if none is named; None if that is no month within bounds."""
        if not text:
            return cls(today.replace(day=1))
        try:
            first = datetime.strptime(text, "%Y-%m").date()
        except ValueError:
            return None
        return cls(first) if EARLIEST <= first < LATEST and len(text) == len("2027-03") else None

    @property
    def name(self) -> str:
        """As it stands in an address: "2027-03"."""
        return f"{self.first:%Y-%m}"

    def later(self, months: int) -> "Month | None":
        """Another month, within bounds."""
        first = months_later(self.first, months)
        return Month(first) if EARLIEST <= first < LATEST else None

    @property
    def weeks(self) -> list[list[date]]:
        """Whole weeks, with the days of the months beside it that belong to them."""
        return calendar.Calendar().monthdatescalendar(self.first.year, self.first.month)

    def has(self, day: date) -> bool:
        return (day.year, day.month) == (self.first.year, self.first.month)


@dataclass
class Day:
    """One day of the month: what begins on it, and what goes on from before."""

    day: date
    events: list[Event] = field(default_factory=list)

    @property
    def shown(self) -> list[Event]:
        """What begins before what goes on, so that no exhibition hides an evening."""
        ordered = sorted(self.events, key=self.goes_on)
        return ordered if len(ordered) <= ON_A_DAY else ordered[: ON_A_DAY - 1]

    @property
    def more(self) -> int:
        return len(self.events) - len(self.shown)

    def goes_on(self, event: Event) -> bool:
        """Whether it began before this day."""
        return event.starts.date() < self.day


def within(events: Select[Event], first: date, last: date) -> Select[Event]:
    """Those of which any part is on these days, by the clocks where they are; soonest first.

    No clock is further than 15 hours from UTC, and none is longer than `LONGEST`, so that the index is read from there.
    """
    begins, ends = _midnight(first), _midnight(last + timedelta(days=1))
    near = timedelta(hours=15)
    read = events.where(Event.starts_at > _utc(begins) - LONGEST - near, Event.starts_at < _utc(ends) + near)
    return read.where(Event.starts < ends, Event.ends > begins).order_by(Event.starts, Event.id)


def laid_out(month: Month, events: Iterable[Event]) -> list[list[Day]]:
    """The weeks of a month with its events on each of their days."""
    weeks = [[Day(day) for day in week] for week in month.weeks]
    days = {day.day: day for week in weeks for day in week}
    for event in events:
        first = event.starts.date()
        last = first if is_long(event) else event.last_day
        day = max(first, weeks[0][0].day)
        while day <= min(last, weeks[-1][-1].day):
            days[day].events.append(event)
            day += timedelta(days=1)
    return weeks


def is_long(event: Event) -> bool:
    """Whether it would fill the month's days beside all that is only on one or some of them."""
    return event.last_day - event.starts.date() >= timedelta(days=LONG)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def _utc(wall: datetime) -> datetime:
    return wall.replace(tzinfo=UTC)
