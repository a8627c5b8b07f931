"""Keeping a single letter about renewing from being written, and letting it be written after all."""

from datetime import datetime

from sqlalchemy import select

from society.audit.actions import record
from society.db import db
from society.dues import forecast
from society.dues.forecast import By, Event, stored_as
from society.dues.models import StoppedReminder
from society.dues.render import period as spoken_period
from society.dues.render import step
from society.errors import Refused
from society.membership.models import Membership
from society.people.models import Person


def stop(period: Membership, event: Event, *, by: Person, now: datetime) -> None:
    """Neither write that letter to its member nor invoice with it; later ones are written as planned, and a membership
    lapses all the same."""
    _hold(period)
    if _stopped(period, event) is not None:
        return
    if not _is_to_come(period, event):
        raise Refused("That letter has been written already, or is not going to be.")
    db.session.add(StoppedReminder(period=period, days=stored_as(event), stopped_at=now))
    record("reminder to renew stopped", period.person, by=by, now=now, after=_told(period, event))


def resume(period: Membership, event: Event, *, by: Person, now: datetime) -> None:
    """Write it on its day, or at once if that has come."""
    _hold(period)
    found = _stopped(period, event)
    if found is not None:
        db.session.delete(found)
        record("reminder to renew resumed", period.person, by=by, now=now, after=_told(period, event))


def _hold(period: Membership) -> None:
    """The post office writes while it holds whom it writes to: so this comes before or after."""
    db.session.execute(select(Person.id).where(Person.id == period.person_id).with_for_update())


def _stopped(period: Membership, event: Event) -> StoppedReminder | None:
    same = StoppedReminder.membership_id == period.id, StoppedReminder.days == stored_as(event)
    return db.session.scalar(select(StoppedReminder).where(*same))


def _is_to_come(period: Membership, event: Event) -> bool:
    day = forecast.day_of(period, event)
    rows = forecast.of(event, day).subquery() if day else None
    if rows is None:
        return False
    theirs = select(rows).where(rows.c.membership_id == period.id, rows.c.by != By.NOBODY.value)
    return db.session.scalar(theirs) is not None


def _told(period: Membership, event: Event) -> dict[str, str]:
    return {"reminder": step(event), "membership": spoken_period(period.starts_on, period.ends_on)}
