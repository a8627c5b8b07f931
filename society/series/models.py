"""Series of events. Each occurrence is an event of its own; the series knows the rule and made them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from society.db import Model
from society.people.models import Person
from society.series.rules import Rule


class EventSeries(Model):
    """A rule, and the first day that it counts from."""

    __tablename__ = "event_series"

    title: Mapped[str] = mapped_column(String(200))
    rule_json: Mapped[dict[str, Any]] = mapped_column("rule", JSON)
    first_on: Mapped[date]
    made_until: Mapped[date]
    """Its days up to here have been made into events."""
    ended_at: Mapped[datetime | None]
    """Since when no more are made."""
    origin_id: Mapped[int | None] = mapped_column(ForeignKey("event_series.id"), index=True)
    """Of one that goes on from another by another rule: the first of them all."""
    pattern: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    """What was chosen for all that follow, by the name of the value, with the day up to which events were made then."""
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)

    created_by: Mapped[Person | None] = relationship()

    @property
    def rule(self) -> Rule:
        return Rule.of(self.rule_json)

    @property
    def spoken(self) -> str:
        """ "Every second Thursday, until 30 June 2027"."""
        return self.rule.spoken(self.first_on)

    @property
    def goes_on(self) -> bool:
        """Whether further ones are made as time passes."""
        return self.ended_at is None and self.rule.goes_past(self.first_on, self.made_until)
