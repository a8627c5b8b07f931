"""Households and organizations: one pays, and names the others whom the membership is for."""

from datetime import date, datetime

from society.db import db
from society.errors import Refused
from society.mail.actions import write
from society.membership.actions.steps import begin_period, end_period, hold, note
from society.membership.models import Covers, Membership, Status
from society.membership.queries import covered_by, covered_by_payer, covering, replacement_of, running_from
from society.people.models import Person
from society.text import counted


def cover_from(
    payer: Person, person: Person, on: date, *, now: datetime, by: Person | None, called: str = ""
) -> list[Membership]:
    """Let all of the payer's periods for several people be this person's too: the one that runs, and those to come."""
    hold(payer)
    periods = db.session.scalars(covering(payer, on)).all()
    if not periods:
        raise Refused(f"{payer.name} has no membership for several people.")
    return [cover(period, person, on, now=now, by=by, called=called) for period in periods]


def cover(
    period: Membership, person: Person, on: date, *, now: datetime, by: Person | None, called: str = ""
) -> Membership:
    """Let a household's or organization's membership be this person's too, from the day `on` until it ends.

    They are a person with rights of their own, and are told. `called` is how the payer names them.
    """
    hold(period.person)
    first = max(on, period.starts_on)
    _must_take(period, person, first)
    row = begin_period(
        person,
        period.tier,
        first,
        now=now,
        by=by,
        ends_on=period.ends_on,
        covered_by=period,
        covers_name=called,
    )
    told = f"covered:{period.person_id}:{now:%Y-%m-%d}"  # once, if several periods come to cover them
    write(person, "covered", told, now=now, membership=row, payer=period)
    note("person covered", row, now=now, by=by if by is not period.person else None)
    return row


def _must_take(period: Membership, person: Person, first: date) -> None:
    tier = period.tier
    if tier.covers is Covers.PERSON or period.covered_by_id is not None:
        raise Refused("This membership is for one person.")
    if period.status is not Status.ACTIVE or replacement_of(period) is not None:
        raise Refused("This period has been ended or replaced already.")
    if period.ends_on and first > period.ends_on:
        raise Refused("This period is over by then.")
    covered = db.session.scalars(covered_by(period, first)).all()
    if person is period.person or any(row.person_id == person.id for row in covered):
        raise Refused("This membership is theirs already.")
    if len(covered) + 1 >= tier.places:
        raise Refused(f"This membership is for {counted(tier.places, 'person', 'people')}; all places are taken.")


def uncover(row: Membership, on: date, *, now: datetime, by: Person | None) -> Membership:
    """From the day `on` the payer's membership covers them no more, neither in this period nor in a later one."""
    if row.covered_by_id is None:
        raise Refused("Nobody else's membership covers this person.")
    payer = db.session.get_one(Membership, row.covered_by_id).person
    hold(payer)
    ours = covered_by_payer(payer).with_only_columns(Membership.id)
    running = db.session.scalars(running_from(row.person, on).where(Membership.id.in_(ours.order_by(None)))).all()
    if row not in running:
        raise Refused("This period is over by then.")
    text = "No longer covered by another's membership."
    ended = {each: end_period(each, Status.LAPSED, on, now=now, by=by, note=text) for each in running}[row]
    write(row.person, "uncovered", f"uncovered:{ended.id}", now=now, ended=ended)
    note("person no longer covered", ended, now=now, by=by if by is not payer else None)
    return ended
