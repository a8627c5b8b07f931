"""What a change of tier in the middle of a period costs: the new dues, less the part of the old ones that is not used.

A tier whose dues go by months is divided by months, the month of the change counting as the new tier's. Dues that go by
no rule are for the whole period: they count towards the new ones, as far as those go. So nobody pays one year twice.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from society.db import db
from society.dues.actions.owing import credit, dues_from, raise_for, raise_part, send
from society.dues.actions.paying import use_credit
from society.dues.models import Due, DueKind, Method, Payment
from society.dues.queries import open_of, spare, standing_dues
from society.membership.models import Membership, Period, ProRata, Tier
from society.people.models import Person


@dataclass(frozen=True)
class Reckoning:
    """What a change comes to, in minor units of the new tier's currency."""

    first: date
    """The first day in the new tier."""
    asked: int
    """The dues of the new tier."""
    currency: str
    old: Due | None = None
    """The invoice that is divided; None: there is none, it was waived, or it is in another currency."""
    credited: int = 0
    """What of it is not used."""

    @property
    def used(self) -> int:
        """What of the old invoice stays owed."""
        return self.old.amount - self.credited if self.old else 0

    @property
    def more(self) -> int:
        """What is to be paid besides; below zero, what becomes their credit."""
        return self.asked - self.credited

    @property
    def key(self) -> str:
        """By which one is known again that somebody has agreed to."""
        return f"{self.first}.{self.currency}.{self.asked}.{self.credited}"


def reckon(period: Membership, tier: Tier, first: date) -> Reckoning:
    """What it costs to let that tier take the period's place from the day `first`."""
    asked, old = dues_from(tier, first), _divided(period, tier.currency)
    if old is None:
        return Reckoning(first, asked, tier.currency)
    return Reckoning(first, asked, tier.currency, old, _unused(old.amount, period, first, asked))


def _divided(period: Membership, currency: str) -> Due | None:
    """The dues of the period, if they can count towards others: what was waived is no money."""
    own = standing_dues(period.person, period.starts_on, period.tier_id)
    due = db.session.scalars(own.where(Due.kind == DueKind.DUES, Due.currency == currency)).first()
    if due is None:
        return None
    waived = select(func.sum(Payment.amount)).where(Payment.due_id == due.id, Payment.method == Method.WAIVED)
    return None if db.session.scalar(waived) else due


def _unused(amount: int, period: Membership, first: date, asked: int) -> int:
    tier, last = period.tier, period.ends_on
    if last is None or tier.period is not Period.CALENDAR_YEAR or tier.pro_rata is not ProRata.MONTHS:
        return min(amount, asked)
    whole, left = _months(period.starts_on, last), _months(first, last)
    return (2 * amount * left + whole) // (2 * whole)


def _months(first: date, last: date) -> int:
    """How many there are, those of both days included."""
    return 12 * (last.year - first.year) + last.month - first.month + 1


def charge_change(period: Membership, changed: Membership, *, now: datetime, by: Person) -> list[Due]:
    """Ask for the new tier's dues in place of the old one's.

    The old invoice is taken back and what was used of it asked for anew, so that the report tells each tier its own.
    What they had paid pays the new ones; those that are still open go out.
    """
    reckoned = reckon(period, changed.tier, changed.starts_on)
    dues = [] if reckoned.old is None else _divide(reckoned.old, reckoned, now=now, by=by)
    dues += raise_for(changed, now=now, by=by, tell=False)
    for due in dues:
        if reckoned.old is not None and spare(due.person, due.currency):
            use_credit(due, now=now, by=by)
    left = {due: amount for due in dues if (amount := open_of(due)) > 0}
    if left:
        send(left, now)
    return dues


def _divide(old: Due, reckoned: Reckoning, *, now: datetime, by: Person) -> list[Due]:
    credit(old, now=now, by=by, note=f"Takes back invoice {old.number}: another tier from {reckoned.first}")
    return [raise_part(old, reckoned.used, reckoned.first, now=now, by=by)] if reckoned.used else []
