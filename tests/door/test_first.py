"""A ticket that comes twice: who let it in first is told, at either door."""

from datetime import timedelta

from sqlalchemy import select

from society.db import db
from society.door.actions import make_key, rename_key
from society.door.codes import code
from society.door.models import DoorKey
from society.rsvps.actions import reply
from society.rsvps.models import Answer
from society.times import now, to_wall
from tests.builders import NOW, a_person, an_event
from tests.door.conftest import at
from tests.door.test_offline import an_act, told


def doors(event, *names):
    ola = a_person("Ola", "organizer")
    made = [f"/door/{make_key(event, name, by=ola, now=now())}" for name in names]
    db.session.commit()
    return made


def scanned(client, address, rsvp):
    return client.post(address, data={"code": code(rsvp)}, follow_redirects=True).text


def test_a_second_scan_names_the_door_of_the_first(client, event, ann):
    north, side = doors(event, "Anna (north)", "")
    named, unnamed = db.session.scalars(select(DoorKey).order_by(DoorKey.id))
    scanned(client, side, ann)
    assert f"m, by key {unnamed.id}, party of 2" in scanned(client, north, ann)
    client.post(side, data={"action": "undo", "rsvp": ann.id})
    scanned(client, north, ann)
    rename_key(named, "Ben", by=a_person(), now=now())
    db.session.commit()
    assert ", by Anna (north)" in scanned(client, side, ann), "as the key was called then"


def test_helpers_read_of_an_organizer_but_not_which(organizer, client, event, ann):
    (north,) = doors(event, "North")
    scanned(organizer, at(event), ann)
    organizer.post("/logout")
    page = scanned(client, north, ann)
    assert ", by an organizer" in page
    assert "Ora" not in page


def test_what_two_phones_tell_late_names_whose_scan_was_first(client, event, ann):
    ben = reply(event, a_person("Ben"), Answer.YES, at=NOW)
    north, side = doors(event, "North", "Side")
    told(client, side, an_act(ann, minutes_ago=5))
    late, new = told(client, north, an_act(ann, minutes_ago=9), an_act(ben)).json
    assert (late["fate"], late["by"]) == ("again", "North"), "earlier, though told later"
    assert (new["fate"], new["by"]) == ("done", "")
    assert told(client, side, an_act(ann)).json[0]["by"] == "North"


def test_of_several_days_nobody_is_named(client):
    starts = to_wall(now() + timedelta(hours=2), "UTC").replace(tzinfo=None)
    event = an_event(starts=starts, ends=starts + timedelta(days=2), zone="UTC")
    rsvp = reply(event, a_person("Ann"), Answer.YES, at=NOW)
    north, side = doors(event, "North", "Side")
    scanned(client, side, rsvp)
    page = scanned(client, north, rsvp)
    assert "is in already" in page
    assert ", by " not in page
