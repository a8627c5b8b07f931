"""What two organizers change in the form of one event at once."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from society.db import db
from society.events.changes import fingerprint
from society.events.models import BackingRole, Event, Speaker
from society.events.render import backers
from society.rsvps.actions import reply
from society.rsvps.models import Answer
from tests.as_opened import fields_of, typed
from tests.builders import NOW, a_backing, a_person, a_venue, an_event, an_organization
from tests.conftest import Browser


@pytest.fixture
def mine(client: Browser) -> Browser:
    return client.sign_in(a_person("Olive Organizer", "organizer"))


@pytest.fixture
def theirs(app: Flask) -> Browser:
    browser: Any = app.test_client()
    return browser.sign_in(a_person("Theo Other", "organizer"))


@pytest.fixture
def draft() -> Event:
    """With something in each kind of field."""
    event = an_event(
        "A talk",
        published_at=None,
        description="First line.\n\nSecond  line.",
        room="Room 1",
        tags="history, books",
        capacity=40,
        venue=a_venue("Scott Hall"),
        rsvp_deadline=NOW.replace(tzinfo=None) + timedelta(days=1, seconds=30),
        price=550,
        currency="EUR",
        daily=True,
    )
    event.speakers = [Speaker(position=0, name="Ada", about="historian"), Speaker(position=1, name="Ben")]
    a_backing(event, "B Union", "sponsor")
    db.session.commit()
    return event


def address(event: Event) -> str:
    return f"/organize/events/{event.id}"


def as_stored(event: Event) -> Event:
    return db.session.scalars(select(Event).where(Event.id == event.id).execution_options(populate_existing=True)).one()


def test_a_form_that_is_sent_as_it_was_opened_changes_nothing_that_another_saved(mine, theirs, draft):
    opened = fields_of(mine.get(address(draft)).text)
    assert theirs.post(address(draft), data=typed(opened, title="Their title")).status_code == 303

    answer = mine.post(address(draft), data=opened)

    assert answer.status_code == 422
    assert "Theo Other saved this event while you were editing it" in answer.text
    assert "stands there too: <b>Title</b>" in answer.text
    assert "You both changed" not in answer.text
    assert mine.post(address(draft), data=fields_of(answer.text)).status_code == 303
    assert as_stored(draft).title == "Their title"


def test_what_each_changed_stands_in_the_form_and_is_saved_together(mine, theirs, draft):
    opened = fields_of(mine.get(address(draft)).text)
    changed = {"room": "Room 2", "tags": "music", "capacity": 50, "speakers": "Cem | poet\r\nAda | historian"}
    theirs.post(address(draft), data=typed(opened, visibility="members", **changed))

    answer = mine.post(address(draft), data=typed(opened, title="My title", description="Mine.\r\n\r\nAll mine."))
    shown = fields_of(answer.text)

    assert answer.status_code == 422
    assert "<b>Tags, Room, Speakers, Who may see it, Seats</b>" in answer.text
    assert "You both changed" not in answer.text
    assert as_stored(draft).title == "A talk"
    assert mine.post(address(draft), data=shown).status_code == 303
    saved = as_stored(draft)
    assert (saved.title, saved.description) == ("My title", "Mine.\n\nAll mine.")
    assert (saved.room, saved.tags, saved.capacity, saved.visibility) == ("Room 2", "music", 50, "members")
    assert [(s.name, s.about) for s in saved.speakers] == [("Cem", "poet"), ("Ada", "historian")]


def test_a_field_that_both_changed_keeps_what_was_typed_and_shows_what_was_saved(mine, theirs, draft):
    opened = fields_of(mine.get(address(draft)).text)
    theirs.post(address(draft), data=typed(opened, speakers="Cem | poet", room="Room 2"))

    answer = mine.post(address(draft), data=typed(opened, speakers="Dora | critic"))

    assert "You both changed this: please choose" in answer.text
    assert '"Saved meanwhile">Cem | poet</td>' in answer.text
    assert '"In the form">Dora | critic</td>' in answer.text
    assert "stands there too: <b>Room</b>" in answer.text
    shown = fields_of(answer.text)
    assert (shown["speakers"], shown["room"]) == ("Dora | critic", "Room 2")
    assert mine.post(address(draft), data=shown).status_code == 303
    assert [one.name for one in as_stored(draft).speakers] == ["Dora"]


def test_of_a_long_text_that_both_changed_all_that_was_saved_can_be_read(mine, theirs, draft):
    opened = fields_of(mine.get(address(draft)).text)
    theirs.post(address(draft), data=typed(opened, description="word " * 200 + "the end of theirs"))

    answer = mine.post(address(draft), data=typed(opened, description="Mine"))

    assert "<summary>Description, as it was saved</summary>" in answer.text
    assert "the end of theirs" in answer.text


def test_what_both_changed_to_the_same_is_no_question(mine, theirs, draft):
    opened = fields_of(mine.get(address(draft)).text)
    theirs.post(address(draft), data=typed(opened, room="Room 2"))

    answer = mine.post(address(draft), data=typed(opened, room="Room 2"), follow_redirects=True)

    assert answer.status_code == 200
    assert "Nothing was changed." in answer.text


def test_each_box_of_an_organization_is_told_by_itself(mine, theirs, draft):
    known = {name: an_organization(name) for name in ("C League", "D Society", "E Club")}
    a_backing(draft, "F Trust", "endorser")
    db.session.commit()
    opened = fields_of(mine.get(address(draft)).text)
    union, trust = opened["sponsors"], opened["endorsers"]
    theirs.post(address(draft), data=typed(opened, sponsors=[union, known["C League"].id], endorsers=[]))

    answer = mine.post(address(draft), data=typed(opened, sponsors=[known["D Society"].id], endorsers=[trust]))

    assert "You both changed" not in answer.text
    assert "<b>Sponsors, Endorsers</b>" in answer.text
    mine.post(address(draft), data=fields_of(answer.text))
    saved = as_stored(draft)
    assert {one.name for one in backers(saved, BackingRole.SPONSOR)} == {"C League", "D Society"}
    assert not backers(saved, BackingRole.ENDORSER)


@pytest.mark.parametrize(
    ("their", "my", "label", "saved"),
    [
        ({"room": "Attic"}, {"venue_name": "The Barn"}, "Room", "Attic"),
        ({"timezone": "Asia/Tokyo"}, {"starts_at": "2027-05-04T18:00"}, "Time zone", "Asia/Tokyo"),
        ({"all_day": "y"}, {"ends_at": "2027-05-04T23:00"}, "Whole days", "Yes"),
        ({"currency": "CHF"}, {"price": "7"}, "Currency", "CHF"),
    ],
)
def test_what_says_one_thing_is_looked_at_together(mine, theirs, draft, their, my, label, saved):
    draft.rsvp_deadline = None
    draft.starts = draft.starts.replace(year=2027, month=5, day=4, hour=19)
    draft.schedule(draft.starts, draft.starts + timedelta(hours=2), draft.zone, all_day=False)
    db.session.commit()
    opened = fields_of(mine.get(address(draft)).text)
    assert theirs.post(address(draft), data=typed(opened, **their)).status_code == 303

    answer = mine.post(address(draft), data=typed(opened, **my))

    assert "You both changed this: please choose" in answer.text
    assert f'<th scope="row">{label}</th><td data-label="Saved meanwhile">{saved}</td>' in answer.text
    shown = fields_of(answer.text)
    assert {name: shown[name] for name in my} == my
    assert shown[next(iter(their))] == next(iter(their.values()))


def test_what_cannot_be_so_together_is_said_beside_its_field(mine, theirs, draft):
    opened = fields_of(mine.get(address(draft)).text)
    theirs.post(address(draft), data=typed(opened, capacity=5))

    wanted = {"minimum": 20, "minimum_by": f"{draft.starts - timedelta(days=1):%Y-%m-%dT%H:%M}"}
    answer = mine.post(address(draft), data=typed(opened, **wanted))

    assert answer.status_code == 422
    assert "There are seats for 5, so no more can come." in answer.text
    assert "Theo Other saved this event" in answer.text


def test_a_button_for_more_does_nothing_with_what_nobody_has_looked_over(mine, theirs, draft):
    opened = fields_of(mine.get(address(draft)).text)
    theirs.post(address(draft), data=typed(opened, title="Not ready!"))

    answer = mine.post(address(draft), data=typed(opened, then="publish"))

    assert answer.status_code == 422
    assert as_stored(draft).published_at is None


def test_what_was_saved_between_the_page_that_asks_and_its_button_is_brought_in_too(mine, theirs):
    event = an_event("A talk", room="Room 1")
    opened = fields_of(mine.get(address(event)).text)
    asked = mine.post(address(event), data=typed(opened, title="My title"))
    assert "See what will change" not in asked.text
    theirs.agree(theirs.post(address(event), data=typed(opened, room="Room 2")))

    answer = mine.agree(asked)

    assert answer.status_code == 422
    assert "stands there too: <b>Room</b>" in answer.text
    mine.agree(mine.post(address(event), data=fields_of(answer.text)))
    assert (as_stored(event).title, as_stored(event).room) == ("My title", "Room 2")


def test_the_line_to_guests_stands_on_the_page_that_asks_anew(mine, theirs):
    event = an_event("A talk", room="Room 1")
    reply(event, a_person("Gil Guest"), Answer.YES, at=NOW)
    opened = fields_of(mine.get(address(event)).text)
    asked = mine.post(address(event), data=typed(opened, title="My title"))
    theirs.agree(theirs.post(address(event), data=typed(opened, room="Room 2")))

    answer = mine.agree(asked, message="We are sorry & glad.", tell="yes")

    assert answer.status_code == 422
    again = mine.post(address(event), data=fields_of(answer.text))
    assert "We are sorry &amp; glad.</textarea>" in again.text
    assert mine.agree(again, tell="no").status_code == 303


def test_the_line_to_guests_is_kept_on_the_way_back_to_the_form(mine):
    event = an_event("A talk")
    reply(event, a_person("Gil Guest"), Answer.YES, at=NOW)
    opened = fields_of(mine.get(address(event)).text)

    form = mine.post(address(event), data=typed(opened, title="My title", again="yes", message="Sorry.", tell="yes"))

    assert "Sorry.</textarea>" in mine.post(address(event), data=fields_of(form.text)).text


def test_one_that_was_saved_in_another_window_says_so(mine, draft):
    opened = fields_of(mine.get(address(draft)).text)
    mine.post(address(draft), data=typed(opened, room="Room 2"))

    answer = mine.post(address(draft), data=typed(opened, room="Room 3"))

    assert "You saved this event in another window while you were editing it" in answer.text
    assert "Changed in both: please choose" in answer.text


def test_what_the_form_does_not_show_is_told_as_that(mine, theirs):
    event = an_event("A talk")
    opened = fields_of(mine.get(address(event)).text)
    theirs.agree(theirs.get(f"{address(event)}/cancel"))

    answer = mine.post(address(event), data=typed(opened, room="Room 3"))

    assert answer.status_code == 422
    assert "What changed is no part of this form." in answer.text
    assert fields_of(answer.text)["room"] == "Room 3"


def test_without_the_marks_of_the_form_all_that_differs_is_shown_with_both_values(mine, theirs, draft):
    opened = fields_of(mine.get(address(draft)).text)
    theirs.post(address(draft), data=typed(opened, room="Room 2"))

    for broken in ("", "title room:x hosts:1.2.. opened-at:then", "[" * 5_000):
        answer = mine.post(address(draft), data=typed(opened, title="Mine", seen=broken))
        assert answer.status_code == 422
        assert '<th scope="row">Room</th>' in answer.text
        assert fields_of(answer.text)["room"] == "Room 1"


def test_a_script_that_knows_of_no_revision_saves_as_ever(mine, theirs, draft):
    opened = fields_of(mine.get(address(draft)).text)
    theirs.post(address(draft), data=typed(opened, room="Room 2"))
    opened.poplist("revision")
    opened.poplist("seen")

    assert mine.post(address(draft), data=typed(opened, title="Mine")).status_code == 303
    assert (as_stored(draft).title, as_stored(draft).room) == ("Mine", "Room 1")


def test_the_marks_of_a_form_are_small_however_long_its_texts_are(mine, draft):
    draft.description = "word " * 3_000
    db.session.commit()

    assert len(fields_of(mine.get(address(draft)).text)["seen"]) < 1_500


def test_a_moment_that_went_along_with_their_start_does_so_once(mine, theirs, draft):
    opened = fields_of(mine.get(address(draft)).text)
    later = f"{draft.starts + timedelta(hours=2):%Y-%m-%dT%H:%M}"
    theirs.post(
        address(draft),
        data=typed(opened, starts_at=later, ends_at=f"{draft.starts + timedelta(hours=3):%Y-%m-%dT%H:%M}"),
    )
    deadline = as_stored(draft).rsvp_deadline

    answer = mine.post(address(draft), data=typed(opened, title="Mine"))
    assert mine.post(address(draft), data=fields_of(answer.text)).status_code == 303

    assert as_stored(draft).rsvp_deadline == deadline


def test_the_mark_of_a_state_is_that_of_the_form(mine, draft):
    assert fields_of(mine.get(address(draft)).text)["revision"] == fingerprint(draft)
