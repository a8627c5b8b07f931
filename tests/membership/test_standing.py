"""Good standing, against a model that counts days."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from society.db import db
from society.membership.models import Period, Status, Tier
from society.membership.queries import in_good_standing, standing
from society.people.models import Person
from tests.builders import a_membership, a_person, a_tier

FIRST = date(2027, 1, 1)
HORIZON = 60

periods = st.tuples(st.integers(0, 40), st.none() | st.integers(0, 15), st.sampled_from(Status))


def days_of_membership(rows):
    """Every day on which one of the active periods runs, one by one."""
    days: set[date] = set()
    for start, length, status in rows:
        last = HORIZON if length is None else start + length
        if status == Status.ACTIVE:
            days.update(FIRST + timedelta(days=day) for day in range(start, last + 1))
    return days


@given(rows=st.lists(periods, max_size=4), day=st.integers(0, HORIZON), verified=st.booleans())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_good_standing_is_what_counting_the_days_says(app, rows, day, verified):
    person, tier, on = a_person(), a_tier(), FIRST + timedelta(days=day)
    person.verified_at = person.verified_at if verified else None
    for start, length, status in rows:
        starts_on = FIRST + timedelta(days=start)
        ends_on = None if length is None else starts_on + timedelta(days=length)
        a_membership(person, tier, starts_on=starts_on, ends_on=ends_on, status=status)
    other = a_person()
    a_membership(other, tier, starts_on=FIRST, ends_on=None)

    found = db.session.scalars(select(Person.id).where(in_good_standing(on), Person.id == person.id)).all()

    assert (found == [person.id]) == (on in days_of_membership(rows))
    assert (standing(person, on) is not None) == (on in days_of_membership(rows))
    db.session.rollback()


def test_of_several_periods_the_one_that_lasts_longest_counts(app):
    person = a_person()
    a_membership(person, starts_on=FIRST, ends_on=FIRST + timedelta(days=5))
    for_life = a_membership(person, starts_on=FIRST, ends_on=None)
    a_membership(person, starts_on=FIRST, ends_on=FIRST + timedelta(days=9))

    assert standing(person, FIRST) is for_life


def test_a_period_of_months_ends_the_day_before():
    tier = Tier(name="Half a year", period=Period.MONTHS, months=6)

    assert tier.last_day(date(2027, 8, 31)) == date(2028, 2, 28)


def test_a_calendar_year_ends_with_the_year():
    assert Tier(name="Year", period=Period.CALENDAR_YEAR).last_day(date(2027, 12, 31)) == date(2027, 12, 31)
