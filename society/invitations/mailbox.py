"""The mailbox that answers arrive in, by IMAP. What was dealt with is moved aside; the rest waits to be read.

A message is moved after its transaction is committed: killed between the two, it is met again and known.
"""

import io
import logging
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from imaplib import IMAP4, IMAP4_SSL
from typing import Any
from urllib.parse import SplitResult, unquote

from flask import current_app
from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxUnencrypted
from imap_tools.errors import MailboxLoginError, UnexpectedCommandStatusError
from sqlalchemy.exc import OperationalError

from society.config import IMAP, IMAP_URL, server_in
from society.db import begin_write, db
from society.errors import Refused
from society.fields import on_one_line
from society.invitations.actions import take
from society.invitations.reading import LARGEST, Unsorted
from society.invitations.unsorted import NOT_UNDERSTOOD
from society.mail.transport import tls
from society.text import in_ascii
from society.times import now

log = logging.getLogger("society.mail")

HANDLED, UNSORTED = "Handled", "Unsorted"
TIMEOUT = 30
"""Seconds to wait for a part of an answer."""
LONGEST_LINE = 1_000_000
LONGEST = 300.0
"""Seconds that one look may take in all: a server that answers in drops would hold it for ever."""
AT_ONCE = 200
"""Messages of one look, so that a full mailbox does not keep letters from going out."""


def poll() -> Iterator[str]:
    """Read what has arrived; a line for each message."""
    with _opened(str(current_app.config["IMAP_URL"])) as box:
        prefix = _prefix(box)
        for folder in (HANDLED, UNSORTED):
            if not box.folder.exists(prefix + folder):
                box.folder.create(prefix + folder)
        for uid in box.uids()[:AT_ONCE]:
            raw = _raw(box, uid)
            if not raw:  # somebody else has taken it away meanwhile
                continue
            line, folder = _dealt_with(raw)
            box.move(uid, prefix + folder)
            yield line


def _prefix(box: BaseMailBox) -> str:
    """What the names of one's own folders begin with on this server, as "INBOX." on many (NAMESPACE, RFC 2342)."""
    _, able = box.client.capability()
    if b"NAMESPACE" not in able[0].upper().split():
        return ""
    _, told = box.client.namespace()
    own = re.match(rb'\(\("((?:[^"\\]|\\.)*)"', told[0] or b"")
    return own[1].decode() if own else ""


def _dealt_with(raw: bytes) -> tuple[str, str]:
    """In a transaction of its own, so that no message stops another."""
    begin_write()
    try:
        line = take(raw, now())
        db.session.commit()
    except Unsorted as unsorted:
        db.session.rollback()
        return str(unsorted), UNSORTED
    except OperationalError:  # the database let go: the message is met again at the next look
        raise
    except Exception:  # what nobody foresaw in one message must not keep all others waiting behind it
        db.session.rollback()
        log.exception("a message could not be dealt with")
        return NOT_UNDERSTOOD, UNSORTED
    return line, HANDLED


def _raw(box: BaseMailBox, uid: str) -> bytes:
    """The message as it arrived, unread as before, and no more of it than is needed to know that it is too large."""
    _, data = box.client.uid("FETCH", uid, f"(BODY.PEEK[]<0.{LARGEST + 1}>)")
    return next((bytes(part[1]) for part in data if isinstance(part, tuple)), b"")


@contextmanager
def _opened(url: str) -> Iterator[BaseMailBox]:
    """`imaps://user:password@host/FOLDER`; `imap://` only where the way there is safe by itself."""
    where = _understood(url)
    try:
        with _called(where) as box:
            _sign_in(box, where)
            box.folder.set(unquote(where.path.strip("/")) or "INBOX")
            yield box
    except (OSError, IMAP4.error, ImapToolsError, ValueError) as error:
        raise Refused(f"The mailbox at {where.hostname} does not answer as it should: {_said(error)}.") from error


def _sign_in(box: BaseMailBox, where: SplitResult) -> None:
    user, password = unquote(where.username or ""), unquote(where.password or "")
    plain = (user + password).isascii()
    try:
        (box.login if plain else box.login_utf8)(user, password, None)
    except IMAP4.abort:  # the connection is at fault
        raise
    except (IMAP4.error, MailboxLoginError) as error:
        raise Refused(f"The mailbox at {where.hostname} does not let {user} in: {_said(error)}.") from error


def _understood(url: str) -> SplitResult:
    if not url:
        raise Refused("No mailbox is set: give IMAP_URL, as imaps://user:password@host/INBOX.")
    where = server_in(url, IMAP)
    if where is None:
        raise Refused(IMAP_URL)
    return where


def _called(where: SplitResult) -> BaseMailBox:
    """The library by itself would trust any certificate, and so tell the password to anyone in between."""
    host = in_ascii(where.hostname or "")
    if where.scheme == "imaps":
        return _BoxInside(host, where.port or 993, TIMEOUT, ssl_context=tls(host))
    return _Box(host, where.port or 143, TIMEOUT)


class _Ear(io.RawIOBase):
    """What a server says, until the end of the time for it."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock, self._until = sock, time.monotonic() + LONGEST

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        rest = self._until - time.monotonic()
        if rest <= 0:
            raise TimeoutError(f"it was not done after {LONGEST:g} seconds")
        self._sock.settimeout(min(rest, TIMEOUT))
        return self._sock.recv_into(buffer)


class _Client(IMAP4):
    """The library's, which no server can hold for ever."""

    def open(self, *args: Any, **kw: Any) -> None:
        super().open(*args, **kw)
        self._heard = io.BufferedReader(_Ear(self.sock))

    def read(self, size: int) -> bytes:
        return self._heard.read(size)

    def readline(self) -> bytes:
        return self._heard.readline(LONGEST_LINE)


class _ClientInside(_Client, IMAP4_SSL):
    """The same where all is encrypted from the first byte."""


class _Box(MailBoxUnencrypted):
    def _get_mailbox_client(self) -> IMAP4:
        return _Client(self._host, self._port, self._timeout)


class _BoxInside(MailBox):
    def _get_mailbox_client(self) -> IMAP4:
        return _ClientInside(self._host, self._port, ssl_context=self._ssl_context, timeout=self._timeout)


def _said(error: Exception) -> str:
    """What the server said, without the library's words around it."""
    said = error.command_result[1] if isinstance(error, UnexpectedCommandStatusError) else [str(error)]
    if isinstance(error, IMAP4.error):
        said = error.args
    words = [part.decode("utf-8", "replace") if isinstance(part, bytes) else str(part) for part in said if part]
    return on_one_line(" ".join(words)).rstrip(".")[:300]
