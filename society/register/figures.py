"""The register in figures: members over time, who joined and left, and how long those of a year stay."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from society.audit.models import AuditEntry
from society.db import db
from society.membership.models import Membership, Status, Tier
from society.membership.queries import tiers

COHORTS = 12
"""So many years of joining are followed."""

_A_DAY = timedelta(days=1)
_Later = aliased(Membership)


class Stay(NamedTuple):
    """Days of good standing in one tier: the first and the last."""

    tier_id: int
    first: date
    last: date
    """date.max: for life."""


@dataclass
class Month:
    """A month as of its last day, or of today: members by tier, and who joined or left since the month before."""

    day: date
    members: Counter[int] = field(default_factory=Counter)
    """By tier's number."""
    joined: int = 0
    left: int = 0

    @property
    def total(self) -> int:
        return self.members.total()


@dataclass
class Cohort:
    """Who first joined in one year: how many, and how many of them were in good standing at the end of each year from
    then on (the current year: today)."""

    year: int
    size: int = 0
    stayed: list[int] = field(default_factory=list)

    def share(self, years: int) -> int:
        """Per cent of them, so many years later."""
        return round(100 * self.stayed[years] / self.size)


@dataclass
class Figures:
    """All that the pictures show."""

    tiers: list[Tier]
    months: list[Month]
    cohorts: list[Cohort]


def version() -> int:
    """Another number whenever the figures can have changed: steps are only added, and whatever else staff do to the
    register is in the audit log."""
    rows = select(select(func.max(Membership.id)).scalar_subquery(), select(func.max(AuditEntry.id)).scalar_subquery())
    step, entry = db.session.execute(rows).one()
    return (step or 0) << 32 | (entry or 0)


def figures(today: date, years: int) -> Figures:
    """The last years up to today, in two queries, whatever there is."""
    months = [Month(day) for day in last_days(today, years)]
    cohorts = {year: Cohort(year) for year in range(today.year - COHORTS + 1, today.year + 1)}
    for year, cohort in cohorts.items():
        cohort.stayed = [0] * (today.year - year + 1)
    count(_everyones_stays(), months, cohorts)
    shown = [tier for tier in db.session.scalars(tiers()) if any(month.members[tier.id] for month in months)]
    return Figures(shown, months, [cohort for cohort in cohorts.values() if cohort.size])


def last_days(today: date, years: int) -> list[date]:
    """The last day of each month of the years before today, and today."""
    first = today.year * 12 + today.month - 1 - 12 * years
    ends = (date(month // 12, month % 12 + 1, 1) - _A_DAY for month in range(first + 1, first + 12 * years + 1))
    return [*(day for day in ends if day < today), today]


def count(people: Iterable[list[Stay]], months: list[Month], cohorts: dict[int, Cohort]) -> None:
    """Put everyone where they belong. Members of a month are those of the month before, with who joined, without who
    left."""
    index = _Index([month.day for month in months])
    changes: list[Counter[int]] = [Counter() for _ in range(len(months) + 1)]
    for stays in people:
        for stay in stays:
            changes[index.of(stay.first)][stay.tier_id] += 1
            changes[index.after(stay.last)][stay.tier_id] -= 1
        spells = list(unbroken(stays))
        for first, last in spells:
            _note_turns(first, last, months, index)
        if spells and (cohort := cohorts.get(spells[0][0].year)):
            _follow(cohort, spells, months[-1].day)
    so_far: Counter[int] = Counter()
    for month, change in zip(months, changes, strict=False):
        so_far.update(change)
        month.members = +so_far


def _note_turns(first: date, last: date, months: list[Month], index: "_Index") -> None:
    came, went = index.of(first), index.after(last)
    if index.begins < first <= index.ends:
        months[came].joined += 1
    if index.begins <= last < index.ends:
        months[went].left += 1


def _follow(cohort: Cohort, spells: list[tuple[date, date]], today: date) -> None:
    if spells[0][0] > today:
        return
    cohort.size += 1
    for years in range(len(cohort.stayed)):
        day = min(date(cohort.year + years, 12, 31), today)
        cohort.stayed[years] += any(first <= day <= last for first, last in spells)


class _Index:
    """Which of some days is the first that is not before another; each is looked up once."""

    def __init__(self, days: list[date]) -> None:
        self._days, self._known = days, dict[date, int]()
        self.begins, self.ends = days[0], days[-1]

    def of(self, day: date) -> int:
        """The place of the first day on which something that began on `day` shows; one past the last if none."""
        place = self._known.get(day)
        if place is None:
            place = self._known[day] = sum(one < day for one in self._days)
        return place

    def after(self, last: date) -> int:
        """The place of the first day after `last`."""
        return len(self._days) if last >= self.ends else self.of(last + _A_DAY)


def unbroken(stays: Iterable[Stay]) -> Iterator[tuple[date, date]]:
    """First and last days of good standing without a gap, whatever the tier; `stays` stand in their order."""
    first = last = None
    for stay in stays:
        if last is not None and first is not None and stay.first > last + _A_DAY:
            yield first, last
            first = None
        first, last = first or stay.first, stay.last
    if first is not None and last is not None:
        yield first, last


def apart(stays: list[Stay]) -> list[Stay]:
    """The same days, each in one tier: where periods overlap, the one that lasts longest counts."""
    if len(stays) == 1:
        return stays
    found, taken_from = [], date.max
    for stay in sorted(stays, key=itemgetter(2, 1), reverse=True):
        if stay.first < taken_from:
            last = stay.last if taken_from == date.max else min(stay.last, taken_from - _A_DAY)
            found.append(stay._replace(last=last))
            taken_from = stay.first
    return found[::-1]


def _everyones_stays() -> Iterator[list[Stay]]:
    rows = db.session.execute(_periods().execution_options(yield_per=5_000))
    for _person, own in groupby(rows, itemgetter(0)):
        stays = [Stay(tier_id, first, _last(until, left)) for _, tier_id, first, until, left in own]
        if stays := [stay for stay in stays if stay.first <= stay.last]:
            yield apart(stays)


def _last(good_until: date | None, replaced_on: date | None) -> date:
    last = good_until or date.max
    return last if replaced_on is None else min(last, replaced_on - _A_DAY)


def _periods() -> Select[int, int, date, date | None, date | None]:
    """Every active period, person by person, and when another row took its place."""
    replaced = select(func.min(_Later.starts_on)).where(_Later.replaces_id == Membership.id).scalar_subquery()
    columns = Membership.person_id, Membership.tier_id, Membership.starts_on, Membership.good_until, replaced
    return select(*columns).where(Membership.status == Status.ACTIVE).order_by(Membership.person_id)
