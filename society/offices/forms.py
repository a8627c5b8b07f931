"""What is filled in about offices and their terms."""

from typing import Any

import wtforms
from wtforms.fields import SelectChoice

from society.fields import Day, Email, Line, Paragraphs, Whole
from society.meanwhile import SharedForm
from society.offices.models import Office
from society.people.models import Person, RoleName
from society.people.queries import person_by_email
from society.web import Form

_ROLES = [SelectChoice("", "Nothing"), *(SelectChoice(name.value, f"Act as {name.value}") for name in RoleName)]


class OfficeForm(SharedForm):
    """An office, and what it lets its holder do here, which admins alone are asked."""

    title = Line("Title", most=100, required=True)
    committee = Line("Committee", most=100)
    about = Paragraphs("What it is for", most=2_000)
    position = Whole("Place in the order", least=0, most=10_000)
    role = wtforms.SelectField(
        "What it lets its holder do here",
        choices=_ROLES,
        coerce=lambda word: "" if word is None else str(word),
        invalid_choice_message="Please choose one of these.",
    )

    def __init__(self, office: Office, by: Person) -> None:
        super().__init__(office)
        self._kept = office.role
        if not by.has_role(RoleName.ADMIN):
            del self.role

    @property
    def values(self) -> dict[str, Any]:
        role = (RoleName(self.role.data) if self.role.data else None) if "role" in self else self._kept
        texts = {name: self[name].data or "" for name in ("title", "committee", "about")}
        return {**texts, "position": self.position.data or 0, "role": role}


class TermForm(Form):
    """Who gets the office, from when until when. `person` is whose address it is."""

    email = Email("Email address of the person")
    starts_on = Day("First day", required=True)
    ends_on = Day("Last day")

    def validate_email(self, field: wtforms.Field) -> None:
        found = person_by_email(field.data) if field.data else None
        if found is None:
            raise wtforms.ValidationError("Nobody in the register has this address.")
        self.person = found

    def validate_ends_on(self, field: wtforms.Field) -> None:
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise wtforms.ValidationError("The last day cannot come before the first.")


class EndForm(Form):
    """The last day of a term."""

    ends_on = Day("Last day", required=True)
