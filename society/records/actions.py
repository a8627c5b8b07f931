"""Erasing people, at their own wish or by a secretary, and forgetting guests."""

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select

from society.audit.actions import record
from society.db import begin_write, db
from society.dues.models import BankFile
from society.errors import Refused
from society.imports.models import CalendarFile
from society.mail.actions import write
from society.membership.actions.steps import added, end_period
from society.membership.models import Membership, Status
from society.membership.queries import open_application, running_from
from society.offices.models import Term
from society.people.actions import end_links, must_leave_an_admin, one_time_link
from society.people.models import ErasedAddress, Person, Purpose, RoleName
from society.people.privacy import digest
from society.records.answers import withdraw_coming
from society.records.erasing import ERASED, FORGOTTEN, blank
from society.records.mentions import Found, Particulars, strike
from society.records.queries import guests_to_forget
from society.register.models import ImportFile
from society.settings import society
from society.times import today_in
from society.tokens import hashed

BATCH = 200
"""Guests forgotten in one transaction."""


def ask_to_be_erased(person: Person, now: datetime) -> None:
    """Mail them a link that confirms their wish; older ones die."""
    check_erasable(person, person, now)
    end_links(person, Purpose.ERASE)
    secret = one_time_link(person, Purpose.ERASE, now)
    path = f"/me/data/erase/{secret}"
    write(person, "erase", f"erase:{hashed(secret)[:16]}", now=now, secret=True, asked=True, path=path)


def check_erasable(person: Person, by: Person, now: datetime) -> None:
    """Whether `by` may erase them: the only admin nobody may, others with a role only an admin or they themselves."""
    if person.erased_at is not None:
        raise Refused("This person was erased already.")
    must_leave_an_admin([role.id for role in person.roles], person, now)
    if person.roles and by is not person and not by.has_role(RoleName.ADMIN):
        raise Refused(f"{person.name} has a role here. Only an admin can erase people who have roles.")


def erase(person: Person, found: Found, particulars: Particulars, *, now: datetime, by: Person | None) -> None:
    """Let nothing be left that tells who they were; None: at their own wish. It cannot be undone.

    `found` are the mentions of them elsewhere. What they hold of coming events is given back, their membership and
    their terms of office end; ledger, past answers and past terms stay without their name.
    """
    db.session.scalars(select(Person).where(Person.id == person.id).with_for_update(of=Person)).one()
    check_erasable(person, by or person, now)
    withdraw_coming(person, now)
    _end_membership(person, now, by)
    _end_terms(person, now)
    for waiting in (
        ImportFile,
        BankFile,
        CalendarFile,
    ):  # they may hold them once more, and are gone within a day anyway
        db.session.execute(delete(waiting))
    _remember(person, now)
    db.session.flush()
    strike(found, particulars)
    blank([person], ERASED, now)
    record("person erased", person, by=by, now=now)


def _end_membership(person: Person, now: datetime, by: Person | None) -> None:
    today = today_in(society().zone, now)
    for period in db.session.scalars(running_from(person, today)).all():
        end_period(period, Status.RESIGNED, today, now=now, by=by)
    if application := open_application(person):
        row = Membership(person=person, tier=application.tier, status=Status.RESIGNED, starts_on=today, decided_at=now)
        row.replaces_id = application.id
        added(row, now, by)


def _end_terms(person: Person, now: datetime) -> None:
    """Yesterday was the last day of an office; one that was to begin does not."""
    today = today_in(society().zone, now)
    for term in db.session.scalars(select(Term).where(Term.person_id == person.id)).all():
        if term.starts_on >= today:
            db.session.delete(term)
        elif term.ends_on is None or term.ends_on >= today:
            term.ends_on = today - timedelta(days=1)


def _remember(person: Person, now: datetime) -> None:
    """Only a salted hash of the address, so that it does not come back unseen."""
    known = person.email and digest(person.email)
    if known and not db.session.scalar(select(exists().where(ErasedAddress.digest == known))):
        db.session.add(ErasedAddress(digest=known, erased_at=now))


def forget_guests(now: datetime) -> None:
    """Forget the guests whom the society has kept long enough, a batch in each transaction; finding none takes no lock.

    Their answers stay, for the counts; they may come again as anybody may. Ended at any instant, it can be repeated.
    """
    while (guests := guests_to_forget(now)) is not None and db.session.scalars(guests.limit(1)).first():
        begin_write(public=False)
        people = db.session.scalars(guests.limit(BATCH).with_for_update(of=Person)).all()
        if people:
            blank(people, FORGOTTEN, now)
        db.session.commit()
    db.session.rollback()
