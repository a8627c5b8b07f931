"""Forms of the register's pages."""

from typing import Any

import wtforms
from sqlalchemy import select
from wtforms import validators

from society.choices import Language, Zone
from society.db import db
from society.fields import Day, Email, Line, Paragraphs, PersonName
from society.items import Words
from society.meanwhile import SharedForm
from society.people.models import Person
from society.people.privacy import was_erased
from society.people.queries import person_by_email
from society.register.particulars import FIELDS, tag_names, tags_of
from society.web import Form


class PersonForm(SharedForm):
    """Somebody's particulars."""

    unkept = ("although_erased",)

    name = PersonName("Name")
    email = Email("Email", required=False, description="Leave it empty for somebody who is reached by post only.")
    phone = Line("Phone", most=40)
    address = Paragraphs("Address", most=500, description="In lines as on an envelope, without the name.")
    city = Line("City", most=100)
    language = Language(none="The society's own")
    zone = Zone(none="The society's own")
    born_on = Day("Born on")
    external_id = Line("Number", most=100, description="What another register calls them.")
    tags = Words("Tags", most=500, description="Separated by commas.")
    notes = Paragraphs("Private notes", description="For secretaries only; part of what the person can ask to see.")
    although_erased = wtforms.BooleanField("They have come back to us, and want to be in the register again")

    def __init__(self, person: Person | None, by: Person) -> None:
        self._person, self._by = person, by
        self.asks_although_erased = False
        given = {name: getattr(person, name) for name in FIELDS} if person else {}
        super().__init__(**given, tags=", ".join(tags_of(person)) if person else "")

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


class NameForm(Form):
    """The name of a view, and what it shows."""

    name = Line("Name of this view", most=100, required=True)
    query = wtforms.HiddenField()
