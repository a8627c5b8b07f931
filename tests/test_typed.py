"""What was typed into a form that could not be taken, and where it is found again."""

import re
from html import unescape
from io import BytesIO

import pytest
import wtforms
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from society.db import db
from society.events.models import Event
from society.people.models import EventOrganizer
from society.people.passwords import hash_password
from society.typed import SECRET
from society.web import Form
from tests.builders import NEXT_MONTH, NOW, a_person, a_photo, an_event

PASSWORD = "a fairly long one"
LINES = "First the river.\r\nThen “the mill”, <b>& the weir."
WALK = {
    "title": "River walk",
    "description": LINES,
    "starts_at": f"{NEXT_MONTH:%Y-%m-%dT%H:%M}",
    "timezone": "America/New_York",
    "visibility": "public",
    "rsvp_policy": "open",
}
NEW = "/organize/events/new"


@pytest.fixture(scope="module")
def hashed():
    return hash_password(PASSWORD)


@pytest.fixture
def olga(app, hashed):
    return a_person("Olga", "organizer", email="olga@example.org", password_hash=hashed)


def carried(page):
    """The fields that go along with the last form of a page, as a browser would send them."""
    form = page.text[page.text.rindex('<form method="post" action') :]
    hidden = [tag for tag in re.findall("<input [^>]*>", form) if 'type="hidden"' in tag]
    fields = [re.search('name="([^"]*)".* value="([^"]*)"', tag, re.DOTALL).groups() for tag in hidden]
    return MultiDict((unescape(name), unescape(value)) for name, value in fields)


def seal_in(page):
    return unescape(re.search(r'name="typed" type="hidden" value="([^"]*)"', page.text)[1])


def sign_in(client, page, email="olga@example.org", password=PASSWORD):
    return client.post("/login", data={"email": email, "password": password, "typed": seal_in(page)})


def titles():
    return list(db.session.scalars(select(Event.title)))


def signed_out_elsewhere(client, person):
    client.sign_in(person)
    person.session_key = "another by now"


def test_a_form_sent_after_the_sign_in_has_ended_is_there_again_once_one_has_signed_in(client, olga):
    signed_out_elsewhere(client, olga)
    asking = client.post(NEW, data=WALK)
    wrong = sign_in(client, asking, password="not it")
    back = sign_in(client, wrong)

    assert asking.status_code == 403
    assert "What you typed is kept on this page" in asking.text
    assert titles() == []
    assert "You are signed in again" in back.text
    assert "Then “the mill”, &lt;b&gt;&amp; the weir." in back.text
    assert back.headers["Cache-Control"] == "no-store"
    assert carried(back) == MultiDict(WALK)

    assert f'action="{NEW}"' in back.text
    assert client.post(NEW, data=carried(back)).status_code == 303
    assert db.session.scalars(select(Event)).one().description == LINES.replace("\r\n", "\n")


def test_so_it_is_where_nothing_tells_who_was_signed_in(client, olga):
    assert carried(sign_in(client, client.post(NEW, data=WALK))) == MultiDict(WALK)


def test_who_signs_in_by_a_link_in_another_tab_gets_it_from_the_page_that_asked(client, olga):
    signed_out_elsewhere(client, olga)
    asking = client.post(NEW, data=WALK)
    assert re.search('<a [^>]*href="/login/link" target="_blank"', asking.text)
    too_early = client.post("/login", data=carried(asking))
    client.sign_in(olga)
    back = client.post("/login", data=carried(too_early))

    assert too_early.status_code == 422
    assert client.post(NEW, data=carried(back)).status_code == 303
    assert titles() == ["River walk"]


def test_who_signs_in_there_as_somebody_else_cannot_send_it_as_theirs(client, olga):
    signed_out_elsewhere(client, olga)
    asking = client.post(NEW, data=WALK)
    client.sign_in(a_person("Otto", "organizer"))
    answer = client.post("/login", data=carried(asking))

    assert "River walk" not in asking.text, "but in the seal"
    assert (answer.status_code, answer.location) == (303, "/me")


def test_another_account_gets_nothing_of_it(client, app, olga, hashed):
    a_person("Otto", "organizer", email="otto@example.org", password_hash=hashed)
    signed_out_elsewhere(client, olga)
    answer = sign_in(client, client.post(NEW, data=WALK), email="otto@example.org")

    assert (answer.status_code, answer.location) == (303, "/me")


@pytest.mark.parametrize("seal", ["", "nonsense", "WzAse31d.nonsense"])
def test_what_this_site_has_not_sealed_is_not_shown(client, olga, seal):
    answer = client.post("/login", data={"email": olga.email, "password": PASSWORD, "typed": seal})

    assert (answer.status_code, answer.location) == (303, "/me")


