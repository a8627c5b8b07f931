"""The treasurer's report: for some days, by period and tier, what was owed and what became of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, case, extract, func, not_, select

from society.db import db
from society.dues.models import Due, Method, Payment
from society.dues.render import METHODS
from society.membership.models import Tier
from society.membership.render import minor_digits
from society.tables import line_of

PAYING = tuple(method for method in Method if method is not Method.WAIVED)


@dataclass
class Line:
    """What a tier's members owed and paid for a period in one currency; amounts are in minor units.

    open before + owed - paid - waived + refunded = open.
    """

    currency: str
    period: int | None
    """The year in which the period begins that it was for; None: for no period."""
    tier: str
    before: int = 0
    owed: int = 0
    paid: dict[Method, int] = field(default_factory=lambda: dict.fromkeys(PAYING, 0))
    waived: int = 0
    refunded: int = 0

    @property
    def total_paid(self) -> int:
        return sum(self.paid.values())

    @property
    def open(self) -> int:
        return self.before + self.owed - self.total_paid - self.waived + self.refunded

    def add(self, other: "Line") -> None:
        """Sum up."""
        self.before, self.owed = self.before + other.before, self.owed + other.owed
        self.waived, self.refunded = self.waived + other.waived, self.refunded + other.refunded
        self.paid = {method: self.paid[method] + other.paid[method] for method in PAYING}

    @property
    def amounts(self) -> list[int]:
        """In the order of `HEADINGS`."""
        return [self.before, self.owed, *self.paid.values(), self.waived, self.refunded, self.open]


HEADINGS = ("Open before", "Owed", *(METHODS[method] for method in PAYING), "Waived", "Refunded", "Open")


def report(first: date, last: date) -> list[Line]:
    """The lines for the days from `first` to `last`, both included: by currency, the latest period first."""
    lines: dict[tuple[str, int | None, str], Line] = {}
    for currency, year, tier, *sums in db.session.execute(_owed(first, last)):
        line = lines.setdefault((currency, year, tier), Line(currency, year, tier))
        line.before, line.owed = line.before + sums[0], line.owed + sums[1]
    for currency, year, tier, method, *sums in db.session.execute(_paid(first, last)):
        line = lines.setdefault((currency, year, tier), Line(currency, year, tier))
        line.before -= sums[0]
        line.refunded += sums[2]
        if method is Method.WAIVED:
            line.waived += sums[1]
        else:
            line.paid[method] += sums[1]
    ordered = sorted(lines.values(), key=lambda line: (line.currency, -(line.period or 0), line.tier))
    return [line for line in ordered if any(line.amounts)]


def totals(lines: Sequence[Line]) -> list[Line]:
    """One line for each currency."""
    found: dict[str, Line] = {}
    for line in lines:
        found.setdefault(line.currency, Line(line.currency, None, "")).add(line)
    return list(found.values())


_YEAR = extract("year", Due.period_starts_on)
_TIER = func.coalesce(Tier.name, "")


def _sum(amount: SQLColumnExpression[int], when: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((when, amount), else_=0)), 0)


def _owed(first: date, last: date) -> Any:
    sums = _sum(Due.amount, Due.issued_on < first), _sum(Due.amount, Due.issued_on >= first)
    rows = select(Due.currency, _YEAR, _TIER, *sums).outerjoin(Tier, Tier.id == Due.tier_id)
    return rows.where(Due.issued_on <= last).group_by(Due.currency, _YEAR, _TIER)


def _paid(first: date, last: date) -> Any:
    """By method: the sum of what came in before, of what came in, and of what went back. Credit that was used for
    another invoice has changed its place and nothing else, so that it is taken off where it was paid."""
    within = Payment.received_on >= first
    refund = and_(Payment.amount < 0, Payment.receipt.is_not(None))
    sums = (
        _sum(Payment.amount, Payment.received_on < first),
        _sum(Payment.amount, and_(within, not_(refund))),
        _sum(-Payment.amount, and_(within, refund)),
    )
    rows = select(Payment.currency, _YEAR, _TIER, Payment.method, *sums)
    rows = rows.outerjoin(Due, Due.id == Payment.due_id).outerjoin(Tier, Tier.id == Due.tier_id)
    return rows.where(Payment.received_on <= last).group_by(Payment.currency, _YEAR, _TIER, Payment.method)


def csv_lines(lines: Sequence[Line]) -> Iterator[str]:
    """RFC 4180 with a byte-order mark, by which spreadsheets know UTF-8; amounts as plain decimal numbers."""
    yield "\ufeff" + line_of(("Currency", "Period", "Tier", *HEADINGS))
    for line in lines:
        digits = minor_digits(line.currency)
        amounts = (Decimal(amount).scaleb(-digits) for amount in line.amounts)
        yield line_of((line.currency, line.period or "", line.tier, *amounts))
