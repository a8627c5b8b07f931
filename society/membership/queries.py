"""Who is a member on a day, which tiers are offered, and which applications wait."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, lazyload

from society.db import db
from society.membership.models import ApplicationMessage, Choice, Covers, Invitation, Membership, Status, Tier
from society.people.models import Person, Role, RoleName
from society.people.queries import counts_on
from society.tokens import hashed

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


def holds_tier(tier_id: int, on: date) -> ColumnElement[bool]:
    """Whether the `Person` of the statement around it is a member of that tier in good standing on that day."""
    holders = exists().where(Membership.person_id == Person.id, Membership.tier_id == tier_id, gives_standing(on))
    return holders.correlate(Person)


def standing(person: Person, on: date) -> Membership | None:
    """The period that makes them a member in good standing on that day: of several, the one that lasts longest."""
    periods = select(Membership).where(Membership.person_id == person.id, gives_standing(on))
    return db.session.scalars(periods.order_by(*_longest_first()).limit(1)).first()


def _longest_first() -> tuple[ColumnElement[Any], ...]:
    return Membership.ends_on.is_(None).desc(), Membership.ends_on.desc(), Membership.id.desc()


def offered_tiers() -> Select[Tier]:
    """The tiers that anyone may apply for, in the society's order."""
    return tiers().where(Tier.offered, Tier.choice == Choice.ANYONE)


def invitable_tiers() -> Select[Tier]:
    """The tiers for which one needs an invitation."""
    return tiers().where(Tier.offered, Tier.choice == Choice.INVITATION)


def open_invitation(secret: str, now: datetime) -> Invitation | None:
    """The invitation with that secret, if it is still good and the tier is still offered."""
    good = open_invitations(now).where(Invitation.secret_hash == hashed(secret), Invitation.tier.has(Tier.offered))
    return db.session.scalars(good).one_or_none()


def open_invitations(now: datetime) -> Select[Invitation]:
    """Those not used yet and not too old, latest first."""
    unused = select(Invitation).where(Invitation.used_at.is_(None), Invitation.expires_at > now)
    return unused.order_by(Invitation.id.desc())


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


def steps_of(person: Person) -> Select[Membership]:
    """The steps that matter, latest first: all but the applications that were decided or made anew."""
    answered = exists().where(_Later.replaces_id == Membership.id)
    return periods_of(person).where(~and_(Membership.status == Status.APPLIED, answered))


def _replaced_among(rows: Sequence[Membership]) -> set[int]:
    """The numbers of those rows whose place another one takes, now or from a day to come."""
    numbers = [row.id for row in rows]
    return set(db.session.scalars(select(Membership.replaces_id).where(Membership.replaces_id.in_(numbers))))


def open_steps(rows: Sequence[Membership], today: date) -> set[int]:
    """The numbers of those steps, latest first, about which something can be done: the latest, and every period that
    gives standing today or later. What lies before is history."""
    replaced = _replaced_among(rows)
    runs = {row.id for row in rows if row.status is Status.ACTIVE and (row.good_until or date.max) >= today}
    return (runs | {row.id for row in rows[:1]}) - replaced


def open_application(person: Person) -> Membership | None:
    """Their application that nobody has decided yet."""
    return db.session.scalars(periods_of(person).where(_is_open()).limit(1)).first()


def _is_open() -> ColumnElement[bool]:
    """Whether a row is an application that nothing has answered."""
    return and_(Membership.status == Status.APPLIED, ~exists().where(_Later.replaces_id == Membership.id))


def decision_on(application: Membership) -> Membership | None:
    """The row that admitted or rejected the applicant."""
    return replacement_of(application)


def replacement_of(row: Membership, by: date | None = None) -> Membership | None:
    """The row that takes this one's place: by that day, or ever."""
    later = select(Membership).where(Membership.replaces_id == row.id)
    if by is not None:
        later = later.where(Membership.starts_on <= by)
    return db.session.scalars(later.order_by(Membership.starts_on, Membership.id).limit(1)).first()


def runs_from(on: date) -> ColumnElement[bool]:
    """Whether an active period gives standing on that day, or on one to come."""
    left = or_(Membership.good_until.is_(None), Membership.good_until >= on)
    return and_(left, _is_left_from(on))


