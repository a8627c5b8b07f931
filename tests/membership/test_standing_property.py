"""Good standing over random histories, against a model that is slow and plain: lists of days, struck out one by one."""

from calendar import monthrange
from contextlib import suppress
from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from society.db import db
from society.errors import Refused
from society.membership import actions
from society.membership.models import Covers, Membership, Period, Status
from society.membership.queries import as_of, in_good_standing, standing
from society.people.models import Person
from tests.builders import NOW, a_person, a_tier

FIRST = date(2027, 6, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(1000)]
"""With a leap day and three turns of the year among them."""

TIERS = [
    {"period": Period.CALENDAR_YEAR},
    {"period": Period.CALENDAR_YEAR, "grace_days": 40},
    {"period": Period.MONTHS, "months": 1, "grace_days": 3},
    {"period": Period.MONTHS, "months": 12},
    {"period": Period.LIFE},
    {"period": Period.MONTHS, "months": 6, "covers": Covers.HOUSEHOLD, "places": 3, "grace_days": 10},
    {"period": Period.LIFE, "covers": Covers.ORGANIZATION, "places": 2},
]


class Story:
    """Who was a member on which day, as somebody would keep it who has only paper and patience.

    Each period is a list of the days on which it is good. To end it is to strike out days.
    """

    def __init__(self):
        self.periods = []
        self.ends = []

    def begin(self, who, tier, first, last="as the tier says", payer=None):
        if last == "as the tier says":
            last = the_last_day(tier, first)
        good_until = None if last is None else last + timedelta(days=tier.get("grace_days", 0))
        days = [day for day in DAYS if day >= first and (good_until is None or day <= good_until)]
        self.periods.append({"who": who, "tier": tier, "first": first, "last": last, "days": days, "payer": payer})
        return self.periods[-1]

    def strike(self, period, on):
        period["days"] = [day for day in period["days"] if day < on]
        period["over from"] = min(on, period.get("over from", on))

    def covered(self, payer, on):
        """Whom it covers on that day, or will."""
        own = [period for period in self.periods if period["payer"] is payer]
        return [p for p in own if "over from" not in p or p["over from"] > max(on, p["first"])]

    def end(self, period, on):
        """Returns what restoring needs to know."""
        gone = self.covered(period, on)
        for each in [period, *gone]:
            self.strike(each, max(on, each["first"]))
        end = {"period": period, "from": max(on, period["first"]), "with": [(p, max(on, p["first"])) for p in gone]}
        self.ends.append(end)
        return end

    def resign(self, period, on):
        """Everything of theirs ends; returns the end of the period that was named."""
        who, named = period["who"], None
        for each in [p for p in self.periods if p["who"] == who]:
            left = [day for day in each["days"] if day >= on] or (each["first"] > DAYS[-1])
            if left and ("over from" not in each or each["over from"] > max(on, each["first"])):
                end = self.end(each, on)
                named = end if each is period else named
        return named

    def renew(self, period):
        first = period["last"] + timedelta(days=1)
        following = self.begin(period["who"], period["tier"], first)
        for each in self.covered(period, period["last"]):
            self.begin(each["who"], period["tier"], first, following["last"], payer=following)
        return following

    def change(self, period, tier, on):
        first = max(on, period["first"])
        last = period["last"] if period["last"] and the_last_day(tier, first) else the_last_day(tier, first)
        covered = self.covered(period, first)
        changed = self.begin(period["who"], tier, first, last)
        for each in covered:
            self.begin(each["who"], tier, max(first, each["first"]), changed["last"], payer=changed)
        for each in [period, *covered]:
            self.strike(each, max(first, each["first"]))
        return changed

    def restore(self, end, on):
        former, first = end["period"], max(on, end["from"])
        has_time_left = former["last"] and former["last"] >= first
        last = former["last"] if has_time_left else the_last_day(former["tier"], first)
        restored = self.begin(former["who"], former["tier"], first, last)
        for each, since in end["with"]:
            self.begin(each["who"], former["tier"], max(first, since), restored["last"], payer=restored)
        return restored

    def cover(self, payer, who, on):
        return self.begin(who, payer["tier"], max(on, payer["first"]), payer["last"], payer=payer)

    def uncover(self, period, on):
        """The same person is no longer covered by the same payer, in this period and in later ones."""
        for each in [p for p in self.periods if p["who"] == period["who"] and p["payer"]]:
            if each["payer"]["who"] == period["payer"]["who"]:
                self.strike(each, max(on, each["first"]))

    def good(self, who, day):
        """The periods that make them a member that day, in the order of the register."""
        return [period for period in self.periods if period["who"] == who and day in period["days"]]


