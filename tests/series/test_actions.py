"""Events that recur: made ahead, changed and called off together, each with a life of its own."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from society.agenda.planning import Plan
from society.agenda.queries import agenda
from society.backings.entering import set_backers
from society.db import db
from society.errors import Refused
from society.events.models import BackingRole, Event
from society.events.render import backing_sentence
from society.notices.actions import alter
from society.rsvps.actions import reply, withdraw
from society.rsvps.agenda import enter
from society.rsvps.models import Answer, RsvpStatus
from society.rsvps.queries import answered, rsvp_of
from society.series import actions, queries
from society.series.patterns import hand_to_further, pattern_for_all
from society.series.queries import Scope
from society.series.replanning import change_rule
from society.series.rules import AHEAD, Every, Rule
from society.series.values import values_of
from tests.builders import NOW, a_backing, a_person, a_venue, an_event, an_organization, letters_to

WEEKLY = Rule(Every.WEEK, count=6)
START = datetime.combine(NOW.date() + timedelta(days=10), datetime.min.time()).replace(hour=20)


@pytest.fixture
def organizer(app):
    return a_person("Ora", "organizer")


@pytest.fixture
def evenings(organizer) -> list[Event]:
    """Six evenings, a week apart."""
    first = an_event("Reading", starts=START, room="Green Room", rsvp_deadline=START - timedelta(days=1))
    a_backing(first, "B Union", "sponsor")
    db.session.refresh(first)
    series = actions.begin(first, WEEKLY, by=organizer, now=NOW)
    return list(db.session.scalars(queries.occurrences(series)))


def test_each_is_an_event_of_its_own_at_the_same_time_of_day(evenings):
    assert [event.starts for event in evenings] == [START + timedelta(weeks=n) for n in range(6)]
    assert len({event.uid for event in evenings}) == len({event.slug for event in evenings}) == 6
    assert {event.rsvp_deadline - event.starts for event in evenings} == {timedelta(days=-1)}
    assert all(event.published_at and event.backings[0].organization.name == "B Union" for event in evenings)


def test_where_clocks_change_each_stays_at_its_hour(organizer):
    """In New York they are put forward on 9 March 2036: eight in the evening is an hour earlier from then on."""
    first = an_event("Reading", starts=datetime(2036, 3, 2, 20), zone="America/New_York")
    series = actions.begin(first, Rule(Every.WEEK, count=3), by=organizer, now=NOW)
    found = list(db.session.scalars(queries.occurrences(series)))

    assert [event.starts for event in found] == [datetime(2036, 3, day, 20) for day in (2, 9, 16)]
    assert [event.starts_at for event in found] == [
        datetime(2036, 3, 3, 1, tzinfo=UTC),
        datetime(2036, 3, 10, 0, tzinfo=UTC),
        datetime(2036, 3, 17, 0, tzinfo=UTC),
    ]


def test_seats_are_each_ones_own(evenings):
    ann = a_person("Ann")
    reply(evenings[1], ann, Answer.YES, at=NOW)
    assert queries.answers_to(evenings) == {event.id: int(event is evenings[1]) for event in evenings}


def test_who_is_offered_a_seat_is_among_those_who_are_told(app):
    event = an_event(capacity=1, zone="UTC")
    ann, ben = a_person(), a_person()
    for person in (ann, ben):
        reply(event, person, Answer.YES, at=event.starts_at - timedelta(days=3))
    withdraw(rsvp_of(event, ann), event.starts_at - timedelta(hours=9))
    assert rsvp_of(event, ben).status is RsvpStatus.OFFERED
    assert queries.answers_to([event]) == {event.id: len(db.session.scalars(answered(event)).all())} == {event.id: 1}


def change(event, scope, organizer, **values):
    """As the form does it: change one, and hand it on."""

    was, others = values_of(event), queries.others(event, scope, NOW)

    def act():
        for name, value in values.items():
            setattr(event, name, value)
        if "starts" in values:
            event.schedule(values["starts"], values["starts"] + timedelta(minutes=90), event.zone, all_day=False)

    alter(event, act, by=organizer, now=NOW)
    return actions.hand_on(event, was, others, partial(alter, by=organizer, now=NOW), by=organizer, now=NOW)


def test_a_change_reaches_those_that_follow_and_no_others(evenings, organizer):
    change(evenings[2], Scope.FOLLOWING, organizer, room="Blue Room", instructions="Ring at Sample")
    assert [event.room for event in evenings] == ["Green Room"] * 2 + ["Blue Room"] * 4
    assert [event.instructions for event in evenings] == [""] * 2 + ["Ring at Sample"] * 4


def test_all_means_all_to_come(evenings, organizer):
    change(evenings[2], Scope.ALL, organizer, title="Reading aloud")
    assert {event.title for event in evenings} == {"Reading aloud"}


def test_what_was_changed_by_hand_is_kept_and_told(evenings, organizer):
    change(evenings[4], Scope.THIS, organizer, room="Attic")
    reached = change(evenings[0], Scope.ALL, organizer, room="Blue Room", capacity=9)
    assert evenings[4].room == "Attic"
    assert evenings[4].capacity == 9
    assert [each.keeps for each in reached] == [[], [], [], ["Room"], []]


def test_no_evening_comes_by_fewer_seats_than_people_who_must_come(evenings, organizer):
    few, many = evenings[3:5]
    fewest = {"minimum": 8, "minimum_by": START - timedelta(days=2), "minimum_cancels": True}
    change(few, Scope.THIS, organizer, capacity=5)
    reached = change(evenings[0], Scope.ALL, organizer, **fewest)
    assert (few.capacity, few.minimum, few.minimum_by, few.minimum_cancels) == (5, None, None, False)
    assert [each.keeps for each in reached if each.keeps] == [
        ["Fewest people, counted on", "Minimum", "What happens with too few"]
    ]
    change(evenings[1], Scope.ALL, organizer, minimum=4)
    change(many, Scope.THIS, organizer, minimum=7)
    reached = change(evenings[1], Scope.ALL, organizer, capacity=6)
    assert [(event.capacity, event.minimum) for event in (evenings[1], many)] == [(6, 4), (None, 7)]
    assert [each.event for each in reached if "Capacity" in each.keeps] == [few, many]


def test_moved_by_an_hour_all_move_and_those_who_answered_are_told(evenings, organizer):
    ann = a_person("Ann")
    reply(evenings[3], ann, Answer.YES, at=NOW)
    change(evenings[0], Scope.ALL, organizer, starts=START + timedelta(hours=1))
    assert [event.starts.hour for event in evenings] == [21] * 6
    assert {event.sequence for event in evenings} == {1}
    assert {event.starts - event.rsvp_deadline for event in evenings} == {timedelta(hours=25)}
    assert any("Reading" in subject for subject in letters_to(ann)[1:])


def test_one_evening_moved_to_another_day_stays_where_it_is(evenings, organizer):
    moved = START + timedelta(weeks=1, days=1)
    change(evenings[1], Scope.THIS, organizer, starts=moved)
    change(evenings[0], Scope.ALL, organizer, starts=START + timedelta(hours=1))
    assert evenings[1].starts == moved


def test_an_evening_put_off_waits_for_its_own_date_whatever_hour_the_others_get(evenings, organizer):
    evenings[2].postpone(NOW)
    reached = change(evenings[0], Scope.FOLLOWING, organizer, starts=START + timedelta(minutes=30))
    assert [event.starts.minute for event in evenings] == [30] * 6
    assert [event.postponed_at for event in evenings] == [None, None, NOW, None, None, None]
    assert {change.field for each in reached for change in each.changes} == {"when"}


def test_an_evening_put_off_whose_old_date_has_passed_is_still_to_come(evenings):
    evenings[0].postpone(NOW)
    late = evenings[0].ends_at + timedelta(days=1)
    assert queries.others(evenings[1], Scope.ALL, late) == [evenings[0], *evenings[2:]]


def test_a_rule_changed_from_an_evening_moved_by_hand_counts_from_its_own_day(evenings, organizer):
    days = [(START + timedelta(weeks=n)).date() for n in range(1, 8)]
    for moved in (evenings[1], evenings[4]):
        change(moved, Scope.THIS, organizer, starts=moved.starts + timedelta(days=1))

    series, plan = change_rule(evenings[1], Rule(Every.WEEK, count=7), by=organizer, now=NOW)

    assert plan.kept == list(zip(evenings[2:], days[1:], strict=False))
    assert (plan.off, plan.days) == ([], days[5:])
    made = db.session.scalars(queries.occurrences(series)).all()[-2:]
    assert [event.starts for event in made] == [START + timedelta(weeks=n) for n in (6, 7)]
    assert {event.starts - event.rsvp_deadline for event in made} == {timedelta(days=1)}


def test_where_all_were_moved_those_that_follow_stay_also_one_moved_back(evenings, organizer):
    change(evenings[1], Scope.FOLLOWING, organizer, starts=evenings[1].starts + timedelta(days=1))
    change(evenings[3], Scope.THIS, organizer, starts=evenings[3].starts - timedelta(days=1))
    rule = Rule(Every.WEEK, count=5)
    series, plan = change_rule(evenings[1], rule, by=organizer, now=NOW)
    assert ([each for each, _ in plan.kept], plan.off, plan.days) == (evenings[2:], [], [])
    assert list(db.session.scalars(queries.occurrences(series))) == evenings[1:]


def test_calling_off_those_that_follow_ends_the_series(evenings, organizer):
    ann = a_person("Ann")
    reply(evenings[5], ann, Answer.YES, at=NOW)
    assert actions.cancel_several(evenings[3], Scope.FOLLOWING, by=organizer, now=NOW) == 3
    assert [event.cancelled_at is not None for event in evenings] == [False] * 3 + [True] * 3
    assert queries.series_of(evenings[0]).ended_at == NOW
    assert "Cancelled" in letters_to(ann)[-1]


def test_a_series_that_goes_on_is_made_ahead_as_time_passes_and_nothing_twice(organizer):
    first = an_event("Reading", starts=START)
    series = actions.begin(first, Rule(Every.WEEK), by=organizer, now=NOW)
    db.session.commit()
    made = len(db.session.scalars(queries.occurrences(series)).all())
    assert made == 53

    later = NOW + timedelta(days=60)
    actions.make_more(later)
    actions.make_more(later)

    days = [event.series_on for event in db.session.scalars(queries.occurrences(series))]
    assert days == series.rule.days(START.date(), up_to=later.date() + AHEAD)
    actions.end(first, by=organizer, now=later)
    db.session.commit()
    actions.make_more(later + timedelta(days=60))
    assert len(db.session.scalars(queries.occurrences(series)).all()) == len(days)


def test_a_series_that_nobody_owns_goes_on_too(organizer):
    """As one that was read in from a file by command; or whose maker and organizer were erased since."""
    first = an_event("Reading", starts=START)
    a_backing(first, "B Union", "sponsor")
    series = actions.begin(first, Rule(Every.WEEK), by=organizer, now=NOW)
    series.created_by_id = None
    for event in db.session.scalars(queries.occurrences(series)):
        event.created_by_id = None
    db.session.commit()
    before = len(db.session.scalars(queries.occurrences(series)).all())
    later = NOW + timedelta(days=60)
    actions.make_more(later)
    newest = db.session.scalars(queries.occurrences(series)).all()[before:]
    assert newest[-1].series_on == series.rule.days(START.date(), up_to=later.date() + AHEAD)[-1]
    assert {event.created_by_id for event in newest} == {None}
    assert {event.published_at is not None for event in newest} == {True}
    assert {backing_sentence(event) for event in newest} == {"Sponsored by the B Union."}


def test_a_series_of_which_nothing_is_left_stops_no_other(organizer):
    gone, goes_on = (actions.begin(an_event(starts=START), Rule(Every.WEEK), by=organizer, now=NOW) for _ in range(2))
    for event in db.session.scalars(queries.occurrences(gone)).all():
        event.series_id = None
    db.session.commit()
    before = len(db.session.scalars(queries.occurrences(goes_on)).all())
    actions.make_more(NOW + timedelta(days=60))
    assert len(db.session.scalars(queries.occurrences(goes_on)).all()) > before


def test_new_ones_are_made_like_the_last_and_not_like_one_called_off(organizer):
    first = an_event("Reading", starts=START)
    series = actions.begin(first, Rule(Every.MONTH_WEEKDAY), by=organizer, now=NOW)
    events = list(db.session.scalars(queries.occurrences(series)))
    change(events[-2], Scope.FOLLOWING, organizer, room="Blue Room")
    actions.cancel_several(events[-1], Scope.THIS, by=organizer, now=NOW)
    db.session.commit()
    actions.make_more(NOW + timedelta(days=70))
    newest = db.session.scalars(queries.occurrences(series)).all()[-1]
    assert newest.room == "Blue Room"
    assert newest.cancelled_at is None


def test_a_time_that_clocks_jump_over_is_left_out(organizer):
    first = an_event(starts=datetime(2036, 3, 2, 2, 30), zone="America/New_York")
    rule = Rule(Every.WEEK, count=4)
    assert [f"{day:%d.%m.}" for day in actions.skipped(values_of(first), actions.planned(first, rule))] == ["09.03."]
    series = actions.begin(first, rule, by=organizer, now=NOW)
    assert len(db.session.scalars(queries.occurrences(series)).all()) == 3


def test_no_series_from_what_is_over_or_in_one_already_or_too_many(evenings, organizer):
    with pytest.raises(Refused, match="already"):
        actions.begin(evenings[1], WEEKLY, by=organizer, now=NOW)
    with pytest.raises(Refused, match="still to come"):
        actions.begin(an_event(starts=START - timedelta(days=60)), WEEKLY, by=organizer, now=NOW)
    daily = Rule(Every.DAY, until=START.date() + timedelta(days=300))
    with pytest.raises(Refused, match="more than 100"):
        actions.begin(an_event(starts=START), daily, by=organizer, now=NOW)


def test_a_daily_series_without_an_end_begins_with_a_hundred(organizer):
    event = an_event(starts=START)
    actions.begin(event, Rule(Every.DAY), by=organizer, now=NOW)
    assert len(db.session.scalars(select(Event)).all()) == 101


def test_one_changed_by_hand_sets_no_pattern(organizer):
    first = an_event("Reading", starts=START)
    series = actions.begin(first, Rule(Every.WEEK), by=organizer, now=NOW)
    last = db.session.scalars(queries.occurrences(series)).all()[-1]
    change(last, Scope.THIS, organizer, title="Summer party")
    db.session.commit()
    actions.make_more(NOW + timedelta(days=30))
    assert db.session.scalars(queries.occurrences(series)).all()[-1].title == "Reading"


def halves(organizer) -> list[Event]:
    """Every six months, without an end: three are made."""
    first = an_event("Reading", starts=START, room="Old Hall", rsvp_deadline=START - timedelta(days=1))
    series = actions.begin(first, Rule(Every.MONTH_DAY, interval=6), by=organizer, now=NOW)
    db.session.commit()
    return list(db.session.scalars(queries.occurrences(series)))


def the_next(events: list[Event]) -> Event:
    actions.make_more(NOW + timedelta(days=300))
    return db.session.scalars(queries.occurrences(queries.series_of(events[0]))).all()[len(events)]


@pytest.mark.parametrize("alone_afterwards", [{}, {"title": "Summer party", "room": "Attic"}])
def test_what_is_set_for_all_that_follow_holds_for_those_made_later(organizer, alone_afterwards):
    events = halves(organizer)
    last, hall = events[-1], a_venue("New Hall")
    values = {"venue": hall, "room": "2", "capacity": 60, "starts": last.starts + timedelta(days=1, hours=-1)}
    revised(last, organizer, Scope.FOLLOWING, **values)
    revised(last, organizer, Scope.THIS, **alone_afterwards)
    db.session.commit()

    made = the_next(events)

    assert (made.title, made.venue, made.room, made.capacity) == ("Reading", hall, "2", 60)
    assert (made.starts - datetime.combine(made.series_on, datetime.min.time())) == timedelta(days=1, hours=19)
    assert made.starts - made.rsvp_deadline == last.starts - last.rsvp_deadline


def test_who_hosts_all_that_follow_hosts_those_made_later(organizer):
    events, hosts = halves(organizer), [an_organization("B Union"), an_organization("C League")]
    last = events[-1]
    was, pattern = values_of(last), pattern_for_all(last, Scope.FOLLOWING)
    set_backers(last, BackingRole.HOST, [each.id for each in hosts], organizer, NOW)
    hand_to_further(last, was, [], pattern)
    db.session.commit()

    made = the_next(events)

    assert [(each.organization, each.role) for each in made.backings] == [(each, BackingRole.HOST) for each in hosts]


def test_an_evening_that_was_moved_by_itself_sets_no_date_for_those_made_later(organizer):
    events = halves(organizer)
    revised(events[-1], organizer, Scope.THIS, starts=events[-1].starts + timedelta(days=2))
    revised(events[-1], organizer, Scope.FOLLOWING, starts=events[-1].starts + timedelta(hours=1), room="Attic")
    db.session.commit()
    made = the_next(events)
    assert (made.starts.date(), made.room) == (made.series_on, "Attic")


def revised(event, organizer, scope, **values):
    """As the form does it, without its page."""
    was, others, pattern = values_of(event), queries.others(event, scope, NOW), pattern_for_all(event, scope)
    change(event, scope, organizer, **values)
    if pattern is not None:
        hand_to_further(event, was, others, pattern)


def test_a_deadline_that_clocks_jump_over_leaves_out_its_day_and_stops_no_other_series(organizer):
    """In New York 2:30 does not exist on 9 March 2036, a day before this reading's Monday."""
    deadline = datetime(2036, 3, 2, 2, 30)
    first = an_event(starts=datetime(2036, 3, 3, 12), rsvp_deadline=deadline, zone="America/New_York")
    series = actions.begin(first, Rule(Every.WEEK, count=3), by=organizer, now=NOW)
    days = [f"{event.series_on:%d.%m.}" for event in db.session.scalars(queries.occurrences(series))]
    assert days == ["03.03.", "17.03."]


