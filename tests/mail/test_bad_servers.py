"""A hundred ways in which a mail server fails: what becomes of the letter, and that the account is exact in the end."""

import socket
import threading
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest

from society.db import db
from society.mail import transport, worker
from society.mail.actions import write_markdown
from society.mail.models import DeadAddress, Letter, LetterState, MailingList
from tests.builders import NOW, a_person
from tests.mail.postbox import a_postbox

HANG_UP, SILENCE, ENDLESS = "hang up", "silence", "endless"
STAGES = ("connect", "EHLO", "MAIL", "RCPT", "DATA", "body")
LATER = (
    "421 bye",
    "450 busy",
    "451 4.3.0 greylisted",
    "452 4.2.2 full",
    "432 later",
    "454 4.7.0 not now",
    "4",
    "abc",
    "",
    "\x00\xff",
)
NEVER = ("500 what", "501 5.5.4 no", "503 no", "550 5.7.1 spam", "552 5.2.2 full", "554 no", "521 none here", "555 no")
GONE = ("550 no such user", "551 moved", "553 no", "550 5.1.1 unknown", "550 5.2.1 disabled", "550-no\r\n550 never")
NOT_THE_LETTER = ("530 5.7.0 sign in first", "535 5.7.8 wrong password", "x" * 9_000, HANG_UP)

FAILURES = [(stage, answer) for stage in STAGES for answer in (*LATER, *NEVER, *GONE, *NOT_THE_LETTER)]


class BadServer:
    """Speaks SMTP (RFC 5321) as far as it must, and says `answer` at `stage`; as a good one it takes everything."""

    def __init__(self) -> None:
        self.stage, self.answer = "", ""
        self.offers: list[str] = []
        self.pace = 0.0
        self.closes_after_each = False
        self.at_rcpt: dict[str, str] = {}
        self.heard: list[str] = []
        self.taken = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"smtp://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # each answer by itself, at once
            try:  # around the closing too: it writes out what the other side may no longer be there to read
                with connection, connection.makefile("rwb") as wire:
                    self._talk(wire)
            except (OSError, StopIteration):
                continue

    def _talk(self, wire) -> None:
        self._begun = False
        self._say(wire, "connect", "220 here")
        for line in wire:
            word = line.split()[0].decode("latin-1").upper() if line.split() else ""
            self.heard.append(word)
            if word in ("EHLO", "HELO"):
                lines = ["bad.example.org", *self.offers]
                good = "\r\n".join(f"250{' ' if line is lines[-1] else '-'}{line}" for line in lines)
                self._say(wire, "EHLO", good)
            elif word == "DATA":
                self._take(wire)
                self._begun = False
            else:
                self._say(wire, word, self._answer(word, line))

    def _take(self, wire) -> None:
        self._say(wire, "DATA", "354 go on")
        if self.stage == "DATA" and not self.pace:
            return
        while wire.readline() not in (b".\r\n", b""):
            pass
        self._say(wire, "body", "250 taken")
        self.taken += self.stage != "body" or bool(self.pace)
        if self.closes_after_each:
            raise StopIteration

    def _answer(self, word: str, line: bytes) -> str:
        """One letter after the other (RFC 5321, 4.1.4), to those whom it knows."""
        if word == "MAIL" and self._begun:
            return "503 one after the other"
        if word in ("MAIL", "RSET") and self.stage != word:
            self._begun = word == "MAIL"
        unknown = [answer for address, answer in self.at_rcpt.items() if f"<{address}>".encode() in line]
        return unknown[0] if unknown else "221 bye" if word == "QUIT" else "250 ok"

    def _say(self, wire, stage: str, good: str) -> None:
        said = self.answer if stage and stage == self.stage and not self.pace else good
        if said == HANG_UP:
            raise StopIteration
        if said == SILENCE:
            threading.Event().wait(0.5)
            raise StopIteration
        while said == ENDLESS:
            wire.write(b"250-more\r\n" * 1_000)
        if self.pace and stage == self.stage:
            for byte in said.encode("latin-1"):
                time.sleep(self.pace)
                wire.write(bytes([byte]))
                wire.flush()
            said = ""
        wire.write(said.encode("latin-1") + b"\r\n")
        wire.flush()


@contextmanager
def a_bad_server():
    server = BadServer()
    try:
        yield server
    finally:
        server.close()


@pytest.fixture
def server(app, monkeypatch):
    with a_bad_server() as made:
        monkeypatch.setitem(app.config, "MAIL_URL", made.url)
        yield made


