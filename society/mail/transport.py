"""Handing messages over to a mail server by SMTP, or to what else the setting names."""

import contextlib
import logging
import smtplib
import socket
import ssl
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import SplitResult, unquote

from society.config import where_mail_goes
from society.fields import on_one_line
from society.mail.client import Begun, Client, ClientInside, Reply
from society.mail.folder import Folder
from society.mail.parcels import Act, Carrier, HungUp, Parcel, PutOff, TurnedDown, Unanswered, Unreachable, nothing
from society.mail.refusals import is_gone, status_in
from society.text import in_ascii

log = logging.getLogger("society.mail")

TIMEOUT = 30
"""Seconds to wait for a mail server's answer."""
AFTER_THE_LETTER = 600
"""The same once it has the whole letter: whoever gives up earlier gets it delivered twice (RFC 5321, 4.5.3.2.6)."""

OPEN = "The mail server has not said whether it has taken the letter"


def is_local(host: str | None) -> bool:
    """Whether a server is on this machine."""
    return host in ("localhost", "127.0.0.1", "::1")


def tls(host: str | None) -> ssl.SSLContext:
    """Certificates are checked, but for a server on this machine, which seldom has one that could be."""
    context = ssl.create_default_context()
    if is_local(host):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


class Clients(NamedTuple):
    """What speaks SMTP for us: begun in the clear, or encrypted from the first byte. A test listens in by its own."""

    clear: Callable[..., Client] = Client
    encrypted: Callable[..., Client] = ClientInside


def until(is_to_stop: Callable[[], bool]) -> Clients:
    """They do not wait much longer for a server once one is told to stop."""
    return Clients(partial(Client, is_to_stop=is_to_stop), partial(ClientInside, is_to_stop=is_to_stop))


def carrier(url: str, clients: Clients = Clients()) -> Carrier:  # noqa: B008 - it never changes
    """What the setting `MAIL_URL` names."""
    where = where_mail_goes(url)
    return Folder(where) if isinstance(where, Path) else MailServer(where, clients)


