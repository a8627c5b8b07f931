"""A mail server that fails as it is told to, and letters for it: aiosmtpd, which here can play every kind."""

import asyncio
import socket
import threading
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from society.db import db
from society.mail import worker
from society.mail.actions import write_markdown
from society.mail.models import Letter, LetterState, MailingList
from tests.builders import NOW, a_person

HANG_UP, SILENCE, ENDLESS = "hang up", "silence", "endless"
PART = 1_000
"""Bytes of the text that it reads before it breaks off at `TEXT`."""
TEXT = "text"
STAGES = ("connect", "EHLO", "MAIL", "RCPT", "DATA", "body")
OFFERS = pytest.mark.parametrize("offers", [[], pytest.param(["PIPELINING"], marks=pytest.mark.once)])


class BadServer:
    """Takes everything as aiosmtpd does, but says `answer` at `stage`, or what it should in drops, `pace` seconds each;
    and what a test wants to know of it."""

    def __init__(self) -> None:
        self.stage, self.answer = "", ""
        self.offers: list[str] = []
        self.pace = 0.0
        self.dropping = threading.Event()
        self.closes_after_each = False
        self.at_rcpt: dict[str, str] = {}
        self.heard: list[str] = []
        self.envelopes: list[str] = []
        self.taken = 0
        self.connections: list[_Connection] = []
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.url = f"smtp://127.0.0.1:{port}"
        self._controller = _Controller(self, hostname="127.0.0.1", port=port)
        self._controller.start()

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._hang_up(), self._controller.loop).result()
        self._controller.stop()

    async def _hang_up(self) -> None:
        """On those whom it has not answered: they may have left."""
        while self.connections:
            connection = self.connections.pop()
            if isinstance(connection.transport, asyncio.WriteTransport):
                connection.transport.abort()
                await asyncio.sleep(0)

    def is_bad_at(self, stage: str) -> bool:
        return stage == self.stage and not self.pace

    async def handle_EHLO(self, _server: Any, session: Any, _envelope: Any, name: str, _answers: Any) -> list[str]:  # noqa: N802
        session.host_name = name
        lines = ["bad.example.org", *self.offers]
        return [*(f"250-{line}" for line in lines[:-1]), f"250 {lines[-1]}"]

    async def handle_RCPT(self, _s: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if answer := self.at_rcpt.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802
        """It decides before it answers: a test goes on as soon as it has the answer."""
        self.taken += not self.is_bad_at("body")
        return "250 taken"


class _Connection(SMTP):
    def __init__(self, told: BadServer) -> None:
        lets_in = {"authenticator": lambda *_: AuthResult(success=True), "auth_require_tls": False}
        super().__init__(told, enable_SMTPUTF8=True, **lets_in)
        self.told, self.at = told, "connect"
        told.connections.append(self)
        self._smtp_methods = {word: partial(self._asked, word, method) for word, method in self._smtp_methods.items()}

    async def _asked(self, word: str, method: Any, arg: str | None) -> None:
        """What it is told to answer badly it does not do."""
        self.at = "EHLO" if word == "HELO" else word
        self.told.heard.append(word)
        if word in ("MAIL", "RCPT"):
            self.told.envelopes.append(f"{word} {arg}")
        if word == "DATA" and self.told.is_bad_at(TEXT):
            await self._break_off()
        else:
            await (self._say(self.told.answer) if self.told.is_bad_at(self.at) else method(arg))

    async def _break_off(self) -> None:
        """While the text still comes."""
        await self._drop(b"354 go on\r\n", at_once=True)
        await self._reader.readexactly(PART)
        await self._say(self.told.answer)
        self.transport.close()

    async def push(self, status: Any) -> None:
        at = self.at
        if self.told.is_bad_at(at):
            await self._say(self.told.answer)
        elif at == self.told.stage:
            await self._drop(f"{status}\r\n".encode())
        else:
            await super().push(status)
        if at == "DATA":
            self.at = "body"
        elif at == "body" and self.told.closes_after_each:
            self.transport.close()

    async def _say(self, answer: str) -> None:
        if answer == SILENCE:
            await asyncio.sleep(0.5)
        if answer in (HANG_UP, SILENCE):
            self.transport.close()
            return
        while answer == ENDLESS:
            await self._drop(b"250-more\r\n" * 1_000, at_once=True)
        await self._drop(answer.encode("latin-1") + b"\r\n", at_once=True)

    async def _drop(self, said: bytes, *, at_once: bool = False) -> None:
        if not at_once:
            self.told.dropping.set()
        for drop in [said] if at_once else [bytes([byte]) for byte in said]:
            await asyncio.sleep(self.told.pace)
            self._writer.write(drop)
            await self._writer.drain()


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Connection(self.handler)


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
