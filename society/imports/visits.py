"""Whether what stands at addresses on the web can be opened: asked of public servers alone, a few at once, in seconds.

It is asked as little as tells (HEAD); of a server that does not take that, for the page itself, of which nothing is
read. Nothing but the address is told to anybody.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from society.errors import Refused
from society.imports.fetching import Resolve, answered, checked, is_public, named, resolved

MOST = 20
"""Addresses that are tried; a letter with more is none that anybody reads."""
AT_ONCE = 5
LONGEST = 8.0
"""Seconds for all of them."""
MOST_REDIRECTS = 5
ANY_KIND = {"Accept": "*/*"}
GONE = (404, 410)


class Found(StrEnum):
    """How an address answered."""

    OPENS = "opens"
    BROKEN = "broken"
    UNSURE = "not sure"
    """Nothing can be said: it wants a sign-in, turns programs away, or took too long."""


@dataclass(frozen=True)
class Visit:
    """An address, and a sentence on what is wrong with it."""

    address: str
    found: Found
    sentence: str = ""


def visits(
    addresses: Sequence[str], *, resolve: Resolve = resolved, allowed: Callable[[str], bool] = is_public
) -> list[Visit]:
    """Each as it was found, in their order. A name server that takes its time holds nobody up: who has not answered by
    the deadline has not answered."""
    deadline = time.monotonic() + LONGEST
    crew = ThreadPoolExecutor(AT_ONCE, "visit")
    under_way = [crew.submit(_visited, address, deadline, resolve, allowed) for address in addresses[:MOST]]
    wait(under_way, timeout=max(0.0, deadline - time.monotonic()))
    crew.shutdown(wait=False, cancel_futures=True)
    return [_outcome(address, future) for address, future in zip(addresses, under_way, strict=False)]


def _outcome(address: str, future: Future[Visit]) -> Visit:
    if future.done() and not future.cancelled():
        return future.result()
    return Visit(address, Found.UNSURE, f"It did not answer within {LONGEST:g} seconds.")


def _visited(address: str, deadline: float, resolve: Resolve, allowed: Callable[[str], bool]) -> Visit:
    with suppress(Refused):
        status = _status(address, "HEAD", deadline, resolve, allowed)
        if status < 400 or status in GONE:
            return _judged(address, status)
    try:
        return _judged(address, _status(address, "GET", deadline, resolve, allowed))
    except Refused as refused:
        late = time.monotonic() >= deadline  # whoever is cut off then seems to be at fault
        return Visit(address, Found.UNSURE if late else Found.BROKEN, str(refused))


def _status(address: str, method: str, deadline: float, resolve: Resolve, allowed: Callable[[str], bool]) -> int:
    """With what it answers in the end, wherever it leads on to; each server on the way is looked at."""
    for _ in range(MOST_REDIRECTS + 1):
        server = named(address)
        with answered(server, checked(server, resolve, allowed, deadline), deadline, ANY_KIND, method) as answer:
            onward = answer.get_redirect_location()
            if not onward:
                return int(answer.status)
        address = server.led_on(onward)
    raise Refused(f"It leads on more than {MOST_REDIRECTS} times.")


def _judged(address: str, status: int) -> Visit:
    if status < 400:
        return Visit(address, Found.OPENS)
    if status in GONE:
        return Visit(address, Found.BROKEN, f"There is no such page on that server ({status}).")
    if status >= 500:
        return Visit(address, Found.BROKEN, f"The server has a fault of its own ({status}). Try again later.")
    turned_away = f"The server does not show it to a program ({status}). Open it yourself, without signing in there."
    return Visit(address, Found.UNSURE, turned_away)
