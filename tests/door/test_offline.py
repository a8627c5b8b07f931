"""The door without network: what a phone keeps, and what becomes of the acts that it tells late."""

import uuid
from datetime import UTC, timedelta
from itertools import permutations
from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from society.audit.models import AuditEntry
from society.db import db
from society.door import codes
from society.door.actions import make_key
from society.door.models import DoorAct, DoorAction
from society.door.replay import replayed
from society.records.actions import erase
from society.records.mentions import Particulars, mentions
from society.records.merging import merge
from society.rsvps.actions import reply, withdraw
from society.rsvps.models import Answer, Rsvp
from society.times import now, to_wall
from tests.builders import NOW, a_person, an_event
from tests.door.conftest import at


def an_act(rsvp, minutes_ago=0.0, action="in", came=None, uid=None):
    """As a phone tells it whose clock stands at 1970."""
    ago = 1e9 - minutes_ago * 60_000
    return {"uid": uid or str(uuid.uuid4()), "at": ago, "action": action, "rsvp": rsvp.id, "came": came}


def told(client, address, *acts):
    return client.post(f"{address}/sync", json={"now": 1e9, "acts": acts})


def presence(rsvp):
    db.session.expire_all()
    stored = db.session.get_one(Rsvp, rsvp.id)
    return stored.checked_in_at, stored.came


def minutes_since(instant):
    return round((now() - instant.replace(tzinfo=UTC)).total_seconds() / 60)


def test_a_phone_keeps_names_parties_and_marks_and_no_addresses(organizer, client, event, ann):
    for address in (at(event), "/door/" + make_key(event, by=a_person("Ola", "organizer"), now=now())):
        db.session.commit()
        answer = client.get(f"{address}/guests.json")
        assert answer.headers["Cache-Control"] == "no-store"
        assert "ann@example.org" not in answer.text
        (line,) = answer.json["guests"]
        mark = codes.mark(codes.code(ann))
        assert line == {
            "id": ann.id,
            "name": "Ann Lee",
            "party": 2,
            "since": None,
            "seen": None,
            "came": None,
            "here": None,
            "mark": mark,
            "also": [],
            "names": [],
            "free": False,
            "words": "ann lee",
        }
        assert answer.json["count"]["seats"] == 2
        assert codes.code(ann) not in answer.text
        organizer.post("/logout")


def test_the_first_scan_counts_though_it_is_told_last(organizer, event, ann):
    organizer.post(at(event), data={"action": "in", "rsvp": ann.id})
    act = an_act(ann, minutes_ago=7)
    (outcome,) = told(organizer, at(event), act).json
    assert (outcome["fate"], outcome["name"]) == ("again", "Ann Lee")
    since, came = presence(ann)
    assert (minutes_since(since), came) == (7, 2)

    assert [one["fate"] for one in told(organizer, at(event), act).json] == ["done"], "told twice, it counts once"
    assert db.session.scalar(select(func.count()).select_from(DoorAct)) == 2


def test_an_undoing_here_outdoes_an_earlier_scan_that_is_told_later(organizer, event, ann):
    organizer.post(at(event), data={"action": "in", "rsvp": ann.id})
    organizer.post(at(event), data={"action": "undo", "rsvp": ann.id})
    assert told(organizer, at(event), an_act(ann, minutes_ago=3)).json[0]["fate"] == "done"
    assert presence(ann) == (None, 0)
    acts = db.session.scalars(select(AuditEntry.act).where(AuditEntry.act.contains("check")).order_by(AuditEntry.id))
    assert acts.all() == ["guest checked in", "check-in undone"]


def test_a_party_may_come_in_parts_without_network(organizer, event, ann):
    fates = told(organizer, at(event), an_act(ann, 5, came=1), an_act(ann, 2)).json
    assert [one["fate"] for one in fates] == ["done", "done"]
    since, came = presence(ann)
    assert (minutes_since(since), came) == (5, 2)


def test_whoever_gave_the_seat_back_meanwhile_is_refused_and_named(organizer, event, ann):
    told(organizer, at(event), an_act(ann, 9))
    withdraw(ann, now())
    db.session.commit()
    (outcome,) = told(organizer, at(event), an_act(ann, 5)).json
    assert (outcome["fate"], outcome["name"]) == ("refused", "Ann Lee")
    again = reply(event, ann.person, Answer.YES, party_size=2, at=now())
    db.session.commit()
    assert told(organizer, at(event), an_act(again, 1)).json[0]["fate"] == "done"
    assert minutes_since(presence(again)[0]) == 1, "what was done before the seat was given back is over"


