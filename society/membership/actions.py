"""Applying for membership, and what becomes of it: every step adds a row to the register, and changes none."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from society.audit.actions import record
from society.db import db
from society.errors import Refused
from society.mail.actions import write
from society.mail.sign_in import ask_to_verify
from society.membership.models import Membership, Period, Status, Tier
from society.membership.queries import covered_by, deciders, decision_on, open_application, standing, tiers
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
    row = Membership(person=person, tier=tier, status=Status.APPLIED, starts_on=today, applied_at=now)
    row.replaces_id = waiting.id if waiting else None  # who applies again before verifying means the latest
    return _added(row, now, None)


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


def approve(application: Membership, now: datetime, by: Person) -> Membership:
    """Admit the applicant from today on, and welcome them."""
    admitted = _admit(application, now, by)
    record("application approved", admitted, by=by, now=now, after=_kept(admitted))
    return admitted


def _admit(application: Membership, now: datetime, by: Person | None) -> Membership:
    _must_be_open(application)
    today = today_in(society().zone, now)
    admitted = begin_period(application.person, application.tier, today, now=now, by=by, replaces=application)
    admitted.applied_at, admitted.decided_at, admitted.decided_by_id = (
        application.applied_at,
        now,
        by.id if by else None,
    )
    write(application.person, "welcome", f"welcome:{application.id}", now=now, membership=admitted)
    return admitted


def reject(application: Membership, note: str, now: datetime, by: Person) -> Membership:
    """Turn the applicant down, and tell them why."""
    _must_be_open(application)
    row = Membership(
        person=application.person,
        tier=application.tier,
        status=Status.REJECTED,
        starts_on=today_in(society().zone, now),
        replaces_id=application.id,
        applied_at=application.applied_at,
        decided_at=now,
        decided_by_id=by.id,
        decision_note=note,
    )
    rejected = _added(row, now, by)
    write(application.person, "rejected", f"rejected:{application.id}", now=now, note=note)
    record("application rejected", rejected, by=by, now=now, after=_kept(rejected))
    return rejected


def _must_be_open(application: Membership) -> None:
    if application.status is not Status.APPLIED or decision_on(application) is not None:
        raise Refused("This application has been decided already.")


def begin_period(
    person: Person,
    tier: Tier,
    starts_on: date,
    *,
    now: datetime,
    by: Person | None,
    ends_on: date | None = None,
    replaces: Membership | None = None,
    covered_by: Membership | None = None,
    covers_name: str = "",
) -> Membership:
    """Add a period from that day on, as long as the tier says unless `ends_on` does, in the place of `replaces`."""
    last = ends_on or tier.last_day(starts_on)
    row = Membership(
        person=person,
        tier=tier,
        status=Status.ACTIVE,
        starts_on=starts_on,
        ends_on=last,
        good_until=last + timedelta(days=tier.grace_days) if last else None,
        replaces_id=replaces.id if replaces else None,
        covered_by_id=covered_by.id if covered_by else None,
        covers_name=covers_name,
    )
    return _added(row, now, by)


def end_period(
    period: Membership, status: Status, on: date, *, now: datetime, by: Person | None, note: str = ""
) -> Membership:
    """Let a period end before its time, or note that it lapsed: a row that takes its place from the day `on`.

    `status` is RESIGNED or LAPSED; the day before `on` is the last of good standing. Those whom the period covers go
    with it.
    """
    row = Membership(
        person=period.person,
        tier=period.tier,
        status=status,
        starts_on=max(on, period.starts_on),
        replaces_id=period.id,
        decided_at=now,
        decided_by_id=by.id if by else None,
        decision_note=note,
    )
    ended = _added(row, now, by)
    for covered in db.session.scalars(covered_by(period, on)).all():
        end_period(covered, status, on, now=now, by=by, note=note)
    return ended


def _added(row: Membership, now: datetime, by: Person | None) -> Membership:
    row.recorded_at, row.recorded_by_id = now, by.id if by else None
    db.session.add(row)
    db.session.flush()
    return row


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
