"""What an announcement says of an event, in which of its words, and what is doubtful about it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Generic, TypeVar

from society.announcements.prices import Price
from society.events.models import BackingRole

Value = TypeVar("Value")

LONGEST = 20_000
"""Characters of an announcement; a flyer has a few hundred."""


@dataclass(frozen=True)
class Read(Generic[Value]):
    """One thing that the text says, in whose words, and what a person should look at."""

    value: Value
    quote: str
    doubt: str = ""


@dataclass
class Reading:
    """What an announcement says; None is what it does not say."""

    title: Read[str] | None = None
    speakers: Read[list[tuple[str, str]]] | None = None
    starts: Read[datetime] | None = None
    no_day: Read[str] | None = None
    """A date that does not exist, where none does."""
    ends: Read[datetime] | None = None
    all_day: bool = False
    zone: Read[str] | None = None
    venue: Read[str] | None = None
    address: Read[str] | None = None
    room: Read[str] | None = None
    backers: dict[BackingRole, Read[list[str]]] = field(default_factory=dict)
    link: Read[str] | None = None
    """Where to join from elsewhere; empty if the text says that one can, but not where."""
    instructions: Read[str] | None = None
    """What else only those who come should be told, a line each."""
    capacity: Read[int] | None = None
    price: Read[Price] | None = None
    deadline: Read[datetime] | None = None
    """Until when people answer, by the clocks of the place."""
    tags: Read[str] | None = None
    others: list[date] = field(default_factory=list)
    """On which days there is more that the text lists."""
    recurs: str = ""
    """The words by which it tells of a series."""
    description: str = ""
    left_out: list[str] = field(default_factory=list)
    """Lines that are neither in the description nor in another field: greetings, heads of mails, signatures."""
    text: str = ""
    """The announcement as every reader may see it: without what is told to those who come."""

    def shown(self) -> Iterator[str]:
        """The words that the form shows of what was read: what fields hold, and what days, sums and backers were read
        from. What is but guessed may be wrong: whoever corrects it must not lose its words."""
        for plain in (self.title, self.venue, self.room, self.address, self.tags):
            if plain and not plain.doubt:
                yield from (plain.value, *re.split(r"[,;]\s", plain.value))
        for person in self.speakers.value if self.speakers and not self.speakers.doubt else []:
            yield from person
        timed = (self.starts, self.ends, self.zone, self.no_day, self.capacity, self.deadline)
        online = self.link if self.link and not self.link.value else None
        for quoted in (*timed, online, self.price, *self.backers.values()):
            yield from re.split(r"\s…\s|;\s", quoted.quote) if quoted else []
