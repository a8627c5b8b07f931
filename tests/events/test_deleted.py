"""A draft that somebody deletes while somebody else is at it."""

import re
from html import unescape
from io import BytesIO

import pytest
from sqlalchemy import delete, event, select

from society.db import db
from society.events.models import Event
from tests.builders import NEXT_MONTH, a_person, a_photo, an_event
from tests.conftest import Browser
from tests.events.test_organizing import form_of


@pytest.fixture
def organizer(client: Browser) -> Browser:
    return client.sign_in(a_person("Ora Organizer", "organizer"))


@pytest.fixture
def draft(app) -> Event:
    made = an_event("Rivers", starts=NEXT_MONTH, published_at=None, slug=None)
    db.session.commit()
    return made


def deleted_meanwhile(number: int) -> None:
    """By somebody else, once the next request has read it and before it writes."""

    @event.listens_for(db.session, "after_rollback", once=True)
    def _delete(_session: object) -> None:
        with db.engine.begin() as elsewhere:
            elsewhere.execute(delete(Event).where(Event.id == number))


def test_a_second_click_deletes_no_more_and_ends_as_the_first(organizer, draft):
    deleted_meanwhile(draft.id)

    answer = organizer.post(f"/organize/events/{draft.id}/delete")

    assert (answer.status_code, answer.location) == (303, "/organize/events?show=drafts")


@pytest.mark.parametrize("meanwhile", [True, False])
def test_what_was_typed_into_the_form_begins_another_draft(organizer, draft, meanwhile):
    typed = form_of(draft, title="Rivers & Lakes", speakers="Ada Example | historian")
    address = f"/organize/events/{draft.id}"
    if meanwhile:
        deleted_meanwhile(draft.id)
    else:
        organizer.post(f"{address}/delete")

    page = organizer.post(address, data=typed)

    assert page.status_code == 404
    shown = unescape(page.text)
    assert "Someone deleted this draft while you were editing it" in shown
    assert 'value="Rivers & Lakes"' in shown
    assert "Ada Example | historian" in shown
    assert 'action="/organize/events/new"' in shown
    assert organizer.post("/organize/events/new", data={**typed, "revision": ""}).status_code == 303
    assert db.session.scalars(select(Event.title)).all() == ["Rivers & Lakes"]


def test_a_picture_that_was_sent_with_it_is_kept_too(organizer, draft):
    deleted_meanwhile(draft.id)
    typed = form_of(draft, image=(BytesIO(a_photo()), "a.jpg"), image_alt="A river")

    page = organizer.post(f"/organize/events/{draft.id}", data=typed)

    assert (page.status_code, "The picture that you sent" in page.text) == (404, True)
    assert re.search('name="image_kept" value="[^"]+"', page.text)


@pytest.mark.parametrize("scope", ["this", "all"])
def test_so_it_does_whichever_of_a_series_it_was_meant_for(organizer, draft, scope):
    deleted_meanwhile(draft.id)

    page = organizer.post(f"/organize/events/{draft.id}", data=form_of(draft, title="Streams", scope=scope))

    assert (page.status_code, 'value="Streams"' in page.text) == (404, True)


def test_what_is_there_no_more_has_no_form(organizer, draft):
    assert organizer.get(f"/organize/events/{draft.id + 1}").status_code == 404
    assert "while you were editing" not in organizer.get(f"/organize/events/{draft.id + 1}").text


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("publish", {}),
        ("schedule", {"publish_at": f"{NEXT_MONTH:%Y-%m-%dT%H:%M}"}),
        ("agenda/paste", {"lines": "18:00 Opening", "day": "2027-03-30"}),
        ("backings", {"new_organization": "Ramblers", "role": "host", "contact_email": "r@example.org"}),
        ("template", {"name": "Usual"}),
    ],
)
def test_its_other_pages_say_that_it_is_there_no_more(organizer, draft, page, typed):
    deleted_meanwhile(draft.id)

    answer = organizer.post(f"/organize/events/{draft.id}/{page}", data=typed)

    assert answer.status_code == 409
    assert "Someone deleted this at the same moment" in answer.text
