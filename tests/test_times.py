"""Wall clocks, zones and instants."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from society.times import (
    NoSuchTime,
    known_zone,
    midnight,
    months_later,
    place_of,
    shown_from,
    shown_twice,
    to_utc,
    to_wall,
    today_in,
    zone_names,
)

ZONES = st.sampled_from(zone_names())
WALLS = st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30)).map(lambda wall: wall.replace(microsecond=0))
INSTANTS = st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=st.just(UTC))


@given(WALLS, ZONES)
def test_a_time_that_clocks_show_is_shown_again_at_its_instant(wall: datetime, zone: str) -> None:
    try:
        instant = to_utc(wall, zone)
    except NoSuchTime:
        assume(False)

    assert to_wall(instant, zone) == wall


@given(INSTANTS, ZONES)
def test_an_instant_is_found_again_unless_its_time_is_shown_twice(instant: datetime, zone: str) -> None:
    wall = to_wall(instant, zone)

    found = to_utc(wall, zone)

    assert found == instant or (shown_twice(wall, zone) and found < instant)


@given(WALLS, ZONES)
def test_a_time_is_either_jumped_over_or_shown_once_or_twice(wall: datetime, zone: str) -> None:
    try:
        instant = to_utc(wall, zone)
    except NoSuchTime:
        return

    earlier = [instant - timedelta(minutes=15 * n) for n in range(1, 9)]
    assert all(to_wall(other, zone) != wall for other in earlier)


@given(st.dates(date(1900, 1, 2), date(2199, 12, 30)), ZONES)
def test_a_day_begins_when_its_date_is_first_shown(day: date, zone: str) -> None:
    begins = midnight(day, zone)

    assert today_in(zone, begins) >= day
    assert today_in(zone, begins - timedelta(seconds=1)) <= day


def test_the_spring_gap_is_refused_by_name() -> None:
    with pytest.raises(NoSuchTime, match=r"New York jump over 2:30 am on 14 March 2027"):
        to_utc(datetime(2027, 3, 14, 2, 30), "America/New_York")


def test_of_two_times_shown_the_earlier_is_meant() -> None:
    wall = datetime(2027, 11, 7, 1, 30)

    assert to_utc(wall, "America/New_York") == datetime(2027, 11, 7, 5, 30, tzinfo=UTC)
    assert shown_twice(wall, "America/New_York")
    assert not shown_twice(wall, "Europe/Berlin")


def test_for_a_zone_that_nobody_chose_it_for_a_jumped_time_is_told_by_the_offset_before() -> None:
    assert shown_from(datetime(2027, 3, 14, 2, 30), "America/New_York") == datetime(2027, 3, 14, 7, 30, tzinfo=UTC)
    assert shown_from(datetime(2027, 11, 7, 1, 30), "America/New_York") == datetime(2027, 11, 7, 5, 30, tzinfo=UTC)
    assert shown_from(datetime(2027, 7, 1, 8), "Asia/Tokyo") == datetime(2027, 6, 30, 23, tzinfo=UTC)


def test_where_midnight_is_jumped_over_the_day_begins_with_the_jump() -> None:
    assert midnight(date(2027, 4, 30), "Africa/Cairo") == datetime(2027, 4, 29, 22, tzinfo=UTC)


def test_zones_are_places_and_known() -> None:
    assert "America/New_York" in zone_names()
    assert all(map(known_zone, zone_names()))
    assert not known_zone("localtime")
    assert place_of("America/Argentina/Buenos_Aires") == "Buenos Aires"


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2027, 12, 15), 1, date(2028, 1, 15)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2027, 3, 31), -1, date(2027, 2, 28)),
        (date(2027, 1, 31), -2, date(2026, 11, 30)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_months_last(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later
