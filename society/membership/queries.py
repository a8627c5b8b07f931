"""Who is a member on a day, which tiers are offered, and which applications wait."""

from datetime import date
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from society.db import db
from society.membership.models import Membership, Status, Tier
from society.people.models import Person, Role, RoleName

_Later = aliased(Membership)
"""The row that took another one's place."""


def stands(on: date) -> ColumnElement[bool]:
    """Whether a row of the register tells how things stand on that day: it has begun, and nothing has replaced it."""
    replaced = exists().where(_Later.replaces_id == Membership.id, _Later.starts_on <= on)
    return and_(Membership.starts_on <= on, ~replaced)


def gives_standing(on: date) -> ColumnElement[bool]:
    """The rule of good standing, for one row: an active period that stands, or ended no longer ago than its days of
    grace."""
    return and_(
        Membership.status == Status.ACTIVE,
        or_(Membership.good_until.is_(None), Membership.good_until >= on),
        stands(on),
    )


@lru_cache(maxsize=8)
def in_good_standing(on: date) -> ColumnElement[bool]:
    """Whether the `Person` of the statement around it is a member in good standing on that day.

    The day is one of the society's own calendar. Whether their address is verified does not matter.
    """
    return exists().where(Membership.person_id == Person.id, gives_standing(on)).correlate(Person)


def standing(person: Person, on: date) -> Membership | None:
    """The period that makes them a member in good standing on that day: of several, the one that lasts longest."""
    periods = select(Membership).where(Membership.person_id == person.id, gives_standing(on))
    longest = periods.order_by(Membership.ends_on.is_(None).desc(), Membership.ends_on.desc(), Membership.id.desc())
    return db.session.scalars(longest.limit(1)).first()


def offered_tiers() -> Select[Tier]:
    """The tiers that anyone may apply for, in the society's order."""
    return tiers().where(Tier.offered)


def tiers() -> Select[Tier]:
    """Every tier, in the society's order."""
    return select(Tier).order_by(Tier.position, Tier.id)


def names_of_tiers(besides: Tier) -> set[str]:
    """The names taken by other tiers, for comparing without regard to case."""
    return {tier.name.casefold() for tier in db.session.scalars(tiers()) if tier is not besides}


def periods_of(person: Person) -> Select[Membership]:
    """All that the register holds on them, latest first."""
    own = select(Membership).where(Membership.person_id == person.id)
    return own.order_by(Membership.starts_on.desc(), Membership.id.desc())


def open_application(person: Person) -> Membership | None:
    """Their application that nobody has decided yet."""
    return db.session.scalars(periods_of(person).where(_is_open()).limit(1)).first()


def _is_open() -> ColumnElement[bool]:
    """Whether a row is an application that nothing has answered."""
    return and_(Membership.status == Status.APPLIED, ~exists().where(_Later.replaces_id == Membership.id))


def decision_on(application: Membership) -> Membership | None:
    """The row that admitted or rejected the applicant."""
    return db.session.scalars(select(Membership).where(Membership.replaces_id == application.id).limit(1)).first()


def covered_by(period: Membership, on: date) -> Select[Membership]:
    """The periods of those whom a household's or organization's membership covers on that day."""
    return select(Membership).where(Membership.covered_by_id == period.id, stands(on)).order_by(Membership.id)


def waiting_applications() -> Select[Membership]:
    """Applications to be decided, longest waiting first; who has not verified their address has not applied yet."""
    verified = Membership.person.has(Person.verified_at.is_not(None))
    undecided = select(Membership).where(_is_open(), verified)
    return undecided.order_by(Membership.applied_at, Membership.id)


def deciders() -> Select[Person]:
    """Who is told of an application: the secretaries, or the admins where there are none."""
    secretaries = exists().where(Role.name == RoleName.SECRETARY)
    of_a_secretary = Person.roles.any(Role.name == RoleName.SECRETARY)
    of_an_admin = Person.roles.any(Role.name == RoleName.ADMIN)
    return select(Person).where(or_(of_a_secretary, and_(~secretaries, of_an_admin))).order_by(Person.id)
