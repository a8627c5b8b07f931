"""A person's own things: only they see and change them."""

from datetime import timedelta

import pytest

from society.db import db
from society.mail.actions import write_markdown
from society.membership.actions import apply
from society.people.passwords import hash_password, password_matches
from society.rsvps.actions import reply
from society.rsvps.models import Answer
from tests.builders import NOW, a_membership, a_person, a_tier, an_event
from tests.people.letters import link_in, subjects

PASSWORD = "a fairly long one"
OWN_PAGES = ["/me", "/me/profile", "/me/profile/email", "/me/security", "/me/data", "/me/data.json"]


@pytest.fixture(scope="module")
def hashed():
    return hash_password(PASSWORD)


@pytest.fixture
def ann(app, hashed):
    return a_person("Ann Ash", email="ann@example.org", password_hash=hashed)


@pytest.fixture
def signed_in(client, ann):
    return client.sign_in(ann)


@pytest.mark.parametrize("path", OWN_PAGES)
def test_a_visitor_is_sent_to_sign_in(client, path):
    answer = client.get(path)

    assert (answer.status_code, answer.location) == (303, f"/login?next={path}")


@pytest.mark.parametrize("path", OWN_PAGES)
def test_what_is_own_is_shown_to_its_owner_and_stored_nowhere(signed_in, path):
    answer = signed_in.get(path)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ann@example.org" in answer.text or "Security" in answer.text or "Ann Ash" in answer.text


@pytest.mark.parametrize("path", OWN_PAGES)
def test_nobody_sees_what_is_anothers(client, ann, path):
    client.sign_in(a_person("Ben Birch", "admin"))

    assert "ann@example.org" not in client.get(path).text


@pytest.mark.parametrize("path", ["/me/profile", "/me/profile/email", "/me/security", "/me/security/sign-out"])
def test_a_visitor_changes_nothing(client, ann, path):
    assert client.post(path, data={"name": "X", "email": "x@example.org"}).status_code == 403


def test_the_own_page_is_friendly_when_there_is_nothing(signed_in):
    page = signed_in.get("/me").text

    assert "Nothing is in your diary yet." in page
    assert "Become a member" in page


def test_the_own_page_shows_what_is_coming_and_where_one_stands(signed_in, ann):
    a_membership(ann, a_tier("Full"))
    evening = an_event("Title: Subtitle", capacity=1)
    reply(evening, a_person(), Answer.YES, at=NOW - timedelta(hours=1))
    reply(evening, ann, Answer.YES, at=NOW)

    page = signed_in.get("/me").text

    assert "Title: Subtitle" in page
    assert "Number 1." in page
    assert "In good standing until" in page


def test_the_own_page_shows_an_application(signed_in, ann):
    apply(ann, a_tier("Student"), NOW)

    assert "Student. The society looks at your application" in signed_in.get("/me").text


def test_the_own_page_costs_the_same_with_one_answer_and_with_three(signed_in, ann, counted):
    def cost():
        with counted() as count:
            assert signed_in.get("/me").status_code == 200
        return len(count)

    reply(an_event(), ann, Answer.YES, at=NOW)
    signed_in.get("/me")
    with_one = cost()
    for _ in range(2):
        reply(an_event(), ann, Answer.YES, at=NOW)
    assert cost() == with_one


@pytest.mark.parametrize("name", ["", " ", "x" * 201, "\x00\x1b", "Win at WWW.example.org", "https://x.example"])
def test_a_bad_name_is_answered_beside_the_field(signed_in, ann, name):
    answer = signed_in.post("/me/profile", data={"name": name})

    assert answer.status_code == 422
    assert 'id="name-error"' in answer.text
    db.session.refresh(ann)
    assert ann.name == "Ann Ash"


@pytest.mark.parametrize("name", ["Ann 🎷", "אן", "<script>alert(1)</script>", "A\r\nBcc: b@example.org"])
def test_any_other_name_is_just_a_name(signed_in, ann, name):
    assert signed_in.post("/me/profile", data={"name": name}).status_code == 303
    db.session.refresh(ann)
    assert ann.name == " ".join(name.split())
    assert "<script>alert" not in signed_in.get("/me").text


def test_what_one_changes_oneself_is_in_ones_own_log_and_in_that_of_the_staff(signed_in, ann, app):
    told = {"name": "Ann Ash", "address": "1 High St", "city": "Leeds", "shown": ["name"]}
    signed_in.post("/me/profile", data=told)
    signed_in.post("/me/profile", data=told)
    ask_for(signed_in, "ann@new.example.org")
    signed_in.post(link_in("ann@new.example.org", "/me/profile/email/"))

    first, second = signed_in.get("/me/data.json").json["audit"]
    assert (first["act"], first["by"], first["before"]) == (
        "person changed",
        "you",
        {"address": "", "city": "", "shown": ""},
    )
    assert first["after"] == {"address": "1 High St", "city": "Leeds", "shown": "name"}
    assert (second["before"], second["after"]) == ({"email": "ann@example.org"}, {"email": "ann@new.example.org"})
    assert "Person changed: address, city, shown" in signed_in.get("/me/data").text

    secretary = app.test_client().sign_in(a_person("Sec Retary", "secretary"))
    page = secretary.get(f"/organize/people/{ann.id}").text
    assert "City: nothing → Leeds" in page
    assert "by Ann Ash" in page


