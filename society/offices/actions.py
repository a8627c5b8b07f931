"""Appointing to offices and ending terms; roles that come with an office follow its terms."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from society.audit.actions import record
from society.db import db
from society.errors import Refused
from society.offices.models import Office, Term
from society.offices.queries import overlapping
from society.people.models import Person, Role, RoleName
from society.people.queries import admins, last_day_of_admins
from society.settings import society
from society.times import today_in


def set_office(office: Office, values: dict[str, Any], now: datetime, by: Person) -> None:
    """Add or change an office. What it lets its holder do, only an admin decides, and only while no term runs."""
    before = {name: getattr(office, name) for name in values}
    if before.get("role") != values.get("role"):
        _must_be_admin(by, "decide what an office lets its holder do here")
        if office.id and _has_terms(office, today_in(society().zone, now)):
            raise Refused("Somebody holds this office or is to hold it. End those terms before its role changes.")
    is_new = office.id is None
    for name, value in values.items():
        setattr(office, name, value)
    db.session.add(office)
    changed = [name for name in values if is_new or before[name] != values[name]]
    if changed:
        act = "office added" if is_new else "office changed"
        was = {} if is_new else {name: before[name] for name in changed}
        record(act, office, by=by, now=now, before=was, after={name: values[name] for name in changed})


def _has_terms(office: Office, on: date) -> bool:
    left = (Term.ends_on.is_(None)) | (Term.ends_on >= on)
    return db.session.scalar(select(Term.id).where(Term.office_id == office.id, left).limit(1)) is not None


def _must_be_admin(by: Person, what: str) -> None:
    if not by.has_role(RoleName.ADMIN):
        raise Refused(f"Only an admin can {what}.")


def appoint(
    office: Office, person: Person, starts_on: date, ends_on: date | None, *, now: datetime, by: Person
) -> Term:
    """Give somebody an office from a day to a day (None: until a successor is named), and the role that it brings."""
    db.session.scalars(select(Person).where(Person.id == person.id).with_for_update(of=Person)).one()
    if person.erased_at is not None:
        raise Refused("This person was erased.")
    if overlapping(office, person, starts_on, ends_on):
        raise Refused(f"{person.name} holds that office on some of these days already.")
    term = Term(office=office, person=person, starts_on=starts_on, ends_on=ends_on)
    db.session.add(term)
    db.session.flush()
    if office.role is not None:
        _must_be_admin(by, f"give an office that makes its holder {office.role}")
        if person.verified_at is None:
            raise Refused(f"{person.name} has not shown yet that their address is theirs, so cannot act here.")
        role = Role(name=office.role, given_at=now, term_id=term.id, starts_on=starts_on, ends_on=ends_on)
        person.roles.append(role)
    person.revision += 1
    record("office given", person, by=by, now=now, after=_told(term))
    return term


def end_term(term: Term, ends_on: date, *, now: datetime, by: Person) -> None:
    """Let a term end on that day, and its role with it; one that has not begun by then does not take place."""
    db.session.scalars(select(Term).where(Term.id == term.id).with_for_update(of=Term)).one()
    roles = db.session.scalars(select(Role).where(Role.term_id == term.id)).all()
    if roles:
        _must_be_admin(by, "end an office that comes with a role")
    today = today_in(society().zone, now)
    if ends_on < term.starts_on <= today:
        raise Refused("This term had begun by then. Its last day cannot come before its first.")
    db.session.scalars(admins(today)).all()  # held, so that two at once cannot end the last two
    until, before = last_day_of_admins(today), _told(term)
    _let_end(term, list(roles), ends_on)
    left = last_day_of_admins(today)
    if left is not None and (until is None or left < until) and any(role.name is RoleName.ADMIN for role in roles):
        raise Refused("Nobody would be an admin after that. Make somebody else an admin first.")
    term.person.revision += 1
    record("office ended", term.person, by=by, now=now, before=before, after={**before, "ends_on": ends_on})


def _let_end(term: Term, roles: list[Role], ends_on: date) -> None:
    if ends_on < term.starts_on:
        for role in roles:
            db.session.delete(role)
        db.session.flush()
        db.session.delete(term)
    else:
        term.ends_on = ends_on
        for role in roles:
            role.ends_on = ends_on
    db.session.flush()


def _told(term: Term) -> dict[str, Any]:
    named = {"office": term.office.title, "committee": term.office.committee, "role": term.office.role}
    return {**named, "starts_on": term.starts_on, "ends_on": term.ends_on}


def warning(now: datetime) -> date | None:
    """The last day on which there is an admin, if it comes within 90 days by the terms as they stand."""
    today = today_in(society().zone, now)
    last = last_day_of_admins(today)
    return last if last is not None and last <= today + timedelta(days=90) else None
