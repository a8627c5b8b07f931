"""A test letter, and what is shown of how it went: against real servers on loopback, good and bad."""

import base64
import socket

import pytest
from aiosmtpd.smtp import AuthResult

from society.limits import limiter
from society.mail import advice
from society.mail.conversation import try_out
from tests.builders import a_person
from tests.mail.bad_server import HANG_UP, SILENCE, a_bad_server
from tests.mail.postbox import a_postbox

ANN = "ann@example.org"
PASSWORD = "p@ss/word of ours"
SIGNING_IN = "ann:p%40ss%2Fword%20of%20ours@"


def at(url, app, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_URL", url)


def said(held):
    return "\n".join(f"{line.by}: {line.text}" for line in held.lines)


def test_all_that_is_said_is_noted_in_order_and_the_letter_arrives(app, monkeypatch):
    with a_postbox() as box:
        at(box.url, app, monkeypatch)
        held = try_out(ANN)

    assert (held.failure, box.recipients) == ("", [ANN])
    assert box.messages[0]["Subject"].startswith("Test letter of ")
    order = [
        "note: Connecting",
        "them: 220",
        "us: ehlo",
        "us: mail",
        "us: rcpt",
        "us: data",
        "us: The letter",
        "us: quit",
    ]
    places = [said(held).casefold().find(part.casefold()) for part in order]
    assert places == sorted(places)
    assert -1 not in places
    assert [line.after for line in held.lines] == sorted(line.after for line in held.lines)


@pytest.mark.parametrize("good", [True, False])
def test_signing_in_is_shown_without_the_password_in_any_form(app, monkeypatch, good):
    def signed_in(_server, _session, _envelope, _way, data):
        assert data.password == PASSWORD.encode()
        return AuthResult(success=good, handled=False)

    with a_postbox(authenticator=signed_in, auth_require_tls=False) as box:
        at(box.url.replace("//", f"//{SIGNING_IN}"), app, monkeypatch)
        held = try_out(ANN)

    assert held.advice == ("" if good else advice.NOT_SIGNED_IN)
    shown = said(held) + held.failure
    assert "us: Signing in (not shown)" in shown
    for secret in (PASSWORD.encode(), b"\0ann\0" + PASSWORD.encode()):
        assert base64.b64encode(secret).decode() not in shown
    assert PASSWORD not in shown


@pytest.mark.parametrize(
    ("stage", "answer", "what_to_do"),
    [
        ("RCPT", "550 5.1.1 nobody here", advice.RECIPIENT),
        ("MAIL", "553 not yours", advice.SENDER),
        ("MAIL", "530 5.7.0 sign in first", advice.SIGN_IN_FIRST),
        ("body", "554 5.7.1 spam", advice.LETTER),
        ("DATA", HANG_UP, advice.HUNG_UP),
        ("connect", "554 go away", advice.HUNG_UP),
    ],
)
def test_each_no_comes_with_the_servers_words_and_what_to_do(app, monkeypatch, stage, answer, what_to_do):
    with a_bad_server() as server:
        at(server.url, app, monkeypatch)
        server.stage, server.answer = stage, answer
        held = try_out(ANN)

    assert held.advice == what_to_do
    assert held.failure
    assert answer == HANG_UP or f"them: {answer}" in said(held)


def test_a_server_that_says_the_password_back_is_not_quoted(app, monkeypatch):
    with a_bad_server() as server:
        at(server.url.replace("//", f"//{SIGNING_IN}"), app, monkeypatch)
        server.offers = ["AUTH LOGIN"]
        server.stage, server.answer = "AUTH", f"535 {PASSWORD} is wrong"
        held = try_out(ANN)

    assert "535 (not shown) is wrong" in said(held)
    assert PASSWORD not in said(held) + held.failure


def test_a_server_that_says_nothing_is_given_up(app, monkeypatch):
    with a_bad_server() as server:
        at(server.url, app, monkeypatch)
        server.stage, server.answer = "RCPT", SILENCE
        held = try_out(ANN, longest=0.1)

    assert held.advice.startswith("After 0.1 seconds we gave up.")
    assert held.lines[-1].after < 0.4, "before the server itself hangs up"


def test_no_server_no_encryption_and_the_wrong_kind_of_it_are_told_apart(app, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as free:
        closed = free.getsockname()[1]
    at(f"smtp://127.0.0.1:{closed}", app, monkeypatch)
    assert try_out(ANN).advice == advice.NOBODY_LISTENS

    with a_postbox() as box:
        at(box.url.replace("smtp:", "smtps:"), app, monkeypatch)
        assert try_out(ANN).advice == advice.NO_TLS

    with a_bad_server() as server:
        at(server.url.replace("//127.0.0.1", f"//{SIGNING_IN}127.1"), app, monkeypatch)  # no name of this machine's
        held = try_out(ANN)
    assert held.advice == advice.UNENCRYPTED
    assert "Signing in" not in said(held)


def test_encryption_is_told_and_a_certificate_that_nobody_knows_is_refused(app, monkeypatch, certificate):
    with a_postbox(tls_context=certificate) as box:
        at(box.url, app, monkeypatch)
        trusted = try_out(ANN)
        at(box.url.replace("127.0.0.1", "127.1"), app, monkeypatch)
        distrusted = try_out(ANN)

    assert "note: Encrypted with TLSv1." in said(trusted)
    assert trusted.failure == ""
    assert distrusted.advice == advice.NO_TRUST
    assert len(box.messages) == 1


def test_an_admin_sees_it_on_the_page_and_others_do_not(app, client, monkeypatch):
    client.sign_in(a_person("Olga", "organizer"))
    assert 'name="email"' not in client.get("/organize/outbox/test").text
    assert client.post("/organize/outbox/test", data={"email": ANN}).status_code == 403
    client.sign_in(a_person("Ada", "admin", email="ada@example.org"))
    assert 'value="ada@example.org"' in client.get("/organize/outbox/test").text

    wrong = client.post("/organize/outbox/test", data={"email": "nobody at all"})
    assert wrong.status_code == 422
    assert "nobody at all" in wrong.text

    filed = client.post("/organize/outbox/test", data={"email": ANN})
    assert "test-letter.eml" in filed.text


@pytest.fixture
def limited(app):
    app.config["RATELIMIT_ENABLED"] = True
    limiter.init_app(app)
    yield
    limiter.reset()
    limiter.enabled = app.config["RATELIMIT_ENABLED"] = False


def test_the_page_shows_what_a_server_says_as_text_and_bounds_the_tries(app, client, monkeypatch, limited):
    client.sign_in(a_person("Ada", "admin"))
    with a_bad_server() as server:
        at(server.url, app, monkeypatch)
        server.stage, server.answer = "RCPT", "550 <b>no</b>"
        pages = [client.post("/organize/outbox/test", data={"email": ANN}) for _ in range(4)]

    assert [page.status_code for page in pages] == [200, 200, 200, 429]
    assert "550 &lt;b&gt;no&lt;/b&gt;" in pages[0].text
    assert advice.RECIPIENT in pages[0].text


def test_the_command_prints_it_and_fails_where_the_letter_does(app, monkeypatch):
    runner = app.test_cli_runner()
    with a_bad_server() as server:
        at(server.url, app, monkeypatch)
        good = runner.invoke(args=["mail", "test", ANN])
        server.stage, server.answer = "RCPT", "550 no"
        bad = runner.invoke(args=["mail", "test", ANN])

    assert (good.exit_code, bad.exit_code) == (0, 1)
    assert "s < 220 " in good.output
    assert good.output.endswith("The mail server took the letter.\n")
    assert bad.output.endswith(f"{advice.RECIPIENT}\n")
