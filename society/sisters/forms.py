"""What organizers say of a sister society's calendar."""

from typing import Any

import wtforms
from sqlalchemy import select
from wtforms.validators import ValidationError

from society.db import db
from society.events.models import Colour
from society.events.place_forms import COLOURS
from society.fields import Line
from society.meanwhile import SharedForm
from society.sisters.models import SisterCalendar


def _safely(address: str | None) -> str:
    """The address by which it is fetched. `webcal:` only says that it is a calendar; here it is fetched encrypted."""
    scheme, colon, rest = (address or "").partition("://")
    return f"https://{rest}" if colon and scheme.lower() in ("webcal", "webcals", "https") else address or ""


class SisterForm(SharedForm):
    """Whose calendar it is, how it is marked, and where it is."""

    name = Line("Name", most=100, required=True, description="As it stands after “by”: “the B Debating Union”.")
    address = Line(
        "Address",
        most=500,
        required=True,
        description="The public address of their calendar. It begins with https:// or webcal://.",
        render_kw={"inputmode": "url", "placeholder": "https://"},
    )
    colour = wtforms.SelectField(
        "Colour", choices=COLOURS, filters=[lambda chosen: chosen or ""], description="A dot beside its events."
    )

    def __init__(self, calendar: SisterCalendar | None = None) -> None:
        super().__init__(calendar)
        if calendar is not None:
            del self.address  # another address is another calendar
        elif self.address.data:
            self.address.data = _safely(self.address.data)

    def validate_address(self, field: wtforms.Field) -> None:
        if not field.data.startswith("https://"):
            raise ValidationError("Please give an address that begins with https:// or webcal://.")
        if db.session.scalar(select(SisterCalendar.id).where(SisterCalendar.address == field.data)):
            raise ValidationError("That calendar is shown already.")

    @property
    def values(self) -> dict[str, Any]:
        """As the row keeps it."""
        typed = {"name": self.name.data, "colour": Colour(self.colour.data) if self.colour.data else None}
        return typed | ({"address": self.address.data} if "address" in self else {})
