"""Who fetches feeds: what is noted of it, how seldom, and whom a change has reached."""

import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from society.calendars.apps import App, app_of
from society.calendars.fetches import EVERY, REMEMBERED, forget_old_fetches, note_own
from society.calendars.models import Fetch, Subscription
from society.db import db
from society.events.models import Category, Event, Visibility
from society.notices.following import followers, turned
from society.notices.models import Audience, Notice, NoticeKind
from society.notices.queries import people_in
from society.people.models import Person
from society.records.personal_data import kept_on
from society.rsvps.actions import reply
from society.rsvps.feed import Wanted, refresh, subscribe
from society.rsvps.models import Answer
from society.rsvps.reach import reach
from tests.builders import NOW, a_person, an_event
from tests.conftest import Browser

GOOGLE = "Mozilla/5.0 (compatible; Google-Calendar-Importer)"
PHONE = "iOS/26.0 (23A341) dataaccessd/1.0"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
NAMES = {
    GOOGLE: App.GOOGLE,
    PHONE: App.IOS,
    "macOS/15.1 (24B83) dataaccessd/1.0": App.MACOS,
    "Mac+OS+X/10.15.7 (19H2) CalendarAgent/930.5.1": App.MACOS,
    "Microsoft.Exchange/15.20 (Calendar)": App.OUTLOOK_WEB,
    "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17328; Pro)": App.OUTLOOK,
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Thunderbird/140.2": App.THUNDERBIRD,
    "Evolution/3.56.2": App.GNOME,
    "Mozilla/5.0 (X11; Linux x86_64) akonadi_ical_resource/6.2": App.KDE,
    "ICSx5/2.3.1 (ical4j/4.1.1 okhttp/4.12.0) Android/15": App.DAVX5,
    "vdirsyncer/0.19.3": App.VDIRSYNCER,
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15": App.BROWSER,
    "curl/8.5.0": App.OTHER,
    "": App.OTHER,
}