def expected(stage: str, answer: str) -> LetterState:
    """A letter is refused for good only where a server that we have reached says so of it."""
    refuses = answer in (*NEVER, *GONE) and stage not in ("connect", "EHLO")
    return LetterState.REFUSED if refuses else LetterState.QUEUED


def a_letter(number: int, mailing_list: MailingList | None = None) -> Letter:
    letter = write_markdown(a_person(), "Subject", "Body", f"r{number}", now=NOW, mailing_list=mailing_list)
    assert letter
    return letter


def some_of_many(number: int) -> list[Letter]:
    letters = [a_letter(one, MailingList.NEWSLETTER) for one in range(number)]
    db.session.commit()
    return letters


OFFERS = pytest.mark.parametrize("offers", [[], pytest.param(["PIPELINING"], marks=pytest.mark.once)])


@OFFERS
def test_of_a_hundred_bad_servers_the_account_is_exact(server, offers):
    assert len(FAILURES) > 100
    server.offers = offers
    fates = {}
    for number, (stage, answer) in enumerate(FAILURES):
        letter = a_letter(number)
        db.session.commit()
        server.stage, server.answer = stage, answer
        worker.deliver_due(NOW)
        fates[letter.id] = letter.state
        assert letter.state is expected(stage, answer), (stage, answer, letter.last_error)
        assert letter.last_error
        letter.due_at = NOW + timedelta(days=1)
        db.session.commit()
    assert server.taken == 0
    dead = db.session.query(DeadAddress).count()
    assert dead == len(GONE), "only what is said of the reader's address gives it up"

    server.stage = ""
    sent = worker.deliver_due(NOW + timedelta(days=2))

    waited = sum(state is LetterState.QUEUED for state in fates.values())
    assert (sent, server.taken) == (waited, waited)
    db.session.expire_all()
    states = [letter.state for letter in db.session.query(Letter)]
    assert states.count(LetterState.SENT) == waited
    assert states.count(LetterState.REFUSED) == len(FAILURES) - waited


@pytest.mark.parametrize("stage", STAGES)
def test_a_server_that_falls_silent_is_waited_for_only_so_long(server, monkeypatch, stage):
    monkeypatch.setattr(transport, "TIMEOUT", 0.1)
    letter = a_letter(0)
    db.session.commit()
    server.stage, server.answer = stage, SILENCE
    worker.deliver_due(NOW)
    assert letter.state is LetterState.QUEUED


@pytest.mark.parametrize("answer", ["220 go on", "454 no TLS now", "501 no", "554 never", HANG_UP])
def test_broken_encryption_is_no_fault_of_the_letter(server, answer):
    letter = a_letter(0)
    db.session.commit()
    server.offers, server.stage, server.answer = ["STARTTLS"], "STARTTLS", answer
    worker.deliver_due(NOW)
    assert letter.state is LetterState.QUEUED


@pytest.mark.parametrize("offers", [[], ["AUTH NTLM"]])
def test_a_server_that_takes_no_password_is_no_fault_of_the_letter(app, server, monkeypatch, offers):
    monkeypatch.setitem(app.config, "MAIL_URL", server.url.replace("//", "//user:password@"))
    letter = a_letter(0)
    db.session.commit()
    server.offers = offers
    worker.deliver_due(NOW)
    assert letter.state is LetterState.QUEUED
    assert "ASCII" not in (letter.last_error or "")


def sent_in_the_end(server) -> list[LetterState]:
    """What has become of all letters once the server is a good one."""
    server.stage, server.pace = "", 0
    worker.deliver_due(NOW + timedelta(days=1))
    db.session.expire_all()
    return [letter.state for letter in db.session.query(Letter).order_by(Letter.id)]


@pytest.mark.once
@pytest.mark.parametrize("stage", STAGES)
def test_an_answer_in_drops_is_waited_for_as_a_whole(server, monkeypatch, stage):
    """Each drop comes in time, the whole answer does not."""
    monkeypatch.setattr(transport, "TIMEOUT", 0.1)
    letter = a_letter(0)
    db.session.commit()
    server.stage, server.pace = stage, 0.02
    worker.deliver_due(NOW)
    assert letter.state is LetterState.QUEUED
    assert "no end of its answer came" in letter.last_error or "timed out" in letter.last_error


