"""What becomes of a period: it is added, renewed, changed to another tier, given up, taken up again."""

from datetime import date, datetime, timedelta

from society.db import db
from society.errors import Refused
from society.mail.actions import write
from society.membership.actions.steps import begin_period, end_period, hold, note
from society.membership.models import Membership, Status, Tier
from society.membership.queries import (
    covered_by,
    deciders,
    ended_with,
    lasts_longer,
    replacement_of,
    running_from,
)
from society.people.models import Person
from society.settings import society
from society.text import counted
from society.times import today_in


def add_period(
    person: Person,
    tier: Tier,
    starts_on: date,
    *,
    now: datetime,
    by: Person,
    ends_on: date | None = None,
    covers_name: str = "",
) -> Membership:
    """Enter a period by hand, also one that began long ago."""
    hold(person)
    period = begin_period(person, tier, starts_on, now=now, by=by, ends_on=ends_on, covers_name=covers_name)
    note("membership added", period, now=now, by=by)
    return period


def renew(period: Membership, *, now: datetime, by: Person | None, tier: Tier | None = None) -> Membership:
    """Add the period that follows, in the same tier or another; whomever it covers is renewed with it."""
    hold(period.person)
    if period.covered_by_id is not None:
        raise Refused("This membership is renewed with the one that covers it.")
    _must_be_as_it_was(period)
    if period.ends_on is None:
        raise Refused("This membership is for life; there is nothing to renew.")
    if db.session.scalars(lasts_longer(period)).first():
        raise Refused("A period that lasts longer is in the register already.")
    first = period.ends_on + timedelta(days=1)
    covered = db.session.scalars(covered_by(period, period.ends_on)).all()
    tier = tier or period.tier
    _must_have_places(tier, len(covered))
    following = begin_period(period.person, tier, first, now=now, by=by, covers_name=period.covers_name)
    for row in covered:
        _follow(row, following, first, now=now, by=by)
    note("membership renewed", following, now=now, by=by)
    return following


def change_tier(period: Membership, tier: Tier, on: date, *, now: datetime, by: Person | None) -> Membership:
    """Let another tier take the period's place from the day `on`.

    What is left of the period stays as long as it was, unless one of the tiers is for life: then the new one says.
    """
    hold(period.person)
    if period.covered_by_id is not None:
        raise Refused("This membership changes with the one that covers it.")
    _must_be_as_it_was(period)
    if tier is period.tier:
        raise Refused(f"This membership is {tier.name} already.")
    first = max(on, period.starts_on)
    if period.ends_on and first > period.ends_on:
        raise Refused("This period is over by then. Renew it in the other tier instead.")
    covered = db.session.scalars(covered_by(period, first)).all()
    _must_have_places(tier, len(covered))
    last = period.ends_on if tier.last_day(first) else None
    changed = begin_period(
        period.person, tier, first, now=now, by=by, ends_on=last, replaces=period, covers_name=period.covers_name
    )
    for row in covered:
        _follow(row, changed, max(first, row.starts_on), now=now, by=by, replaces=row)
    note("tier of a membership changed", changed, now=now, by=by)
    return changed


def resign(period: Membership, on: date, *, now: datetime, by: Person | None, reason: str = "") -> Membership:
    """They leave the society: from the day `on`, nothing of theirs gives standing, be it this period or a later one."""
    hold(period.person)
    running = db.session.scalars(running_from(period.person, on)).all()
    if period not in running:
        raise Refused("This period is over by then.")
    ended = {row: end_period(row, Status.RESIGNED, on, now=now, by=by, note=reason) for row in running}[period]
    write(period.person, "resigned", f"resigned:{ended.id}", now=now, ended=ended)
    if by is period.person:
        for decider in db.session.scalars(deciders(today_in(society().zone, now))):
            write(decider, "member_resigned", f"resigned:{ended.id}", now=now, ended=ended)
    note("membership resigned", ended, now=now, by=by)
    return ended


def restore(ended: Membership, on: date, *, now: datetime, by: Person | None) -> Membership:
    """Take up again what was given up or has lapsed, from the day `on`, and with it whomever it covered.

    If the period had time left on that day it ends when it would have; else a new one begins.
    """
    hold(ended.person)
    if ended.status not in (Status.RESIGNED, Status.LAPSED) or replacement_of(ended) is not None:
        raise Refused("There is nothing here to restore, or it has been restored already.")
    former = db.session.get(Membership, ended.replaces_id) if ended.replaces_id else None
    if former is not None and former.covered_by_id is not None:
        raise Refused("This membership was another's: restore that one, or name the person there again.")
    restored = _restored(ended, former, max(on, ended.starts_on), now=now, by=by)
    for row in db.session.scalars(ended_with(ended, former)).all() if former else ():
        _follow(row, restored, max(restored.starts_on, row.starts_on), now=now, by=by, replaces=row)
    note("membership restored", restored, now=now, by=by)
    return restored


def _restored(
    ended: Membership, former: Membership | None, first: date, *, now: datetime, by: Person | None
) -> Membership:
    unspent = former.ends_on if former and former.ends_on and former.ends_on >= first else None
    name = former.covers_name if former else ""
    return begin_period(
        ended.person, ended.tier, first, now=now, by=by, ends_on=unspent, replaces=ended, covers_name=name
    )


def _follow(
    row: Membership,
    payer: Membership,
    first: date,
    *,
    now: datetime,
    by: Person | None,
    replaces: Membership | None = None,
) -> None:
    """Cover somebody by the payer's new period as they were by the former."""
    begin_period(
        row.person,
        payer.tier,
        first,
        now=now,
        by=by,
        ends_on=payer.ends_on,
        replaces=replaces,
        covered_by=payer,
        covers_name=row.covers_name,
    )


def _must_be_as_it_was(period: Membership) -> None:
    if period.status is not Status.ACTIVE or replacement_of(period) is not None:
        raise Refused("This period has been ended or replaced already.")


def _must_have_places(tier: Tier, covered: int) -> None:
    if covered and covered + 1 > tier.places:
        room = counted(tier.places, "person", "people")
        raise Refused(f"{tier.name} is for {room}, and this membership is for {covered + 1}.")
