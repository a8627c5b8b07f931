"""When a person's own feed changes: by what is done, and by the passing of time."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from society.calendars.models import Feed
from society.calendars.queries import CANCELLED_WINDOW, subscription_of
from society.db import db
from society.events.models import Event, RsvpPolicy
from society.logs import OneLine
from society.notices.actions import alter
from society.people.models import Person
from society.rsvps.actions import reply, withdraw
from society.rsvps.feed import SAID, Wanted, refresh, refresh_new, roll, subscribe
from society.rsvps.forms import Decision
from society.rsvps.models import Answer, RsvpStatus
from society.rsvps.passing import pass_on
from society.rsvps.queries import rsvp_of
from society.settings import Society
from society.site.actions import change_settings
from tests.builders import NEXT_MONTH, NOW, a_person, an_event
from tests.conftest import Browser
from tests.rsvps.deciding import decided

DAY = timedelta(days=1)
PENDING, WAITS, MAYBE = (SAID[one] for one in (RsvpStatus.PENDING, RsvpStatus.WAITLISTED, RsvpStatus.MAYBE))


def answered(person: Person, days: int = 0) -> Event:
    event = an_event(starts=NEXT_MONTH + DAY * days)
    refresh(event, NOW)
    reply(event, person, Answer.YES, at=NOW)
    return event


def fetched(client: Browser, token: str, at: datetime, monkeypatch: pytest.MonkeyPatch) -> bytes:
    monkeypatch.setattr("society.calendars.routes.feeds.now", lambda: at)
    return client.get(f"/calendar/personal/{token}.ics").data


def test_what_is_cancelled_leaves_it_when_its_time_has_come(client: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    person = a_person()
    token = subscribe(person, Wanted(everything=False), now=NOW)
    event = answered(person)
    event.cancelled_at = NOW
    refresh(event, NOW)

    before = fetched(client, token, event.ends_at, monkeypatch)
    after = fetched(client, token, event.ends_at + CANCELLED_WINDOW, monkeypatch)

    assert b"STATUS:CANCELLED" in before
    assert b"BEGIN:VEVENT" not in after


def test_a_link_that_is_hidden_again_leaves_it(client: Browser) -> None:
    person = a_person()
    token = subscribe(person, Wanted(everything=False), now=NOW)
    event = an_event(online_url="https://meet.example.org/x", online_minutes=0)
    refresh(event, NOW)
    reply(event, person, Answer.YES, at=NOW)
    db.session.commit()
    before = client.get(f"/calendar/personal/{token}.ics")

    alter(event, lambda: setattr(event, "online_minutes", 60), by=None, now=NOW + DAY)
    db.session.commit()
    after = client.get(f"/calendar/personal/{token}.ics", headers={"If-None-Match": before.headers["ETag"]})

    assert b"CONFERENCE;FEATURE=VIDEO;LABEL=Join online;VALUE=URI:https://meet" in before.data.replace(b"\r\n ", b"")
    assert after.status_code == 200
    assert b"meet.example.org" not in after.data
    page = f"VALUE=URI:https://society.example.org/events/{event.slug}#where-heading\r\n"
    assert page in after.text.replace("\r\n ", "")


def test_what_those_who_come_are_told_stands_in_it_until_they_withdraw(client: Browser) -> None:
    person = a_person()
    token = subscribe(person, Wanted(everything=True), now=NOW)
    event = an_event(instructions="Ring at Sample,\ncode 47<11")
    refresh(event, NOW)
    reply(event, person, Answer.YES, at=NOW)
    db.session.commit()
    told, html = b"Ring at Sample\\,\\ncode 47<11\\n\\n", b"<p>Ring at Sample\\,<br>code 47&lt\\;11</p>"

    while_going = client.get(f"/calendar/personal/{token}.ics").data.replace(b"\r\n ", b"")
    withdraw(rsvp_of(event, person), NOW + DAY)
    db.session.commit()
    after = client.get(f"/calendar/personal/{token}.ics").data

    assert told in while_going
    assert html in while_going
    assert event.uid.encode() in after
    assert b"Sample" not in after


def test_each_thing_that_becomes_of_an_answer_stands_in_it_at_the_next_fetch(client: Browser) -> None:
    ann, staff = a_person(), a_person("Olga", "organizer")
    token = subscribe(ann, Wanted(everything=False), now=NOW)
    event, ben = an_event(capacity=1, rsvp_policy=RsvpPolicy.APPROVAL), a_person()
    refresh(event, NOW)
    reply(event, ben, Answer.YES, at=NOW)
    decided(rsvp_of(event, ben), Decision.APPROVE, staff, NOW)
    tag = ""

    def said_after(answer: Answer | Decision) -> str | None:
        nonlocal tag
        if isinstance(answer, Answer):
            reply(event, ann, answer, at=NOW)
        else:
            decided(rsvp_of(event, ann), answer, staff, NOW)
        db.session.commit()
        feed = client.get(f"/calendar/personal/{token}.ics", headers={"If-None-Match": tag})
        assert feed.status_code == 200
        tag, words = feed.headers["ETag"], feed.text.replace("\r\n ", "")
        return next((one for one in SAID.values() if one in words), None)

    assert [said_after(one) for one in (Answer.MAYBE, Answer.NO, Answer.MAYBE)] == [MAYBE, None, MAYBE]
    assert [said_after(one) for one in (Answer.YES, Decision.DECLINE)] == [PENDING, None]
    assert [said_after(one) for one in (Decision.READMIT, Decision.REMOVE)] == [WAITS, None]


@pytest.mark.parametrize(
    ("before", "says"), [(DAY * 3, RsvpStatus.CONFIRMED), (timedelta(hours=8), RsvpStatus.OFFERED)]
)
def test_what_becomes_of_a_place_in_the_queue_stands_in_it_at_the_next_fetch(
    client: Browser, before: timedelta, says: RsvpStatus
) -> None:
    ann, ben = a_person(), a_person()
    token = subscribe(ben, Wanted(everything=False), now=NOW)
    event = an_event(capacity=1, zone="UTC")
    refresh(event, NOW)
    for person in (ann, ben):
        reply(event, person, Answer.YES, at=NOW)
    db.session.commit()
    waiting = client.get(f"/calendar/personal/{token}.ics")

    withdraw(rsvp_of(event, ann), event.starts_at - before)
    db.session.commit()
    moved = client.get(f"/calendar/personal/{token}.ics", headers={"If-None-Match": waiting.headers["ETag"]})
    pass_on(event, event.starts_at - timedelta(minutes=1))
    db.session.commit()
    later = client.get(f"/calendar/personal/{token}.ics", headers={"If-None-Match": moved.headers["ETag"]})

    assert SAID[says].replace(";", "\\;") in moved.text.replace("\r\n ", "")
    assert (later.status_code, "VEVENT" in later.text) == (200 if says is RsvpStatus.OFFERED else 304, False)


@pytest.mark.parametrize("answered_first", [False, True])
def test_what_those_who_come_are_told_leaves_it_with_the_end_and_its_tag_changes_then(
    client: Browser, monkeypatch: pytest.MonkeyPatch, answered_first: bool
) -> None:
    person = a_person()
    token = subscribe(person, Wanted(everything=False), now=NOW)
    event = an_event(instructions="" if answered_first else "Ring at Sample")
    refresh(event, NOW)
    reply(event, person, Answer.YES, at=NOW)
    if answered_first:
        alter(event, lambda: setattr(event, "instructions", "Ring at Sample"), by=None, now=NOW)
    db.session.commit()

    moments = [event.ends_at - DAY, event.ends_at - timedelta(seconds=1), event.ends_at, event.ends_at + DAY]
    feeds = []
    for moment in moments:
        monkeypatch.setattr("society.calendars.routes.feeds.now", lambda moment=moment: moment)
        feeds.append(client.get(f"/calendar/personal/{token}.ics"))

    assert [b"Sample" in feed.data for feed in feeds] == [True, True, False, False]
    tags = [feed.headers["ETag"] for feed in feeds]
    assert tags[0] == tags[1] != tags[2] == tags[3]
    assert feeds[2].data == feeds[3].data
    assert f"LAST-MODIFIED:{event.ends_at:%Y%m%dT%H%M%SZ}".encode() in feeds[2].data


def test_it_depends_on_nothing_of_the_persons_own_record(client: Browser) -> None:
    """Else a name that is mended anywhere would be other bytes under the same tag."""
    token = subscribe(a_person("Ann Original"), Wanted(everything=True), now=NOW)
    db.session.commit()
    feed = client.get(f"/calendar/personal/{token}.ics").text
    assert "NAME:The Test Society: my calendar\r\n" in feed
    assert "Ann" not in feed


def test_it_says_what_other_feeds_say_and_not_where_it_is(client: Browser) -> None:
    """SOURCE is a feed's own address (RFC 7986, 5.8), which here is the secret."""
    society = db.session.get_one(Society, 1)
    change_settings(society, {"tagline": "Evenings", "accent": "#1d5c4d"}, NOW, a_person())
    token = subscribe(a_person(), Wanted(everything=True), now=NOW)
    db.session.commit()
    feed = client.get(f"/calendar/personal/{token}.ics")
    colour = ["COLOR:darkslategray", "X-APPLE-CALENDAR-COLOR:#1d5c4d"]
    for line in [*colour, "X-WR-CALDESC:Evenings", "URL:https://society.example.org/calendar"]:
        assert f"\r\n{line}\r\n" in feed.text
    assert "SOURCE" not in feed.text
    assert feed.headers["Cache-Control"] == "private, max-age=300, stale-while-revalidate=3600"


