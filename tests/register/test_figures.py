"""The register's figures against the slow and obvious count, and the page that draws them."""

import itertools
import re
from datetime import date, timedelta
from random import Random
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from sqlalchemy import select

from society.db import db
from society.membership.actions import begin_period, change_tier, end_period, restore
from society.membership.models import Membership, Period, Status, Tier
from society.membership.queries import as_of, in_good_standing
from society.people.models import Person
from society.register import drawing
from society.register.figures import Month, Stay, apart, figures, last_days, unbroken
from tests.builders import NOW, a_membership, a_person, a_tier
from tests.conftest import Browser

TODAY = date(2027, 3, 20)
DAY = timedelta(days=1)


def histories(seed: int, people: int = 25) -> list[Tier]:
    """People who join, renew late or never, change tier, resign, lapse and come back; gives the tiers."""
    chance = Random(seed)
    tiers = [
        a_tier("Member", position=0, grace_days=40),
        a_tier("Student", position=1, period=Period.MONTHS, months=5),
        a_tier("Life", position=2, period=Period.LIFE),
    ]
    for _ in range(people):
        person, on = a_person(), date(2024, 1, 1) + timedelta(days=chance.randint(0, 1100))
        period = begin_period(person, chance.choice(tiers), on, now=NOW, by=None)
        for _ in range(chance.randint(0, 4)):
            period = _onward(period, tiers, chance)
    db.session.commit()
    return tiers


def _onward(period: Membership, tiers: list[Tier], chance: Random) -> Membership:
    if period.status is not Status.ACTIVE:
        return restore(period, period.starts_on + timedelta(days=chance.randint(0, 90)), now=NOW, by=None)
    if period.ends_on is None or chance.random() < 0.3:
        on = period.starts_on + timedelta(days=chance.randint(0, 100))
        return end_period(period, chance.choice([Status.RESIGNED, Status.LAPSED]), on, now=NOW, by=None)
    if chance.random() < 0.3:
        middle = period.starts_on + (period.ends_on - period.starts_on) // 2
        other = chance.choice([tier for tier in tiers if tier is not period.tier])
        return change_tier(period, other, middle, now=NOW, by=None)
    return begin_period(period.person, period.tier, period.ends_on + DAY, now=NOW, by=None)


def standing(on: date) -> set[int]:
    return set(db.session.scalars(select(Person.id).where(in_good_standing(on))))


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_members_of_each_month_are_those_on_the_roll_of_its_last_day(app: Flask, seed: int) -> None:
    histories(seed)
    for month in figures(TODAY, 2).months:
        roll = db.session.execute(as_of(month.day)).all()
        assert month.total == len(roll)
        for tier_id in {*month.members, *(period.tier_id for _, period in roll)}:
            assert month.members[tier_id] == sum(period.tier_id == tier_id for _, period in roll)


@pytest.mark.parametrize("seed", [5, 6])
def test_joined_and_left_are_those_whose_standing_changed_from_one_day_to_the_next(app: Flask, seed: int) -> None:
    histories(seed)
    months = figures(TODAY, 1).months
    before = standing(months[0].day)
    for earlier, month in itertools.pairwise(months):
        joined = left = 0
        for passed in range(1, (month.day - earlier.day).days + 1):
            now_standing = standing(earlier.day + timedelta(days=passed))
            joined, left = joined + len(now_standing - before), left + len(before - now_standing)
            before = now_standing
        assert (month.joined, month.left) == (joined, left)
        assert month.total == earlier.total + month.joined - month.left


def test_a_cohort_is_followed_from_the_year_of_first_joining(app: Flask) -> None:
    histories(7, people=40)
    found = {cohort.year: cohort for cohort in figures(TODAY, 1).cohorts}
    first: dict[int, date] = {}
    for passed in range((TODAY - date(2024, 1, 1)).days + 1):
        on = date(2024, 1, 1) + timedelta(days=passed)
        first.update({person: on for person in standing(on) if person not in first})

    for year in {on.year for on in first.values()}:
        own = {person for person, on in first.items() if on.year == year}
        ends = [min(date(later, 12, 31), TODAY) for later in range(year, TODAY.year + 1)]
        assert found[year].size == len(own)
        assert found[year].stayed == [len(own & standing(on)) for on in ends]


