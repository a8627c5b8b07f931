"""Who in the register may be the same person as an applicant."""

from collections.abc import Sequence
from difflib import SequenceMatcher

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
    others = db.session.scalars(_candidates(applicants)).all()
    found = {}
    for person in applicants:
        compared = ((other, _why(person, other)) for other in others if other.id != person.id)
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


def _why(person: Person, other: Person) -> str:
    name, known = (" ".join(sorted(folded(each.name).split())) for each in (person, other))
    reasons = []
    if name == known:
        reasons.append("same name")
    elif SequenceMatcher(None, name, known).ratio() >= SIMILAR:
        reasons.append("similar name")
    if person.phone and folded(person.phone) == folded(other.phone):
        reasons.append("same phone")
    if person.address and folded(person.address) == folded(other.address):
        reasons.append("same address")
    return ", ".join(reasons)
