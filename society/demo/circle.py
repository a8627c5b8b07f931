"""The demo's series: an evening a week from three weeks ago on, one of which is later and in another room."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from society.audit.models import AuditEntry
from society.demo.bulk import Bulk, table_of
from society.demo.people import ORGANIZER
from society.demo.setting import HOLIDAYS, VENUES
from society.events.models import Event
from society.series.models import EventSeries
from society.series.rules import Every, Rule

MOST, FEWEST = 12, 3
STARTS, LATER = time(18, 30), time(19, 30)
TITLE = "The Monday circle"
_SAID = {
    "summary": "One chapter, read aloud and argued over, from half past six until the tea is cold.",
    "description": (
        "We read one chapter together, aloud, each as much as they like, and then talk about it. **You need not have "
        "read anything beforehand**, and you can come to one evening without the others.\n\n"
        "The book of this term is *The Ferryman’s Ledger*, a year of crossings as one man wrote them down: who paid, "
        "who did not, and what the river did.\n\n"
        "- There are copies to borrow at the tea table.\n"
        "- Nobody is asked to read aloud.\n"
        "- There is large print; please tell us before."
    ),
    "capacity": 24,
    "max_party_size": 2,
    "members_first_until": None,
}
_ROOM, _OTHER_ROOM = VENUES[0].rooms[1:3]


@dataclass(frozen=True)
class Course:
    """The days of the series."""

    first: date
    rule: Rule
    days: tuple[date, ...]
    other: date | None
    """The one that is not like the rest: the second that is still to come."""

    def starts(self) -> list[datetime]:
        return [datetime.combine(day, LATER if day == self.other else STARTS) for day in self.days]


def course(today: date, count: int) -> Course:
    """So many Mondays, or none where they would be too few to be a series."""
    first = today - timedelta(days=today.weekday() + 21)
    while _closed(first):
        first -= timedelta(days=7)
    mondays = [first + timedelta(days=7 * week) for week in range(MOST * 2)]
    rule = Rule(Every.WEEK, without_days=tuple(filter(_closed, mondays)), count=count)
    days = rule.days(first, up_to=mondays[-1]) if count >= FEWEST else []
    return Course(first, rule, tuple(days), next(iter([day for day in days if day > today][1:]), None))


def _closed(day: date) -> bool:
    return (day.month, day.day) in HOLIDAYS


class Circle:
    """Makes the series with its first evening, and gives each its place in it."""

    def __init__(self, planned: Course, now: datetime, bulk: Bulk) -> None:
        self._planned, self._now, self._bulk = planned, now, bulk
        self._series_id: int | None = None

    def take(self, event: Event) -> None:
        """Make an event, which has a number by now, one of the evenings."""
        day = event.starts.date()
        for name, value in _SAID.items():
            setattr(event, name, value)
        event.room = _ROOM
        if day == self._planned.other:
            event.room, event.sequence, event.revised_at = _OTHER_ROOM, 1, self._now - timedelta(days=3)
        event.series_id, event.series_on = self._number(event), day

    def _number(self, event: Event) -> int:
        """That of the series, begun by its first evening."""
        if self._series_id is None:
            planned, at = self._planned, event.created_at
            row = {"title": TITLE, "rule": planned.rule.plain(), "first_on": planned.first}
            row |= {"made_until": planned.days[-1], "created_at": at, "created_by_id": ORGANIZER}
            self._series_id = self._bulk.put(table_of(EventSeries), row)
            self._log(event)
        return self._series_id

    def _log(self, event: Event) -> None:
        self._bulk.add(
            AuditEntry(
                at=event.created_at,
                actor_id=ORGANIZER,
                act="series begun",
                subject_kind="event",
                subject_id=event.id,
                subject_name=event.title,
                before={},
                after={"rule": self._planned.rule.spoken(self._planned.first)},
            )
        )
