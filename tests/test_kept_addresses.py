"""What kept pages read in their address makes pages of its own; what they do not makes none."""

from typing import ClassVar

import pytest
from werkzeug.datastructures import ImmutableMultiDict

from society.agenda.models import Session
from society.db import db
from society.events.models import Speaker
from society.questions.models import Kind
from tests.builders import NEXT_MONTH, NOW, a_backing, an_event
from tests.questions.test_answering import asked
from tests.visits import view_of
from tests.world import rules


def test_what_no_page_reads_in_an_address_makes_no_further_page(client, counted):
    an_event("Rivers", slug="rivers")
    for address in ("/?", "/events?q=rivers&", "/events/rivers?", "/events.json?", "/calendar?"):
        page = client.get(address)
        with counted() as count:
            followed = client.get(f"{address}utm_source=a&utm_source=b&q2=c")
            told = {"If-None-Match": page.headers["ETag"]}
            known = client.get(f"{address}fbclid=d", headers=told)
        assert followed.data == page.data
        assert followed.headers["ETag"] == page.headers["ETag"]
        assert known.status_code == 304
        assert len(count) == 2, "one for each version, and nothing is made"


@pytest.mark.once
def test_no_public_page_shows_what_it_does_not_know(app, world):
    browser, other = app.test_client(), []
    for rule in rules(app, "GET"):
        if view_of(app, rule) == "everyone":
            plain = browser.get(world.address(app, rule))
            marked = browser.get(world.address(app, rule), query_string={"campaign": "sesame"})
            kept = "ETag" in plain.headers and plain.headers["ETag"] != marked.headers.get("ETag")
            other += [rule.endpoint] if kept or "sesame" in marked.data.decode(errors="replace") else []

    assert other == []


class Looked(ImmutableMultiDict[str, str]):
    """What a view is given of an address, which notes by what names the view looks for something in it."""

    given: ClassVar[set[str]] = set()
    wanted: ClassVar[set[str]] = set()

    def __init__(self, *of):
        super().__init__(*of)
        Looked.given = set(self)

    def __contains__(self, name):
        Looked.wanted.add(name)
        return super().__contains__(name)

    def __getitem__(self, name):  # `get` asks it
        Looked.wanted.add(name)
        return super().__getitem__(name)

    def getlist(self, name, *more):
        Looked.wanted.add(name)
        return super().getlist(name, *more)


@pytest.mark.once
def test_no_kept_page_looks_in_its_address_for_what_it_does_not_name(app, world, monkeypatch):
    asked(world.events["open"], Kind.NAMES, "Who comes with you?")
    monkeypatch.setattr("society.kept.ImmutableMultiDict", Looked)
    browser, found = app.test_client(), []
    for rule in rules(app, "GET"):
        addresses = {world.address(app, rule)} if view_of(app, rule) == "everyone" else set()
        if rule.endpoint == "events.show":
            addresses |= {f"/events/{event.slug}" for event in world.events.values()}
        found += [(rule.endpoint, *looked_for(browser, address)) for address in sorted(addresses)]

    assert [(endpoint, missing) for endpoint, wanted, given in found if (missing := wanted - given)] == []
    assert {"events.index", "events.month", "events.show", "agenda.index"} <= {one[0] for one in found if one[1]}


def looked_for(browser, address):
    """What a page looks for, of which some is looked for only where there is something else; and what it is given."""
    Looked.wanted, Looked.given = set(), set()
    for value in ("", "1", "2030-01", "yes"):
        browser.get(address, query_string=dict.fromkeys(Looked.wanted, value))
    browser.get(address, query_string=dict.fromkeys(Looked.wanted, "again"))
    return Looked.wanted, Looked.given


LISTS = ["q=zz", "category=zz", "venue=zz", "place=zz", "tag=zz", "open=yes", "seats=yes", "own=yes", "page=2"]
ASKED = {
    "/events": [*LISTS, f"day={NEXT_MONTH:%Y-%m-%d}"],
    "/events/past": LISTS,
    "/events/month": [*LISTS[:-1], "month=2030-01"],
    "/events/rivers": ["notice=5"],
    "/events/rivers/agenda": ["programme="],
    "/speakers": ["q=zz", "page=2"],
    "/officers/past": ["page=0"],
    "/organizations/club": ["coming=2", "past=2"],
}
"""What addresses can ask for, each with something else to show than the address alone."""


@pytest.mark.parametrize("address", ASKED)
def test_what_an_address_asks_for_is_a_page_of_its_own(client, address):
    rivers = an_event("Rivers", slug="rivers", has_agenda=True)
    rivers.speakers = [Speaker(position=0, name="Ada Example", about="", key="ada-example")]
    rivers.backings = [a_backing(rivers, "Club", "host")]
    rivers.backings[0].organization.slug = "club"
    when = {name: getattr(rivers, name) for name in ("starts", "ends", "starts_at", "ends_at")}
    db.session.add(Session(event_id=rivers.id, title="Weirs", abstract="What for.", revised_at=NOW, **when))
    plain = client.get(address)
    assert plain.status_code == 200
    pages = {asked: client.get(f"{address}?{asked}").text for asked in ASKED[address]}

    assert [asked for asked, page in pages.items() if page == plain.text] == []


def test_of_what_is_asked_twice_the_first_counts(client):
    an_event("Rivers")
    first = client.get("/events?q=rivers")
    assert client.get("/events?q=rivers&q=lakes").data == first.data
    assert client.get("/events?q=lakes&q=rivers").data != first.data
