"""Venues and categories."""

from typing import Any

import pytest
from sqlalchemy import select

from society.audit.models import AuditEntry
from society.backings import actions as backings
from society.calendars.actions import refresh
from society.calendars.models import Entry
from society.db import db
from society.events.actions import venue_named
from society.events.models import BackingRole, Category, Venue
from tests.builders import NOW, _kept, a_person, a_venue, an_event, an_organization
from tests.conftest import Browser

HALL = {"name": "Scott Hall", "address": "1 Main St", "zone": "America/New_York", "access": "A *ramp*."}


@pytest.fixture
def organizer(client: Browser) -> Browser:
    return client.sign_in(a_person("", "organizer"))


def test_a_venue_is_entered_and_shown_with_its_map_and_events(organizer: Browser) -> None:
    spot = {"latitude": "40.5", "longitude": "-73,9", "capacity": "120"}
    assert organizer.post("/organize/venues/new", data={**HALL, **spot}).status_code == 303
    venue = db.session.scalars(select(Venue)).one()
    an_event("A talk there", venue=venue)
    an_event("A talk elsewhere")

    page = organizer.get("/venues/scott-hall").text

    for said in ("1 Main St", "<em>ramp</em>", "geo:40.5,-73.9", "openstreetmap.org", "A talk there", "New York time"):
        assert said in page
    assert "elsewhere" not in page
    assert db.session.scalars(select(AuditEntry.act)).all() == ["venue entered"]


def test_correcting_a_venue_moves_its_events_in_the_calendars(organizer: Browser) -> None:
    venue = a_venue("Scot Hall")
    event = an_event(venue=venue)
    refresh(event, NOW)

    asked = {"contact": ("Cora", "cora@example.org"), "by": a_person("", "organizer"), "now": NOW}
    backing = backings.ask(event, an_organization("B Union"), BackingRole.SPONSOR, **asked)
    backings.confirm(event, backing, "Cora", "Chair", NOW)
    page = organizer.post(f"/organize/venues/{venue.id}", data=HALL)
    assert "<ins>Scott Hall</ins>" in page.text
    assert "the public ones that hold it have it at once" in page.text
    assert f"<li>B Union: {event.title}</li>" in page.text
    assert 'value="Scott Hall"' in organizer.post(page.request.path, data={**HALL, "again": "yes"}).text
    db.session.refresh(event)
    assert event.sequence == 0
    organizer.agree(page)

    db.session.refresh(event)
    assert event.sequence == 1
    entry = db.session.scalars(select(Entry).execution_options(populate_existing=True)).one()
    assert b"Scott Hall" in entry.vevent
    assert venue.slug != "scott-hall"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 10_000),
        ("address", "x" * 10_000),
        ("zone", "Atlantis"),
        ("latitude", "91"),
        ("latitude", "nan"),
        ("longitude", "inf"),
        ("longitude", "east"),
        ("longitude", "12.5"),
        ("latitude", "12.5"),
        ("capacity", "-1"),
        ("access", "x" * 10_000),
    ],
)
def test_what_a_venue_cannot_be_is_said_beside_its_field(organizer: Browser, field: str, value: str) -> None:
    answer = organizer.post("/organize/venues/new", data={**HALL, field: value})

    assert answer.status_code == 422
    spot = "longitude" if value == "12.5" else field
    assert f'id="{spot}-error"' in answer.text


def test_two_venues_of_one_name_and_address_are_one(organizer: Browser) -> None:
    known = a_venue("Scott Hall", address="1 Main St")
    twin = a_venue("scott hall", address="1 main st")

    for name, address, asks in (
        ("Scott Hall", "1 Main St", False),
        ("the scott hall", "1 main st", False),
        ("Scott Hall", "", True),
    ):
        answer = organizer.post("/organize/venues/new", data={**HALL, "name": name, "address": address})
        assert answer.status_code == 422
        assert "there is a venue of that name already: scott hall, 1 main st." in answer.text.lower()
        assert ("please give its address" in answer.text) == asks
    for venue_id in ("new", known.id):
        sent = {**HALL, "address": "2 Back St"}
        assert organizer.post(f"/organize/venues/{venue_id}", data=sent).status_code == (
            303 if venue_id == "new" else 422
        )
    same = {**HALL, "name": twin.name, "address": twin.address, "zone": twin.zone, "access": "Two steps."}
    assert organizer.post(f"/organize/venues/{twin.id}", data=same).status_code == 303, "what is there already stays"