def test_apps_are_told_by_what_they_say_of_themselves() -> None:
    assert {name: app_of(name) for name in NAMES} == NAMES


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets what time it is for feeds."""
    return lambda moment: monkeypatch.setattr("society.calendars.routes.feeds.now", lambda: moment)


def noted() -> dict[tuple[str, App], datetime]:
    rows = db.session.execute(select(Fetch.key, Fetch.app, Fetch.fetched_at))
    return {(row.key, row.app): row.fetched_at for row in rows}


def fetch(client: Browser, path: str, agent: str = PHONE, **headers: str) -> Any:
    return client.get(path, headers={"User-Agent": agent, **headers})


def test_of_one_app_a_public_feed_notes_one_fetch_in_ten_minutes(client: Browser, clock: Any, counted: Any) -> None:
    for passed, shown in ((0, 0), (9, 0), (10, 10), (15, 10)):
        clock(NOW + timedelta(minutes=passed))
        fetch(client, "/calendar.ics")
        assert noted() == {("all", App.IOS): NOW + timedelta(minutes=shown)}
    db.session.commit()
    with counted() as count:
        fetch(client, "/calendar.ics")
    assert len(count) == 1


def test_each_kind_of_app_has_a_line_of_its_own(client: Browser) -> None:
    for path, agent in (("/calendar.ics", GOOGLE), ("/calendar.ics", PHONE), ("/calendar/open.ics", PHONE)):
        fetch(client, path, agent)
    assert set(noted()) == {("all", App.GOOGLE), ("all", App.IOS), ("open", App.IOS)}


def test_a_304_is_a_fetch_of_what_stands_and_a_head_gives_nothing(client: Browser, clock: Any) -> None:
    clock(NOW)
    [(_, own)] = following(an_event("A talk"), 1)
    for path in ("/calendar.ics", own):
        assert client.head(path, headers={"User-Agent": PHONE}).status_code == 200
    assert not noted()
    assert db.session.scalars(select(Subscription)).one().given_at is None
    etag = fetch(client, "/calendar.ics").headers["ETag"]
    clock(later := NOW + EVERY + timedelta(minutes=1))
    assert fetch(client, "/calendar.ics", **{"If-None-Match": etag}).status_code == 304
    assert noted() == {("all", App.IOS): later}


def test_who_follows_one_event_is_noted_and_a_file_of_it_is_no_subscription(client: Browser, clock: Any) -> None:
    event = an_event("A talk")
    members = an_event("For members", visibility=Visibility.MEMBERS)
    refresh(event, NOW)
    refresh(members, NOW)
    path, key = f"/events/{event.slug}.ics", f"event/{event.slug}"
    for file in (f"{path}?file=yes", f"{path}?file=yes&sessions=yes", f"/events/{members.slug}.ics"):
        fetch(client, file)
    for agent in (FIREFOX, "curl/8.5.0"):
        fetch(client, path, agent)
    client.head(path, headers={"User-Agent": PHONE})
    assert not noted()

    for passed, shown in ((0, 0), (9, 0), (10, 10)):
        clock(NOW + timedelta(minutes=passed))
        etag = fetch(client, path).headers["ETag"]
        assert noted() == {(key, App.IOS): NOW + timedelta(minutes=shown)}
    clock(later := NOW + timedelta(minutes=20))
    assert fetch(client, path, **{"If-None-Match": etag}).status_code == 304
    assert noted() == {(key, App.IOS): later}


def test_staff_see_who_follows_one_event_and_whether_they_have_it_as_it_is(client: Browser) -> None:
    event = an_event("A talk")
    refresh(event, NOW)
    fetch(client, f"/events/{event.slug}.ics")
    client.sign_in(a_person("Olga", "organizer"))
    pages = (f"/organize/events/{event.id}/calendars", "/organize/calendars")
    for page in pages:
        said = client.get(page).text
        assert "Event: A talk" in said
        assert "earlier version" not in said
    assert f">/events/{event.slug}.ics<" in said
    assert "Event: A talk (Apple Calendar on iPhone or iPad)" in followers(turned(event), NOW).public_said
    event.raise_sequence(later := NOW + timedelta(hours=1))
    refresh(event, later)
    for page in pages:
        assert "earlier version" in client.get(page).text


@contextmanager
def written_by_another(app: Any, queued: bool) -> Iterator[None]:
    """Somebody else holds the database until afterwards; for three seconds at most, lest a wait has no end."""
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with app.app_context(), _written(queued):
            held.set()
            done.wait(3)

    other = threading.Thread(target=hold)
    other.start()
    held.wait()
    yield
    done.set()
    other.join()


@contextmanager
def _written(queued: bool) -> Iterator[None]:
    if db.engine.dialect.name == "sqlite" and not queued:
        with closing(sqlite3.connect(str(db.engine.url.database), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        return
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        if db.engine.dialect.name == "postgresql":
            connection.execute(text("LOCK TABLE feed_fetch, subscription IN EXCLUSIVE MODE"))
        yield


@pytest.mark.parametrize("queued", [True, False])
def test_a_busy_database_neither_delays_a_feed_nor_fails_it(app: Any, client: Browser, queued: bool) -> None:
    token = subscribe(a_person(), Wanted(everything=True), now=NOW)
    paths = ("/calendar.ics", f"/calendar/personal/{token}.ics")
    fetch(client, "/calendar.ics", GOOGLE)
    with written_by_another(app, queued):
        started = datetime.now()  # noqa: DTZ005, a span
        assert [fetch(client, path).status_code for path in paths] == [200, 200]
        assert datetime.now() - started < timedelta(seconds=8)  # noqa: DTZ005
    assert set(noted()) == {("all", App.GOOGLE)}
    assert [fetch(client, path).status_code for path in paths] == [200, 200]
    assert set(noted()) == {("all", App.GOOGLE), ("all", App.IOS)}


def test_an_own_feed_notes_one_fetch_in_ten_minutes_and_costs_no_query_more(
    client: Browser, clock: Any, counted: Any
) -> None:
    path = f"/calendar/personal/{subscribe(a_person(), Wanted(everything=True), now=NOW)}.ics"
    row = db.session.scalars(select(Subscription)).one()
    for passed, shown in ((0, 0), (9, 0), (11, 11)):
        clock(NOW + timedelta(minutes=passed))
        etag = fetch(client, path).headers["ETag"]
        db.session.refresh(row)
        assert (row.fetched_at, row.fetched_by) == (NOW + timedelta(minutes=shown), App.IOS)
    with counted() as count:
        assert fetch(client, path, **{"If-None-Match": etag}).status_code == 304
    assert len(count) == 1
    client.sign_in(db.session.get_one(Person, row.person_id))
    assert "by Apple Calendar on iPhone or iPad." in client.get("/me/calendar").text
    assert kept_on(db.session.get_one(Person, row.person_id))["calendar"][0]["fetched_by"] == "ios"
    subscribe(db.session.get_one(Person, row.person_id), Wanted(everything=True), now=NOW)
    assert (row.fetched_at, row.fetched_by, row.given_at) == (None, None, None)


def test_lines_of_public_feeds_are_forgotten_two_months_after_the_last_fetch(client: Browser) -> None:
    fetch(client, "/calendar.ics")
    forget_old_fetches(NOW + REMEMBERED - timedelta(days=1))
    assert noted()
    forget_old_fetches(NOW + REMEMBERED + timedelta(days=1))
    assert not noted()


def following(event: Event, count: int) -> list[tuple[Person, str]]:
    """People who are going, and the addresses of their own calendars."""
    people = [a_person() for _ in range(count)]
    for person in people:
        reply(event, person, Answer.YES, at=NOW)
    return [(p, f"/calendar/personal/{subscribe(p, Wanted(everything=False), now=NOW)}.ics") for p in people]


def test_an_organizer_sees_whom_a_change_has_reached_and_writes_to_the_others(client: Browser, clock: Any) -> None:
    event = an_event("A talk")
    (ann, anns), (_ben, bens), (cem, _never) = following(event, 3)
    by_mail = a_person()
    reply(event, by_mail, Answer.YES, at=NOW)
    clock(NOW)
    for path in (anns, bens):
        fetch(client, path)
    later = NOW + timedelta(minutes=20)
    event.room = "Room 221"
    event.raise_sequence(later)
    refresh(event, later)
    assert (reach(event).reached, reach(event).subscribers, reach(event).answered) == (0, 3, 4)

    clock(later + timedelta(minutes=1))
    fetch(client, bens)
    assert (reach(event).reached, reach(event).behind) == (1, 2)
    change = Notice(kind=NoticeKind.CHANGE, audience=Audience.BEHIND, event=event)
    assert set(db.session.scalars(people_in(change, later))) == {ann, cem}

    client.sign_in(a_person("Olga", "organizer"))
    page = client.get(f"/organize/events/{event.id}/calendars").text
    assert "<b>1 of 3</b>" in page
    assert "Write to the 2 it has not reached" in page
    form = client.get(f"/organize/notices/new?kind=change&event={event.id}&audience=behind").text
    assert re.search('<input checked[^>]* value="behind"', form)
    sent = {"kind": "change", "event": event.id, "audience": "behind", "subject": "A new room", "body": "Room 221."}
    draft = client.post("/organize/notices/new", data=sent)
    assert "Send it to 2 people" in client.get(f"{draft.location}/send").text


def test_who_follows_all_that_they_may_see_is_reached_without_having_answered(client: Browser, clock: Any) -> None:
    event, ann = an_event("A talk"), a_person()
    path = f"/calendar/personal/{subscribe(ann, Wanted(everything=True), now=NOW)}.ics"
    refresh(event, NOW)
    clock(NOW + timedelta(minutes=1))
    fetch(client, path)
    assert (reach(event).reached, reach(event).subscribers, reach(event).by_mail) == (1, 1, 0)
    event.raise_sequence(NOW + timedelta(minutes=2))
    change = Notice(kind=NoticeKind.CHANGE, audience=Audience.BEHIND, event=event)
    assert db.session.scalars(people_in(change, NOW)).all() == [ann]
    event.visibility = Visibility.MEMBERS
    assert (reach(event).subscribers, db.session.scalars(people_in(change, NOW)).all()) == (0, [])


def test_a_browser_that_opens_an_own_calendar_takes_no_app_s_place_nor_is_reached(client: Browser, clock: Any) -> None:
    event, ann = an_event(), a_person()
    refresh(event, NOW)
    reply(event, ann, Answer.YES, at=NOW)
    path = f"/calendar/personal/{subscribe(ann, Wanted(everything=False), now=NOW)}.ics"
    db.session.commit()
    steps = [(FIREFOX, 0, None, 0), (GOOGLE, 1, App.GOOGLE, 1), (FIREFOX, 30, App.GOOGLE, 1)]
    for agent, minutes, app, reached in [*steps, (PHONE, 31, App.IOS, 1), (FIREFOX, 60, App.IOS, 1)]:
        clock(NOW + timedelta(minutes=minutes))
        assert fetch(client, path, agent).status_code == 200
        db.session.expire_all()
        found = reach(event)
        assert ([one.app for one in found.apps], found.reached) == ([app], reached), (agent, minutes)


def test_who_was_given_the_version_before_is_not_reached_however_late_they_were_answered(app: Any) -> None:
    event = an_event("A talk")
    [(person, _)] = following(event, 1)
    row = db.session.scalars(select(Subscription)).one()
    event.raise_sequence(NOW + timedelta(minutes=1))
    db.session.commit()
    note_own(row.id, App.IOS, NOW, NOW + timedelta(minutes=2))
    assert reach(event).behind == 1
    note_own(row.id, App.IOS, NOW + timedelta(minutes=1), NOW + timedelta(minutes=12))
    assert reach(event).behind == 0
    assert person.id == row.person_id


def test_a_public_feed_shows_whether_it_has_the_event_as_it_is(client: Browser, clock: Any) -> None:
    event = an_event("A talk")
    refresh(event, NOW)
    fetch(client, "/calendar.ics", GOOGLE)
    client.sign_in(a_person("Olga", "organizer"))
    assert "The event as it is" in client.get(f"/organize/events/{event.id}/calendars").text
    event.raise_sequence(later := NOW + timedelta(hours=1))
    refresh(event, later)
    assert "An earlier version" in client.get(f"/organize/events/{event.id}/calendars").text
    assert "an earlier version" in client.get("/organize/calendars").text


def test_the_pages_cost_the_same_with_one_subscriber_and_with_three(client: Browser, counted: Any) -> None:
    event = an_event("A talk")
    client.sign_in(a_person("Olga", "organizer"))
    costs = []
    for agents in ([PHONE], [GOOGLE, "Evolution/3"]):
        slug = f"kind-{len(agents)}"
        alone = an_event(category=Category(name=slug, slug=slug))
        refresh(alone, NOW)
        for (_, path), agent in zip(following(event, len(agents)), agents, strict=True):
            for address in (path, "/calendar.ics", f"/calendar/category/{slug}.ics", f"/events/{alone.slug}.ics"):
                fetch(client, address, agent)
        for page in ("/organize/calendars", f"/organize/events/{event.id}/calendars"):
            with counted() as count:
                assert client.get(page).status_code == 200
            costs.append(len(count))
    assert costs[:2] == costs[2:]


def test_an_own_calendar_that_nobody_fetches_any_more_is_said(client: Browser, clock: Any) -> None:
    [(_, path)] = following(an_event("A talk"), 1)
    clock(NOW - timedelta(days=8))
    fetch(client, path)
    fetch(client, "/calendar.ics", GOOGLE)
    client.sign_in(a_person("Olga", "organizer"))
    page = client.get("/organize/calendars").text
    assert "Apple Calendar on iPhone or iPad" in page
    assert page.count("8 days ago") == 2
    assert '<span class="badge warn">Not for a week</span>' in page
