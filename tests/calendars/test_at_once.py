"""What calendars show when two do something at the same moment, on a database where both can."""

import io
from collections.abc import Callable
from datetime import timedelta
from threading import Event as Signal
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event as listening

from society.calendars.models import Entry, Feed
from society.calendars.queries import WINDOW
from society.db import begin_write, db
from society.events.models import Category, Event
from society.events.queries import hold
from society.kept import keep
from society.notices.actions import describe_category
from society.people.models import Person
from society.rsvps.actions import reply
from society.rsvps.feed import Wanted, refresh, subscribe
from society.rsvps.models import Answer
from society.settings import Society
from society.site.actions import change_settings
from society.times import now
from tests.builders import NEXT_MONTH, NOW, a_person, a_photo, an_event
from tests.conftest import Browser

A_WHILE = 0.3
"""Seconds in which a request that waits for nothing is long answered."""


def beside(change: Callable[[], Any], app: Flask, act: Callable[[], Any]) -> None:
    """Do `act` after `change` was done, and before that is committed."""
    changed, acted = Signal(), Signal()

    def write() -> None:
        with app.app_context():
            begin_write()
            change()
            changed.set()
            acted.wait(10)
            db.session.commit()

    writer, actor = Thread(target=write), Thread(target=act)
    db.session.commit()
    writer.start()
    changed.wait(10)
    actor.start()
    actor.join(A_WHILE)
    acted.set()
    for thread in (writer, actor):
        thread.join()


def retitled(number: int) -> Callable[[], None]:
    def change() -> None:
        event = db.session.get_one(Event, number)
        hold(event)
        event.title = "Meanwhile"
        refresh(event, now())

    return change


def test_a_feed_opened_beside_an_uncommitted_change_has_that_change_in_the_end(app: Flask, client: Browser) -> None:
    event = an_event()
    refresh(event, NOW)
    beside(retitled(event.id), app, lambda: client.get("/calendar.ics"))

    assert b"SUMMARY:Meanwhile" in client.get("/calendar.ics").data


def test_a_feed_opened_beside_an_uncommitted_new_name_has_that_name_in_the_end(app: Flask, client: Browser) -> None:
    by = a_person().id

    def rename() -> None:
        society = db.session.get_one(Society, 1)
        change_settings(society, {"name": "Society of Evenings"}, now(), db.session.get_one(Person, by))

    beside(rename, app, lambda: client.get("/calendar.ics"))

    assert b"NAME:Society of Evenings" in client.get("/calendar.ics").data


def test_two_answers_of_one_person_at_once_each_count_in_when_their_feed_changes(app: Flask, client: Browser) -> None:
    person = a_person()
    token = subscribe(person, Wanted(everything=False), now=NOW)
    soon, late = (an_event(starts=NEXT_MONTH + timedelta(days=days)) for days in (0, 1))
    for event in (soon, late):
        refresh(event, NOW)
    leaves = soon.ends_at + WINDOW

    def says_yes_to(event_id: int) -> None:
        event, who = db.session.get_one(Event, event_id), db.session.get_one(Person, person.id)
        reply(event, who, Answer.YES, at=NOW)

    def says_yes_too() -> None:
        with app.app_context():
            begin_write()
            says_yes_to(soon.id)
            db.session.commit()

    beside(lambda: says_yes_to(late.id), app, says_yes_too)

    assert db.session.get_one(Feed, f"person/{person.id}", populate_existing=True).stale_at == leaves
    assert client.get(f"/calendar/personal/{token}.ics").data.count(b"BEGIN:VEVENT") == 2


def test_what_is_committed_while_ones_own_feed_is_read_is_not_under_the_earlier_etag(
    app: Flask, client: Browser
) -> None:
    person, event = a_person(), an_event()
    token = subscribe(person, Wanted(everything=True), now=NOW)
    refresh(event, NOW)
    address, change, seen = f"/calendar/personal/{token}.ics", retitled(event.id), list[str]()

    def elsewhere() -> None:
        with app.app_context():
            begin_write()
            change()
            db.session.commit()

    def first(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "FROM subscription" in statement and not seen:
            seen.append(statement)
            thread = Thread(target=elsewhere)
            thread.start()
            thread.join()

    whole = {(answer.headers["ETag"], answer.data) for answer in [client.get(address)]}
    keep().clear()
    listening.listen(db.engine, "before_cursor_execute", first)
    try:
        meanwhile = client.get(address)
    finally:
        listening.remove(db.engine, "before_cursor_execute", first)
    whole |= {(answer.headers["ETag"], answer.data) for answer in [client.get(address)]}

    assert seen
    assert len(whole) == 2
    assert (meanwhile.headers["ETag"], meanwhile.data) in whole


@pytest.mark.parametrize(
    ("page", "values"),
    [
        ("picture", {"alt": "A hall"}),
        ("material", {"kind": "slides", "title": "The slides", "seen_by": "everyone"}),
    ],
)
def test_what_is_added_beside_an_uncommitted_change_leaves_that_in_the_calendars(
    app: Flask, client: Browser, page: str, values: dict[str, str]
) -> None:
    event = an_event()
    refresh(event, NOW)
    address = f"/organize/events/{event.id}/{page}"
    client.sign_in(a_person("", "organizer"))
    sent = {**values, "file": (io.BytesIO(a_photo()), "hall.jpg")}
    shown = client.post(address, data=sent) if page == "picture" else None  # before the change it is only shown
    statuses = []

    def adds() -> None:
        answer = client.agree(shown) if shown else client.post(address, data=sent)
        statuses.append(answer.status_code)

    beside(retitled(event.id), app, adds)

    vevent = db.session.get_one(Entry, event.id, populate_existing=True).vevent
    assert statuses == [303]
    assert b"SUMMARY:Meanwhile" in vevent
    assert b"\r\nIMAGE" in vevent or b"\r\nATTACH" in vevent


def test_a_feed_without_any_event_follows_when_what_it_is_named_for_is_renamed(client: Browser) -> None:
    category = Category(name="Lectures", slug="lectures")
    an_event(category=category, starts=NEXT_MONTH - timedelta(days=500))
    by = a_person()
    before = client.get("/calendar/category/lectures.ics")
    begin_write()
    describe_category(category, {"name": "Talks"}, by, now())
    db.session.commit()
    after = client.get("/calendar/category/lectures.ics")

    assert b"NAME:The Test Society: Talks" in after.data
    assert before.headers["ETag"] != after.headers["ETag"]
