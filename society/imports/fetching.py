"""Fetching a calendar from an address somebody typed, without becoming a way into the network this runs in.

Every name is looked up once, every address it has must be a public one, and the connection goes to the address that
was looked at, so that a name which answers differently the second time (DNS rebinding) gains nothing. The same holds
for each redirect.
"""

import ipaddress
import socket
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import SplitResult, urljoin, urlsplit

import urllib3
from urllib3.exceptions import HTTPError

from society.errors import Refused

MOST_BYTES = 10 * 1024 * 1024
LONGEST = 20.0
"""Seconds for all of it."""
MOST_REDIRECTS = 3
_PORTS = {"http": 80, "https": 443}
_OPEN = ipaddress.IPv6Network("2000::/3")
"""All of IPv6 that belongs to the open internet (RFC 4291, 2.4)."""
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
"""How a network without IPv4 reaches servers that have nothing else (RFC 6052)."""

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
    """The address of IPv4 that one of IPv6 leads on to."""
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
        parts = _taken_apart(address)
        answer = _get(parts, _checked(parts, resolve, allowed), deadline, known or {})
        try:
            if known and answer.status == 304:
                return Answered(b"", answer.headers, moves > 0, unchanged=True)
            onward = answer.get_redirect_location()
            if not onward:
                return Answered(_body(answer, deadline), answer.headers, moves > 0)
        finally:
            answer.close()
        address = urljoin(address, onward)
    raise Refused(f"That address leads on more than {MOST_REDIRECTS} times.")


def _taken_apart(address: str) -> SplitResult:
    if address.startswith("webcal"):
        address = "http" + address.removeprefix("webcal")
    try:
        parts = urlsplit(address)
        good = parts.scheme in _PORTS and bool(parts.hostname) and (parts.port or 1) and not parts.username
    except ValueError:
        good = False
    if not good:
        raise Refused("Please give an address that begins with https://, http:// or webcal://.")
    return parts


def _checked(parts: SplitResult, resolve: Resolve, allowed: Callable[[str], bool]) -> str:
    """The address to connect to; all that the host has must be allowed."""
    host = parts.hostname or ""
    try:
        addresses = resolve(host, parts.port or _PORTS[parts.scheme])
    except (OSError, UnicodeError) as error:
        raise Refused(f"There is no server by the name {host[:100]}.") from error
    if not addresses or not all(map(allowed, addresses)):
        raise Refused("That address is inside a private network; calendars are fetched from public servers only.")
    return addresses[0]


def _get(parts: SplitResult, address: str, deadline: float, known: Mapping[str, str]) -> urllib3.BaseHTTPResponse:
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    timeout = urllib3.Timeout(connect=5, read=max(0.1, min(10, deadline - time.monotonic())))
    pool: urllib3.HTTPConnectionPool
    if parts.scheme == "https":
        pool = urllib3.HTTPSConnectionPool(
            address, port, timeout=timeout, retries=False, server_hostname=host, assert_hostname=host
        )
    else:
        pool = urllib3.HTTPConnectionPool(address, port, timeout=timeout, retries=False)
    named = f"[{host}]" if ":" in host else host
    headers = {"Host": named if port == _PORTS[parts.scheme] else f"{named}:{port}", "Accept": "text/calendar"}
    headers |= {"User-Agent": "Society", "Accept-Encoding": "identity", **known}
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        return pool.urlopen("GET", path, headers=headers, redirect=False, preload_content=False)
    except (HTTPError, OSError, ValueError) as error:
        raise Refused(f"{host[:100]} does not answer.") from error


def _body(answer: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
    if answer.status != 200:
        raise Refused(f"The server answers with the error {answer.status}.")
    body = bytearray()
    try:
        for part in answer.stream(65_536, decode_content=False):
            body += part
            if len(body) > MOST_BYTES:
                raise Refused("That calendar is larger than 10 MB.")
            if time.monotonic() > deadline:
                raise Refused(f"The server takes longer than {LONGEST:.0f} seconds.")
    except (HTTPError, OSError) as error:
        raise Refused("The server stopped in the middle of its answer.") from error
    return bytes(body)
