"""Asking for the dues of periods that one act has added to many people: told before it is done.

Renewing many writes no invoices, for then it could not be undone any more: what is in the ledger stays there.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased, contains_eager

from society.audit.actions import record
from society.db import db
from society.dues.actions import raise_for
from society.dues.actions.owing import dues_from
from society.dues.models import Due, DueKind
from society.dues.queries import taken_back
from society.membership.models import Membership, Status, Tier
from society.people.models import Person
from society.register.models import ChangeKind, ChangeSet
from society.register.traces import added_rows

MOST_AT_ONCE = 500
"""Invoices written in one request: each has a number of its own and a letter."""

_Next = aliased(Membership)


def not_invoiced(change_set: ChangeSet, on: date) -> Sequence[Membership]:
    """The periods that it added, not over yet, that cost something and are not owed for; at most `MOST_AT_ONCE`, by
    name. An import tells of the past, and asks for nothing."""
    if change_set.kind is ChangeKind.IMPORT:
        return []
    same = Due.person_id == Membership.person_id, Due.period_starts_on == Membership.starts_on
    owed = exists().where(*same, Due.kind != DueKind.OTHER, Due.credits_id.is_(None), ~taken_back)
    rows = (
        select(Membership)
        .join(Membership.person)
        .where(
            Membership.id.in_(added_rows(change_set, Membership.__tablename__)),
            Membership.status == Status.ACTIVE,
            Membership.covered_by_id.is_(None),
            Membership.tier.has(Tier.dues > 0),
            or_(Membership.ends_on.is_(None), Membership.ends_on >= on),
            ~exists().where(_Next.replaces_id == Membership.id),
            ~owed.correlate(Membership),
        )
    )
    rows = rows.options(contains_eager(Membership.person)).order_by(Person.folded, Membership.id).limit(MOST_AT_ONCE)
    return db.session.scalars(rows).all()


def sums(periods: Sequence[Membership]) -> dict[str, int]:
    """What these invoices come to, by currency, in minor units."""
    found: dict[str, int] = {}
    for period in periods:
        currency = period.tier.currency
        found[currency] = found.get(currency, 0) + dues_from(period.tier, period.starts_on)
    return found


def write_invoices(change_set: ChangeSet, periods: Sequence[Membership], *, now: datetime, by: Person) -> int:
    """Ask for the dues of each, by mail; how many invoices there are."""
    number = sum(len(raise_for(period, now=now, by=by)) for period in periods)
    record("invoices written", change_set, by=by, now=now, after={"invoices": number})
    return number
