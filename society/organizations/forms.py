"""What organizers fill in about organizations."""

from typing import Any

import wtforms
from sqlalchemy import select
from wtforms.validators import ValidationError

from society.db import db
from society.fields import Email, Line, Paragraphs, WebAddress
from society.meanwhile import SharedForm
from society.organizations.models import Organization, key_of


class OrganizationForm(SharedForm):
    """A body that hosts, sponsors or endorses events."""

    name = Line("Name", required=True, description="Without “the”.")
    has_article = wtforms.BooleanField("“the” stands before it within a sentence")
    url = WebAddress("Website")
    contact = Email(
        "Contact address",
        required=False,
        description="Who asks it to back an event need not type it. No visitor sees it.",
    )
    about = Paragraphs("About", most=5_000, render_kw={"rows": 5})

    def __init__(self, organization: Organization) -> None:
        super().__init__(organization, has_article=bool(organization.article))
        self._id = organization.id

    def validate_name(self, field: wtforms.Field) -> None:
        same = select(Organization.id).where(Organization.name_key == key_of(field.data))
        if db.session.scalar(same.where(Organization.id != (self._id or 0))):
            raise ValidationError("There is an organization of that name already.")

    def renamed(self, organization: Organization) -> list[tuple[str, str, str]]:
        """How it is named within a sentence, old and new, if that changes; nothing of a new one."""
        was, new = organization.in_a_sentence, f"{self.values['article']} {self.name.data}".strip()
        return [("Named as", was, new)] if organization.id and was != new else []

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, as the row keeps it."""
        typed = {field: value or "" for field, value in self.data.items() if field != "has_article"}
        return {**typed, "article": "the" if self.has_article.data else ""}
