"""`society demo`, and the site that it makes."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select

from society.cli import society
from society.db import begin_write, db
from society.demo.fill import PASSWORD, Demo
from society.demo.people import SIGN_INS
from society.errors import Refused
from society.events.models import Category, Event, Venue, Visibility
from society.events.queries import known_to
from society.factory import create_app
from society.organizations.models import Organization
from society.people.models import Person
from society.settings import Society
from society.site.actions import new_setup_link
from society.times import now
from tests.conftest import Browser
from tests.demo.conftest import SMALL

SIZES = ("--people", "30", "--events", "16", "--rsvps", "60", "--seed", "2", "--now", "2027-05-20")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """`society …` on an installation of its own; gives what it printed."""
    monkeypatch.setenv("SOCIETY_INSTANCE", str(tmp_path))
    monkeypatch.setenv("SOCIETY_DATABASE_URL", "")

    def ran(*arguments: str) -> str:
        from click.testing import CliRunner

        result = CliRunner().invoke(society, arguments)
        if result.exception:
            raise result.exception
        return result.stdout

    return ran


def test_it_says_what_it_does_and_who_can_sign_in(run: Callable[..., str]) -> None:
    said = run("demo", *SIZES).splitlines()

    assert said[:4] == ["People", "Ledger", "Events", "Notices"]
    assert "30 people, 16 events, 60 answers" in said[4]
    assert PASSWORD in said[5]
    assert [line.strip() for line in said[6:9]] == list(SIGN_INS)
    assert said[10].strip().startswith("/door/")


def test_a_second_time_it_refuses(run: Callable[..., str]) -> None:
    run("demo", *SIZES)
    with pytest.raises(Refused, match="fills only an empty one"):
        run("demo", *SIZES)


def test_it_fills_an_installation_that_was_served_but_not_set_up(run: Callable[..., str]) -> None:
    app = create_app()
    with app.app_context():
        upgrade()
        begin_write()
        assert new_setup_link(now())
        db.session.commit()
    assert SIGN_INS[0] in run("demo", *SIZES)


@pytest.mark.once
@pytest.mark.parametrize("sizes", [("--people", "4", "--events", "1", "--rsvps", "3"), ("--events", "0")])
def test_it_can_be_very_small(run: Callable[..., str], sizes: tuple[str, ...]) -> None:
    assert SIGN_INS[0] in run("demo", *sizes, "--now", "2027-01-01")


@pytest.mark.once
@pytest.mark.parametrize("address", SIGN_INS)
def test_the_three_can_sign_in(client: Browser, filled: Demo, address: str) -> None:
    answer = client.post("/login", data={"email": address, "password": PASSWORD})
    assert answer.status_code == 303
    assert client.get("/me").status_code == 200


def test_no_set_up_is_left_to_do(app: Flask, filled: Demo) -> None:
    row = db.session.get_one(Society, 1)
    assert row.set_up_at
    assert row.setup_hash is None


@pytest.mark.once
def test_every_public_page_answers(client: Browser, filled: Demo) -> None:
    pages = ["/", "/events", "/events/past", "/calendar", "/join", "/calendar.ics", "/events.atom", "/sitemap.xml"]
    public = select(Event.slug).where(Event.published_at.is_not(None), Event.visibility == Visibility.PUBLIC)
    pages += [f"/events/{slug}" for slug in db.session.scalars(public)]
    for kind, address in (
        (Organization, "/organizations/{}"),
        (Venue, "/venues/{}"),
        (Category, "/calendar/category/{}.ics"),
    ):
        known = db.session.scalars(select(kind.slug).where(known_to(None, kind))).all()
        assert known
        pages += map(address.format, known)

    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        for described in re.findall(r'<script type="application/ld\+json">(.*?)</script>', answer.text):
            assert json.loads(described)["@type"] == "Event"


@pytest.mark.once
def test_members_only_events_are_not_shown_to_visitors(client: Browser, filled: Demo) -> None:
    hidden = db.session.scalars(select(Event.slug).where(Event.visibility == Visibility.MEMBERS)).all()
    assert hidden
    assert {client.get(f"/events/{slug}").status_code for slug in hidden} == {404}


@pytest.mark.usefixtures("filled")
def test_numbers_go_on_after_those_given_by_the_demo() -> None:
    db.session.add(Person(name="The next one", created_at=db.session.get_one(Person, 1).created_at))
    db.session.flush()

    assert db.session.scalar(select(func.max(Person.id))) == SMALL.people + 1
