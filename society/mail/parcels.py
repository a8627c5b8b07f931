"""What is handed over to a mail server or a folder, and what can become of it."""

import logging
from collections.abc import Callable
from typing import NamedTuple, Protocol

from society.fields import on_one_line

log = logging.getLogger("society.mail")


class Unreachable(Exception):
    """The mail server cannot be reached or does not let us in; or it broke off at the letter that was `begun`, and that
    may be why."""

    def __init__(self, why: str, *, begun: bool = False) -> None:
        super().__init__(why)
        self.begun = begun


class PutOff(Exception):
    """The mail server will not take this letter now (RFC 5321, 4.2.1: 4yz)."""


class HungUp(PutOff):
    """The same, and it has closed the connection (421) or lets nobody in (530): others may fare no better now."""


class Unanswered(Exception):
    """The mail server has the whole letter, and has not said whether it takes it: it may have, or not (RFC 1047)."""


class TurnedDown(Exception):
    """The mail server will never take this letter (5yz); `dead` if that is for want of such an address."""

    def __init__(self, answer: str, *, dead: bool = False) -> None:
        super().__init__(answer)
        self.dead = dead


class Parcel(NamedTuple):
    """A message, and what stands on its envelope."""

    body: bytes
    utf8: bool
    """Whether an address needs a server that takes UTF-8 (RFC 6531)."""
    sender: str
    recipient: str
    file_name: str


Act = Callable[[], None]


def nothing() -> None:
    """There is nothing else to do."""


class Carrier(Protocol):
    """Takes messages one by one, or raises one of the above."""

    def announce(self, parcel: Parcel) -> None:
        """That this one is likely to be the next; it may never come. Never fails, and does not wait; said once more, it
        goes on as far as its taker has answered meanwhile."""

    def carry(self, parcel: Parcel, meanwhile: Act = nothing, leaving: Act = nothing) -> None:
        """Hand it over; what else is to be done `meanwhile` is done once, while its taker is busy with it, or not at
        all, and `leaving` right before its text can be taken as a whole, where that twice would be two."""

    def close(self) -> None: ...


def handed_over(parcel: Parcel, taker: Carrier, meanwhile: Act = nothing, leaving: Act = nothing) -> Exception | None:
    """Hand it over: which of the above became of it, None where it was taken. What nobody foresaw puts it off too, and
    is known with it: else it would be tried again for ever, and nobody would know why it does not leave."""
    try:
        taker.carry(parcel, meanwhile, leaving)
    except (Unreachable, PutOff, Unanswered, TurnedDown) as error:
        return error
    except Exception as error:
        log.exception("a letter could not be handed over")
        taker.close()
        return unforeseen(error)
    return None


def unforeseen(error: Exception) -> PutOff:
    """What such an error means for the letter."""
    outcome = PutOff(on_one_line(f"Something went wrong here: {type(error).__name__}: {error}."))
    outcome.__cause__ = error
    return outcome
