"""A notice on paper, for those who have no email or chose letters: letters for window envelopes, and address labels."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Select, func

from society import typeset
from society.db import db
from society.events.render import spoken_day
from society.languages import is_english
from society.languages import spoken_day as spoken_day_in
from society.mail.models import Letter
from society.mail.paper import begins_at
from society.mail.queries import Way, way
from society.notices.copies import readers
from society.notices.letters import letters
from society.notices.models import Delivery, Notice
from society.notices.typesetting import blocks
from society.people.models import Person
from society.phrases import phrase
from society.settings import society
from society.times import to_wall

MOST_LETTERS, MOST_LABELS = 300, 3_000
"""In one file: more would keep a server process busy for long."""
_LETTERS, _LABELS = (Path(__file__).with_name(f"{name}.typ") for name in ("letters", "labels"))


class Format(StrEnum):
    """Of the paper."""

    A4 = "a4"
    LETTER = "us-letter"
    NUMBER_10 = "us-no10"

    @property
    def label(self) -> str:
        labels = {Format.A4: "A4", Format.LETTER: "US Letter"}
        return labels.get(self, "US Letter, for No. 10 window envelopes")

    @property
    def sheet(self) -> str:
        """What the typesetter calls the paper itself."""
        return Format.A4.value if self is Format.A4 else Format.LETTER.value


class Labels(StrEnum):
    """Sheets of labels as shops sell them."""

    A4_24 = "a4-24"
    A4_21 = "a4-21"
    LETTER_30 = "letter-30"

    @property
    def label(self) -> str:
        return {
            Labels.A4_24: "A4, 24 of 70 × 36 mm",
            Labels.A4_21: "A4, 21 of 63.5 × 38.1 mm",
            Labels.LETTER_30: "US Letter, 30 of 2⅝ × 1 inch",
        }[self]


def on_paper(notice: Notice, now: datetime, *, everyone: bool = False, since: int = 0) -> list[Person]:
    """Those whom it reaches by post, by name; of a sent notice, those of them whom no mail went to, and whose delivery
    is later than the one of the number `since`: the letters for the others were told of before.

    `everyone` gives all of its readers with a postal address, however else it reaches them.
    """
    if everyone:
        return list(db.session.scalars(_with_postal_address(notice, now)).unique())
    rows = readers(notice, now)
    if notice.sent_at is not None:
        not_mailed = Delivery.notice_id == notice.id, Delivery.letter_id.is_(None)
        rows = rows.join(Delivery, Delivery.person_id == Person.id).where(*not_mailed, Delivery.id > since)
    posted = rows.where(way(notice.kind.mailing_list) == Way.LETTER.value)
    return list(db.session.scalars(posted).unique())


def count_with_postal_address(notice: Notice, now: datetime) -> int:
    """How many letters there are if everyone gets one."""
    rows = _with_postal_address(notice, now).order_by(None).with_only_columns(func.count(Person.id.distinct()))
    return db.session.scalar(rows) or 0


def _with_postal_address(notice: Notice, now: datetime) -> Select[Person]:
    """Those who left the list get it on paper no more than otherwise."""
    rows = readers(notice, now).where(func.trim(Person.address) != "")
    return rows.where(way(notice.kind.mailing_list) != Way.LEFT.value)


def letters_given(notice: Notice, people: Sequence[Person], size: Format, now: datetime) -> str:
    """All that stands on their letters, as JSON for the typesetter."""
    day = to_wall(notice.sent_at or now, society().zone)
    written = zip(people, letters(notice, people, now, mailed=False), strict=True)
    shown = [_letter(person, letter, _dated(day, letter.language)) for person, letter in written]
    given = {"paper": size.sheet, "window": size.value, "society": society().name, "sender": sender()}
    return json.dumps({**given, "letters": shown})


def sender() -> str:
    """The society's name and postal address on one line, as it stands small in an envelope's window."""
    lines = (line.strip().rstrip(",") for line in society().postal_address.split("\n"))
    return ", ".join([society().name, *filter(None, lines)])


def _dated(day: datetime, language: str) -> str:
    return spoken_day(day) if is_english(language) else spoken_day_in(day, language)


def _letter(person: Person, letter: Letter, day: str) -> dict[str, Any]:
    body = [asdict(block) for block in blocks(letter.body)]
    written = {"language": letter.language.partition("-")[0], "page": phrase("page", letter.language)}
    written["begins"] = begins_at(letter.body, letter.language)
    return {"to": envelope(person), "date": day, "subject": letter.subject, "body": body, **written}


def labels_given(people: Sequence[Person], sheet: Labels) -> str:
    """The same for labels."""
    return json.dumps({"sheet": sheet.value, "labels": [envelope(person) for person in people]})


def envelope(person: Person) -> list[str]:
    """The lines of an address, the name first."""
    return [person.name, *(line.strip() for line in person.address.split("\n") if line.strip())]


def letters_pdf(given: str) -> bytes:
    """The same words give the same bytes. Many take some seconds: not within a write."""
    return typeset.pdf(_LETTERS, given=given)


def labels_pdf(given: str) -> bytes:
    """The same, of labels."""
    return typeset.pdf(_LABELS, given=given)
