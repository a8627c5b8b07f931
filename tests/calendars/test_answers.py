"""What a feed's address answers, whoever asks: the same bytes, and by which validators they are known."""

from datetime import timedelta
from typing import Any

import pytest

from society.calendars.models import Subscription
from society.db import db
from society.events.models import Category
from society.rsvps.feed import Wanted, refresh, subscribe
from society.tokens import hashed
from tests.builders import NOW, a_backing, a_person
from tests.calendars.test_feeds import announced, entries
from tests.conftest import Browser

MINUTE = timedelta(minutes=1)


def test_what_has_not_changed_since_a_date_is_not_sent_again(
    client: Browser, counted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    event, token = announced(), subscribe(a_person(), Wanted(everything=True), now=NOW)
    db.session.commit()
    clock = [NOW]
    monkeypatch.setattr("society.calendars.routes.feeds.now", lambda: clock[0])
    for path in ("/calendar.ics", f"/calendar/personal/{token}.ics"):
        clock[0] = NOW
        assert "Last-Modified" not in client.get(path).headers  # within that second it may change once more
        clock[0] = NOW + MINUTE
        dated = client.get(path).headers["Last-Modified"]
        assert client.get(path).last_modified == NOW
        db.session.rollback()
        with counted() as count:
            answer = client.get(path, headers={"If-Modified-Since": dated})
        assert (answer.status_code, answer.data, len(count)) == (304, b"", 1)

    event.title = "Another title"
    refresh(event, NOW + MINUTE)
    db.session.commit()
    clock[0] = NOW + 2 * MINUTE
    for path in ("/calendar.ics", f"/calendar/personal/{token}.ics"):
        answer = client.get(path, headers={"If-Modified-Since": dated})
        assert (answer.status_code, answer.last_modified) == (200, NOW + MINUTE)


def test_a_category_and_an_organization_have_what_is_theirs(client: Browser) -> None:
    walks = Category(name="Walks", slug="walks")
    db.session.add(walks)
    walk, backed, _other = announced(category=walks), announced(), announced()
    backing = a_backing(backed, "Debating Union", "sponsor")
    a_backing(walk, "Chess Club", "endorser", "proposed")
    for event in (walk, backed):
        refresh(event, NOW)
    db.session.commit()

    for path, event in (("category/walks", walk), (f"organization/{backing.organization.slug}", backed)):
        assert entries(client.get(f"/calendar/{path}.ics").data).keys() == {event.uid}
    proposed = walk.backings[0].organization.slug
    assert client.get(f"/calendar/organization/{proposed}.ics").status_code == 404


def test_a_browser_gets_what_a_calendar_app_gets(client: Browser) -> None:
    event, token = announced(), subscribe(a_person(), Wanted(everything=True), now=NOW)
    db.session.commit()
    for path in ("/calendar.ics", f"/calendar/personal/{token}.ics", f"/events/{event.slug}.ics"):
        to_app = client.get(path)
        to_browser = client.get(path, headers={"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"})
        assert to_browser.data == to_app.data
        for name in ("Content-Type", "ETag"):
            assert to_browser.headers[name] == to_app.headers[name]
        assert "Accept," not in f"{to_app.headers['Vary']},"


def test_a_zone_is_defined_once_for_all_who_use_it(client: Browser) -> None:
    for zone in ("Europe/Berlin", "America/New_York", "Europe/Berlin", "America/New_York"):
        announced(zone=zone)
    feed = client.get("/calendar.ics").text
    assert feed.count("BEGIN:VEVENT") == 4
    defined = [line for line in feed.split("\r\n") if line.startswith("TZID:")]
    assert sorted(defined) == ["TZID:America/New_York", "TZID:Europe/Berlin"]


def test_of_the_secret_in_a_persons_own_address_only_a_hash_is_stored(client: Browser) -> None:
    token = subscribe(a_person(), Wanted(everything=True), now=NOW)
    db.session.commit()
    row = db.session.query(Subscription).one()
    stored = [str(getattr(row, column.key)) for column in Subscription.__table__.columns]
    assert row.token_hash == hashed(token) != token
    assert not [value for value in stored if token in value]
    assert client.get(f"/calendar/personal/{row.token_hash}.ics").status_code == 404
