"""The people whom a file may be about, as the register has them: looked up a few thousand lines at a time."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import aliased

from society.db import db
from society.membership.models import Membership
from society.people.models import Person, Tag, person_tag
from society.register.entries import PARTICULARS, Entry
from society.register.lines import Line, lines
from society.text import folded

BATCH = 1_000

Key = str | tuple[str, str]
"""An address, a number with "#" before it, or name and postal address of whoever has neither."""


@dataclass(slots=True)
class Someone:
    """A person of the register, or one whom the file would add (`id` 0), with what the file would make of them.

    There may be very many: tuples take less room than lists, and those that are the same can be one.
    """

    id: int
    email: str
    external_id: str
    name: str
    particulars: tuple[str | date | None, ...]
    can_sign_in: bool = False
    tags: tuple[int, ...] = ()
    lines: tuple[Line, ...] = ()
    before: dict[str, Any] | None = None
    """What was changed, as it is in the register."""
    first_line: int = 0
    """Where the file names them first; 0 as long as it has not."""
    shared: frozenset[int] = frozenset()
    """Rows of theirs that another's membership covers, or that cover others."""
    mains: tuple[int, ...] = ()
    """The periods and applications that the file would add, by their place in the plan."""


def keys(email: str, external_id: str, name: str, address: object) -> list[Key]:
    """By what a person is found, the surest first."""
    found: list[Key] = [email] if email else []
    if external_id:
        found.append(f"#{external_id}")
    return found or [(folded(name), folded(str(address or "")))]


def batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    rest = iter(entries)
    while batch := list(islice(rest, BATCH)):
        yield batch


def people_in(entries: Sequence[Entry]) -> list[Someone]:
    """Whoever of the register these lines may be about, with their tags and lines."""
    emails = {entry.email for entry in entries if entry.email}
    numbers = {entry.external_id for entry in entries if entry.external_id}
    by_post = {entry.name for entry in entries if not entry.email and not entry.external_id}
    neither = Person.email.is_(None), Person.external_id.is_(None)
    found: dict[int, Someone] = {}
    for condition in (
        [Person.email.in_(emails)] if emails else None,
        [Person.external_id.in_(numbers)] if numbers else None,
        [*neither, Person.name.in_(by_post)] if by_post else None,
    ):
        if condition:
            found |= {row.id: _someone(row) for row in db.session.execute(_people(condition))}
    _add_tags(found)
    _add_lines(found)
    return list(found.values())


_COLUMNS = ("id", "name", "email", "external_id", "verified_at", *PARTICULARS)


def _people(conditions: Sequence[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    columns = [getattr(Person, name) for name in _COLUMNS]
    return select(*columns).where(*conditions, Person.erased_at.is_(None)).order_by(Person.id)


def _someone(row: Any) -> Someone:
    return Someone(
        row.id,
        row.email or "",
        row.external_id or "",
        row.name,
        tuple(getattr(row, name) for name in PARTICULARS),
        row.verified_at is not None,
    )


def _add_tags(people: dict[int, Someone]) -> None:
    for some in _portions(people):
        for row in db.session.execute(select(person_tag).where(person_tag.c.person_id.in_(some))):
            people[row.person_id].tags += (row.tag_id,)


def _add_lines(people: dict[int, Someone]) -> None:
    names = ("id", "person_id", "tier_id", "status", "starts_on", "ends_on", "replaces_id", "covered_by_id")
    columns = [getattr(Membership, name) for name in names]
    for some in _portions(people):
        steps = defaultdict(list)
        for row in db.session.execute(select(*columns).where(Membership.person_id.in_(some))):
            steps[row.person_id].append(row)
        payer = aliased(Membership)
        covering = select(Membership.covered_by_id).join(payer, payer.id == Membership.covered_by_id)
        covers = set(db.session.scalars(covering.where(payer.person_id.in_(some))))
        for number, own in steps.items():
            people[number].lines = tuple(lines(own))
            if shared := [row.id for row in own if row.covered_by_id or row.id in covers]:
                people[number].shared = frozenset(shared)


def _portions(people: Collection[int]) -> Iterator[list[int]]:
    rest = iter(people)
    while some := list(islice(rest, BATCH)):
        yield some


def known_tags() -> dict[str, int]:
    """The words there are, without regard to case."""
    return {name.casefold(): number for number, name in db.session.execute(select(Tag.id, Tag.name))}
