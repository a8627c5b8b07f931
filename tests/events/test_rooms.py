"""Rooms of venues, and what is booked there."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from society.audit.models import AuditEntry
from society.db import db
from society.events.bookings import booked, too_small
from society.events.models import Venue
from society.events.months import Month
from society.events.room_models import Room
from tests.builders import NEXT_MONTH, NOW, a_person, a_venue, an_event

ROOMS = "Great Hall | 180 | step-free by the west door\nLamp Room"


@pytest.fixture
def organizer(client):
    return client.sign_in(a_person("", "organizer"))


def give(organizer, venue, rooms):
    values = {"name": venue.name, "address": venue.address, "zone": venue.zone, "rooms": rooms, "capacity": "300"}
    answer = organizer.post(f"/organize/venues/{venue.id}", data=values)
    db.session.expire_all()
    return answer


def test_rooms_are_typed_one_a_line_and_shown_to_everyone(organizer):
    venue = a_venue("The Corn Exchange")
    db.session.commit()
    give(organizer, venue, ROOMS)
    page = organizer.get(f"/venues/{venue.slug}").text

    rooms = db.session.scalars(select(Room).order_by(Room.position)).all()
    assert [(room.name, room.capacity) for room in rooms] == [("Great Hall", 180), ("Lamp Room", None)]
    assert "180 seats; step-free by the west door" in page
    assert "Great Hall | 180 | step-free by the west door" in organizer.get(f"/organize/venues/{venue.id}").text


def test_a_room_that_keeps_its_name_is_the_same_and_others_come_and_go(organizer):
    venue = a_venue("The Corn Exchange")
    db.session.commit()
    give(organizer, venue, ROOMS)
    hall = db.session.scalars(select(Room.id).where(Room.name == "Great Hall")).one()
    give(organizer, venue, "Cellar | 20\nGreat Hall | 200")

    assert db.session.execute(select(Room.name, Room.id).where(Room.id == hall)).one() == ("Great Hall", hall)
    assert set(db.session.scalars(select(Room.name))) == {"Cellar", "Great Hall"}
    last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (last.act, last.after) == ("rooms changed", {"rooms": "Cellar | 20; Great Hall | 200"})


@pytest.mark.parametrize(
    "rooms", ["Hall | many", "Hall | 0", "Hall | -1", " | 20", "Hall\nhall", "Hall | 9999999999", "x" * 101]
)
def test_a_room_that_cannot_be_is_told_and_nothing_typed_is_lost(organizer, rooms):
    venue = a_venue("The Corn Exchange")
    db.session.commit()
    answer = give(organizer, venue, rooms)

    assert answer.status_code == 422
    assert rooms.split("\n")[0].strip() in answer.text
    assert db.session.scalars(select(Room)).all() == []


def test_more_seats_than_a_room_has_are_told_and_not_forbidden(organizer):
    venue = a_venue("The Corn Exchange")
    db.session.commit()
    give(organizer, venue, ROOMS)
    in_hall = an_event(venue=venue, room="great hall", capacity=200)
    in_lamp_room = an_event(venue=venue, room="Lamp Room", capacity=200)
    larger = an_event(venue=venue, room="Lamp Room", capacity=301)
    db.session.commit()

    assert too_small(in_hall) == "200 seats are given out, and there are 180 in Great Hall."
    assert too_small(in_lamp_room) == ""
    assert too_small(larger) == "301 seats are given out, and there are 300 in The Corn Exchange."
    page = organizer.get(f"/organize/events/{in_hall.id}").text
    assert too_small(in_hall) in page
    assert '<option value="Great Hall">The Corn Exchange, 180 seats</option>' in page


def test_a_months_bookings_mark_what_is_in_one_room_at_one_time(organizer, counted):
    venue = a_venue("The Corn Exchange")
    one = an_event("One", venue=venue, room="Great Hall", starts=NEXT_MONTH)
    an_event("Same room", venue=venue, room="great hall", starts=NEXT_MONTH, published_at=None)
    an_event("Another room", venue=venue, room="Lamp Room", starts=NEXT_MONTH)
    an_event("Afterwards", venue=venue, room="Great Hall", starts=one.ends)
    an_event("Called off", venue=venue, starts=NEXT_MONTH, cancelled_at=NOW)
    an_event("Elsewhere", venue=a_venue("Hall"), starts=NEXT_MONTH)
    db.session.commit()
    month = Month(NEXT_MONTH.date().replace(day=1))

    with counted() as count:
        days = booked(venue, month)
    clashes = {b.event.title: [other.title for other in b.clashes] for day in days for b in day.bookings}

    assert clashes == {"One": ["Same room"], "Same room": ["One"], "Another room": [], "Afterwards": []}
    assert len(count) == 1
    page = organizer.get(f"/organize/venues/{venue.id}/calendar?month={month.name}").text
    assert "Booked twice" in page
    assert "Draft" in page


def test_an_event_without_a_room_has_the_whole_place_on_all_its_days(app):
    venue = a_venue("The Corn Exchange")
    starts = NEXT_MONTH.replace(day=5, hour=0)
    an_event("Fair", venue=venue, starts=starts, ends=starts + timedelta(days=3), all_day=True)
    an_event("Talk", venue=venue, room="Lamp Room", starts=starts + timedelta(days=1, hours=19))
    db.session.commit()
    days = booked(db.session.get(Venue, venue.id), Month(starts.date().replace(day=1)))

    assert [(day.day.day, [b.event.title for b in day.bookings]) for day in days] == [
        (5, ["Fair"]),
        (6, ["Fair", "Talk"]),
        (7, ["Fair"]),
    ]
    assert [b.clashes[0].title for b in days[1].bookings] == ["Talk", "Fair"]
