"""Who comes to the door without having answered, also while there is no network; and what a helper learns by that."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from society.agenda.planning import Plan
from society.db import db
from society.door import queries
from society.door.actions import at_the_door, make_key
from society.door.models import DoorAct, DoorAction
from society.door.walk_ins import walk_in
from society.errors import Refused
from society.events.models import RsvpPolicy
from society.people.models import Person
from society.people.queries import person_by_email
from society.records.merging import merge
from society.rsvps.actions import ask_guest, reply, withdraw
from society.rsvps.agenda import choose, enter
from society.rsvps.counts import arrived, seats_taken
from society.rsvps.desk import decide
from society.rsvps.forms import Decision
from society.rsvps.kept_out import kept_out
from society.rsvps.models import Answer, Rsvp, RsvpStatus
from society.rsvps.queries import history, rsvp_of
from society.rsvps.session_seats import held_by
from society.rsvps.waiting import waiting
from society.times import now, to_wall
from tests.builders import NOW, a_person, an_event
from tests.door.conftest import at
from tests.door.test_offline import an_act, minutes_since, presence
from tests.rsvps.deciding import decided


def one_who_came(name="Wanda Walker", email="", party_size="1", minutes_ago=0.0, uid=None):
    """As a phone tells it whose clock stands at 1970."""
    typed = {"name": name, "email": email, "party_size": party_size}
    return {"uid": uid or str(uuid.uuid4()), "at": 1e9 - minutes_ago * 60_000, **typed}


def told(client, address, *came, acts=()):
    """What became of each, in the order of their coming."""
    return client.post(f"{address}/sync", json={"now": 1e9, "acts": list(acts), "walk_ins": list(came)}).json


def a_link(event):
    """The path of a helper's key."""
    token = make_key(event, by=a_person(), now=now())
    db.session.commit()
    return f"/door/{token}"


def test_who_comes_without_having_answered_gets_a_free_seat_and_is_in(organizer, event):
    event.capacity = 2
    db.session.commit()
    answer = organizer.post(at(event), data={"name": "Wanda Walker", "party_size": "2", "email": ""})
    full = organizer.post(at(event), data={"name": "Late Comer", "party_size": "1", "email": ""})
    rsvp = db.session.scalars(select(Rsvp)).one()

    assert "Wanda Walker is in" in organizer.get(answer.location).text
    assert (rsvp.party_size, rsvp.came, rsvp.person.email) == (2, 2, None)
    assert full.status_code == 409
    assert "There is no free seat left" in full.text
    assert 'value="Late Comer"' in full.text
    assert '<details class="disclosure" id="let-in" open>' in full.text
    assert arrived(event) == seats_taken(event) == 2


def test_who_comes_without_having_answered_is_told_that_a_free_seat_is_for_those_who_wait(event):
    event.capacity = 2
    reply(event, a_person("Ann"), Answer.YES, party_size=2, at=NOW)
    ben = reply(event, a_person("Ben"), Answer.YES, at=NOW)
    event.capacity = 3  # and nobody has moved up yet
    db.session.flush()
    with pytest.raises(Refused, match="What is free is for those who wait, until answers close: "):
        walk_in(event, "Wanda", "", 1, by=a_person(), now=NOW)
    with pytest.raises(Refused, match="not 2 free seats left"):
        walk_in(event, "Wanda", "", 2, by=a_person(), now=NOW)
    assert ben.status is RsvpStatus.WAITLISTED


@pytest.mark.parametrize("by_phone", [False, True])
def test_who_was_let_in_by_mistake_gives_the_seat_back_also_when_it_has_begun(organizer, event, by_phone):
    event.capacity = 1
    begun = to_wall(now(), "UTC") - timedelta(hours=1)
    event.schedule(begun, begun + timedelta(hours=3), "UTC", all_day=False)
    db.session.commit()
    told(organizer, at(event), one_who_came("Wally", minutes_ago=9))
    wally = db.session.scalars(select(Rsvp)).one()
    if by_phone:
        acts = [an_act(wally, 1, "undo"), an_act(wally, 0.5), an_act(wally, 0.1, "undo")]
        assert [one["fate"] for one in told(organizer, at(event), acts=acts)] == ["done", "done", "done"]
    else:
        page = organizer.post(at(event), data={"rsvp": wally.id, "action": "undo"}, follow_redirects=True).text
        assert "Wally had no seat before being let in, and is off the list again." in page
    assert organizer.post(at(event), data={"name": "Zoe", "party_size": "1", "email": ""}).status_code == 303
    db.session.expire_all()
    assert [(one.person.name, one.status) for one in db.session.scalars(select(Rsvp).order_by(Rsvp.id))] == [
        ("Wally", "cancelled"),
        ("Zoe", "confirmed"),
    ]


