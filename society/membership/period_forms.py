"""What members and secretaries fill in about periods of membership and the people they cover."""

from collections.abc import Sequence
from datetime import date

import wtforms
from wtforms.validators import ValidationError

from society.choices import Chosen
from society.fields import Day, Email, Line, Paragraphs, PersonName
from society.membership.models import Membership, Tier
from society.membership.render import dues
from society.web import Form


class TierChoice(Form):
    """Something about one of the tiers."""

    tier = Chosen("Membership")

    def __init__(self, tiers: Sequence[Tier], **values: object) -> None:
        super().__init__(**values)
        self.tier.offer([(tier.id, f"{tier.name}: {dues(tier)}") for tier in tiers])


class PeriodForm(TierChoice):
    """A period that the secretary enters."""

    starts_on = Day("First day", required=True)
    ends_on = Day("Last day", description="Leave it empty for as long as the membership says.")
    covers_name = Line("Name of the household or organization", description="Where it is for more than one person.")
    raises_dues = wtforms.BooleanField("Ask for the dues", description="An invoice goes out, unless it is free.")

    def validate_ends_on(self, field: Day) -> None:
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError("The last day cannot come before the first.")


class ChangeForm(TierChoice):
    """Another tier for what is left of a period."""

    on = Day("From", required=True)


class DayForm(Form):
    """The day from which something holds."""

    on = Day("From", required=True)


class ResignForm(DayForm):
    """The end of a membership, by somebody's own wish."""

    on = Day("First day without membership", required=True)
    note = Paragraphs("Anything you want to say", most=2000, render_kw={"rows": 4})

    def __init__(self, period: Membership, today: date, *, earliest: date | None = None) -> None:
        super().__init__(on=today)
        self._earliest, self._latest = earliest, period.good_until

    def validate_on(self, field: Day) -> None:
        if self._earliest and field.data and field.data < self._earliest:
            raise ValidationError("That day is past.")
        if self._latest and field.data and field.data > self._latest:
            raise ValidationError("The membership is over by then.")


class CoverForm(Form):
    """Somebody whom a household's or organization's membership is for."""

    name = PersonName("Name")
    email = Email()
