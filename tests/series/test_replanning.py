"""Another rule for a series from one of its events on: what stays, what is made, what is called off."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from society.agenda.planning import Plan
from society.agenda.queries import agenda
from society.db import db
from society.errors import Refused
from society.events.models import Event
from society.rsvps.actions import reply
from society.rsvps.agenda import enter
from society.rsvps.models import Answer
from society.series import actions, queries
from society.series.queries import Scope
from society.series.replanning import change_rule, replanned
from society.series.rules import AHEAD, Every, Rule
from tests.builders import NOW, a_backing, a_person, an_event, letters_to
from tests.series.test_actions import START, change, revised

OFTEN = Rule(Every.WEEK, weekdays=tuple(sorted({(START.weekday() + n) % 7 for n in (0, 2, 4)})))
"""Three evenings a week, without an end: more than a hundred a year."""


@pytest.fixture
def organizer(app):
    return a_person("Ora", "organizer")


def begun(organizer, rule: Rule, **values) -> list[Event]:
    first = an_event("Reading", **{"starts": START, "room": "Green Room", **values})
    series = actions.begin(first, rule, by=organizer, now=NOW)
    db.session.commit()
    return list(db.session.scalars(queries.occurrences(series)))


def days_of(event: Event) -> list[date]:
    """The days on which its series takes place."""
    rows = select(Event).where(Event.series_id == event.series_id, Event.cancelled_at.is_(None))
    return [each.starts.date() for each in db.session.scalars(rows.order_by(Event.starts))]


@pytest.fixture
def often(organizer) -> list[Event]:
    """All of a year of a series of more than a hundred events a year."""
    first, *_ = begun(organizer, OFTEN)
    actions.make_more(NOW)
    found = list(db.session.scalars(queries.occurrences(queries.series_of(first))))
    assert len(found) > 150
    return found


@pytest.mark.once
def test_one_day_left_out_of_a_long_series_calls_off_that_day_alone_and_it_can_be_given_an_end(often, organizer):
    """Most of it is made already: only what is missing counts against the most that is made at once."""
    ann, left_out = a_person("Ann"), often[40]
    reply(often[-1], ann, Answer.YES, at=NOW)
    weekdays, without_days = OFTEN.weekdays, (left_out.starts.date(),)
    rule = Rule(Every.WEEK, weekdays=weekdays, without_days=without_days)

    _, plan = change_rule(often[0], rule, by=organizer, now=NOW)
    db.session.commit()

    assert (len(plan.kept), plan.days, plan.off) == (len(often) - 2, [], [left_out])
    assert not any("Cancelled" in subject for subject in letters_to(ann))
    before = days_of(often[0])
    actions.make_more(NOW)
    assert days_of(often[0]) == before

    ended = Rule(Every.WEEK, weekdays=weekdays, without_days=without_days, until=often[-3].starts.date())
    plan = replanned(often[0], ended, NOW)
    assert (plan.days, list(plan.off)) == ([], often[-2:])


@pytest.mark.once
def test_a_series_that_becomes_more_frequent_is_filled_up_as_time_passes_around_what_stays(organizer):
    weekly = begun(organizer, Rule(Every.WEEK))
    _series, plan = change_rule(weekly[0], OFTEN, by=organizer, now=NOW)
    db.session.commit()
    assert (len(plan.kept), len(plan.days), plan.off) == (52, 100, [])
    for _ in range(2):
        actions.make_more(NOW)
    often = OFTEN.days(START.date(), up_to=NOW.date() + AHEAD)
    assert days_of(weekly[0]) == sorted({*often, *(each.starts.date() for each in weekly)})


def test_what_was_called_off_by_hand_stays_so_through_every_rule(organizer):
    evenings = begun(organizer, Rule(Every.WEEK, count=6))
    actions.cancel_several(evenings[1], Scope.THIS, by=organizer, now=NOW)

    _, plan = change_rule(evenings[0], Rule(Every.WEEK, interval=2, count=3), by=organizer, now=NOW)
    assert ([each for each, _ in plan.kept], list(plan.off)) == ([evenings[2], evenings[4]], [evenings[3], evenings[5]])
    assert evenings[1] in db.session.scalars(queries.occurrences(queries.series_of(evenings[0]))).all()

    _, plan = change_rule(evenings[0], Rule(Every.WEEK, count=6), by=organizer, now=NOW)
    assert [each for each, _ in plan.kept] == [evenings[1], evenings[2], evenings[4]]
    assert plan.days == [evenings[3].starts.date(), evenings[5].starts.date()], "what only the rule had called off"


def test_no_rule_is_changed_from_what_is_in_no_series_called_off_or_past(organizer):
    evenings = begun(organizer, Rule(Every.WEEK, count=3))
    actions.cancel_several(evenings[1], Scope.THIS, by=organizer, now=NOW)
    refused = [(an_event(starts=START), NOW), (evenings[1], NOW), (evenings[2], evenings[2].starts_at)]
    for event, now in refused:
        with pytest.raises(Refused, match="still to come"):
            replanned(event, Rule(Every.WEEK, count=9), now)


def test_a_rule_refuses_to_reach_evenings_that_another_one_took_out(organizer):
    evenings = begun(organizer, Rule(Every.WEEK, count=8))
    change_rule(evenings[4], Rule(Every.WEEK, interval=2), by=organizer, now=NOW + timedelta(hours=1))
    with pytest.raises(Refused, match="another rule holds"):
        replanned(evenings[2], Rule(Every.WEEK, count=6), NOW)
    assert replanned(evenings[2], Rule(Every.WEEK, count=2), NOW).days == []


def test_what_was_chosen_for_all_that_follow_outlives_another_rule(organizer):
    evenings = begun(organizer, Rule(Every.WEEK))
    revised(evenings[0], organizer, Scope.FOLLOWING, room="Blue Room")
    for each in evenings[-2:]:
        change(each, Scope.THIS, organizer, room="Exile")

    out = (evenings[3].starts.date(),)
    series, plan = change_rule(evenings[0], Rule(Every.WEEK, without_days=out), by=organizer, now=NOW)
    db.session.commit()
    assert plan.days == []
    actions.make_more(NOW + timedelta(weeks=4))
    assert [each.room for each in queries.latest(series)] == 2 * ["Blue Room"] + 2 * ["Exile"] + 2 * ["Blue Room"]


@pytest.mark.parametrize("called_off", [False, True])
def test_an_evening_moved_by_hand_stands_for_a_day_that_the_rule_adds_unless_it_was_called_off(organizer, called_off):
    evenings = begun(organizer, Rule(Every.WEEK, count=4))
    change(evenings[2], Scope.THIS, organizer, starts=evenings[2].starts + timedelta(days=1))
    if called_off:
        actions.cancel_several(evenings[2], Scope.THIS, by=organizer, now=NOW)

    both = tuple(sorted({START.weekday(), (START.weekday() + 1) % 7}))
    change_rule(evenings[0], Rule(Every.WEEK, weekdays=both, count=8), by=organizer, now=NOW)
    added = [n for n in range(8) if not (called_off and n == 4)]  # its own day stays without one
    assert days_of(evenings[0]) == [START.date() + timedelta(weeks=n // 2, days=n % 2) for n in added]


def moved_across(organizer) -> list[Event]:
    """Six evenings, a week apart, the second moved to two days after the fourth."""
    evenings = begun(organizer, Rule(Every.WEEK, count=6))
    change(evenings[1], Scope.THIS, organizer, starts=evenings[3].starts + timedelta(days=2))
    return evenings


def test_what_follows_does_so_by_where_it_was_moved_to(organizer):
    evenings = moved_across(organizer)
    change(evenings[1], Scope.FOLLOWING, organizer, room="Blue Room")
    assert [each.room for each in evenings] == ["Green Room", "Blue Room", "Green Room", "Green Room"] + 2 * [
        "Blue Room"
    ]
    assert list(queries.others(evenings[3], Scope.FOLLOWING, NOW)) == [evenings[1], *evenings[4:]]
    series = queries.series_of(evenings[0])
    assert list(db.session.scalars(queries.occurrences(series))) == [evenings[n] for n in (0, 2, 3, 1, 4, 5)]

    assert actions.cancel_several(evenings[1], Scope.FOLLOWING, by=organizer, now=NOW) == 3
    assert [each.cancelled_at is None for each in evenings] == [True, False, True, True, False, False]


def test_another_rule_changes_nothing_that_lies_before_its_first_evening(organizer):
    evenings = moved_across(organizer)
    _, plan = change_rule(evenings[1], Rule(Every.WEEK, interval=2, count=4), by=organizer, now=NOW)
    days = [(START + timedelta(weeks=n)).date() for n in (1, 5, 7)]
    assert (plan.first, [each for each, _ in plan.kept], plan.days) == (days[0], [evenings[5]], [days[2]])
    assert plan.off == [evenings[4]], "and none that lies before it now"


@pytest.mark.parametrize("asked", [0, 1])
def test_of_two_evenings_the_one_moved_by_hand_makes_no_rule(organizer, asked):
    evenings = begun(organizer, Rule(Every.WEEK, count=2))
    change(evenings[1], Scope.THIS, organizer, starts=evenings[1].starts + timedelta(days=1))
    _, plan = change_rule(evenings[asked], Rule(Every.WEEK, count=3 - asked), by=organizer, now=NOW)
    assert (plan.first, plan.days) == ((START + timedelta(weeks=asked)).date(), [START.date() + timedelta(weeks=2)])
    made = db.session.scalars(queries.occurrences(queries.series_of(evenings[asked]))).all()[-1]
    assert made.starts == START + timedelta(weeks=2)


def test_a_last_evening_moved_with_all_to_come_counts_from_where_it_is(organizer):
    evenings = begun(organizer, Rule(Every.WEEK, count=3))
    revised(evenings[2], organizer, Scope.FOLLOWING, starts=evenings[2].starts + timedelta(days=1))
    _, plan = change_rule(evenings[2], Rule(Every.WEEK, count=2), by=organizer, now=NOW)
    assert [plan.first, *plan.days] == [START.date() + timedelta(weeks=n, days=1) for n in (2, 3)]
    made = db.session.scalars(queries.occurrences(queries.series_of(evenings[2]))).all()[-1]
    assert made.starts == START + timedelta(weeks=3, days=1)


def test_what_has_no_date_follows_by_the_day_of_the_rule(organizer):
    evenings = begun(organizer, Rule(Every.WEEK, count=4))
    late = evenings[2]
    late.schedule(START - timedelta(days=3), START - timedelta(days=3, hours=-1), late.zone, all_day=False)
    late.postponed_at = NOW
    assert list(queries.others(evenings[1], Scope.FOLLOWING, NOW)) == [late, evenings[3]]
    assert list(queries.others(evenings[3], Scope.FOLLOWING, NOW)) == []
    assert list(queries.others(late, Scope.FOLLOWING, NOW)) == [evenings[3]]


def test_a_rule_that_is_changed_back_makes_anew_what_the_other_one_had_called_off_and_nothing_twice(organizer):
    weekly, *_ = events = begun(organizer, Rule(Every.WEEK, count=6))
    ann = a_person("Ann")
    reply(events[4], ann, Answer.YES, at=NOW)
    change_rule(events[2], Rule(Every.WEEK, interval=2, count=2), by=organizer, now=NOW)
    change_rule(events[2], Rule(Every.WEEK, count=4), by=organizer, now=NOW)
    db.session.commit()

    on = db.session.scalars(select(Event).where(Event.cancelled_at.is_(None)).order_by(Event.starts)).all()
    assert [(each.starts - START).days for each in on] == [7 * n for n in range(6)]
    assert [each for each in on if each in events] == [events[n] for n in (0, 1, 2, 4)]
    assert queries.goes_on_with(weekly) is events[2]
    assert queries.goes_on_with(events[2]) is None
    assert len(letters_to(ann)) == 1, "hers stayed all the while"


@pytest.mark.parametrize("published_at", [NOW, None])
def test_those_of_another_rule_have_the_agenda_and_backers_of_what_it_calls_off_or_deletes(organizer, published_at):
    first = an_event("Reading", starts=START, published_at=published_at)
    enter(first, [Plan("Poems", first.starts, first.ends)], by=organizer, now=NOW)
    a_backing(first, "The Society", "sponsor").vouch(organizer, NOW)
    series = actions.begin(first, Rule(Every.WEEK, count=6), by=organizer, now=NOW)
    _, second, *others = db.session.scalars(queries.occurrences(series)).all()

    _, plan = change_rule(second, Rule(Every.DAY, interval=5, count=4), by=organizer, now=NOW)
    db.session.commit()

    assert [*plan.off] == others
    made = db.session.scalars(select(Event).where(Event.series_id == second.series_id, Event.id > others[-1].id)).all()
    assert [[session.title for session in db.session.scalars(agenda(each))] for each in made] == [["Poems"]] * 3
    assert [[one.organization.name for one in each.backings] for each in made] == [["The Society"]] * 3
