"""What admins fill in about the memberships on offer, and about joining and paying."""

import re
from decimal import Decimal
from typing import Any

import wtforms
from wtforms.validators import ValidationError

from society.fields import Line, Paragraphs, Whole, on_one_line
from society.membership.models import Period, Tier
from society.membership.render import minor_digits
from society.web import Form

MOST = 10_000_000_00
"""The highest dues, in minor units: what a column holds in every database, with room to add up."""


class Amount(wtforms.StringField):
    """Money as it is written, "30" or "30.50"; `minor` counts it in the currency's minor unit."""

    def __init__(self, label: str, **kw: Any) -> None:
        super().__init__(label, filters=[on_one_line], **kw)

    def minor(self, digits: int) -> int:
        """Raises ValidationError, with the sentence for its field."""
        text = (self.data or "0").replace(",", ".")
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,3})?", text):
            raise ValidationError("Please give an amount such as 30 or 30.50.")
        amount = Decimal(text).scaleb(digits)
        if amount != int(amount):
            raise ValidationError(f"This currency has {digits or 'no'} digits after the point.")
        if amount > MOST:
            raise ValidationError("That is more than dues can be.")
        return int(amount)


PERIODS = {
    Period.CALENDAR_YEAR.value: "A calendar year: until 31 December",
    Period.MONTHS.value: "A number of months from the day it begins",
    Period.LIFE.value: "For life",
}


class TierForm(Form):
    """A kind of membership, as the admin sets it."""

    name = Line("Name", most=100, required=True)
    about = Paragraphs("What it gives", most=1000, description="Shown on the page for joining.", render_kw={"rows": 3})
    dues = Amount("Dues", description="For one period; 0 if it is free.", render_kw={"inputmode": "decimal"})
    currency = Line("Currency", most=3, required=True, description="Three letters, such as EUR or USD.")
    period = wtforms.SelectField("It lasts", choices=PERIODS, invalid_choice_message="Please choose one of these.")
    months = Whole("Months", least=1, most=1200, required=True, description="Only for a number of months.")
    needs_approval = wtforms.BooleanField("The secretary decides on each application")
    offered = wtforms.BooleanField("Offered on the page for joining")

    def __init__(self, tier: Tier, taken: set[str]) -> None:
        super().__init__(**_shown(tier))
        self._taken = taken

    def validate_name(self, field: wtforms.Field) -> None:
        if field.data.casefold() in self._taken:
            raise ValidationError("Another membership has that name.")

    def validate_currency(self, field: wtforms.Field) -> None:
        field.data = field.data.upper()
        if not re.fullmatch(r"[A-Z]{3}", field.data):
            raise ValidationError("Three letters, please, such as EUR or USD.")

    def validate_dues(self, field: Amount) -> None:
        field.minor(minor_digits((self.currency.data or "").upper()))

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, as the row keeps it."""
        typed = dict(self.data)
        return {**typed, "dues": self.dues.minor(minor_digits(typed["currency"])), "period": Period(typed["period"])}


def _shown(tier: Tier) -> dict[str, Any]:
    digits = minor_digits(tier.currency)
    decimals = digits if tier.dues % 10**digits else 0
    same = ("name", "about", "currency", "months", "needs_approval", "offered")
    return {
        **{field: getattr(tier, field) for field in same},
        "period": tier.period.value,
        "dues": f"{Decimal(tier.dues).scaleb(-digits):.{decimals}f}",
    }
