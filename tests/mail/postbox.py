"""A real mail server on loopback that takes, puts off, refuses or hangs up as a test wants."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


class Postbox:
    """What arrived, and from which connection; and what to answer: `answers[address]` to RCPT, after `on_recipient`,
    `after_data` to the message, after `on_message`. So many messages as `drops` says it takes, and then hangs up
    without a word."""

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.recipients: list[str] = []
        self.senders: list[str] = []
        self.peers: list[tuple[str, int]] = []
        self.connections = 0
        self.answers: dict[str, list[str]] = {}
        self.after_data: list[str] = []
        self.hang_up_after: int | None = None
        self.drops = 0
        self.on_recipient: Callable[[], None] = lambda: None
        self.on_message: Callable[[], None] = lambda: None
        self.arrived = threading.Event()
        self.url = ""

    @property
    def messages(self) -> list[EmailMessage]:
        """What arrived, read."""
        return [message_from_bytes(one, policy=policy.default) for one in self.received]

    async def handle_EHLO(self, _server: Any, session: Any, _envelope: Any, name: str, answers: list[str]) -> list[str]:  # noqa: N802
        self.connections += 1
        session.host_name = name
        return answers

    async def handle_RCPT(self, _s: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        self.on_recipient()
        answer = self.answers[address].pop(0) if self.answers.get(address) else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.hang_up_after is not None and len(self.received) >= self.hang_up_after:
            self.hang_up_after = None
            server.transport.abort()
            return "421 gone"
        if self.after_data:
            return self.after_data.pop(0)
        self.received.append(envelope.content)
        self.recipients += envelope.rcpt_tos
        self.senders.append(envelope.mail_from)
        self.peers.append(session.peer)
        self.on_message()
        self.arrived.set()
        if self.drops:
            self.drops -= 1
            server.transport.abort()
        return "250 taken"


@contextmanager
def a_postbox(**options: Any) -> Iterator[Postbox]:
    """The server, running; `url` is what MAIL_URL should be."""
    box = Postbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    # The server looks at all that its handler has for each connection: at the messages, too, which are then read anew.
    handler = SimpleNamespace(handle_EHLO=box.handle_EHLO, handle_RCPT=box.handle_RCPT, handle_DATA=box.handle_DATA)
    controller = Controller(handler, hostname="127.0.0.1", port=port, enable_SMTPUTF8=True, **options)
    controller.start()
    box.url = f"smtp://127.0.0.1:{port}"
    try:
        yield box
    finally:
        controller.stop()
