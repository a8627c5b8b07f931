"""The post office's part of renewing: reminders, invoices with the first of them, lapsing."""

import threading
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from society.db import db
from society.dues import renewals
from society.dues.actions import credit, take
from society.dues.models import Due, Method
from society.dues.queries import open_of
from society.dues.renewals import lapse, remind
from society.mail.models import Letter
from society.membership.actions import change_tier, cover, renew, resign
from society.membership.models import Membership, Period, Status
from society.membership.queries import standing
from society.settings import Society
from society.settings import renew as renew_settings
from tests.builders import NOW, a_membership, a_person, a_tier, letters_to

LAST = date(2027, 3, 31)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 16, tzinfo=UTC)


def a_period(person=None, ends_on=LAST, grace=0, **values):
    values = {"starts_on": ends_on - timedelta(days=364), "good_until": ends_on + timedelta(days=grace), **values}
    return a_membership(person or a_person(), ends_on=ends_on, **values)


def on(day, *chores):
    """Let the post office do its chores on that day."""
    db.session.commit()
    for chore in chores or (remind, lapse):
        chore(noon(day))


def season(since=date(2027, 2, 25), until=date(2027, 4, 20), step=1):
    for number in range(0, (until - since).days, step):
        on(since + timedelta(days=number))


def reasons(person):
    return list(db.session.scalars(select(Letter.reason).where(Letter.person_id == person.id).order_by(Letter.id)))


def rows(person):
    found = select(Membership).where(Membership.person_id == person.id).order_by(Membership.id)
    return [(row.status, row.starts_on) for row in db.session.scalars(found)]


def test_a_season_reminds_at_each_of_the_days_and_then_lets_the_membership_lapse(app):
    period = a_period(grace=14)

    season()

    lapsed = db.session.scalars(select(Membership).where(Membership.replaces_id == period.id)).one()
    assert (lapsed.status, lapsed.starts_on, lapsed.decided_by_id) == (Status.LAPSED, date(2027, 4, 15), None)
    renewal = f"renewal:{period.id}:"
    assert reasons(period.person) == [f"{renewal}30", f"{renewal}7", f"{renewal}-7", f"lapsed:{lapsed.id}"]
    assert letters_to(period.person) == [
        "Your membership of The Test Society ends on 31 March 2027",
        "Your membership of The Test Society ends on 31 March 2027",
        "Your membership of The Test Society has ended",
        "Your membership of The Test Society has lapsed",
    ]


def test_doing_it_again_does_nothing_more(app, counted):
    period = a_period()
    on(LAST + timedelta(days=1))
    before = (reasons(period.person), rows(period.person))

    with counted() as count:
        on(LAST + timedelta(days=1))

    assert (reasons(period.person), rows(period.person)) == before
    assert not [statement for statement in count.statements if statement.startswith(("INSERT", "UPDATE"))]


@pytest.mark.parametrize("down_for", [8, 30, 70])
def test_a_post_office_that_was_down_sends_the_latest_reminder_only(app, down_for):
    period = a_period(grace=60)

    on(date(2027, 3, 1) + timedelta(days=down_for))

    latest = {8: 30, 30: 7, 70: None}[down_for]
    assert reasons(period.person) == ([f"renewal:{period.id}:{latest}"] if latest else [])


def test_the_days_are_those_of_the_societys_own_calendar(app):
    """At two in the morning by the universal clock it is still the evening before in New York."""
    period = a_period()
    db.session.commit()

    remind(datetime(2027, 3, 1, 4, 59, tzinfo=UTC))
    assert reasons(period.person) == []
    remind(datetime(2027, 3, 1, 5, 0, tzinfo=UTC))
    assert len(reasons(period.person)) == 1


def test_the_society_chooses_its_days(app):
    db.session.get(Society, 1).reminder_days = "10"
    renew_settings()
    period = a_period()

    season()

    assert [reason for reason in reasons(period.person) if reason.startswith("renewal")] == [f"renewal:{period.id}:10"]


def test_who_renews_between_two_reminders_hears_no_more(app):
    period = a_period()
    on(date(2027, 3, 1))
    renew(period, now=noon(date(2027, 3, 5)), by=None)

    season(since=date(2027, 3, 6))

    assert reasons(period.person) == [f"renewal:{period.id}:30"]
    assert [status for status, _ in rows(period.person)] == [Status.ACTIVE, Status.ACTIVE]


def test_who_resigns_hears_no_more_and_does_not_lapse(app):
    period = a_period()
    resign(period, LAST, now=noon(date(2027, 2, 2)), by=None)

    season()

    assert all(reason.startswith("resigned") for reason in reasons(period.person))
    assert Status.LAPSED not in [status for status, _ in rows(period.person)]


def test_the_first_reminder_brings_the_invoice_and_the_others_do_not_raise_it_again(app):
    period = a_period(tier=a_tier(dues=3050, period=Period.MONTHS))

    season()

    due = db.session.scalars(select(Due)).one()
    assert (due.renews, due.amount, due.membership_id) == (True, 3050, period.id)
    assert (due.period_starts_on, due.period_ends_on) == (date(2027, 4, 1), date(2028, 3, 31))
    assert due.issued_on == date(2027, 3, 1)
    bodies = db.session.scalars(select(Letter.body).where(Letter.reason.startswith("renewal"))).all()
    assert len(bodies) == 3
    assert all("EUR 30" in body and "invoice 1" in body for body in bodies)


