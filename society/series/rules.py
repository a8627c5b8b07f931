"""When a series of events takes place: a rule in plain terms, its days, and how it is said."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any

from dateutil import rrule

from society.errors import Refused
from society.text import counted, listed

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}
AHEAD = timedelta(days=366)
"""Events are made so far ahead."""
MOST = 100
"""Events made at once."""
FURTHEST = timedelta(days=366 * 12)
"""So far after the first event a day can be left out: what is beyond it is a slip of the pen."""


class Every(StrEnum):
    """What the rule counts by."""

    DAY = "day"
    WEEK = "week"
    MONTH_WEEKDAY = "month by weekday"
    MONTH_DAY = "month by day"
    YEAR = "year"


_FREQUENCY = {
    Every.DAY: rrule.DAILY,
    Every.WEEK: rrule.WEEKLY,
    Every.MONTH_WEEKDAY: rrule.MONTHLY,
    Every.MONTH_DAY: rrule.MONTHLY,
    Every.YEAR: rrule.YEARLY,
}


@dataclass(frozen=True)
class Rule:
    """The days of a series (RFC 5545, 3.3.10), from its first one on; without an end it goes on."""

    every: Every
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    """Of a week's rule; Monday is 0."""
    last: bool = False
    """Of a month's rule by weekday: the last such day, rather than the one that the first event falls on."""
    places: tuple[int, ...] = ()
    """The same: these such days, as `ORDINALS` counts them, that of the first event among them."""
    without_months: tuple[int, ...] = ()
    without_days: tuple[date, ...] = ()
    until: date | None = None
    count: int | None = None
    """So many events, those left out not counted."""

    def plain(self) -> dict[str, Any]:
        """As it is stored."""
        stored = asdict(self)
        stored["without_days"] = [day.isoformat() for day in self.without_days]
        stored["until"] = self.until.isoformat() if self.until else None
        return stored

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "Rule":
        """The rule that was stored."""
        lists = {name: tuple(stored.get(name, ())) for name in ("weekdays", "places", "without_months")}
        days = tuple(date.fromisoformat(day) for day in stored["without_days"])
        until = date.fromisoformat(stored["until"]) if stored["until"] else None
        return cls(**{**stored, **lists, "every": Every(stored["every"]), "without_days": days, "until": until})

    @property
    def ends(self) -> bool:
        return self.until is not None or self.count is not None

    def from_day(self, first: date, day: date) -> "Rule":
        """The same for those of its days that follow a day: a number of times is what is left of it."""
        if self.count is None:
            return self
        past = sum(1 for each in self.days(first, up_to=day) if each < day)
        return replace(self, count=max(self.count - past, 1))

    def ahead(self, first: date) -> list[date]:
        """Those after the first one on which events are made at once."""
        return self.days(first, up_to=first + AHEAD)[1:]

    def strays(self, first: date) -> list[date]:
        """The days left out that are none of its days anyway, so that something else was meant."""
        left_out = [day for day in self.without_days if day > first]
        days = set(self.all_days(first, max(left_out))) if left_out else set()
        return [day for day in left_out if day not in days]

    def all_days(self, first: date, last: date) -> list[date]:
        """Its days from the first one to the last, also those left out, as far as any can be."""
        whole = replace(self, without_days=(), without_months=(), count=None)
        return whole.days(first, up_to=min(last, first + FURTHEST))

    def reaches(self, first: date, day: date) -> bool:
        """Whether it goes on to that day or past it."""
        if self.until:
            return self.until >= day
        return self.count is None or len(self.days(first, up_to=day - timedelta(days=1))) < self.count

    def goes_past(self, first: date, day: date) -> bool:
        """Whether any of its days lies after that one."""
        if self.until:
            return any(each > day for each in self.days(first, up_to=self.until))
        return self.count is None or len(self.days(first, up_to=day)) < self.count

    def ending_before(self, day: date) -> "Rule":
        """The same for those of its days that lie before that one."""
        last = day - timedelta(days=1)
        return replace(self, count=None, until=min(self.until or last, last))

    def moved(self, by: timedelta) -> "Rule":
        """The same for events that all stand so far from its days."""
        weekdays = tuple(sorted((day + by.days) % 7 for day in self.weekdays))
        without_days = tuple(day + by for day in self.without_days)
        return replace(self, weekdays=weekdays, without_days=without_days, until=self.until and self.until + by)

    def days(self, first: date, *, up_to: date) -> list[date]:
        """Its days from the first one to that day, both included."""
        return list(islice(self._kept(first, min(up_to, self.until or up_to)), self.count))

    def _kept(self, first: date, last: date) -> Iterator[date]:
        for moment in self._all(first):
            day = moment.date()
            if day > last:  # also of a rule that leaves all its days out
                return
            if day.month not in self.without_months and day not in self.without_days:
                yield day

    def _all(self, first: date) -> Iterator[datetime]:
        by: dict[str, Any] = {}
        if self.every is Every.WEEK:
            by = {"byweekday": self.weekdays or (first.weekday(),)}
        elif self.every is Every.MONTH_WEEKDAY:
            weekday = rrule.weekdays[first.weekday()]
            by = {"byweekday": [weekday(place) for place in self._places(first)]}
        elif self.every is Every.MONTH_DAY:
            by = {"bymonthday": first.day}
        start = datetime.combine(first, time())
        return iter(rrule.rrule(_FREQUENCY[self.every], dtstart=start, interval=self.interval, **by))

    def _places(self, first: date) -> tuple[int, ...]:
        return self.places or (nth_of(first, last=self.last),)

    def check(self, first: date) -> None:
        """Raises Refused unless the first event is one of its days."""
        if self.days(first, up_to=first) != [first]:
            raise Refused(f"This event, on {first:%A}, {first.day} {first:%B}, is not among the days of that rule.")

    def spoken(self, first: date, moved: timedelta = timedelta()) -> str:
        """ "Every second Thursday", "The last Friday of the month, except December, 12 times"; where all were `moved`
        to other days, as they are."""
        said = self._spoken_moved(first, moved) if moved else self._spoken_every(first)
        if self.without_months:
            said += f", except {listed([MONTHS[month - 1] for month in self.without_months])}"
        if self.until:
            said += f", until {self.until.day} {self.until:%B %Y}"
        if self.count:
            said += f", {self.count} times"
        return said

    def _spoken_moved(self, first: date, moved: timedelta) -> str:
        """Weeks are said by the weekdays moved to; of months and years there is often none that could be named so."""
        if self.every in (Every.DAY, Every.WEEK):
            return self.moved(moved)._spoken_every(first + moved)
        away = f"{counted(abs(moved.days), 'day')} {'later' if moved.days > 0 else 'earlier'}"
        return f"{self._spoken_every(first)}, {away}"

    def _spoken_every(self, first: date) -> str:
        match self.every:
            case Every.DAY:
                return f"Every {_nth(self.interval)}day"
            case Every.WEEK:
                return (
                    f"Every {_nth(self.interval)}{listed([WEEKDAYS[n] for n in self.weekdays or (first.weekday(),)])}"
                )
            case Every.MONTH_WEEKDAY:
                which = listed([ORDINALS[place] for place in ORDINALS if place in self._places(first)])
                return f"The {which} {WEEKDAYS[first.weekday()]} of {_month(self.interval)}"
            case Every.MONTH_DAY:
                return f"Day {first.day} of {_month(self.interval)}"
            case Every.YEAR:
                return f"Every {_nth(self.interval)}year on {first.day} {first:%B}"


def another_from(day: date) -> str:
    """Said of a rule that would reach a day from which on another one holds."""
    return f"From {day:%A}, {day.day} {day:%B %Y} on another rule holds: please let this one end before that."


def nth_of(day: date, *, last: bool) -> int:
    """Which of its weekdays in the month a day is; a fifth is the last."""
    number = (day.day - 1) // 7 + 1
    return -1 if last or number == 5 else number


def is_last(day: date) -> bool:
    """Whether no such weekday follows in its month."""
    return (day + timedelta(days=7)).month != day.month


def _nth(interval: int) -> str:
    return "" if interval == 1 else f"{ORDINALS.get(interval, f'{interval}th')} "


def _month(interval: int) -> str:
    return "the month" if interval == 1 else f"every {_nth(interval)}month"
