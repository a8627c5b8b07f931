"""What comes in and goes back: payments, waivers, refunds, and what settling an invoice leads to."""

from datetime import date, datetime

from sqlalchemy import select

from society.audit.actions import record
from society.db import db
from society.dues.actions.numbers import hold, next_number
from society.dues.models import Due, Method, Payment
from society.dues.queries import open_of, refundable, spare, still_open, taken_back
from society.dues.render import receipt_link, signed
from society.errors import Refused
from society.mail.actions import write
from society.membership.actions import renew, restore
from society.membership.models import Membership, Status
from society.membership.queries import lasts_longer, replacement_of
from society.people.models import Person
from society.settings import society
from society.times import today_in


def take(
    of: Due | Person,
    amount: int,
    method: Method,
    received_on: date,
    *,
    now: datetime,
    by: Person | None,
    currency: str = "",
    note: str = "",
    tell: bool = True,
) -> Payment:
    """Money that came in for an invoice, or from a person without saying for what (then in `currency`).

    What is more than the invoice's stays a credit of the person. Refuses what is settled already, so that two
    secretaries do not book one payment twice. `tell` mails the receipt.
    """
    due = of if isinstance(of, Due) else None
    if amount <= 0:
        raise Refused("A payment is more than nothing; give money back by a refund.")
    if due is not None:
        _must_be_open(due)
    payment = Payment(
        person=due.person if due else of,
        due=due,
        amount=amount,
        currency=due.currency if due else currency,
        method=method,
        received_on=received_on,
        note=note,
        receipt=next_number("receipt"),
    )
    _entered(payment, "payment recorded", now, by)
    if tell:
        link = receipt_link(payment)
        write(payment.person, "dues_receipt", f"receipt:{payment.receipt}", now=now, payment=payment, link=link)
    if due is not None:
        _settle(due, now, by)
    return payment


def waive(due: Due, *, now: datetime, by: Person, note: str = "") -> Payment:
    """Do not ask for what is open any more; what paying it would lead to happens all the same."""
    amount = _must_be_open(due)
    waiver = Payment(person=due.person, due=due, amount=amount, currency=due.currency, method=Method.WAIVED, note=note)
    waiver.received_on = today_in(society().zone, now)
    _entered(waiver, "dues waived", now, by)
    _settle(due, now, by)
    return waiver


def refund(
    payment: Payment, amount: int, *, now: datetime, by: Person, method: Method | None = None, note: str = ""
) -> Payment:
    """Give back a payment or a part of it, by a counter-entry; the invoice that it paid is open again by as much.

    Never more than was paid. Of a waiver it takes back the waiving.
    """
    left = _left_of(payment)
    if not 0 < amount <= left:
        raise Refused(f"Of this payment, {signed(left, payment.currency)} can be given back.")
    waived = payment.method is Method.WAIVED
    entry = _counter_entry(payment, amount, today_in(society().zone, now), note)
    entry.method = payment.method if waived or method is None else method
    entry.receipt = None if waived else next_number("receipt")
    return _entered(entry, "waiver taken back" if waived else "payment refunded", now, by)


def use_credit(due: Due, *, now: datetime, by: Person) -> int:
    """Pay an invoice from what the person has paid too much or ahead; how much was used."""
    wanted = _must_be_open(due)
    today, used = today_in(society().zone, now), 0
    for part in spare(due.person, due.currency):
        amount = min(part.amount, wanted - used)
        if amount <= 0:
            break
        used += amount
        note = f"Credit used for invoice {due.number}"
        _entered(_counter_entry(part.payment, amount, today, note), "credit used", now, by)
        moved = Payment(person=due.person, due=due, amount=amount, currency=due.currency, note=note)
        moved.method, moved.received_on = part.payment.method, today
        _entered(moved, "credit used", now, by)
    if not used:
        raise Refused("There is no credit to use.")
    _settle(due, now, by)
    return used


def _must_be_open(due: Due) -> int:
    hold(due)
    amount, is_void = db.session.execute(select(still_open, taken_back).where(Due.id == due.id)).one()
    if is_void:
        raise Refused("This invoice has been taken back; nothing is owed for it.")
    if amount <= 0:
        raise Refused("This invoice is settled already.")
    return int(amount)


def _left_of(payment: Payment) -> int:
    if payment.amount < 0 or payment.refunds_id is not None:
        raise Refused("This is a refund itself; enter a payment instead.")
    db.session.refresh(payment, with_for_update=True)
    return refundable(payment)


def _counter_entry(payment: Payment, amount: int, on: date, note: str) -> Payment:
    return Payment(
        person=payment.person,
        due_id=payment.due_id,
        amount=-amount,
        currency=payment.currency,
        method=payment.method,
        received_on=on,
        note=note,
        refunds_id=payment.id,
    )


def _entered(payment: Payment, act: str, now: datetime, by: Person | None) -> Payment:
    payment.recorded_at, payment.recorded_by_id = now, by.id if by else None
    db.session.add(payment)
    db.session.flush()
    record(act, payment, by=by, now=now, after=_kept(payment))
    return payment


def _kept(payment: Payment) -> dict[str, object]:
    return {
        "person": payment.person.name,
        "amount": payment.amount,
        "currency": payment.currency,
        "method": payment.method.value,
        "received_on": payment.received_on,
        "note": payment.note,
    }


def _settle(due: Due, now: datetime, by: Person | None) -> None:
    """A renewal that has been paid for begins, unless it has begun already or they have resigned."""
    if not due.renews or due.membership is None or open_of(due) > 0:
        return
    if db.session.scalars(lasts_longer(due.membership)).first() is not None:
        return
    period, ended = _latest(due.membership)
    if ended is None:
        renew(period, now=now, by=by, tier=due.tier)
    elif ended.status is Status.LAPSED:
        restore(ended, due.period_starts_on or ended.starts_on, now=now, by=by)


def _latest(period: Membership) -> tuple[Membership, Membership | None]:
    """What stands in the place of a period now, and what ended it, if something did."""
    while (row := replacement_of(period)) is not None:
        if row.status is not Status.ACTIVE:
            return period, row
        period = row
    return period, None
