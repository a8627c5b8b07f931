"""The steps that all the rest is made of: a period begins, a period ends. Each adds a row and changes none."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from society.audit.actions import record
from society.db import db
from society.errors import Refused
from society.membership.models import Membership, Status, Tier
from society.membership.queries import covered_by, replacement_of
from society.people.models import Person


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
    return added(row, now, by)


def end_period(
    period: Membership, status: Status, on: date, *, now: datetime, by: Person | None, note: str = ""
) -> Membership:
    """Let a period end before its time, or note that it lapsed: a row that takes its place from the day `on`.

    `status` is RESIGNED or LAPSED; the day before `on` is the last of good standing. Those whom the period covers go
    with it.
    """
    hold(period.person)
    first = max(on, period.starts_on)
    if period.status is not Status.ACTIVE or replacement_of(period, by=first) is not None:
        raise Refused("This period has been ended or replaced already.")
    row = Membership(
        person=period.person,
        tier=period.tier,
        status=status,
        starts_on=first,
        replaces_id=period.id,
        decided_at=now,
        decided_by_id=by.id if by else None,
        decision_note=note,
    )
    ended = added(row, now, by)
    for covered in db.session.scalars(covered_by(period, on)).all():
        end_period(covered, status, on, now=now, by=by, note=note)
    return ended


def hold(person: Person) -> None:
    """Let no other step of theirs come between what is read now and what is added (PostgreSQL; SQLite has one
    writer anyway)."""
    db.session.scalars(select(Person).where(Person.id == person.id).with_for_update()).one()


def added(row: Membership, now: datetime, by: Person | None) -> Membership:
    """The row, in the register; the person's page shows one step more."""
    row.recorded_at, row.recorded_by_id = now, by.id if by else None
    row.person.revision += 1
    db.session.add(row)
    db.session.flush()
    return row


def note(act: str, row: Membership, *, now: datetime, by: Person | None) -> None:
    """Keep in the audit log what somebody on the staff did to another's membership."""
    if by is not None and by is not row.person:
        record(act, row, by=by, now=now, after=kept(row))


def kept(row: Membership) -> dict[str, object]:
    """What the audit log keeps of a row."""
    return {
        "person": row.person.name,
        "tier": row.tier.name,
        "status": row.status.value,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "note": row.decision_note,
    }
