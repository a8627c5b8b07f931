"""Versions of feeds and what is told by them: later by a second at least, whichever change is committed first."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from society.calendars.models import Entry, Feed
from society.calendars.queries import ALL
from society.calendars.subscribers import fetches_of
from society.calendars.upkeep import catch_up
from society.db import db
from society.events.models import Event, RsvpPolicy, Visibility
from society.notices.actions import alter
from society.rsvps.actions import reply
from society.rsvps.feed import Wanted, refresh, subscribe
from society.rsvps.models import Answer
from society.rsvps.reach import reach
from society.settings import Society
from society.times import now, to_utc
from tests.builders import NEXT_MONTH, NOW, a_membership, a_person, an_event
from tests.conftest import Browser

SECOND = timedelta(seconds=1)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets what time it is for feeds, in seconds from now."""
    return lambda passed: monkeypatch.setattr("society.calendars.routes.feeds.now", lambda: NOW + passed * SECOND)


def announced(title: str) -> Event:
    event = an_event(title, revised_at=NOW)
    refresh(event, NOW)
    db.session.commit()
    return event


def changed(event: Event, passed: float) -> datetime:
    """It is changed by a transaction that began then, and is committed now."""
    event.title += ", another"
    event.raise_sequence(at := NOW + passed * SECOND)
    refresh(event, at)
    db.session.commit()
    return at


@pytest.mark.parametrize(("first", "second"), [(5, 2), (2.1, 2.9)])
def test_a_date_that_was_told_is_no_later_versions_too(
    client: Browser, clock: Any, first: float, second: float
) -> None:
    one, other = announced("One"), announced("Other")
    paths = ["/calendar.ics", f"/calendar/personal/{subscribe(a_person(), Wanted(everything=True), now=NOW)}.ics"]
    paths.append(f"/events/{other.slug}.ics")
    clock(0)
    for path in paths:
        client.get(path)
    changed(one, first)
    clock(7)
    told = [client.get(path).headers["Last-Modified"] for path in paths]
    changed(other, second)
    clock(3600)
    for path, date in zip(paths, told, strict=True):
        assert b"Other\\, another" in client.get(path, headers={"If-Modified-Since": date}).data


def test_a_date_of_ones_own_making_is_answered_in_full(client: Browser, clock: Any) -> None:
    """As some apps send the hour of their last answer: the change may have been waiting to be saved then."""
    announced("One")
    clock(0)
    client.get("/calendar.ics")
    clock(60)
    told = client.get("/calendar.ics").headers["Last-Modified"]
    own = (NOW + 50 * SECOND).strftime("%a, %d %b %Y %H:%M:%S GMT")
    codes = [client.get("/calendar.ics", headers={"If-Modified-Since": date}).status_code for date in (told, own)]
    assert codes == [304, 200]


def test_who_was_given_the_version_before_a_change_that_began_earlier_is_not_reached(
    client: Browser, clock: Any
) -> None:
    one, other, ann = announced("One"), announced("Other"), a_person()
    for event in (one, other):
        reply(event, ann, Answer.YES, at=NOW)
    own = f"/calendar/personal/{subscribe(ann, Wanted(everything=False), now=NOW)}.ics"
    clock(0)
    client.get("/calendar.ics")
    changed(one, 700)
    clock(702)
    for path in (own, "/calendar.ics"):
        assert client.get(path).status_code == 200
    assert reach(one).behind == 0
    changed(other, 690)
    assert (reach(one).behind, reach(other).behind) == (0, 1)
    assert [fetch.current for fetch in fetches_of(other)] == [False]
    clock(1400)
    for path in (own, "/calendar.ics"):
        assert client.get(path).status_code == 200
    assert reach(other).behind == 0
    assert [fetch.current for fetch in fetches_of(other)] == [True]


def test_all_that_one_transaction_changes_is_of_one_instant(client: Browser) -> None:
    events = [announced(f"Evening {number}") for number in range(5)]
    client.get("/calendar.ics")
    before = db.session.get_one(Feed, ALL).changed_at
    for event in events:
        event.raise_sequence(before)
        refresh(event, before)
    db.session.commit()
    assert db.session.get_one(Feed, ALL, populate_existing=True).changed_at == before + SECOND
    assert {event.revised_at for event in events} == {before + SECOND}


def test_what_a_version_holds_is_never_later_than_it(client: Browser, clock: Any) -> None:
    """Also the first version of a feed that is opened while the others are ahead of the clock."""
    event = announced("One")
    clock(0)
    client.get("/calendar.ics")
    changed(event, 0)
    changed(event, 0)
    assert event.revised_at > NOW
    ann = a_person()
    reply(event, ann, Answer.YES, at=NOW)
    subscribe(ann, Wanted(everything=False), now=NOW)
    assert db.session.get_one(Feed, f"person/{ann.id}").changed_at >= event.revised_at


