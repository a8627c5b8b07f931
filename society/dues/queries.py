"""What is owed and what was paid, summed up by the database: per invoice and per person."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, case, exists, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from society.db import db
from society.dues.models import Due, DueKind, Method, Payment
from society.dues.reference import people_named
from society.membership.models import Membership, Status, Tier
from society.people.models import Person
from society.text import folded

_Entry = aliased(Due)
"""The counter-entry of a due."""
_Refund = aliased(Payment)
"""What gives back a payment."""

taken_back = exists().where(_Entry.credits_id == Due.id).correlate(Due)
"""Whether the due of the statement around it was taken back by a counter-entry."""

paid = (
    select(func.coalesce(func.sum(Payment.amount), 0)).where(Payment.due_id == Due.id).correlate(Due).scalar_subquery()
)
"""What has come in for the due of the statement around it, waivers included and refunds taken off."""

still_open: ColumnElement[int] = case((taken_back, 0), else_=Due.amount) - paid
"""What is open of the due of the statement around it; negative if more was paid than is owed."""

refunded: ColumnElement[int] = -(
    select(func.coalesce(func.sum(_Refund.amount), 0))
    .where(_Refund.refunds_id == Payment.id)
    .correlate(Payment)
    .scalar_subquery()
)
"""What was given back of the payment of the statement around it."""


def invoices() -> Select[Due]:
    """Every amount owed, latest first, without the counter-entries."""
    return select(Due).where(Due.credits_id.is_(None)).order_by(Due.id.desc())


def open_dues() -> Select[Due, int]:
    """Each due that is not settled and what is open of it, longest due first."""
    rows = select(Due, still_open.label("open")).where(Due.credits_id.is_(None), still_open > 0)
    return rows.order_by(Due.due_on, Due.id).options(joinedload(Due.person))


def open_of(due: Due) -> int:
    """What is open of one due; negative if more was paid than is owed."""
    return db.session.scalar(select(still_open).where(Due.id == due.id)) or 0


def refundable(payment: Payment) -> int:
    """What of a payment has not been given back yet."""
    return db.session.scalar(select(Payment.amount - refunded).where(Payment.id == payment.id)) or 0


def balance(person: Person) -> dict[str, int]:
    """What a person owes, by currency; negative where the society owes them."""
    found = balances([person.id]).get(person.id, {})
    return {currency: found[currency] for currency in sorted(found)}


def balances(person_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """The same for several people at once."""
    found: dict[int, dict[str, int]] = {}
    for table, sign in ((Due, 1), (Payment, -1)):
        sums = select(table.person_id, table.currency, func.sum(table.amount)).where(table.person_id.in_(person_ids))
        for person_id, currency, amount in db.session.execute(sums.group_by(table.person_id, table.currency)):
            own = found.setdefault(person_id, {})
            own[currency] = own.get(currency, 0) + sign * amount
    return found


def standing_dues(person: Person, starts_on: date, tier_id: int) -> Select[Due]:
    """The dues raised for a period that begins then, save those taken back."""
    own = select(Due).where(Due.person_id == person.id, Due.tier_id == tier_id, Due.period_starts_on == starts_on)
    return own.where(Due.kind != DueKind.OTHER, Due.credits_id.is_(None), ~taken_back).order_by(Due.id)


@dataclass(frozen=True)
class Spare:
    """A part of a payment that pays nothing: what was paid too much, or ahead."""

    payment: Payment
    amount: int


def spare(person: Person, currency: str) -> list[Spare]:
    """What a person has paid and does not owe yet, earliest first: it can be used for another invoice."""
    left = (Payment.amount - refunded).label("left")
    excess = select(-still_open).where(Due.id == Payment.due_id).correlate(Payment).scalar_subquery()
    rows = select(Payment, left, excess).where(
        Payment.person_id == person.id,
        Payment.currency == currency,
        Payment.amount > 0,
        Payment.method != Method.WAIVED,
    )
    found: list[Spare] = []
    used: dict[int, int] = {}
    for payment, amount, over in db.session.execute(rows.order_by(Payment.id)):
        if payment.due_id is not None:
            amount = min(amount, over - used.get(payment.due_id, 0))
            used[payment.due_id] = used.get(payment.due_id, 0) + max(amount, 0)
        if amount > 0:
            found.append(Spare(payment, amount))
    return found


def was_taken_back(due: Due) -> bool:
    """Whether a counter-entry has taken it back."""
    return bool(db.session.scalar(select(exists().where(Due.credits_id == due.id))))


def had_a_period_before(membership: Membership) -> bool:
    """Whether the person was a member in any way before."""
    others = Membership.person_id == membership.person_id, Membership.id != membership.id
    return bool(db.session.scalar(select(exists().where(*others, Membership.status == Status.ACTIVE))))


class State(StrEnum):
    """Which invoices a list shows."""

    OPEN = "open"
    OVERDUE = "overdue"
    SETTLED = "settled"
    ALL = "all"


def listed_dues(state: State, words: str, today: date) -> Select[Due, int]:
    """Invoices and what is open of each: those to be paid first on top, of all of them the latest."""
    rows = select(Due, still_open.label("open")).join(Due.person).where(Due.credits_id.is_(None), *_named(Due, words))
    match state:
        case State.OPEN:
            rows = rows.where(still_open > 0)
        case State.OVERDUE:
            rows = rows.where(still_open > 0, Due.due_on < today)
        case State.SETTLED:
            rows = rows.where(still_open <= 0)
    order = (Due.due_on, Due.id) if state in (State.OPEN, State.OVERDUE) else (Due.id.desc(),)
    return rows.order_by(*order).options(contains_eager(Due.person))


def listed_payments(words: str) -> Select[Payment]:
    """Payments, latest first."""
    rows = select(Payment).join(Payment.person).where(*_named(Payment, words))
    return rows.order_by(Payment.id.desc()).options(contains_eager(Payment.person), joinedload(Payment.due))


def _named(table: type[Due] | type[Payment], words: str) -> list[ColumnElement[bool]]:
    """Whether a row is meant by what somebody types: a reference, the number of an invoice or receipt, a name."""
    if not words:
        return []
    if people := people_named(words):
        return [table.person_id.in_(people)]
    if re.fullmatch("[0-9]{1,9}", words):
        return [(Due.number if table is Due else Payment.receipt) == int(words)]
    return [Person.folded.contains(word, autoescape=True) for word in folded(words).split()]


def sums_of(rows: Select[Due, int]) -> list[tuple[str, int, int]]:
    """How many invoices a list has and what is open of them, by currency."""
    found = rows.order_by(None).with_only_columns(Due.currency, still_open.label("open")).subquery()
    by_currency = select(found.c.currency, func.count(), func.sum(found.c.open)).group_by(found.c.currency)
    return [(str(currency), int(number), int(amount)) for currency, number, amount in db.session.execute(by_currency)]


def currencies() -> list[str]:
    """Those that the tiers ask for, in their order; euros where there are none."""
    found = db.session.scalars(select(Tier.currency).order_by(Tier.position, Tier.id)).all()
    return list(dict.fromkeys(found)) or ["EUR"]


def counter_entry(due: Due) -> Due | None:
    """What took it back."""
    return db.session.scalars(select(Due).where(Due.credits_id == due.id)).first()


def payments_for(due: Due) -> list[Payment]:
    """What came in for an invoice and went back, in order."""
    return list(db.session.scalars(select(Payment).where(Payment.due_id == due.id).order_by(Payment.id)))


def receipts(person: Person) -> Select[Payment]:
    """What has a receipt, latest first."""
    rows = select(Payment).where(Payment.person_id == person.id, Payment.receipt.is_not(None))
    return rows.order_by(Payment.id.desc()).options(joinedload(Payment.due))


def people_called(words: str) -> Select[Person]:
    """People by a reference or parts of their name, as on the page of a bank line."""
    named = people_named(words)
    fitting = (
        [Person.id.in_(named)] if named else [Person.folded.contains(w, autoescape=True) for w in folded(words).split()]
    )
    return select(Person).where(*fitting, Person.erased_at.is_(None)).order_by(Person.name, Person.id)
