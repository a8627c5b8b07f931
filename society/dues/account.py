"""A person's account: all that was owed and paid, in order, with what was open after each entry."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from society.db import db
from society.dues.models import Due, Payment
from society.people.models import Person


@dataclass(frozen=True)
class Entry:
    """One line of the account, `amount` being what it adds to what is owed (a payment takes off)."""

    row: Due | Payment
    on: date
    recorded_at: datetime
    amount: int
    balance: int = 0
    """What the person owed in that currency after it; negative for a credit."""

    @property
    def is_payment(self) -> bool:
        return isinstance(self.row, Payment)

    @property
    def currency(self) -> str:
        return self.row.currency


def account(person: Person) -> list[Entry]:
    """Every entry, first to last, by the day it counts for."""
    dues = db.session.scalars(select(Due).where(Due.person_id == person.id))
    paid_by = select(Payment).where(Payment.person_id == person.id).options(joinedload(Payment.due))
    entries = [Entry(due, due.issued_on, due.recorded_at, due.amount) for due in dues]
    entries += [Entry(paid, paid.received_on, paid.recorded_at, -paid.amount) for paid in db.session.scalars(paid_by)]
    return _added_up(sorted(entries, key=lambda entry: (entry.on, entry.recorded_at, entry.is_payment, entry.row.id)))


def _added_up(entries: list[Entry]) -> list[Entry]:
    sums: dict[str, int] = {}
    found = []
    for entry in entries:
        sums[entry.currency] = sums.get(entry.currency, 0) + entry.amount
        found.append(Entry(entry.row, entry.on, entry.recorded_at, entry.amount, sums[entry.currency]))
    return found