def test_acts_for_two_answers_that_have_become_one_are_for_that_one(organizer, event, ann):
    twin = reply(event, a_person("Anne Lee"), Answer.YES, at=NOW)
    by = a_person("Sec", "secretary")
    merge(ann.person, twin.person, {}, (ann.person.revision, twin.person.revision), by=by, now=NOW)
    db.session.commit()
    noted = SimpleNamespace(id=twin.id)
    fates = told(organizer, at(event), an_act(ann, 5, came=2), an_act(noted, 3, came=1)).json
    assert [(one["fate"], one["name"]) for one in fates] == [("done", "Ann Lee"), ("again", "Ann Lee")]
    since, came = presence(ann)
    assert (minutes_since(since), came) == (5, 2)
    told(organizer, at(event), an_act(noted, 1, "undo"))
    assert presence(ann) == (None, 0)


def test_of_a_party_that_has_grown_since_only_those_are_in_whom_the_phone_saw(organizer, event, ann):
    reply(event, ann.person, Answer.YES, party_size=3, at=NOW)
    db.session.commit()
    told(organizer, at(event), an_act(ann, 1, came=2))
    assert presence(ann)[1] == 2


def test_an_act_for_somebody_who_was_erased_meanwhile_is_taken_without_their_name(organizer, event, ann):
    begun = to_wall(now(), "UTC") - timedelta(hours=1)
    event.schedule(begun, begun + timedelta(hours=3), "UTC", all_day=False)
    particulars = Particulars.of(ann.person)
    erase(ann.person, mentions(particulars), particulars, by=a_person("Sec", "secretary"), now=now())
    db.session.commit()
    answer = told(organizer, at(event), an_act(ann, 1), an_act(ann, 0.5))
    assert [one["fate"] for one in answer.json] == ["done", "again"]
    assert "Ann Lee" not in answer.text
    assert presence(ann)[1] == 2


def test_a_key_tells_of_its_own_event_alone(client, organizer, event, ann):
    elsewhere = reply(an_event("Lakes"), a_person("Ben"), Answer.YES, at=NOW)
    key = make_key(event, by=a_person("Ola", "organizer"), now=now())
    db.session.commit()
    organizer.post("/logout")
    acts = an_act(elsewhere), an_act(elsewhere, action="undo"), an_act(ann)
    assert [one["fate"] for one in told(client, f"/door/{key}", *acts).json] == ["refused", "refused", "done"]
    assert presence(elsewhere) == (None, 0)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "guest checked in")).one()
    assert entry.actor_id is None
    assert "key" in entry.after


NONSENSE: list[object] = [
    None,
    [],
    {},
    {"now": 1},
    {"now": "x", "acts": []},
    {"now": 1, "acts": [{}]},
    {"now": 1, "acts": 5},
    {"now": 1, "acts": [{"uid": "0" * 36, "at": 1, "action": "in", "rsvp": 1, "came": None}] * 501},
    {"now": float("inf"), "acts": [{"uid": "0" * 36, "at": 1, "action": "in", "rsvp": 1, "came": None}]},
    {"now": 1, "acts": [{"uid": "0" * 36, "at": 1, "action": "in", "rsvp": 2**40, "came": None}]},
    {"now": 1, "acts": [{"uid": "0" * 36, "at": 1, "action": "in", "rsvp": 1, "came": 0.5}]},
    {"now": 1, "acts": [{"uid": "<b>", "at": 1, "action": "in", "rsvp": 1, "came": None}]},
    {"now": 1, "acts": [{"uid": "0" * 36, "at": 1, "action": "explode", "rsvp": 1, "came": None}]},
]


def test_what_is_no_list_of_acts_is_refused_in_words(organizer, event):
    for message in NONSENSE:
        answer = organizer.post(f"{at(event)}/sync", json=message)
        assert (answer.status_code, "error" in answer.json) == (422, True), message


def test_the_list_and_the_telling_ask_as_often_for_three_as_for_one(organizer, event, ann, counted):
    def asked(*rsvps):
        with counted() as statements:
            organizer.get(f"{at(event)}/guests.json")
            told(organizer, at(event), *(an_act(rsvp, came=1) for rsvp in rsvps))
        return len(statements)

    once = asked(ann)
    others = [reply(event, a_person(), Answer.YES, at=NOW) for _ in range(2)]
    db.session.commit()
    assert asked(*others) <= once + 3, "what the second guest adds is an UPDATE and two INSERTs"


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(DoorAction), st.sampled_from([None, 1])), max_size=4))
@settings(max_examples=30)
def test_acts_come_to_the_same_in_whatever_order_they_are_told(acts):
    rows = [SimpleNamespace(at=NOW + timedelta(minutes=minute), act=act, came=came) for minute, act, came in acts]
    for day in (lambda _at: None, lambda at: NOW.date() + timedelta(days=int(at > NOW + timedelta(minutes=1)))):
        came_to = [replayed(order, day) for order in permutations(rows)]
        assert len({(one, one.seen) for one in came_to}) == 1


def test_the_worker_may_answer_for_any_door_and_signing_out_clears_the_device(client):
    worker = client.get("/door-worker.js")
    assert worker.headers["Service-Worker-Allowed"] == "/"
    assert 'importScripts("/static/door-store.' in worker.text
    assert client.post("/logout").headers["Clear-Site-Data"] == '"storage"'
