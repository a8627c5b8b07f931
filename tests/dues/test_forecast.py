"""What is going to happen: who is reminded when, whose membership lapses, and who is left out of it."""

from datetime import date, timedelta

import pytest

from society.db import db
from society.dues import forecast
from society.dues.forecast import LAPSE, By, between, due, named, of, overdue, reminders, summed
from society.mail.actions import write_markdown
from society.mail.models import DeadAddress
from society.membership.actions import begin_period, change_tier, renew, resign, restore
from society.membership.actions.steps import end_period
from society.membership.models import Status
from tests.builders import NOW, a_membership, a_person, a_tier

DAYS = (30, 7, -7)
LAST = date(2027, 3, 31)


def a_period(person=None, ends_on=LAST, grace=0, **values):
    """A year that ends on the last of March."""
    starts_on = values.pop("starts_on", ends_on - timedelta(days=364))
    good_until = ends_on + timedelta(days=grace)
    return a_membership(person or a_person(), starts_on=starts_on, ends_on=ends_on, good_until=good_until, **values)


def planned(since=date(2027, 1, 1), until=date(2027, 12, 31), days=DAYS):
    return [(step.day, step.event, step.total) for step in summed(between(since, until, days))]


def people_of(plan):
    return {period.person for period, _by in db.session.execute(named(plan))}


def test_reminders_go_out_before_and_after_the_end_and_the_membership_lapses_the_day_after_its_grace(app):
    a_period(grace=14)

    assert planned() == [
        (date(2027, 3, 1), 30, 1),
        (date(2027, 3, 24), 7, 1),
        (date(2027, 4, 7), -7, 1),
        (date(2027, 4, 15), LAPSE, 1),
    ]


def test_only_what_falls_between_the_two_days_is_told_the_days_included(app):
    a_period()

    assert planned(date(2027, 3, 24), date(2027, 4, 1)) == [(date(2027, 3, 24), 7, 1), (date(2027, 4, 1), LAPSE, 1)]
    assert planned(date(2027, 3, 25), date(2027, 3, 31)) == []


def test_a_leap_day_is_counted_back_over(app):
    a_period(ends_on=date(2028, 3, 10))

    assert (date(2028, 2, 9), 30, 1) in planned(date(2028, 1, 1), date(2028, 12, 31))


def test_how_each_is_told(app):
    tier = a_tier(covers="household", places=3)
    payer = a_period(tier=tier)
    a_period(tier=tier, covered_by_id=payer.id)
    a_period(a_person(email=None))
    refused = a_person()
    a_period(refused)
    db.session.add(DeadAddress(address=refused.email, answer="550", at=NOW))
    a_period(a_person(erased_at=NOW, email=None))

    reminder, lapse = summed(between(date(2027, 3, 24), date(2027, 4, 1), (7,)))

    assert reminder.by == {By.MAIL: 1, By.POST: 2, By.NOBODY: 0, By.STOPPED: 0}
    assert lapse.by == {By.MAIL: 1, By.POST: 2, By.NOBODY: 2, By.STOPPED: 0}


def test_who_is_a_member_for_life_is_left_alone(app):
    a_membership(a_person(), ends_on=None, good_until=None)

    assert planned() == []


def test_who_has_renewed_is_left_alone(app):
    renew(a_period(), now=NOW, by=None)

    assert planned(until=date(2027, 6, 30)) == []


def test_who_has_renewed_for_a_year_that_ends_early_is_left_alone_until_then(app):
    following = renew(a_period(), now=NOW, by=None)
    end_period(following, Status.LAPSED, date(2027, 9, 1), now=NOW, by=None)

    assert planned(until=date(2027, 6, 30)) == []


def test_who_took_a_membership_for_life_meanwhile_is_left_alone(app):
    period = a_period()
    begin_period(period.person, a_tier(period="life"), date(2027, 2, 1), now=NOW, by=None)

    assert planned() == []


def test_a_shorter_period_beside_it_changes_nothing(app):
    period = a_period()
    a_period(period.person, ends_on=date(2026, 12, 31))

    assert (date(2027, 3, 1), 30, 1) in planned()


@pytest.mark.parametrize("on", [date(2027, 2, 1), LAST + timedelta(days=1)])
def test_who_resigns_is_left_alone_also_when_it_is_from_the_renewed_period(app, on):
    period = a_period()
    following = renew(period, now=NOW, by=None)
    resign(following, on, now=NOW, by=None)

    assert planned() == []