def test_a_category_is_added_and_renamed_in_the_calendars_too(organizer: Browser) -> None:
    organizer.post("/organize/categories/new", data={"name": "Talks"})
    category = db.session.scalars(select(Category)).one()
    event = an_event(category=category)
    refresh(event, NOW)

    page = organizer.post(f"/organize/categories/{category.id}", data={"name": "Lectures", "colour": "teal"})
    assert "<del>Talks</del>" in page.text
    assert "<ins>Teal</ins>" in page.text
    assert "the public ones that hold it have it at once" in page.text
    organizer.agree(page)

    db.session.refresh(event)
    entry = db.session.scalars(select(Entry).execution_options(populate_existing=True)).one()
    assert b"Lectures" in entry.vevent
    assert event.sequence == 0
    assert "Lectures" in organizer.get("/organize/categories").text


def test_a_category_is_not_named_twice(organizer: Browser) -> None:
    _kept(Category(name="Talks", slug="talks"))

    assert organizer.post("/organize/categories/new", data={"name": "TALKS"}).status_code == 422


@pytest.mark.parametrize("page", ["/venues/hall", "/organize/venues", "/organize/categories"])
def test_pages_of_places_ask_as_often_for_three_as_for_one(organizer: Browser, counted: Any, page: str) -> None:
    def fill(number: int) -> None:
        an_event(venue=hall)
        a_venue()
        _kept(Category(name=f"C{number}", slug=f"c{number}"))

    hall = a_venue(slug="hall")
    fill(0)
    with counted() as one:
        organizer.get(page)
    fill(1)
    fill(2)
    with counted() as three:
        organizer.get(page)

    assert len(one) == len(three)


@pytest.mark.parametrize(
    ("name", "address", "is_it"),
    [
        ("Saint Mary’s Hall", "", True),
        ("St. Marys Hall", "Church Lane 4", True),
        ("St Mary's Hall", "Church Lane 4, Whitby", False),
        ("St Mary's Hall", "Church Lane", False),
        ("St Mary's Hall, Church Lane 4", "", True),
        ("St Mary's Church", "Church Lane 4", False),
        ("St Mary's Hall", "Mill Street 2", False),
    ],
)
def test_a_venue_that_is_typed_is_the_known_one_of_that_name_unless_it_is_elsewhere(
    app: object, name: str, address: str, is_it: bool
) -> None:
    known = a_venue("St Mary's Hall", address="Church Lane 4")
    assert (venue_named(name, address, known.zone) is known) is is_it


def test_an_address_that_is_typed_is_kept_where_the_known_venue_has_none(app: object) -> None:
    known = a_venue("Old Mill")
    assert venue_named("The Old Mill", "", known.zone) is known
    assert venue_named("The Old Mill", "Mill Lane 2", known.zone) is not known


@pytest.mark.parametrize(
    ("known", "typed"),
    [
        (("Premier Inn", "London"), ("Premier Inn", "1 King Street, London")),
        (("The Red Lion", "York"), ("Red Lion", "5 High Street, York")),
        (("Village Hall", "England"), ("Village Hall", "Mill Lane, Ambridge, England")),
        (("Village Hall", "Old Mill Road, Ambridge"), ("Village Hall", "Mill Road")),
        (("Village Hall", "Mill Road, Ambridge"), ("Village Hall", "Mill Road")),
    ],
)
def test_no_address_that_is_typed_is_given_up_for_one_that_says_less_or_more(
    app: object, known: tuple[str, str], typed: tuple[str, str]
) -> None:
    a_venue(known[0], address=known[1])
    made = venue_named(*typed, "Europe/London")
    assert (made.name, made.address) == typed


def test_of_two_venues_of_one_name_the_one_without_an_address_is_meant_where_none_is_typed(app: object) -> None:
    bare = a_venue("Town Hall")
    a_venue("Town Hall", address="Market Street 1, Leeds")
    assert venue_named("The Town Hall", "", bare.zone) is bare
