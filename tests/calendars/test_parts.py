"""Large feeds are kept in parts, and are the same to the byte as if they were made anew."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import event as listening
from sqlalchemy import select

from society.calendars import feeds
from society.calendars.actions import refresh, render_anew
from society.calendars.changes import events_between, noted
from society.calendars.models import Feed
from society.calendars.queries import ALL, OPEN, PAST, Validator
from society.calendars.versions import raise_all
from society.db import begin_write, db
from society.events.models import Event, RsvpPolicy, Visibility
from society.kept import Keep
from society.times import now, to_utc
from tests.builders import NEXT_MONTH, NOW, a_venue, an_event
from tests.conftest import Browser

ADDRESSES = {ALL: "/calendar.ics", PAST: "/calendar.ics?past=all", OPEN: "/calendar/open.ics"}
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def few_in_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "SIZE", 2)


def several(count: int) -> list[Event]:
    events = [an_event(starts=NEXT_MONTH + DAY * (number // 2)) for number in range(count)]
    for event in events:
        refresh(event, NOW)
    db.session.commit()
    return events


def moved(event: Event, days: int, zone: str = "America/New_York") -> None:
    event.starts, event.zone = NEXT_MONTH + DAY * days, zone
    event.ends = event.starts + timedelta(hours=1)
    event.starts_at, event.ends_at = to_utc(event.starts, zone), to_utc(event.ends, zone)


CHANGES: dict[str, Any] = {
    "another title": lambda event, number: setattr(event, "title", f"Evening {number}"),
    "another day": lambda event, number: moved(event, number),
    "another zone": lambda event, number: moved(event, number, "Europe/Berlin"),
    "long ago": lambda event, number: moved(event, -300 - number),
    "for members": lambda event, _: setattr(event, "visibility", Visibility.MEMBERS),
    "for all": lambda event, _: setattr(event, "visibility", Visibility.PUBLIC),
    "on approval": lambda event, _: setattr(event, "rsvp_policy", RsvpPolicy.APPROVAL),
    "open": lambda event, _: setattr(event, "rsvp_policy", RsvpPolicy.OPEN),
    "called off": lambda event, _: setattr(event, "cancelled_at", NOW),
    "on again": lambda event, _: setattr(event, "cancelled_at", None),
}
STEPS = st.lists(
    st.tuples(
        st.sampled_from([*CHANGES, "one more", "time passes", "the clock was fast", "all anew"]),
        st.integers(0, 40),
        st.integers(0, 1),
        st.sampled_from(list(ADDRESSES)),
    ),
    min_size=4,
    max_size=15,
)


def made_anew(key: str) -> bytes:
    feed = db.session.get_one(Feed, key)
    body = feeds.public_feed(key, feed.changed_at)
    db.session.rollback()
    return body


@contextmanager
def the_clock_at(at: datetime) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("society.calendars.routes.feeds.now", lambda: at)
        yield


@settings(
    max_examples=8,
    phases=[Phase.generate],  # rows stay from one example to the next
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_after_any_changes_two_processes_give_what_is_made_anew(app: Flask, client: Browser, steps: list[Any]) -> None:
    processes: list[Keep[feeds.Held]] = [Keep(most=100_000), Keep(most=100_000)]
    events, at = several(5), NOW
    for what, number, process, key in steps:
        at += timedelta(minutes=1)
        match what:
            case "one more":
                events += several(1)
            case "time passes":
                at += 20 * DAY * number
            case "the clock was fast":
                at -= number * DAY
            case "all anew":
                render_anew([event.id for event in events], at)
                raise_all(at)
            case _:
                event = db.session.merge(events[number % len(events)])
                CHANGES[what](event, number)
                refresh(event, at)
        db.session.commit()
        app.extensions["feeds"] = processes[process]
        with the_clock_at(at):
            answer = client.get(ADDRESSES[key])
            packed = client.get(ADDRESSES[key], headers={"Accept-Encoding": "gzip"})
        assert answer.data == gzip.decompress(packed.data) == made_anew(key)


def test_a_change_reads_its_own_entry_and_no_other(client: Browser, counted: Any) -> None:
    events = several(20)
    before = client.get("/calendar.ics")
    events[7].title = "Another evening"
    refresh(events[7], now())
    db.session.commit()
    held = feeds.feeds().last(ALL)
    with counted() as count:
        after = client.get("/calendar.ics")

    now_held = feeds.feeds().last(ALL)
    assert held
    assert now_held
    assert len({id(part) for part in held.parts} - {id(part) for part in now_held.parts}) == 1
    assert not [statement for statement in count.statements if "calendar_entry" in statement], "but by its number"
    assert before.headers["ETag"] != after.headers["ETag"]
    assert b"SUMMARY:Another evening" in after.data


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("key", ADDRESSES)
def test_by_its_number_an_entry_is_shown_exactly_where_it_is_among_all(key: str) -> None:
    ends = (-367, -365, -31, -29, 0)
    for days in ends:
        for values in (
            {},
            {"cancelled_at": NOW},
            {"visibility": Visibility.MEMBERS},
            {"rsvp_policy": RsvpPolicy.CLOSED},
        ):
            refresh(an_event(starts=NOW.replace(tzinfo=None) + days * DAY, **values), NOW - 400 * DAY)
    shown = feeds._shown(key, NOW, db.session.scalars(select(Event.id)).all())
    among_all = db.session.execute(feeds._entries(key, NOW)).all()

    assert {row[1] for row in shown} == {row[1] for row in among_all}
    assert 0 < len(shown) < 4 * len(ends)


def test_what_is_committed_while_a_feed_is_read_is_not_under_the_earlier_etag(client: Browser, app: Flask) -> None:
    event = several(6)[3]
    whole = {(answer.headers["ETag"], answer.data) for answer in [client.get("/calendar.ics")]}
    number, read = event.id, list[str]()

    def change() -> None:
        with app.app_context():
            begin_write()
            row = db.session.get_one(Event, number)
            row.title, row.venue = "Meanwhile", a_venue()
            refresh(row, now())
            db.session.commit()

    def first(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "vevent" in statement and not read:
            read.append(statement)
            thread = Thread(target=change)
            thread.start()
            thread.join()

    feeds.feeds().clear()
    listening.listen(db.engine, "before_cursor_execute", first)
    try:
        meanwhile = client.get("/calendar.ics")
    finally:
        listening.remove(db.engine, "before_cursor_execute", first)
    whole |= {(answer.headers["ETag"], answer.data) for answer in [client.get("/calendar.ics")]}

    assert read
    assert len(whole) == 2
    assert (meanwhile.headers["ETag"], meanwhile.data) in whole


def test_what_a_fast_clock_had_taken_out_is_in_again_once_it_is_set(client: Browser) -> None:
    old, *_others, event = several(6)
    moved(old, -380)
    refresh(old, NOW)
    db.session.commit()
    with the_clock_at(NOW + 30 * DAY):
        assert len(client.get("/calendar.ics").data.split(b"BEGIN:VEVENT")) == 6
    event.title = "Another evening"
    refresh(event, NOW)
    db.session.commit()
    with the_clock_at(NOW):
        answer = client.get("/calendar.ics")

    assert len(answer.data.split(b"BEGIN:VEVENT")) == 7
    assert answer.data == feeds.public_feed(ALL, NOW)


def test_a_change_that_is_taken_back_leaves_the_feed_as_it_is(client: Browser) -> None:
    event = several(3)[0]
    before = client.get("/calendar.ics")
    event.title = "Never"
    refresh(event, NOW)
    db.session.rollback()
    after = client.get("/calendar.ics")

    assert (after.headers["ETag"], after.data) == (before.headers["ETag"], before.data)


def versions(count: int, since: datetime = NOW) -> list[Validator]:
    return [Validator(number, since + timedelta(minutes=number), None) for number in range(1, count + 1)]


@pytest.mark.once
def test_it_is_told_in_which_events_two_versions_differ() -> None:
    one, two, three, four = versions(4)
    changes = noted(noted(noted("", one, None), two, [5, 3]), three, [8])

    assert events_between(changes, two, three) == {8}
    assert events_between(changes, one, three) == {3, 5, 8}
    assert events_between(changes, three, three) == set()
    assert events_between(changes, two, four) is None, "the newest does not say"


@pytest.mark.once
def test_it_is_not_known_across_a_gap_nor_from_another_past() -> None:
    one, two, three, four = versions(4)
    changes = noted(noted(noted("", one, None), two, [5]), four, [8])

    assert events_between(changes, two, four) is None, "the third said nothing"
    assert events_between(changes, four, four) == set()
    other = versions(4, NOW + DAY)[1]  # a backup was put back since
    assert events_between(changes, other, four) is None
    assert events_between("", one, three) is None


@pytest.mark.once
def test_what_is_cut_off_is_not_told_by_half() -> None:
    one, two, three = versions(3)

    assert events_between(noted(noted("", one, None), two, range(1, 3_000)), one, two) is None
    many = noted(noted(noted("", one, None), two, range(1, 600)), three, [8])
    assert events_between(many, two, three) is None