@pytest.mark.once
@OFFERS
def test_an_answer_in_drops_that_ends_in_time_is_as_good_as_any(server, offers):
    server.offers, server.pace = offers, 0.001
    for number, stage in enumerate(STAGES):
        server.stage = stage
        letter = a_letter(number)
        db.session.commit()
        assert worker.deliver_due(NOW) == 1
        assert letter.attempts == 1
    assert server.taken == len(STAGES)


@pytest.mark.once
@pytest.mark.parametrize("stage", STAGES)
def test_an_answer_without_end_is_none(server, stage):
    letter = a_letter(0)
    db.session.commit()
    server.stage, server.answer = stage, ENDLESS
    worker.deliver_due(NOW)
    assert letter.state is LetterState.QUEUED
    assert sent_in_the_end(server) == [LetterState.SENT]
    assert server.taken == 1


@pytest.mark.once
@pytest.mark.parametrize(
    ("stage", "answer"),
    [(stage, "250 " + "x" * 9_000) for stage in STAGES]
    + [("connect", "250 ok"), ("MAIL", "354 go on"), ("RCPT", "354 go on"), ("DATA", "250 ok"), ("body", "354 go on")],
)
def test_an_answer_to_something_else_takes_no_letter(server, stage, answer):
    letter = a_letter(0)
    db.session.commit()
    server.stage, server.answer = stage, answer
    assert worker.deliver_due(NOW) == 0
    assert letter.state is LetterState.QUEUED
    assert sent_in_the_end(server) == [LetterState.SENT]
    assert (server.taken, letter.attempts) == (1, 2)


@OFFERS
@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "body"])
def test_who_is_not_known_at_first_is_taken_later(server, offers, stage):
    letters = some_of_many(3)
    server.offers, server.stage, server.answer = offers, stage, "451 4.7.1 greylisted, try again"
    assert worker.deliver_due(NOW) == 0
    assert {letter.due_at for letter in letters} == {NOW + timedelta(minutes=1)}

    assert sent_in_the_end(server) == [LetterState.SENT] * 3
    assert server.taken == 3
    assert {letter.attempts for letter in letters} == {2}


@pytest.mark.once
@OFFERS
@pytest.mark.parametrize("answer", ["500 what", "abc", HANG_UP])
def test_a_server_that_forgets_nothing_is_called_anew_for_the_next(server, offers, answer):
    refused, *others = some_of_many(3)
    server.offers = offers
    server.at_rcpt = {refused.to_address: "550 5.1.1 unknown"}
    server.stage, server.answer = "RSET", answer
    assert worker.deliver_due(NOW) == 2
    db.session.expire_all()
    assert [letter.state for letter in (refused, *others)] == [LetterState.REFUSED, LetterState.SENT, LetterState.SENT]
    assert (server.taken, {letter.attempts for letter in others}) == (2, {1})


@OFFERS
def test_a_server_that_closes_after_each_letter_gets_them_all(server, offers):
    letters = some_of_many(5)
    server.offers, server.closes_after_each = offers, True
    assert worker.deliver_due(NOW) == 5
    assert server.taken == 5
    assert {letter.attempts for letter in letters} == {1}


@pytest.mark.once
@pytest.mark.parametrize(
    ("offer", "is_taken"), [("SIZE 200", False), ("SIZE 0", True), ("SIZE", True), ("SIZE x", True)]
)
def test_what_is_larger_than_a_server_takes_is_refused_and_not_sent(server, offer, is_taken):
    letters = some_of_many(2)
    server.offers = [offer]
    assert worker.deliver_due(NOW) == server.taken == (2 if is_taken else 0)
    db.session.expire_all()
    assert {letter.state for letter in letters} == {LetterState.SENT if is_taken else LetterState.REFUSED}
    assert is_taken or ("MAIL" not in server.heard and "no more than 200" in letters[0].last_error)
    assert db.session.query(DeadAddress).count() == 0


@pytest.mark.once
def test_a_certificate_with_another_name_is_no_fault_of_the_letter(app, monkeypatch, certificate, tmp_path):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate"))
    letter = a_letter(0)
    db.session.commit()
    with a_postbox(tls_context=certificate) as box:
        monkeypatch.setitem(app.config, "MAIL_URL", box.url.replace("127.0.0.1", "127.1"))  # no name of this machine's
        assert worker.deliver_due(NOW) == 0
        assert (letter.state, box.messages) == (LetterState.QUEUED, [])
        assert "ostname mismatch" in letter.last_error

        monkeypatch.setitem(app.config, "MAIL_URL", box.url)
        assert worker.deliver_due(letter.due_at) == 1
