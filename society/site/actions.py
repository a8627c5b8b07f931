"""Setting the society up, and changing what its staff decide about it."""

from datetime import datetime
from typing import Any

from flask import g
from sqlalchemy import CursorResult, exists, select, update

from society.audit.actions import record
from society.calendars.versions import raise_all
from society.db import db
from society.errors import Refused
from society.events.models import Category
from society.membership.models import Period, Tier
from society.people.actions import give_role, person_for, set_password
from society.people.models import Person, RoleName
from society.settings import Society, renew
from society.site.queries import admin_exists
from society.text import slug
from society.tokens import fresh, hashed

CATEGORIES = ("Lectures", "Discussions", "Excursions", "Meetings")

IN_FEEDS = frozenset({"name", "address", "tagline", "accent", "zone"})
"""What calendars show of the society around the events. The address stands with each event too: the post office sees to
that (see `society.calendars.upkeep`)."""


def new_setup_link(now: datetime) -> str | None:
    """The secret of a new link by which the first admin comes in; older ones die. None if the society is set up.

    Called within a transaction that writes.
    """
    row = the_row()
    if admin_exists() or row.set_up_at:
        return None
    secret = fresh()
    row.setup_hash = hashed(secret)
    record("set-up link made", row, by=None, now=now)
    return secret


def the_row() -> Society:
    """The society's row, to be changed. An admin made by a command may come before it."""
    row = db.session.get(Society, 1)
    if row is None:
        row = Society(id=1)
        db.session.add(row)
        db.session.flush()
    return row


def keep_served_at(host: str, port: int) -> None:
    """Where the program listens now: links lead there until somebody says where people reach the site."""
    name = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::1", "::") else host  # noqa: S104, to be read only
    the_row().served_at = f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
    db.session.flush()
    renew()


def set_up(secret: str, about: dict[str, str], now: datetime) -> None:
    """Make the society what `about` says. The link dies with it: of two at once, one wins."""
    used = db.session.execute(
        update(Society)
        .where(Society.setup_hash == hashed(secret), Society.set_up_at.is_(None))
        .values(**about, setup_hash=None, set_up_at=now)
    )
    assert isinstance(used, CursorResult)
    if used.rowcount != 1:
        raise Refused("This link has been used; the society is set up.")
    g.pop("society", None)  # what this request read before is out of date
    _offer_the_usual()


def _offer_the_usual() -> None:
    """A tier and categories to begin with, unless there are some."""
    if not db.session.scalar(select(exists().where(Tier.id > 0))):
        db.session.add(Tier(name="Member", period=Period.CALENDAR_YEAR, needs_approval=True))
    if not db.session.scalar(select(exists().where(Category.id > 0))):
        db.session.add_all(Category(name=name, slug=slug(name)) for name in CATEGORIES)


def first_admin(name: str, email: str, password_hash: str, now: datetime) -> Person:
    """Whoever holds the set-up link runs the server: their address needs no letter to be believed."""
    person = person_for(email, name, now)
    person.name = name
    person.verify(now)
    set_password(person, password_hash)
    give_role(person, RoleName.ADMIN, now, by=person)
    return person


def change_settings(society: Society, values: dict[str, Any], now: datetime, by: Person) -> None:
    """Take over what differs, note it in the audit log, and let calendars follow. Where the program listens is offered
    as the address of the site while nobody has said another; left so, it is still to be said."""
    if not society.address and values.get("address") == society.served_at:
        values = {**values, "address": ""}
    after = {name: value for name, value in values.items() if getattr(society, name) != value}
    before = {name: getattr(society, name) for name in after}
    for name, value in after.items():
        setattr(society, name, value)
    renew()
    if after:
        record("settings changed", society, by=by, now=now, before=before, after=after)
    if IN_FEEDS & after.keys():
        raise_all(now)
