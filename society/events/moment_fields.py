"""What the form of an event does with the moments told from its start on (see `society.events.moments`)."""

from datetime import datetime, timedelta
from typing import Any

import wtforms

from society.events.fields import Moment
from society.events.moments import MOMENTS, jump
from society.events.render import spoken_moment
from society.times import now, that_exists, to_utc


class MomentFields:
    """Whether they go along with a new start; without a word about it, those that were not typed anew do."""

    all_day: Any
    minimum: Any
    minimum_by: Any
    starts_at: Any
    timezone: Any
    beginning: dict[str, Any]
    """What the form showed at first."""
    publishing = False
    """Whether what is filled in is announced with it."""

    moments = wtforms.RadioField(
        "Where the start changes",
        choices={"along": "They keep their distance to it, unless you change them too", "stay": "They stay"},
        default="along",
        invalid_choice_message="Please choose one of these.",
        description="Until when answers are taken, until when members come first, when people are counted.",
    )

    def moment(self, name: str) -> datetime | None:
        """One of those told from the start on, as it will be: where only the start was typed anew, it goes along."""
        field = getattr(self, name)
        typed: datetime | None = field.data
        if typed is None or not self.goes_along(field):
            return typed
        return that_exists(typed + self._later(), self.timezone.data)

    def goes_along(self, field: Moment) -> bool:
        """Whether it is as the form showed it, while the start is not."""
        return bool(field.data and field.data == _typed(self.beginning.get(field.name)) and self._later())

    def _later(self) -> timedelta:
        """By how much the start moves on the clock; of whole days by how many of these."""
        was, starts = _typed(self.beginning.get("starts_at")), self.starts_at.data
        if was is None or starts is None or self.moments.data == "stay":
            return timedelta()
        whole = self.all_day.data or self.beginning.get("all_day")
        return timedelta(days=(starts.date() - was.date()).days) if whole else starts - was

    @property
    def has_moments(self) -> bool:
        """Whether the event has any that could go along with its start."""
        return any(self.beginning.get(name) for name in MOMENTS)

    def went_along(self) -> list[str]:
        """A sentence for each moment that goes along with the start, though only that was typed anew."""
        said = []
        for name, label in MOMENTS.items():
            moment = self.moment(name)
            if moment and self.goes_along(getattr(self, name)):
                said.append(f"{label} goes along with the start, to {spoken_moment(moment)}.")
                said += filter(None, [jump(getattr(self, name).data + self._later(), self.timezone.data)])
        return said

    def counted_at_once(self, *, announced: bool) -> str | None:
        """The sentence that says why people cannot be counted when it asks for that; None if they can.

        They never are at once: whoever might come has had no time to say so.
        """
        field, counted = self.minimum_by, self.moment("minimum_by")
        known = (self.minimum.data, counted) == (
            self.beginning.get("minimum"),
            _typed(self.beginning.get("minimum_by")),
        )
        if counted is None or field.errors or not (self.publishing or (announced and not known)):
            return None
        if to_utc(counted, self.timezone.data) > now():
            return None
        moved = f"The new start moves this to {spoken_moment(counted)}, which" if self.goes_along(field) else "That"
        return f"{moved} is over already. Choose a time to come, or leave it and the number empty."


def _typed(moment: datetime | None) -> datetime | None:
    """As a browser shows it, and sends it back."""
    return moment.replace(second=0, microsecond=0) if moment else None
