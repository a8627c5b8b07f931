"""What the register can be narrowed by, each in two ways: whom it holds, and whether it holds of one person.

The first is for a filter that few pass: their numbers are gathered and looked at. The second is for one that many
pass: people are gone through in their order until the page is full.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, column, exists, false, func, or_, select, table
from sqlalchemy.orm import aliased

from society.db import db
from society.languages import widened
from society.mail.models import DeadAddress
from society.mail.queries import unreachable
from society.membership.models import Membership, Status
from society.membership.queries import gives_standing, in_good_standing, stands
from society.people.models import Person, Role, Tag, person_tag
from society.people.queries import counts_on, kinds_of
from society.register.wanted import ENDED, NEVER, Wanted
from society.text import folded

_Later = aliased(Membership)
_Next = aliased(Membership)
_Earlier = aliased(Membership)
_Search = table("person_search", column("rowid"), column("person_search"))
TRIGRAM = 3
"""The shortest part of a word that the index of searches knows."""


@dataclass(frozen=True)
class Filter:
    """One condition on people."""

    holds: ColumnElement[bool]
    """Of the `Person` of the statement around it."""
    numbers: Select[int] | None = None
    """The people of whom it may hold, once or more, cheaply told; None where that would be most of them."""
    exact: bool = True
    """Whether it holds of all of those."""


def filters(wanted: Wanted, on: date) -> Iterator[Filter]:
    """All that is asked for, as of that day."""
    if wanted.q:
        yield _named(folded(wanted.q).split())
    if wanted.city:
        yield _of_people(in_city(wanted.city))
    if wanted.language:
        yield _of_people(reads(wanted.language))
    yield from _of_reach(wanted)
    if wanted.tag:
        tagged = select(person_tag.c.person_id).join(Tag, Tag.id == person_tag.c.tag_id).where(Tag.name == wanted.tag)
        yield Filter(tagged.where(person_tag.c.person_id == Person.id).correlate(Person).exists(), tagged)
    if wanted.role:
        holders = select(Role.person_id).where(Role.name == wanted.role, counts_on(on))
        yield Filter(holders.where(Role.person_id == Person.id).correlate(Person).exists(), holders)
    yield from _of_membership(wanted, on)


def _of_reach(wanted: Wanted) -> Iterator[Filter]:
    """How anything can be brought to them, if at all."""
    if wanted.no_email:
        yield _of_people(Person.email.is_(None))
    if wanted.bounced:
        yield _of_people(Person.email.in_(select(DeadAddress.address)))
    if wanted.unreachable:
        yield Filter(unreachable())


def in_city(city: str) -> ColumnElement[bool]:
    """By that name, however the register writes it; the index serves all the same."""
    return Person.city.in_(spellings(city))


def spellings(city: str) -> list[str]:
    """How the register writes that name: capitals and accents do not matter."""
    return [name for name in db.session.scalars(kinds_of(Person.city)) if folded(name) == folded(city)]


def reads(language: str, own: str = "") -> ColumnElement[bool]:
    """That language or a variant of it, in any case (RFC 4647, 3.3.1).

    Whoever has chosen none reads the society's `own`, where it is told.
    """
    chosen = [code for code in db.session.scalars(kinds_of(Person.language)) if _is_within(code, language)]
    return Person.language.in_([*chosen, *[""] * _is_within(own, language)])


def _is_within(code: str, language: str) -> bool:
    return language.lower() in widened(code)


def _of_people(condition: ColumnElement[bool]) -> Filter:
    return Filter(condition, select(Person.id).where(condition))


def _named(words: list[str]) -> Filter:
    """Every word is part of what searches read of a person."""
    holds = and_(*(Person.folded.contains(word, autoescape=True) for word in words)) if words else false()
    long = [word for word in words if len(word) >= TRIGRAM]
    if not long:
        return Filter(holds)
    if db.engine.dialect.name != "sqlite":
        return Filter(holds, select(Person.id).where(holds))
    asked = " AND ".join('"' + word.replace('"', '""') + '"' for word in long)
    matches = select(_Search.c.rowid).where(_Search.c.person_search.op("MATCH")(asked))
    return Filter(holds, matches, exact=len(long) == len(words))


def _of_membership(wanted: Wanted, on: date) -> Iterator[Filter]:
    """Standing, status, tier and the day of joining. A tier is the one held on the day; of somebody who holds none any
    more, the last one, if it is such people that are asked for."""
    tier = Membership.tier_id.in_(wanted.tier) if wanted.tier else None
    if wanted.standing == "yes" or (wanted.tier and not wanted.standing and not wanted.status):
        yield _with_row(gives_standing(on), tier, by_most=tier is None)
    elif wanted.standing == "no":
        yield Filter(~in_good_standing(on))
        if tier is not None and not wanted.status:
            yield _with_row(_latest(on), tier)
    if wanted.status:
        yield from _in_status(wanted.status, on, tier)
    if wanted.joined_from or wanted.joined_to:
        yield _with_row(*joining(wanted.joined_from, wanted.joined_to))


def _with_row(*conditions: ColumnElement[bool] | None, by_most: bool = False) -> Filter:
    """Those with a row of the register of which all that holds; `by_most` if that would be most people."""
    given = [condition for condition in conditions if condition is not None]
    holds = exists().where(Membership.person_id == Person.id, *given).correlate(Person)
    return Filter(holds, None if by_most else select(Membership.person_id).where(*given))


def _in_status(status: str, on: date, tier: ColumnElement[bool] | None) -> Iterator[Filter]:
    match status:
        case Status.ACTIVE:
            yield _with_row(gives_standing(on), tier, by_most=tier is None)
        case Status.APPLIED:
            yield _with_row(Membership.status == Status.APPLIED, stands(on), tier)
        case _ if status == NEVER:
            begun = exists().where(Membership.person_id == Person.id, Membership.starts_on <= on)
            yield Filter(~begun.correlate(Person))
        case _:
            row = Status.ACTIVE if status == ENDED else Status(status)
            last = _with_row(Membership.status == row, _latest(on), tier)
            some = select(Membership.person_id).where(Membership.status == row, Membership.starts_on <= on)
            yield replace(last, numbers=None if status == ENDED else some, exact=False)
            yield Filter(~in_good_standing(on))


def _latest(on: date) -> ColumnElement[bool]:
    """Whether a row is the last step that stands on that day."""
    replaced = exists().where(_Next.replaces_id == _Later.id, _Next.starts_on <= on)
    later = or_(
        _Later.starts_on > Membership.starts_on,
        and_(_Later.starts_on == Membership.starts_on, _Later.id > Membership.id),
    )
    newer = exists().where(_Later.person_id == Membership.person_id, _Later.starts_on <= on, later, ~replaced)
    return and_(stands(on), ~newer)


def joining(first: date | None = None, last: date | None = None) -> list[ColumnElement[bool]]:
    """Whether a row is the first of a person's active ones, and began within those days."""
    earlier = or_(
        _Earlier.starts_on < Membership.starts_on,
        and_(_Earlier.starts_on == Membership.starts_on, _Earlier.id < Membership.id),
    )
    before = exists().where(_Earlier.person_id == Membership.person_id, _Earlier.status == Status.ACTIVE, earlier)
    bounds: list[Any] = [Membership.starts_on >= first] if first else []
    bounds += [Membership.starts_on <= last] if last else []
    return [Membership.status == Status.ACTIVE, *bounds, ~before]


