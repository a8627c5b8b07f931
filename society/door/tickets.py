"""Tickets: what stands on one, and the PDFs of one and of all."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

import segno

from society import typeset
from society.door.codes import code, spoken
from society.events.models import Event
from society.events.render import when
from society.rsvps.coming_free import Pays, to_pay
from society.rsvps.models import Rsvp
from society.settings import society
from society.text import counted

MOST_ON_SHEETS = 2_000
"""Tickets in one PDF: more would keep a server process busy for long."""
_TEMPLATE = Path(__file__).with_name("tickets.typ")


class Sheet(StrEnum):
    """On what the tickets of all are printed, to be cut out."""

    A4 = "a4"
    LETTER = "letter"

    @property
    def label(self) -> str:
        """How it is offered."""
        return {Sheet.A4: "A4, eight to a sheet", Sheet.LETTER: "US Letter, eight to a sheet"}[self]


@dataclass(frozen=True)
class Ticket:
    """All that is on it, as text; `drawing` is the QR code as SVG, which holds the code and nothing else."""

    society: str
    event: str
    when: str
    place: str
    name: str
    party: str
    costs: str
    code: str
    drawing: str


def ticket(rsvp: Rsvp, event: Event, pays: Pays | None) -> Ticket:
    """The ticket of an answer that has a seat, given by somebody who `pays` so as a member."""
    word = code(rsvp)
    return Ticket(
        society=society().name,
        event=event.title,
        when=when(event),
        place=event.place or "",
        name=rsvp.person.name,
        party=f"Admits {counted(rsvp.party_size, 'person', 'people')}",
        costs=to_pay(event, rsvp.party_size, pays),
        code=spoken(word),
        drawing=drawn(word),
    )


def drawn(word: str) -> str:
    """A code as SVG. Dark on white, whatever the page's colours are; as large as what it stands in."""
    return qr(word).svg_inline(light="#fff", border=3, omitsize=True)


def qr(word: str) -> segno.QRCode:
    """A code, to be scanned. Every reader takes any of the eight masks; to find the most even one for what is as random
    as this takes longer than all the rest of a ticket."""
    return segno.make(word, error="m", micro=False, mask=0)


def pdf(tickets: Sequence[Ticket], sheet: Sheet | None) -> bytes:
    """Several tickets to a sheet, or one to a page of A6; the same tickets give the same bytes.

    Takes a part of a second, for many some seconds: not within a write.
    """
    given = json.dumps({"sheet": sheet or "", "tickets": [asdict(one) for one in tickets]})
    return typeset.pdf(_TEMPLATE, given=given)
