"""Pictures given, served to those who may see them, and let go of."""

import io
import re
from datetime import timedelta
from secrets import token_hex

import pytest
from sqlalchemy import func, select

from society.calendars.models import Entry
from society.db import db
from society.events.actions import duplicate, forget_pictures
from society.events.models import Event, Visibility
from society.pictures.models import Picture, Rendition
from society.rsvps.feed import refresh
from society.times import now
from tests.builders import NOW, a_backing, a_membership, a_person, a_photo, a_venue, an_event


@pytest.fixture
def organizer(app):
    return app.test_client().sign_in(a_person("", "organizer"))


def give(browser, address, content=None, **words):
    sent = {"alt": "A hall at night", **words}
    if content is not None:
        sent["file"] = (io.BytesIO(content), "hall.jpg")
    answer = browser.post(address, data=sent)
    if answer.status_code == 200:  # the page before the change
        answer = browser.agree(answer)
    db.session.expire_all()
    return answer


def an_event_with_picture(organizer, **values):
    event = an_event("A talk", **values)
    if event.published_at:
        refresh(event, NOW)
    db.session.commit()
    assert give(organizer, f"/organize/events/{event.id}/picture", a_photo(900, 450)).status_code == 303
    return event


def test_an_events_picture_is_shown_everywhere_with_its_words(organizer, client):
    event = an_event_with_picture(organizer)
    page = client.get(f"/events/{event.slug}").text
    path = event.picture.path(400, "jpg")

    assert 'alt="A hall at night"' in page
    assert f"{path} 400w" in page
    assert 'width="900" height="450"' in page
    assert f'"image":["https://society.example.org{path}"' in page
    assert 'property="og:image"' in page
    assert b"IMAGE;DISPLAY=FULLSIZE;FMTTYPE=image/jpeg;VALUE=URI:" in db.session.get(Entry, event.id).vevent
    answer = client.get(path)
    assert (answer.status_code, answer.content_type) == (200, "image/jpeg")
    assert "immutable" in answer.headers["Cache-Control"]
    assert client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_a_picture_is_seen_by_those_who_see_what_it_stands_on(organizer, client, app):
    member = a_person()
    a_membership(member)
    inside = an_event_with_picture(organizer, visibility=Visibility.MEMBERS)
    path = inside.picture.path(400, "webp")
    of_members = app.test_client().sign_in(member)

    assert client.get(path).status_code == 404
    answer = of_members.get(path)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"].startswith("private")
    assert b"IMAGE;" not in db.session.get(Entry, inside.id).vevent


def test_a_drafts_picture_is_for_staff(organizer, client):
    draft = an_event_with_picture(organizer, published_at=None)
    path = draft.picture.path(400, "jpg")

    assert (client.get(path).status_code, organizer.get(path).status_code) == (404, 200)


def test_logos_and_venues_pictures_are_for_all(organizer, client):
    venue = a_venue("Scott Hall")
    body = a_backing(an_event("A talk", venue=venue), "B Debating Union", "sponsor").organization
    db.session.commit()
    give(organizer, f"/organize/organizations/{body.id}/logo", a_photo(300, 100, "PNG", "RGBA"), alt="B D U")
    give(organizer, f"/organize/venues/{venue.id}/picture", a_photo())

    assert 'alt="B D U"' in client.get(f"/organizations/{body.slug}").text
    assert 'alt="A hall at night"' in client.get(f"/venues/{venue.slug}").text
    assert client.get(body.logo.path(200, "png")).status_code == 200
    assert client.get(venue.picture.path(400, "jpg")).status_code == 200


@pytest.mark.parametrize(
    ("content", "words", "said"),
    [
        (None, {}, "choose a picture"),
        (a_photo(), {"alt": " "}, "what it shows"),
        (b"x", {}, "cannot be read"),
        (b"", {}, "This file is empty."),
    ],
)
def test_what_is_missing_or_wrong_is_said_beside_its_field(organizer, content, words, said):
    event = an_event()
    db.session.commit()
    answer = give(organizer, f"/organize/events/{event.id}/picture", content, **words)

    assert answer.status_code == 422
    assert said in answer.text