def test_an_invoice_that_was_taken_back_is_not_raised_by_the_next_reminder(app):
    period = a_period(tier=a_tier(dues=3050))
    on(date(2027, 3, 1))
    credit(db.session.scalars(select(Due)).one(), now=NOW, by=a_person())

    on(date(2027, 3, 24))

    assert db.session.query(Due).count() == 2  # and its counter-entry
    assert "EUR" not in db.session.scalar(select(Letter.body).where(Letter.reason == f"renewal:{period.id}:7"))


def test_a_tier_that_is_no_longer_offered_is_not_invoiced(app):
    period = a_period(tier=a_tier(dues=3050, offered=False))

    on(date(2027, 3, 1))

    assert db.session.query(Due).count() == 0
    assert len(reasons(period.person)) == 1


def test_paying_what_the_reminder_asked_for_renews(app):
    period = a_period(tier=a_tier(dues=3050, period=Period.MONTHS))
    on(date(2027, 3, 1))
    due = db.session.scalars(select(Due)).one()
    take(due, open_of(due), Method.TRANSFER, date(2027, 3, 20), now=noon(date(2027, 3, 20)), by=None)

    season(since=date(2027, 3, 21))

    assert rows(period.person) == [(Status.ACTIVE, period.starts_on), (Status.ACTIVE, date(2027, 4, 1))]
    assert [reason for reason in reasons(period.person) if "renewal" in reason] == [f"renewal:{period.id}:30"]


def test_paying_after_it_has_lapsed_brings_them_back(app):
    period = a_period(tier=a_tier(dues=3050, period=Period.MONTHS))
    on(date(2027, 3, 1))
    on(date(2027, 4, 1))
    due = db.session.scalars(select(Due)).one()
    take(due, open_of(due), Method.TRANSFER, date(2027, 4, 5), now=noon(date(2027, 4, 5)), by=None)

    on(date(2027, 4, 8))

    assert [status for status, _ in rows(period.person)] == [Status.ACTIVE, Status.LAPSED, Status.ACTIVE]
    assert f"renewal:{period.id}:-7" not in reasons(period.person)
    assert standing(period.person, date(2027, 4, 8))


def test_who_has_no_address_gets_the_invoice_and_no_letter(app):
    period = a_period(a_person(email=None), tier=a_tier(dues=3050))

    season()

    assert db.session.query(Due).count() == 1
    assert reasons(period.person) == []
    assert (Status.LAPSED, date(2027, 4, 1)) in rows(period.person)


def test_a_household_is_written_to_once_and_lapses_together(app):
    tier = a_tier(covers="household", places=3)
    payer, child = a_period(tier=tier), a_person()
    cover(payer, child, payer.starts_on, now=NOW, by=None)

    season()

    assert (Status.LAPSED, date(2027, 4, 1)) in rows(payer.person)
    assert (Status.LAPSED, date(2027, 4, 1)) in rows(child)
    assert [reason.split(":")[0] for reason in reasons(child)] == ["covered"]
    assert len(reasons(payer.person)) == 4


def test_somebody_whom_the_renewed_household_leaves_out_lapses_alone(app):
    tier = a_tier(covers="household", places=3)
    payer, child = a_period(tier=tier), a_person()
    renew(payer, now=NOW, by=None)
    cover(payer, child, payer.starts_on, now=NOW, by=None)

    on(date(2027, 4, 1))

    assert (Status.LAPSED, date(2027, 4, 1)) in rows(child)
    assert Status.LAPSED not in [status for status, _ in rows(payer.person)]


def test_who_changed_tier_is_reminded_of_the_new_one(app):
    period = a_period()
    changed = change_tier(period, a_tier("Other"), date(2027, 2, 1), now=NOW, by=None)

    on(date(2027, 3, 1))

    assert reasons(period.person) == [f"renewal:{changed.id}:30"]


def test_a_lapse_of_long_ago_is_entered_without_a_letter(app):
    """As after an import of the register of many years."""
    period = a_period(ends_on=date(2020, 12, 31))

    on(date(2027, 3, 1))

    assert (Status.LAPSED, date(2021, 1, 1)) in rows(period.person)
    assert reasons(period.person) == []


def test_many_are_done_in_batches(app, monkeypatch):
    monkeypatch.setattr(renewals, "BATCH", 4)
    people = [a_period(tier=a_tier()).person for _ in range(11)]

    on(date(2027, 3, 24))
    on(date(2027, 4, 1))

    assert Counter(len(reasons(person)) for person in people) == {2: 11}
    assert db.session.query(Membership).where(Membership.status == Status.LAPSED).count() == 11


def test_two_post_offices_at_once_do_it_once(app):
    people = [a_period(tier=a_tier(dues=100)).person for _ in range(60)]
    db.session.commit()

    def work():
        with app.app_context():
            remind(noon(date(2027, 3, 31)))
            lapse(noon(date(2027, 4, 1)))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counter(len(reasons(person)) for person in people) == {2: 60}
    assert db.session.query(Due).count() == 60
    assert db.session.query(Membership).where(Membership.status == Status.LAPSED).count() == 60
