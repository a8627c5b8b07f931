"""What recurs in a calendar that is read in again, after its time or its rule has changed there."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from society.db import begin_write, db
from society.events.models import Event
from society.imports.actions import bring_in
from society.imports.models import ImportedEvent
from society.imports.planning import Options, Will
from society.imports.reading import read
from society.notices.actions import cancel
from society.rsvps.actions import reply
from society.rsvps.models import Answer
from society.rsvps.queries import rsvp_of
from society.series.actions import make_more
from society.series.models import EventSeries
from society.series.queries import goes_on_with
from tests.builders import NOW, a_person
from tests.imports.test_bringing_in import HOUR, bring, read_in
from tests.imports.test_reading import HOME, TODAY, a_file

ZONE = "TZID=Europe/Berlin"
FOUR = "RRULE:FREQ=WEEKLY;COUNT=4"
TUESDAYS = [datetime(2027, 1, day, 19) for day in (5, 12, 19, 26)]


def evenings(day=5, hour=19, more=FOUR, title="Weekly"):
    """Tuesdays at seven, if nothing else is said."""
    return f"UID:r\nSUMMARY:{title}\nDTSTART;{ZONE}:202701{day:02}T{hour}0000\nDURATION:PT2H\n{more}"


def an_exception(of, to, hour=19, more=""):
    named = f"UID:r\nSUMMARY:Weekly\nRECURRENCE-ID;{ZONE}:202701{of:02}T{hour}0000"
    return f"{named}\nDTSTART;{ZONE}:202701{to:02}T{hour}0000\nDURATION:PT2H{more}"


def stand():
    """When each evening is here, in order."""
    return db.session.scalars(select(Event.starts).order_by(Event.starts)).all()


def on(*days, hour=19):
    return [datetime(2027, 1, day, hour) for day in days]


MOVED = {
    "to another hour": (evenings(hour=20), on(5, 12, 19, 26, hour=20)),
    "to the next weekday": (evenings(6), on(6, 13, 20, 27)),
    "to the weekday before": (evenings(4), on(4, 11, 18, 25)),
    "far into the week": (evenings(9), on(9, 16, 23, 30)),
    "beyond midnight": (evenings(6, "00"), on(6, 13, 20, 27, hour=0)),
    "to days named one by one": (
        evenings(5, 20, f"RDATE;{ZONE}:20270112T200000,20270119T200000,20270126T200000"),
        on(5, 12, 19, 26, hour=20),
    ),
}


@pytest.mark.parametrize(("changed", "stands"), MOVED.values(), ids=MOVED)
def test_a_recurring_event_that_moves_there_moves_here_and_no_evening_stands_twice(app, changed, stands):
    bring(evenings(), publish=True)
    before = db.session.scalars(select(Event.id).order_by(Event.starts)).all()
    done = bring(changed.replace("Weekly", "Renamed"), publish=True)
    again = bring(changed.replace("Weekly", "Renamed"), publish=True)

    assert (done.in_words, again.in_words) == ("4 changed", "4 as they were")
    assert all("When: “" in fate.told and "Title: “Weekly” here" in fate.told for fate in done.fates)
    assert stand() == stands
    assert db.session.scalars(select(Event.id).order_by(Event.starts)).all() == before


def test_days_named_one_by_one_move_too(app):
    days = "RDATE;{0}:202701{1}T{2}0000,202701{3}T{2}0000"
    bring(evenings(more=days.format(ZONE, 12, 19, 20)), publish=True)
    done = bring(evenings(hour=20, more=days.format(ZONE, 12, 20, 20)), publish=True)

    assert done.in_words == "3 changed"
    assert stand() == on(5, 12, 20, hour=20)


def test_answers_move_with_their_evening_and_what_was_changed_or_called_off_here_stays_so(app):
    bring(evenings(), publish=True)
    _, second, third, fourth = db.session.scalars(select(Event).order_by(Event.starts)).all()
    guest = a_person()
    reply(fourth, guest, Answer.YES, at=NOW)
    second.title = "Our own title"
    cancel(third, by=a_person("O", "organizer"), now=NOW)
    db.session.commit()

    for _ in range(2):
        done = bring(evenings(6, 20), publish=True)
        assert done.counts[Will.KEEP_OURS] == 2
        assert set(done.counts) <= {Will.KEEP_OURS, Will.CHANGE, Will.UNCHANGED}
    assert stand() == [*on(6, hour=20), *TUESDAYS[1:3], *on(27, hour=20)]
    assert (third.cancelled_at, rsvp_of(fourth, guest).answer) == (NOW, Answer.YES)
    assert sorted(db.session.scalars(select(ImportedEvent.recurrence)))[1] == "20270113T190000Z"


def test_what_a_new_rule_leaves_out_is_told_and_what_it_adds_is_new(app):
    by = "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT="
    read_in(evenings(), at=NOW)
    fortnightly = read_in(evenings(more=f"{by}2"), at=NOW + HOUR)
    again = read_in(evenings(more=f"{by}3"), at=NOW + 2 * HOUR)

    assert fortnightly.in_words == "2 as they were and 2 no longer there"
    assert [fate.when for fate in fortnightly.fates if fate.will is Will.GONE] == [
        "12 January 2027, 7:00 pm",
        "26 January 2027, 7:00 pm",
    ]
    assert again.in_words == "1 new and 2 as they were"
    assert stand() == [*TUESDAYS, datetime(2027, 2, 2, 19)]


def test_what_has_gone_once_is_not_taken_for_another_evening_later(app):
    read_in(evenings(), at=NOW)
    out = evenings(more=f"{FOUR}\nEXDATE;{ZONE}:20270112T190000")
    assert read_in(out, at=NOW + HOUR).in_words == "3 as they were and 1 no longer there"

    done = read_in(out + f"\nRDATE;{ZONE}:20270114T190000", at=NOW + 2 * HOUR)

    assert done.in_words == "1 new and 3 as they were"
    assert stand() == on(5, 12, 14, 19, 26)


def test_one_evening_moved_by_an_exception_or_by_leaving_it_out_and_naming_another_is_that_evening(app):
    bring(evenings(), publish=True)
    by_exception = bring(evenings(), an_exception(12, 13), publish=True)
    instead = bring(evenings(more=f"{FOUR}\nEXDATE;{ZONE}:20270119T190000\nRDATE;{ZONE}:20270121T190000"), publish=True)

    assert by_exception.counts == {Will.UNCHANGED: 3, Will.CHANGE: 1}
    assert instead.counts == {Will.UNCHANGED: 2, Will.CHANGE: 2}
    assert stand() == on(5, 12, 21, 26)


def test_an_exception_stays_that_evenings_when_all_of_them_move(app):
    bring(evenings(), an_exception(12, 13), publish=True)
    done = bring(evenings(hour=20), an_exception(12, 14, hour=20), publish=True)

    assert done.in_words == "4 changed"
    assert stand() == on(5, 14, 19, 26, hour=20)


def test_one_called_off_there_is_told_when_all_of_them_move(app):
    bring(evenings(), publish=True)
    done = bring(evenings(hour=20), an_exception(12, 12, hour=20, more="\nSTATUS:CANCELLED"), publish=True)

    assert done.counts == {Will.CHANGE: 3, Will.KEEP_OURS: 1}
    assert stand() == [*on(5, hour=20), *on(12), *on(19, 26, hour=20)]


def test_a_single_event_that_begins_to_recur_is_the_first_of_them_and_back(app):
    bring(evenings(more=""), publish=True)
    recurs = bring(evenings(), publish=True)
    single = bring(evenings(more="", title="Once"), publish=True)

    assert recurs.counts == {Will.UNCHANGED: 1, Will.ADD: 3}
    assert single.counts == {Will.CHANGE: 1, Will.GONE: 3}
    assert stand() == TUESDAYS


def test_the_series_here_goes_on_by_the_rule_as_it_is_now(app):
    bring(evenings(more="RRULE:FREQ=WEEKLY"), publish=True)
    bring(evenings(6, 20, more="RRULE:FREQ=WEEKLY"), publish=True)
    [series] = db.session.scalars(select(EventSeries))
    make_more(datetime.fromisoformat("2029-01-01T12:00:00+00:00"))

    days = stand()
    assert series.spoken == "Every Wednesday"
    assert days[-1].year == 2030
    assert {(day.weekday(), day.hour) for day in days} == {(2, 20)}
    assert len(days) == len({day.date() for day in days})


def test_the_series_here_ends_where_the_rule_does(app):
    bring(evenings(more="RRULE:FREQ=WEEKLY"), publish=True)
    done = bring(evenings(), publish=True)
    make_more(datetime.fromisoformat("2029-01-01T12:00:00+00:00"))

    assert done.counts[Will.GONE] > 90
    assert stand()[-1].year == 2028
    assert [series.spoken for series in db.session.scalars(select(EventSeries))] == [
        "Every Tuesday, until 26 January 2027"
    ]


def test_the_series_here_goes_on_to_where_the_rule_ends_beyond_what_is_read(app):
    bring(evenings(more=f"RRULE:FREQ=WEEKLY;UNTIL=20300131T000000Z\nEXDATE;{ZONE}:20291225T190000"))
    first = stand()
    for year in (2028, 2029, 2030):
        make_more(datetime.fromisoformat(f"{year}-11-01T12:00:00+00:00"))

    assert first[-1] == datetime(2028, 11, 21, 19)
    missing = [day + timedelta(days=7) for day, after in pairwise(stand()) if after - day != timedelta(days=7)]
    assert (stand()[-1], missing) == (datetime(2030, 1, 29, 19), [datetime(2029, 12, 25, 19)])


@pytest.mark.parametrize("until", ["", ";UNTIL=20300131T000000Z"])
def test_a_series_that_was_given_the_last_day_read_for_its_end_goes_on_when_it_is_read_again(app, until):
    """As version 0.1.0 did. An end that somebody has set here stays."""
    text = evenings(more=f"RRULE:FREQ=WEEKLY{until}")
    bring(text)
    [series] = db.session.scalars(select(EventSeries))
    whole, series.created_at = series.rule, datetime.combine(TODAY, time(12), UTC)
    for ends, kept in ((date(2027, 6, 29), date(2027, 6, 29)), (stand()[-1].date(), whole.until)):
        series.rule_json = replace(whole, until=ends).plain()
        db.session.commit()
        assert set(bring(text).counts) == {Will.UNCHANGED}
        assert series.rule.until == kept
    make_more(datetime.fromisoformat("2028-12-01T12:00:00+00:00"))
    assert (stand()[-1].year, len(stand())) == (2029, len(set(stand())))


def test_a_series_of_which_only_the_first_dates_were_read_goes_on_from_there(app, monkeypatch):
    monkeypatch.setattr("society.imports.recurring.MOST_DAYS", 3)
    bring(evenings(more="RRULE:FREQ=WEEKLY"))
    make_more(datetime.fromisoformat("2026-11-23T12:00:00+00:00"))

    assert stand()[:5] == [*TUESDAYS, datetime(2027, 2, 2, 19)]


def again(text, today):
    begin_write()
    done = bring_in(read(a_file(text), zone=HOME, today=today), Options(publish=True), by=None, now=NOW)
    db.session.commit()
    return done


def test_what_the_series_here_has_made_moves_with_the_others(app):
    forever = "RRULE:FREQ=WEEKLY"
    bring(evenings(more=forever), publish=True)
    make_more(datetime.fromisoformat("2028-06-01T12:00:00+00:00"))
    number = len(stand())

    done = again(evenings(hour=20, more=forever), date(2028, 6, 1))

    days = stand()
    assert set(done.counts) <= {Will.CHANGE, Will.ADD}
    assert number < len(days)
    assert Counter(day.date() for day in days).most_common(1)[0][1] == 1
    assert {day.hour for day in days if day.year > 2027} == {20}
    assert len(db.session.scalars(select(EventSeries)).all()) == 1


def test_further_evenings_of_a_rule_join_its_series_rather_than_begin_another(app):
    forever = evenings(more="RRULE:FREQ=WEEKLY")
    bring(forever, publish=True)
    assert again(forever, date(2027, 3, 1)).counts[Will.ADD] > 2
    make_more(datetime.fromisoformat("2029-01-01T12:00:00+00:00"))

    days = stand()
    assert len(db.session.scalars(select(EventSeries)).all()) == 1
    assert len(days) == len(set(days))
    assert {after - before for before, after in pairwise(days)} == {timedelta(days=7)}


def test_an_evening_that_comes_back_at_another_hour_stands_beside_what_was_told_as_gone(app):
    read_in(evenings(more="RRULE:FREQ=WEEKLY"), at=NOW)
    out = f"RRULE:FREQ=WEEKLY\nEXDATE;{ZONE}:20270112T{{}}0000"
    assert read_in(evenings(more=out.format(19)), at=NOW + HOUR).counts[Will.GONE] == 1
    read_in(evenings(hour=20, more=out.format(20)), at=NOW + 2 * HOUR)

    done = read_in(evenings(hour=20, more="RRULE:FREQ=WEEKLY"), at=NOW + 3 * HOUR)

    assert done.counts[Will.ADD] == 1
    assert stand()[:4] == [*on(5, hour=20), *on(12), *on(12, hour=20), *on(19, hour=20)]


def test_a_further_evening_that_an_exception_puts_on_the_day_of_another_stands_beside_it(app):
    bring(evenings(), publish=True)
    fifth = f"UID:r\nSUMMARY:Fifth\nRECURRENCE-ID;{ZONE}:20270202T190000\nDTSTART;{ZONE}:20270112T210000\nDURATION:PT1H"

    done = bring(evenings(more="RRULE:FREQ=WEEKLY;COUNT=5"), fifth, publish=True)

    assert done.counts == {Will.UNCHANGED: 4, Will.ADD: 1}
    assert stand() == [*on(5, 12), *on(12, hour=21), *on(19, 26)]


FIRST_TWO = evenings(more="RRULE:FREQ=WEEKLY;UNTIL=20270113T000000Z")


def the_rest(uid="outlook", day=19, hour=19, title="Weekly"):
    """What a program makes of “this and all following”."""
    rule = "RRULE:FREQ=WEEKLY;COUNT=3"
    return f"UID:{uid}\nSUMMARY:{title}\nDTSTART;{ZONE}:202701{day:02}T{hour}0000\nDURATION:PT2H\n{rule}"


@pytest.mark.parametrize(
    ("following", "changed"),
    [
        (the_rest(), {Will.UNCHANGED: 4, Will.ADD: 1}),
        (the_rest(hour=20), {Will.UNCHANGED: 2, Will.CHANGE: 2, Will.ADD: 1}),
        (the_rest("r_R20270119T180000@google.com", 20, title="Talk"), {Will.UNCHANGED: 2, Will.CHANGE: 2, Will.ADD: 1}),
    ],
)
def test_a_recurring_event_that_is_split_there_is_the_same_here_with_its_answers(app, following, changed):
    named = [text.replace("UID:r\n", "UID:r@google.com\n") for text in (evenings(), FIRST_TWO)]
    bring(named[0], publish=True)
    ann = a_person()
    third = db.session.scalars(select(Event).where(Event.starts == datetime(2027, 1, 19, 19))).one()
    reply(third, ann, Answer.YES, at=NOW)
    db.session.commit()
    before = third.id, third.uid, third.series_id

    done = bring(named[1], following, publish=True)

    assert done.counts == changed
    assert sum("goes on under another name" in fate.told for fate in done.fates) == 2
    kept = db.session.get_one(Event, before[0])
    assert (kept.uid, rsvp_of(kept, ann).answer) == (before[1], Answer.YES)
    assert kept.series_id not in (None, before[2])
    first = db.session.scalars(select(Event).order_by(Event.starts).limit(1)).one()
    assert goes_on_with(first) is kept
    assert Counter(db.session.scalars(select(Event.series_id))) == {before[2]: 2, kept.series_id: 3}
    again = bring(named[1], following, publish=True)
    assert again.counts == {Will.UNCHANGED: 5}
    assert not any(fate.told for fate in again.fates)


OF_A_SET = "RELATED-TO;RELTYPE=X-CALENDARSERVER-RECURRENCE-SET:"


@pytest.mark.parametrize(
    "parts",
    [
        (FIRST_TWO, the_rest("apple", 20, 20, "Talk")),
        (FIRST_TWO.replace("UID:r\n", "UID:past\n"), the_rest("r", 20, 20, "Talk")),
    ],
)
@pytest.mark.parametrize("named", ["the-set", "r"])
def test_what_apple_splits_is_known_by_the_whole_that_both_parts_name(app, parts, named):
    """Its calendar gives the new name to what follows, its server to what has passed."""
    bring(evenings(), publish=True)
    ann, ben = a_person(), a_person()
    second, third = db.session.scalars(select(Event).where(Event.starts.in_(TUESDAYS[1:3])).order_by(Event.starts))
    reply(second, ann, Answer.YES, at=NOW)
    reply(third, ben, Answer.YES, at=NOW)
    db.session.commit()
    split = [f"{part}\n{OF_A_SET}{named}" for part in parts]

    done = bring(*split, publish=True)

    assert done.counts == {Will.UNCHANGED: 2, Will.CHANGE: 2, Will.ADD: 1}
    assert stand() == [*on(5, 12), *on(20, 27, hour=20), datetime(2027, 2, 3, 20)]
    assert (rsvp_of(second, ann).answer, rsvp_of(third, ben).answer) == (Answer.YES, Answer.YES)
    assert third.starts == datetime(2027, 1, 20, 20)
    assert sorted(Counter(db.session.scalars(select(Event.series_id))).values()) == [2, 3]
    assert not any("what it belongs to" in fate.told for fate in done.fates)
    assert bring(*split, publish=True).counts == {Will.UNCHANGED: 5}


@pytest.mark.parametrize("other", [the_rest(day=20), the_rest(title="Another")])
def test_what_may_be_another_is_told_as_new_beside_what_has_gone(app, other):
    bring(evenings())
    counts = bring(FIRST_TWO, other).counts
    assert (counts[Will.GONE], counts[Will.ADD]) == (2, 3)