def _is_left_from(on: date) -> ColumnElement[bool]:
    """Whether nothing has taken an active period's place by that day, or by its own first."""
    by_then = or_(_Later.starts_on <= on, _Later.starts_on <= Membership.starts_on)
    return and_(Membership.status == Status.ACTIVE, ~exists().where(_Later.replaces_id == Membership.id, by_then))


def running_from(person: Person, on: date) -> Select[Membership]:
    """Their periods that give standing on that day or on one to come, the first to begin first."""
    own = select(Membership).where(Membership.person_id == person.id, runs_from(on))
    return own.order_by(Membership.starts_on, Membership.id)


def lasts_longer(period: Membership) -> Select[Membership]:
    """Their other periods that run on when this one is over."""
    longer = or_(Membership.ends_on.is_(None), Membership.ends_on > period.ends_on)
    own = select(Membership).where(Membership.person_id == period.person_id, Membership.id != period.id)
    return own.where(longer, runs_from(period.ends_on or date.max)).limit(1)


def covered_by(period: Membership, on: date) -> Select[Membership]:
    """The periods of those whom a household's or organization's membership covers on that day or from a later one."""
    covered = select(Membership).where(Membership.covered_by_id == period.id, _is_left_from(on))
    return covered.order_by(Membership.id)


def covered_by_payer(payer: Person) -> Select[Membership]:
    """All the rows of others that a membership of theirs covers or has covered."""
    paid = select(_Later.id).where(_Later.person_id == payer.id)
    return select(Membership).where(Membership.covered_by_id.in_(paid)).order_by(Membership.id)


def covering(payer: Person, on: date) -> Select[Membership]:
    """Their own periods for a household or organization that run on that day or are to come, the first first."""
    many = Membership.tier.has(Tier.covers != Covers.PERSON)
    return running_from(payer, on).where(many, Membership.covered_by_id.is_(None))


def ended_with(ended: Membership, period: Membership) -> Select[Membership]:
    """The rows that ended the coverage of others in the same act that ended the payer's period."""
    covered = select(_Later.id).where(_Later.covered_by_id == period.id)
    rows = select(Membership).where(Membership.replaces_id.in_(covered), Membership.status == ended.status)
    return rows.where(Membership.recorded_at == ended.recorded_at).order_by(Membership.id)


def as_of(on: date) -> Select[Person, Membership]:
    """The roll of that day: everyone in good standing, by name, with the period of theirs that lasts longest."""
    longest = func.row_number().over(partition_by=Membership.person_id, order_by=_longest_first())
    ranked = select(Membership.id, longest.label("rank")).where(gives_standing(on)).subquery()
    roll = select(Person, Membership).join(Membership, Membership.person_id == Person.id)
    one_each = roll.join(ranked, and_(ranked.c.id == Membership.id, ranked.c.rank == 1))
    return one_each.options(lazyload(Person.roles)).order_by(Person.name, Person.id)


def waiting_applications() -> Select[Membership]:
    """Applications to be decided, longest waiting first; who has not verified their address has not applied yet."""
    verified = Membership.person.has(Person.verified_at.is_not(None))
    undecided = select(Membership).where(_is_open(), verified)
    return undecided.order_by(Membership.applied_at, Membership.id)


def messages_of(application: Membership) -> Sequence[ApplicationMessage]:
    """What was asked back and answered, in order."""
    return messages_among([application]).get(application.id, [])


def messages_among(applications: Sequence[Membership]) -> dict[int, list[ApplicationMessage]]:
    """The same for several applications, by their numbers."""
    numbers = [application.id for application in applications]
    rows = select(ApplicationMessage).where(ApplicationMessage.membership_id.in_(numbers))
    found: dict[int, list[ApplicationMessage]] = {}
    for message in db.session.scalars(rows.order_by(ApplicationMessage.id)):
        found.setdefault(message.membership_id, []).append(message)
    return found


def deciders(on: date) -> Select[Person]:
    """Who is told of an application: the secretaries of that day, or the admins where there are none."""
    secretaries = exists().where(Role.name == RoleName.SECRETARY, counts_on(on))
    of_a_secretary = Person.roles.any(and_(Role.name == RoleName.SECRETARY, counts_on(on)))
    of_an_admin = Person.roles.any(and_(Role.name == RoleName.ADMIN, counts_on(on)))
    return select(Person).where(or_(of_a_secretary, and_(~secretaries, of_an_admin))).order_by(Person.id)
