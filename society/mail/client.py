"""The library's SMTP client, which no server can hold for ever; and one mail transaction that it begins."""

import base64
import binascii
import contextlib
import hmac
import io
import math
import re
import smtplib
import ssl
import time
from collections.abc import Callable
from typing import Any

from society.mail.parcels import Parcel, TurnedDown

Reply = tuple[int, bytes]
LONGEST_ANSWER = 65_536
"""Bytes of one answer: a hundred of the longest lines (RFC 5321, 4.5.3.1.5)."""
MOST_CHALLENGES = 5
"""So often a server may ask for more while one signs in."""
SLICE = 0.5
"""Seconds after which it is asked again whether one may wait on."""
LAST_SECONDS = 4.0
"""So long a server is waited for at most, in all, once one is told to stop."""
AT_ONCE = 65_536
"""Bytes of a letter that a server may take as long for as for an answer."""
_ANSWER = re.compile(rb"(?:\d{3}-.*\n)*\d{3}(?: .*)?\r?\n")
"""From its first line to its last, which has no hyphen (RFC 5321, 4.2.1)."""


def never() -> bool:
    """Nobody says that one should stop."""
    return False


class Client(smtplib.SMTP):
    """It waits for a whole answer as long as the library waits for each part of one; told to stop, a moment longer."""

    _ear: "_Ear"

    def __init__(self, *args: Any, is_to_stop: Callable[[], bool] = never, **kw: Any) -> None:
        self._is_to_stop, self._end = is_to_stop, math.inf
        super().__init__(*args, **kw)

    def _last_moment(self) -> float:
        if self._end == math.inf and self._is_to_stop():
            self._end = time.monotonic() + LAST_SECONDS
        return self._end

    def auth(self, mechanism: str, authobject: Any, *, initial_response_ok: bool = True) -> Reply:
        """Names and passwords in UTF-8 (RFC 4616, 2), of which the library takes only those in ASCII."""
        first = authobject() if initial_response_ok else None
        self._auth_challenge_count = int(first is not None)  # the library's own methods go by it
        code, said = self.docmd("AUTH", mechanism if first is None else f"{mechanism} {_encoded(first)}")
        while code == 334 and self._auth_challenge_count < MOST_CHALLENGES:
            self._auth_challenge_count += 1
            try:
                answer = _encoded(authobject(base64.b64decode(said)))
            except binascii.Error:
                answer = "*"  # what it asks cannot be read: it is called off (RFC 4954, 4)
            code, said = self.docmd(answer)
        if code not in (235, 503):
            raise smtplib.SMTPAuthenticationError(code, said)
        return code, said

    def auth_cram_md5(self, challenge: Any = None) -> Any:
        if challenge is None:
            return None
        return f"{self.user} {hmac.new(self.password.encode(), challenge, 'md5').hexdigest()}"

    def send(self, s: Any) -> None:
        """As long as it gets on, however much it is; the library waits no longer for a large letter than for a small
        one. The connection stays open: what a server said before it broke off can still be heard."""
        rest = memoryview(s.encode(self.command_encoding) if isinstance(s, str) else s)
        try:
            while rest:
                rest = rest[self._sent(rest[:AT_ONCE]) :]
        except OSError as error:
            raise smtplib.SMTPServerDisconnected(str(error)) from error
        finally:
            self._wait_as_before()

    def _sent(self, part: memoryview) -> int:
        """How much of it the server has taken."""
        until = time.monotonic() + self.timeout
        while self.sock is not None:
            rest = min(until, self._last_moment()) - time.monotonic()
            if rest <= 0:
                raise TimeoutError("timed out: it took no more of what was sent")
            self.sock.settimeout(min(rest, SLICE))
            with contextlib.suppress(TimeoutError):
                return int(self.sock.send(part))
        raise smtplib.SMTPServerDisconnected("Connection closed")

    def getreply(self, seconds: float | None = None) -> Reply:
        """The next answer; it is waited for as long as is said, else as for any."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("Connection closed")
        if self.file is None:
            self._ear = _Ear(self.sock, self._last_moment)
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


def _encoded(said: str) -> str:
    return base64.b64encode(said.encode()).decode()


class _Ear(io.RawIOBase):
    """What a server says, for so many seconds and bytes; with no seconds, what has come already."""

    def __init__(self, sock: Any, last_moment: Callable[[], float]) -> None:
        self._sock, self._last_moment = sock, last_moment
        self.listen(0)

    def listen(self, seconds: float) -> None:
        self._seconds, self._until, self._left = seconds, time.monotonic() + seconds, LONGEST_ANSWER

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        while True:
            self._sock.settimeout(self._slice())
            try:
                come = int(self._sock.recv_into(buffer))
            except (BlockingIOError, ssl.SSLWantReadError):
                return None
            except TimeoutError:
                continue
            self._left -= come
            return come

    def _slice(self) -> float:
        """How long it may wait until this is asked again; nought where what has come already is all that is wanted."""
        if not self._seconds:
            return 0
        rest = min(self._until, self._last_moment()) - time.monotonic()
        if rest <= 0 or self._left <= 0:
            raise TimeoutError("no end of its answer came")
        return min(rest, SLICE)


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
        if self._offers("size") and re.fullmatch("[0-9]{1,20}", most) and 0 < int(most) < size:
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
