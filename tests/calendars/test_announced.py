"""What was announced, for feed readers."""

import json
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
from icalendar import Calendar
from markupsafe import escape

from society.db import begin_write, db
from society.events.models import Visibility
from society.rsvps.feed import refresh
from society.settings import Society
from tests.builders import NOW, an_event
from tests.conftest import Browser

ATOM = "{http://www.w3.org/2005/Atom}"


def ids_in(client: Browser) -> tuple[list[str | None], list[str]]:
    """Of the Atom feed and its entries, and of the items of the JSON Feed."""
    feed = ET.fromstring(client.get("/events.atom").text)  # noqa: S314, our own
    listed = client.get("/events.json").json
    assert listed
    return [told.text for told in feed.iter(f"{ATOM}id")], [item["id"] for item in listed["items"]]


def test_announcements_come_as_atom_and_json(client: Browser) -> None:
    an_event("Tea & <cake>")
    an_event("Secret", visibility=Visibility.MEMBERS)
    db.session.commit()
    atom = client.get("/events.atom")
    assert atom.content_type.startswith("application/atom+xml")
    assert "Tea &amp; &lt;cake&gt;" in atom.text
    json_feed = client.get("/events.json").json
    assert json_feed is not None
    assert [item["title"] for item in json_feed["items"]] == ["Tea & <cake>"]
    assert "Secret" not in atom.text


def test_what_was_announced_keeps_its_name_wherever_the_site_goes_and_whatever_it_is_called(
    client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that no reader shows all of it as new (RFC 4287, 4.2.6)."""
    event, other = an_event("A talk"), an_event("Another")
    db.session.commit()
    before = ids_in(client)

    monkeypatch.setitem(client.application.config, "BASE_URL", "https://moved.example.org")
    begin_write()
    event.title, event.slug = "A talk, renamed", "a-talk-renamed"
    row = db.session.get_one(Society, 1)
    row.name = "The Renamed Society"
    db.session.commit()

    assert ids_in(client) == before
    (feed, *entries), items = before
    assert entries == items
    assert len({feed, *entries}) == 3
    assert all(told and UUID(told).urn == told for told in (feed, *entries))
    assert "https://moved.example.org/events/" in client.get("/events.atom").text
    assert other.uid not in client.get("/events.atom").text


def test_the_same_event_announced_by_two_societies_is_two_announcements(client: Browser) -> None:
    """As where one has read in the other's calendar, with its UIDs."""
    an_event("A talk")
    db.session.commit()
    before, _ = ids_in(client)
    begin_write()
    db.session.get_one(Society, 1).salt = "another"
    an_event("A second talk")
    db.session.commit()
    after, _ = ids_in(client)
    assert not {*before} & {*after}


@pytest.mark.parametrize(
    ("description", "said"),
    [
        (
            "A talk about *bees*.\n\nBring a [coat](https://example.org), & a hat.",
            "A talk about bees. Bring a coat, & a hat.",
        ),
        ("- One\n- Two\n\n> Three\n# Four", "One Two Three Four"),
        ("First. " + "Many more words follow here. " * 20, "First. " + "Many more words follow here. " * 10 + "…"),
        ("word " * 100, "word " * 59 + "word…"),
        ("灯" * 400, "灯" * 300 + "…"),
        ("\n\n", ""),
    ],
)
def test_an_event_without_a_summary_is_told_by_the_start_of_its_description(
    client: Browser, description: str, said: str
) -> None:
    """Cut at the end of a sentence, else of a word."""
    refresh(an_event("Bees", slug="bees", description=description), NOW)
    db.session.commit()

    [entry] = Calendar.from_ical(client.get("/calendar.ics").data).walk("VEVENT")
    assert str(entry["DESCRIPTION"]) == "\n\n".join(filter(None, [said, "https://society.example.org/events/bees"]))
    assert said in client.get("/events.json").json["items"][0]["content_text"]
    assert escape(said) in client.get("/events.atom").text
    assert json.dumps(said, ensure_ascii=False).replace("&", "\\u0026") in client.get("/events/bees").text