def test_a_guest_whose_undoing_was_undone_without_network_keeps_the_seat(organizer, event):
    told(organizer, at(event), one_who_came("Wally", minutes_ago=9))
    wally = db.session.scalars(select(Rsvp)).one()
    told(organizer, at(event), acts=[an_act(wally, 2, "undo"), an_act(wally, 1)])
    db.session.expire_all()
    assert (wally.status, wally.came) == ("confirmed", 1)


def test_undone_they_are_what_they_were_before(app, event):
    event.capacity = 2
    first, waits, maybe, said_no, removed, later = (a_person() for _ in range(6))
    ask_guest(event, "Gus", "gus@example.org", Answer.NO, 1, "", NOW)
    asked = person_by_email("gus@example.org")
    reply(event, first, Answer.YES, at=NOW)
    reply(event, said_no, Answer.NO, party_size=2, at=NOW)
    reply(event, maybe, Answer.MAYBE, at=NOW)
    decided(reply(event, removed, Answer.YES, at=NOW), Decision.REMOVE, first, NOW)
    reply(event, waits, Answer.YES, party_size=2, at=NOW + timedelta(minutes=1))
    reply(event, later, Answer.YES, party_size=2, at=NOW + timedelta(minutes=2))
    db.session.commit()
    before = {one.person_id: (one.status, one.party_size, one.answer) for one in db.session.scalars(select(Rsvp))}
    ends = event.ends_at
    for person in (waits, maybe, said_no, removed, asked):
        _is_let_in_by_mistake(event, person, first, ends)
    after = {one.person_id: (one.status, one.party_size, one.answer) for one in db.session.scalars(select(Rsvp))}
    assert kept_out(rsvp_of(event, removed))
    assert after == before
    assert waiting(event) == [waits, later]
    promised = rsvp_of(event, first)
    at_the_door(event, DoorAction.CHECK_IN, [promised.id], by=first, now=ends)
    at_the_door(event, DoorAction.UNDO, [promised.id], by=first, now=ends)
    assert promised.status == "confirmed", "who had answered keeps the seat"


def test_undone_each_of_those_approved_together_has_their_place_in_the_queue_again(app, event):
    event.rsvp_policy, event.capacity = RsvpPolicy.APPROVAL, 1
    first, *others = (a_person() for _ in range(4))
    asked = [reply(event, one, Answer.YES, at=NOW - timedelta(minutes=n)) for n, one in enumerate([first, *others])]
    others.reverse()  # first come, first served, whoever's answer is the older row
    decided(asked[0], Decision.APPROVE, first, NOW + timedelta(hours=1))
    decide(event, Decision.APPROVE, [rsvp.id for rsvp in asked], by=first, now=NOW + timedelta(hours=2))
    event.capacity, over = 2, event.ends_at
    assert waiting(event) == others
    for person in reversed(others):
        _is_let_in_by_mistake(event, person, first, over)
        assert waiting(event) == others


def test_undone_twice_they_are_what_they_were_before(app, event):
    event.capacity = 3
    first, waits, later = (a_person() for _ in range(3))
    ask_guest(event, "Gus", "gus@example.org", Answer.NO, 1, "", NOW)
    gus = person_by_email("gus@example.org")
    reply(event, first, Answer.YES, party_size=2, at=NOW)
    for minute, person in enumerate([waits, later]):
        reply(event, person, Answer.YES, party_size=2, at=NOW + timedelta(minutes=minute))
    reply(event, waits, Answer.YES, party_size=3, at=NOW + timedelta(minutes=2))  # which leaves them their place
    over = event.ends_at
    for _mistake in range(3):
        for mistaken in (gus, waits):
            _is_let_in_by_mistake(event, mistaken, first, over)
        assert (waiting(event), rsvp_of(event, waits).party_size) == ([waits, later], 3)
        assert (rsvp_of(event, gus).status, rsvp_of(event, gus).answer) == ("unconfirmed", "no")


