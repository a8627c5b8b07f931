"""Changing what the register holds of people by hand, and keeping views of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from society.audit.actions import record
from society.db import db
from society.people.actions import end_links
from society.people.models import Person, Tag
from society.register.models import SavedView
from society.register.particulars import FIELDS, tags_of


def tags_named(names: Sequence[str]) -> list[Tag]:
    """The tags of those names; new ones are made. Capitals do not tell two tags apart."""
    known = {tag.name.casefold(): tag for tag in db.session.scalars(select(Tag))}
    tags = [known.get(name.casefold()) or Tag(name=name) for name in names]
    db.session.add_all(tags)
    return tags


def add(values: dict[str, Any], *, now: datetime, by: Person) -> Person:
    """Enter somebody by hand."""
    person = Person(created_at=now, **{name: values[name] for name in FIELDS})
    person.tags = tags_named(values["tags"])
    db.session.add(person)
    given = {name: value for name, value in _held(person).items() if value}
    record("person added", person, by=by, now=now, after=given)
    return person


def edit(person: Person, values: dict[str, Any], *, now: datetime, by: Person) -> bool:
    """Change somebody's particulars; whether anything changed. Another address has yet to be shown to be theirs."""
    before = _held(person)
    if values["email"] != person.email:
        person.verified_at = None
        end_links(person)
    for name in FIELDS:
        if getattr(person, name) != values[name]:
            setattr(person, name, values[name])
    tags = tags_named(values["tags"])
    if {tag.name for tag in tags} != {tag.name for tag in person.tags}:
        person.tags = tags
    after = _held(person)
    changed = [name for name in before if before[name] != after[name]]
    if not changed:
        return False
    person.revision += 1
    old, new = ({name: held[name] for name in changed} for held in (before, after))
    record("person changed", person, by=by, now=now, before=old, after=new)
    return True


def _held(person: Person) -> dict[str, Any]:
    return {
        **{name: getattr(person, name) for name in FIELDS},
        "tags": ", ".join(tags_of(person)),
    }


def keep_view(owner: Person, name: str, query: str) -> None:
    """Keep what is shown now under a name; one of that name is taken over."""
    rows = select(SavedView).where(SavedView.person_id == owner.id, SavedView.name == name)
    view = db.session.scalars(rows).one_or_none() or SavedView(person_id=owner.id, name=name)
    view.query = query
    db.session.add(view)


def drop_view(owner: Person, name: str) -> None:
    db.session.execute(delete(SavedView).where(SavedView.person_id == owner.id, SavedView.name == name))
