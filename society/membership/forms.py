"""What admins fill in about the memberships on offer, and about joining and paying."""

import re
from decimal import Decimal
from typing import Any

import wtforms
from stdnum import bic, iban
from wtforms.validators import ValidationError

from society.fields import Line, Paragraphs, Whole, on_one_line
from society.items import Lines
from society.meanwhile import SharedForm
from society.membership.models import LONGEST_GRACE, Choice, Covers, Period, ProRata, Tier
from society.membership.render import minor_digits

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


CHOICES = {
    Choice.ANYONE.value: "Anyone, on the page for joining",
    Choice.INVITATION.value: "Whoever is invited",
    Choice.SECRETARY.value: "Nobody: the secretary gives it",
}
SHARES = {
    ProRata.NONE.value: "The whole dues",
    ProRata.MONTHS.value: "A twelfth for each month left, that of joining included",
}
WHOM = {
    Covers.PERSON.value: "One person",
    Covers.HOUSEHOLD.value: "A household: one pays, and names the others",
    Covers.ORGANIZATION.value: "An organization: one pays, and names the others",
}
NOT_ONE = "Please choose one of these."


class TierForm(SharedForm):
    """A kind of membership, as the admin sets it."""

    together = (("dues", "joining_fee", "currency"), ("period", "months", "pro_rata"), ("covers", "places"))

    name = Line("Name", most=100, required=True)
    about = Paragraphs("What it gives", most=1000, description="Shown on the page for joining.", render_kw={"rows": 3})
    dues = Amount("Dues", description="For one period; 0 if it is free.", render_kw={"inputmode": "decimal"})
    currency = Line("Currency", most=3, required=True, description="Three letters, such as EUR or USD.")
    period = wtforms.SelectField("It lasts", choices=PERIODS, invalid_choice_message=NOT_ONE)
    months = Whole("Months", least=1, most=1200, required=True, description="Only for a number of months.")
    joining_fee = Amount("Joining fee", description="Once, with the first period.", render_kw={"inputmode": "decimal"})
    pro_rata = wtforms.SelectField(
        "Who joins within the year pays",
        choices=SHARES,
        default=ProRata.NONE.value,
        invalid_choice_message=NOT_ONE,
        description="Only for calendar years.",
    )
    grace_days = Whole(
        "Days of grace",
        least=0,
        most=LONGEST_GRACE.days,
        default=0,
        description="How long somebody counts as a member after the last day. For periods that begin from now on.",
    )
    needs_approval = wtforms.BooleanField("The secretary decides on each application")
    offered = wtforms.BooleanField("Offered")
    choice = wtforms.SelectField(
        "Who may choose it", choices=CHOICES, default=Choice.ANYONE.value, invalid_choice_message=NOT_ONE
    )
    youngest = Whole("Youngest age", least=0, most=130)
    oldest = Whole("Oldest age", least=0, most=130)
    proof = Line(
        "What applicants must show",
        description="Such as “Your student card: number and university”. Empty asks nothing.",
    )
    covers = wtforms.SelectField("It is for", choices=WHOM, default=Covers.PERSON.value, invalid_choice_message=NOT_ONE)
    places = Whole("Places", least=1, most=10_000, default=1, description="How many people, the one who pays included.")

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
        field.minor(self._digits)

    def validate_joining_fee(self, field: Amount) -> None:
        field.minor(self._digits)

    def validate_pro_rata(self, field: wtforms.Field) -> None:
        if field.data == ProRata.MONTHS and self.period.data != Period.CALENDAR_YEAR:
            raise ValidationError("Only a calendar year has months left: other periods begin on the day of joining.")

    def validate_oldest(self, field: Whole) -> None:
        if self.youngest.data is not None and field.data is not None and field.data < self.youngest.data:
            raise ValidationError("The oldest cannot be younger than the youngest.")

    def validate_covers(self, field: wtforms.Field) -> None:
        if field.data != Covers.PERSON and (self.places.data or 0) < 2:
            raise ValidationError("Please give at least 2 places, that of whoever pays included.")

    @property
    def _digits(self) -> int:
        return minor_digits((self.currency.data or "").upper())

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, as the row keeps it."""
        typed = dict(self.data)
        return {
            **typed,
            "dues": self.dues.minor(self._digits),
            "joining_fee": self.joining_fee.minor(self._digits),
            "period": Period(typed["period"]),
            "pro_rata": ProRata(typed["pro_rata"]),
            "choice": Choice(typed["choice"]),
            "covers": Covers(typed["covers"]),
            "grace_days": typed["grace_days"] or 0,
            "places": 1 if typed["covers"] == Covers.PERSON else typed["places"],
        }


def _shown(tier: Tier) -> dict[str, Any]:
    same = ("name", "about", "currency", "months", "needs_approval", "offered", "grace_days", "youngest", "oldest")
    return {
        **{field: getattr(tier, field) for field in (*same, "proof", "places")},
        **{field: getattr(tier, field).value for field in ("period", "pro_rata", "choice", "covers")},
        **{field: _written(getattr(tier, field), tier.currency) for field in ("dues", "joining_fee")},
    }


def _written(amount: int, currency: str) -> str:
    digits = minor_digits(currency)
    return f"{Decimal(amount).scaleb(-digits):.{digits if amount % 10**digits else 0}f}"


class MembershipSettingsForm(SharedForm):
    """What admins decide about joining, reminding and paying."""

    join_questions = Lines(
        "Questions to applicants",
        most=4000,
        description="One a line. Those that end with * must be answered.",
        render_kw={"rows": 4},
    )
    consent = Paragraphs(
        "What applicants agree to",
        most=8000,
        description="In Markdown. The date and these words are kept with each application; nothing is asked while it "
        "is empty.",
        render_kw={"rows": 6},
    )
    reminder_days = Line(
        "Days of reminders",
        most=100,
        description="Days before the last day of a period, such as 30 7 -7; with a minus, after it. Empty sends none.",
    )
    iban = Line("IBAN", most=60, description="The account to which dues are paid. Invoices show a code to scan.")
    bic = Line("BIC", most=20)
    account_holder = Line("Account holder", most=70, description="The society's name if it is empty.")
    payment_terms = Paragraphs(
        "How dues can be paid besides",
        most=4000,
        description="In Markdown; on invoices and renewal pages.",
        render_kw={"rows": 4},
    )
    guests_kept_months = Whole(
        "Forget guests after",
        least=1,
        most=600,
        description="Months after the last event that somebody without a sign-in or membership answered. Empty keeps "
        "them.",
    )

    def validate_reminder_days(self, field: Line) -> None:
        days = (field.data or "").replace(",", " ").split()
        if not all(re.fullmatch(r"[+-]?[0-9]{1,3}", day) and -365 <= int(day) <= 365 for day in days):
            raise ValidationError("Whole numbers from -365 to 365, please, with spaces between them: such as 30 7 -7.")
        field.data = " ".join(str(day) for day in sorted({int(day) for day in days}, reverse=True))
        if len(field.data) > 100:
            raise ValidationError("Fewer reminders, please.")

    def validate_iban(self, field: Line) -> None:
        if field.data and not iban.is_valid(field.data):
            raise ValidationError("That is no IBAN: a letter or digit must be wrong.")
        field.data = iban.compact(field.data) if field.data else ""

    def validate_bic(self, field: Line) -> None:
        if field.data and not bic.is_valid(field.data):
            raise ValidationError("That is no BIC: it has 8 or 11 letters and digits.")
        field.data = bic.compact(field.data) if field.data else ""