class MailServer:
    """One SMTP connection (RFC 5321), opened when first needed and used for all that follows."""

    def __init__(self, parts: SplitResult, clients: Clients) -> None:
        self._parts = parts
        self._clients = clients
        self._local = is_local(parts.hostname)
        self._open: Client | None = None
        self._begun: Begun | None = None

    def announce(self, parcel: Parcel) -> None:
        if self._open is None:
            return
        try:
            if self._begun is None:
                self._begun = Begun(self._open, parcel)
            elif self._begun.parcel is parcel:
                self._begun.go_on()
        except (OSError, TurnedDown):
            pass  # it shows when its turn has come
        except Exception:  # so does what nobody foresaw; but how far it came is not known
            log.exception("a letter could not be announced")
            self._open.close()
            self._open = self._begun = None

    def carry(self, parcel: Parcel, meanwhile: Act = nothing, leaving: Act = nothing) -> None:
        try:
            self._hand_over(parcel, meanwhile, leaving)
        except smtplib.SMTPRecipientsRefused as error:
            raise _judged(*error.recipients[parcel.recipient], of_recipient=True) from error
        except smtplib.SMTPNotSupportedError as error:
            raise TurnedDown("The mail server takes no addresses with letters other than ASCII.") from error
        except smtplib.SMTPResponseException as error:
            if isinstance(error.smtp_error, str):  # the library's own words: the server spoke no SMTP
                self.close()
                not_understood = f"The mail server is not understood: {on_one_line(error.smtp_error)}"
                raise Unreachable(not_understood, begun=True) from error
            raise _judged(error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Unreachable(f"The mail server cannot be reached: {_words(error)}", begun=True) from error

    def _hand_over(self, parcel: Parcel, meanwhile: Act, leaving: Act) -> None:
        """One mail transaction (RFC 5321, 3.3), as `SMTP.sendmail` has it, but that it can be begun beforehand."""
        of_sender, of_recipient = self._as_before(parcel) or self._anew(parcel)
        server = self._open
        assert server is not None
        self._check(of_sender, {250}, partial(smtplib.SMTPSenderRefused, sender=parcel.sender))
        self._check(of_recipient, {250, 251}, lambda *no: smtplib.SMTPRecipientsRefused({parcel.recipient: no}))
        server.putcmd("data")
        self._check(server.getreply(), {354}, smtplib.SMTPDataError)
        leaving()
        self._say(server, _transparent(parcel.body) + b".\r\n")
        meanwhile()
        self._check(self._last_word(server), {250}, smtplib.SMTPDataError)

    def _say(self, server: Client, text: bytes) -> None:
        """A server that breaks off in its midst has not taken it, and may have said why (RFC 5321, 3.8)."""
        try:
            server.send(text)
        except smtplib.SMTPServerDisconnected:
            if not server.has_answered():
                raise
            code, answer = server.getreply()
            self.close()
            raise smtplib.SMTPDataError(code, answer) from None

    def _last_word(self, server: Client) -> Reply:
        """Whether it has taken the letter, or not; whatever else it says or does leaves that open."""
        try:
            code, answer = server.getreply(AFTER_THE_LETTER)
        except Exception as error:  # whatever it is: the letter may have been taken
            self.close()
            raise Unanswered(f"{OPEN}: {_words(error)}") from error
        if code != 250 and not 400 <= code < 600:
            self.close()
            raise Unanswered(f"{OPEN}: {_sentence(code, answer)}") from smtplib.SMTPDataError(code, answer)
        return code, answer

    def _as_before(self, parcel: Parcel) -> tuple[Reply, Reply] | None:
        """What the server says to its envelope, on the connection of the letter before; None if it has closed that, as
        it may at any time."""
        begun, self._begun = self._begun, None
        with contextlib.suppress(smtplib.SMTPServerDisconnected):
            if begun is not None and begun.parcel is not parcel:
                begun.answers()
                self._reset()
                begun = None
            if self._open is not None:
                answers = (begun or Begun(self._open, parcel)).answers()
                if answers[0][0] != 421:
                    return answers
        self.close()
        return None

    def _anew(self, parcel: Parcel) -> tuple[Reply, Reply]:
        self._open = self._connected()
        return Begun(self._open, parcel).answers()

    def _reset(self) -> None:
        """Forget what was begun; a server that does not would take the next letter for a part of it, and is called anew
        for that."""
        with contextlib.suppress(OSError):
            if self._open is not None and self._open.rset()[0] == 250:
                return
        self.close()

    def _check(self, reply: Reply, good: set[int], refused: Callable[[int, bytes], smtplib.SMTPException]) -> None:
        """Raise what a refusal is; the connection is fit for the next letter, or closed."""
        code, answer = reply
        if code in good:
            return
        if code == 421:
            self.close()
        else:
            self._reset()
        raise refused(code, answer)

    def _connected(self) -> Client:
        """Greeted, encrypted and signed in; whatever goes wrong on the way is no letter's fault."""
        try:
            with contextlib.ExitStack() as unfinished:
                server = self._called()
                unfinished.callback(server.close)
                server.ehlo_or_helo_if_needed()
                if self._parts.scheme == "smtp" and server.has_extn("starttls"):
                    server.starttls(context=tls(self._parts.hostname))
                    server.ehlo_or_helo_if_needed()
                self._sign_in(server)
                unfinished.pop_all()
        except smtplib.SMTPResponseException as error:
            raise Unreachable(_sentence(error.smtp_code, error.smtp_error)) from error
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise Unreachable(f"The mail server cannot be reached: {_words(error)}") from error
        return server

    def _called(self) -> Client:
        host, name = in_ascii(self._parts.hostname or ""), socket.getfqdn()
        if self._parts.scheme == "smtps":
            return self._clients.encrypted(host, self._parts.port or 465, name, timeout=TIMEOUT, context=tls(host))
        return self._clients.clear(host, self._parts.port or 25, name, timeout=TIMEOUT)

    def _sign_in(self, server: smtplib.SMTP) -> None:
        if self._parts.username is None:
            return
        if not self._local and not isinstance(server.sock, ssl.SSLSocket):
            raise Unreachable("The mail server offers no encryption, so the password was not sent to it.")
        server.login(unquote(self._parts.username), unquote(self._parts.password or ""))

    def close(self) -> None:
        server, self._open, self._begun = self._open, None, None
        if server is not None:
            with contextlib.suppress(Exception):  # what has become of the letters stays so, however it takes its leave
                server.quit()
            with contextlib.suppress(OSError):
                server.close()


def _transparent(body: bytes) -> bytes:
    """A full stop alone on a line would end the message (RFC 5321, 4.5.2)."""
    doubled = body.replace(b"\n.", b"\n..")
    return b"." + doubled if body.startswith(b".") else doubled


def _judged(code: int, answer: bytes | str, *, of_recipient: bool = False) -> Exception:
    """What a refusal means. 421, 530 and 535 may be about us rather than about the letter, so others fare no better for
    now; but it may be that letter which makes the server close the connection, each time, so there is an end to it."""
    said = _sentence(code, answer)
    if code in (421, 530, 535):
        return HungUp(said)
    if code < 500:
        return PutOff(said)
    return TurnedDown(said, dead=of_recipient and is_gone(status_in(said), said))


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _sentence(error.smtp_code, error.smtp_error)
    return on_one_line(f"{error}.")


def _sentence(code: int, answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return on_one_line(f"{code} {text}")
