"""Name badges: one for everybody who has a seat, and for each they bring."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager

from society import typeset
from society.db import db
from society.door.codes import code
from society.door.tickets import drawn
from society.events.models import Event
from society.fields import on_one_line
from society.questions.models import Kind, Question, QuestionAnswer
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
    under: str
    """What they said that stands under the name."""
    line: str
    drawing: str


def badges(event: Event, rsvps: Sequence[Rsvp]) -> Iterator[Badge]:
    """In the order of the answers; with a line to write on for those somebody brings whose name was not asked for."""
    said = _said(event, [rsvp.id for rsvp in rsvps])
    for rsvp in rsvps:
        drawing, name = drawn(code(rsvp)), rsvp.person.name
        yield Badge(event.title, name, said.get((rsvp.id, 0, False), ""), "", drawing)
        for guest in range(1, rsvp.party_size):
            own, under = said.get((rsvp.id, guest, True), ""), said.get((rsvp.id, guest, False), "")
            yield Badge(event.title, own, under, f"with {name}", drawing)


def _said(event: Event, rsvp_ids: Sequence[int]) -> dict[tuple[int, int, bool], str]:
    """What was said, by answer and guest and whether it is a name: in one statement, in none where nothing is asked."""
    if not event.asks:
        return {}
    wanted = or_(Question.on_badge, Question.kind == Kind.NAMES)
    rows = select(QuestionAnswer).join(QuestionAnswer.question).where(Question.event_id == event.id, wanted)
    rows = rows.where(QuestionAnswer.rsvp_id.in_(rsvp_ids)).options(contains_eager(QuestionAnswer.question))
    found: dict[tuple[int, int, bool], str] = {}
    for one in db.session.scalars(rows.order_by(Question.removed_at.is_not(None), Question.position)):
        found.setdefault((one.rsvp_id, one.guest, one.question.kind is Kind.NAMES), on_one_line(one.text))
    return found


def pdf(shown: Sequence[Badge], sheet: Sheet) -> bytes:
    """The same badges give the same bytes. Many take some seconds: not within a write."""
    given = json.dumps({"format": sheet.value, "badges": [asdict(one) for one in shown]})
    return typeset.pdf(_TEMPLATE, given=given)
