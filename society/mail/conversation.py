"""A test letter, handed over at once, with all that we and the mail server said to each other."""

import base64
import contextlib
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import make_msgid
from functools import partial
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from flask import current_app

from society.db import begin_write, db
from society.fields import on_one_line
from society.mail import parcels
from society.mail.advice import LIMITED, advice
from society.mail.client import Client
from society.mail.headers import POLICY
from society.mail.message import address, from_society, in_bytes, list_domain, needs_utf8
from society.mail.parcels import Parcel, Unreachable
from society.mail.queries import outbox_folder
from society.mail.throttle import is_limited, note_offer, obstacle, take_back_offer, take_turns
from society.mail.transport import Clients, carrier
from society.settings import society
from society.times import now

LONGEST = 25.0
"""Seconds that a test may take in all: somebody waits for its page."""
WIDEST = 500
"""Characters shown of one line."""
HIDDEN = "(not shown)"


@dataclass(frozen=True)
class Said:
    """A line of the conversation: by `us`, by `them`, or a `note` about the connection; in seconds from the start."""

    by: str
    text: str
    after: float


@dataclass
class Conversation:
    """What was said, and how it ended. `failure` is what went wrong, `advice` what can be done about it."""

    lines: list[Said] = field(default_factory=list)
    failure: str = ""
    advice: str = ""
    file: str = ""
    """Where the letter lies, if it was written into a folder."""
    secrets: tuple[str, ...] = ()
    """What stands in no line."""
    expired: bool = False
    client: smtplib.SMTP | None = None
    _start: float = field(default_factory=time.monotonic)

    def note(self, by: str, text: str) -> None:
        self.lines.append(Said(by, self.shown(text), time.monotonic() - self._start))

    def shown(self, text: str) -> str:
        """Fit to be seen: a server may say our password back to us."""
        for secret in self.secrets:
            text = text.replace(secret, HIDDEN)
        return _printable(text)

    def give_up(self) -> None:
        """End it: whoever waits for an answer learns that the connection is gone."""
        self.expired = True
        if self.client is not None and self.client.sock is not None:
            with contextlib.suppress(OSError):  # of TLS too: its own shutdown would pull the rug from under a reader
                socket.socket.shutdown(self.client.sock, socket.SHUT_RDWR)


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "�" for character in text)[:WIDEST]


class _Heard(Client):
    """Notes what goes either way; of signing in only the answers, of the letter only its size."""

    def __init__(self, conversation: Conversation, host: str, port: int, name: str, timeout: float, **kw: Any) -> None:
        self.noted, self.in_secret, self.was_asked_for_data = conversation, False, False
        conversation.client = self
        conversation.note("note", f"Connecting to {host}, port {port}")
        super().__init__(host, port, name, timeout=min(timeout, 10), **kw)

    def send(self, s: Any) -> None:
        self.noted.note("us", self._shown(s))
        super().send(s)

    def _shown(self, sent: bytes | str) -> str:
        if self.in_secret:
            return f"Signing in {HIDDEN}"
        if self.was_asked_for_data:
            return f"The letter, {len(sent):,} bytes"
        return sent.strip() if isinstance(sent, str) else sent.decode("utf-8", "replace").strip()

    def getreply(self, seconds: float | None = None) -> tuple[int, bytes]:
        code, text = super().getreply(seconds)
        self.was_asked_for_data = code == 354
        shown = [HIDDEN] if code == 334 else text.decode("utf-8", "replace").split("\n")
        for line in shown:
            self.noted.note("them", f"{code} {line}".strip())
        return code, text

    def login(self, *args: Any, **kw: Any) -> Any:
        self.ehlo_or_helo_if_needed()
        self.in_secret = True
        try:
            return super().login(*args, **kw)
        finally:
            self.in_secret = False

    def starttls(self, *args: Any, **kw: Any) -> Any:
        answer = super().starttls(*args, **kw)
        self.noted.note("note", _encryption(self.sock))
        return answer


