"""Forms that two people have open at once: what each of them changed is there in the end, and nothing unseen."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from society.agenda.models import Session
from society.audit.actions import record
from society.db import Model, db
from society.events.models import Category
from society.notices.models import Audience, Notice, NoticeKind, NoticeVersion
from society.settings import Society
from society.times import now
from tests.as_opened import fields_of, typed
from tests.builders import NOW, a_person, a_tier, a_venue, an_event, an_organization
from tests.conftest import Browser

Made = tuple[Model, str]


def _a_category() -> Made:
    category = Category(name="Lectures", slug="lectures")
    db.session.add(category)
    return category, "/organize/categories/{}"


def _a_draft() -> Notice:
    notice = Notice(
        kind=NoticeKind.ANNOUNCEMENT, audience=Audience.MEMBERS, subject="News", body="Hello.", created_at=NOW
    )
    db.session.add(notice)
    return notice


def _a_version() -> Made:
    notice = _a_draft()
    notice.versions.append(version := NoticeVersion(language="de", subject="Neues", body="Hallo."))
    db.session.flush()
    return version, f"/organize/notices/{notice.id}/languages/de"


def _a_session() -> Made:
    event = an_event(published_at=None)
    event.schedule(event.starts, event.starts + timedelta(hours=3), event.zone, all_day=False)
    session = Session(event=event, title="A session", revised_at=NOW)
    session.schedule(event.starts, event.starts + timedelta(hours=1), event.zone)
    db.session.add(session)
    return session, f"/organize/events/{event.id}/agenda/{{}}"


SHARED: dict[str, tuple[Callable[[], Made], dict[str, Any], dict[str, Any]]] = {
    "venue": (
        lambda: (a_venue("Scott Hall"), "/organize/venues/{}"),
        {"access": "A ramp.", "rooms": "Attic | 20"},
        {"town": "York"},
    ),
    "organization": (
        lambda: (an_organization("B Union"), "/organize/organizations/{}"),
        {"url": "https://b.example.org"},
        {"about": "Debates."},
    ),
    "category": (_a_category, {"colour": "royalblue"}, {"name": "Talks"}),
    "notice": (lambda: (_a_draft(), "/organize/notices/{}"), {"subject": "Good news"}, {"body": "Hello, all."}),
    "version": (_a_version, {"subject": "Gutes"}, {"body": "Hallo!"}),
    "session": (_a_session, {"speakers": "Ada | poet", "room": "Attic"}, {"abstract": "All of it."}),
    "tier": (lambda: (a_tier("Full"), "/organize/settings/tiers/{}"), {"about": "All of it."}, {"grace_days": "30"}),
    "terms": (
        lambda: (db.session.get_one(Society, 1), "/organize/settings/membership"),
        {"bic": "GENODEM1GLS"},
        {"payment_terms": "In cash."},
    ),
    "settings": (
        lambda: (db.session.get_one(Society, 1), "/organize/settings"),
        {"tagline": "Since 1931"},
        {"welcome": "Hello."},
    ),
}


@pytest.fixture
def mine(client: Browser) -> Browser:
    return client.sign_in(a_person("Ann Admin", "admin", "organizer"))


@pytest.fixture
def theirs(app: Flask) -> Browser:
    browser: Any = app.test_client()
    return browser.sign_in(a_person("Bea Board", "admin", "organizer"))


@pytest.mark.parametrize("which", SHARED)
def test_what_each_of_two_changed_in_one_form_is_saved(mine: Browser, theirs: Browser, which: str) -> None:
    make, their, my = SHARED[which]
    row, address = make()
    db.session.commit()
    address = address.format(row.id)
    opened = fields_of(mine.get(address).text)
    assert theirs.post(address, data=typed(opened, **their)).status_code == 303

    answer = mine.post(address, data=typed(opened, **my))

    assert answer.status_code == 422
    assert "Bea Board saved th" in answer.text
    assert "You both changed" not in answer.text
    shown = fields_of(answer.text)
    assert {name: shown[name] for name in {**their, **my}} == {**their, **my}
    assert mine.post(address, data=shown).status_code == 303
    after = fields_of(mine.get(address).text)
    assert {name: after[name] for name in {**their, **my}} == {**their, **my}


@pytest.mark.parametrize("which", SHARED)
def test_what_both_changed_is_shown_with_both_values(mine: Browser, theirs: Browser, which: str) -> None:
    make, _, my = SHARED[which]
    (name, value), *_ = my.items()
    row, address = make()
    db.session.commit()
    address = address.format(row.id)
    opened = fields_of(mine.get(address).text)
    other = {"30": "31", "York": "Ely"}.get(value, f"{value} Or so")
    assert theirs.post(address, data=typed(opened, **{name: other})).status_code == 303

    answer = mine.post(address, data=typed(opened, **my))

    assert answer.status_code == 422
    assert f'"Saved meanwhile">{other}</td>' in answer.text
    assert f'"In the form">{value}</td>' in answer.text
    shown = fields_of(answer.text)
    assert shown[name] == value
    assert mine.post(address, data=shown).status_code == 303, "who has seen it decides"
    assert fields_of(mine.get(address).text)[name] == value


@pytest.mark.parametrize("which", SHARED)
def test_one_form_sent_twice_and_one_without_marks_are_saved_as_ever(mine: Browser, which: str) -> None:
    make, their, my = SHARED[which]
    row, address = make()
    db.session.commit()
    address = address.format(row.id)
    opened = fields_of(mine.get(address).text)
    for _ in range(2):
        assert mine.post(address, data=typed(opened, **my)).status_code == 303

    bare = typed(opened, **their)
    for name in ("seen", "revision"):
        bare.poplist(name)
    assert mine.post(address, data=bare).status_code == 303
    after = fields_of(mine.get(address).text)
    assert {name: after[name] for name in my} == {name: opened[name] for name in my}


def test_what_cannot_be_so_together_is_said_beside_its_field(mine: Browser, theirs: Browser) -> None:
    tier = a_tier("Students")
    db.session.commit()
    address = f"/organize/settings/tiers/{tier.id}"
    opened = fields_of(mine.get(address).text)
    theirs.post(address, data=typed(opened, youngest=50))

    answer = mine.post(address, data=typed(opened, oldest=40))

    assert answer.status_code == 422
    assert "The oldest cannot be younger than the youngest." in answer.text


def test_who_changed_it_before_the_form_was_opened_is_not_who_saved_it_meanwhile(mine: Browser) -> None:
    organization = an_organization("B Union")
    record("organization changed", organization, by=a_person("Ed Earlier"), now=now() - timedelta(hours=1))
    db.session.commit()
    address = f"/organize/organizations/{organization.id}"
    opened = fields_of(mine.get(address).text)
    organization.about = "What no log tells of."

    answer = mine.post(address, data=typed(opened, url="https://b.example.org"))

    assert "Someone saved this organization" in answer.text
