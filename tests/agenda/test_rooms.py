"""Rooms of venues, and what is booked there."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from society.agenda.across import clashes_told
from society.agenda.bookings import booked, chances, in_unknown_rooms
from society.agenda.models import Session
from society.agenda.planning import Plan
from society.audit.models import AuditEntry
from society.db import db
from society.events.models import Event, Venue
from society.events.months import Month
from society.events.queries import hold
from society.events.room_models import Room
from society.events.rooms import set_rooms, too_small
from society.mail.models import Letter
from society.notices.rooms import call_room, concerned
from society.rsvps.actions import reply
from society.rsvps.agenda import choose, enter
from society.rsvps.models import Answer
from tests.agenda.test_pages import form_of
from tests.builders import NEXT_MONTH, NOW, a_person, a_venue, an_event, letters_to

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
    "rooms",
    [
        "Hall | many",
        "Hall | 0",
        "Hall | -1",
        " | 20",
        "Hall\nhall",
        "Saint Mary Room\nSt. Mary Room",
        "Hall | 9999999999",
        "x" * 101,
    ],
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


def test_a_session_that_gives_out_more_seats_than_its_room_has_is_told(congress, organizer):
    congress.venue.capacity = 90
    for room in db.session.scalars(select(Room).where(Room.name == "Lamp Room")):
        room.capacity = 40
    opening, workshop = db.session.scalars(select(Session).where(Session.title.in_(["Opening", "Workshop"])))
    opening.capacity, workshop.capacity = 91, 41
    db.session.commit()
    agenda = f"/organize/events/{congress.id}/agenda"
    whole = organizer.get(agenda).text
    typed = form_of(workshop, capacity="40")

    assert "41 seats are given out, and there are 40 in Lamp Room." in whole
    assert "91 seats are given out, and there are 90 in The Corn Exchange." in whole
    assert "41 seats" in organizer.get(f"{agenda}/{workshop.id}").text
    assert "seats are given out" not in organizer.post(f"{agenda}/{workshop.id}", data=typed).text


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


@pytest.fixture
def congress(app):
    """All day, in two rooms of the Exchange."""
    venue = a_venue("The Corn Exchange")
    morning = NEXT_MONTH.replace(day=5, hour=9)
    event = an_event("Congress", venue=venue, room="", starts=morning, ends=morning + timedelta(hours=9))
    plans = [
        Plan("Opening", morning, morning + timedelta(hours=2), room="Great Hall"),
        Plan("Lunch", morning + timedelta(hours=3), morning + timedelta(hours=4)),
        Plan("Closing", morning + timedelta(hours=7), morning + timedelta(hours=9), room="Great Hall"),
        Plan("Workshop", morning + timedelta(hours=1), morning + timedelta(hours=2), room="Lamp Room"),
    ]
    enter(event, plans, by=a_person(), now=NOW)
    for position, name in enumerate(("Great Hall", "Lamp Room", "Cellar")):
        db.session.add(Room(venue_id=venue.id, position=position, name=name))
    db.session.commit()
    return event


def in_the_way(event):
    return [clash.title for clash in clashes_told(event, a_person("", "organizer"))]


def titles(events):
    return [event.title for event in events]


def test_an_event_whose_sessions_name_rooms_stays_in_these_and_only_then(congress, counted):
    venue, morning = congress.venue, congress.starts
    early = an_event("Early", venue=venue, room="great hall", starts=morning + timedelta(hours=1))
    noon = an_event("Noon", venue=venue, room="Great Hall", starts=morning + timedelta(hours=3))
    cellar = an_event("Cellar", venue=venue, room="Cellar", starts=morning)
    db.session.commit()

    with counted() as count:
        (day,) = booked(venue, Month(morning.date().replace(day=1)))
    assert len(count) == 2
    assert {b.event.title: titles(b.clashes) for b in day.bookings} == {
        "Congress": ["Early"],
        "Cellar": [],
        "Early": ["Congress"],
        "Noon": [],
    }
    assert day.bookings[0].rooms_on(morning.date()) == [
        "Great Hall, 9:00 am to 6:00 pm",
        "Lamp Room, 10:00 am to 11:00 am",
    ]
    assert [in_the_way(event) for event in (congress, early, noon, cellar)] == [["Early"], ["Congress"], [], []]


def test_a_session_outside_the_hours_of_its_event_has_its_room_all_the_same(congress):
    venue, eve, hour = congress.venue, congress.starts - timedelta(hours=14), timedelta(hours=1)
    next_month = (congress.starts + timedelta(days=31)).replace(day=1)
    plans = [
        Plan("Reception", eve, eve + 2 * hour, room="Cellar"),
        Plan("Excursion", next_month, next_month + hour, room="Lamp Room"),
    ]
    enter(congress, plans, by=a_person(), now=NOW)
    tasting = an_event("Tasting", venue=venue, room="Cellar", starts=eve + hour)
    an_event("Circle", venue=venue, room="Lamp Room", starts=next_month)
    db.session.commit()
    days = booked(venue, Month(eve.date().replace(day=1)))
    (later,) = booked(venue, Month(next_month.date()))

    assert [(day.day, [b.event.title for b in day.bookings]) for day in days] == [
        (eve.date(), ["Tasting", "Congress"]),
        (congress.starts.date(), ["Congress"]),
    ]
    assert titles(days[0].bookings[0].clashes) == ["Congress"]
    assert {b.event.title: titles(b.clashes) for b in later.bookings}["Circle"] == ["Congress"]
    assert [in_the_way(event) for event in (tasting, congress)] == [["Congress"], ["Tasting", "Circle"]]
    free = {one.room.name if one.room else "": titles(one.taken_by) for one in chances(venue, eve, eve + hour)}
    assert free == {"": ["Congress"], "Great Hall": [], "Lamp Room": [], "Cellar": ["Congress"]}


def test_what_is_free_is_told_room_by_room_and_can_be_booked_from_there(congress, organizer):
    venue, noon = congress.venue, congress.starts + timedelta(hours=3)
    an_event("Tasting", venue=venue, room="Cellar", starts=noon, ends=noon + timedelta(hours=1))
    an_event("Off", venue=venue, room="Lamp Room", starts=noon, cancelled_at=NOW)
    db.session.commit()

    told = {one.room.name if one.room else "": titles(one.taken_by) for one in chances(venue, noon, congress.ends)}
    assert told == {"": ["Congress", "Tasting"], "Great Hall": ["Congress"], "Lamp Room": [], "Cellar": ["Tasting"]}
    assert chances(venue, noon + timedelta(days=1), noon + timedelta(days=1, hours=1))[0].taken_by == []

    address = f"/organize/venues/{venue.id}/calendar"
    page = organizer.get(f"{address}?starts={noon:%Y-%m-%dT%H:%M}&ends={congress.ends:%Y-%m-%dT%H:%M}").text
    ((venue_id, room, starts),) = re.findall(
        r"/organize/events/new\?venue=(\d+)&amp;room=([^&]+)&amp;starts_at=([^&]+)", page
    )
    form = organizer.get(f"/organize/events/new?venue={venue_id}&room={room}&starts_at={starts}").text
    assert f'<option selected value="{venue.id}">' in form
    assert 'value="Lamp Room"' in form
    assert f'value="{noon:%Y-%m-%dT%H:%M}"' in form
    assert organizer.get("/organize/events/new?venue=x&starts_at=never").status_code == 200
    for wrong in ("starts=soon&ends=later", "starts=2027-03-30T20:00&ends=2027-03-30T19:00", "starts="):
        answer = organizer.get(f"{address}?{wrong}")
        assert (answer.status_code, "error" in answer.text) == (200, True)


def test_a_room_that_was_renamed_is_followed_by_what_is_to_come_if_one_says_so(congress, organizer):
    venue = congress.venue
    guest = a_person(email="guest@example.org")
    talk = an_event("Talk", venue=venue, room="Great Hall", starts=congress.starts + timedelta(days=1))
    over = an_event("Over", venue=venue, room="Great Hall", starts=NOW.replace(tzinfo=None) - timedelta(days=9))
    reply(talk, guest, Answer.YES, at=NOW)
    seated = reply(congress, a_person("Ann"), Answer.YES, at=NOW)
    for session in db.session.scalars(select(Session).where(Session.room == "Great Hall")):
        session.capacity = 9
        choose(seated, session, NOW)
    db.session.commit()

    page = organizer.get(give(organizer, venue, "Ada Hall | 180\nLamp Room\nCellar").location).text
    assert "“Great Hall” is not among the rooms" in page
    assert {room: titles(events) for room, events in in_unknown_rooms(venue, NOW).items()} == {
        "Great Hall": ["Talk", "Congress"]
    }
    wrong = organizer.post(f"/organize/venues/{venue.id}/rooms", data={"old": "Great Hall", "new": "Nowhere"})
    assert (wrong.status_code, talk.room) == (303, "Great Hall")
    page = organizer.post(f"/organize/venues/{venue.id}/rooms", data={"old": "Great Hall", "new": "Ada Hall"})
    for said in (
        "<del>Great Hall</del>",
        "Talk</a>",
        ": 1 person.",
        "It is a room of sessions too.",
        "1 person with a seat in a session there, or waiting for one, can be mailed",
    ):
        assert said in page.text
    db.session.refresh(talk)
    assert talk.room == "Great Hall"
    organizer.agree(page, tell="yes")
    db.session.expire_all()

    assert (talk.room, talk.sequence, over.room) == ("Ada Hall", 1, "Great Hall")
    rooms = db.session.scalars(select(Session.room).where(Session.event_id == congress.id).order_by(Session.id)).all()
    assert rooms == ["Ada Hall", "", "Ada Hall", "Lamp Room"]
    assert letters_to(guest)[-1] == "Changed: Talk"
    theirs = select(Letter).where(Letter.person_id == seated.person_id).order_by(Letter.id.desc())
    letter = db.session.scalars(theirs.limit(1)).one()
    assert letter.subject == "Changed: Ada Hall"
    assert [letter.body.count(f"[{one.title}](") for one in sessions_in("Ada Hall")] == [1, 1]
    assert in_unknown_rooms(venue, NOW) == {}


def test_who_waits_for_a_seat_in_a_room_that_is_called_otherwise_is_told_beside_those_who_have_one(congress):
    venue, olga = congress.venue, a_person("Olga", "organizer")
    seated, waits = (reply(congress, a_person(name), Answer.YES, at=NOW) for name in ("Ann", "Bea"))
    for session in sessions_in("Great Hall"):
        session.capacity = 1
        choose(seated, session, NOW)
        choose(waits, session, NOW)
    set_rooms(venue, [("Ada Hall", None, "")], by=olga, now=NOW)
    assert concerned(venue, "Great Hall", "Ada Hall", NOW).seated == 2

    call_room(venue, "Great Hall", "Ada Hall", by=olga, now=NOW, note="", tell=True)

    theirs = [
        db.session.scalars(select(Letter).where(Letter.person_id == one.person_id).order_by(Letter.id)).all()[-1]
        for one in (seated, waits)
    ]
    assert [letter.subject for letter in theirs] == ["Changed: Ada Hall"] * 2
    lines = [[line for line in letter.body.splitlines() if line.startswith("- ")] for letter in theirs]
    assert [[line.endswith(") (waiting list)") for line in of_one] for of_one in lines] == [[False] * 2, [True] * 2]
    assert "sessions in which you have a seat or wait for one" in theirs[1].body


def sessions_in(room: str) -> list[Session]:
    return list(db.session.scalars(select(Session).where(Session.room == room)))


def test_a_session_still_to_come_of_an_event_that_is_over_follows_its_room_and_its_seats_are_told(congress):
    venue, olga, hour = congress.venue, a_person("Olga", "organizer"), timedelta(hours=1)
    excursion = congress.ends + timedelta(days=3)
    held = reply(congress, a_person("Ann"), Answer.YES, at=NOW)
    congress.room = "Attic"
    (trip,) = enter(congress, [Plan("Trip", excursion, excursion + hour, room="Attic", capacity=9)], by=olga, now=NOW)
    choose(held, trip, NOW)
    meanwhile = congress.ends_at + timedelta(days=1)

    assert {room: titles(events) for room, events in in_unknown_rooms(venue, meanwhile).items()} == {
        "Attic": ["Congress"]
    }
    assert (concern := concerned(venue, "Attic", "Lamp Room", meanwhile)).told == []
    assert concern.seated == 1
    call_room(venue, "Attic", "Lamp Room", by=olga, now=meanwhile, note="", tell=True)
    assert (congress.room, trip.room, letters_to(held.person)[-1]) == ("Attic", "Lamp Room", "Changed: Lamp Room")
    assert in_unknown_rooms(venue, trip.ends_at) == {}


def test_what_is_moved_while_its_room_is_renamed_stays_where_it_was_moved_to(client, monkeypatch):
    venue = a_venue("Hall")
    talk, olga = an_event("Talk", venue=venue, room="Great Hall", starts=NEXT_MONTH), a_person("Olga", "organizer")
    set_rooms(venue, [("Ada Hall", None, "")], by=olga, now=NOW)

    def moved(event: Event) -> None:
        db.session.execute(
            update(Event).where(Event.id == event.id).values(room="Attic")
        )  # by whoever held it until now
        hold(event)

    monkeypatch.setattr("society.notices.rooms.hold", moved)
    call_room(venue, "Great Hall", "Ada Hall", by=olga, now=NOW, note="", tell=False)
    assert talk.room == "Attic"
