"""Whatever is typed into the event form comes back with a sentence beside it, or is harmless."""

from typing import Any

import pytest
from markupsafe import escape
from sqlalchemy import func, select

from society.db import db
from society.events.models import Event
from tests.builders import NEXT_MONTH, a_person
from tests.conftest import Browser
from tests.events.test_organizing import BY_THE_BOOK

pytestmark = pytest.mark.once  # what a database takes in its own way `tests/test_hostile.py` tries on each
LONG = "x" * 10_000
DAY = f"{NEXT_MONTH:%Y-%m-%d}"

REFUSED = [
    ("title", ""),
    ("title", "   "),
    ("title", "\x00\x07"),
    ("title", LONG),
    ("summary", LONG),
    ("description", "x" * 20_001),
    ("category", "999999"),
    ("category", "-1"),
    ("category", "1 OR 1=1"),
    ("category_name", LONG),
    ("starts_at", ""),
    ("starts_at", "tomorrow"),
    ("starts_at", LONG),
    ("starts_at", "0001-01-01T00:00"),
    ("starts_at", "9999-12-31T23:59"),
    ("starts_at", "2027-02-30T20:00"),
    ("starts_at", "2027-03-14T02:30"),
    ("starts_at", DAY),
    ("starts_at", "<script>alert(1)</script>"),
    ("ends_at", "2020-01-01T00:00"),
    ("ends_at", f"{NEXT_MONTH:%Y-%m-%dT%H:%M}"),
    ("ends_at", "2199-12-31T23:59"),
    ("ends_at", "2027-02-30T20:00"),
    ("ends_at", "0001-01-01T00:00"),
    ("timezone", "Atlantis/Poseidonis"),
    ("timezone", ""),
    ("timezone", "../../etc/passwd"),
    ("timezone", "localtime"),
    ("timezone", LONG),
    ("venue", "999999"),
    ("venue", "9" * 40),
    ("venue_name", LONG),
    ("venue_address", LONG),
    ("room", LONG),
    ("instructions", "x" * 2_001),
    ("online_url", "javascript:alert(1)"),
    ("online_url", "data:text/html,<script>alert(1)</script>"),
    ("online_url", "http://["),
    ("online_url", "//example.org"),
    ("online_url", "https://" + LONG),
    ("online_url", "’; DROP TABLE event; --"),
    ("visibility", "nobody"),
    ("rsvp_policy", "<script>"),
    ("capacity", "0"),
    ("capacity", "-5"),
    ("capacity", "9" * 30),
    ("capacity", "many"),
    ("capacity", "1.5"),
    ("max_party_size", "0"),
    ("max_party_size", "1000000000"),
    ("rsvp_deadline", "2100-01-01T00:00"),
    ("rsvp_deadline", "2027-03-14T02:30"),
    ("rsvp_deadline", "9999-01-01T00:00"),
    ("speakers", "| a line about nobody"),
    ("speakers", LONG),
    ("speakers", "A\n" * 61),
    ("hosts", "999999"),
    ("sponsors", "-1"),
    ("endorsers", "1; DROP TABLE event"),
    ("new_hosts", LONG),
    ("new_sponsors", "\n".join(f"Union {n}" for n in range(21))),
    ("new_endorsers", "y" * 201),
]

HARMLESS = {
    "emoji": "🎻 Quartet 🎶",
    "right to left": "محاضرة عن التاريخ",
    "a direction override": "abc\u202edef",
    "markup": "<script>alert(1)</script>",
    "new lines": "One\r\nBcc: everyone@example.org",
    "SQL": "Robert'); DROP TABLE event; --",
    "control characters": "Bell\x07 and \x00nothing",
}
TEXTS = [
    "title",
    "summary",
    "description",
    "instructions",
    "category_name",
    "venue_name",
    "room",
    "speakers",
    "new_hosts",
]


@pytest.fixture
def organizer(client: Browser) -> Browser:
    return client.sign_in(a_person("", "organizer"))


def typed(field: str, value: str) -> dict[str, Any]:
    data = {**BY_THE_BOOK, field: value}
    if field == "venue_address":
        data["venue_name"] = "Scott Hall"
    return data


@pytest.mark.parametrize(("field", "value"), REFUSED, ids=lambda value: value[:24])
def test_what_cannot_be_is_refused_beside_its_field_with_all_still_typed(
    organizer: Browser, field: str, value: str
) -> None:
    answer = organizer.post("/organize/events/new", data=typed(field, value))

    assert answer.status_code == 422
    beside = "ends_at" if field == "starts_at" and value.startswith("2199") else field
    assert f'id="{beside}-error"' in answer.text
    assert "Please look at this again" in answer.text
    kept = {"room": "Room 221", "description": "A *new* book.", "new_endorsers": "the C League, the D Society"}
    assert all(escape(text) in answer.text for other, text in kept.items() if other != field)
    assert db.session.scalar(select(func.count()).select_from(Event)) == 0


@pytest.mark.parametrize("field", ["title", "summary", "starts_at", "ends_at", "room", "online_url", "speakers"])
def test_what_was_refused_is_still_typed_in_its_own_field(organizer: Browser, field: str) -> None:
    value = "| <b>" + "z" * 600

    answer = organizer.post("/organize/events/new", data=typed(field, value))

    assert answer.status_code == 422
    assert escape(value) in answer.text


@pytest.mark.parametrize("field", TEXTS)
@pytest.mark.parametrize("value", HARMLESS.values(), ids=HARMLESS.keys())
def test_what_is_odd_but_possible_is_kept_and_shown_harmlessly(organizer: Browser, field: str, value: str) -> None:
    answer = organizer.post("/organize/events/new", data=typed(field, value))

    assert answer.status_code == 303
    event = db.session.scalars(select(Event)).one()
    organizer.post(f"/organize/events/{event.id}/publish")
    db.session.refresh(event)
    page = organizer.get(f"/events/{event.slug}")
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert not set("\x00\x07\u202e") & set(page.text)
    assert b"\r\nBcc:" not in organizer.get(f"/events/{event.slug}.ics").data


def test_a_form_without_any_field_is_refused(organizer: Browser) -> None:
    answer = organizer.post("/organize/events/new", data={})

    assert answer.status_code == 422
    assert 'id="title-error"' in answer.text


def test_a_time_that_clocks_jump_over_is_named_with_its_zone(organizer: Browser) -> None:
    answer = organizer.post("/organize/events/new", data=typed("starts_at", "2027-03-14T02:30"))

    assert "Clocks in New York jump over 2:30 am on 14 March 2027" in answer.text


def test_whole_days_need_no_time_even_where_midnight_is_jumped_over(organizer: Browser) -> None:
    days = {"all_day": "y", "starts_at": "2027-04-30", "ends_at": "", "timezone": "Africa/Cairo"}

    assert organizer.post("/organize/events/new", data={**BY_THE_BOOK, **days}).status_code == 303
    assert db.session.scalars(select(Event)).one().starts_at.isoformat() == "2027-04-29T22:00:00+00:00"
