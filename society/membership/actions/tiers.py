"""Setting what memberships the society offers."""

from datetime import datetime
from typing import Any

from society.audit.actions import record
from society.db import db
from society.membership.models import Choice, Covers, Period, ProRata, Tier
from society.membership.queries import tiers
from society.people.models import Person
from society.settings import Society, renew


def blank_tier() -> Tier:
    """A tier to be filled in, last in the order, in the currency of those there are."""
    others = db.session.scalars(tiers()).all()
    return Tier(
        name="",
        about="",
        dues=0,
        currency=others[-1].currency if others else "EUR",
        period=Period.CALENDAR_YEAR,
        months=12,
        joining_fee=0,
        pro_rata=ProRata.NONE,
        grace_days=0,
        choice=Choice.ANYONE,
        proof="",
        covers=Covers.PERSON,
        places=1,
        needs_approval=True,
        offered=True,
        position=len(others),
    )


def set_tier(tier: Tier, values: dict[str, Any], now: datetime, by: Person) -> None:
    """Add or change a tier; what changed goes into the audit log."""
    before = {name: getattr(tier, name) for name in values}
    act = "tier changed" if tier.id else "tier added"
    for name, value in values.items():
        setattr(tier, name, value)
    db.session.add(tier)
    changed = [name for name in values if before[name] != values[name]]
    if {"dues", "joining_fee"} & set(changed):
        changed = [name for name in values if name in changed or name == "currency"]  # which tells what the amount is
    if changed:
        record(act, tier, by=by, now=now, before={n: before[n] for n in changed}, after={n: values[n] for n in changed})


def set_terms(values: dict[str, Any], now: datetime, by: Person) -> None:
    """Change what the society asks of applicants and how dues are paid; what changed goes into the audit log."""
    row = db.session.get_one(Society, 1)
    after = {name: value for name, value in values.items() if getattr(row, name) != value}
    before = {name: getattr(row, name) for name in after}
    for name, value in after.items():
        setattr(row, name, value)
    renew()
    if after:
        record("settings changed", row, by=by, now=now, before=before, after=after)
