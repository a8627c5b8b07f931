"""Fetching a calendar from an address somebody typed, without becoming a way into the network this runs in.

Every name is looked up once, every address it has must be a public one, and the connection goes to the address that
was looked at, so that a name which answers differently the second time (DNS rebinding) gains nothing. The same holds
for each redirect. All of it is over at a deadline, also for a server that says a little now and then.
"""

import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import closing, contextmanager, suppress
from functools import partial
from http.client import HTTPException
from threading import Thread, Timer
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.util.ssl_match_hostname import CertificateError

from society.errors import Refused
from society.imports.unpacking import Unpacked

MOST_BYTES = 10 * 1024 * 1024
LONGEST = 20.0
"""Seconds for all of it."""
MOST_REDIRECTS = 3
PATIENCE = 5.0
"""Seconds for one address of a server to take the call."""
MOST_ADDRESSES = 3
"""Of one server that are called, one after the other."""
_PORTS = {"http": 80, "https": 443}
_OPEN = ipaddress.ip_network("2000::/3")
"""All that is given out of IPv6 (RFC 4291, 2.4)."""
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""What a gateway leads on to the IPv4 address at its end (NAT64, RFC 6052, 2.1)."""
_KEPT = "!$%&'()*+,/:;=?@[]~"
"""What stands in a path as it is; all else there is told in percent."""

Resolve = Callable[[str, int], list[str]]


def resolved(host: str, port: int) -> list[str]:
    """The addresses of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def is_public(address: str) -> bool:
    """Whether an address is one of the open internet: not private, local, reserved or for many at once."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = _inner(found)
        return is_public(str(inner)) if inner else found in _OPEN and found.is_global
    return found.is_global and not found.is_multicast


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that it leads to by way of the machine itself, a tunnel or a gateway."""
    if address in _TRANSLATED:
        return ipaddress.IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


class Answered(NamedTuple):
    """What an address answers, with its headers, and whether it led on to another address first."""

    body: bytes
    headers: Mapping[str, str]
    moved: bool
    unchanged: bool = False
    """Whether it is as it was when it was last asked for (304)."""


def fetch(address: str, *, resolve: Resolve = resolved, allowed: Callable[[str], bool] = is_public) -> bytes:
    """What an address answers. Raises Refused with a sentence for whatever goes wrong."""
    return ask(address, resolve=resolve, allowed=allowed).body


def ask(
    address: str,
    *,
    known: Mapping[str, str] | None = None,
    resolve: Resolve = resolved,
    allowed: Callable[[str], bool] = is_public,
) -> Answered:
    """The same with how it was answered. `known` are headers by which the server can say that nothing has changed."""
    deadline = time.monotonic() + LONGEST
    for moves in range(MOST_REDIRECTS + 1):
        server = named(address)
        with answered(server, checked(server, resolve, allowed, deadline), deadline, known or {}) as answer:
            if known and answer.status == 304:
                return Answered(b"", answer.headers, moves > 0, unchanged=True)
            onward = answer.get_redirect_location()
            if not onward:
                return Answered(_body(answer, deadline), answer.headers, moves > 0)
        address = server.led_on(onward)
    raise Refused(f"That address leads on more than {MOST_REDIRECTS} times.")


