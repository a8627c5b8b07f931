"""A mail server that fails as it is told to, and letters for it."""

import socket
import threading
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest

from society.db import db
from society.mail import worker
from society.mail.actions import write_markdown
from society.mail.models import Letter, LetterState, MailingList
from tests.builders import NOW, a_person

HANG_UP, SILENCE, ENDLESS = "hang up", "silence", "endless"
STAGES = ("connect", "EHLO", "MAIL", "RCPT", "DATA", "body")
OFFERS = pytest.mark.parametrize("offers", [[], pytest.param(["PIPELINING"], marks=pytest.mark.once)])


class BadServer:
    """Speaks SMTP (RFC 5321) as far as it must, and says `answer` at `stage`; as a good one it takes everything."""

    def __init__(self) -> None:
        self.stage, self.answer = "", ""
        self.offers: list[str] = []
        self.pace = 0.0
        self.closes_after_each = False
        self.at_rcpt: dict[str, str] = {}
        self.heard: list[str] = []
        self.envelopes: list[str] = []
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
            if word in ("MAIL", "RCPT"):
                self.envelopes.append(line.decode().strip())
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
        """As it is told before it answers: a test goes on as soon as it has the answer."""
        stage = "" if self.pace else self.stage
        self._say(wire, "DATA", "354 go on")
        if stage == "DATA":
            return
        while wire.readline() not in (b".\r\n", b""):
            pass
        self._say(wire, "body", "250 taken")
        self.taken += stage != "body"
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


def a_letter(number: int, mailing_list: MailingList | None = None) -> Letter:
    letter = write_markdown(a_person(), "Subject", "Body", f"r{number}", now=NOW, mailing_list=mailing_list)
    assert letter
    return letter


def some_of_many(number: int) -> list[Letter]:
    letters = [a_letter(one, MailingList.NEWSLETTER) for one in range(number)]
    db.session.commit()
    return letters


def sent_in_the_end(server) -> list[LetterState]:
    """What has become of all letters once the server is a good one."""
    server.stage, server.pace = "", 0
    worker.deliver_due(NOW + timedelta(days=1))
    db.session.expire_all()
    return [letter.state for letter in db.session.query(Letter).order_by(Letter.id)]
