"""The list of those who have a seat, to be ticked with a pen: for a door without a phone, or whose phone gives out."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from society import typeset
from society.door.hours import lasts_days
from society.door.queries import brought
from society.events.models import Event
from society.events.render import spoken_in, when
from society.rsvps.coming_free import free_among
from society.rsvps.models import Rsvp
from society.settings import society
from society.text import counted, listed
from society.times import today_in

MOST_DAYS = 7
"""That have a column each: boxes for more find no room beside a name, and then each seat has one for all days."""
_TEMPLATE = Path(__file__).with_name("roll.typ")


class Sheet(StrEnum):
    """On what it is printed."""

    A4 = "a4"
    LETTER = "us-letter"

    @property
    def label(self) -> str:
        """How it is offered."""
        return {Sheet.A4: "A4", Sheet.LETTER: "US Letter"}[self]


@dataclass(frozen=True)
class Line:
    """One party."""

    name: str
    beside: str
    """Whom they bring, where the event asks for names; and that they come free, where others pay."""
    party: int


@dataclass(frozen=True)
class Roll:
    """All that is on it, as text."""

    event: str
    about: list[str]
    """When and where it is, what it costs, and as of when the list is."""
    days: list[str]
    """A column of boxes each; empty where one is enough."""
    lines: list[Line]


def roll(event: Event, rsvps: Sequence[Rsvp], now: datetime) -> Roll:
    """The list of these, in their order. Whoever is in already has empty boxes too: paper and page are told apart."""
    numbers = [rsvp.id for rsvp in rsvps]
    names, free = brought(event, numbers), free_among(event, today_in(society().zone, now), numbers)
    seats = counted(sum(rsvp.party_size for rsvp in rsvps), "person", "people")
    about = [when(event), event.place, event.costs, f"{seats}. As it stood {spoken_in(now, event.zone)}."]
    lines = [
        Line(rsvp.person.name, _beside(names.get(rsvp.id, []), rsvp.id in free), rsvp.party_size) for rsvp in rsvps
    ]
    return Roll(event.title, [one for one in about if one], days_of(event), lines)


def _beside(names: list[str], free: bool) -> str:
    said = [*(["member, comes free"] if free else []), *([f"with {listed(names)}"] if names else [])]
    return "; ".join(said)


def days_of(event: Event) -> list[str]:
    """Its days there, "Wed 9", where they are several and few enough."""
    if not lasts_days(event):
        return []
    first, last = event.starts.date(), (event.ends - timedelta(microseconds=1)).date()  # whole days end at midnight
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [f"{day:%a %-d}" for day in days] if len(days) <= MOST_DAYS else []


def pdf(shown: Roll, sheet: Sheet) -> bytes:
    """As many pages as it takes, each with the heads of the columns. Takes a part of a second, for many some seconds:
    not within a write."""
    return typeset.pdf(_TEMPLATE, given=json.dumps({"paper": sheet, **asdict(shown)}))