def _is_let_in_by_mistake(event, person, by, at):
    rsvp = walk_in(event, "", person.email, 1, by=by, now=at)
    at_the_door(event, DoorAction.UNDO, [rsvp.id], by=by, now=at)


def _waits(event, one, by):
    reply(event, one, Answer.YES, party_size=3, at=NOW + timedelta(minutes=1))


def _comes(event, one, by):
    event.capacity = 4
    reply(event, one, Answer.YES, at=NOW)


def _is_removed(event, one, by):
    decided(reply(event, one, Answer.MAYBE, at=NOW), Decision.REMOVE, by, NOW)


@pytest.mark.parametrize("came_first", [False, True])
@pytest.mark.parametrize(
    ("other", "as_before"),
    [
        (_waits, ("waitlisted", 3)),
        (_comes, ("confirmed", 1)),
        (_is_removed, ("cancelled", 2)),
        (lambda *_: None, ("cancelled", 2)),
    ],
)
def test_undone_they_are_what_another_record_of_theirs_was_that_has_become_theirs(
    app, event, other, as_before, came_first
):
    event.capacity = 3
    by, one = a_person("", "admin"), a_person()
    reply(event, by, Answer.YES, at=NOW)
    came = walk_in(event, "Wanda", "", 2, by=by, now=NOW).person if came_first else None
    other(event, one, by)
    later = reply(event, a_person(), Answer.YES, party_size=3, at=NOW + timedelta(minutes=2))
    came = came or walk_in(event, "Wanda", "", 2, by=by, now=event.ends_at).person
    merge(one, came, {}, (one.revision, came.revision), by=by, now=event.ends_at)
    mine = rsvp_of(event, one)
    assert (mine.status, mine.came) == ("confirmed", 2)
    left = at_the_door(event, DoorAction.UNDO, [mine.id], by=by, now=event.ends_at)
    assert (mine.status, mine.party_size) == as_before
    assert left == ([mine] if mine.status != "confirmed" else [])
    assert kept_out(mine) is (other is _is_removed)
    assert waiting(event) == ([one, later.person] if mine.status == "waitlisted" else [later.person])


def test_undone_they_are_what_they_were_furthest_by_either_record_and_so_many_in_its_sessions(app, event):
    event.capacity, by = 3, a_person("", "admin")
    reply(event, by, Answer.YES, party_size=3, at=NOW)
    waits, maybe = a_person(email="waits@example.org"), a_person()
    reply(event, waits, Answer.YES, party_size=2, at=NOW)
    reply(event, maybe, Answer.MAYBE, at=NOW)
    event.capacity = 5
    came = walk_in(event, "", "waits@example.org", 2, by=by, now=event.starts_at)
    merge(waits, maybe, {}, (waits.revision, maybe.revision), by=by, now=event.starts_at)

    at_the_door(event, DoorAction.UNDO, [came.id], by=by, now=event.starts_at)

    assert waiting(event) == [waits]


def test_undone_a_party_that_was_smaller_by_another_record_has_no_more_seats_in_a_session_than_people(app, event):
    by, one = a_person("", "admin"), a_person()
    plans = [Plan(title, event.starts, event.ends, capacity=5) for title in ("Boats", "Knots")]
    boats, knots = enter(event, plans, by=by, now=NOW)
    answered = reply(event, one, Answer.YES, at=NOW)
    came = walk_in(event, "Wanda", "", 2, by=by, now=NOW)
    choose(came, boats, NOW)
    choose(answered, knots, NOW)
    merge(one, came.person, {}, (one.revision, came.person.revision), by=by, now=NOW)
    mine = rsvp_of(event, one)
    assert sorted(seat.seats for seat in held_by(mine)) == [1, 2]

    at_the_door(event, DoorAction.UNDO, [mine.id], by=by, now=NOW)

    assert (mine.status, mine.party_size) == ("confirmed", 1)
    assert [seat.seats for seat in held_by(mine)] == [1, 1]


