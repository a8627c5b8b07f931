"""The home page, and what machines ask of a site."""

import re
from datetime import datetime, time, timedelta

from sqlalchemy.exc import OperationalError

from society.db import db
from society.events.models import Visibility
from society.kept import keep
from society.settings import Society
from society.times import to_wall
from tests.builders import NEXT_MONTH, NOW, a_membership, a_person, an_event


def test_home_says_who_the_society_is(client):
    society = db.session.get(Society, 1)
    society.tagline, society.welcome = "Evenings by lamplight", "We **read** aloud. <script>alert(1)</script>"
    page = client.get("/").text

    assert "The Test Society" in page
    assert "Evenings by lamplight" in page
    assert "<strong>read</strong>" in page
    assert "<script>alert" not in page


def test_home_without_events_shows_how_to_subscribe(client):
    assert "Nothing is announced at present" in client.get("/").text


def test_home_shows_the_next_five_events(client):
    for week in range(7):
        an_event(f"Week {week}", starts=NEXT_MONTH + timedelta(weeks=week))
    page = client.get("/").text

    assert [f"Week {week}" in page for week in range(7)] == [True] * 5 + [False] * 2


def test_what_goes_on_for_weeks_stands_apart_from_what_is_to_come_and_what_ends_first_stands_first(client):
    here = to_wall(NOW, "America/New_York")
    for title, days in (("Exhibition", 39), ("Open house", 3)):
        midnight = datetime.combine(here.date(), time())
        ends = midnight + timedelta(days=days)
        an_event(title, starts=midnight - timedelta(days=2), ends=ends, all_day=True)
    an_event("Called off", starts=here - timedelta(hours=1), ends=here + timedelta(hours=1), cancelled_at=NOW)
    an_event("Talk")

    begun, coming = client.get("/").text.partition('id="begun"')[2].split('id="coming"')

    assert re.findall(r'/events/[^"]*">([^<]+)<', begun) == ["Open house", "Exhibition"]
    assert f"until {here.date() + timedelta(days=38):%-d %B}" in begun
    assert ("Talk" in coming, "Exhibition" in coming, "Called off" in coming) == (True, False, False)


def test_members_only_events_are_on_a_members_home_alone(app, client):
    an_event("Secret supper", visibility=Visibility.MEMBERS)
    member = a_person()
    a_membership(member)

    assert "Secret supper" not in client.get("/").text
    assert "Secret supper" not in app.test_client().sign_in(a_person()).get("/").text
    assert "Secret supper" in app.test_client().sign_in(member).get("/").text
    assert "Secret supper" not in client.get("/").text


def test_home_asks_as_much_for_three_events_as_for_one(client, counted):
    an_event()
    client.get("/login")
    keep().clear()
    with counted() as one:
        client.get("/")
    an_event()
    an_event()
    keep().clear()
    with counted() as three:
        client.get("/")

    assert len(one) == len(three) <= 8


def test_a_kept_home_costs_one_query(client, counted):
    client.get("/")
    with counted() as again:
        assert client.get("/").status_code == 200

    assert len(again) == 1


def test_healthz_tells_whether_the_database_answers(client, monkeypatch):
    assert client.get("/healthz").text == "ok"

    def fail(*_):
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr(db.session, "execute", fail)
    assert client.get("/healthz").status_code == 503


def test_robots_are_kept_out_of_private_pages(client):
    answer = client.get("/robots.txt")

    assert answer.content_type.startswith("text/plain")
    assert "Disallow: /organize" in answer.text
    assert "Sitemap: https://society.example.org/sitemap.xml" in answer.text


def test_the_sitemap_holds_public_events_whoever_asks(client):
    an_event(slug="open-evening")
    an_event(slug="secret-supper", visibility=Visibility.MEMBERS)
    an_event(published_at=None)
    client.sign_in(a_person("", "admin"))
    answer = client.get("/sitemap.xml")

    assert answer.content_type.startswith("application/xml")
    assert answer.text.startswith("<?xml")
    assert "https://society.example.org/events/open-evening" in answer.text
    assert "secret" not in answer.text
    assert "None" not in answer.text