def ask_for(client, email, password=PASSWORD):
    return client.post("/me/profile/email", data={"email": email, "current": password})


def test_a_new_address_is_taken_over_once_its_link_is_opened(signed_in, ann, app):
    assert ask_for(signed_in, "Ann@new.example.org").status_code == 303
    link = link_in("ann@new.example.org", "/me/profile/email/")

    stranger = app.test_client()
    assert "ann@new.example.org" in stranger.get(link).text
    db.session.refresh(ann)
    assert ann.email == "ann@example.org"

    assert signed_in.post(link).location == "/me/profile"
    db.session.refresh(ann)
    assert ann.email == "ann@new.example.org"
    assert subjects("ann@example.org") == ["Your address has changed"]
    assert signed_in.post(link).status_code == 410


def test_a_borrowed_browser_cannot_change_the_address(signed_in):
    answer = ask_for(signed_in, "new@example.org", "not it at all")

    assert answer.status_code == 422
    assert "That is not your password." in answer.text
    assert 'value="new@example.org"' in answer.text
    assert subjects("new@example.org") == []


def test_asking_for_an_address_does_not_tell_that_it_is_somebody_elses(signed_in):
    ben = a_person("Ben", email="ben@example.org")

    free, taken = ask_for(signed_in, "new@example.org"), ask_for(signed_in, ben.email)

    assert (free.status_code, free.location) == (taken.status_code, taken.location)
    assert subjects(ben.email) == ["You use this address already"]


def test_an_address_that_somebody_came_to_use_meanwhile_is_refused(signed_in, ann):
    ask_for(signed_in, "new@example.org")
    link = link_in("new@example.org", "/me/profile/email/")
    a_person("Ben", email="new@example.org")

    assert signed_in.post(link).status_code == 409
    db.session.refresh(ann)
    assert ann.email == "ann@example.org"


def test_changing_the_password_keeps_this_browser_and_ends_the_others(signed_in, ann, app):
    elsewhere = app.test_client().sign_in(ann)

    answer = signed_in.post("/me/security", data={"current": PASSWORD, "new": "another long one"})

    assert answer.status_code == 303
    assert signed_in.get("/me").status_code == 200
    assert elsewhere.get("/me").status_code == 303
    db.session.refresh(ann)
    assert password_matches(ann, "another long one")


@pytest.mark.parametrize(
    ("current", "new", "wrong"),
    [
        ("not it at all", "another long one", "current"),
        (PASSWORD, "short", "new"),
        (PASSWORD, "x" * 501, "new"),
        ("", "another long one", "current"),
    ],
)
def test_a_password_that_does_not_hold_is_answered_beside_its_field(signed_in, current, new, wrong):
    answer = signed_in.post("/me/security", data={"current": current, "new": new})

    assert answer.status_code == 422
    assert f'id="{wrong}-error"' in answer.text
    assert signed_in.get("/me").status_code == 200


def test_somebody_without_a_password_chooses_one(client):
    ben = a_person("Ben Birch")

    assert client.sign_in(ben).post("/me/security", data={"new": "another long one"}).status_code == 303
    db.session.refresh(ben)
    assert password_matches(ben, "another long one")


def test_a_stolen_cookie_is_worth_nothing_after_signing_out_everywhere(signed_in, ann, app):
    thief = app.test_client()
    thief.set_cookie("society", signed_in.get_cookie("society").value)
    assert thief.get("/me").status_code == 200
    signed_in.post("/login/link", data={"email": ann.email})

    assert signed_in.post("/me/security/sign-out").location == "/login"

    assert thief.get("/me").status_code == 303
    assert signed_in.get("/me").status_code == 303
    assert thief.get(link_in(ann.email, "/login/link/")).status_code == 410


def test_the_file_holds_all_that_is_kept_and_nothing_secret(signed_in, ann):
    a_membership(ann, a_tier("Full"))
    reply(an_event("Title: Subtitle"), ann, Answer.YES, note="by the aisle", at=NOW)
    write_markdown(ann, "Hello", "A *letter*.", "hello", now=NOW)
    write_markdown(ann, "Reset", "A one-time link.", "reset", now=NOW, secret=True)

    answer = signed_in.get("/me/data.json")

    kept = answer.json
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert kept["person"]["email"] == "ann@example.org"
    assert [period["tier"] for period in kept["memberships"]] == ["Full"]
    assert [(rsvp["event"], rsvp["note"]) for rsvp in kept["rsvps"]] == [("Title: Subtitle", "by the aisle")]
    assert kept["rsvps"][0]["history"][-1]["after"] == "confirmed"
    assert {"Hello": "A _letter_.", "Reset": ""}.items() <= {x["subject"]: x["text"] for x in kept["letters"]}.items()
    for secret in ("A one-time link", ann.password_hash, ann.session_key, ann.link_key):
        assert secret not in answer.text


def test_the_page_of_kept_data_tells_the_same(signed_in, ann):
    reply(an_event("Title: Subtitle"), ann, Answer.YES, at=NOW)
    write_markdown(ann, "Hello <b>you</b>", "A letter.", "hello", now=NOW)

    page = signed_in.get("/me/data").text

    assert "Title: Subtitle" in page
    assert "Hello &lt;b&gt;you&lt;/b&gt;" in page
