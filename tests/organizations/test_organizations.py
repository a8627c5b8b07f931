"""Organizations: told apart, entered, corrected and shown."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from society.calendars.actions import refresh
from society.calendars.models import Entry
from society.db import db
from society.organizations.actions import named, taken_as
from society.organizations.models import Organization
from tests.builders import NEXT_MONTH, NOW, a_backing, a_person, an_event, an_organization
from tests.conftest import Browser

UNION = {"name": "B Debating Union", "has_article": "y", "url": "https://union.example.org", "about": "They *argue*."}


@pytest.fixture
def organizer(client: Browser) -> Browser:
    return client.sign_in(a_person("", "organizer"))


@pytest.mark.parametrize(
    ("typed", "article", "name"),
    [
        ("the B Debating Union", "the", "B Debating Union"),
        ("The  B Debating Union ", "the", "B Debating Union"),
        ("Friends of the Library", "", "Friends of the Library"),
        ("Theatre Club", "", "Theatre Club"),
        ("the", "", "the"),
    ],
)
def test_an_article_is_told_from_the_name(app: object, typed: str, article: str, name: str) -> None:
    made = named(typed, NOW)

    assert (made.article, made.name) == (article, name)


def test_an_organization_is_found_whatever_its_case_and_article(app: object) -> None:
    union = an_organization("B Debating Union")

    assert named("B DEBATING UNION", NOW) is union
    assert named("the b debating  union", NOW) is union
    assert db.session.scalar(select(func.count()).select_from(Organization)) == 1


def test_an_organization_is_found_however_its_name_is_written_and_the_exact_one_first(app: object) -> None:
    sons, club = an_organization("Dunne & Sons"), an_organization("Rotary Club of York")
    other = an_organization("Dunne and Sons")

    assert named("Dunne + Sons", NOW) is sons
    assert named("dunne and sons", NOW) is other
    assert named("the Rotary-Club of York", NOW) is club
    assert named("Rotary Club of Leeds", NOW) is not club


def test_a_name_that_was_corrected_to_begin_with_its_article_is_found(app: object) -> None:
    hague = an_organization("The Hague Circle", article="")

    assert named("The Hague Circle", NOW) is hague


def test_an_organization_is_entered_and_shown(organizer: Browser) -> None:
    assert organizer.post("/organize/organizations/new", data=UNION).status_code == 303

    page = organizer.get("/organizations/b-debating-union").text

    assert "<em>argue</em>" in page
    assert 'href="https://union.example.org"' in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 10_000),
        ("name", "B LEAGUE"),
        ("url", "javascript:alert(1)"),
        ("contact", "nobody"),
        ("about", "x" * 10_000),
    ],
)
def test_what_an_organization_cannot_be_is_said_beside_its_field(organizer: Browser, field: str, value: str) -> None:
    an_organization("B League")

    answer = organizer.post("/organize/organizations/new", data={**UNION, field: value})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_a_corrected_name_reaches_the_calendars(organizer: Browser) -> None:
    event = an_event()
    backing = a_backing(event, "B Debatting Union", "sponsor")
    refresh(event, NOW)

    page = organizer.post(f"/organize/organizations/{backing.organization_id}", data=UNION)
    assert "the public ones that hold it have it at once" in page.text
    assert "Nothing is done yet" not in page.text
    organizer.agree(page)

    entry = db.session.scalars(select(Entry).execution_options(populate_existing=True)).one()
    assert b"the B Debating Union" in entry.vevent.replace(b"\r\n ", b"")


def test_its_page_shows_what_it_confirmed_and_nothing_else(client: Browser) -> None:
    union = a_backing(an_event("Coming talk"), "B Debating Union", "sponsor").organization
    union.slug = "union"
    over = an_event("Past talk", starts=NEXT_MONTH - timedelta(days=90))
    asked = an_event("Talk they were asked about")
    draft = an_event("Draft", published_at=None)
    for event, state in ((over, "confirmed"), (asked, "proposed"), (draft, "confirmed")):
        a_backing(event, event.title, "sponsor", state).organization = union

    page = client.get("/organizations/union").text

    assert page.index("Coming talk") < page.index("Events it backed") < page.index("Past talk")
    assert "asked about" not in page
    assert "Draft" not in page


@pytest.mark.parametrize("page", ["/organizations/union", "/organize/organizations"])
def test_its_pages_ask_as_often_for_three_as_for_one(organizer: Browser, counted: Any, page: str) -> None:
    union = a_backing(an_event(), "B Debating Union", "sponsor").organization
    union.slug = "union"
    with counted() as one:
        organizer.get(page)
    for number in range(2):
        a_backing(an_event(), f"Other {number}", "sponsor").organization = union
    with counted() as three:
        organizer.get(page)

    assert len(one) == len(three)


def test_all_that_it_backed_is_found_page_by_page(client: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("society.organizations.routes.ON_A_PAGE", 2)
    union = a_backing(an_event("Coming 0"), "B Debating Union", "sponsor").organization
    union.slug = "union"
    for number in range(1, 4):
        a_backing(
            an_event(f"Coming {number}", starts=NEXT_MONTH + timedelta(days=number)), "", "host"
        ).organization = union
    for number in range(5):
        event = an_event(f"Past {number}", starts=NEXT_MONTH - timedelta(days=90 + number))
        a_backing(event, "", "host").organization = union
    seen: list[list[str]] = []
    for name, last in (("past", "Past 4"), ("coming", "Coming 3")):
        address, page = "/organizations/union", ""
        while last not in page:
            page = client.get(address).text
            seen.append(re.findall(r">((?:Past|Coming) [0-9])<", page))
            found = re.findall(r'rel="next" href="([^"]*)"', page)
            address = next((one for one in found if f"{name}=" in one), "")
        assert not address
    assert seen == [
        ["Coming 0", "Coming 1", "Past 0", "Past 1"],
        ["Past 2", "Past 3"],
        ["Past 4"],
        ["Coming 0", "Coming 1", "Past 0", "Past 1"],
        ["Coming 2", "Coming 3"],
    ]
    assert client.get("/organizations/union?past=99999999999&coming=x").status_code == 200


def test_a_name_written_otherwise_is_taken_for_the_known_one_and_that_is_said(app):
    an_organization("Dunne & Sons"), an_organization("B Debating Union")
    typed = ["Dunne and Sons", "dunne & sons", "the B Debating Union", "Dunne & Daughters", "B Debating-Union"]
    assert taken_as(typed) == [
        "“Dunne and Sons” is taken as Dunne & Sons, which is known already.",
        "“B Debating-Union” is taken as B Debating Union, which is known already.",
    ]


def test_a_body_is_no_other_for_a_sign_or_a_vowel_of_its_name(app):
    for known, other in [("C# User Group", "C User Group"), ("हिन्दी सभा", "हिन्दू सभा")]:
        assert named(known, NOW) is not named(other, NOW)
