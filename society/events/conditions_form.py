"""The fields of an event's form for what it asks of answers besides seats."""

from typing import Any

import wtforms
from wtforms.validators import ValidationError

from society.events.conditions import USUAL_MINUTES, Conditions
from society.events.fields import Moment
from society.fields import Line, Whole
from society.membership.forms import Amount
from society.membership.render import minor_digits

SHORTEST, LONGEST_MINUTES = 10, 720


class ConditionFields:
    """Price, members first, the fewest people, and the last day's waiting list; each can be left empty."""

    price = Amount(
        "Price",
        description="What each pays at the door; it is only noted here. 0: free. Left empty, nothing is said.",
    )
    currency = Line("Currency", most=3, description="Three letters, such as EUR.")
    members_free = wtforms.BooleanField("Free for members in good standing")

    members_first_until = Moment("Members first, until", description="Until then only members can answer.")
    capacity: wtforms.Field
    minimum = Whole(
        "Fewest people",
        least=1,
        most=100_000,
        description="Counted are the seats that are taken. Nothing is cancelled while answers wait for you with which "
        "there would be enough.",
    )
    minimum_by = Moment("Counted on", description="When it is decided whether enough people come.")
    minimum_cancels = wtforms.BooleanField(
        "Cancel the event if there are fewer",
        description="Guests are then written to. Otherwise, or while enough wait for your decision, only you are told.",
    )

    confirm_minutes = Whole(
        "Minutes to confirm a seat on the last day",
        least=SHORTEST,
        most=LONGEST_MINUTES,
        default=USUAL_MINUTES,
        description="A seat that becomes free in the last 24 hours is kept so long for whoever waited.",
    )

    conditional = ("members_first_until", "minimum_by")
    """Those of its moments that are told from the start on (see `society.events.moments`)."""

    def condition_values(self) -> dict[str, Any]:
        """What was typed, as the row keeps it."""
        currency = (self.currency.data or "").upper()
        price = self.price.minor(minor_digits(currency)) if self.price.data else None
        return {
            "price": price,
            "currency": currency if price else "",
            "members_free": bool(price and self.members_free.data),
            "members_first_until": self.members_first_until.data,
            "minimum": self.minimum.data,
            "minimum_by": self.minimum_by.data,
            "minimum_cancels": bool(self.minimum_cancels.data),
            "confirm_minutes": self.confirm_minutes.data or USUAL_MINUTES,
        }

    def validate_price(self, field: Amount) -> None:
        if field.data and field.minor(minor_digits((self.currency.data or "").upper())):
            currency = (self.currency.data or "").upper()
            if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
                raise ValidationError("Please give the currency too, by its three letters.")

    def validate_minimum(self, field: Whole) -> None:
        if field.data and not self.minimum_by.data and not self.minimum_by.process_errors:
            raise ValidationError("Please say when they are counted.")
        if field.data and self.capacity.data and field.data > self.capacity.data:
            raise ValidationError(f"There are seats for {self.capacity.data:,}, so no more can come.")

    def validate_minimum_by(self, field: Moment) -> None:
        if field.data and not self.minimum.data:
            raise ValidationError("Please say how many people must come.")


def condition_fields(event: Conditions) -> dict[str, Any]:
    """An event's conditions as the form shows them."""
    plain = ("members_free", "minimum", "minimum_cancels", "confirm_minutes", "currency")
    price = event.price
    digits = minor_digits(event.currency)
    written = "" if price is None else f"{price / 10**digits:.{digits if price % 10**digits else 0}f}"
    moments = ("members_first_until", "minimum_by")
    return {**{field: getattr(event, field) for field in (*plain, *moments)}, "price": written}
