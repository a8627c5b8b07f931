"""Households and organizations: one pays, and names the others whom the membership is for."""

from datetime import date, datetime

from society.db import db
from society.errors import Refused
from society.mail.actions import write
from society.membership.actions.steps import begin_period, end_period, hold, note
from society.membership.models import Covers, Membership, Status
from society.membership.queries import covered_by, replacement_of
from society.people.models import Person
from society.text import counted


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
    write(person, "covered", f"covered:{row.id}", now=now, membership=row, payer=period)
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
    """From the day `on` another's membership covers them no more."""
    if row.covered_by_id is None:
        raise Refused("Nobody else's membership covers this person.")
    ended = end_period(row, Status.LAPSED, on, now=now, by=by, note="No longer covered by another's membership.")
    write(row.person, "uncovered", f"uncovered:{ended.id}", now=now, ended=ended)
    return ended