def test_who_walks_in_does_not_pass_those_who_wait_until_answers_close(organizer, event):
    event.capacity = 2
    reply(event, a_person(), Answer.YES, at=NOW)
    waiting = reply(event, a_person(), Answer.YES, party_size=2, at=NOW)
    one = reply(event, a_person(), Answer.YES, party_size=1, at=NOW)
    withdraw(one, NOW)
    db.session.commit()

    assert waiting.status == "waitlisted"
    with pytest.raises(Refused):
        walk_in(event, "Wanda", "", 2, by=a_person(), now=NOW)
    assert walk_in(event, "Wanda", "", 1, by=a_person(), now=event.starts_at).came == 1


@pytest.mark.parametrize(("size", "next_one"), [(2, "waitlisted"), (1, "offered"), (3, None)])
def test_who_was_offered_seats_takes_them_at_the_door(app, size, next_one):
    event = an_event(capacity=2, max_party_size=2, zone="UTC")
    ann, ben, cem = a_person(), a_person(), a_person()
    for person, seats in ((ann, 2), (ben, 2), (cem, 1)):
        reply(event, person, Answer.YES, party_size=seats, at=NOW)
    withdraw(rsvp_of(event, ann), event.starts_at - timedelta(hours=10))
    now = event.starts_at - timedelta(hours=9)
    if next_one is None:
        with pytest.raises(Refused, match="There is no free seat left"):
            walk_in(event, "", ben.email, size, by=ann, now=now)
        return
    rsvp = walk_in(event, "", ben.email, size, by=ann, now=now)
    assert (rsvp.person, rsvp.status, rsvp.came, seats_taken(event)) == (ben, "confirmed", size, 2)
    assert rsvp_of(event, cem).status == next_one


def test_what_was_offered_is_taken_at_the_door_though_there_are_fewer_seats_since(app):
    event = an_event(capacity=2, max_party_size=2, zone="UTC")
    ann, ben = a_person(), a_person()
    for person in (ann, ben):
        reply(event, person, Answer.YES, party_size=2, at=NOW)
    withdraw(rsvp_of(event, ann), event.starts_at - timedelta(hours=10))
    event.capacity = 1
    assert walk_in(event, "", ben.email, 2, by=ann, now=event.starts_at - timedelta(hours=9)).came == 2


@pytest.mark.parametrize(("size", "again"), [(4, 2), (1, 1)])
def test_undone_who_was_offered_seats_is_offered_them_again_as_far_as_nobody_has_them(app, size, again):
    event = an_event(capacity=4, max_party_size=4, zone="UTC")
    ann, ben, cem = a_person(), a_person(), a_person()
    for person, seats in ((ann, 4), (ben, 2), (cem, 3)):
        reply(event, person, Answer.YES, party_size=seats, at=NOW)
    withdraw(rsvp_of(event, ann), event.starts_at - timedelta(hours=10))
    rsvp, now = rsvp_of(event, ben), event.starts_at - timedelta(hours=9)
    until = rsvp.offered_until
    walk_in(event, "", ben.email, size, by=ann, now=now)
    assert at_the_door(event, DoorAction.UNDO, [rsvp.id], by=ann, now=now) == [], "nobody is off the list"
    assert (rsvp.status, rsvp.party_size, rsvp.offered_until) == ("offered", again, until)
    assert rsvp_of(event, cem).status == ("waitlisted" if size == 4 else "offered")


def test_who_walks_in_with_a_known_address_is_who_they_are(organizer, event, ann):
    known = a_person("Bea Known", email="bea@example.org")
    db.session.commit()
    organizer.post(at(event), data={"name": "B.", "party_size": "1", "email": "BEA@example.org"})
    twice = organizer.post(at(event), data={"name": "Ann", "party_size": "1", "email": "ann@example.org"})

    assert known.id in set(db.session.scalars(select(Rsvp.person_id)))
    assert twice.status_code == 409


def test_whom_the_organizers_declined_an_organizer_alone_lets_in(client, event, ann):
    ann.status = RsvpStatus.DECLINED
    key = queries.key_behind(make_key(event, by=a_person(), now=NOW), NOW)

    with pytest.raises(Refused, match="A helper cannot let them in"):
        walk_in(event, "Ann Lee", "ann@example.org", 1, by=key, now=NOW)
    walk_in(event, "Ann", "ann@example.org", 1, by=a_person(), now=NOW)

    assert [step.reason for step in db.session.scalars(history(ann))][-1].endswith("though declined before.")


