"""Name badges: one for everybody who has a seat, and for each they bring."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

import typst

from society.door.codes import code
from society.door.tickets import drawn
from society.events.models import Event
from society.rsvps.models import Rsvp

_TEMPLATE = Path(__file__).with_name("badges.typ")


class Sheet(StrEnum):
    """On what badges are printed."""

    A4 = "a4"
    LETTER = "letter"
    A6 = "a6"

    @property
    def label(self) -> str:
        """How it is offered."""
        return {
            Sheet.A4: "A4, ten of 90 × 55 mm",
            Sheet.LETTER: "US Letter, six of 4 × 3 inches",
            Sheet.A6: "A6, one to a page",
        }[self]


@dataclass(frozen=True)
class Badge:
    """All that is on one, as text; the code is that of the ticket, so a badge can be scanned too."""

    event: str
    name: str
    line: str
    drawing: str


def badges(event: Event, rsvps: Sequence[Rsvp]) -> Iterator[Badge]:
    """In the order of the answers; those somebody brings have a line to write their name on."""
    for rsvp in rsvps:
        drawing, name = drawn(code(rsvp)), rsvp.person.name
        yield Badge(event.title, name, "", drawing)
        for _ in range(rsvp.party_size - 1):
            yield Badge(event.title, "", f"with {name}", drawing)


def pdf(shown: Sequence[Badge], sheet: Sheet) -> bytes:
    """The same badges give the same bytes. Many take some seconds: not within a write."""
    given = json.dumps({"format": sheet.value, "badges": [asdict(one) for one in shown]})
    made = typst.compile(_TEMPLATE, format="pdf", sys_inputs={"given": given}, ignore_system_fonts=True, timestamp=0)
    assert isinstance(made, bytes)
    return made
