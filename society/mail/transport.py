"""Handing messages over: to a mail server by SMTP, or into a folder as files."""

import contextlib
import os
import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from society.errors import Refused
from society.mail.parcels import Act, Carrier, Parcel, PutOff, TurnedDown, Unreachable, nothing

Reply = tuple[int, bytes]
_FULL_STOP = re.compile(rb"^\.", re.MULTILINE)
"""Alone on a line it would end the message (RFC 5321, 4.5.2)."""
_ANSWER = re.compile(rb"(?:\d{3}-.*\n)*\d{3}(?: .*)?\r?\n")
"""From its first line to its last, which has no hyphen (RFC 5321, 4.2.1)."""
TIMEOUT = 30
"""Seconds to wait for a mail server's answer."""


class Clients(NamedTuple):
    """What speaks SMTP for us: begun in the clear, or encrypted from the first byte. A test listens in by its own."""

    clear: Callable[..., smtplib.SMTP] = smtplib.SMTP
    encrypted: Callable[..., smtplib.SMTP] = smtplib.SMTP_SSL


def carrier(url: str, clients: Clients = Clients()) -> Carrier:  # noqa: B008 - it never changes
    """What the setting `MAIL_URL` names."""
    parts = urlsplit(url)
    match parts.scheme:
        case "file":
            return Folder(Path(unquote(parts.path)))
        case "smtp" | "smtps" if parts.hostname:
            return MailServer(parts, clients)
    raise Refused("MAIL_URL is none of smtp://host:port, smtps://host:port and file:/folder.")


class Folder:
    """Messages as `.eml` files, each readable by the owner alone. The same letter always gets the same name."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def announce(self, parcel: Parcel) -> None:
        """A folder needs to know of nothing beforehand."""

    def carry(self, parcel: Parcel, meanwhile: Act = nothing) -> None:
        unfinished = self.path / f".{parcel.file_name}.{os.getpid()}"
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(parcel.body)
                file.flush()
                os.fsync(file.fileno())
            unfinished.rename(self.path / parcel.file_name)
        except OSError as error:
            raise Unreachable(f"The outbox folder cannot be written to: {error}.") from error

    def close(self) -> None:
        """Nothing is held open."""


class MailServer:
    """One SMTP connection (RFC 5321), opened when first needed and used for all that follows."""

    def __init__(self, parts: SplitResult, clients: Clients) -> None:
        self._parts = parts
        self._clients = clients
        self._local = parts.hostname in ("localhost", "127.0.0.1", "::1")
        self._open: smtplib.SMTP | None = None
        self._begun: _Begun | None = None

    def announce(self, parcel: Parcel) -> None:
        if self._open is None:
            return
        with contextlib.suppress(OSError, smtplib.SMTPException):  # it shows when the answer is read
            if self._begun is None:
                self._begun = _Begun(self._open, parcel)
            elif self._begun.parcel is parcel:
                self._begun.go_on()

    def carry(self, parcel: Parcel, meanwhile: Act = nothing) -> None:
        self._open = self._open or self._connected()
        try:
            self._hand_over(self._open, parcel, meanwhile)
        except smtplib.SMTPRecipientsRefused as error:
            raise _judged(*error.recipients[parcel.recipient], of_recipient=True) from error
        except smtplib.SMTPNotSupportedError as error:
            raise TurnedDown("The mail server takes no addresses with letters other than ASCII.") from error
        except smtplib.SMTPResponseException as error:
            if isinstance(error.smtp_error, str):  # the library's own words: the server spoke no SMTP
                self.close()
                raise Unreachable(f"The mail server is not understood: {error.smtp_error}") from error
            raise _judged(error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Unreachable(f"The mail server cannot be reached: {error}.") from error

    def _hand_over(self, server: smtplib.SMTP, parcel: Parcel, meanwhile: Act) -> None:
        """One mail transaction (RFC 5321, 3.3), as `SMTP.sendmail` has it, but that it can be begun beforehand."""
        begun, self._begun = self._begun, None
        if begun is not None and begun.parcel is not parcel:
            begun.answers()
            server.rset()
            begun = None
        of_sender, of_recipient = (begun or _Begun(server, parcel)).answers()
        self._check(of_sender, {250}, partial(smtplib.SMTPSenderRefused, sender=parcel.sender))
        self._check(of_recipient, {250, 251}, lambda *no: smtplib.SMTPRecipientsRefused({parcel.recipient: no}))
        server.putcmd("data")
        self._check(server.getreply(), {354}, smtplib.SMTPDataError)
        server.send(_FULL_STOP.sub(b"..", parcel.body) + b".\r\n")
        meanwhile()
        self._check(server.getreply(), {250}, smtplib.SMTPDataError)

    def _check(self, reply: Reply, good: set[int], refused: Callable[[int, bytes], smtplib.SMTPException]) -> None:
        """Raise what a refusal is; the connection is fit for the next letter, or closed."""
        code, answer = reply
        if code in good:
            return
        if code == 421:
            self.close()
        elif self._open is not None:
            with contextlib.suppress(smtplib.SMTPServerDisconnected):
                self._open.rset()
        raise refused(code, answer)

    def _connected(self) -> smtplib.SMTP:
        """Greeted, encrypted and signed in; whatever goes wrong on the way is no letter's fault."""
        try:
            with contextlib.ExitStack() as unfinished:
                server = self._called()
                unfinished.callback(server.close)
                server.ehlo_or_helo_if_needed()
                if self._parts.scheme == "smtp" and server.has_extn("starttls"):
                    server.starttls(context=self._tls())
                    server.ehlo_or_helo_if_needed()
                self._sign_in(server)
                unfinished.pop_all()
        except smtplib.SMTPResponseException as error:
            raise Unreachable(_sentence(error.smtp_code, error.smtp_error)) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(f"The mail server cannot be reached: {error}.") from error
        return server

    def _called(self) -> smtplib.SMTP:
        host, name = self._parts.hostname or "", socket.getfqdn()
        if self._parts.scheme == "smtps":
            return self._clients.encrypted(host, self._parts.port or 465, name, timeout=TIMEOUT, context=self._tls())
        return self._clients.clear(host, self._parts.port or 25, name, timeout=TIMEOUT)

    def _tls(self) -> ssl.SSLContext:
        """Certificates are checked, but for a server on this machine, which seldom has one that could be."""
        context = ssl.create_default_context()
        if self._local:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def _sign_in(self, server: smtplib.SMTP) -> None:
        if self._parts.username is None:
            return
        if not self._local and not isinstance(server.sock, ssl.SSLSocket):
            raise Unreachable("The mail server offers no encryption, so the password was not sent to it.")
        server.login(unquote(self._parts.username), unquote(self._parts.password or ""))

    def close(self) -> None:
        server, self._open, self._begun = self._open, None, None
        if server is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                server.quit()


