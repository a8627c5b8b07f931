"""Messages that are for people to read: who is told of them, and when they go."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from society.db import db
from society.invitations.unsorted import KEPT_FOR, keep, look_after_unsorted
from society.mail.models import Letter
from society.people.models import Person
from tests.builders import a_person, letters_to

NOON = datetime(2026, 11, 30, 17, tzinfo=UTC)
"""Where the society is, in New York: what is told once a day turns on its date."""
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def folder(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(app, "instance_path", str(tmp_path))
    return tmp_path / "unsorted"


@pytest.fixture
def admin(app: Flask) -> Person:
    person = a_person("Ada Admin", "admin")
    a_person("Olga Organizer", "organizer")
    db.session.commit()
    return person


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.eml"))


def test_the_admins_are_told_once_of_each_and_once_a_day(admin: Person, folder: Path) -> None:
    first = keep(b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\nWhen is it?\r\n")
    for hours in range(3):
        look_after_unsorted(NOON + timedelta(hours=hours))
        db.session.rollback()
    assert letters_to(admin) == ["A message is for people to read"]
    text = db.session.scalars(select(Letter)).one().body.replace("\\", "")
    assert f"Grüße ({first.name})" in text
    assert str(folder) in text

    for number in range(12):
        keep(b"Subject: Again\r\n\r\n%d" % number)
    look_after_unsorted(NOON + timedelta(hours=4))
    assert len(letters_to(admin)) == 1
    look_after_unsorted(NOON + DAY)
    look_after_unsorted(NOON + 2 * DAY)
    assert letters_to(admin) == ["A message is for people to read", "12 messages are for people to read"]
    db.session.rollback()


def test_what_was_told_goes_after_its_time_and_nothing_before(admin: Person, folder: Path) -> None:
    old = keep(b"Subject: Old\r\n\r\n")
    look_after_unsorted(NOON)
    new = keep(b"Subject: New\r\n\r\n")
    look_after_unsorted(NOON + DAY)

    look_after_unsorted(NOON + KEPT_FOR - DAY)
    assert len(kept(folder)) == 2
    look_after_unsorted(NOON + KEPT_FOR)
    assert kept(folder) == [new.name]
    look_after_unsorted(NOON + KEPT_FOR + DAY)
    assert kept(folder) == []

    keep(b"Subject: Old\r\n\r\n")  # it comes once more, and is told of once more
    look_after_unsorted(NOON + KEPT_FOR + 2 * DAY)
    assert kept(folder) == [old.name]
    assert len(letters_to(admin)) == 3
    db.session.rollback()


def test_of_what_nobody_could_be_told_nothing_goes_however_old(app: Flask, folder: Path) -> None:
    """Time counts from when an admin was told, not from when the message came."""
    keep(b"Subject: Hello\r\n\r\n")
    for days in (0, 100, 200):
        look_after_unsorted(NOON + days * DAY)
        db.session.rollback()
    assert len(kept(folder)) == 1

    admin = a_person("Ada Admin", "admin")
    db.session.commit()
    look_after_unsorted(NOON + 300 * DAY)
    assert (len(kept(folder)), len(letters_to(admin))) == (1, 1)
    db.session.rollback()


def test_other_files_stay_and_a_folder_that_is_not_there_is_not_made(admin: Person, folder: Path) -> None:
    look_after_unsorted(NOON)
    assert not folder.exists()
    other = keep(b"Subject: Hello\r\n\r\n").with_name("notes.txt")
    other.write_text("mine")
    for days in (0, 200):
        look_after_unsorted(NOON + days * DAY)
    assert (kept(folder), other.read_text()) == ([], "mine")
    db.session.rollback()