def ending(on: date) -> list[ColumnElement[bool]]:
    """Whether a row gives good standing on that day, ends, and no other of the same person's lasts longer."""
    replaced = exists().where(_Next.replaces_id == _Later.id, _Next.starts_on <= on)
    longer = or_(
        _Later.ends_on.is_(None),
        _Later.ends_on > Membership.ends_on,
        and_(_Later.ends_on == Membership.ends_on, _Later.id > Membership.id),
    )
    own = _Later.person_id == Membership.person_id, _Later.status == Status.ACTIVE, _Later.starts_on <= on
    # Periods that ended before all of those that still count are most of them: the list begins after them.
    good = select(_Earlier.ends_on).where(_Earlier.status == Status.ACTIVE, _Earlier.good_until >= on)
    # Grouped in the order of the index of those that count, or SQLite would go through all in the order of the end.
    days = good.group_by(_Earlier.good_until, _Earlier.ends_on).cte("days")
    return [
        gives_standing(on),
        Membership.ends_on >= select(func.min(days.c.ends_on)).scalar_subquery(),
        ~exists().where(*own, longer, ~replaced),
    ]


def name_key() -> ColumnElement[str]:
    """What the list is ordered by, as the index has it: names come first in what searches read. PostgreSQL bounds
    what an index holds of a row."""
    return Person.folded.expression if db.engine.dialect.name == "sqlite" else func.left(Person.folded, 80)