def test_everything_is_rendered_anew_by_as_many_statements_for_many_events_as_for_few(
    client: Browser, counted: Any
) -> None:
    costs = []
    for more in (2, 20):
        for number in range(more):
            announced(f"Evening {more}-{number}")
        for path in ("/calendar.ics", "/calendar/open.ics"):
            client.get(path)
        for entry in db.session.scalars(select(Entry)):
            entry.vevent = b"of another release"
        db.session.commit()
        before = {feed.key: feed.version for feed in db.session.scalars(select(Feed))}
        db.session.get_one(Society, 1).rendered_for = ""
        db.session.commit()
        db.session.expunge_all()
        with counted() as count:
            catch_up()
        costs.append(len(count))
        after = {feed.key: feed.version for feed in db.session.scalars(select(Feed))}
        assert after == {key: version + 1 for key, version in before.items()}
        assert not db.session.scalar(select(func.count()).where(Entry.vevent == b"of another release"))
    assert costs[0] == costs[1]


def test_an_answer_that_changes_dates_the_entry_in_ones_own_feed(client: Browser) -> None:
    event, ann = announced("One"), a_person()
    later = NOW + timedelta(hours=1)
    reply(event, ann, Answer.MAYBE, at=later)
    own = f"/calendar/personal/{subscribe(ann, Wanted(everything=False), now=later)}.ics"
    db.session.commit()
    maybe = client.get(own).data
    reply(event, ann, Answer.YES, at=later + SECOND)
    db.session.commit()
    going = client.get(own).data
    dates = [re.findall(rb"(?:DTSTAMP|LAST-MODIFIED):(\w+)", feed) for feed in (maybe, going)]
    assert dates == [[f"{later + passed * SECOND:%Y%m%dT%H%M%SZ}".encode()] * 2 for passed in (0, 1)]
    assert b"TRANSP:OPAQUE" in going


