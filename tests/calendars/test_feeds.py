"""Feeds: what is in them, and when their bytes and validators change."""

import gzip
from datetime import timedelta
from typing import Any

import icalendar
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from society.calendars.queries import CANCELLED_WINDOW, WINDOW
from society.calendars.render import calendar, event_file, vevent
from society.calendars.texts import grouped
from society.calendars.upkeep import catch_up
from society.calendars.versions import open_feed
from society.db import db
from society.events.models import Event, RsvpPolicy, Visibility
from society.rsvps.actions import reply
from society.rsvps.feed import Wanted, answered, refresh, subscribe, unsubscribe
from society.rsvps.models import Answer
from society.times import now, to_utc
from tests.builders import NEXT_MONTH, NOW, a_backing, a_person, a_venue, an_event
from tests.conftest import Browser
from tests.site.test_organize import SETTINGS


def announced(title: str = "", **values: Any) -> Event:
    event = an_event(title, **values)
    refresh(event, NOW)
    db.session.commit()
    return event


def entries(body: bytes) -> dict[str, Any]:
    parsed = icalendar.Calendar.from_ical(body)
    return {str(entry["UID"]): entry for entry in parsed.walk("VEVENT")}


def test_a_feed_is_a_calendar_with_lines_of_at_most_75_octets_that_end_in_crlf(client: Browser) -> None:
    announced("Straße, “Über­setzung” and 漢字 " * 4)
    answer = client.get("/calendar.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    lines = answer.data.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    for line in lines:
        assert len(line) <= 75
        line.decode()  # no character is cut
    assert b"\n" not in answer.data.replace(b"\r\n", b"")


def test_a_feed_names_itself_and_says_how_often_to_look(client: Browser) -> None:
    body = client.get("/calendar.ics").text
    for line in ("NAME:The Test Society", "X-WR-CALNAME:The Test Society", "X-PUBLISHED-TTL:PT1H"):
        assert f"{line}\r\n" in body
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in body
    assert "METHOD" not in body


def test_a_feed_says_where_it_is_and_may_be_shown_while_it_is_looked_at_anew(client: Browser) -> None:
    event = announced(venue=a_venue("Scott Hall"))
    assert event.venue
    for path in ("/calendar.ics", "/calendar.ics?past=all", f"/calendar/venue/{event.venue.slug}.ics"):
        feed = client.get(path)
        assert f"\r\nSOURCE;VALUE=URI:https://society.example.org{path}\r\n" in feed.text.replace("\r\n ", "")
        assert "\r\nURL:https://society.example.org/calendar\r\n" in feed.text
        assert feed.headers["Cache-Control"] == "public, max-age=300, stale-while-revalidate=3600"


@pytest.mark.usefixtures("app")
def test_names_and_descriptions_keep_what_calendars_take_for_signs() -> None:
    """Also in properties that are no part of RFC 5545 itself (3.3.11)."""
    told = "Old, and new; \\ too"
    feed = calendar([], [], NOW.date(), name=told, about=told, source="https://society.example.org/calendar.ics")
    escaped = "Old\\, and new\\; \\\\ too"
    for name in ("NAME", "X-WR-CALNAME", "DESCRIPTION", "X-WR-CALDESC"):
        assert f"\r\n{name}:{escaped}\r\n" in feed.decode()


def test_an_entry_has_the_wall_clock_its_zone_and_the_stored_revision(client: Browser) -> None:
    event = announced(
        "A talk", starts=NEXT_MONTH, zone="America/New_York", venue=a_venue("Scott Hall"), room="Room 221"
    )
    body = client.get("/calendar.ics").data
    entry = entries(body)[event.uid]
    assert entry["DTSTART"].params["TZID"] == "America/New_York"
    assert entry["DTSTART"].dt.replace(tzinfo=None) == NEXT_MONTH
    assert entry["SEQUENCE"] == 0
    assert entry["DTSTAMP"].dt == event.revised_at == entry["LAST-MODIFIED"].dt
    assert entry["LOCATION"] == "Room 221, Scott Hall"
    assert entry["STATUS"] == "CONFIRMED"
    assert "ATTENDEE" not in entry
    assert "ORGANIZER" not in entry
    assert body.count(b"BEGIN:VTIMEZONE") == 1
    assert b"RDATE" not in body


def test_whole_days_are_dates_with_the_end_exclusive(client: Browser) -> None:
    midnight = NEXT_MONTH.replace(hour=0)
    event = announced(all_day=True, starts=midnight, ends=midnight + timedelta(days=3))
    body = client.get("/calendar.ics").data
    entry = entries(body)[event.uid]
    assert entry["DTSTART"].dt == midnight.date()
    assert entry["DTEND"].dt == midnight.date() + timedelta(days=3)
    assert b"VTIMEZONE" not in body


def test_the_backing_sentence_is_in_the_description(client: Browser) -> None:
    event = an_event()
    a_backing(event, "B Debating Union", "sponsor")
    refresh(event, NOW)
    assert "Sponsored by the B Debating Union." in entries(client.get("/calendar.ics").data)[event.uid]["DESCRIPTION"]


def test_members_only_events_drafts_and_old_ones_are_in_no_public_feed(client: Browser) -> None:
    members = announced(visibility=Visibility.MEMBERS)
    draft = an_event(published_at=None)
    old = announced(starts=NEXT_MONTH - WINDOW - timedelta(days=40))
    recent = announced(starts=NEXT_MONTH - WINDOW + timedelta(days=10))
    shown = entries(client.get("/calendar.ics").data)
    assert set(shown) == {recent.uid}
    whole = entries(client.get("/calendar.ics?past=all").data)
    assert set(whole) == {recent.uid, old.uid}
    assert client.get(f"/events/{members.slug}.ics").status_code == 404
    assert draft.slug is None


def test_a_cancelled_event_stays_as_cancelled_until_a_month_after_its_date(client: Browser) -> None:
    event = announced()
    event.cancel(NOW)
    refresh(event, NOW)
    long_gone = announced(starts=NEXT_MONTH - CANCELLED_WINDOW - timedelta(days=32), cancelled_at=NOW)
    shown = entries(client.get("/calendar.ics").data)
    assert shown[event.uid]["STATUS"] == "CANCELLED"
    assert shown[event.uid]["SEQUENCE"] == 1
    assert long_gone.uid not in shown


def test_a_matching_etag_is_answered_by_304_with_one_statement_and_no_rendering(client: Browser, counted: Any) -> None:
    announced()
    etag = client.get("/calendar.ics").headers["ETag"]
    with counted() as count:
        answer = client.get("/calendar.ics", headers={"If-None-Match": etag})
    assert answer.status_code == 304
    assert answer.data == b""
    assert len(count) == 1


def test_another_process_answers_304_too_without_building_the_feed(client: Browser, counted: Any) -> None:
    announced()
    etag = client.get("/calendar.ics").headers["ETag"]
    client.application.extensions["keep"].clear()
    with counted() as count:
        assert client.get("/calendar.ics", headers={"If-None-Match": etag}).status_code == 304
    assert len(count) == 1


@pytest.mark.parametrize("form", ["", "?file=yes"])
@pytest.mark.parametrize("configured", [True, False])
def test_one_event_is_answered_by_one_statement_from_what_is_stored(
    client: Browser, counted: Any, monkeypatch: pytest.MonkeyPatch, form: str, configured: bool
) -> None:
    """Also where the site's address is not set by whoever runs it, but stands with the society's name."""
    event, _other = announced(), announced()
    if not configured:
        monkeypatch.setitem(client.application.config, "BASE_URL", "")
        catch_up()
    open_feed("all", NOW - timedelta(days=1))
    path = f"/events/{event.slug}.ics{form}"
    first = client.get(path)
    assert first.headers["Cache-Control"] == "public, max-age=300, stale-while-revalidate=3600"
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    for headers in ({"If-None-Match": first.headers["ETag"]}, since):
        db.session.rollback()
        with counted() as count:
            assert client.get(path, headers=headers).status_code == 304
        assert len(count) == 1

    monkeypatch.setitem(client.application.config, "BASE_URL", "https://moved.example.org")
    catch_up()
    moved = client.get(path, headers=since)
    assert moved.status_code == 200
    assert b"https://moved.example.org/" in moved.data.replace(b"\r\n ", b"")


FEEDS_ALONE = ("NAME", "X-WR-CALNAME", "X-WR-CALDESC", "REFRESH-INTERVAL", "X-PUBLISHED-TTL", "SOURCE", "URL", "COLOR")


def test_one_event_is_a_feed_with_all_that_feeds_say_and_a_file_with_none_of_it(client: Browser) -> None:
    """What has a name Outlook opens as a second calendar, which is no place for the one event that was to be kept."""
    organizer = client.sign_in(a_person("", "admin"))
    organizer.post("/organize/settings", data={**SETTINGS, "tagline": "Old; and new", "accent": "#2f6b4f"})
    event = announced("Tea, and talk")
    address = f"https://society.example.org/events/{event.slug}"
    feed, file = (client.get(f"/events/{event.slug}.ics{form}") for form in ("", "?file=yes"))

    (told,) = icalendar.Calendar.from_ical(feed.data, multiple=True)
    assert all(name in told for name in FEEDS_ALONE)
    assert (told["SOURCE"], told["URL"]) == (f"{address}.ics", address)
    assert f"\r\nX-WR-CALNAME:{SETTINGS['name']}: Tea\\, and talk\r\n" in feed.text
    assert "Content-Disposition" not in feed.headers

    assert file.data == event_file(event)
    assert not set(FEEDS_ALONE) & set(icalendar.Calendar.from_ical(file.data))
    assert file.headers["Content-Disposition"] == f'attachment; filename="{event.slug}.ics"'
    assert entries(feed.data) == entries(file.data)
    assert feed.headers["ETag"] != file.headers["ETag"]


def test_the_feed_of_one_event_has_the_society_s_new_name_under_another_validator(client: Browser) -> None:
    event = announced()
    open_feed("all", NOW - timedelta(days=1))
    path = f"/events/{event.slug}.ics"
    before = client.get(path).headers
    client.sign_in(a_person("", "admin")).post("/organize/settings", data={**SETTINGS, "name": "The New Name"})
    for headers in ({"If-None-Match": before["ETag"]}, {"If-Modified-Since": before["Last-Modified"]}):
        after = client.get(path, headers=headers)
        assert after.status_code == 200
        assert f"NAME:The New Name: {event.title}" in after.text


def test_an_event_of_members_is_a_file_to_them_and_nothing_to_others_at_either_address(client: Browser) -> None:
    event = announced(visibility=Visibility.MEMBERS)
    paths = [f"/events/{event.slug}.ics{form}" for form in ("", "?file=yes", "?sessions=yes", "?sessions=yes&file=yes")]
    assert {client.get(path).status_code for path in paths} == {404}
    organizer = client.sign_in(a_person("", "organizer"))
    for path in paths:
        file = organizer.get(path)
        assert file.data == event_file(event)
        assert "attachment" in file.headers["Content-Disposition"]
        assert "private" in file.headers["Cache-Control"]


@pytest.mark.parametrize(("zone", "named"), [("Europe/Vienna", "Europe/Vienna"), ("UTC", "Etc/UTC")])
def test_a_calendar_without_events_has_one_component_still(client: Browser, zone: str, named: str) -> None:
    """RFC 5545, 3.6; the society's own zone, and its next one as soon as it is saved."""
    before = client.get("/calendar.ics")
    assert [part["TZID"] for part in icalendar.Calendar.from_ical(before.data).subcomponents] == ["America/New_York"]
    client.sign_in(a_person("", "admin")).post("/organize/settings", data={**SETTINGS, "zone": zone})
    after = client.get("/calendar.ics", headers={"If-None-Match": before.headers["ETag"]})
    assert [part["TZID"] for part in icalendar.Calendar.from_ical(after.data).subcomponents] == [named]


def test_the_etag_outranks_the_date(client: Browser) -> None:
    announced()
    client.get("/calendar.ics")
    later = "Fri, 01 Jan 2100 00:00:00 GMT"
    headers = {"If-None-Match": '"another"', "If-Modified-Since": later}
    assert client.get("/calendar.ics", headers=headers).status_code == 200


def test_a_change_changes_the_etag_of_the_feeds_it_is_in_and_of_no_others(client: Browser) -> None:
    hall, barn = a_venue("Hall"), a_venue("Barn")
    event = announced(venue=hall)
    announced(venue=barn)
    feeds = ("/calendar.ics", f"/calendar/venue/{hall.slug}.ics", f"/calendar/venue/{barn.slug}.ics")
    before = [client.get(feed).headers["ETag"] for feed in feeds]
    event.title = "Another title"
    event.raise_sequence(now())
    refresh(event, now())
    after = [client.get(feed).headers["ETag"] for feed in feeds]
    assert [a == b for a, b in zip(before, after, strict=True)] == [False, False, True]


def test_a_move_to_another_venue_changes_the_feed_it_leaves(client: Browser) -> None:
    hall, barn = a_venue("Hall"), a_venue("Barn")
    event = announced(venue=hall)
    left = client.get(f"/calendar/venue/{hall.slug}.ics")
    event.venue = barn
    event.raise_sequence(now())
    refresh(event, now())
    assert entries(left.data)
    assert not entries(client.get(f"/calendar/venue/{hall.slug}.ics").data)
    assert entries(client.get(f"/calendar/venue/{barn.slug}.ics").data)


def test_rendering_the_same_again_changes_nothing(client: Browser) -> None:
    event = announced()
    before = client.get("/calendar.ics")
    refresh(event, now() + timedelta(hours=1))
    after = client.get("/calendar.ics")
    assert (before.data, before.headers["ETag"]) == (after.data, after.headers["ETag"])


def test_an_event_that_leaves_the_window_changes_the_etag(client: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    leaving = announced(starts=NEXT_MONTH - WINDOW - timedelta(days=15))
    before = client.get("/calendar.ics")
    assert leaving.uid in entries(before.data)
    monkeypatch.setattr("society.calendars.routes.feeds.now", lambda: NOW + timedelta(days=20))
    after = client.get("/calendar.ics")
    assert leaving.uid not in entries(after.data)
    assert before.headers["ETag"] != after.headers["ETag"]


def test_what_is_told_of_an_event_says_where_it_is_for_apps_that_do_not(client: Browser) -> None:
    event = announced(summary="On locks.", venue=a_venue("Scott Hall"), room="Room 221")
    told = str(entries(client.get("/calendar.ics").data)[event.uid]["DESCRIPTION"]).split("\n\n")
    assert told[0] == "On locks."
    assert told[1].startswith("Room 221, Scott Hall")
    assert told[-1].endswith(f"/events/{event.slug}")


def test_gzip_and_identity_are_the_same_feed_under_two_etags(client: Browser) -> None:
    announced()
    plain = client.get("/calendar.ics")
    packed = client.get("/calendar.ics", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert plain.headers["ETag"] != packed.headers["ETag"]
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_head_answers_without_a_body(client: Browser) -> None:
    announced()
    answer = client.head("/calendar.ics")
    assert answer.status_code == 200
    assert answer.data == b""
    assert answer.headers["ETag"] == client.get("/calendar.ics").headers["ETag"]


@pytest.mark.parametrize(
    "address", ["/calendar/category/none.ics", "/calendar/venue/none.ics", "/calendar/personal/no.ics"]
)
def test_a_feed_of_nothing_known_is_not_found(client: Browser, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_personal_feed_holds_what_was_answered_with_the_answer(client: Browser) -> None:
    person = a_person()
    going, other = announced("Going"), announced("Other")
    reply(going, person, Answer.YES, at=NOW)
    token = subscribe(person, Wanted(everything=False), now=NOW)
    feed = client.get(f"/calendar/personal/{token}.ics")
    assert feed.headers["Cache-Control"].startswith("private")
    assert "You are going." in entries(feed.data)[going.uid]["DESCRIPTION"]
    assert other.uid not in entries(feed.data)
    etag = feed.headers["ETag"]
    answered(person, now())
    assert client.get(f"/calendar/personal/{token}.ics").headers["ETag"] != etag


def test_a_new_address_ends_the_old_one(client: Browser) -> None:
    person = a_person()
    old = subscribe(person, Wanted(everything=True), now=NOW)
    new = subscribe(person, Wanted(everything=True), now=NOW)
    assert client.get(f"/calendar/personal/{old}.ics").status_code == 404
    assert client.get(f"/calendar/personal/{new}.ics").status_code == 200
    unsubscribe(person)
    assert client.get(f"/calendar/personal/{new}.ics").status_code == 404


def test_a_person_makes_renews_and_removes_the_own_address(client: Browser) -> None:
    person = a_person()
    assert client.get("/me/calendar").status_code == 303
    client.sign_in(person)
    page = client.post("/me/calendar", data={"action": "new", "everything": "y"})
    address = page.text.split('<code id="feed">')[1].split("</code>")[0]
    path = address.removeprefix("https://society.example.org")
    assert client.get(path).status_code == 200
    assert client.post("/me/calendar", data={"action": "remove"}).status_code == 303
    gone = client.get(path)
    assert gone.status_code == 404
    assert "was replaced or taken down" in gone.text


def test_categories_with_signs_stand_on_lines_of_their_own() -> None:
    """libical joins what follows an escape or a quote by a comma, ical.js what follows a backslash."""
    assert list(grouped(["Tea", "Talks", "A\\", 'So "called"', "Music"])) == [
        *(["Tea", "Talks"], ["A\\"], ['So "called"'], ["Music"]),
    ]


def test_a_typed_backslash_and_n_are_no_line_end(app: Any) -> None:
    assert rb"SUMMARY:C:\\News\\new" in vevent(an_event(r"C:\News\new"))


def test_tags_without_any_letter_make_no_empty_line(app: Any) -> None:
    assert b"CATEGORIES" not in vevent(an_event(tags="\\"))


TITLES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200).filter(str.strip)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=TITLES, room=TITLES)
def test_whatever_is_typed_comes_back_from_a_parser_and_injects_nothing(app: Any, title: str, room: str) -> None:
    event = an_event(title, room=room[:100])
    parsed = icalendar.Calendar.from_ical(event_file(event)).walk("VEVENT")
    assert len(parsed) == 1
    assert str(parsed[0]["SUMMARY"]) == title
    assert str(parsed[0]["LOCATION"]) == room[:100]
    db.session.rollback()


def test_the_same_data_gives_the_same_bytes_whenever_it_is_rendered(app: Any) -> None:
    event = announced("Twice")
    once = vevent(event)
    db.session.expire_all()
    assert vevent(event) == once
    assert event.starts_at == to_utc(event.starts, event.zone)


def test_the_page_of_the_calendar_offers_the_usual_apps(client: Browser) -> None:
    page = client.get("/calendar").text
    assert "webcal://society.example.org/calendar.ics" in page
    assert "calendar.google.com" in page
    assert "outlook.live.com" in page


def test_what_is_open_to_all_has_a_feed_that_follows_who_may_come(client: Browser) -> None:
    event = announced("Open", rsvp_policy=RsvpPolicy.OPEN)
    come = announced("Just come", rsvp_policy=RsvpPolicy.CLOSED)
    closed = announced("Members answer", rsvp_policy=RsvpPolicy.MEMBERS)
    before = client.get("/calendar/open.ics")
    assert set(entries(before.data)) == {event.uid, come.uid}

    closed.rsvp_policy = RsvpPolicy.OPEN
    refresh(closed, NOW)
    db.session.commit()
    after = client.get("/calendar/open.ics")
    assert set(entries(after.data)) == {event.uid, come.uid, closed.uid}
    assert after.headers["ETag"] != before.headers["ETag"]


@pytest.mark.parametrize("path", ["/calendar", "/calendar/open", "/calendar/venue/scott-hall"])
def test_each_feed_has_a_page_that_explains_it_and_leads_to_it(client: Browser, path: str) -> None:
    announced("A talk", venue=a_venue("Scott Hall", slug="scott-hall"))
    page = client.get(path).text
    assert f"https://society.example.org{path}.ics" in page
    assert "webcal://" in page
    assert client.get("/calendar/venue/nowhere").status_code == 404


def test_an_own_calendar_reminds_of_what_one_goes_to_if_wanted(client: Browser) -> None:
    person = a_person()
    going, other = announced("Going"), announced("Other")
    reply(going, person, Answer.YES, at=NOW)
    token = subscribe(person, Wanted(everything=True, alarm_minutes=60), now=NOW)
    found = entries(client.get(f"/calendar/personal/{token}.ics").data)
    assert [str(alarm["TRIGGER"].to_ical(), "ascii") for alarm in found[going.uid].walk("VALARM")] == ["-PT1H"]
    assert found[other.uid].walk("VALARM") == []
    assert "VALARM" not in client.get("/calendar.ics").text


def test_the_joining_link_is_in_the_calendar_of_who_goes_and_only_if_it_is_shown_at_any_time(client: Browser) -> None:
    person = a_person()
    always = announced("Always", online_url="https://meet.example.org/always", online_minutes=0)
    in_time = announced("In time", online_url="https://meet.example.org/in-time", online_minutes=60)
    for event in (always, in_time):
        reply(event, person, Answer.YES, at=NOW)
    token = subscribe(person, Wanted(everything=True), now=NOW)
    own = client.get(f"/calendar/personal/{token}.ics").text
    assert "CONFERENCE;FEATURE=VIDEO;" in own
    assert "meet.example.org/always" in own.replace("\r\n ", "")
    assert "meet.example.org/in-time" not in own.replace("\r\n ", "")
    page = f"https://society.example.org/events/{in_time.slug}#where-heading"
    assert str(entries(client.get(f"/calendar/personal/{token}.ics").data)[in_time.uid]["CONFERENCE"]) == page


def test_calendars_of_all_lead_to_the_page_where_the_joining_link_is_found_in_time(client: Browser) -> None:
    always = announced("Always", online_url="https://meet.example.org/always", online_minutes=0)
    off = announced("Off", online_url="https://meet.example.org/off", cancelled_at=NOW)
    put_off = announced("Put off", online_url="https://meet.example.org/put-off", postponed_at=NOW)
    here = announced("Here")
    for path in ("/calendar.ics", f"/events/{always.slug}.ics"):
        public = client.get(path)
        [conference] = [entries(public.data)[always.uid]["CONFERENCE"]]
        assert str(conference) == f"https://society.example.org/events/{always.slug}#where-heading"
        assert (conference.params["LABEL"], conference.params["FEATURE"]) == ("Join online", "VIDEO")
        assert "meet.example.org" not in public.text.replace("\r\n ", "")
    found = entries(client.get("/calendar.ics").data)
    assert not [event.title for event in (off, put_off, here) if "CONFERENCE" in found[event.uid]]
    assert 'id="where-heading"' in client.get(f"/events/{always.slug}").text


def test_outlook_gets_paragraphs_in_which_nothing_is_markup(client: Browser) -> None:
    """As TEXT (RFC 5545, 3.3.11 and 3.8.8.2; MS-OXCICAL), in which the semicolons of HTML are escaped like others."""
    event = announced("A talk", summary="<b>Bold</b> & plain, with \\")
    [html] = [entries(client.get("/calendar.ics").data)[event.uid]["X-ALT-DESC"]]
    assert html.params["FMTTYPE"] == "text/html"
    assert r"<p>&lt\;b&gt\;Bold&lt\;/b&gt\; &amp\; plain\, with \\</p>" in str(html)


def test_an_events_page_is_an_h_event(client: Browser) -> None:
    event = announced("A talk", summary="In short", room="Hall")
    page = client.get(f"/events/{event.slug}").text
    for sign in ('class="event h-event"', 'class="p-name"', "dt-start", "dt-end", "u-url", "p-location", "p-summary"):
        assert sign in page
    assert 'class="u-url p-name"' in client.get("/events").text
