"""Where a person's particulars stand outside their own rows: letters to others, the audit log, free text."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, String, Text, cast, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from society.audit.models import AuditEntry
from society.db import db
from society.door.models import DoorKey
from society.dues.models import BankLine, Due, Payment
from society.mail.models import Letter
from society.mail.wording import escaped
from society.membership.models import ApplicationMessage, Membership
from society.people.models import Person
from society.questions.models import QuestionAnswer
from society.register.models import ChangedRow, ChangeSet, SavedView
from society.rsvps.models import Rsvp

LOOKED_THROUGH: tuple[InstrumentedAttribute[Any], ...] = (
    *(AuditEntry.subject_name, AuditEntry.before, AuditEntry.after, Letter.subject, Letter.body, Letter.to_name),
    *(Letter.last_error, ChangeSet.what, ChangedRow.before, ChangedRow.after, SavedView.name, SavedView.query),
    *(Due.about, Payment.note, BankLine.payer, BankLine.text, Membership.decision_note, Membership.covers_name),
    *(ApplicationMessage.text, Person.notes, Rsvp.note, QuestionAnswer.text, DoorKey.name),
)
"""Text that the program, staff or whoever brings them has written. What organizers publish (events, speakers,
notices) is theirs."""

INSTEAD = "(erased)"


@dataclass(frozen=True)
class Particulars:
    """What tells who somebody is, as it is looked for in texts."""

    words: tuple[str, ...]

    @classmethod
    def of(cls, person: Person) -> "Particulars":
        """Their address, and what is long enough to be nobody else's: phone, postal address, notes, and the name if it
        is of several words and no one else's."""
        lines = [person.phone, *person.address.splitlines(), person.address, person.notes, person.about]
        long = [line.strip() for line in lines if len(line.strip()) > 6]
        named = [person.name] if " " in person.name and not _is_shared(person) else []
        words = dict.fromkeys(filter(None, [person.email, *named, *long]))
        return cls(tuple(sorted(words, key=len, reverse=True)))

    @property
    def pattern(self) -> re.Pattern[str]:
        """Any of them, as a whole word, as it is or escaped for Markdown."""
        forms = dict.fromkeys(form for word in self.words for form in (str(escaped(word)), word))
        return re.compile("|".join(rf"(?<!\w){re.escape(form)}(?!\w)" for form in forms) or r"(?!)", re.IGNORECASE)

    def without(self, value: Any) -> Any:
        """A text, or a value of JSON, in which they do not stand any more."""
        match value:
            case str():
                return self.pattern.sub(INSTEAD, value)
            case dict():
                return {key: self.without(held) for key, held in value.items()}
            case list():
                return [self.without(held) for held in value]
            case _:
                return value


def _is_shared(person: Person) -> bool:
    same = select(Person.id).where(func.lower(Person.name) == person.name.lower(), Person.id != person.id)
    return db.session.scalar(same.limit(1)) is not None


Found = list[tuple[InstrumentedAttribute[Any], Sequence[int]]]


def mentions(particulars: Particulars) -> Found:
    """Which rows hold any of them, by column. It reads all of the text there is: before the lock, not under it."""
    found: Found = []
    for column in LOOKED_THROUGH:
        is_json = isinstance(column.type, JSON)
        text = cast(column, Text) if is_json else column
        holds = [
            text.icontains(form, autoescape=True) for word in particulars.words for form in _forms(word, json_=is_json)
        ]
        if holds:
            table = column.class_
            found.append((column, db.session.scalars(select(table.id).where(or_(*holds)).order_by(table.id)).all()))
    return found


def _forms(word: str, *, json_: bool) -> set[str]:
    """How a word may stand in a column. SQLite folds the case of ASCII alone, so the usual cases are tried."""
    forms = {word, word.lower(), word.upper(), str(escaped(word))}
    return {json.dumps(form)[1:-1] for form in forms} if json_ else forms


def strike(found: Found, particulars: Particulars) -> None:
    """Take them out of what was found, within the length of its column: what stands instead may be longer."""
    for column, numbers in found:
        for start in range(0, len(numbers), 500):
            rows = select(column.class_).where(column.class_.id.in_(numbers[start : start + 500]))
            for row in db.session.scalars(rows):
                left = particulars.without(getattr(row, column.key))
                setattr(row, column.key, left[: column.type.length] if isinstance(column.type, String) else left)
    db.session.flush()