@pytest.mark.parametrize(
    "changed", [{"accent": "#1d5c4d"}, {"tagline": "Evenings"}, {"name": "Another Society"}], ids=str
)
def test_what_it_says_of_the_society_changes_its_tag(client: Browser, changed: dict[str, str]) -> None:
    token = subscribe(a_person(), Wanted(everything=True), now=NOW)
    db.session.commit()
    paths = ["/calendar.ics", f"/calendar/personal/{token}.ics"]
    before = [client.get(path) for path in paths]

    change_settings(db.session.get_one(Society, 1), changed, NOW + DAY, a_person())
    db.session.commit()

    for path, feed in zip(paths, before, strict=True):
        after = client.get(path)
        assert after.data != feed.data
        assert after.headers["ETag"] != feed.headers["ETag"]


def test_what_is_over_soonest_of_many_new_ones_leaves_it_first(client: Browser) -> None:
    person = a_person()
    subscribe(person, Wanted(everything=True), now=NOW)
    late, soon = an_event(starts=NEXT_MONTH + DAY), an_event(starts=NEXT_MONTH)
    refresh_new([late, soon], NOW)
    db.session.commit()

    stale_at = db.session.get_one(Feed, f"person/{person.id}", populate_existing=True).stale_at
    assert stale_at == soon.ends_at + timedelta(days=366)