def test_an_empty_file_leaves_the_picture_that_is_there_and_hinders_nobody_from_taking_it_away(organizer):
    event = an_event_with_picture(organizer)
    there = f"/organize/events/{event.id}/picture"
    assert "This file is empty." in give(organizer, there, b"", alt="Other words").text
    assert event.picture_alt == "A hall at night"

    assert give(organizer, there, b"", remove="y").status_code == 303
    assert event.picture is None


def test_words_change_without_a_file_and_a_picture_can_be_taken_away(organizer):
    event = an_event_with_picture(organizer)
    there = f"/organize/events/{event.id}/picture"
    give(organizer, there, alt="The same hall by day", credit="Ann Example")
    assert (event.picture_alt, event.picture_credit) == ("The same hall by day", "Ann Example")

    give(organizer, there, remove="y")
    assert event.picture is None


def test_a_copy_shares_the_picture_but_not_its_words_and_what_nothing_shows_is_let_go_of(organizer, app):
    event = an_event_with_picture(organizer)
    made = duplicate(event, a_person(), NOW)
    db.session.flush()
    assert made.picture_id == event.picture_id
    give(organizer, f"/organize/events/{made.id}/picture", alt="The same hall, empty", credit="Ann Example")
    assert (event.picture_alt, event.picture_credit) == ("A hall at night", "")
    give(organizer, f"/organize/events/{event.id}/picture", a_photo(900, 450), alt="Our hall")
    assert made.picture is event.picture
    assert (made.picture_alt, made.picture_credit, event.picture_alt) == (
        *("The same hall, empty", "Ann Example"),
        "Our hall",
    )

    event.picture = made.picture = None
    db.session.flush()
    forget_pictures(now())
    kept = db.session.scalar(select(func.count()).select_from(Picture))
    forget_pictures(now() + timedelta(days=2))

    assert kept == 1
    assert db.session.scalar(select(func.count()).select_from(Rendition)) == 0


def test_no_number_in_the_address_brings_anything_but_not_found(client, organizer):
    event = an_event_with_picture(organizer)
    key = event.picture.key
    for name in (
        f"{key}-401.jpg",
        f"{key}-400.png",
        f"{key}-99999999999999999999.jpg",
        f"{key[:-1]}-400.jpg",
        "x-1.jpg",
    ):
        assert client.get(f"/pictures/{name}").status_code == 404


def test_a_page_with_a_picture_and_logos_costs_no_more_statements(organizer, client, counted):
    def cost(event):
        organizer.post("/organize/categories/new", data={"name": token_hex(4)})  # which makes all pages anew
        with counted() as count:
            page = client.get(f"/events/{event.slug}").text
        assert page
        return len(count)

    plain, full = an_event("Plain"), an_event("Full")
    for name in ("A", "B", "C"):
        a_backing(full, name, "sponsor")
        a_backing(plain, f"{name}{name}", "sponsor")
    db.session.commit()
    for body in [backing.organization for backing in db.session.get(Event, full.id).backings]:
        give(organizer, f"/organize/organizations/{body.id}/logo", a_photo(300 + body.id, 100), alt="logo")
    give(organizer, f"/organize/events/{full.id}/picture", a_photo())

    assert len(re.findall("<picture>", client.get(f"/events/{full.slug}").text)) == 4
    costs = [cost(event) for event in (full, plain, full, plain)]
    assert costs[2] == costs[3] <= 7


def preview(browser, event, content=None, **words):
    sent = {"alt": "A hall", **words} | ({"file": (io.BytesIO(content), "hall.jpg")} if content else {})
    return browser.post(f"/organize/events/{event.id}/picture", data=sent)