def test_a_session_at_a_time_that_clocks_jump_over_that_night_begins_when_they_have_jumped(organizer):
    """In New York 2:30 does not exist on 9 March 2036; the event itself begins before."""
    first = an_event(starts=datetime(2036, 3, 2, 1), ends=datetime(2036, 3, 2, 6), zone="America/New_York")
    enter(first, [Plan("Night watch", datetime(2036, 3, 2, 2, 30), datetime(2036, 3, 2, 3, 30))], by=organizer, now=NOW)
    series = actions.begin(first, Rule(Every.WEEK, count=3), by=organizer, now=NOW)
    made = db.session.scalars(queries.occurrences(series)).all()
    watches = [db.session.scalars(agenda(event)).one() for event in made]
    assert [f"{watch.starts:%d.%m. %H:%M} {watch.ends:%H:%M}" for watch in watches] == [
        "02.03. 02:30 03:30",
        "09.03. 03:30 04:30",
        "16.03. 02:30 03:30",
    ]
    assert {watch.ends_at - watch.starts_at for watch in watches} == {timedelta(hours=1)}


def test_a_change_to_a_time_that_does_not_exist_is_kept_from_that_evening(organizer):
    first = an_event(starts=datetime(2036, 3, 2, 4), zone="America/New_York")
    actions.begin(first, Rule(Every.WEEK, count=3), by=organizer, now=NOW)
    reached = change(first, Scope.ALL, organizer, starts=datetime(2036, 3, 2, 2, 30))
    assert [each.keeps for each in reached] == [["When"], []]


