"""One-time links, sessions, what a person changes about themselves, and roles."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from flask import session
from flask_login import login_user
from sqlalchemy import delete, update

from society.audit.actions import record
from society.db import db
from society.errors import Refused
from society.people.models import OneTimeLink, Person, Purpose, Role, RoleName
from society.people.queries import admins, person_by_email
from society.settings import society
from society.times import today_in
from society.tokens import fresh, hashed

_FORGOTTEN_AFTER = timedelta(days=30)
"""How long the row of a link outlives it."""


def person_for(email: str, name: str, now: datetime) -> Person:
    """Whoever has that address, as they are, or a new guest of that name."""
    person = person_by_email(email)
    if person is None:
        person = Person(name=name, email=email.lower(), created_at=now)
        db.session.add(person)
        db.session.flush()
    return person


def one_time_link(person: Person, purpose: Purpose, now: datetime, *, new_email: str | None = None) -> str:
    """The secret of a new link for them, to go into its address."""
    secret = fresh()
    expires_at = now + OneTimeLink.LIFE[purpose]
    link = OneTimeLink(
        person=person, purpose=purpose, secret_hash=hashed(secret), expires_at=expires_at, new_email=new_email
    )
    db.session.add(link)
    db.session.flush()
    return secret


def forget_old_links(now: datetime) -> None:
    """Let go of links that ended long ago."""
    db.session.execute(delete(OneTimeLink).where(OneTimeLink.expires_at < now - _FORGOTTEN_AFTER))


def use_link(secret: str, purpose: Purpose, now: datetime) -> Person:
    """Whose link it is. One conditional UPDATE uses it up: of two at once one wins, and the other is refused."""
    return _used(secret, purpose, now).person


def _used(secret: str, purpose: Purpose, now: datetime) -> OneTimeLink:
    good = (
        OneTimeLink.secret_hash == hashed(secret),
        OneTimeLink.purpose == purpose,
        OneTimeLink.used_at.is_(None),
        OneTimeLink.expires_at > now,
    )
    used = update(OneTimeLink).where(*good).values(used_at=now).returning(OneTimeLink)
    link = db.session.scalars(used, execution_options={"populate_existing": True}).one_or_none()
    if link is None:
        raise Refused("This link has been used or is too old. Please ask for a new one.")
    return link


def change_email(secret: str, now: datetime) -> tuple[Person, str | None]:
    """Take over the address to which the link was mailed; returns the person and their former address."""
    link = _used(secret, Purpose.NEW_EMAIL, now)
    person, former = link.person, link.person.email
    taken = person_by_email(link.new_email or "")
    if taken is not None and taken is not person:
        raise Refused("Somebody else has come to use this address meanwhile.")
    person.email = link.new_email
    end_links(person)
    record("person changed", person, by=person, now=now, before={"email": former}, after={"email": person.email})
    return person, former


def set_password(person: Person, password_hash: str) -> None:
    """A new password; every session opened with the old one ends, and no earlier link opens another."""
    person.password_hash = password_hash
    person.sign_out_everywhere()
    end_links(person)


def end_links(person: Person, *purposes: Purpose) -> None:
    """None of the one-time links mailed to them so far, for these purposes or for any, is good any more."""
    ended = OneTimeLink.purpose.in_(purposes or Purpose)
    db.session.execute(delete(OneTimeLink).where(OneTimeLink.person_id == person.id, ended))


def verify(person: Person, now: datetime, *, by: Purpose) -> bool:
    """They opened a link mailed to them, so the address is theirs; whether that is news.

    Only the link of `VERIFY` was mailed to answer whoever chose the password. If another proves the address, that
    password may be a stranger's, so it goes.
    """
    news = person.verified_at is None
    if news and by is not Purpose.VERIFY:
        person.password_hash = None
    person.verify(now)
    return news


def sign_in(person: Person) -> None:
    """Begin their session in this browser; nothing of what was in it before stays."""
    session.clear()
    session.permanent = True
    login_user(person)


def sign_out() -> None:
    """End the session in this browser."""
    session.clear()


def give_role(person: Person, name: RoleName, now: datetime, by: Person | None) -> None:
    """Let them act as `name` (by None: from the command line)."""
    if any(role.name is name and role.term_id is None for role in person.roles):
        raise Refused(f"{person.name} has that role already.")
    person.roles.append(Role(name=name, given_at=now))
    record("role given", person, by=by, now=now, after={"role": name})


def must_leave_an_admin(going: Collection[int], person: Person, now: datetime) -> None:
    """Refuse to let roles with these numbers go (they are `person`'s) if nobody else is an admin today."""
    today = today_in(society().zone, now)
    roles = db.session.scalars(admins(today)).all()
    if any(role.id in going for role in roles) and all(role.id in going for role in roles):
        raise Refused(f"{person.name} is the only admin. Make somebody else an admin first.")


def take_role(role: Role, person: Person, now: datetime, by: Person) -> None:
    """Take a role back; the society is never left without an admin."""
    if role.term_id is not None:
        raise Refused("This role comes with an office. End the term of office, and the role ends with it.")
    if role.name is RoleName.ADMIN:
        must_leave_an_admin([role.id], person, now)
    person.roles.remove(role)
    record("role taken", person, by=by, now=now, before={"role": role.name})


def describe_oneself(person: Person, values: Mapping[str, str], now: datetime) -> None:
    """Take over what they say of themselves."""
    before = {name: getattr(person, name) or "" for name in values}
    changed = [name for name in values if before[name] != values[name]]
    for name in changed:
        setattr(person, name, values[name])
    person.revision += 1
    if changed:
        old, new = ({name: held[name] for name in changed} for held in (before, values))
        record("person changed", person, by=person, now=now, before=old, after=new)