def test_a_press_on_a_button_alone_leads_to_sign_in_as_before(client, app):
    answer = client.post(f"/organize/events/{an_event().id}/publish")

    assert (answer.status_code, answer.location) == (303, "/login")


def test_a_file_is_asked_for_again_and_what_was_typed_beside_it_is_not(client, olga):
    asking = client.post(NEW, data={**WALK, "image": (BytesIO(a_photo()), "river.jpg"), "image_alt": "A river"})
    back = sign_in(client, asking)

    assert re.search('<input type="file" [^>]*name="image"', back.text)
    assert 'enctype="multipart/form-data"' in back.text
    assert carried(back)["image_alt"] == "A river"


def test_who_lost_the_right_meanwhile_can_copy_what_they_typed(client, olga):
    event, friend = an_event(), a_person("Fay Friend")
    right = EventOrganizer(event_id=event.id, person=friend, given_at=NOW)
    db.session.add(right)
    client.sign_in(friend)
    address = f"/organize/events/{event.id}"
    assert client.get(address).status_code == 200
    db.session.delete(right)
    refused = client.post(address, data=WALK)

    assert refused.status_code == 403
    assert '<details class="disclosure" open>' in refused.text
    assert "Then “the mill”, &lt;b&gt;&amp; the weir." in refused.text
    assert carried(refused) == MultiDict(WALK)


def test_no_page_shows_what_another_site_sent_nor_has_a_button_to_send_it_again(client, olga):
    client.sign_in(olga)
    refused = client.post(NEW, data=WALK, headers={"Sec-Fetch-Site": "cross-site"})

    assert refused.status_code == 403
    assert "River walk" not in refused.text
    assert "Send it again" not in refused.text


def test_what_is_shown_is_called_as_a_person_would_and_holds_nothing_that_nobody_typed(client, app):
    sent = {"answer": "yes", "party_size": "2", "q12_0": "Vegan", "q12_1_other": "No nuts", "q3_1_again": "y"}
    sent |= {"away_2": "y", "seen": "title:0a1b2c", "revision": "ffff", "q1": "odd"}
    answer = client.post("/events/nowhere/rsvp", data=sent)

    assert re.findall('<dt>([^<]*)</dt><dd class="as-typed">([^<]*)</dd>', answer.text) == [
        ("Answer", "yes"),
        ("Party size", "2"),
        ("Your answer to a question", "Vegan"),
        ("Anything else (guest 1)", "No nuts"),
        ("As you told us before (guest 1)", "y"),
        ("Guest 2 stays away", "y"),
        ("Q1", "odd"),
    ]
    assert carried(answer)["seen"] == "title:0a1b2c"


@pytest.mark.parametrize("address", [NEW, "/events/nowhere/rsvp"])
def test_more_fields_than_any_form_has_make_no_page_of_many_times_their_size(client, app, address):
    answer = client.post(address, data=b"a=b&" * 1_001, content_type="application/x-www-form-urlencoded")

    assert "Send it again" not in answer.text
    assert len(answer.data) < 5_000


def test_what_is_sent_to_no_address_of_this_site_is_not_repeated(client, app):
    assert "sesame" not in client.post("/wp-login.php", data={"pwd": "sesame"}).text


def every(kind):
    return {kind, *(one for below in kind.__subclasses__() for one in every(below))}


def test_no_password_is_ever_sent_back(client, app):
    secret = {
        name
        for form in every(Form)
        for name, field in vars(form).items()
        if issubclass(getattr(field, "field_class", object), wtforms.PasswordField)
    }
    assert secret == SECRET

    asking = client.post("/me/profile/email", data={"current": "my secret", "email": "new@example.org"})
    assert (asking.status_code, asking.location) == (303, "/login")


def test_a_refused_form_leads_back_to_its_page_and_shows_nothing_that_nobody_typed(client, olga):
    event = an_event(published_at=None, title="A draft", cancelled_at=NOW)
    sent = {"seen": "7f7f", "message": "Dear all", "confirmed": "9e9e"}
    page = client.sign_in(olga).post(f"/organize/events/{event.id}/cancel", data=sent)
    assert page.status_code == 409
    assert f'href="/organize/events/{event.id}/cancel">Back to the page' in page.text
    assert "Dear all" in page.text
    assert ">7f7f</dd>" not in page.text


def test_what_is_no_page_leads_back_to_the_one_above_it(client, olga):
    event = an_event(cancelled_at=NOW)
    address = f"/organize/events/{event.id}/publish"
    refused = client.sign_in(olga).post(address, data={"title": "x"})
    opened = client.get(address)
    assert (refused.status_code, opened.status_code) == (409, 405)
    for page in (refused, opened):
        assert f'href="/organize/events/{event.id}">Back to the page' in page.text
    assert "Back to the page" not in client.get("/logout").text
