"""Signing in and out, by password and by mailed links."""

import threading
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from society.db import db
from society.mail.actions import bury
from society.membership.actions import apply
from society.membership.queries import standing
from society.people.models import OneTimeLink, Person
from society.people.passwords import hash_password, outdated, password_matches
from tests.builders import NOW, TODAY, a_person, a_tier
from tests.people.letters import link_in, subjects

PASSWORD = "a fairly long one"


@pytest.fixture(scope="module")
def hashed():
    return hash_password(PASSWORD)


@pytest.fixture
def ann(app, hashed):
    return a_person("Ann Ash", email="ann@example.org", password_hash=hashed)


def sign_in(client, email="ann@example.org", password=PASSWORD, **more):
    return client.post("/login", data={"email": email, "password": password, **more})


def is_signed_in(client):
    return client.get("/me").status_code == 200


def test_the_right_password_opens_a_lasting_session(client, ann):
    answer = sign_in(client, "Ann@Example.org")

    assert (answer.status_code, answer.location) == (303, "/me")
    cookie = answer.headers["Set-Cookie"]
    assert "Expires=" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert is_signed_in(client)


def test_nothing_of_the_session_before_signing_in_stays(client, ann):
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"

    sign_in(client)

    with client.session_transaction() as session:
        assert "planted" not in session
        assert session.permanent


def test_wrong_password_and_unknown_address_get_one_answer_and_cost_the_same(client, ann, counted):
    with counted() as known:
        wrong = sign_in(client, password="not it at all")
    with counted() as unknown:
        nobody = sign_in(client, email="ned@example.org", password="not it at all")

    assert wrong.status_code == nobody.status_code == 422
    assert "do not go together" in wrong.text
    assert wrong.text.replace("ann@", "ned@") == nobody.text
    assert len(known) == len(unknown)
    assert not is_signed_in(client)


def test_a_password_is_checked_even_if_there_is_nobody_whose_it_could_be(ann, monkeypatch):
    verified = []
    monkeypatch.setattr(PasswordHasher, "verify", lambda _self, stored, _text: verified.append(stored))

    assert password_matches(ann, PASSWORD)
    assert not password_matches(a_person(password_hash=None), PASSWORD)
    assert not password_matches(None, PASSWORD)
    assert len(verified) == 3


def test_what_was_typed_stays_but_for_the_password(client, ann):
    answer = sign_in(client, password="not it at all")

    assert 'value="ann@example.org"' in answer.text
    assert "not it at all" not in answer.text


@pytest.mark.parametrize(
    "email", ["", "no address", "x" * 10_000, "a\r\nBcc: b@example.org", "\x00", "'; DROP TABLE--"]
)
@pytest.mark.parametrize("password", ["", "x" * 10_000])
def test_bad_input_is_answered_beside_its_field(client, email, password):
    answer = sign_in(client, email, password)

    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text
    assert 'id="password-error"' in answer.text


def test_an_odd_password_is_just_wrong(client, ann):
    for password in ("<script>alert(1)</script>", "\x00\x00", "🎷" * 20, "שלום"):
        assert "do not go together" in sign_in(client, password=password).text


@pytest.mark.parametrize("path", ["/me/rsvps", "/events?q=a&page=2", "/calendar#top"])
def test_one_goes_on_to_the_page_that_asked_for_a_sign_in(client, ann, path):
    assert f'value="{path.replace("&", "&amp;")}"' in client.get("/login", query_string={"next": path}).text
    assert sign_in(client, next=path).location == path


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://example.com/",
        "//example.com",
        "/\\example.com",
        "/\t/example.com",
        "\\\\example.com",
        "javascript:alert(1)",
        "me",
    ],
)
def test_one_never_goes_on_to_another_site(client, ann, elsewhere):
    assert sign_in(client, next=elsewhere).location == "/me"


@pytest.mark.parametrize("path", ["/events", "/me", ""])
def test_whose_address_refuses_mail_is_told_wherever_they_land(client, ann, path):
    bury(ann.email, "550 5.1.1 no such user", NOW)
    db.session.commit()

    page = client.get(sign_in(client, next=path).location).text
    assert ("comes back, so nothing more is sent there" in page) == (path == "/events")
    assert ("Your address refuses our mail" in page) == (path != "/events")
    assert "comes back" not in client.get("/events").text


def test_whose_address_works_is_told_nothing_of_it(client, ann):
    assert "comes back" not in client.get(sign_in(client, next="/events").location).text


def test_a_protected_page_leads_back_to_itself(client, ann):
    asked = client.get("/me/security")

    assert asked.location == "/login?next=/me/security"


def test_a_hash_of_other_days_is_made_anew(client, ann):
    ann.password_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    assert outdated(ann.password_hash)

    sign_in(client)

    db.session.refresh(ann)
    assert not outdated(ann.password_hash)
    assert password_matches(ann, PASSWORD)


def test_the_unverified_are_told_to_look_for_the_letter_and_get_a_new_one(client, ann):
    ann.verified_at = None

    answer = sign_in(client)

    assert answer.location == "/login/verify"
    assert "One step is missing" in client.get(answer.location).text
    assert subjects(ann.email) == ["Please verify your address"]
    first = link_in(ann.email, "/verify/")
    assert sign_in(client).location == "/login/verify"
    assert client.get(first).status_code == 410
    assert client.get(link_in(ann.email, "/verify/")).status_code == 200
    assert not is_signed_in(client)


