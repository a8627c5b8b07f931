"""Applying for membership, and what becomes of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from society.audit.actions import record
from society.db import db
from society.errors import Refused
from society.mail.actions import write
from society.mail.sign_in import ask_to_verify
from society.membership.models import Membership, Period, Status, Tier
from society.membership.queries import deciders, open_application, standing, tiers
from society.people.actions import person_for
from society.people.models import Person
from society.people.queries import person_by_email
from society.settings import society
from society.times import today_in


def join(name: str, email: str, password_hash: str, tier: Tier, now: datetime) -> None:
    """Take up what somebody typed who claims that address; the mail to it tells the rest, whoever they are.

    What they typed is put aside until the address is verified. A verified person's password and name are never
    touched by it; a guest's name and history stay theirs.
    """
    known = person_by_email(email)
    if known is not None and known.verified_at is not None:
        write(known, "known_address", f"known:{now:%Y-%m-%d}", now=now)
        return
    person = known or person_for(email, name, now)
    person.password_hash = password_hash
    if standing(person, today_in(society().zone, now)) is None:
        apply(person, tier, now)
    ask_to_verify(person, now)


def apply(person: Person, tier: Tier, now: datetime) -> Membership:
    """Note that they want to be a member; `begin` follows once their address is verified."""
    db.session.scalars(select(Person).where(Person.id == person.id).with_for_update()).one()
    today = today_in(society().zone, now)
    if standing(person, today):
        raise Refused("You are a member already; there is nothing to apply for.")
    waiting = open_application(person)
    if waiting and person.verified_at:
        raise Refused("You have applied already; the society has not decided yet.")
    application = waiting or Membership(person=person, status=Status.APPLIED)
    application.tier, application.starts_on, application.applied_at = tier, today, now
    db.session.add(application)
    db.session.flush()
    return application


def begin(person: Person, now: datetime) -> Membership | None:
    """Act on their application now that the address is theirs: admit them, or tell those who decide."""
    application = open_application(person)
    if application is None:
        return None
    if application.tier.needs_approval:
        for decider in db.session.scalars(deciders()):
            write(decider, "application", f"application:{application.id}", now=now, application=application)
    else:
        _admit(application, now, by=None)
    return application


def approve(application: Membership, now: datetime, by: Person) -> None:
    """Admit the applicant from today on, and welcome them."""
    _admit(application, now, by)
    record("application approved", application, by=by, now=now, after=_kept(application))


def _admit(application: Membership, now: datetime, by: Person | None) -> None:
    application.admit(today_in(society().zone, now), now, by)
    write(application.person, "welcome", f"welcome:{application.id}", now=now, membership=application)


def reject(application: Membership, note: str, now: datetime, by: Person) -> None:
    """Turn the applicant down, and tell them why."""
    application.reject(note, now, by)
    write(application.person, "rejected", f"rejected:{application.id}", now=now, note=note)
    record("application rejected", application, by=by, now=now, after=_kept(application))


def _kept(application: Membership) -> dict[str, object]:
    return {
        "person": application.person.name,
        "tier": application.tier.name,
        "status": application.status.value,
        "starts_on": application.starts_on,
        "ends_on": application.ends_on,
        "note": application.decision_note,
    }


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
    if changed:
        record(act, tier, by=by, now=now, before={n: before[n] for n in changed}, after={n: values[n] for n in changed})