def the_last_day(tier, first):
    """Counted on the calendar, a month at a time."""
    if tier["period"] is Period.LIFE:
        return None
    if tier["period"] is Period.CALENDAR_YEAR:
        return date(first.year, 12, 31)
    year, month = first.year, first.month
    for _ in range(tier["months"]):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(first.day, monthrange(year, month)[1])) - timedelta(days=1)


def longest(periods):
    """Of several, the one for life, else the one that ends last, else the one that was entered last."""
    best = None
    for period in periods:
        if best is None or period["last"] is None or (best["last"] is not None and period["last"] >= best["last"]):
            best = period
    return best


class Both:
    """Does the same to the register and to the story, and remembers which row is which period."""

    def __init__(self):
        self.story = Story()
        self.people = [a_person() for _ in range(4)]
        self.tiers = [a_tier(**tier) for tier in TIERS]
        self.rows, self.ended = [], []
        self._seconds = count()

    def do(self, kind, which, who, tier, on):
        """What the register refuses does not happen in the story either. A number for a day counts from an edge."""
        if isinstance(on, int):
            on = min((self._edge(which) or FIRST) + timedelta(days=on), DAYS[-1])
        with suppress(Refused):
            getattr(self, kind)(which, who, tier, on)

    def _edge(self, which):
        """The last good day of a period."""
        days = self.rows[which % len(self.rows)][1]["days"] if self.rows else []
        return days[-1] if days else None

    def _period(self, which):
        return self.rows[which % len(self.rows)] if self.rows else self._begun(which % 4, 3, FIRST)

    def _begun(self, who, tier, on, **more):
        row = actions.begin_period(self.people[who], self.tiers[tier], on, now=NOW, by=None, **more)
        self.rows.append((row, self.story.begin(who, TIERS[tier], on)))
        self._note_covered()
        return self.rows[-1]

    def begin(self, _which, who, tier, on):
        self._begun(who, tier, on)

    def admit(self, which, who, tier, on):
        """An application gives no standing, neither before nor after it was decided."""
        person = self.people[who]
        application = Membership(person=person, tier=self.tiers[tier], status=Status.APPLIED, starts_on=on)
        application.recorded_at = NOW
        db.session.add(application)
        db.session.flush()
        if which % 2:
            self._begun(who, tier, on + timedelta(days=which), replaces=application)

    def lapse(self, which, _who, _tier, on):
        row, period = self._period(which)
        self._end(actions.end_period(row, Status.LAPSED, on, now=self._moment(), by=None), period, on)

    def _end(self, ended, period, on):
        self.ended.append((ended, self.story.end(period, on)))

    def resign(self, which, _who, _tier, on):
        row, period = self._period(which)
        ended = actions.resign(row, on, now=self._moment(), by=None)
        self.ended.append((ended, self.story.resign(period, on)))

    def renew(self, which, _who, _tier, _on):
        row, period = self._period(which)
        self.rows.append((actions.renew(row, now=NOW, by=None), self.story.renew(period)))
        self._note_covered()

    def change_tier(self, which, _who, tier, on):
        row, period = self._period(which)
        changed = actions.change_tier(row, self.tiers[tier], on, now=NOW, by=None)
        self.rows.append((changed, self.story.change(period, TIERS[tier], on)))
        self._note_covered()

    def restore(self, which, _who, _tier, on):
        if self.ended:
            ended, end = self.ended[which % len(self.ended)]
            restored = actions.restore(ended, on, now=NOW, by=None)
            self.rows.append((restored, self.story.restore(end, on)))
            self._note_covered()

    def cover(self, which, who, _tier, on):
        row, period = self._period(which)
        covered = actions.cover(row, self.people[who], on, now=NOW, by=None)
        self.rows.append((covered, self.story.cover(period, who, on)))

    def household(self, which, who, _tier, _on):
        """One who pays, and one or two whom that covers."""
        self._begun(who, 5, FIRST + timedelta(days=which))
        payer = len(self.rows) - 1
        for other in (who + 1, who + 2)[: which % 2 + 1]:
            self.cover(payer, other % 4, 0, FIRST + timedelta(days=which * other))

    def uncover(self, which, _who, _tier, on):
        covered = [pair for pair in self.rows if pair[0].covered_by_id]
        row, period = covered[which % len(covered)] if covered else self._period(which)
        actions.uncover(row, on, now=self._moment(), by=None)
        self.story.uncover(period, on)

    def _moment(self):
        """Each act at a time of its own, as in life."""
        return NOW + timedelta(seconds=next(self._seconds))

    def _note_covered(self):
        """Rows that came of themselves, with their payer's, can be acted on too."""
        known = {row.id for row, _ in self.rows}
        new = select(Membership).where(Membership.status == Status.ACTIVE, Membership.id.not_in(known))
        rows = db.session.scalars(new.order_by(Membership.id)).all()
        taken = [period for _, period in self.rows]
        periods = [period for period in self.story.periods if not any(period is each for each in taken)]
        assert [(r.person, r.starts_on, r.ends_on) for r in rows] == [
            (self.people[p["who"]], p["first"], p["last"]) for p in periods
        ]
        self.rows += zip(rows, periods, strict=True)

    def agree_on(self, day):
        good = {self.people[who].id: longest(self.story.good(who, day)) for who in range(4)}
        expected = {number: (period["first"], period["last"]) for number, period in good.items() if period}
        ours = Person.id.in_(good)

        roll = db.session.execute(as_of(day).where(ours)).all()

        assert {person.id: (row.starts_on, row.ends_on) for person, row in roll} == expected
        assert len(roll) == len(expected)
        assert set(db.session.scalars(select(Person.id).where(in_good_standing(day), ours))) == set(expected)
        for person in self.people[:2]:
            row = standing(person, day)
            assert (row and (row.starts_on, row.ends_on)) == expected.get(person.id)


