"""The library's SMTP client, which no server can hold for ever; and one mail transaction that it begins."""

import io
import re
import smtplib
import ssl
import time
from typing import Any

from society.mail.parcels import Parcel, TurnedDown

Reply = tuple[int, bytes]
LONGEST_ANSWER = 65_536
"""Bytes of one answer: a hundred of the longest lines (RFC 5321, 4.5.3.1.5)."""
_ANSWER = re.compile(rb"(?:\d{3}-.*\n)*\d{3}(?: .*)?\r?\n")
"""From its first line to its last, which has no hyphen (RFC 5321, 4.2.1)."""


class Client(smtplib.SMTP):
    """It waits for a whole answer as long as the library waits for each part of one."""

    _ear: "_Ear"

    def getreply(self, seconds: float | None = None) -> Reply:
        """The next answer; it is waited for as long as is said, else as for any."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("Connection closed")
        if self.file is None:
            self._ear = _Ear(self.sock)
            self.file = io.BufferedReader(self._ear)
        self._ear.listen(seconds or self.timeout)
        try:
            return super().getreply()
        finally:
            self._wait_as_before()

    def has_answered(self) -> bool:
        """Whether a whole answer has come, so that nobody would wait for the rest of it."""
        if self.sock is None or self.file is None:
            return False
        self._ear.listen(0)
        try:
            return bool(_ANSWER.match(self.file.peek()))
        except OSError:
            return False
        finally:
            self._wait_as_before()

    def _wait_as_before(self) -> None:
        if self.sock is not None:
            self.sock.settimeout(self.timeout)


class ClientInside(Client, smtplib.SMTP_SSL):
    """The same where all is encrypted from the first byte."""


class _Ear(io.RawIOBase):
    """What a server says, for so many seconds and bytes; with no seconds, what has come already."""

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        self.listen(0)

    def listen(self, seconds: float) -> None:
        self._seconds, self._until, self._left = seconds, time.monotonic() + seconds, LONGEST_ANSWER

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        rest = self._until - time.monotonic() if self._seconds else 0
        if self._seconds and (rest <= 0 or self._left <= 0):
            raise TimeoutError("no end of its answer came")
        self._sock.settimeout(rest)
        try:
            come = int(self._sock.recv_into(buffer))
        except (BlockingIOError, ssl.SSLWantReadError):
            return None
        self._left -= come
        return come


class Begun:
    """A mail transaction up to its recipient: it says who sends; and to whom, where the server takes both at once
    (RFC 2920), else as soon as it has answered."""

    def __init__(self, server: Client, parcel: Parcel) -> None:
        self.parcel = parcel
        self._server = server
        self._of_sender: Reply | None = None
        self._said_both = self._offers("pipelining")
        mail = " ".join([f"mail FROM:<{parcel.sender}>", *self._options()])
        server.command_encoding = "utf-8" if parcel.utf8 else "ascii"
        server.send(f"{mail}\r\n{self._rcpt}\r\n" if self._said_both else f"{mail}\r\n")

    def _offers(self, extension: str) -> bool:
        return bool(self._server.does_esmtp and self._server.has_extn(extension))

    def _options(self) -> list[str]:
        """Nothing is begun that the server says it will not take (RFC 1870, 6; RFC 6531, 3.5)."""
        if self.parcel.utf8 and not self._offers("smtputf8"):
            raise smtplib.SMTPNotSupportedError("SMTPUTF8 is not offered")
        size, most = len(self.parcel.body), self._server.esmtp_features.get("size", "")
        if self._offers("size") and most.isascii() and most.isdigit() and 0 < int(most) < size:
            raise TurnedDown(f"The letter has {size:,} bytes; the mail server takes no more than {int(most):,}.")
        options = [f"size={size}"] if self._offers("size") else []
        return [*options, "SMTPUTF8"] if self.parcel.utf8 else options

    @property
    def _rcpt(self) -> str:
        return f"rcpt TO:<{self.parcel.recipient}>"

    def go_on(self) -> None:
        """Say to whom, if the server has answered who sends; without a wait."""
        if not self._said_both and self._server.has_answered():
            self._ask()

    def _ask(self) -> Reply:
        self._of_sender = self._server.getreply()
        if not self._said_both and self._of_sender[0] == 250:
            self._said_both = True
            self._server.putcmd(self._rcpt)
        return self._of_sender

    def answers(self) -> tuple[Reply, Reply]:
        """To who sends, and to whom, which is not asked where already the first is no."""
        of_sender = self._of_sender or self._ask()
        return of_sender, self._server.getreply() if self._said_both else of_sender
