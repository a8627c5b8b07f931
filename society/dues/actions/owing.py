"""What becomes owed: the dues of a period, other amounts, and entries that take them back."""

from datetime import date, datetime, timedelta

from society.audit.actions import record
from society.db import db
from society.dues.actions.numbers import hold, next_number
from society.dues.models import Due, DueKind
from society.dues.queries import had_a_period_before, standing_dues, was_taken_back
from society.dues.render import invoice_link, period
from society.errors import Refused
from society.mail.actions import write
from society.membership.actions.steps import hold as hold_steps_of
from society.membership.models import Membership, Period, ProRata, Tier
from society.people.models import Person
from society.settings import society
from society.times import today_in

DAYS_TO_PAY = 30


def raise_for(
    membership: Membership,
    *,
    now: datetime,
    by: Person | None,
    renews: bool = False,
    tier: Tier | None = None,
    tell: bool = True,
) -> list[Due]:
    """The dues of a period and, with somebody's first, the joining fee; `renews` raises those of the next period, which
    begins once they are paid, in the same `tier` or another.

    What was raised for the period before is given back as it is, so asking twice raises nothing twice. Nothing is owed
    by people whom another's membership covers, nor for free tiers. `tell` mails the invoice; renewals are told by their
    reminders.
    """
    if membership.covered_by_id is not None or (renews and membership.ends_on is None):
        return []
    hold_steps_of(membership.person)
    starts_on = membership.ends_on + timedelta(days=1) if renews and membership.ends_on else membership.starts_on
    tier = tier or membership.tier
    if known := db.session.scalars(standing_dues(membership.person, starts_on, tier.id)).all():
        return list(known)
    dues = [
        _raised(membership, tier, kind, amount, starts_on, now=now, by=by, renews=renews)
        for kind, amount in _amounts(membership, tier, starts_on, renews)
        if amount
    ]
    if dues and tell and not renews:
        send({due: due.amount for due in dues}, now)
    return dues


def _amounts(membership: Membership, tier: Tier, starts_on: date, renews: bool) -> list[tuple[DueKind, int]]:
    first = not renews and tier.joining_fee and not had_a_period_before(membership)
    return [(DueKind.DUES, dues_from(tier, starts_on)), (DueKind.JOINING_FEE, tier.joining_fee if first else 0)]


def dues_from(tier: Tier, starts_on: date) -> int:
    """What a period that begins then costs: all of it, or a twelfth for each month of the year that is left, the month
    of joining included, rounded half up to the minor unit."""
    if tier.period is not Period.CALENDAR_YEAR or tier.pro_rata is not ProRata.MONTHS:
        return tier.dues
    return (tier.dues * (13 - starts_on.month) + 6) // 12


def _raised(
    membership: Membership,
    tier: Tier,
    kind: DueKind,
    amount: int,
    starts_on: date,
    *,
    now: datetime,
    by: Person | None,
    renews: bool,
) -> Due:
    last = tier.last_day(starts_on) if renews else membership.ends_on
    about = f"Joining fee, {tier.name}" if kind is DueKind.JOINING_FEE else f"{tier.name}, {period(starts_on, last)}"
    today = today_in(society().zone, now)
    return _added(
        Due(
            person=membership.person,
            kind=kind,
            amount=amount,
            currency=tier.currency,
            issued_on=today,
            due_on=max(today + timedelta(days=DAYS_TO_PAY), starts_on),
            tier=tier,
            membership=membership,
            renews=renews and kind is DueKind.DUES,
            period_starts_on=starts_on,
            period_ends_on=last,
            about=about[:200],
        ),
        now,
        by,
    )


def raise_part(old: Due, amount: int, until: date, *, now: datetime, by: Person) -> Due:
    """Ask for a part of an invoice that was taken back: that for the days before `until`."""
    first = old.period_starts_on or old.issued_on
    last = max(until - timedelta(days=1), first)
    part = Due(
        person=old.person,
        kind=old.kind,
        amount=amount,
        currency=old.currency,
        due_on=old.due_on,
        tier=old.tier,
        membership_id=old.membership_id,
        period_starts_on=first,
        period_ends_on=last,
        about=f"{old.tier.name if old.tier else 'Dues'}, {period(first, last)}"[:200],
    )
    part.issued_on = today_in(society().zone, now)
    return _added(part, now, by)


def owe(
    person: Person, amount: int, currency: str, about: str, due_on: date, *, now: datetime, by: Person, tell: bool
) -> Due:
    """Another amount that somebody owes, such as for a dinner."""
    due = Due(person=person, kind=DueKind.OTHER, amount=amount, currency=currency, about=about, due_on=due_on)
    due.issued_on = today_in(society().zone, now)
    _added(due, now, by)
    record("invoice raised", due, by=by, now=now, after=kept(due))
    if tell:
        send({due: due.amount}, now)
    return due


def credit(due: Due, *, now: datetime, by: Person, note: str = "") -> Due:
    """Take an amount owed back, by a counter-entry. What was paid of it stays the person's, to be used or refunded."""
    hold(due)
    if due.credits_id is not None or was_taken_back(due):
        raise Refused("This invoice has been taken back already.")
    entry = Due(
        person=due.person,
        kind=due.kind,
        amount=-due.amount,
        currency=due.currency,
        tier_id=due.tier_id,
        membership_id=due.membership_id,
        period_starts_on=due.period_starts_on,
        period_ends_on=due.period_ends_on,
        about=note or f"Takes back invoice {due.number}",
        credits_id=due.id,
    )
    entry.issued_on = entry.due_on = today_in(society().zone, now)
    _added(entry, now, by)
    record("invoice taken back", due, by=by, now=now, after=kept(entry))
    return entry


def _added(due: Due, now: datetime, by: Person | None) -> Due:
    due.number = next_number("invoice")
    due.recorded_at, due.recorded_by_id = now, by.id if by else None
    db.session.add(due)
    db.session.flush()
    return due


def send(open_dues: dict[Due, int], now: datetime) -> None:
    """Mail invoices of one person, with what is open of each."""
    first = next(iter(open_dues))
    lines = [(due, invoice_link(due), amount) for due, amount in open_dues.items()]
    write(first.person, "dues_invoice", f"invoice:{first.number}", now=now, lines=lines, first=first)


def kept(due: Due) -> dict[str, object]:
    """What the audit log keeps of an amount owed."""
    return {
        "person": due.person.name,
        "amount": due.amount,
        "currency": due.currency,
        "about": due.about,
        "due_on": due.due_on,
    }