KINDS = ["household", "begin", "admit", "lapse", "resign", "renew", "change_tier", "restore", "cover", "uncover"]
acts = st.tuples(
    st.sampled_from(KINDS),
    st.integers(0, 11),
    st.integers(0, 3),
    st.integers(0, len(TIERS) - 1),
    st.sampled_from(DAYS[:700]) | st.integers(-1, 2) | st.sampled_from([date(2028, 2, 29), date(2027, 12, 31)]),
)


families = st.tuples(st.just("household"), st.integers(0, 11), st.just(0), st.just(5), st.just(FIRST))
histories = st.tuples(families | acts, st.lists(acts, max_size=9)).map(lambda parts: [parts[0], *parts[1]])


UNCOVERED_THEN_LAPSED = [
    ("household", 0, 0, 5, FIRST),
    ("uncover", 0, 0, 0, 0),
    ("lapse", 0, 0, 0, FIRST),
    ("household", 0, 0, 0, FIRST),
    ("household", 0, 0, 0, FIRST),
    ("restore", 0, 0, 0, FIRST),
]


@pytest.mark.no_cover  # thousands of turns over lines that other tests cover
@given(history=histories, days=st.lists(st.sampled_from(DAYS), min_size=6, max_size=6))
@example(history=UNCOVERED_THEN_LAPSED, days=[FIRST] * 6)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_register_says_what_striking_out_days_says(app, history, days):
    db.session.rollback()  # what an example before this one left, if it failed
    both = Both()
    for act in history:
        both.do(*act)

    edges = {edge for p in both.story.periods for edge in (p["first"], p["days"][-1] if p["days"] else p["first"])}
    around = {edge + timedelta(days=step) for edge in edges for step in (-1, 0, 1)}
    for day in sorted({*days, *around} & set(DAYS)):
        both.agree_on(day)
    db.session.rollback()


@pytest.mark.parametrize(("first", "last"), [("2028-02-29", "2029-02-27"), ("2027-03-01", "2028-02-29")])
def test_a_year_from_a_leap_day_and_to_one(app, first, last):
    row = actions.begin_period(a_person(), a_tier(**TIERS[3]), date.fromisoformat(first), now=NOW, by=None)

    assert row.ends_on == date.fromisoformat(last)
    assert the_last_day(TIERS[3], row.starts_on) == row.ends_on