class _HeardInside(_Heard, smtplib.SMTP_SSL):
    """The same where all is encrypted from the first byte."""

    def _get_socket(self, *args: Any) -> Any:
        sock = super()._get_socket(*args)  # type: ignore[misc]
        self.noted.note("note", _encryption(sock))
        return sock


def _encryption(sock: Any) -> str:
    """By which protocol it is encrypted from here on, and whose certificate that was."""
    assert isinstance(sock, ssl.SSLSocket)
    certificate: Any = sock.getpeercert()
    if not certificate:
        return f"Encrypted with {sock.version()}; on this machine the certificate is not checked"
    names = ", ".join(str(name) for kind, name in certificate.get("subjectAltName", ()) if kind == "DNS")
    return f"Encrypted with {sock.version()}; the certificate is for {names}, until {certificate['notAfter']}"


def try_out(to: str, *, longest: float = LONGEST) -> Conversation:
    """Hand over a test letter to that address."""
    return handed_over(_parcel(to), longest=longest)


def handed_over(parcel: Parcel, *, longest: float = LONGEST) -> Conversation:
    """Hand that over at once. Nothing is raised: whatever goes wrong is what one wants to know.

    It counts towards what may leave in which time, and is not offered where that is used up: servers bar whoever goes
    on, and then no letter leaves."""
    url = str(current_app.config["MAIL_URL"])
    held = Conversation(secrets=_secrets(url))
    offer = _offer(parcel, held)
    if held.failure:
        return held
    server = carrier(url, Clients(partial(_Heard, held), partial(_HeardInside, held)))
    with _no_longer_than(longest, held):
        if error := parcels.handed_over(parcel, server):
            held.failure = held.shown(str(error))
            held.advice = advice(error, expired=held.expired, longest=longest)
            _take_back(offer, error)
        server.close()
    folder = outbox_folder()
    held.file = str(folder / parcel.file_name) if folder and not held.failure else ""
    return held


def _offer(parcel: Parcel, held: Conversation) -> int | None:
    """The note of it, where that is counted. No transaction waits for the network."""
    if not is_limited():
        db.session.rollback()
        return None
    begin_write(public=False)
    at = now()
    take_turns(at)
    held.failure = obstacle(parcel.recipient, at)
    held.advice = LIMITED if held.failure else ""
    offer = None if held.failure else note_offer(parcel.recipient, at)
    db.session.commit()
    return offer


def _take_back(offer: int | None, error: Exception) -> None:
    if offer is not None and isinstance(error, Unreachable) and not error.begun:
        begin_write(public=False)
        take_back_offer(offer)
        db.session.commit()


@contextlib.contextmanager
def _no_longer_than(seconds: float, held: Conversation) -> Iterator[None]:
    timer = threading.Timer(seconds, held.give_up)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


def _secrets(url: str) -> tuple[str, ...]:
    """The password in every form in which a server might say it back to us."""
    parts = urlsplit(url)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not password:
        return ()
    in_plain = f"\0{user}\0{password}"
    encoded = [base64.b64encode(text.encode()).decode() for text in (in_plain, password)]
    return (*encoded, password, quote(password, safe=""))


def _parcel(to: str) -> Parcel:
    """A letter like all others on the outside, so that what holds for it holds for them."""
    made = EmailMessage(policy=POLICY)
    made["From"] = from_society()
    made["To"] = address("", to)
    made["Subject"] = on_one_line(f"Test letter of {society().name}")
    made["Date"] = now()
    made["Message-ID"] = make_msgid(domain=list_domain())
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(f"This is a test. Mail of {society().name} reaches you; there is nothing to do.\n")
    recipient = made["To"].addresses[0].addr_spec
    return Parcel(in_bytes(made), needs_utf8(made), from_society().addr_spec, recipient, "test-letter.eml")
