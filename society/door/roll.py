"""The list of those who have a seat, to be ticked with a pen: for a door without a phone, or whose phone gives out. Who
is in already is ticked."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from society import typeset
from society.door.hours import lasts_days
from society.door.queries import brought
from society.door.recount import there_on
from society.events.models import Event
from society.events.render import spoken_in, spoken_time, when
from society.rsvps.coming_free import asked_of, day_of_paying, free_among
from society.rsvps.models import Rsvp
from society.text import counted, listed
from society.times import to_wall

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
    """What is asked of them, where members come free; and whom they bring, where the event asks for names."""
    party: int
    here: list[int]
    """How many of them were let in, in each column."""
    since: str = ""
    """When, where there is one column alone."""


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
    """The list of these, in their order, as the door has it by now: so it goes on where a phone gives out."""
    numbers = [rsvp.id for rsvp in rsvps]
    names, free = brought(event, numbers), free_among(event, day_of_paying(event, now), numbers)
    days = _days(event)
    there = there_on(event, numbers) if days else {}
    lines = [
        Line(
            rsvp.person.name,
            _beside(event, rsvp, names.get(rsvp.id, []), free=rsvp.id in free),
            rsvp.party_size,
            [there.get(rsvp.id, {}).get(day, 0) for day in days] or [rsvp.came],
            "" if days else _since(event, rsvp),
        )
        for rsvp in rsvps
    ]
    about = [when(event), event.place, event.costs, _counted(event, lines, now)]
    return Roll(event.title, [one for one in about if one], days_of(event), lines)


def _counted(event: Event, lines: Sequence[Line], now: datetime) -> str:
    """Who came to a desk on the evening before a first day of several has no column, and is not said to be ticked."""
    people = counted(sum(line.party for line in lines), "person", "people")
    came = sum(max(line.here) for line in lines)
    ticked = f" {came:,} of them had been let in, and {'is' if came == 1 else 'are'} ticked." if came else ""
    return f"{people}. As it stood {spoken_in(now, event.zone)}.{ticked}"


def _since(event: Event, rsvp: Rsvp) -> str:
    """The hour, or the day where that is not the event's."""
    if rsvp.checked_in_at is None:
        return ""
    wall = to_wall(rsvp.checked_in_at, event.zone)
    of_the_day = wall.date() == event.starts.date() and not lasts_days(event)
    return spoken_time(wall) if of_the_day else f"{wall:%-d %b}"


def _beside(event: Event, rsvp: Rsvp, names: list[str], *, free: bool) -> str:
    asked = asked_of(event, rsvp.party_size, free=free) if event.members_free else ""
    said = [f"member, {asked}" if free else asked, f"with {listed(names)}" if names else ""]
    return "; ".join(filter(None, said))


def days_of(event: Event) -> list[str]:
    """How its days are called there, "Wed 9", where they are several and few enough."""
    return [f"{day:%a %-d}" for day in _days(event)]


def _days(event: Event) -> list[date]:
    if not lasts_days(event):
        return []
    first, last = event.starts.date(), (event.ends - timedelta(microseconds=1)).date()  # whole days end at midnight
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return days if len(days) <= MOST_DAYS else []


def pdf(shown: Roll, sheet: Sheet) -> bytes:
    """As many pages as it takes, each with the heads of the columns. Takes a part of a second, for many some seconds:
    not within a write."""
    return typeset.pdf(_TEMPLATE, given=json.dumps({"paper": sheet, **asdict(shown)}))
