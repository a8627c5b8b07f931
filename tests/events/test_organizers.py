"""Who organizes one event without the role for all."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from society.db import db
from society.events.models import Event, Visibility
from society.events.queries import in_charge_of
from society.events.render import when
from society.people.models import EventOrganizer
from society.series.actions import begin
from society.series.rules import Every, Rule
from tests.builders import NOW, a_person, a_venue, an_event, letters_to
from tests.events.test_organizing import form_of


@pytest.fixture
def event(app):
    return an_event("Rivers", visibility=Visibility.MEMBERS)


@pytest.fixture
def organizer(client):
    return client.sign_in(a_person("Ora", "organizer"))


def at(event) -> str:
    return f"/organize/events/{event.id}/organizers"


def test_somebody_is_added_by_their_address_works_on_the_event_and_is_removed(app, organizer, event):
    fay = a_person("Fay Friend", email="fay@example.org")
    db.session.commit()
    friend = app.test_client().sign_in(fay)
    assert friend.get(f"/events/{event.slug}").status_code == 404

    page = organizer.post(at(event), data={"email": "Fay@example.org"}, follow_redirects=True).text
    assert "Fay Friend" in page
    assert letters_to(fay) == ["You can now organize: Rivers"]
    theirs = friend.get("/me").text
    assert "Rivers" in theirs
    assert when(event) in unescape(theirs)
    assert f"/organize/events/{event.id}" in friend.get(f"/events/{event.slug}").text
    page = friend.get(f"/organize/events/{event.id}").text
    assert "Publish" in page or "Cancel the event" in page
    assert "/organize/notices" not in page
    assert "Duplicate" not in page

    number = db.session.query(EventOrganizer).one().id
    page = organizer.post(at(event), data={"remove": number}, follow_redirects=True).text
    assert "Fay Friend organizes this event no more, and has a letter that says so." in page
    assert letters_to(fay)[-1] == "You organize no more: Rivers"
    assert friend.get(f"/organize/events/{event.id}").status_code == 403
    assert friend.get(f"/events/{event.slug}").status_code == 404


def test_who_cannot_sign_in_or_may_already_is_refused_in_words_and_nothing_typed_is_lost(organizer, event):
    a_person("Gus Guest", email="gus@example.org", verified_at=None)
    a_person("Olaf", "organizer", email="olaf@example.org")
    db.session.commit()
    for address, sentence in (
        ("gus@example.org", "Nobody who can sign in has that address"),
        ("nobody@example.org", "Nobody who can sign in has that address"),
        ("olaf@example.org", "Olaf organizes this event already"),
        ("", "Please give an address"),
        ("x", "address"),
    ):
        answer = organizer.post(at(event), data={"email": address})
        assert (answer.status_code, sentence in answer.text) == (422, True), address
        assert f'value="{address}"' in answer.text


def test_a_friend_changes_no_other_event_of_a_series(app, event):
    fay = a_person("Fay Friend")
    db.session.add(EventOrganizer(event_id=event.id, person=fay, given_at=NOW))
    db.session.commit()
    friend = app.test_client().sign_in(fay)
    typed = {"title": "Lakes", "starts_at": f"{event.starts:%Y-%m-%dT%H:%M}", "scope": "all"}
    assert friend.post(f"/organize/events/{event.id}", data=typed).status_code == 403


def test_a_friend_is_asked_of_no_other_event_of_a_series(app):
    first = an_event("Reading")
    begin(first, Rule(Every.WEEK, count=3), by=a_person("Ora", "organizer"), now=NOW)
    fay = a_person("Fay Friend")
    db.session.add(EventOrganizer(event_id=first.id, person=fay, given_at=NOW))
    db.session.commit()
    friend, there = app.test_client().sign_in(fay), f"/organize/events/{first.id}"
    typed = {"title": "Lakes", "starts_at": f"{first.starts:%Y-%m-%dT%H:%M}", "timezone": first.zone}

    page = friend.post(there, data={**typed, "visibility": "public", "rsvp_policy": "open"})
    assert 'name="scope"' not in page.text
    assert "The others of its series stay as they are" in page.text
    assert friend.agree(page).status_code == 303
    db.session.expire_all()
    assert [one.title for one in db.session.scalars(select(Event).order_by(Event.starts))] == [
        "Lakes",
        *["Reading"] * 2,
    ]


def test_who_organizes_with_others_hears_what_becomes_of_the_event(app, event):
    fay = a_person("Fay Friend")
    db.session.add(EventOrganizer(event_id=event.id, person=fay, given_at=NOW))
    db.session.flush()
    assert [person.name for person in in_charge_of(event)] == ["Fay Friend"]
    event.organizer = olive = a_person("Olive", "organizer")
    assert in_charge_of(event) == [olive, fay]


def tasks(page: str) -> list[tuple[str, str]]:
    """The lines of the bar: what each says, and whether one is in it or on it."""
    bar = page.partition('aria-label="This event"')[2].partition("</nav>")[0]
    return re.findall(r'<a href="[^"]+"(?: aria-current="(\w+)")?>([^<]+)</a>', bar)


def test_what_there_is_to_do_stands_in_groups_of_which_one_is_open(organizer, event):
    db.session.commit()
    page = organizer.get(f"/organize/events/{event.id}").text
    groups = [("true", "Plan"), ("", "Guests"), ("", "Letters"), ("", "The day")]
    plan = [("page", "Event"), ("", "Picture"), ("", "Agenda"), ("", "Backing"), ("", "Series"), ("", "Organizers")]
    assert tasks(page) == groups + plan
    page = organizer.get(f"/organize/events/{event.id}/reminders").text
    assert tasks(page)[4:] == [("page", "Reminders"), ("", "Calendars"), ("", "Write a notice")]


def test_who_organizes_one_event_learns_no_more_of_others_in_its_place_than_its_readers(app, organizer):
    hall, fay = a_venue("Scott Hall"), a_person("Fay Friend")
    mine = an_event("Mine", venue=hall, room="Room 2")
    an_event("Secret draft", venue=hall, room="Room 2", published_at=None)
    an_event("Inner circle", venue=hall, visibility=Visibility.MEMBERS)
    an_event("For everyone", venue=hall)
    theirs = an_event("Mine as well", venue=hall, published_at=None)
    for event in (mine, theirs):
        db.session.add(EventOrganizer(event_id=event.id, person=fay, given_at=NOW))
    db.session.commit()
    friend, there = app.test_client().sign_in(fay), f"/organize/events/{mine.id}"
    move = {"starts_at": f"{mine.starts:%Y-%m-%dT%H:%M}", "ends_at": f"{mine.ends + timedelta(hours=1):%Y-%m-%dT%H:%M}"}
    change = form_of(mine, **move)

    for browser, all_told in ((friend, False), (organizer, True)):
        pages = [
            browser.get(there).text,
            browser.post(there, data=change).text,
            browser.post(f"{there}/postpone", data=move).text,
        ]
        for page in pages:
            assert "Booked twice" in page
            for title in ("Secret draft", "Inner circle"):
                assert (title in page) is all_told
            assert ("another event (" in page) is not all_told
            assert f"{when(mine)}, Room 2" in page or all_told
            assert "For everyone" in page
            assert f'<a href="/organize/events/{theirs.id}">Mine as well</a>' in page
