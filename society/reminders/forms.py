"""Planning a notice, and moving it."""

from typing import Any

import wtforms
from wtforms.validators import ValidationError

from society.errors import Refused
from society.events.models import Event
from society.fields import Clock, Whole
from society.meanwhile import SharedForm
from society.reminders.models import DAY, Occasion, Planned, Timing
from society.times import now
from society.web import Form

OCCASIONS = {
    Occasion.REMINDER: "Remind those who are going, before it begins",
    Occasion.THANKS: "Thank those who came, after it has ended",
}
UNITS = {"days": DAY, "hours": 60}
"""In minutes."""


class PlanForm(Form):
    """One more notice for an event."""

    occasion = wtforms.RadioField(
        "What", choices={one.value: said for one, said in OCCASIONS.items()}, default=Occasion.REMINDER.value
    )
    number = Whole("How long", least=1, most=60, required=True, default=1)
    unit = wtforms.RadioField("Counted in", choices={unit: unit.capitalize() for unit in UNITS}, default="days")

    @property
    def minutes(self) -> int:
        return int(self.number.data or 0) * UNITS[self.unit.data]

    @property
    def what(self) -> Occasion:
        return Occasion(self.occasion.data)


class MoveForm(SharedForm):
    """Another time for a notice, by its event's clocks."""

    at = Clock("When", required=True)

    def __init__(self, planned: Planned) -> None:
        super().__init__(at=planned.timing.wall)
        self._event: Event = planned.event
        self._occasion = planned.occasion

    def validate_at(self, field: wtforms.Field) -> None:
        if field.data is not None and not field.errors:
            try:
                self.timing.must_be_to_come(now())
            except Refused as refused:
                raise ValidationError(str(refused)) from refused

    @property
    def timing(self) -> Timing:
        wall: Any = self.at.data
        return Timing.at(self._event, self._occasion, wall)
