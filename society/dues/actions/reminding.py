"""Keeping a single reminder to renew from being written, and letting it be written after all."""

from datetime import datetime

from sqlalchemy import select

from society.audit.actions import record
from society.db import db
from society.dues import forecast
from society.dues.models import StoppedReminder
from society.dues.render import period as spoken_period
from society.dues.render import step
from society.errors import Refused
from society.membership.models import Membership
from society.people.models import Person


def stop(period: Membership, days: int, *, by: Person, now: datetime) -> None:
    """Neither write that reminder to its member nor invoice with it; later ones are written as planned."""
    _hold(period)
    if _stopped(period, days) is not None:
        return
    if not _is_to_come(period, days):
        raise Refused("That reminder has been written already, or is not going to be.")
    db.session.add(StoppedReminder(period=period, days=days, stopped_at=now))
    record("reminder to renew stopped", period.person, by=by, now=now, after=_told(period, days))


def resume(period: Membership, days: int, *, by: Person, now: datetime) -> None:
    """Write it on its day, or at once if that has come."""
    _hold(period)
    found = _stopped(period, days)
    if found is not None:
        db.session.delete(found)
        record("reminder to renew resumed", period.person, by=by, now=now, after=_told(period, days))


def _hold(period: Membership) -> None:
    """The post office writes while it holds whom it writes to: so this comes before or after."""
    db.session.execute(select(Person.id).where(Person.id == period.person_id).with_for_update())


def _stopped(period: Membership, days: int) -> StoppedReminder | None:
    same = StoppedReminder.membership_id == period.id, StoppedReminder.days == days
    return db.session.scalar(select(StoppedReminder).where(*same))


def _is_to_come(period: Membership, days: int) -> bool:
    day = forecast.day_of(period, days)
    rows = forecast.of(days, day).subquery() if day else None
    return rows is not None and db.session.scalar(select(rows).where(rows.c.membership_id == period.id)) is not None


def _told(period: Membership, days: int) -> dict[str, str]:
    return {"reminder": step(days), "membership": spoken_period(period.starts_on, period.ends_on)}
