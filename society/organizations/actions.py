"""Entering organizations and correcting what is known of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from society.audit.actions import record
from society.db import db
from society.fields import on_one_line
from society.names import alike
from society.organizations.models import Organization, key_of
from society.people.models import Person
from society.slugs import free_slug


def named(text: str, now: datetime) -> Organization:
    """The organization of that name, made if there is none; "the B Debating Union" is told apart into article and name.

    A name that itself begins with "The" is found as it stands, once it was corrected to that; one that is written in
    another way ("Dunne and Sons" for "Dunne & Sons") is the same.
    """
    if found := _exactly(text) or _alike(text):
        return found
    article, name = split_article(on_one_line(text))
    made = Organization(
        name=name, name_key=key_of(name), article=article, slug=free_slug(name, Organization.slug), created_at=now
    )
    db.session.add(made)
    db.session.flush()
    return made


def taken_as(names: Iterable[str]) -> list[str]:
    """A sentence for each that is written otherwise than the known organization it is taken for."""
    others = [(name, found) for name in names if _exactly(name) is None and (found := _alike(name))]
    return [f"“{name}” is taken as {found.name}, which is known already." for name, found in others]


def _exactly(text: str) -> Organization | None:
    """The one of that name, with or without "the" before it."""
    keys = {key_of(whole := on_one_line(text)), key_of(split_article(whole)[1])}
    return db.session.scalars(select(Organization).where(Organization.name_key.in_(keys)).limit(1)).first()


def _alike(name: str) -> Organization | None:
    """The first of those whose name is the same in other letters."""
    rows = db.session.execute(select(Organization.id, Organization.name).order_by(Organization.id))
    number = next((number for number, known in rows if alike(known) == alike(name)), None)
    return db.session.get(Organization, number) if number else None


def split_article(text: str) -> tuple[str, str]:
    """ "the B Debating Union" is "the" and "B Debating Union"; most names have no article."""
    first, _, rest = text.partition(" ")
    return ("the", rest) if first.lower() == "the" and rest else ("", text)


def describe(organization: Organization, values: dict[str, Any], by: Person, now: datetime) -> None:
    """Set what is known of an organization, new or not; its page keeps its address."""
    before = {field: getattr(organization, field) for field in values}
    for field, value in values.items():
        setattr(organization, field, value)
    organization.name_key = key_of(organization.name)
    is_new = organization.slug is None
    if is_new:
        organization.slug, organization.created_at = free_slug(organization.name, Organization.slug), now
        db.session.add(organization)
    changed = {field for field, value in values.items() if is_new or before[field] != value}
    if changed:
        record(
            "organization entered" if is_new else "organization changed",
            organization,
            by=by,
            now=now,
            before={} if is_new else {field: before[field] for field in changed},
            after={field: values[field] for field in changed},
        )
