"""Before a change is made, its page tells exactly which calendars it will update."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from society.agenda.models import Session
from society.backings import actions as backings
from society.calendars.actions import refresh
from society.calendars.apps import App
from society.calendars.models import Fetch, Subscription
from society.db import db
from society.events.models import BackingRole, Event, Visibility
from society.notices.following import followers, turned
from society.rsvps.actions import reply
from society.rsvps.feed import Wanted, subscribe
from society.rsvps.models import Answer
from tests.builders import NOW, a_person, a_venue, an_event, an_organization
from tests.events.test_organizing import form_of


@pytest.fixture
def organizer(client):
    return client.sign_in(a_person("Ora Organizer", "organizer"))


def follower(app: App | None, *events: Event, everything: bool = False, sessions: bool = False) -> None:
    person = a_person()
    for event in events:
        reply(event, person, Answer.YES, at=NOW)
    subscribe(person, Wanted(everything=everything, sessions=sessions), now=NOW)
    db.session.scalars(select(Subscription).where(Subscription.person_id == person.id)).one().fetched_by = app


def fetched(key: str, *apps: App) -> None:
    db.session.add_all(Fetch(key=key, app=app, fetched_at=NOW, given_at=NOW) for app in apps)


def said(page: str) -> str:
    """What the page between form and change says, as one line."""
    return " ".join(unescape(re.sub("<[^>]+>", " ", page[page.index("<main") :])).split())


def change(organizer, event, **typed) -> str:
    return said(organizer.post(f"/organize/events/{event.id}", data=form_of(event, **typed)).text)


def test_people_are_counted_by_app_and_public_feeds_named_by_theirs(organizer):
    event = an_event("Rivers", venue=a_venue("Scott Hall", slug="scott"))
    other = an_event("Lakes")
    for app in (App.GOOGLE, App.GOOGLE, App.IOS, None):
        follower(app, event)
    follower(App.THUNDERBIRD, other)
    follower(App.KDE, everything=True)
    refresh(event, NOW)
    fetched("all", App.GOOGLE, App.THUNDERBIRD)
    fetched("venue/scott", App.IOS)
    fetched("category/none", App.KDE)
    db.session.commit()

    page = change(organizer, event, title="Streams")

    assert (
        "5 people’s own calendars: 2 in Google Calendar, 1 in Apple Calendar on iPhone or iPad, "
        "1 in KDE Merkuro or KOrganizer and 1 that no app has fetched yet." in page
    )
    assert "All events (Google Calendar and Thunderbird); Venue: Scott Hall (Apple Calendar on iPhone or iPad)." in page
    assert "Calendars that update: 5 people’s own and 4 public" in page
    assert "No app has fetched the other 2 lately." in page
    assert "KOrganizer)" not in page


def test_the_feeds_that_an_event_leaves_and_those_that_it_enters_are_both_named(organizer):
    here, there = a_venue("Scott Hall", slug="scott"), a_venue("Mill House", slug="mill")
    event = an_event("Rivers", venue=here)
    refresh(event, NOW)
    fetched("venue/scott", App.IOS)
    fetched("venue/mill", App.GOOGLE)
    db.session.commit()

    page = change(organizer, event, venue=there.id)

    assert "Venue: Mill House (Google Calendar); Venue: Scott Hall (Apple Calendar on iPhone or iPad)" in page


def test_what_no_calendar_shows_changes_none_and_what_takes_it_out_of_some_changes_those(organizer):
    event = an_event("Rivers")
    follower(App.GOOGLE, event)
    refresh(event, NOW)
    fetched("all", App.GOOGLE)
    fetched("open", App.IOS)
    db.session.commit()

    assert "No calendar changes by this." in change(organizer, event, capacity="12")
    page = change(organizer, event, rsvp_policy="members")
    assert "Open to all (Apple Calendar on iPhone or iPad)." in page
    assert "own calendar" not in page
    assert "All events" not in page
    page = change(organizer, event, visibility="members")
    assert "All events (Google Calendar); Open to all (Apple Calendar on iPhone or iPad)." in page


def test_that_the_calendar_of_one_event_alone_ends_is_told_where_it_becomes_members_only(organizer):
    event = an_event("Rivers", slug="rivers")
    refresh(event, NOW)
    fetched("event/rivers", App.GOOGLE)
    db.session.commit()

    page = change(organizer, event, visibility="members")

    assert "No app fetches a calendar that shows it" not in page
    assert "event/rivers (Google Calendar)" in page.replace("Event: Rivers", "event/rivers")
    assert "ends, since it is for members only: Google Calendar finds nothing at its address any more." in page
    assert " ends, since" not in change(organizer, event, title="Streams")


def test_what_is_for_members_only_is_in_the_calendars_of_those_who_may_see_it(organizer):
    event = an_event("Rivers", visibility=Visibility.MEMBERS)
    follower(App.KDE, everything=True)
    follower(App.GOOGLE, event)
    refresh(event, NOW)
    fetched("all", App.GOOGLE)
    db.session.commit()

    page = change(organizer, event, title="Streams")

    assert "1 person’s own calendar: 1 in Google Calendar." in page
    assert "Public calendars" not in page


def test_nobody_follows(organizer):
    event = an_event("Rivers")
    refresh(event, NOW)
    db.session.commit()

    assert "No app fetches a calendar that shows it at present" in change(organizer, event, title="Streams")


def test_who_has_it_from_a_mailed_invitation_is_counted_unless_by_feed_alone(app, organizer, monkeypatch):
    event = an_event("Rivers")
    people = [a_person() for _ in range(3)]
    for person in people:
        reply(event, person, Answer.YES, at=NOW)
    people[0].feed_only = True
    refresh(event, NOW)
    db.session.commit()
    assert "to whom it was mailed" not in change(organizer, event, title="Streams")

    monkeypatch.setitem(app.config, "MAIL_REPLY_DOMAIN", "answers.example.org")

    assert "2 people to whom it was mailed for their calendars" in change(organizer, event, title="Streams")


@pytest.mark.parametrize("act", ["cancel", "postpone"])
def test_calling_off_and_putting_off_say_it_too(organizer, act):
    event = an_event("Rivers")
    follower(App.GOOGLE, event)
    refresh(event, NOW)
    db.session.commit()

    page = said(organizer.get(f"/organize/events/{event.id}/{act}").text)

    assert "1 person’s own calendar: 1 in Google Calendar." in page


def test_a_venue_says_it_for_all_that_is_announced_there(organizer):
    venue = a_venue("Scott Hall", address="Mill Lane", slug="scott")
    events = [an_event(title, venue=venue) for title in ("Rivers", "Lakes")]
    follower(App.GOOGLE, *events)
    follower(App.IOS, events[1])
    for event in events:
        refresh(event, NOW)
    fetched("venue/scott", App.THUNDERBIRD)
    db.session.commit()

    typed = {"name": "Scott Hall", "address": "Bridge Street", "zone": venue.zone}
    page = said(organizer.post(f"/organize/venues/{venue.id}", data=typed).text)

    assert "2 people’s own calendars: 1 in Google Calendar and 1 in Apple Calendar on iPhone or iPad." in page
    assert "Venue: Scott Hall (Thunderbird)." in page


def test_a_session_says_it_of_those_who_follow_sessions(organizer):
    event = an_event("Congress", has_agenda=True)
    typed = {
        "title": "Opening",
        "kind": "talk",
        "starts_at": f"{event.starts:%Y-%m-%dT%H:%M}",
        "ends_at": f"{event.starts + timedelta(hours=1):%Y-%m-%dT%H:%M}",
    }
    db.session.commit()
    assert organizer.agree(organizer.post(f"/organize/events/{event.id}/agenda/new", data=typed)).status_code == 303
    session = db.session.scalars(select(Session)).one()
    follower(App.GOOGLE, event)
    follower(App.IOS, event, sessions=True)
    db.session.commit()
    address = f"/organize/events/{event.id}/agenda/{session.id}"

    page = said(organizer.post(address, data={**typed, "title": "Welcome"}).text)

    assert "1 person’s own calendar: 1 in Apple Calendar on iPhone or iPad." in page


@pytest.fixture
def evenings(organizer):
    first = an_event("Reading", starts=an_event().starts + timedelta(days=1))
    db.session.commit()
    rule = {"every": "week", "interval": "1", "count": "4"}
    assert organizer.agree(organizer.post(f"/organize/events/{first.id}/series", data=rule)).status_code == 303
    db.session.expire_all()
    rows = select(Event).where(Event.series_id == first.series_id).order_by(Event.starts)
    return list(db.session.scalars(rows))


def test_a_series_says_it_for_as_many_as_the_change_reaches_and_names_the_backers_of_the_others(organizer, evenings):
    first, *others = evenings
    follower(App.GOOGLE, first)
    follower(App.IOS, others[-1])
    contact = "Cora", "cora@example.org"
    asked = {"contact": contact, "by": a_person("Olga", "organizer"), "now": NOW}
    backing = backings.ask(others[1], an_organization("C League"), BackingRole.ENDORSER, **asked)
    backings.confirm(others[1], backing, "Cora", "Chair", NOW)
    db.session.commit()

    alone = change(organizer, first, title="Streams", scope="this")
    assert "1 person’s own calendar: 1 in Google Calendar." in alone
    assert "C League" not in alone
    every = change(organizer, first, title="Streams", scope="all")
    assert "2 people’s own calendars" in every
    assert "Backers asked again" in every
    assert "C League" in every
    assert "Backers asked again" not in change(organizer, first, capacity="12", scope="all")


def test_counting_costs_the_same_however_many_follow_and_however_many_events(app, counted):
    events = [an_event(f"Evening {number}", venue=a_venue(slug=f"hall-{number}")) for number in range(3)]
    for event in events:
        follower(App.GOOGLE, event)
        follower(App.IOS, *events)
        refresh(event, NOW)
        fetched(f"venue/{event.venue.slug}", App.GOOGLE)
    db.session.commit()
    touches = [touch for event in events for touch in turned(event)]
    costs = []
    for some in (touches[:1], touches):
        with counted() as count:
            assert followers(some, NOW)
        costs.append(len(count))
    assert costs[0] == costs[1] <= 5