def test_verifying_signs_in_and_begins_the_membership(client, ann):
    ann.verified_at = None
    apply(ann, a_tier(needs_approval=False), NOW)
    sign_in(client)
    link = link_in(ann.email, "/verify/")

    shown = client.get(link)
    assert "ann@example.org" in shown.text
    assert not is_signed_in(client)
    assert client.post(link).location == "/me"

    db.session.refresh(ann)
    assert ann.verified_at is not None
    assert standing(ann, TODAY) is not None
    assert is_signed_in(client)
    assert client.post(link).status_code == 410


def test_signing_out_ends_the_session_in_this_browser(client, ann):
    client.sign_in(ann)

    assert client.post("/logout").location == "/"
    assert not is_signed_in(client)
    assert client.get_cookie("society") is None


def test_signing_out_takes_a_post(client, ann):
    client.sign_in(ann)

    assert client.get("/logout").status_code == 405
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("page", "subject"), [("/login/link", "Your link to sign in"), ("/password/forgot", "Choose a new password")]
)
def test_asking_for_a_link_tells_nobody_whether_the_address_is_known(client, ann, counted, page, subject):
    client.get(page)  # once a process has seen that the society is set up, it never asks again
    with counted() as known:
        to_ann = client.post(page, data={"email": ann.email})
    with counted() as unknown:
        to_nobody = client.post(page, data={"email": "ned@example.org"})

    assert (to_ann.status_code, to_ann.location, to_ann.text) == (303, "/login/sent", to_nobody.text)
    to_ann.headers.pop("Set-Cookie"), to_nobody.headers.pop("Set-Cookie")  # what was typed, for the page that follows
    assert to_ann.headers == to_nobody.headers
    assert len(known) == len(unknown)
    assert subjects(ann.email) == [subject]
    assert subjects("ned@example.org") == ["No sign-in with this address"]


def test_a_link_signs_in_once_and_on_a_press_only(client, ann):
    client.post("/login/link", data={"email": ann.email, "next": "/me/rsvps"})
    link = link_in(ann.email, "/login/link/")

    assert client.get(link).status_code == 200
    assert client.get(link).status_code == 200
    assert not is_signed_in(client)
    assert client.post(link).location == "/me/rsvps"
    assert is_signed_in(client)
    assert client.get(link).status_code == 410


def test_a_link_for_one_thing_is_not_good_for_another(client, ann):
    client.post("/login/link", data={"email": ann.email})
    secret = link_in(ann.email, "/login/link/").rpartition("/")[2]

    for path in ("/verify/", "/password/reset/", "/me/profile/email/"):
        assert client.get(path + secret).status_code == 410
        assert client.post(path + secret).status_code == 410


@pytest.mark.parametrize("path", ["/login/link/", "/password/reset/", "/verify/"])
def test_a_link_that_is_over_leads_kindly_to_a_new_one(client, ann, path):
    for secret in ("nonsense", "x" * 3000, "🎷"):
        answer = client.get(path + secret)
        assert answer.status_code == 410
        assert "Get a new one" in answer.text


def test_a_link_ends_with_its_time(client, ann):
    client.post("/login/link", data={"email": ann.email})
    db.session.execute(update(OneTimeLink).values(expires_at=NOW - timedelta(minutes=1)))

    assert client.post(link_in(ann.email, "/login/link/")).status_code == 410
    assert not is_signed_in(client)


def test_a_guest_who_signs_in_by_link_is_verified_and_loses_a_password_that_a_stranger_may_have_chosen(client, ann):
    ann.verified_at = None
    client.post("/login/link", data={"email": ann.email})

    client.post(link_in(ann.email, "/login/link/"))

    db.session.refresh(ann)
    assert ann.verified_at is not None
    assert ann.password_hash is None


def test_of_two_presses_at_the_same_moment_one_wins(app, ann):
    client = app.test_client()
    client.post("/login/link", data={"email": ann.email})
    link = link_in(ann.email, "/login/link/")
    db.session.commit()
    answers, together = [], threading.Barrier(4)

    def press():
        browser = app.test_client()
        together.wait()
        answers.append(browser.post(link).status_code)

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers.count(303) == 1
    assert set(answers) <= {303, 409, 410}


def test_a_new_password_replaces_the_old_one_and_ends_every_session(client, ann, app):
    elsewhere = app.test_client().sign_in(ann)
    client.post("/password/forgot", data={"email": ann.email})
    link = link_in(ann.email, "/password/reset/")

    assert client.post(link, data={"password": "short"}).status_code == 422
    assert client.post(link, data={"password": "another long one"}).location == "/me"

    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)
    assert client.get(link).status_code == 410
    assert sign_in(app.test_client()).status_code == 422
    assert sign_in(app.test_client(), password="another long one").status_code == 303
    assert subjects(ann.email)[-1] == "Your password has changed"


def test_links_mailed_before_die_with_the_old_password(client, ann):
    client.post("/login/link", data={"email": ann.email})
    earlier = link_in(ann.email, "/login/link/")
    client.post("/password/forgot", data={"email": ann.email})

    client.post(link_in(ann.email, "/password/reset/"), data={"password": "another long one"})

    assert client.get(earlier).status_code == 410


def test_forgetting_makes_nobody(client, app):
    client.post("/password/forgot", data={"email": "ned@example.org"})

    assert db.session.scalars(select(Person)).all() == []
