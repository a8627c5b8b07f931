"""Kept pages: right for everyone who gets one, and gone when they are no longer true."""

import gzip
from datetime import timedelta

import pytest

from society.calendars.actions import refresh
from society.db import begin_write, db
from society.events.room_models import Room
from society.kept import Keep, Kept
from society.times import now
from tests.builders import NEXT_MONTH, NOW, a_backing, a_person, a_venue, an_event
from tests.events.test_organizing import form_of
from tests.events.test_places import HALL


def test_a_kept_page_costs_one_statement_and_a_change_ends_it(client, counted):
    event = an_event("Before")
    first = client.get("/events")
    with counted() as count:
        again = client.get("/events")
    assert again.data == first.data
    assert len(count) == 1
    begin_write()
    event.title = "After"
    db.session.commit()
    assert "After" in client.get("/events").text


MOVED = NEXT_MONTH + timedelta(days=400)
SHOWN_FIRST = {
    "changed": ("/organize/events/{event.id}", {"title": "Lakes"}, "/events/rivers", "Lakes"),
    "for members now": ("/organize/events/{event.id}", {"visibility": "members"}, "/events.json", ""),
    "moved": (
        "/organize/events/{event.id}/postpone",
        {"starts_at": f"{MOVED:%Y-%m-%dT%H:%M}"},
        "/events",
        f"{MOVED:%Y}",
    ),
    "backers in order": ("/organize/events/{event.id}/backings/{backing.id}", {"act": "down"}, "/events/rivers", "Yes"),
    "backer out": ("/organize/events/{event.id}/backings/{backing.id}", {"act": "take back"}, "/events/rivers", ""),
    "venue": ("/organize/venues/{event.venue_id}", HALL, "/venues/hall", "Scott Hall"),
    "room": ("/organize/venues/{event.venue_id}/rooms", {"old": "Aula", "new": "Atrium"}, "/events/rivers", "Atrium"),
}
"""What is typed where, and an address at which a visitor reads of it."""


@pytest.mark.parametrize("act", SHOWN_FIRST)
def test_what_was_shown_before_it_was_done_is_seen_by_visitors_at_once(client, app, act):
    venue = a_venue("Hall", slug="hall")
    db.session.add(Room(venue_id=venue.id, position=0, name="Atrium"))
    event = an_event("Rivers", slug="rivers", venue=venue, room="Aula")
    backing, _ = a_backing(event, "Yes Club", "sponsor"), a_backing(event, "No Club", "sponsor")
    refresh(event, NOW)
    address, typed, seen_at, new = SHOWN_FIRST[act]
    typed = form_of(event, venue=venue.id, room="Aula", **typed) if address.endswith("{event.id}") else typed
    organizer = app.test_client().sign_in(a_person("", "organizer"))
    before = client.get(seen_at)

    page = organizer.post(address.format(event=event, backing=backing), data=typed)
    assert client.get(seen_at).data == before.data, "it is only shown"
    assert organizer.agree(page, tell="no").status_code == 303

    after = client.get(seen_at)
    assert after.text != before.text
    assert new in after.text


def test_a_matching_validator_is_answered_by_304(client):
    an_event()
    page = client.get("/events")
    assert client.get("/events", headers={"If-None-Match": page.headers["ETag"]}).status_code == 304
    assert "Cookie" in page.headers["Vary"]


def test_whoever_is_signed_in_gets_a_page_of_their_own_which_nobody_else_gets(client, app):
    an_event()
    ann = a_person("Ann Appleby")
    mine = app.test_client().sign_in(ann).get("/events")
    assert "Sign out" in mine.text
    assert "ETag" not in mine.headers
    visitors = client.get("/events")
    assert "Sign out" not in visitors.text
    assert "Sign in" in visitors.text


def test_another_address_of_the_site_is_another_page(client):
    an_event()
    client.get("/events", headers={"Host": "evil.example"})
    assert "evil.example" not in client.get("/events").text


def test_the_list_lets_go_of_an_event_when_it_ends(client, monkeypatch: pytest.MonkeyPatch):
    an_event("Soon over")
    assert "Soon over" in client.get("/events").text
    later = NOW + timedelta(days=40)
    for module in ("society.kept", "society.events.routes.public"):
        monkeypatch.setattr(f"{module}.now", lambda: later)
    assert later.date() > NEXT_MONTH.date()
    assert "Soon over" not in client.get("/events").text


def test_packed_and_plain_are_the_same_page(client):
    an_event()
    plain = client.get("/events")
    packed = client.get("/events", headers={"Accept-Encoding": "gzip, br"})
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]


@pytest.mark.once
@pytest.mark.parametrize(
    ("stated", "packs"),
    [("gzip", True), ("br;q=1, gzip;q=0.5", True), ("gzip;q=0, identity", False), ("identity", False), ("", False)],
)
def test_only_who_says_that_they_unpack_gzip_gets_it(client, stated, packs):
    answer = client.get("/events", headers={"Accept-Encoding": stated})
    assert ("Content-Encoding" in answer.headers) is packs


def test_the_least_recently_used_goes_first_when_room_runs_out():
    keep: Keep[Kept] = Keep(most=250)
    for name in ("a", "b"):
        keep.put(name, Kept(1, b"x" * 100, "text/html"))
    assert keep.get("a", 1, now())
    keep.put("c", Kept(1, b"x" * 100, "text/html"))
    assert keep.get("a", 1, now())
    assert keep.get("b", 1, now()) is None
    assert keep.get("c", 2, now()) is None, "another version"


def test_what_is_larger_than_the_room_is_still_answered():
    keep: Keep[Kept] = Keep(most=10)
    keep.put("large", Kept(1, b"x" * 100, "text/html"))
    assert keep.get("large", 1, now())