def test_who_resigned_and_was_restored_is_reminded_of_the_new_end(app):
    period = a_period()
    ended = resign(period, date(2026, 9, 1), now=NOW, by=None)
    restore(ended, date(2026, 10, 1), now=NOW, by=None)

    assert [(step, total) for _, step, total in planned()] == [(30, 1), (7, 1), (LAPSE, 1), (-7, 1)]


def test_who_changed_tier_is_reminded_once(app):
    change_tier(a_period(), a_tier(), date(2026, 12, 1), now=NOW, by=None)

    assert [total for _, _, total in planned()] == [1, 1, 1, 1]


def test_reminders_after_the_end_go_to_the_lapsed_who_do_not_lapse_again(app):
    period = a_period()
    end_period(period, Status.LAPSED, LAST + timedelta(days=1), now=NOW, by=None)

    assert planned(date(2027, 4, 1)) == [(date(2027, 4, 7), -7, 1)]


def test_a_lapsed_member_who_came_back_is_not_reminded_any_more(app):
    period = a_period()
    ended = end_period(period, Status.LAPSED, LAST + timedelta(days=1), now=NOW, by=None)
    restore(ended, LAST + timedelta(days=3), now=NOW, by=None)

    assert (date(2027, 4, 7), -7, 1) not in planned(date(2027, 4, 1), date(2027, 4, 30))


def test_no_reminder_is_older_than_its_period(app):
    a_period(starts_on=date(2027, 3, 10))

    assert [day for day, _, _ in planned()] == [date(2027, 3, 24), date(2027, 4, 1), date(2027, 4, 7)]


@pytest.mark.parametrize(
    ("on", "events"),
    [
        (date(2027, 2, 28), []),
        (date(2027, 3, 1), [30]),
        (date(2027, 3, 23), [30]),
        (date(2027, 3, 24), [7]),
        (date(2027, 3, 31), [7]),
        (date(2027, 4, 1), [7, LAPSE]),
        (date(2027, 4, 7), [LAPSE, -7]),
        (date(2027, 5, 7), [LAPSE, -7]),
        (date(2027, 5, 8), [LAPSE]),
        (date(2030, 1, 1), [LAPSE]),
    ],
)
def test_of_several_reminders_that_are_due_the_latest_is_and_none_that_is_a_month_old(app, on, events):
    a_period()

    assert [step.event for step in summed(due(on, DAYS))] == events


def test_what_is_due_can_be_read_kind_by_kind(app):
    period = a_period()

    assert people_of(overdue(30, date(2027, 3, 5), DAYS)) == {period.person}
    assert people_of(overdue(7, date(2027, 3, 5), DAYS)) == set()
    assert people_of(overdue(LAPSE, date(2027, 4, 1), DAYS)) == {period.person}


def test_people_of_a_day_come_by_name(app):
    for name in ("Zoe", "Anna", "Mia"):
        a_period(a_person(name))
    a_period(a_person("Other"), ends_on=LAST + timedelta(days=1))

    rows = db.session.execute(named(of(30, date(2027, 3, 1)))).all()

    assert [(period.person.name, by) for period, by in rows] == [("Anna", "mail"), ("Mia", "mail"), ("Zoe", "mail")]


def test_the_societys_days_are_read_generously(app):
    assert reminders("30 7 -7") == (30, 7, -7)
    assert reminders("-7, 30;7 7") == (30, 7, -7)
    assert reminders("a week, 1e3, 5000, ²") == ()
    assert reminders("") == ()


def test_a_society_without_reminders_still_lets_memberships_lapse(app):
    a_period()

    assert planned(days=()) == [(date(2027, 4, 1), LAPSE, 1)]


def test_many_periods_cost_one_query(app, counted):
    for _ in range(30):
        a_period()

    with counted() as count:
        found = summed(between(date(2027, 1, 1), date(2027, 12, 31), DAYS))

    assert [step.total for step in found] == [30, 30, 30, 30]
    assert len(count) == 1


def test_a_reminder_that_was_written_is_not_to_come(app):
    period = a_period()
    write_markdown(period.person, "Subject", "Body", forecast.reason(period, 30), now=NOW)
    db.session.flush()

    assert [step for _, step, _ in planned()] == [7, LAPSE, -7]
