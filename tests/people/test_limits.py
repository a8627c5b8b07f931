"""How often one may try."""

import re
from io import BytesIO

import pytest

from society.db import db
from society.limits import client_address, limiter
from tests.builders import a_person, an_event
from tests.people.letters import subjects
from tests.world import rules


@pytest.fixture
def limited(app):
    """The application, counting."""
    app.config["RATELIMIT_ENABLED"] = True
    limiter.init_app(app)
    yield
    limiter.reset()
    limiter.enabled = app.config["RATELIMIT_ENABLED"] = False


def tries(client, path, times, **data):
    return [client.post(path, data=data).status_code for _ in range(times)]


def test_guessing_a_password_ends_with_a_page_that_says_when_to_come_back(limited, client):
    answers = tries(client, "/login", 5, email="ann@example.org")
    refused = client.post("/login", data={"email": "ann@example.org"})

    assert answers == [422] * 5
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 61
    assert "Please try again in" in refused.text


def test_writing_an_address_otherwise_gives_no_further_guesses(limited, client):
    spellings = [
        "ann@bücher.example",
        "Ann@BÜCHER.example",
        " ann@xn--bcher-kva.example",
        "\ufeffann@bu\u0308cher.example",
    ]

    answers = [client.post("/login", data={"email": spellings[n % 4]}).status_code for n in range(7)]

    assert answers == [422] * 5 + [429] * 2


def test_guessing_for_many_addresses_ends_too(limited, client):
    answers = [client.post("/login", data={"email": f"p{n}@example.org"}).status_code for n in range(12)]

    assert answers == [422] * 10 + [429] * 2


def test_a_link_gives_so_many_papers_a_minute_wherever_it_is_followed_and_another_link_its_own(limited, app):
    papers = [rule.rule for rule in rules(app, "GET") if re.search(r"<token>.*\.pdf$", rule.rule)]
    assert len(papers) == 4
    for paper in papers:
        address, other = (paper.replace("<token>", token) for token in ("9-nobodys", "8-nobodys"))
        halls = [app.test_client().get(address, environ_base={"REMOTE_ADDR": f"192.0.2.{n}"}) for n in range(1, 62)]

        assert [answer.status_code for answer in halls] == [404] * 60 + [429], paper
        assert app.test_client().get(other, environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 404


def test_a_form_that_cannot_be_read_is_refused_and_lets_nobody_try_more_often(limited, client, app, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 100_000)
    guess = {"email": "ann@example.org"}
    assert tries(client, "/login", 5, **guess) == [422] * 5
    heavy = client.post("/login", data={**guess, "file": (BytesIO(bytes(100_001)), "heavy.pdf")})

    assert heavy.status_code == 413
    assert tries(client, "/login", 1, **guess) == [429]


def test_another_place_may_go_on(limited, client):
    tries(client, "/login", 12, email="ann@example.org")

    elsewhere = client.post("/login", data={"email": "ann@example.org"}, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert elsewhere.status_code == 422


@pytest.mark.parametrize("path", ["/password/forgot", "/login/link"])
def test_nobody_can_have_us_flood_a_letter_box(limited, client, path):
    ann = a_person("Ann")

    assert tries(client, path, 7, email=ann.email) == [303] * 5 + [429] * 2
    assert len(subjects(ann.email)) == 5


@pytest.mark.parametrize("path", ["/login/link/x", "/password/reset/x", "/verify/x"])
def test_links_cannot_be_guessed_at_for_long(limited, client, path):
    assert tries(client, path, 22)[-2:] == [429] * 2


def test_looking_at_the_form_is_free(limited, client):
    tries(client, "/login", 12)

    assert client.get("/login").status_code == 200


def test_pages_without_a_limit_ask_nothing_of_the_limiter(limited, app, client, monkeypatch):
    hooks = [
        *app.before_request_funcs.values(),
        *app.after_request_funcs.values(),
        *app.teardown_request_funcs.values(),
    ]
    assert not [hook for group in hooks for hook in group if "limiter" in str(getattr(hook, "__module__", ""))]

    monkeypatch.setattr(limiter, "_check_request_limit", None)
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("stated", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.7"),
        ("unix:", "unix:"),
    ],
)
def test_a_household_counts_as_one_place(app, stated, counted_as):
    with app.test_request_context(environ_base={"REMOTE_ADDR": stated}):
        assert client_address() == counted_as


def test_letters_to_backers_are_asked_for_so_often_and_no_more(client, limited):
    event = an_event()
    db.session.commit()
    client.sign_in(a_person("", "organizer"))

    assert tries(client, f"/organize/events/{event.id}/backings", 32)[-3:] == [422] + [429] * 2