class _Begun:
    """A mail transaction up to its recipient: it says who sends; and to whom, where the server takes both at once
    (RFC 2920), else as soon as it has answered."""

    def __init__(self, server: smtplib.SMTP, parcel: Parcel) -> None:
        if parcel.utf8 and not (server.does_esmtp and server.has_extn("smtputf8")):
            raise smtplib.SMTPNotSupportedError("SMTPUTF8 is not offered")
        self.parcel = parcel
        self._server = server
        self._of_sender: Reply | None = None
        server.command_encoding = "utf-8" if parcel.utf8 else "ascii"
        options = [f"size={len(parcel.body)}"] if server.does_esmtp and server.has_extn("size") else []
        options += ["SMTPUTF8"] if parcel.utf8 else []
        mail = " ".join([f"mail FROM:<{parcel.sender}>", *options])
        self._said_both = bool(server.does_esmtp and server.has_extn("pipelining"))
        server.send(f"{mail}\r\n{self._rcpt}\r\n" if self._said_both else f"{mail}\r\n")

    @property
    def _rcpt(self) -> str:
        return f"rcpt TO:<{self.parcel.recipient}>"

    def go_on(self) -> None:
        """Say to whom, if the server has answered who sends; without a wait."""
        if not self._said_both and _has_answered(self._server):
            self._ask()

    def _ask(self) -> Reply:
        self._of_sender = self._server.getreply()
        if not self._said_both and self._of_sender[0] == 250:
            self._server.putcmd(self._rcpt)
            self._said_both = True
        return self._of_sender

    def answers(self) -> tuple[Reply, Reply]:
        """To who sends, and to whom, which is not asked where already the first is no."""
        of_sender = self._of_sender or self._ask()
        return of_sender, self._server.getreply() if self._said_both else of_sender


def _has_answered(server: smtplib.SMTP) -> bool:
    """Whether a whole answer has come, so that nobody waits for the rest of it."""
    if server.sock is None or server.file is None:
        return False
    server.sock.settimeout(0)
    try:
        return bool(_ANSWER.match(server.file.peek()))
    except OSError:  # of TLS, that nothing has come
        return False
    finally:
        server.sock.settimeout(server.timeout)


def _judged(code: int, answer: bytes | str, *, of_recipient: bool = False) -> Exception:
    """What a refusal means. 421 closes the connection; 530 and 535 are about us, not about the letter."""
    said = _sentence(code, answer)
    if code in (421, 530, 535):
        return Unreachable(said)
    if code < 500:
        return PutOff(said)
    return TurnedDown(said, dead=of_recipient and _means_no_such_address(code, said))


def _means_no_such_address(code: int, said: str) -> bool:
    """By the enhanced code where there is one (RFC 3463, 3.2 and 3.3): a policy's no says nothing of the address."""
    enhanced = said.split(" ")[1] if said.count(" ") else ""
    if enhanced.startswith("5.") and enhanced.count(".") == 2:
        return enhanced in ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.0", "5.2.1")
    return code in (550, 551, 553)


def _sentence(code: int, answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(f"{code} {text}".split())