def test_a_key_lets_nobody_into_a_members_evening(client, event):
    event.rsvp_policy = RsvpPolicy.MEMBERS
    token = make_key(event, by=a_person(), now=NOW)
    db.session.commit()

    assert client.post(f"/door/{token}", data={"name": "Wanda", "party_size": "1", "email": ""}).status_code == 409


def test_what_is_missing_of_a_walk_in_is_told_and_the_rest_stays(organizer, event):
    db.session.commit()
    answer = organizer.post(at(event), data={"name": " ", "party_size": "2", "email": "wanda@example.org"})

    assert answer.status_code == 422
    assert "wanda@example.org" in answer.text


def test_who_walked_in_without_network_is_seated_once_and_since_they_came(organizer, event, ann):
    came = one_who_came(party_size="2", minutes_ago=7)
    for _ in range(2):
        (outcome,) = told(organizer, at(event), came)
        assert (outcome["fate"], outcome["words"]) == ("done", "")
    rsvp = db.session.scalars(select(Rsvp).where(Rsvp.id != ann.id)).one()
    since, number = presence(rsvp)
    assert (rsvp.person.name, minutes_since(since), number) == ("Wanda Walker", 7, 2)
    assert db.session.scalar(select(func.count()).where(Person.name == "Wanda Walker")) == 1


def test_what_the_server_took_though_its_answer_was_lost_is_not_taken_twice(organizer, event):
    came = one_who_came()
    typed = {name: came[name] for name in ("uid", "name", "email", "party_size")}
    first = organizer.post(at(event), data=typed).location
    assert organizer.post(at(event), data=typed).location == first
    assert told(organizer, at(event), came)[0]["fate"] == "done"
    assert arrived(event) == 1
    assert organizer.post(at(event), data={**typed, "uid": "<b>"}).status_code == 422


def test_seats_are_given_as_online_and_one_refused_holds_up_no_other(organizer, event, ann):
    event.capacity = 4
    db.session.commit()
    came = [
        one_who_came("Cleo", party_size="", minutes_ago=2),
        one_who_came("Dora", minutes_ago=1),
        one_who_came("Late Comer", minutes_ago=0),
        one_who_came("", "wanda@example.org", minutes_ago=9),
        one_who_came("Bo", "not an address", minutes_ago=8),
    ]
    fates = told(organizer, at(event), *came)
    assert [(one["name"], one["fate"]) for one in fates] == [
        ("", "refused"),
        ("Bo", "refused"),
        ("Cleo", "done"),
        ("Dora", "done"),
        ("Late Comer", "refused"),
    ]
    assert "There is no free seat left" in fates[-1]["words"]
    assert "write to" in fates[1]["words"]
    assert fates[0]["words"]
    assert seats_taken(event) == 4
    assert db.session.scalar(select(func.count()).where(Person.name == "Late Comer")) == 0

    event.capacity = 5
    db.session.commit()
    assert told(organizer, at(event), came[2])[0]["fate"] == "done", "told again, there is room by now"


def test_who_has_a_seat_already_is_checked_in_with_it_and_the_first_scan_counts(organizer, event, ann):
    came = one_who_came("Ann", "ANN@example.org", minutes_ago=9)
    (outcome,) = told(organizer, at(event), came)
    assert outcome["words"] == "Ann Lee had a seat already, and was checked in with it."
    since, number = presence(ann)
    assert (minutes_since(since), number) == (9, 1)
    assert told(organizer, at(event), came)[0]["fate"] == "done"

    (again,) = told(organizer, at(event), one_who_came("Ann", "ann@example.org", minutes_ago=4))
    assert (again["fate"], round((now().timestamp() - again["since"]) / 60)) == ("again", 9)
    (many,) = told(organizer, at(event), one_who_came("Ann", "ann@example.org", party_size="3"))
    assert (many["fate"], "for 2 people" in many["words"]) == ("refused", True)
    assert presence(ann)[1] == 1
    assert db.session.scalar(select(func.count()).select_from(DoorAct)) == 2


