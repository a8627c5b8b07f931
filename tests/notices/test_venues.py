"""A venue or a room that is changed, and what is written of it to those who come there."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from society.db import db
from society.events.models import Event, Venue
from society.events.rooms import set_rooms
from society.mail.message import as_text
from society.mail.models import Letter
from society.notices.models import Notice
from tests.builders import NEXT_MONTH, NOW, a_person, a_venue, an_event
from tests.conftest import Browser
from tests.notices.test_sending import an_rsvp


@pytest.fixture
def evenings(client: Browser) -> list[Event]:
    """Two in one hall: Ann has answered both, Ben the later one in German."""
    venue, ann, ben = a_venue("Hall", address="1 Main St"), a_person("Ann"), a_person("Ben", language="de")
    first, second = (an_event(f"Evening {n}", venue=venue, starts=NEXT_MONTH + timedelta(days=n)) for n in (1, 2))
    for event, person in ((first, ann), (second, ann), (second, ben)):
        an_rsvp(event, person)
    client.sign_in(a_person("Olive Organizer", "organizer"))
    db.session.commit()
    return [first, second]


def move_the_hall(client: Browser, venue: Venue, **values: str) -> TestResponse:
    typed = {"name": "Hall", "address": "1 Main St", "zone": venue.zone, **values}
    return client.post(f"/organize/venues/{venue.id}", data=typed)


def test_who_answered_several_evenings_at_a_venue_gets_one_letter_about_it(client: Browser, evenings: list[Event]):
    page = move_the_hall(client, evenings[0].venue, address="2 Side St", access="By the *yard*.")
    assert "Each of them gets one letter" in page.text
    client.agree(page, tell="yes", message="Mind the step.")

    to_ann, to_ben = db.session.scalars(select(Letter).order_by(Letter.to_name)).all()
    assert (to_ann.subject, to_ben.subject) == ("Changed: where you find us", "Geändert: wo Sie uns finden")
    for said in ("until now: Hall, 1 Main St", "from now on: Hall, 2 Side St", "By the *yard*.", "Mind the step."):
        assert said in as_text(to_ann)
    assert [to_ann.body.count(event.title) for event in evenings] == [1, 1]
    assert [to_ben.body.count(event.title) for event in evenings] == [0, 1]
    assert [letter.calendar.count(b"BEGIN:VEVENT") for letter in (to_ann, to_ben)] == [2, 1]
    assert "/rsvps/" in as_text(to_ben)
    (notice,) = db.session.scalars(select(Notice)).all()
    assert "2 people" in client.get(f"/organize/notices/{notice.id}").text
    client.post(f"/organize/notices/{notice.id}/take-back")
    typed = {"kind": "change", "audience": "concerned", "subject": notice.subject, "body": notice.body}
    assert "is about an event" in client.post(f"/organize/notices/{notice.id}", data=typed).text
    with_events = {**typed, "events": [event.id for event in evenings]}
    assert client.post(f"/organize/notices/{notice.id}", data=with_events).status_code == 303


def test_of_how_one_gets_in_alone_nobody_is_told_unless_that_is_chosen(client: Browser, evenings: list[Event]):
    page = move_the_hall(client, evenings[0].venue, access="By the yard.")
    assert "<ins>By the yard.</ins>" in page.text
    assert "No calendar changes by this" in page.text
    assert re.search(r'checked[^>]*value="no"|value="no"[^>]*checked', page.text)
    client.agree(page, tell="yes")
    assert "until now: nothing\nfrom now on: By the yard." in as_text(db.session.scalars(select(Letter)).first())
    db.session.refresh(evenings[0])
    assert evenings[0].sequence == 0


def test_where_calendars_answer_each_evening_has_a_letter_that_updates_it_there(
    app: Any, client: Browser, evenings: list[Event], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(app.config, "MAIL_REPLY_DOMAIN", "answers.example.org")
    client.agree(move_the_hall(client, evenings[0].venue, address="2 Side St"), tell="yes")

    letters = db.session.scalars(select(Letter).order_by(Letter.id)).all()
    assert [letter.subject for letter in letters] == ["Changed: Evening 1", "Changed: Evening 2", "Geändert: Evening 2"]
    assert all(letter.calendar and b"METHOD:REQUEST" in letter.calendar for letter in letters)


def test_a_room_renamed_in_several_evenings_is_told_to_each_guest_once(client: Browser, evenings: list[Event]):
    venue = evenings[0].venue
    for event in evenings:
        event.room = "Attic"
    set_rooms(venue, [("Lamp Room", None, "")], by=a_person(), now=NOW)
    db.session.commit()
    client.agree(client.post(f"/organize/venues/{venue.id}/rooms", data={"old": "Attic", "new": "Lamp Room"}))

    to_ann, _ = db.session.scalars(select(Letter).order_by(Letter.to_name)).all()
    assert "until now: Attic, Hall, 1 Main St\nfrom now on: Lamp Room, Hall, 1 Main St" in as_text(to_ann)
    assert [to_ann.body.count(event.title) for event in evenings] == [1, 1]