class Server(NamedTuple):
    """Whom an address names, and what it asks for there."""

    scheme: str
    host: str
    port: int
    path: str
    either: bool = False
    """Whether it may be asked in the clear where nothing answers encrypted: `webcal:` says no more than that it is a
    calendar. A certificate that proves nothing is an answer."""

    @property
    def name(self) -> str:
        """As it calls itself (RFC 9110, 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def address(self) -> str:
        return f"{self.scheme}://{self.name}{self.path}"

    def led_on(self, to: str) -> str:
        """The address that it leads on to."""
        address = urljoin(self.address, to)
        return re.sub("^https", "webcal", address) if self.either and not urlsplit(to).scheme else address


def named(address: str) -> Server:
    """Whom an address names. Raises Refused where it is none of the web."""
    try:
        address, either = re.subn("^webcals?(?=:)", "https", address.strip(), flags=re.IGNORECASE)
        parts = urlsplit(address)
        if parts.scheme in _PORTS and parts.hostname and not parts.username:
            path = quote(parts.path or "/", safe=_KEPT) + (f"?{quote(parts.query, safe=_KEPT)}" if parts.query else "")
            host = parts.hostname if ":" in parts.hostname else parts.hostname.encode("idna").decode()
            return Server(parts.scheme, host, parts.port or _PORTS[parts.scheme], path, bool(either))
    except ValueError:
        pass
    raise Refused("Please give an address that begins with https://, http:// or webcal://.")


def checked(server: Server, resolve: Resolve, allowed: Callable[[str], bool], deadline: float) -> list[str]:
    """The addresses to connect to; all that the host has must be allowed."""
    try:
        addresses = _looked_up(server, resolve, deadline)
    except TimeoutError as error:
        raise Refused(f"It takes too long to find out where {server.host[:100]} is.") from error
    except (OSError, UnicodeError) as error:
        raise Refused(f"There is no server by the name {server.host[:100]}.") from error
    if not addresses or not all(map(allowed, addresses)):
        raise Refused("That address is inside a private network; only public servers are asked.")
    return addresses


def _looked_up(server: Server, resolve: Resolve, deadline: float) -> list[str]:
    """In a thread that is left behind if need be, since nothing cuts the system's own look-up off."""
    found: Future[list[str]] = Future()

    def look() -> None:
        try:
            found.set_result(resolve(server.host, server.port))
        except Exception as error:  # whatever it is, who waits for it gets it
            found.set_exception(error)

    Thread(target=look, daemon=True).start()
    return found.result(timeout=_left(deadline))


def _left(deadline: float) -> float:
    """Seconds until then, and a moment beyond it so that what is there already counts."""
    return max(0.1, deadline - time.monotonic())


@contextmanager
def answered(
    server: Server, addresses: list[str], deadline: float, known: Mapping[str, str], method: str = "GET"
) -> Iterator[urllib3.BaseHTTPResponse]:
    """What it answers, while that is looked at. The connection is cut off at the deadline, since any timeout of a
    socket begins anew with each byte."""
    with closing(_connected(server, addresses[:MOST_ADDRESSES], deadline)) as connection:
        cut = Timer(_left(deadline), _cut_off, [connection.sock])  # the connection itself lets go of it early
        cut.daemon = True
        cut.start()
        try:
            yield _asked(server, connection, known, method)
        finally:
            cut.cancel()


def _connected(server: Server, addresses: list[str], deadline: float) -> HTTPConnection:
    """To the first of its addresses that takes the call."""
    secure = partial(HTTPSConnection, server_hostname=server.host, assert_hostname=server.host)
    ways = [(secure if server.scheme == "https" else HTTPConnection, server.port)]
    if server.either:
        ways.append((HTTPConnection, _PORTS["http"] if server.port == _PORTS["https"] else server.port))
    for kind, port in ways:
        for address in addresses:
            connection: HTTPConnection = kind(address, port, timeout=min(PATIENCE, _left(deadline)))
            try:
                connection.connect()
            except (ssl.SSLCertVerificationError, CertificateError) as error:
                connection.close()
                said = f"{server.host[:100]} does not prove by its certificate that it is that server."
                raise Refused(said) from error
            except (HTTPError, OSError):
                connection.close()
                continue
            connection.sock.settimeout(LONGEST)
            return connection
    raise Refused(f"{server.host[:100]} does not answer.")


def _cut_off(sock: socket.socket) -> None:
    """Whoever reads from it finds its end."""
    with suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _asked(
    server: Server, connection: HTTPConnection, known: Mapping[str, str], method: str
) -> urllib3.BaseHTTPResponse:
    headers = {"Host": server.name, "Accept": "text/calendar", "User-Agent": "Society", "Accept-Encoding": "identity"}
    try:
        connection.request(method, server.path, headers={**headers, **known}, preload_content=False)
        return connection.getresponse()
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        raise Refused(f"{server.host[:100]} does not answer.") from error


def _body(answer: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
    if answer.status != 200:
        raise Refused(f"The server answers with the error {answer.status}.")
    body, unpacked = bytearray(), Unpacked(answer.headers.get("Content-Encoding", ""))
    try:
        for part in answer.stream(65_536, decode_content=False):
            body += unpacked.more(part, MOST_BYTES + 1 - len(body))
            if len(body) > MOST_BYTES:
                raise Refused("That calendar is larger than 10 MB.")
        unpacked.end()
    except (HTTPError, OSError) as error:
        raise Refused("The server stopped in the middle of its answer.") from error
    finally:
        if time.monotonic() >= deadline:  # what was cut off may look like an answer, or like the server's own fault
            raise Refused(f"The server takes longer than {LONGEST:.0f} seconds.")
    return bytes(body)
