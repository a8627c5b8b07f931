"""What phones tell late: of a party that came by two doors or became smaller, and by clocks that were set meanwhile."""

from datetime import timedelta

import pytest

from society.db import db
from society.door.actions import make_key
from society.door.hours import opens_at
from society.rsvps.actions import reply
from society.rsvps.models import Answer
from society.times import now, to_wall
from tests.builders import NOW, a_person
from tests.door.conftest import at
from tests.door.test_offline import an_act, minutes_since, presence, told
from tests.door.test_walk_ins import one_who_came
from tests.door.test_walk_ins import told as told_of

HOURS = 3_600_000


@pytest.fixture
def four(event):
    event.max_party_size = 4
    rsvp = reply(event, a_person("Fay Four"), Answer.YES, party_size=4, at=NOW)
    db.session.commit()
    return rsvp


def some(rsvp, came, had=0, minutes_ago=0.0):
    return an_act(rsvp, minutes_ago, came=came) | {"had": had}


@pytest.mark.parametrize(
    ("first", "then", "all_of_them"),
    [((2, 5), (2, 4), 4), ((1, 5), (2, 4), 3), ((2, 4), (1, 5), 3), ((1, 4), (2, 5), 3)],
)
def test_of_a_party_at_two_doors_it_is_asked_whether_they_are_the_same(
    organizer, event, four, first, then, all_of_them
):
    (came, ago), (others, later) = first, then
    assert told(organizer, at(event), some(four, came, minutes_ago=ago)).json[0]["ask"] is None
    (outcome,) = told(organizer, at(event), some(four, others, minutes_ago=later)).json
    assert outcome["ask"] == {"rsvp": four.id, "party": 4, "came": all_of_them}
    assert f"the same people, or {all_of_them} in all?" in outcome["words"]
    assert presence(four)[1] == 2, "as many at least"


def test_of_a_party_that_came_in_parts_by_one_door_nothing_is_asked(organizer, event, four):
    fates = told(organizer, at(event), some(four, 2, 0, 5), some(four, 1, 2, 4), some(four, 3, 1, 3)).json
    assert [(one["fate"], one["ask"], one["words"]) for one in fates[::2]] == [("done", None, "")] * 2
    assert presence(four)[1] == 3


def test_that_a_party_is_smaller_by_now_than_was_let_in_is_told(organizer, event, four):
    reply(event, four.person, Answer.YES, party_size=1, at=NOW)
    db.session.commit()
    (outcome,) = told(organizer, at(event), some(four, 2)).json
    assert outcome["words"] == "Fay Four was let in with a party of 2, and has 1 seat by now: no more count as here."
    assert presence(four)[1] == 1


def reckoned(act, hours_ago, listed_hours_ago):
    """With what the phone reckons by the hour that came with its list."""
    ms = now().timestamp() * 1000
    return act | {"hour": ms - hours_ago * HOURS, "listed": ms - listed_hours_ago * HOURS}


@pytest.mark.parametrize("set_by", [-48, -1, 0, 48])
def test_a_clock_set_before_the_telling_takes_no_arrival_out_of_its_hour(organizer, event, ann, set_by):
    act = reckoned(an_act(ann, minutes_ago=20), 20 / 60, 0.5)
    act["at"] += set_by * HOURS
    told(organizer, at(event), act)
    assert minutes_since(presence(ann)[0]) == 20
    came = one_who_came("Wanda", minutes_ago=10)
    came["at"] += set_by * HOURS
    told_of(organizer, at(event), reckoned(came, 10 / 60, 0.5))
    wanda = next(one for one in organizer.get(f"{at(event)}/guests.json").json["guests"] if one["name"] == "Wanda")
    assert round((now().timestamp() - wanda["since"]) / 60) == 10


def test_how_long_ago_it_was_counts_before_what_the_phone_reckons_where_both_can_be(organizer, event, ann):
    told(organizer, at(event), reckoned(an_act(ann, minutes_ago=10), 20 / 60, 0.5))
    assert minutes_since(presence(ann)[0]) == 10


def test_a_reckoning_that_cannot_be_is_bounded_by_the_list_and_by_now(organizer, event, ann):
    told(organizer, at(event), reckoned(an_act(ann, minutes_ago=5000), 90, 0.5))
    assert minutes_since(presence(ann)[0]) in (30, 31)
    for broken in ({"hour": "x", "listed": 1}, {"hour": float("inf"), "listed": 1}, {"hour": 1, "listed": 1e300}):
        assert told(organizer, at(event), an_act(ann) | broken).status_code == 422


def test_nobody_came_before_the_door_opened(organizer, event, ann):
    event.schedule(*(to_wall(now() + timedelta(hours=h), "UTC") for h in (5, 7)), "UTC", all_day=False)
    db.session.commit()
    opened = opens_at(event)
    told(organizer, at(event), an_act(ann, minutes_ago=6 * 24 * 60))
    assert presence(ann)[0] == opened


def test_before_the_door_opens_nothing_that_a_helper_tells_lets_anybody_in(client, event, ann):
    starts = to_wall(now() + timedelta(hours=40), "UTC")
    event.schedule(starts, starts + timedelta(hours=2), "UTC", all_day=False)
    there = f"/door/{make_key(event, by=a_person(), now=now())}"
    db.session.commit()
    outcome, walked = told_of(client, there, one_who_came(), acts=[an_act(ann)])
    assert [outcome["fate"], walked["fate"]] == ["refused", "refused"]
    assert "Nobody is checked in yet." in outcome["words"]
    assert presence(ann) == (None, 0)


def test_a_phone_is_told_what_was_done_since_it_had_the_list(organizer, event, ann, counted):
    def fetched(since=""):
        return organizer.get(f"{at(event)}/guests.json{since}").json

    whole = fetched()
    ben, cem = (reply(event, a_person(name), Answer.YES, at=NOW) for name in ("Ben", "Cem"))
    told(organizer, at(event), an_act(ann))
    then = fetched(f"?since={whole['acts']}")
    assert [one["id"] for one in then["guests"]] == [ann.id]
    assert (then["guests"][0]["since"] is not None, then["gone"], then["acts"] > whole["acts"]) == (True, [], True)
    assert then["count"]["answers"] == 3
    assert then["count"]["numbers"] == ann.id + ben.id + cem.id, "so the phone sees that there is more"
    assert fetched(f"?since={then['acts']}")["guests"] == []
    assert len(fetched()["guests"]) == 3

    told_of(organizer, at(event), one_who_came("Wally"))
    (wally,) = fetched(f"?since={then['acts']}")["guests"]
    organizer.post(at(event), data={"rsvp": wally["id"], "action": "undo"})
    last = fetched(f"?since={then['acts']}")
    assert (last["guests"], last["gone"]) == ([], [wally["id"]])


def test_a_key_has_the_same(client, event, ann):
    key = f"/door/{make_key(event, by=a_person(), now=now())}"
    db.session.commit()
    since = client.get(f"{key}/guests.json").json["acts"]
    told(client, key, an_act(ann))
    assert [one["name"] for one in client.get(f"{key}/guests.json?since={since}").json["guests"]] == ["Ann Lee"]
