"""What the secretary fills in about money."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import wtforms
from wtforms.validators import ValidationError

from society.choices import Chosen
from society.dues.models import Method
from society.dues.render import METHODS
from society.dues.statements import Columns
from society.fields import Day, Line
from society.membership.forms import Amount
from society.membership.render import minor_digits
from society.web import Form

_NOT_ONE = "Please choose one of these."
_PAYING = {method.value: words for method, words in METHODS.items() if method is not Method.WAIVED}


def as_typed(amount: int, currency: str) -> str:
    """An amount as somebody would write it into a field: "30.50"."""
    digits = minor_digits(currency)
    return f"{Decimal(amount).scaleb(-digits):.{digits}f}"


class MoneyForm(Form):
    """A form with an amount of more than nothing, in one currency."""

    amount = Amount("Amount", render_kw={"inputmode": "decimal", "required": True})

    def __init__(self, currency: str, amount: int = 0, **values: Any) -> None:
        super().__init__(amount=as_typed(amount, currency) if amount else "", **values)
        self._currency = currency

    @property
    def in_currency(self) -> str:
        return self._currency

    def validate_amount(self, field: Amount) -> None:
        if not field.data or field.minor(minor_digits(self.in_currency)) <= 0:
            raise ValidationError("Please give an amount such as 30 or 30.50.")

    @property
    def minor(self) -> int:
        """The amount in minor units."""
        return self.amount.minor(minor_digits(self.in_currency))


class PaymentForm(MoneyForm):
    """Money that has come in."""

    method = wtforms.SelectField(
        "It came by",
        choices=_PAYING,
        invalid_choice_message=_NOT_ONE,
    )
    received_on = Day("Received on", required=True)
    note = Line("Note", most=300, description="For the secretaries; such as the number of the cheque.")
    tell = wtforms.BooleanField("Mail the receipt", default=True)

    def __init__(self, currency: str, today: date, amount: int = 0) -> None:
        super().__init__(currency, amount, received_on=today)
        self._today = today

    def validate_received_on(self, field: Day) -> None:
        if field.data and field.data > self._today:
            raise ValidationError("That day is still to come.")

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, as `take` wants it."""
        return {
            "amount": self.minor,
            "method": Method(self.method.data),
            "received_on": self.received_on.data,
            "note": self.note.data,
            "tell": self.tell.data,
        }


class _InACurrency(MoneyForm):
    currency = wtforms.SelectField("Currency", invalid_choice_message=_NOT_ONE)

    @property
    def in_currency(self) -> str:
        return str(self.currency.data or self._currency)


class OwnPaymentForm(PaymentForm, _InACurrency):
    """Money that has come in from a person, for one of their invoices or for none yet."""

    def __init__(self, currencies: Sequence[str], today: date) -> None:
        super().__init__(currencies[0], today)
        self.currency.choices = list(currencies)


class OweForm(_InACurrency):
    """Another amount that somebody owes."""

    about = Line(
        "For what", required=True, description="Such as “Annual dinner, two places”; it stands on the invoice."
    )
    due_on = Day("To be paid by", required=True)
    tell = wtforms.BooleanField("Mail the invoice", default=True)

    def __init__(self, currencies: Sequence[str], due_on: date) -> None:
        super().__init__(currencies[0], due_on=due_on)
        self.currency.choices = list(currencies)


class RefundForm(MoneyForm):
    """Money that goes back."""

    method = wtforms.SelectField("It goes back by", choices=_PAYING, invalid_choice_message=_NOT_ONE)
    note = Line("Reason", required=True, description="For the secretaries.")


class ReasonForm(Form):
    """Why an entry is taken back or an amount waived."""

    note = Line("Reason", required=True, description="For the secretaries; it stays in the ledger.")


class StatementForm(Form):
    """A bank statement, as a file."""

    file = wtforms.FileField("The statement, as CSV", render_kw={"accept": ".csv,.txt,text/csv,text/plain"})


class ColumnsForm(Form):
    """Which column of a statement is what."""

    date = Chosen("Day", none="Please choose")
    amount = Chosen("Amount that came in", none="Please choose")
    payer = Chosen("Who paid", none="None")
    text = Chosen("What for", none="None", description="The text in which payers write their reference.")
    more_text = Chosen("More of that", none="None")
    currency = Chosen("Currency", none="None")
    usual_currency = Line("Currency of lines that name none", most=3, required=True)
    order = wtforms.SelectField(
        "Days are written",
        choices={"day": "Day first: 30/3/2027", "month": "Month first: 3/30/2027"},
        description="Where the year comes first it makes no difference.",
        invalid_choice_message=_NOT_ONE,
    )
    leave_out = wtforms.BooleanField("Leave out the lines that cannot be read")

    def __init__(self, names: Sequence[str], columns: Columns) -> None:
        at = {name: number for number, name in enumerate(names, 1)}
        kept = {part: at.get(getattr(columns, part)) for part in COLUMNS}
        order = "month" if columns.month_first else "day"
        super().__init__(**kept, usual_currency=columns.usual_currency, order=order)
        self._names = names
        for part in COLUMNS:
            self[part].offer((number, name) for name, number in at.items())

    def validate_date(self, field: Chosen) -> None:
        if field.data is None:
            raise ValidationError("Please choose a column.")

    validate_amount = validate_date

    def validate_usual_currency(self, field: Line) -> None:
        field.data = field.data.upper()
        if not re.fullmatch("[A-Z]{3}", field.data):
            raise ValidationError("Three letters, please, such as EUR or USD.")

    @property
    def columns(self) -> Columns:
        """What was chosen."""
        names = {part: self._names[self[part].data - 1] if self[part].data else "" for part in COLUMNS}
        return Columns(**names, usual_currency=self.usual_currency.data, month_first=self.order.data == "month")


COLUMNS = ("date", "amount", "payer", "text", "more_text", "currency")


class BookForm(Form):
    """The word to book what is certain."""

    tell = wtforms.BooleanField("Mail the receipts", default=True)


class AssignForm(Form):
    """Whose payment a line of the statement is."""

    choice = wtforms.SelectField("It pays", validate_choice=False)
    tell = wtforms.BooleanField("Mail the receipt", default=True)

    def validate_choice(self, field: wtforms.SelectField) -> None:
        if not re.fullmatch("(due|person):[0-9]{1,9}", field.data or ""):
            raise ValidationError("Please choose what it pays.")

    @property
    def chosen(self) -> tuple[str, int]:
        """ "due" or "person", and its number."""
        kind, _, number = self.choice.data.partition(":")
        return kind, int(number)