def test_the_phone_knows_who_is_let_in_and_how_many_seats_are_free(organizer, client, event, ann):
    event.capacity = 5
    key = a_link(event)
    assert organizer.get(f"{at(event)}/guests.json").json["walk_ins"] == {"barred": "", "free": 3}
    event.rsvp_policy, event.capacity = RsvpPolicy.MEMBERS, None
    db.session.commit()
    assert organizer.get(f"{at(event)}/guests.json").json["walk_ins"] == {"barred": "", "free": None}
    organizer.post("/logout")
    assert "for members" in client.get(f"{key}/guests.json").json["walk_ins"]["barred"]
    assert told(client, key, one_who_came())[0]["fate"] == "refused"


@pytest.mark.parametrize(
    "came", [5, [5], [{}], [one_who_came()] * 51, [{**one_who_came(), "uid": 7}], [{**one_who_came(), "at": "x"}]]
)
def test_what_is_no_list_of_those_who_came_is_refused_in_words(organizer, event, came):
    answer = organizer.post(f"{at(event)}/sync", json={"now": 1, "acts": [], "walk_ins": came})
    assert (answer.status_code, "error" in answer.json) == (422, True)


def typed_by_a_helper(client, key, name, email):
    """What the helper reads of it: the page after it, or the sentence that says no, and the list."""
    page = client.post(key, data={"name": name, "email": email, "party_size": "1"}, follow_redirects=True)
    return page.status_code, page.text + client.get(f"{key}/guests.json").text


def test_a_helper_does_not_learn_whose_an_address_is(client, event, ann):
    a_person("Bea Known", email="bea@example.org")
    key = a_link(event)
    for email in ("bea@example.org", "nobody@example.org"):
        seen = [typed_by_a_helper(client, key, name, email) for name in ("Wanda", "Wanda", "Will")]
        assert [status for status, _ in seen] == [200, 409, 409], "known or not, it is answered alike"
        assert not any("Bea Known" in page for _, page in seen)
    status, page = typed_by_a_helper(client, key, "Somebody", "ann@example.org")
    assert (status, "Somebody with that address has answered already" in page) == (409, True)
    outcomes = told(client, key, one_who_came("Somebody", "ann@example.org"), one_who_came("Bo", "BEA@example.org"))
    assert [one["name"] for one in outcomes] == ["Somebody", "Bo"]
    assert presence(ann) == (None, 0)

    came = {rsvp.person.name: rsvp for rsvp in db.session.scalars(select(Rsvp).where(Rsvp.id != ann.id))}
    assert came.keys() == {"Wanda"}
    remarks = db.session.execute(select(Rsvp.note, Person.email).join(Rsvp.person).where(Person.name == "Wanda"))
    assert set(remarks.all()) == {("Gave the address bea@example.org at the door.", None), ("", "nobody@example.org")}


def test_whom_a_helper_knows_by_name_and_address_is_who_they_are(client, event, ann):
    bea = a_person("Bea Known", email="bea@example.org")
    key = a_link(event)
    assert typed_by_a_helper(client, key, "Bea Known", "bea@example.org")[0] == 200
    assert rsvp_of(event, bea).came == 1
    (outcome,) = told(client, key, one_who_came("Ann Lee", "ann@example.org"))
    assert (outcome["fate"], presence(ann)[1]) == ("done", 1)


def test_a_helper_is_told_no_name_of_whoever_has_no_seat(client, event, ann):
    secret = reply(event, a_person("Sid Secret"), Answer.MAYBE, at=NOW)
    key = a_link(event)
    tap = client.post(key, data={"action": "in", "rsvp": secret.id})
    outcomes = told(client, key, acts=[an_act(secret)])
    assert (tap.status_code, outcomes[0]["fate"], outcomes[0]["name"]) == (409, "refused", "")
    assert "Sid Secret" not in tap.text


def test_each_who_came_costs_as_many_statements_as_the_first(organizer, event, ann, counted):
    def asked(*came):
        with counted() as statements:
            told(organizer, at(event), *came)
        return len(statements)

    first = asked(one_who_came("One"))
    assert asked(*(one_who_came(f"Of three, {number}") for number in range(3))) <= 3 * first