def test_a_deadline_that_does_not_exist_on_one_day_reaches_the_other_evenings(organizer):
    """In Cairo there is no midnight on 25 April 2036."""
    first = an_event(starts=datetime(2036, 4, 18, 20), zone="Africa/Cairo", rsvp_deadline=datetime(2036, 4, 18, 12))
    actions.begin(first, Rule(Every.WEEK, count=3), by=organizer, now=NOW)
    reached = change(first, Scope.ALL, organizer, rsvp_deadline=datetime(2036, 4, 18), capacity=9)
    assert [each.keeps for each in reached] == [["Answers until"], []]
    assert [each.event.rsvp_deadline for each in reached] == [datetime(2036, 4, 25, 12), datetime(2036, 5, 2)]
    assert {each.event.capacity for each in reached} == {9}
    reached = change(
        first, Scope.ALL, organizer, starts=datetime(2036, 4, 18, 8)
    )  # the 25th's: twelve hours earlier too
    assert [each.keeps for each in reached] == [["When"], []]


def test_what_was_missed_while_nothing_ran_is_not_made_in_the_past(organizer):
    first = an_event("Reading", starts=START)
    series = actions.begin(first, Rule(Every.WEEK), by=organizer, now=NOW)
    db.session.commit()
    late = NOW + timedelta(days=500)
    actions.make_more(late)
    newest = db.session.scalars(queries.occurrences(series)).all()[-1]
    assert newest.starts_at > late


def test_drafts_make_drafts(organizer):
    first = an_event(starts=START, published_at=None)
    actions.begin(first, WEEKLY, by=organizer, now=NOW)
    assert all(event.published_at is None for event in db.session.scalars(select(Event)))
