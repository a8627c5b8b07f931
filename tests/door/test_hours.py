"""When the door opens, and who comes again another day."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from society.audit.models import AuditEntry
from society.db import db
from society.door.actions import at_the_door, make_key, scan
from society.door.codes import code
from society.door.hours import came_back, opens_at
from society.door.models import DoorAction
from society.door.queries import head_count, last_seen, listed
from society.door.recount import by_day
from society.door.syncing import Act, take_over
from society.rsvps.actions import reply
from society.rsvps.afterwards import count_again
from society.rsvps.models import Answer
from society.times import now, to_utc, to_wall
from tests.builders import NOW, a_person, an_event
from tests.door.conftest import at


@pytest.mark.parametrize(
    ("starts", "opens"),
    [
        (datetime(2027, 3, 30, 20), datetime(2027, 3, 30)),
        (datetime(2027, 3, 30, 6), datetime(2027, 3, 30)),
        (datetime(2027, 3, 30, 1, 30), datetime(2027, 3, 29, 19, 30)),
    ],
)
def test_it_opens_with_the_day_or_some_hours_before_the_start(app, starts, opens):
    event = an_event(starts=starts, zone="Asia/Tokyo")
    assert to_wall(opens_at(event), "Asia/Tokyo") == opens


@pytest.fixture
def far_ahead(event):
    starts = to_wall(now() + timedelta(days=40), "UTC")
    event.schedule(starts, starts + timedelta(hours=2), "UTC", all_day=False)
    db.session.commit()
    return event


def test_before_that_helpers_look_at_it_and_try_it_and_nobody_is_checked_in(client, far_ahead, ann):
    there = f"/door/{make_key(far_ahead, by=a_person(), now=now())}"
    db.session.commit()
    page = client.get(there).text
    assert "The door is not open yet" in page
    assert "when the day of the event begins, or six hours before the start if that is earlier" in page
    assert "Ann Lee" in page
    assert "Check in Ann Lee" not in page
    assert "Let them in" not in page
    for sent in ({"action": "in", "rsvp": ann.id}, {"name": "Wanda", "party_size": "1", "email": ""}):
        answer = client.post(there, data=sent)
        assert (answer.status_code, "Nobody is checked in yet." in answer.text) == (409, True)
    tried = client.post(there, data={"code": code(ann)}, follow_redirects=True).text
    assert "Ann Lee’s ticket is good" in tried
    assert client.post(there, data={"code": "0000-0000"}).status_code == 422
    assert client.get(f"{there}/guests.json").json["opens"]["at"] == opens_at(far_ahead).timestamp()
    db.session.expire_all()
    assert (ann.checked_in_at, ann.came) == (None, 0)


def test_the_page_of_a_trial_tells_a_helper_no_name_that_is_not_on_the_list(client, far_ahead):
    there = f"/door/{make_key(far_ahead, by=a_person(), now=now())}"
    declined = reply(far_ahead, a_person("Dora Elsewhere"), Answer.NO, at=NOW)
    db.session.commit()
    assert "Dora" not in client.get(f"{there}?guest={declined.id}&trial=1").text


def test_before_that_organizers_are_told_and_check_in_all_the_same(organizer, far_ahead, ann):
    page = organizer.get(at(far_ahead)).text
    assert "Whoever you check in now counts as there." in page
    assert organizer.get(f"{at(far_ahead)}/guests.json").json["opens"] is None

    assert organizer.post(at(far_ahead), data={"action": "in", "rsvp": ann.id}).status_code == 303

    db.session.expire_all()
    assert ann.checked_in_at is not None


def test_tickets_are_had_long_before(client, app):
    rsvp = reply(an_event(), a_person(), Answer.YES, at=NOW)
    db.session.commit()
    from society.rsvps.render import link

    assert client.get(f"{link(rsvp)}/ticket").status_code == 200


def a_congress():
    """Of three days, the first of them yesterday in a zone where it is day."""
    starts = datetime.combine(NOW.date() - timedelta(days=1), datetime.min.time().replace(hour=9))
    event = an_event("Congress", starts=starts, ends=starts + timedelta(days=2, hours=8), zone="UTC", max_party_size=3)
    return event, [starts + timedelta(days=days) for days in range(3)]


def test_who_comes_again_another_day_is_welcome_back_and_a_second_scan_that_day_is_not(app):
    event, days = a_congress()
    rsvp, by = reply(event, a_person("Ann"), Answer.YES, party_size=2, at=NOW - timedelta(days=9)), a_person()
    first, second, third = (to_utc(day, "UTC") for day in days)

    def told(moment):
        came = scan(event, code(rsvp), by=by, now=moment)
        db.session.flush()
        return came.again, came.back

    assert told(first) == (False, False)
    assert told(first + timedelta(minutes=5)) == (True, False)
    assert told(second) == (False, True)
    assert told(second + timedelta(minutes=5)) == (True, False), "a copy is told by that"
    (outcome,) = take_over(event, [Act("a", third, DoorAction.CHECK_IN, rsvp.id, 2, 2)], by=by, now=third)
    assert outcome.fate == "done"
    (outcome,) = take_over(event, [Act("b", third, DoorAction.CHECK_IN, rsvp.id, 2, 2)], by=by, now=third)
    assert outcome.fate == "again"
    assert (rsvp.checked_in_at, rsvp.came) == (first, 2), "the first scan counts"


def test_undoing_takes_back_that_day_alone(app):
    event, days = a_congress()
    rsvp, by = reply(event, a_person("Ann"), Answer.YES, party_size=3, at=NOW - timedelta(days=9)), a_person()
    first, second, third = (to_utc(day, "UTC") for day in days)
    at_the_door(event, DoorAction.CHECK_IN, [rsvp.id], came=2, by=by, now=first)

    def here(moment):
        db.session.flush()
        return rsvp.checked_in_at, rsvp.came, head_count(event, moment).today

    for _mistake in range(2):
        at_the_door(event, DoorAction.CHECK_IN, [rsvp.id], by=by, now=second)
        assert here(second) == (first, 3, 3)
        for _twice in range(2):
            at_the_door(event, DoorAction.UNDO, [rsvp.id], by=by, now=second + timedelta(minutes=1))
            assert here(second) == (first, 2, 0)
        second += timedelta(minutes=5)
    acts = [Act("a", third, DoorAction.CHECK_IN, rsvp.id, 3, 2)]
    acts += [Act("b", third + timedelta(minutes=1), DoorAction.UNDO, rsvp.id, None)]
    acts += [Act("c", third + timedelta(minutes=2), DoorAction.CHECK_IN, rsvp.id, 2, 2)]
    came, undone, again = take_over(event, acts, by=by, now=third + timedelta(hours=1))
    assert (came.fate, undone.since, again.fate) == ("done", first.timestamp(), "done")
    assert here(third) == (first, 2, 2)
    assert len(db.session.scalars(select(AuditEntry).where(AuditEntry.act.in_(DONE))).all()) == 8


def test_each_day_keeps_how_many_of_a_party_came_on_it(organizer, app):
    event, days = a_congress()
    rsvp, by = reply(event, a_person("Ann"), Answer.YES, party_size=3, at=NOW - timedelta(days=9)), a_person()
    first, second, third = (to_utc(day, "UTC") for day in days)

    def here(moment):
        db.session.flush()
        count = head_count(event, moment)
        return count.arrived, count.today, rsvp.came

    def tap(came, moment):
        at_the_door(event, DoorAction.CHECK_IN, [rsvp.id], came=came, by=by, now=moment)
        return here(moment)

    assert tap(2, first) == (2, 2, 2)
    assert tap(3, first + timedelta(minutes=1)) == (3, 3, 3), "others followed"
    assert tap(1, second) == (3, 1, 3)
    (line,) = listed(event, second.date())
    assert (line.came, line.here) == (None, 1)
    assert last_seen(event, [rsvp])[rsvp.id].came == 1
    assert tap(2, second + timedelta(minutes=1)) == (3, 2, 3)
    again = scan(event, code(rsvp), by=by, now=second + timedelta(minutes=2))
    assert (again.again, again.back, *here(second)) == (False, False, 3, 3, 3), "not all of them were in that day"
    assert tap(1, second + timedelta(minutes=3)) == (3, 1, 3)
    acts = [Act("a", third, DoorAction.CHECK_IN, rsvp.id, 2, 0)]
    acts += [Act("b", second + timedelta(minutes=5), DoorAction.CHECK_IN, rsvp.id, 1, 0)]
    came, asked = take_over(event, acts, by=by, now=third)
    assert (came.fate, came.ask, asked.fate) == ("done", None, "again")
    assert "maybe 2 in all" in asked.words, "of those of that day"
    assert here(third) == (3, 2, 3)
    assert by_day(event) == [(first.date(), 3), (second.date(), 1), (third.date(), 2)]
    db.session.commit()
    page = organizer.get(f"{at(event)}/afterwards").text
    assert f"<b>3</b> on {first:%-d %B %Y}, <b>1</b> on {second:%-d %B %Y}, <b>2</b> on {third:%-d %B %Y}." in page
    at_the_door(event, DoorAction.UNDO, [rsvp.id], by=by, now=third + timedelta(minutes=1))
    assert here(third) == (3, 0, 3)


def test_what_was_put_right_or_grew_leaves_each_day_its_number_as_far_as_it_goes(app):
    event, days = a_congress()
    rsvp, by = reply(event, a_person("Ann"), Answer.YES, party_size=2, at=NOW - timedelta(days=9)), a_person()
    first, second, third = (to_utc(day, "UTC") for day in days)
    at_the_door(event, DoorAction.CHECK_IN, [rsvp.id], by=by, now=first)
    at_the_door(event, DoorAction.CHECK_IN, [rsvp.id], came=1, by=by, now=second)
    rsvp.resize(3)
    db.session.flush()
    assert by_day(event) == [(first.date(), 2), (second.date(), 1)]
    at_the_door(event, DoorAction.CHECK_IN, [rsvp.id], came=1, by=by, now=third)
    assert (rsvp.came, rsvp.checked_in_at) == (2, first)
    count_again(event, {rsvp.id: (2, 3)}, by=by, now=third)
    at_the_door(event, DoorAction.CHECK_IN, [rsvp.id], came=2, by=by, now=third + timedelta(minutes=1))
    db.session.flush()
    assert rsvp.came == 3
    assert by_day(event) == [(first.date(), 3), (second.date(), 1), (third.date(), 2)]
    count_again(event, {rsvp.id: (3, 1)}, by=by, now=third)
    db.session.flush()
    assert {came for _, came in by_day(event)} == {1}


def test_what_two_doors_told_of_an_earlier_day_is_put_right_and_not_asked_of_today(app):
    event, days = a_congress()
    rsvp, by = reply(event, a_person("Ann"), Answer.YES, party_size=3, at=NOW - timedelta(days=9)), a_person()
    first, second, _ = (to_utc(day, "UTC") for day in days)
    at_the_door(event, DoorAction.CHECK_IN, [rsvp.id], came=1, by=by, now=first)

    def asked(uid, now):
        (told,) = take_over(event, [Act(uid, first, DoorAction.CHECK_IN, rsvp.id, 1, 0)], by=by, now=now)
        return told.ask and told.ask.came, "on an earlier day, maybe 2 in all. Organizers put that right" in told.words

    assert asked("a", first) == (2, False)
    assert asked("b", second) == (None, True), "what is pressed today is noted of today"


def test_who_is_undone_was_last_there_on_the_day_before_with_as_many_as_then(organizer, app):
    event, days = a_congress()
    rsvp, by = reply(event, a_person("Ann"), Answer.YES, party_size=3, at=NOW - timedelta(days=9)), a_person()
    first, second, third = (to_utc(day, "UTC") for day in days)
    at_the_door(event, DoorAction.CHECK_IN, [rsvp.id], by=by, now=first)
    at_the_door(event, DoorAction.CHECK_IN, [rsvp.id], came=1, by=by, now=second)
    at_the_door(event, DoorAction.CHECK_IN, [rsvp.id], by=by, now=third)
    at_the_door(event, DoorAction.UNDO, [rsvp.id], by=by, now=third)
    db.session.flush()
    seen = last_seen(event, [rsvp])[rsvp.id]
    (line,) = listed(event, third.date())
    assert (seen.at, seen.came, line.seen, line.here, line.came) == (second, 1, second, 1, None)
    assert head_count(event, third).today == 0


def test_more_than_the_door_saw_were_there_on_the_first_day(app):
    event, days = a_congress()
    rsvp, by = reply(event, a_person("Ann"), Answer.YES, party_size=3, at=NOW - timedelta(days=9)), a_person()
    first, second, _ = (to_utc(day, "UTC") for day in days)

    def told(moment):
        db.session.flush()
        (line,) = listed(event, moment.date())
        return head_count(event, moment).today, last_seen(event, [rsvp])[rsvp.id].came, line.here

    at_the_door(event, DoorAction.CHECK_IN, [rsvp.id], came=1, by=by, now=first)
    count_again(event, {rsvp.id: (1, 2)}, by=by, now=first)
    assert (told(first), by_day(event)) == ((2, 2, 2), [(first.date(), 2)])
    at_the_door(event, DoorAction.CHECK_IN, [rsvp.id], came=1, by=by, now=second)
    count_again(event, {rsvp.id: (2, 3)}, by=by, now=second)
    assert (told(second), by_day(event)) == ((1, 1, 1), [(first.date(), 3), (second.date(), 1)])


def test_who_was_put_right_on_the_first_day_counts_among_those_of_that_day(app):
    event, days = a_congress()
    rsvp, by = reply(event, a_person("Ann"), Answer.YES, party_size=3, at=NOW - timedelta(days=9)), a_person()
    first, second, _ = (to_utc(day, "UTC") for day in days)
    count_again(event, {rsvp.id: (0, 2)}, by=by, now=first + timedelta(hours=1))
    db.session.flush()
    counts = [head_count(event, moment) for moment in (first, second)]
    assert [(count.arrived, count.today) for count in counts] == [(2, 2), (2, 0)]


DONE = ("guest checked in", "check-in undone")


def test_an_evening_past_midnight_is_one_day(event):
    seen = event.starts_at
    assert not came_back(event, seen, seen + timedelta(hours=10))


def test_the_page_of_a_congress_tells_the_day(organizer, app):
    event, days = a_congress()
    rsvp = reply(event, a_person("Ann"), Answer.YES, at=NOW - timedelta(days=9))
    rsvp.check_in(to_utc(days[0], "UTC"))
    db.session.commit()
    first = f"{days[0]:%-d %b %Y}, 9:00 am"
    page = organizer.get(at(event)).text
    assert f"Last here on {first}" in page
    assert 'aria-label="Check in Ann"' in page, "by name too, every day"
    assert "<b>0</b> of <span>1</span> have arrived today, <i>1</i> since it began" in page
    back = organizer.post(at(event), data={"code": code(rsvp)}, follow_redirects=True).text
    assert "Ann: welcome back" in back
    assert f"First here on {first}" in back
    again = organizer.post(at(event), data={"code": code(rsvp)}, follow_redirects=True).text
    assert "Ann is in already" in again
    assert f"In since {to_wall(now(), 'UTC'):%-d %b %Y}" in again
    (line,) = organizer.get(f"{at(event)}/guests.json").json["guests"]
    page = organizer.get(at(event)).text
    assert "<b>1</b> of <span>1</span> have arrived today" in page
    assert ('aria-label="Check in Ann"' in page, 'aria-label="Undo for Ann"' in page) == (False, True)
    assert organizer.get(f"{at(event)}/count.json").json["today"] == 1
    assert line["seen"] > line["since"] == to_utc(days[0], "UTC").timestamp()
