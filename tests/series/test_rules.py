"""The days of a series, against counting them off one by one."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from society.errors import Refused
from society.series.rules import Every, Rule, is_last

FIRST = date(2027, 1, 7)
"""A Thursday, the first of its month."""


def slowly(rule: Rule, first: date, up_to: date) -> list[date]:
    """Every day looked at: is it one of the rule's?"""
    found: list[date] = []
    day = first
    while day <= min(up_to, rule.until or up_to) and (rule.count is None or len(found) < rule.count):
        if _counts(rule, first, day) and day.month not in rule.without_months and day not in rule.without_days:
            found.append(day)
        day += timedelta(days=1)
    return found


def _counts(rule: Rule, first: date, day: date) -> bool:
    months = (day.year - first.year) * 12 + day.month - first.month
    match rule.every:
        case Every.DAY:
            return (day - first).days % rule.interval == 0
        case Every.WEEK:
            mondays = [each - timedelta(days=each.weekday()) for each in (first, day)]
            weeks = (mondays[1] - mondays[0]).days // 7
            return weeks % rule.interval == 0 and day.weekday() in (rule.weekdays or (first.weekday(),))
        case Every.MONTH_DAY:
            return day.day == first.day and months % rule.interval == 0
        case Every.YEAR:
            same = (day.month, day.day) == (first.month, first.day)
            return same and (day.year - first.year) % rule.interval == 0
        case Every.MONTH_WEEKDAY:
            return day.weekday() == first.weekday() and months % rule.interval == 0 and _is_in_place(rule, first, day)


def _is_in_place(rule: Rule, first: date, day: date) -> bool:
    if rule.places:
        return (day.day - 1) // 7 + 1 in rule.places or (-1 in rule.places and is_last(day))
    if rule.last or (first.day - 1) // 7 == 4:
        return is_last(day)
    return (day.day - 1) // 7 == (first.day - 1) // 7


RULES = st.builds(
    Rule,
    every=st.sampled_from(Every),
    interval=st.integers(1, 5),
    weekdays=st.just(()),
    without_months=st.lists(st.integers(1, 12), max_size=3, unique=True).map(tuple),
    count=st.none() | st.integers(2, 30),
)


@given(rule=RULES, first=st.dates(date(2024, 1, 1), date(2030, 12, 31)), days=st.integers(0, 900))
@settings(max_examples=120)
def test_the_days_are_those_that_counting_finds(rule, first, days):
    up_to = first + timedelta(days=days)
    assert rule.days(first, up_to=up_to) == slowly(rule, first, up_to)


def test_a_rule_without_an_end_goes_on_for_decades():
    later = date(2060, 1, 1)
    weekly = Rule(Every.WEEK).days(FIRST, up_to=later)
    assert (weekly[-1], len(weekly)) == (later, 1722)
    assert len(Rule(Every.YEAR, count=20).days(FIRST, up_to=later)) == 20
    assert Rule(Every.YEAR, interval=24).days(FIRST, up_to=later) == [FIRST, date(2051, 1, 7)]
    assert Rule(Every.DAY, without_months=tuple(range(1, 13))).days(FIRST, up_to=later) == []


@given(weekdays=st.sets(st.integers(0, 6), min_size=1), interval=st.integers(1, 4))
@settings(max_examples=40)
def test_several_days_of_a_week(weekdays, interval):
    rule = Rule(Every.WEEK, interval=interval, weekdays=tuple(sorted(weekdays | {FIRST.weekday()})))
    assert rule.days(FIRST, up_to=FIRST + timedelta(days=100)) == slowly(rule, FIRST, FIRST + timedelta(days=100))


@given(places=st.sets(st.sampled_from([1, 2, 3, 4, -1])), interval=st.integers(1, 3))
@settings(max_examples=30)
def test_several_weekdays_of_a_month(places, interval):
    rule = Rule(Every.MONTH_WEEKDAY, interval=interval, places=tuple(sorted(places | {1})))
    assert rule.days(FIRST, up_to=FIRST + timedelta(days=300)) == slowly(rule, FIRST, FIRST + timedelta(days=300))
    assert Rule.of(rule.plain()) == rule


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Rule(Every.WEEK), "Every Thursday"),
        (Rule(Every.WEEK, interval=2), "Every second Thursday"),
        (Rule(Every.WEEK, weekdays=(0, 3)), "Every Monday and Thursday"),
        (Rule(Every.MONTH_WEEKDAY), "The first Thursday of the month"),
        (Rule(Every.MONTH_WEEKDAY, last=True, without_months=(12,)), "The last Thursday of the month, except December"),
        (Rule(Every.MONTH_WEEKDAY, places=(1, 3)), "The first and third Thursday of the month"),
        (Rule(Every.MONTH_DAY, interval=2), "Day 7 of every second month"),
        (Rule(Every.YEAR, until=date(2030, 1, 7)), "Every year on 7 January, until 7 January 2030"),
        (Rule(Every.DAY, count=5), "Every day, 5 times"),
    ],
)
def test_a_rule_is_said_as_people_say_it(rule, said):
    assert rule.spoken(FIRST) == said


@pytest.mark.parametrize(
    ("rule", "days", "said"),
    [
        (Rule(Every.WEEK, weekdays=(3, 6)), 1, "Every Monday and Friday"),
        (
            Rule(Every.MONTH_WEEKDAY, count=3),
            -1,
            "The first Thursday of the month, 1 day earlier, 3 times",
        ),
    ],
)
def test_a_rule_whose_events_were_all_moved_is_said_as_they_are(rule, days, said):
    assert rule.spoken(FIRST, timedelta(days=days)) == said


@given(rule=RULES)
def test_a_rule_is_stored_and_read_again(rule):
    assert Rule.of(rule.plain()) == rule


def test_the_first_event_must_be_one_of_its_days():
    with pytest.raises(Refused, match="not among the days"):
        Rule(Every.WEEK, without_months=(1,)).check(FIRST)


def test_a_rule_without_days_ends():
    assert Rule(Every.MONTH_DAY, without_months=tuple(range(1, 13))).days(FIRST, up_to=date(2090, 1, 1)) == []


@pytest.mark.parametrize("ends", [{}, {"until": date(2027, 12, 24)}, {"count": 6}])
def test_a_rule_is_the_same_once_it_was_stored(ends):
    rule = Rule(Every.WEEK, interval=2, weekdays=(0, 3), without_days=(date(2027, 4, 5),), **ends)
    assert Rule.of(json.loads(json.dumps(rule.plain()))) == rule
