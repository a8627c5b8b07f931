"""Who holds which office on a day, and who held them before."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from society.db import db
from society.offices.models import Office, Term
from society.people.models import Person


def offices() -> Select[Office]:
    """Every office, in the society's order: its own first, then those of committees."""
    return select(Office).order_by(Office.committee != "", Office.committee, Office.position, Office.id)


def _terms() -> Select[Term]:
    person = joinedload(Term.person).lazyload(Person.roles)
    return select(Term).join(Term.office).options(contains_eager(Term.office), person)


def holders(on: date) -> Select[Term]:
    """The terms of that day, in the order of the offices."""
    running = _terms().where(Term.starts_on <= on, or_(Term.ends_on.is_(None), Term.ends_on >= on))
    order = (Office.committee != "", Office.committee, Office.position, Office.id, Term.starts_on, Term.id)
    return running.order_by(*order)


def former(on: date) -> Select[Term]:
    """The terms that were over by then, latest first."""
    return _terms().where(Term.ends_on < on).order_by(Term.ends_on.desc(), Term.id.desc())


def from_then_on(on: date) -> Select[Term]:
    """The terms of that day and those to come."""
    return _terms().where(or_(Term.ends_on.is_(None), Term.ends_on >= on)).order_by(Term.starts_on, Term.id)


def terms_of(office: Office) -> Select[Term]:
    """All terms of an office, latest first."""
    return _terms().where(Term.office_id == office.id).order_by(Term.starts_on.desc(), Term.id.desc())


def by_committee(terms: Sequence[Term]) -> list[tuple[str, list[Term]]]:
    """Terms that are in order, under the committee of their office; "" is the society itself."""
    return [(committee, list(some)) for committee, some in groupby(terms, key=lambda term: term.office.committee)]


def overlapping(office: Office, person: Person, starts_on: date, ends_on: date | None) -> Term | None:
    """A term of theirs in that office on any of those days."""
    own = select(Term).where(Term.office_id == office.id, Term.person_id == person.id)
    own = own.where(or_(Term.ends_on.is_(None), Term.ends_on >= starts_on))
    own = own if ends_on is None else own.where(Term.starts_on <= ends_on)
    return db.session.scalars(own.limit(1)).first()
