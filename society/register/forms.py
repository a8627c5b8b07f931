"""Forms of the register's pages."""

import json
from typing import Any

import wtforms
from sqlalchemy import select
from wtforms import validators

from society.choices import Language, Zone
from society.db import db
from society.fields import Day, Email, Line, Paragraphs, PersonName
from society.people.models import Person
from society.people.privacy import was_erased
from society.people.queries import person_by_email
from society.register.particulars import FIELDS, tag_names
from society.web import Form


class PersonForm(Form):
    """Somebody's particulars. It carries what it showed when it was opened, to tell what others changed meanwhile."""

    name = PersonName("Name")
    email = Email("Email", required=False, description="Leave it empty for somebody who is reached by post only.")
    phone = Line("Phone", most=40)
    address = Paragraphs("Address", most=500, description="In lines as on an envelope, without the name.")
    city = Line("City", most=100)
    language = Language(none="The society's own")
    zone = Zone(none="The society's own")
    born_on = Day("Born on")
    external_id = Line("Number", most=100, description="What another register calls them.")
    tags = Line("Tags", most=500, description="Separated by commas.")
    notes = Paragraphs("Private notes", description="For secretaries only; part of what the person can ask to see.")
    although_erased = wtforms.BooleanField("They have come back to us, and want to be in the register again")
    revision = wtforms.HiddenField()
    seen = wtforms.HiddenField()

    def __init__(self, person: Person | None, by: Person) -> None:
        self._person, self._by = person, by
        self.asks_although_erased = False
        shown = _shown(person) if person else {}
        given = {**shown, "revision": person.revision, "seen": json.dumps(shown)} if person else {}
        given["born_on"] = person.born_on if person else None
        super().__init__(**given)

    def validate_email(self, field: Any) -> None:
        if not field.data:
            return
        other = person_by_email(field.data)
        if other is not None and other is not self._person:
            raise validators.ValidationError(f"This is the address of {other.name}.")
        own = self._person.email if self._person else None
        if field.data != own and not self.although_erased.data and was_erased(field.data):
            self.asks_although_erased = True
            raise validators.ValidationError("Whoever has this address asked us to erase all that we knew of them.")

    def validate_external_id(self, field: Any) -> None:
        rows = select(Person).where(Person.external_id == field.data)
        other = db.session.scalars(rows).first() if field.data else None
        if other is not None and other is not self._person:
            raise validators.ValidationError(f"This is the number of {other.name}.")

    def validate_tags(self, field: Any) -> None:
        if any(len(name) > 60 for name in tag_names(field.data or "")):
            raise validators.ValidationError("At most 60 characters for each, please.")

    def may_change_email(self, person: Person) -> bool:
        """An address is the way to a password, and so to what its owner may do: staff's is for admins to change."""
        same = (self.email.data or None) == person.email
        return same or not person.roles or person is self._by or self._by.has_role("admin")

    @property
    def values(self) -> dict[str, Any]:
        """As the columns take them, with the names of tags."""
        values = {name: self[name].data or "" for name in FIELDS}
        empty = {name: self[name].data or None for name in ("email", "external_id", "born_on")}
        return {**values, **empty, "tags": tag_names(self.tags.data or "")}

    def is_stale(self, person: Person) -> bool:
        return bool(self.revision.data != str(person.revision))

    def catch_up(self, person: Person) -> list[tuple[str, str, str]]:
        """Take over what others changed where nothing was typed, and keep the rest: (field, before, now) of each that
        they changed. From here on the form has seen it."""
        before, now = _seen(self.seen.data), _shown(person)
        changed = [(name, before.get(name, ""), now[name]) for name in now if before.get(name, "") != now[name]]
        for name, old, new in changed:
            if _typed(self[name]) == old:
                self[name].data = person.born_on if name == "born_on" else new
                self[name].raw_data = [new]
        self.revision.data, self.seen.data = str(person.revision), json.dumps(now)
        return [(self[name].label.text, old, new) for name, old, new in changed]


def _typed(field: Any) -> str:
    return str(field.data or "") if not isinstance(field, Line) or field.name != "tags" else _joined(field.data or "")


def _joined(text: str) -> str:
    return ", ".join(tag_names(text))


def _shown(person: Person) -> dict[str, str]:
    """Each field as the form shows it."""
    own = {name: str(getattr(person, name) or "") for name in FIELDS}
    return {**own, "tags": ", ".join(sorted((tag.name for tag in person.tags), key=str.casefold))}


def _seen(text: str | None) -> dict[str, str]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


class NameForm(Form):
    """The name of a view, and what it shows."""

    name = Line("Name of this view", most=100, required=True)
    query = wtforms.HiddenField()
