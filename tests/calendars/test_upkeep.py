"""Entries are rendered anew once, wherever the program is served, when what all of them depend on has changed."""

from threading import enumerate as threads
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from society.calendars import upkeep
from society.calendars.models import Entry, Feed
from society.calendars.upkeep import catch_up, keep_up, keep_up_from_first_request
from society.db import db
from society.kept import public_version
from society.settings import Society
from society.times import now
from tests.builders import NOW, a_person
from tests.calendars.test_feeds import announced
from tests.conftest import Browser
from tests.site.test_organize import SETTINGS

OLD = b"of another release"


@pytest.fixture
def behind(app: Flask, client: Browser) -> Flask:
    """Three entries that were rendered for something else, and a feed that was fetched."""
    for _ in range(3):
        announced()
    client.get("/calendar.ics")
    for entry in db.session.scalars(select(Entry)):
        entry.vevent = OLD
    db.session.commit()
    app.extensions.pop("entries rendered for", None)
    return app


def old_ones() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(Entry.vevent == OLD)) or 0


def version() -> int:
    return db.session.get_one(Feed, "all", populate_existing=True).version


def test_it_goes_on_where_it_was_broken_off_and_ends(behind: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "STEP", 1)
    before = version()
    assert upkeep._step(NOW)
    assert old_ones() == 2
    db.session.execute(update(Entry).values(vevent=OLD))
    db.session.commit()
    catch_up()
    assert old_ones() == 1  # the first is behind us
    assert version() > before
    standing = version()
    catch_up()
    assert version() == standing


def test_the_pages_of_visitors_are_made_anew_once_after_the_last_step(
    behind: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "STEP", 1)
    before = public_version()
    assert upkeep._step(NOW)
    assert public_version() == before
    catch_up()
    assert public_version() == before + 1


def test_another_address_meanwhile_begins_it_again(behind: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "STEP", 1)
    assert upkeep._step(NOW)
    monkeypatch.setitem(behind.config, "BASE_URL", "https://moved.example.org")
    catch_up()
    entries = db.session.scalars(select(Entry.vevent)).all()
    assert all(b"https://moved.example.org/" in entry.replace(b"\r\n ", b"") for entry in entries)


def test_a_process_sees_to_it_once_and_when_the_address_changes(
    behind: Flask, client: Browser, counted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(behind.config, "BASE_URL", "")
    admin = a_person("", "admin")
    db.session.commit()
    keep_up(now())
    assert old_ones() == 0
    with counted() as count:
        keep_up(now())
    assert not count

    client.sign_in(admin).post("/organize/settings", data=SETTINGS)
    with behind.app_context():  # as each chore has
        keep_up(now())
    assert b"https://lamp.example.org/events/" in client.get("/calendar.ics").data.replace(b"\r\n ", b"")


def test_another_name_is_in_the_feeds_at_once_and_renders_no_event(behind: Flask, client: Browser) -> None:
    client.sign_in(a_person("", "admin"))
    client.post("/organize/settings", data=SETTINGS)
    assert f"\r\nX-WR-CALNAME:{SETTINGS['name']}\r\n".encode() in client.get("/calendar.ics").data
    assert old_ones() == 3


def test_a_web_server_of_ones_own_catches_up_beside_its_first_request(behind: Flask, client: Browser) -> None:
    served = behind.wsgi_app
    keep_up_from_first_request(behind)
    assert client.get("/healthz").status_code == 200
    for thread in threads():
        if thread.name == "calendars":
            thread.join(10)
    assert old_ones() == 0
    assert behind.wsgi_app == served
    assert db.session.get_one(Society, 1).rendered_to is None
