"""Who in the register may be the same person as an applicant."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Self

from sqlalchemy import ColumnElement, Select, column, false, or_, select, table
from sqlalchemy.orm import lazyload

from society.db import db
from society.people.models import Person
from society.text import folded

SIMILAR = 0.85
"""From which likeness on two names may be two spellings of one (a letter or two in an ordinary name)."""

MOST_COMPARED = 1000
"""People looked at for one page; who bears the commonest of names has more doubles than one can read."""

_Search = table("person_search", column("rowid"), column("person_search"))


def likely_the_same(applicants: Sequence[Person]) -> dict[int, list[tuple[Person, str]]]:
    """For each applicant's number, the people who may be the same, and why; one statement for all."""
    if not applicants:
        return {}
    others = [(other, _Spelling(other)) for other in db.session.scalars(_candidates(applicants))]
    found = {}
    for person in applicants:
        sought = _Spelling(person)
        compared = ((other, sought.shared_with(known)) for other, known in others if other.id != person.id)
        found[person.id] = [(other, why) for other, why in compared if why]
    return found


def _candidates(applicants: Sequence[Person]) -> Select[Person]:
    phones = {person.phone for person in applicants if person.phone}
    addresses = {person.address for person in applicants if person.address}
    names = {word for person in applicants if (word := _rarest(person.name))}
    alike: list[ColumnElement[bool]] = [Person.id.in_(_with_name(names))] if names else [false()]
    if phones:
        alike.append(Person.phone.in_(phones))
    if addresses:
        alike.append(Person.address.in_(addresses))
    known = select(Person).where(or_(*alike), Person.erased_at.is_(None))
    return known.options(lazyload(Person.roles)).order_by(Person.id).limit(MOST_COMPARED)


def _with_name(words: set[str]) -> Select[int]:
    """Whose searched text holds one of these words: by the index of parts of words."""
    if db.engine.dialect.name == "sqlite":
        asked = " OR ".join(f'"{word}"' for word in sorted(words))
        return select(_Search.c.rowid).where(_Search.c.person_search.op("MATCH")(asked))
    holds: list[ColumnElement[bool]] = [Person.folded.contains(word, autoescape=True) for word in sorted(words)]
    return select(Person.id).where(or_(*holds))


def _rarest(name: str) -> str:
    """The longest word of a name, which fewest others share; nothing if it is too short for the index."""
    words = "".join(letter if letter.isalnum() else " " for letter in folded(name)).split()
    return max((word for word in words if len(word) > 2), key=len, default="")


class _Spelling:
    """What of a person is compared, folded once however many it is compared with."""

    def __init__(self, person: Person) -> None:
        self.name = " ".join(sorted(folded(person.name).split()))
        self.phone = folded(person.phone or "")
        self.address = folded(person.address or "")
        self._matcher = SequenceMatcher(None, "", self.name)

    def shared_with(self, other: Self) -> str:
        """What both have alike, in words; nothing if they have nothing."""
        reasons = []
        if self.name == other.name:
            reasons.append("same name")
        elif self._resembles(other.name):
            reasons.append("similar name")
        if self.phone and self.phone == other.phone:
            reasons.append("same phone")
        if self.address and self.address == other.address:
            reasons.append("same address")
        return ", ".join(reasons)

    def _resembles(self, name: str) -> bool:
        """The likeness itself is dear to compute; two bounds above it, cheaper each, rule out nearly everybody."""
        self._matcher.set_seq1(name)
        bounds = (self._matcher.real_quick_ratio, self._matcher.quick_ratio, self._matcher.ratio)
        return all(bound() >= SIMILAR for bound in bounds)
