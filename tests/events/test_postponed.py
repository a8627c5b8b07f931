"""What is put off without a new date is still to come, whatever date it had."""

from datetime import timedelta

import pytest

from society.db import db
from society.events import queries
from society.events.models import Category, Event, Visibility
from tests.builders import NEXT_MONTH, NOW, TODAY, a_backing, a_person, a_venue, an_event

LONG_AGO = NEXT_MONTH - timedelta(days=70)
HEADING = "Postponed, new date to be told"


def put_off(title: str = "Rivers", **values) -> Event:
    event = an_event(title, **{"starts": LONG_AGO, "postponed_at": NOW - timedelta(days=50), **values})
    db.session.commit()
    return event


@pytest.fixture
def visitor(client):
    return client


def test_it_stands_beside_what_is_to_come_and_not_among_what_has_been(visitor):
    venue = a_venue("Scott Hall", slug="scott")
    event = put_off(venue=venue, category=Category(name="Talks", slug="talks"))
    backing = a_backing(event, "C League", "endorser")
    an_event("Lakes", starts=LONG_AGO)
    db.session.commit()

    this_month = f"/events/month?month={TODAY:%Y-%m}"
    pages = ("/events", "/events?category=talks", "/events?q=river", this_month, "/venues/scott")
    for page in (*pages, f"/organizations/{backing.organization.slug}"):
        text = visitor.get(page).text
        assert HEADING in text, page
        assert "Nothing" not in text or page == this_month or "venues" in page, page
        assert f"was to be on {LONG_AGO.day} {LONG_AGO:%B %Y}" in text
    for page in ("/events?category=none", "/events?page=2", "/events/month?month=2020-01", "/venues/elsewhere"):
        assert HEADING not in visitor.get(page).text, page
    past = visitor.get("/events/past").text
    assert "Lakes" in past
    assert "Rivers" not in past


def test_before_its_old_date_it_stands_there_alone(visitor):
    put_off(starts=LONG_AGO + timedelta(days=60))
    page = visitor.get("/events").text
    assert HEADING not in page
    assert page.count("Rivers</a>") == 1


def test_at_its_old_time_it_is_not_on(visitor):
    now = NOW.replace(tzinfo=None)
    put_off(starts=now - timedelta(hours=1), ends=now + timedelta(hours=1), zone="UTC")
    page = visitor.get("/events").text
    assert "On now" not in page
    assert page.count("Rivers</a>") == 1


def test_a_date_or_its_end_takes_it_from_there(visitor):
    dated, off = put_off("Rivers"), put_off("Lakes")
    dated.schedule(LONG_AGO + timedelta(days=80), LONG_AGO + timedelta(days=80, hours=1), dated.zone, all_day=False)
    off.cancel(NOW)
    db.session.commit()
    assert HEADING not in visitor.get("/events").text
    assert "Lakes" in visitor.get("/events/past").text


def test_a_start_puts_it_on_again_and_a_correction_beside_it_does_not(app):
    event, hour = put_off(), timedelta(hours=1)
    midnight = event.starts.replace(hour=0)
    event.schedule(event.starts, event.ends + hour, event.zone, all_day=False)
    event.schedule(event.starts, event.ends, "Europe/Paris", all_day=False)
    event.schedule(midnight, midnight + 24 * hour, event.zone, all_day=True)
    assert event.postponed_at
    event.schedule(midnight + 24 * hour, midnight + 48 * hour, event.zone, all_day=True)
    assert not event.postponed_at


def test_what_is_for_members_only_is_told_to_no_visitor(visitor):
    put_off(visibility=Visibility.MEMBERS)
    assert "Rivers" not in visitor.get("/events").text
    visitor.sign_in(a_person("Ora", "organizer"))
    assert "Rivers" in visitor.get("/events").text


def test_organizers_find_it_among_what_is_postponed_and_not_what_is_past(client):
    put_off()
    client.sign_in(a_person("Ora", "organizer"))
    assert "Rivers" in client.get("/organize/events?show=postponed").text
    assert "Rivers" not in client.get("/organize/events?show=past").text


@pytest.mark.parametrize("number", [1, 4])
def test_the_lists_cost_the_same_however_many_wait(visitor, number, counted):
    venue = a_venue("Scott Hall", slug="scott")
    for n in range(number):
        put_off(f"Rivers {n}", venue=venue)
    for page, most in (("/events", 5), (f"/events/month?month={TODAY:%Y-%m}", 4), ("/venues/scott", 6)):
        with counted() as count:
            visitor.get(page)
        assert len(count) <= most, (page, len(count))


@pytest.mark.once  # what PostgreSQL does turns on how many rows there are
def test_few_rows_are_read_for_it(app):
    asked = queries.without_date(queries.visible_to(None), NOW)
    sql = str(asked.compile(db.engine, compile_kwargs={"literal_binds": True}))
    plan = db.session.execute(db.text(f"EXPLAIN QUERY PLAN {sql}")).all()
    assert any("ix_event_postponed_at" in row[-1] for row in plan), plan
