"""What is new is made before the write begins: to the same rows, or anew if something has changed in between."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from society.calendars.models import Entry, Feed
from society.db import db
from society.events.models import Category, Event, Venue
from society.imports.actions import bring_in, made_ahead
from society.imports.comparing import is_as_made
from society.imports.models import ImportedEvent
from society.imports.planning import Options
from society.imports.reading import read
from society.rsvps.feed import Wanted, refresh, subscribe
from tests.builders import NOW, a_person, a_venue, an_event
from tests.imports.test_reading import HOME, TODAY, a_file

EVENTS = [
    "UID:a@example.org\nSUMMARY:Talk\nDTSTART:20270105T190000Z\nLOCATION:Old Hall\nCATEGORIES:Talks,Tea",
    "UID:b@example.org\nSUMMARY:Board\nDTSTART;VALUE=DATE:20270106\nCLASS:PRIVATE\nSEQUENCE:3",
    "UID:c@example.org\nSUMMARY:Perhaps\nDTSTART:20270107T190000Z\nSTATUS:TENTATIVE",
    "UID:d@example.org\nSUMMARY:Weekly\nDTSTART;TZID=Europe/Berlin:20270108T190000\nRRULE:FREQ=WEEKLY;COUNT=3",
    "UID:e@example.org\nSUMMARY:Elsewhere\nDTSTART:20270109T190000\nLOCATION:New Hall\nCATEGORIES:Walks",
]


def columns(model, *without):
    names = [column.key for column in model.__table__.columns if column.key not in {"id", "event_id", *without}]
    return [[getattr(row, name) for name in names] for row in db.session.scalars(select(model))]


def rows():
    """All that an import leaves, but for the random names of events whose own are not free."""
    db.session.flush()
    db.session.expire_all()
    entries = sorted(
        entry.vevent for entry in db.session.scalars(select(Entry)) if b"@society.event" not in entry.vevent
    )
    found = [columns(Event, "uid", "series_id", "venue_id", "category_id"), columns(ImportedEvent, "as_made")]
    return [*(sorted(map(repr, those)) for those in found), entries, sorted(map(repr, columns(Feed, "version")))]


def brought_in(options, *, ahead, between=lambda: None):
    """As it leaves the rows, which are taken back."""
    reading = read(a_file(*EVENTS), zone=HOME, today=TODAY)
    made = made_ahead(reading, options, by=None, now=NOW) if ahead else None
    savepoint = db.session.begin_nested()
    between()
    bring_in(reading, options, by=None, now=NOW, ahead=made)
    found = rows()
    savepoint.rollback()
    db.session.expire_all()
    return found, made


@pytest.fixture
def subscribed(app, monkeypatch):
    monkeypatch.setattr("society.imports.ahead._BATCH", 2)
    person = a_person()
    a_venue("Old Hall")
    subscribe(person, Wanted(everything=True), now=NOW - timedelta(days=1))
    refresh(an_event("Ours"), NOW - timedelta(days=1))
    db.session.commit()


@pytest.mark.parametrize("publish", [True, False])
@pytest.mark.parametrize("make_new", [True, False])
def test_rows_made_ahead_are_those_made_within(subscribed, publish, make_new):
    options = Options("Europe/Berlin", publish, make_new)

    within, _ = brought_in(options, ahead=False)
    ahead, made = brought_in(options, ahead=True)

    assert ahead == within
    assert len(made.reads) == 7


def a_slug():
    an_event("Talk", slug="talk")


def a_name():
    an_event("Another", slug="another", uid="a@example.org")


def a_category():
    db.session.add(Category(name="Walks", slug="walks"))


def a_feed_that_was_given():
    refresh(an_event("Later", slug="later"), NOW + timedelta(minutes=1))


def a_venue_renamed():
    db.session.scalars(select(Venue)).one().address = "1 Long Street"


@pytest.mark.parametrize("between", [a_slug, a_name, a_category, a_venue_renamed, a_feed_that_was_given])
def test_what_changes_in_between_is_seen(subscribed, between):
    options = Options("Europe/Berlin", publish=True)

    within, _ = brought_in(options, ahead=False, between=between)
    ahead, _ = brought_in(options, ahead=True, between=between)

    assert ahead == within


def test_what_a_feed_has_shown_meanwhile_is_older_than_what_comes_in(subscribed):
    reading, options = read(a_file(*EVENTS), zone=HOME, today=TODAY), Options("Europe/Berlin", publish=True)
    made = made_ahead(reading, options, by=None, now=NOW)
    refresh(an_event("At the same moment"), NOW)
    db.session.commit()

    bring_in(reading, options, by=None, now=NOW, ahead=made)

    (entry,) = (found for found in db.session.scalars(select(Entry.vevent)) if b"SUMMARY:Talk" in found)
    assert f"LAST-MODIFIED:{NOW + timedelta(seconds=1):%Y%m%dT%H%M%SZ}".encode() in entry


def test_each_event_is_written_down_with_what_was_read_of_it(subscribed):
    reading, options = read(a_file(*EVENTS), zone=HOME, today=TODAY), Options("Europe/Berlin", make_new=True)
    bring_in(reading, options, by=None, now=NOW, ahead=made_ahead(reading, options, by=None, now=NOW))

    events = db.session.scalars(select(Event).where(Event.title != "Ours")).all()
    assert {(event.title, event.series_on) for event in events if event.series_id} == {
        ("Weekly", date(2027, 1, day)) for day in (8, 15, 22)
    }
    assert {event.title: event.venue.name for event in events if event.venue} == {
        "Talk": "Old Hall",
        "Elsewhere": "New Hall",
    }
    assert all(is_as_made(row) for row in db.session.scalars(select(ImportedEvent)))
