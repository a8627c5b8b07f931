"""What organizers fill in when an event is put off, published later, or kept as a template."""

from datetime import datetime, timedelta
from typing import Any, cast

from society.errors import Refused
from society.events.fields import Moment
from society.events.forms import READ_BY_ALL, TellForm
from society.events.models import Event, instants
from society.events.moments import why_unplanned
from society.events.render import spoken_time
from society.fields import Email, Line, Whole
from society.times import NoSuchTime, now, place_of, shown_twice, to_utc, to_wall
from society.web import Form

DAY = timedelta(days=1)


class PostponeForm(TellForm):
    """Until when an event is put off, if that is known, and who is told."""

    starts_at = Moment("New start", description="Left empty, it is put off until you know.")
    ends_at = Moment("New end", description="Left empty, it lasts as long as before.")

    def __init__(self, event: Event) -> None:
        super().__init__()
        self._event = event
        if event.postponed_at:
            self.starts_at.description = "That of before, if it is on then after all."
        else:
            self.message.label.text = "Why"
            self.message.description = f"It is added to the letters. Until a new date is known, it {READ_BY_ALL}"

    def span(self) -> tuple[datetime, datetime]:
        """The start, and the end that it is over by."""
        event, starts = self._event, cast(datetime, self.starts_at.data)
        if not event.all_day:
            return starts, self.ends_at.data or starts + (event.ends - event.starts)
        starts = starts.replace(hour=0, minute=0)
        last = self.ends_at.data.replace(hour=0, minute=0) if self.ends_at.data else None
        return starts, last + DAY if last else starts + (event.ends - event.starts)

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        if not self.starts_at.data and not self.starts_at.errors and (self.ends_at.data or self._event.postponed_at):
            self.starts_at.errors = ["Please give the new start."]
        if self.starts_at.data and not self.starts_at.errors and not self.ends_at.errors:
            self._check()
        return not self.errors

    def _check(self) -> None:
        bare = [field for field in (self.starts_at, self.ends_at) if field.data and field.is_bare]
        if bare and not self._event.all_day:
            bare[0].errors = ["Please give a time of day too."]
            return
        try:
            starts_at, _ends_at = instants(*self.span(), self._event.zone, all_day=self._event.all_day)
        except NoSuchTime as gap:
            self.starts_at.errors = [str(gap)]
        except Refused as refusal:
            self.ends_at.errors = [str(refusal)]
        else:
            if starts_at <= now():
                self.starts_at.errors = ["The new start must be to come."]

    def shown_twice(self) -> list[str]:
        """A sentence where clocks show the new start twice that night."""
        return [] if self._event.all_day else _said_of(self.span()[0], self._event.zone)


def _said_of(moment: datetime, zone: str) -> list[str]:
    if not shown_twice(moment, zone):
        return []
    return [f"Clocks in {place_of(zone)} show {spoken_time(moment)} twice that night; the earlier one is meant."]


class MomentToCome(Form):
    """A form whose first field is a moment to come by the clocks of a zone, or none."""

    instead = "."
    """What else can be done, after "Choose a time to come"."""

    def __init__(self, zone: str, planned: datetime | None) -> None:
        super().__init__()
        self._zone = zone
        if planned and self.moment.raw_data is None:
            self.moment.data = to_wall(planned, zone)

    @property
    def moment(self) -> Moment:
        return cast(Moment, next(iter(self)))

    def instant(self) -> datetime | None:
        """That moment; None to plan nothing."""
        return to_utc(self.moment.data, self._zone) if self.moment.data else None

    def shown_twice(self) -> list[str]:
        """A sentence where clocks show that moment twice that night."""
        return _said_of(self.moment.data, self._zone) if self.moment.data else []

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        if self.moment.data and not self.moment.errors:
            self._check()
        return not self.errors

    def _check(self) -> None:
        if self.moment.is_bare:
            self.moment.errors = ["Please give a time of day too."]
            return
        try:
            if cast(datetime, self.instant()) <= now():
                self.moment.errors = [f"That is over already. Choose a time to come{self.instead}"]
        except NoSuchTime as gap:
            self.moment.errors = [str(gap)]


class ScheduleForm(MomentToCome):
    """When a draft is published."""

    instead = ", or publish it now."
    publish_at = Moment("Publish it at", description="Left empty, it stays a draft.")

    def __init__(self, event: Event) -> None:
        super().__init__(event.zone, event.publish_at)
        self._event = event

    def _check(self) -> None:
        super()._check()
        if not self.moment.errors and (why := why_unplanned(self._event, self.instant())):
            self.moment.errors = [why]


class TemplateForm(Form):
    """How a template is called."""

    name = Line("Name of the template", most=100, required=True)


class OrganizerForm(Form):
    """Somebody to organize one event, or one who shall do so no more."""

    email = Email("Their email", required=False, description="That of somebody who can sign in. They get a letter.")
    remove = Whole("Organizer", least=1, most=2**31 - 1)

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        if not self.errors and not self.email.data and not self.remove.data:
            self.email.errors = ["Please give an address."]
        return not self.errors