def test_the_days_are_the_last_of_each_month_and_today() -> None:
    days = last_days(date(2028, 3, 5), 1)
    assert days[0] == date(2027, 3, 31)
    assert days[-3:] == [date(2028, 1, 31), date(2028, 2, 29), date(2028, 3, 5)]
    assert last_days(date(2028, 2, 29), 1)[-2:] == [date(2028, 1, 31), date(2028, 2, 29)]


def test_of_periods_that_overlap_the_one_that_lasts_longest_counts() -> None:
    for_life = Stay(1, date(2024, 6, 1), date.max)
    short = Stay(2, date(2024, 1, 1), date(2024, 12, 31))
    within = Stay(3, date(2025, 1, 1), date(2025, 12, 31))

    assert apart([short, for_life, within]) == [short._replace(last=date(2024, 5, 31)), for_life]
    assert list(unbroken(apart([short, for_life, within]))) == [(date(2024, 1, 1), date.max)]


def test_a_scale_ends_at_a_round_number_that_holds_all() -> None:
    for most in range(1, 5_000, 7):
        assert most <= drawing.nice(most) <= max(2 * most, 1)


@pytest.mark.parametrize("count", [1, 5, 12])
def test_labels_never_stand_on_each_other(count: int) -> None:
    labels = list(drawing.spread([(str(place), drawing.TOP + 1) for place in range(count)]))
    heights = sorted(label.y for label in labels)

    assert all(later - earlier >= 12 for earlier, later in itertools.pairwise(heights))
    assert heights[0] >= drawing.TOP


def test_a_picture_of_nothing_can_be_drawn() -> None:
    months = [Month(day) for day in last_days(TODAY, 2)]
    assert drawing.members(months, []).bands == []
    assert drawing.turns(months[1:]).up == []


def test_the_page_draws_three_pictures_that_can_be_read_out(client: Browser) -> None:
    a_membership(a_person("Ann"), a_tier("Friends & <others>"), starts_on=NOW.date() - timedelta(days=800))
    page = client.sign_in(a_person("", "secretary")).get("/organize/people/figures").text

    drawings = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(drawings) == 3
    for one in drawings:
        root = ElementTree.fromstring(one)  # noqa: S314, our own page
        assert root.get("role") == "img"
        read_out = {part.get("id"): part.text for part in root if part.get("id")}
        assert all(read_out[name] for name in root.get("aria-labelledby", "").split())
    assert "Friends &amp; &lt;…" in page
    assert "style=" not in page


def test_a_society_without_members_gets_a_page_too(client: Browser) -> None:
    page = client.sign_in(a_person("", "secretary")).get("/organize/people/figures")
    assert page.status_code == 200
    assert "Nobody was a member in these years." in page.text


@pytest.mark.parametrize("years", ["0", "-1", "3", "x", "9" * 30])
def test_other_spans_than_those_offered_are_five_years(client: Browser, years: str) -> None:
    page = client.sign_in(a_person("", "secretary")).get(f"/organize/people/figures?years={years}")
    assert page.status_code == 200
    assert re.search(r'years=5" aria-current', page.text)


def test_what_was_drawn_is_drawn_anew_once_the_register_changes(client: Browser) -> None:
    tier, browser = a_tier("Member"), client.sign_in(a_person("", "secretary"))
    a_membership(a_person(), tier)
    assert ">Member 1<" in browser.get("/organize/people/figures").text

    a_membership(a_person(), tier)
    assert ">Member 2<" in browser.get("/organize/people/figures").text


def test_the_number_of_queries_does_not_grow(client: Browser, counted: Any) -> None:
    browser, tier = client.sign_in(a_person("", "secretary")), a_tier()
    numbers = []
    for more in (1, 30):
        for _ in range(more):
            a_membership(a_person(), tier)
        db.session.commit()
        with counted() as count:
            browser.get("/organize/people/figures")
        numbers.append(len(count))
    assert numbers[0] == numbers[1]