def test_two_who_ask_for_one_that_time_has_changed_raise_it_once(client: Browser) -> None:
    person = a_person()
    subscribe(person, Wanted(everything=False), now=NOW)
    event = answered(person)
    db.session.commit()
    subscription = subscription_of(person)
    feed = db.session.get_one(Feed, f"person/{person.id}")
    assert subscription
    version = feed.version

    for _ in range(2):
        roll(subscription.id, event.ends_at + timedelta(days=366))

    assert db.session.get_one(Feed, feed.key, populate_existing=True).version == version + 1


@pytest.mark.once
def test_where_it_fails_the_log_names_the_page_and_not_the_secret(
    client: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    db.session.execute(text("DROP TABLE subscription"))

    assert client.get("/calendar/personal/my-own-secret.ics").status_code == 500

    (record,) = [one for one in caplog.records if one.message == "unexpected"]
    said = OneLine().format(record)
    assert "/calendar/personal/<token>.ics" in said
    assert "my-own-secret" not in said


def test_an_own_calendars_address_without_its_ending_explains_itself_and_tells_of_nobody(client: Browser) -> None:
    token = subscribe(a_person("Ann Original"), Wanted(everything=True), now=NOW)
    db.session.commit()
    theirs, nobodys = (client.get(f"/calendar/personal/{one}") for one in (token, "nobodys"))
    assert theirs.status_code == nobodys.status_code == 200
    assert theirs.data.replace(token.encode(), b"") == nobodys.data.replace(b"nobodys", b"")
    assert "Whoever knows such an address can read that calendar" in theirs.text
    assert "Ann" not in theirs.text
    assert token not in theirs.text.partition("<main")[2]
    assert (theirs.headers["Cache-Control"], theirs.headers["X-Robots-Tag"]) == ("no-store", "noindex")


def test_the_calendar_with_all_of_the_past_has_a_page(client: Browser) -> None:
    page = client.get("/calendar/past").text
    assert "https://society.example.org/calendar.ics?past=all" in page
    assert "All others stay for good." in page
    assert "/calendar/past" in client.get("/calendar").text