def test_own_feeds_are_put_together_of_stored_entries(
    client: Browser, counted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, events, costs = a_person(), [announced("Her evening")], []
    reply(events[0], ann, Answer.YES, at=NOW)
    own = f"/calendar/personal/{subscribe(ann, Wanted(everything=True), now=NOW)}.ics"
    for more in (2, 20):
        events += [announced(f"Evening {more}-{number}") for number in range(more)]
        client.get(own)
        changed(events[-1], 60 * more)
        with monkeypatch.context() as patched, counted() as count:
            patched.setattr("society.calendars.render.vevent", None)
            feed = client.get(own).data
        costs.append(len(count))
        stored = db.session.scalars(select(Entry.vevent).where(Entry.event_id != events[0].id)).all()
        assert len(stored) == len(events) - 1
        assert all(entry in feed for entry in stored)
        assert b"You are going." in feed
    assert costs[0] == costs[1]


def test_a_change_costs_the_same_however_many_follow_it_by_a_calendar_of_their_own(app: Any, counted: Any) -> None:
    event, costs = announced("One"), []
    for more in (1, 20):
        people = [a_person() for _ in range(more)]
        for person in people:
            subscribe(person, Wanted(everything=True), now=NOW)
        db.session.commit()
        with counted() as count:
            changed(event, more)
        costs.append(len(count))
        own = db.session.scalars(select(Feed).where(Feed.key.in_([f"person/{person.id}" for person in people])))
        assert {(feed.version, feed.changed_at) for feed in own} == {(2, event.revised_at)}
    assert costs[0] == costs[1]


def test_feeds_answer_where_they_are_and_lead_nowhere_else(client: Browser) -> None:
    """Some apps follow no redirect, and others forget the address that they were given."""
    event = announced("One")
    own = f"/calendar/personal/{subscribe(a_person(), Wanted(everything=True), now=NOW)}.ics"
    db.session.commit()
    paths = ("/calendar.ics", "/calendar.ics?past=all", "/calendar/open.ics", f"/events/{event.slug}.ics", own)
    answers = [client.get(path, headers={"Accept": "text/html"}) for path in paths]
    assert [(answer.status_code, answer.mimetype) for answer in answers] == [(200, "text/calendar")] * len(paths)
    assert client.get(f"{own}/").status_code == 404


WHOLE = "/calendar.ics?past=all"
LONG_AGO = NEXT_MONTH - timedelta(days=500)


@pytest.mark.parametrize(
    ("values", "paths", "raised"),
    [
        ({}, ["/calendar.ics", "/calendar/tag/bees.ics", WHOLE], [True, True, True]),
        ({"starts": LONG_AGO}, ["/calendar.ics", "/calendar/tag/bees.ics", WHOLE], [False, False, True]),
        ({"starts": LONG_AGO, "cancelled_at": NOW}, ["/calendar.ics", WHOLE], [False, False]),
    ],
)
def test_a_change_raises_the_public_feeds_that_hold_the_event_and_no_others(
    client: Browser, values: dict[str, Any], paths: list[str], raised: list[bool]
) -> None:
    event, olga = an_event("Bees", slug="bees", tags="bees", **values), a_person("Olga", "organizer")
    for one in (event, an_event("Others", tags="bees")):
        refresh(one, NOW)
    db.session.commit()
    paths = [*paths, "/events/bees.ics"]
    before = [client.get(path) for path in paths]

    alter(event, lambda: setattr(event, "title", "Wasps"), by=olga, now=now(), tell=False)
    db.session.commit()

    after = [client.get(path) for path in paths]
    pairs = list(zip(before, after, strict=True))
    assert [one.headers["ETag"] != two.headers["ETag"] for one, two in pairs] == [*raised, True]
    assert [one.data != two.data for one, two in pairs] == [*raised, True]


def test_an_event_that_comes_back_into_the_window_and_leaves_it_raises_what_holds_it(client: Browser) -> None:
    event, olga = an_event("Bees", starts=LONG_AGO), a_person("Olga", "organizer")
    refresh(event, NOW)
    db.session.commit()
    seen = [b"Bees" in client.get("/calendar.ics").data]
    for starts in (NEXT_MONTH, LONG_AGO):

        def move(starts: datetime = starts) -> None:
            event.starts, event.ends = starts, starts + timedelta(hours=1)
            event.starts_at, event.ends_at = to_utc(event.starts, event.zone), to_utc(event.ends, event.zone)

        alter(event, move, by=olga, now=now(), tell=False)
        db.session.commit()
        seen.append(b"Bees" in client.get("/calendar.ics").data)
    assert seen == [False, True, False]


def test_own_feeds_rise_by_what_they_show_and_tell_nothing_of_what_is_hidden(client: Browser) -> None:
    """By an event for members only the feed of somebody else would tell, at every change, that there is one."""
    hidden, long_ago = an_event("Hidden", visibility=Visibility.MEMBERS), an_event("Old", starts=LONG_AGO)
    shown, olga, ann, ben, cem = an_event("Shown"), a_person("Olga", "organizer"), *(a_person() for _ in range(3))
    a_membership(cem)
    for event in (hidden, long_ago, shown):
        refresh(event, NOW)
    people = {"ann": ann, "cem": cem, "olga": olga}
    own = {name: subscribe(person, Wanted(everything=True), now=NOW) for name, person in people.items()}
    own["ben"] = subscribe(ben, Wanted(everything=False), now=NOW)

    def raised_by(act: Callable[[], object]) -> set[str]:
        db.session.commit()
        before = {name: client.get(f"/calendar/personal/{token}.ics") for name, token in own.items()}
        act()
        db.session.commit()
        after = {name: client.get(f"/calendar/personal/{token}.ics") for name, token in own.items()}
        tagged = {name for name in own if before[name].headers["ETag"] != after[name].headers["ETag"]}
        assert tagged == {name for name in own if before[name].data != after[name].data}
        return tagged

    def changes(event: Event, field: str, value: object) -> Callable[[], object]:
        return lambda: alter(event, lambda: setattr(event, field, value), by=olga, now=now(), tell=False)

    assert raised_by(changes(hidden, "title", "Hidden still")) == {"cem", "olga"}
    assert raised_by(changes(long_ago, "title", "Old still")) == set()
    assert raised_by(lambda: reply(shown, ben, Answer.NO, at=now())) == set()
    assert raised_by(lambda: reply(shown, ben, Answer.YES, at=now())) == {"ben"}
    assert raised_by(lambda: reply(shown, ben, Answer.NO, at=now())) == {"ben"}
    assert raised_by(changes(hidden, "visibility", Visibility.PUBLIC)) == {"ann"}
    assert raised_by(changes(hidden, "visibility", Visibility.MEMBERS)) == {"ann"}
    assert raised_by(changes(shown, "rsvp_policy", RsvpPolicy.CLOSED)) == set()


def test_who_may_answer_raises_the_feed_of_what_everyone_may_come_to_alone(client: Browser) -> None:
    event, olga = an_event("Bees"), a_person("Olga", "organizer")
    refresh(event, NOW)
    db.session.commit()
    paths = ["/calendar.ics", "/calendar/open.ics"]
    before = [client.get(path).headers["ETag"] for path in paths]

    alter(event, lambda: setattr(event, "rsvp_policy", RsvpPolicy.MEMBERS), by=olga, now=now(), tell=False)
    db.session.commit()

    after = [client.get(path).headers["ETag"] for path in paths]
    assert [one != two for one, two in zip(before, after, strict=True)] == [False, True]
