"""A hundred ways in which a mail server fails: what becomes of the letter, and that the account is exact in the end."""

import socket
import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest

from society.db import db
from society.mail import transport, worker
from society.mail.actions import write_markdown
from society.mail.models import DeadAddress, Letter, LetterState
from tests.builders import NOW, a_person

HANG_UP, SILENCE = "hang up", "silence"
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
            try:  # around the closing too: it writes out what the other side may no longer be there to read
                with connection, connection.makefile("rwb") as wire:
                    self._talk(wire)
            except (OSError, StopIteration):
                continue

    def _talk(self, wire) -> None:
        self._say(wire, "connect", "220 here")
        for line in wire:
            word = line.split()[0].decode("latin-1").upper() if line.split() else ""
            if word in ("EHLO", "HELO"):
                lines = ["bad.example.org", *self.offers]
                good = "\r\n".join(f"250{' ' if line is lines[-1] else '-'}{line}" for line in lines)
                self._say(wire, "EHLO", good)
            elif word == "DATA":
                self._say(wire, "DATA", "354 go on")
                if self.stage != "DATA":
                    while wire.readline() not in (b".\r\n", b""):
                        pass
                    self._say(wire, "body", "250 taken")
                    self.taken += self.stage != "body"
            else:
                self._say(wire, word, "221 bye" if word == "QUIT" else "250 ok")

    def _say(self, wire, stage: str, good: str) -> None:
        said = self.answer if stage == self.stage else good
        if said == HANG_UP:
            raise StopIteration
        if said == SILENCE:
            threading.Event().wait(0.5)
            raise StopIteration
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


def a_letter(number: int) -> Letter:
    letter = write_markdown(a_person(), "Subject", "Body", f"r{number}", now=NOW)
    assert letter
    return letter


@pytest.mark.parametrize("offers", [[], ["PIPELINING"]])
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