def test_another_picture_of_an_announced_event_is_shown_with_what_it_does_before_it_is_saved(organizer, client):
    event = an_event_with_picture(organizer)
    old, before = event.picture.key, db.session.get(Entry, event.id).vevent

    page = preview(organizer, event, a_photo(700, 500), alt="A boat & a hall", credit="Ann")
    db.session.expire_all()
    assert page.status_code == 200
    for said in (
        "A hall at night",
        "A boat &amp; a hall",
        "</b> going",
        "</b> waiting",
        "calendar",
        "Nobody is written to",
    ):
        assert said in page.text
    assert (event.picture.key, db.session.get(Entry, event.id).vevent) == (old, before)
    new = db.session.scalar(select(Picture).where(Picture.key != old))
    assert new.path(400, "jpg") in page.text
    assert (client.get(new.path(400, "jpg")).status_code, organizer.get(new.path(400, "jpg")).status_code) == (404, 200)

    assert organizer.agree(page).status_code == 303
    db.session.expire_all()
    assert (event.picture.key, event.picture_alt, event.picture_credit) == (new.key, "A boat & a hall", "Ann")
    assert db.session.get(Entry, event.id).vevent != before


def test_the_form_comes_back_with_the_file_and_the_words(organizer):
    event = an_event_with_picture(organizer)
    page = preview(organizer, event, a_photo(700, 500), alt="A boat", credit="Ann")
    (kept,) = re.findall(r'name="kept" value="([^"]+)"', page.text)
    back = organizer.post(page.request.path, data={"alt": "A boat", "credit": "Ann", "kept": kept, "again": "yes"})
    assert back.status_code == 200
    for said in ('value="A boat"', 'value="Ann"', f'name="kept" value="{kept}"', "This is what you sent"):
        assert said in back.text

    again = organizer.post(page.request.path, data={"alt": "", "kept": kept})
    assert (again.status_code, f'value="{kept}"' in again.text) == (422, True)
    lost = organizer.post(page.request.path, data={"alt": "A boat", "kept": kept[:-1] + "x"})
    assert (lost.status_code, "choose it again" in lost.text) == (422, True)


def test_a_file_without_its_words_need_not_be_chosen_again(organizer):
    event = an_event()
    page = preview(organizer, event, a_photo(700, 500), alt="x" * 301)
    (kept,) = re.findall(r'name="kept" value="([^"]+)"', page.text)
    assert page.status_code == 422

    assert organizer.agree(preview(organizer, event, alt="A boat", kept=kept)).status_code == 303
    db.session.expire_all()
    assert event.picture_alt == "A boat"


def test_what_another_has_sent_is_nobody_elses_to_show(organizer, app):
    event = an_event()
    page = preview(organizer, event, a_photo(700, 500))
    (kept,) = re.findall(r'name="kept" value="([^"]+)"', page.text)
    other = app.test_client().sign_in(a_person("", "organizer"))
    assert preview(other, event, kept=kept).status_code == 422


def test_what_was_agreed_to_is_shown_anew_when_it_has_become_something_else(organizer):
    event = an_event_with_picture(organizer)
    page = preview(organizer, event, remove="y")
    assert "Take the picture away" in page.text
    give(organizer, page.request.path, a_photo(700, 500), alt="A boat")
    again = organizer.agree(page)
    for said in ("Nothing is done yet", "A boat"):
        assert said in again.text
    organizer.agree(again)
    db.session.expire_all()
    assert event.picture is None


@pytest.mark.parametrize("values", [{"published_at": None}, {"visibility": Visibility.MEMBERS}])
def test_a_picture_that_no_calendar_shows_is_saved_at_once(organizer, values):
    event = an_event(**values)
    assert preview(organizer, event, a_photo(700, 500)).status_code == 303


def test_other_words_of_a_picture_are_saved_at_once_and_touch_no_calendar(organizer):
    event = an_event_with_picture(organizer)
    revised = event.revised_at
    assert preview(organizer, event, alt="By day").status_code == 303
    db.session.expire_all()
    assert (event.picture_alt, event.revised_at) == ("By day", revised)
    assert "no calendar changes" in organizer.get(f"/organize/events/{event.id}/picture").text
