"""Tags: free words on events, by which lists and feeds are narrowed."""

import icalendar
import pytest

from society.announcements.reading import read as announcement
from society.calendars.subscribers import names
from society.db import db
from society.events.actions import duplicate
from society.events.models import Event, Visibility
from society.events.tags import tags_in
from society.imports.reading import read
from society.rsvps.feed import refresh
from tests.builders import NOW, a_person, an_event
from tests.events.test_organizing import form_of


def announced(title="", **values):
    event = an_event(title, **values)
    refresh(event, NOW)
    db.session.commit()
    return event


def titles(body):
    return {str(entry["SUMMARY"]) for entry in icalendar.Calendar.from_ical(body).walk("VEVENT")}


@pytest.mark.parametrize(
    ("typed", "tags"),
    [
        ("Walks, local  history", ["Walks", "local history"]),
        ("#walks; WALKS, wälks", ["walks"]),
        (" , !!, \n", []),
        ("Прогулки", ["Прогулки"]),
    ],
)
def test_tags_are_words_between_commas_each_once_whatever_its_case_and_accents(typed, tags):
    assert tags_in(typed) == tags


def test_a_tags_feed_holds_the_public_events_that_have_it_and_no_others(client):
    walk = announced("A walk", tags="Walks, Local history")
    announced("A long walk", tags="Walks and more")
    announced("A hidden walk", tags="Walks, Secret", visibility=Visibility.MEMBERS)
    body = client.get("/calendar/tag/walks.ics").data

    assert titles(body) == {walk.title}
    assert b"CATEGORIES:Walks,Local history\r\n" in body
    assert client.get("/calendar/tag/secret.ics").status_code == 404
    assert client.get("/calendar/tag/nothing.ics").status_code == 404
    assert client.get("/calendar/tag/Walks.ics").status_code == 404
    assert "Secret" not in client.get("/calendar").text
    assert "/calendar/tag/local-history" in client.get("/calendar").text


def test_a_tags_feed_changes_with_what_has_the_tag_and_a_304_costs_one_query(client, counted):
    event = announced("A walk", tags="Walks")
    first = client.get("/calendar/tag/walks.ics")
    again = {"If-None-Match": first.headers["ETag"]}
    with counted() as count:
        assert client.get("/calendar/tag/walks.ics", headers=again).status_code == 304
    assert len(count) == 1
    event = db.session.get_one(Event, event.id)
    event.tags, event.revised_at = "Talks", NOW
    refresh(event, NOW)
    db.session.commit()

    after = client.get("/calendar/tag/walks.ics", headers=again)
    assert after.status_code == 200
    assert titles(after.data) == set()
    assert titles(client.get("/calendar/tag/talks.ics").data) == {"A walk"}


def test_an_organizer_gives_up_to_ten_tags(client):
    event = an_event("A walk", published_at=None)
    client.sign_in(a_person("", "organizer"))
    sent = form_of(event, tags="Walks, walks, Local history")

    assert client.post(f"/organize/events/{event.id}", data=sent).status_code == 303
    db.session.refresh(event)
    assert event.tagged == [("Walks", "walks"), ("Local history", "local-history")]
    many = client.post(f"/organize/events/{event.id}", data=form_of(event, tags=",".join(map(str, range(11)))))
    assert many.status_code == 422
    assert "At most 10 tags" in many.text


def test_a_list_is_narrowed_by_a_tag_that_an_event_shows(client):
    event = announced("A walk", tags="Walks, Local history")
    announced("A talk")

    assert 'href="/events?tag=local-history"' in client.get(f"/events/{event.slug}").text
    page = client.get("/events?tag=local-history").text
    assert "A walk" in page
    assert "A talk" not in page
    assert 'name="tag" value="local-history"' in page
    assert 'href="/calendar/tag/local-history">Subscribe<' in page


def test_a_tag_of_members_events_alone_has_a_list_for_members_and_no_calendar(client):
    announced("A hidden walk", tags="Secret", visibility=Visibility.MEMBERS)
    assert "A hidden walk" not in client.get("/events?tag=secret").text

    page = client.sign_in(a_person("", "organizer")).get("/events?tag=secret").text
    assert "A hidden walk" in page
    assert "/calendar/tag/secret" not in page


def test_an_announcement_that_names_tags_gives_them(app):
    text = "A walk along the river\nWhen: 30 March 2030, 7 pm\nTags: #Walks #River trade, walks"

    assert announcement(text, NOW.date(), "UTC").tags.value == "Walks, River trade"
    assert names(["tag/walks"]) == {"tag/walks": "Tag: walks"}


def test_a_copy_keeps_tags_and_a_calendar_read_in_gives_them(app):
    event = an_event("A walk", tags="Walks")
    copied = duplicate(event, a_person(), NOW)
    entry = "UID:1\nDTSTART:20270105T190000Z\nCATEGORIES:Talks,Walks,Local history"
    file = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{entry}\nEND:VEVENT\nEND:VCALENDAR\n"
    (found,) = read(file.encode(), zone="UTC", today=NOW.date()).events

    assert (copied.tags, copied.tag_keys) == ("Walks", " walks ")
    assert (found.category, found.tags) == ("Talks", "Walks, Local history")
