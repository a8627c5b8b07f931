"""When the events are, of which kind, and what is peculiar about each: the year's programme before its contents."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import Enum, auto
from typing import NamedTuple

from society.demo.chance import Chance
from society.demo.circle import MOST, course
from society.demo.people import YEARS
from society.demo.setting import (
    DISCUSSIONS,
    EXCURSIONS,
    EXHIBITIONS,
    HOLIDAYS,
    LECTURES,
    MEETINGS,
    MUSIC,
    READING,
    WORKSHOPS,
    ZONE,
)
from society.times import to_utc, to_wall


class Trait(Enum):
    """What is peculiar about an event."""

    PLAIN = auto()
    BOOK = auto()
    FULL = auto()
    ONLINE = auto()
    MEMBERS = auto()
    APPROVAL = auto()
    DEADLINE = auto()
    CLOSED = auto()
    MOVED = auto()
    CANCELLED = auto()
    POSTPONED = auto()
    DRAFT = auto()
    WHOLE_DAY = auto()
    SEVERAL_DAYS = auto()
    CONGRESS = auto()
    SERIES = auto()


class Kind(NamedTuple):
    """When events of a category usually are, and how many of a hundred events they make."""

    share: float
    weekdays: tuple[int, ...]
    hours: tuple[time, ...]
    minutes: tuple[int, ...]


_EVENINGS = (time(19), time(19, 30), time(20))

KINDS = {
    LECTURES: Kind(42, (1, 2, 3), _EVENINGS, (75, 90, 120)),
    DISCUSSIONS: Kind(13, (0, 3), _EVENINGS, (90, 120)),
    EXCURSIONS: Kind(14, (5, 6), (time(9, 30), time(10), time(13)), (180, 300, 420)),
    WORKSHOPS: Kind(9, (5,), (time(10), time(10, 30), time(14)), (150, 180)),
    READING: Kind(8, (0, 2), (time(18), time(18, 30)), (90,)),
    EXHIBITIONS: Kind(3, (4, 5), (time(0),), (0,)),
    MUSIC: Kind(6, (4, 5), (time(19, 30), time(20)), (100, 120)),
    MEETINGS: Kind(5, (2, 3), (time(18, 30), time(19)), (90, 120)),
}

OPENING = (
    (LECTURES, Trait.BOOK),
    (EXCURSIONS, Trait.FULL),
    (DISCUSSIONS, Trait.PLAIN),
    (LECTURES, Trait.FULL),
    (LECTURES, Trait.CONGRESS),
    (READING, Trait.ONLINE),
    (WORKSHOPS, Trait.DEADLINE),
    (MEETINGS, Trait.MEMBERS),
    (LECTURES, Trait.MOVED),
    (MUSIC, Trait.CANCELLED),
    (EXHIBITIONS, Trait.SEVERAL_DAYS),
    (EXCURSIONS, Trait.APPROVAL),
    (DISCUSSIONS, Trait.POSTPONED),
    (LECTURES, Trait.DRAFT),
    (EXCURSIONS, Trait.WHOLE_DAY),
    (LECTURES, Trait.CLOSED),
)
"""How the coming programme begins, so that there is one of everything whatever the seed."""

_TRAITS = {
    Trait.PLAIN: 42.0,
    Trait.BOOK: 14.0,
    Trait.FULL: 14.0,
    Trait.ONLINE: 5.0,
    Trait.MEMBERS: 5.0,
    Trait.APPROVAL: 3.0,
    Trait.DEADLINE: 7.0,
    Trait.MOVED: 5.0,
    Trait.CANCELLED: 4.0,
    Trait.CLOSED: 1.0,
}

_SILENT = {Trait.DRAFT, Trait.CLOSED}
_SOUGHT = {Trait.FULL: 2.5, Trait.CONGRESS: 3.0}
"""By how much more people answer."""


class Slot(NamedTuple):
    """One event's place in the programme. The instants say from when until when people can have answered."""

    starts: datetime
    category: str
    trait: Trait
    opens_at: datetime
    closes_at: datetime
    popularity: float


