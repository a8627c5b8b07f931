"""What is too large to be taken: told before it is sent, and without losing what was typed beside it."""

import re
from io import BytesIO

import pytest
from flask import request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from society.questions.models import Kind
from society.rsvps.actions import reply
from society.rsvps.models import Answer
from society.rsvps.render import link
from society.typed import typed
from society.uploads import READ_ON
from tests.builders import NOW, a_person, an_event
from tests.questions.test_answering import asked, name_of
from tests.test_typed import LINES, carried
from tests.visits import browser_of
from tests.world import rules


def test_files_that_are_too_large_end_in_a_page_with_all_that_was_typed_beside_them(client, app, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 100_000)
    dinner, _asker = an_event("Dinner"), a_person("Olga", "organizer")
    plan = asked(dinner, Kind.FILE, "Your plan")
    typed = {"name": "Gus Guest", "email": "gus@example.org", "answer": "yes", "note": LINES}
    refused = client.post(f"/events/{dinner.slug}/rsvp", data={**typed, name_of(plan): large(100_001)})

    assert refused.status_code == 413
    assert "At most 0.09537 MB can be sent at once, 2 MB of it as text." in refused.text
    assert carried(refused) == MultiDict(typed)
    assert f'name="{name_of(plan)}"' in refused.text
    assert client.post(f"/events/{dinner.slug}/rsvp", data=carried(refused)).status_code == 303


def test_so_does_a_change_by_the_mailed_link(client, app, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 100_000)
    dinner, gus = an_event("Dinner"), a_person("Gus")
    plan = asked(dinner, Kind.FILE, "Your plan")
    own = link(reply(dinner, gus, Answer.YES, at=NOW))
    typed = {"action": "change", "answer": "yes", "note": LINES}
    refused = client.post(own, data={**typed, name_of(plan): large(100_001)})

    assert refused.status_code == 413
    assert carried(refused) == MultiDict(typed)
    assert client.post(own, data=carried(refused)).status_code == 303


def test_what_is_far_too_large_is_not_read_and_the_page_says_where_the_form_is(client, app, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 100_000)
    refused = client.post("/login/link", data={"email": "a@example.org", "file": large(READ_ON * 100_000)})

    assert refused.status_code == 413
    assert "Your browser’s Back button leads to the form" in refused.text
    assert "a@example.org" not in refused.text


def test_of_several_files_that_are_too_large_together_fewer_are_asked_for(client, app, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 100_000)
    event = an_event()
    client.sign_in(a_person("", "organizer"))
    sent = {"title": "At dinner", "file": [large(60_000), large(60_000)]}

    refused = client.post(f"/organize/events/{event.id}/material", data=sent)

    assert refused.status_code == 413
    assert "What you typed stands below: please choose fewer files at a time and send it again." in refused.text
    assert refused.text.count('type="file"') == refused.text.count("multiple") == 1


def test_half_a_form_is_never_taken_for_a_whole_one(client, app, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_FORM_MEMORY_SIZE", 50_000)
    refused = client.post("/login/link", data={"first": "x" * 200_000, "email": "a@example.org", "file": large(9)})

    assert refused.status_code == 413
    assert "Back button" in refused.text
    assert "a@example.org" not in refused.text


def test_a_form_without_its_files_is_never_taken_for_the_whole_one(app, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 100_000)
    with app.test_request_context("/organize/events/new", method="POST", data={"email": "a", "file": large(100_001)}):
        for _ in range(2):
            with pytest.raises(RequestEntityTooLarge):
                _ = request.form
        assert typed().fields == [("email", "a")]
        with pytest.raises(RequestEntityTooLarge):
            _ = request.files


def test_whoever_is_signed_out_is_told_too_and_then_asked_to_sign_in(client, app, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 100_000)
    refused = client.post("/organize/events/new", data={"title": "River walk", "image": large(100_001)})

    assert refused.status_code == 413
    assert carried(refused) == MultiDict({"title": "River walk"})
    assert client.post("/organize/events/new", data=carried(refused)).status_code == 403


@pytest.mark.once
def test_every_input_of_a_file_says_how_large_one_may_be(app, world):
    asked(world.events["open"], Kind.FILE, "Your plan")
    browser, seen, silent = browser_of(app, world, "admin"), 0, []
    for rule in rules(app, "GET"):
        page = browser.get(world.address(app, rule)).data.decode(errors="replace")
        for tag in re.findall(r'<input [^>]*type="file"[^>]*>', page):
            seen += 1
            told = re.search(r'data-most="[0-9]+"', tag) and "/static/too-large." in page and " id=" in tag
            silent += [] if told else [rule.endpoint]

    assert silent == []
    assert seen > 8


def large(size):
    return BytesIO(bytes(size)), "plan.pdf"
