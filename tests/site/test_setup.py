"""First set-up: the one-time link, what it makes, and what is shown before."""

import pytest
from sqlalchemy import delete, select

from society.db import begin_write, db
from society.events.models import Category
from society.membership.models import Tier
from society.people.models import Person
from society.settings import Society
from society.site.actions import new_setup_link
from tests.builders import NOW, a_person, a_tier

GIVEN = {
    "name": "The Lamp Society",
    "tagline": "Evenings by lamplight",
    "zone": "Europe/Vienna",
    "sender": "office@example.org",
    "address": "https://society.example.org/",
    "admin_name": "Ada Alder",
    "admin_email": "Ada@Example.org",
    "password": "a good long one",
}


@pytest.fixture
def link(app):
    """A database in which nothing has been set up, and the link to do it."""
    db.session.execute(delete(Society))
    app.extensions.pop("set_up", None)
    secret = new_setup_link(NOW)
    db.session.commit()
    yield f"/setup/{secret}"
    app.extensions.pop("set_up", None)


@pytest.mark.parametrize("address", ["/", "/events", "/login", "/organize", "/nothing-here", "/calendar.ics"])
def test_before_set_up_every_page_says_so(client, link, address):
    answer = client.get(address)

    assert answer.status_code == 503
    assert "being set up" in answer.text
    assert "/setup/" in answer.text


def test_before_set_up_health_and_style_answer(client, link):
    assert client.get("/healthz").status_code == 200
    page = client.get(link).text
    sheet = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert client.get(sheet).status_code == 200


def test_set_up_makes_the_society_and_signs_the_admin_in(client, link):
    assert client.post(link, data=GIVEN).location == "/organize"

    society = db.session.get(Society, 1)
    admin = db.session.scalars(select(Person)).one()
    assert (society.name, society.zone, society.setup_hash) == ("The Lamp Society", "Europe/Vienna", None)
    assert society.address == "https://society.example.org"
    assert (admin.email, admin.has_role("admin"), admin.can_sign_in) == ("ada@example.org", True, True)
    assert db.session.scalars(select(Tier.name)).all() == ["Member"]
    assert len(db.session.scalars(select(Category)).all()) == 4
    assert "What to do next" in client.get("/organize").text


def test_where_the_browser_found_the_site_is_shown_for_the_first_admin_to_say_and_not_kept_unseen(
    app, client, link, monkeypatch
):
    monkeypatch.setitem(app.config, "BASE_URL", "")
    there = "http://lamp.example.org:8080"
    assert f'value="{there}"' in client.get(link, base_url=there).text

    assert client.post(link, data={**GIVEN, "address": "lamp"}).status_code == 422
    client.post(link, data={**GIVEN, "address": ""}, base_url=there)

    assert db.session.get(Society, 1).address == ""


def test_what_is_there_already_is_left_alone(client, link):
    a_tier("Patron")
    client.post(link, data=GIVEN)

    assert db.session.scalars(select(Tier.name)).all() == ["Patron"]


def test_the_link_dies_with_use(app, client, link):
    client.post(link, data=GIVEN)

    for other in (client, app.test_client()):
        assert other.get(link).status_code == 404
        assert other.post(link, data={**GIVEN, "admin_email": "eve@example.org"}).status_code == 404
    assert len(db.session.scalars(select(Person)).all()) == 1


def test_a_wrong_link_opens_nothing(client, link):
    assert client.get("/setup/guess").status_code == 404
    assert client.post("/setup/guess", data=GIVEN).status_code == 404


def test_a_new_link_kills_the_last(client, link):
    begin_write()
    new = new_setup_link(NOW)
    db.session.commit()

    assert client.get(link).status_code == 404
    assert client.get(f"/setup/{new}").status_code == 200


def test_there_is_no_link_once_there_is_an_admin(app):
    a_person("", "admin")
    assert new_setup_link(NOW) is None


def test_there_is_no_link_once_the_society_is_set_up(app):
    assert new_setup_link(NOW) is None


def test_an_admin_made_by_a_command_ends_the_waiting(client, link):
    a_person("", "admin")
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 121),
        ("zone", "Mars/Olympus"),
        ("zone", ""),
        ("sender", "nobody"),
        ("admin_name", "\x00"),
        ("admin_email", "a@b@c"),
        ("password", "short"),
        ("password", "x" * 501),
    ],
)
def test_a_bad_field_is_answered_beside_it_and_the_link_lives(client, link, field, value):
    answer = client.post(link, data={**GIVEN, field: value})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "Evenings by lamplight" in answer.text
    assert client.get(link).status_code == 200