class Programme:
    """All events' slots, in the order of their dates, and how many answers each is to have."""

    def __init__(self, count: int, now: datetime, chance: Chance) -> None:
        self._now, self._chance = now, chance
        coming = min(round(count * 0.3), 40 + round(count * 0.056))
        last_year = min(round(count * 0.22), 30 + round(count * 0.05))
        self.course = course(to_wall(now, ZONE).date(), min(round(count * 0.1), MOST))
        long_ago = count - coming - last_year - len(self.course.days)
        days = [-chance.randint(366, 365 * YEARS - 60) for _ in range(long_ago)]
        days += [-chance.randint(1, 365) for _ in range(last_year)]
        self.slots = [self._slot(self._on(day, category), category, trait) for day, category, trait in self._past(days)]
        ahead = [2, *sorted(6 + round(354 * chance.random() ** 2.2) for _ in range(coming - 1))]
        self.slots += [
            self._slot(self._on(day, category), category, trait)
            for day, (category, trait) in zip(ahead[:coming], self._coming(), strict=False)
        ]
        self.slots += self._evenings()
        self.slots.sort(key=lambda slot: slot.starts)

    def answers(self, count: int, most: list[int]) -> list[int]:
        """How many of `count` answers fall to each slot, by its popularity and at most as many as `most` says."""
        found: Counter[int] = Counter()
        for _ in range(50):
            open_slots = [n for n, slot in enumerate(self.slots) if slot.popularity and found[n] < most[n]]
            missing = count - found.total()
            if not missing or not open_slots:
                break
            weights = [self.slots[n].popularity for n in open_slots]
            found.update(self._chance.choices(open_slots, weights, k=missing))
            for number in open_slots:
                found[number] = min(found[number], most[number])
        return [found[number] for number in range(len(self.slots))]

    def _past(self, days: list[int]) -> Iterator[tuple[int, str, Trait]]:
        for day in days:
            yield day, self._category(), self._chance.weighed(_TRAITS)

    def _coming(self) -> Iterator[tuple[str, Trait]]:
        yield from OPENING
        while True:
            category = self._category()
            yield category, self._chance.weighed({**_TRAITS, Trait.DRAFT: 8.0, Trait.POSTPONED: 2.0})

    def _evenings(self) -> Iterator[Slot]:
        """Those of the series, announced all at once."""
        starts = self.course.starts()
        for one in starts:
            opens_at, starts_at = to_utc(starts[0], ZONE) - timedelta(days=30), to_utc(one, ZONE)
            yield Slot(one, READING, Trait.SERIES, opens_at, min(starts_at, self._now), 0.4)

    def _category(self) -> str:
        return self._chance.weighed({category: kind.share for category, kind in KINDS.items()})

    def _on(self, days: int, category: str) -> datetime:
        """So many days from now, moved to a day of the week that fits, without crossing today."""
        kind = KINDS[category]
        day: date = to_wall(self._now, ZONE).date() + timedelta(days=days)
        step = 1 if days > 0 else -1
        while day.weekday() not in kind.weekdays or (day.month, day.day) in HOLIDAYS:
            day += timedelta(days=step)
        return datetime.combine(day, self._chance.choice(kind.hours))

    def _slot(self, starts: datetime, category: str, trait: Trait) -> Slot:
        chance, starts_at = self._chance, to_utc(starts, ZONE)
        latest = min(starts_at - timedelta(days=20), self._now - timedelta(days=1))
        opens_at = chance.moment(latest - timedelta(days=40), latest)
        popularity = chance.uniform(0.4, 1.6) * _SOUGHT.get(trait, 1.0)
        if starts_at > self._now + timedelta(days=60):
            popularity *= 0.3
        if trait in _SILENT or category == EXHIBITIONS:
            popularity = 0.0
        return Slot(starts, category, trait, opens_at, min(starts_at, self._now), popularity)
