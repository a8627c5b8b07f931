"""What an event asks of answers besides seats; of each, an event that says nothing is as if it were not there."""

from datetime import datetime

from sqlalchemy import String, false
from sqlalchemy.orm import Mapped, mapped_column

from society.db import WallClock
from society.languages import ENGLISH
from society.membership.render import money
from society.phrases import phrase
from society.times import shown_from

USUAL_MINUTES = 120


class Conditions:
    """Columns of an event: members first, how many must come, what it costs, and the last day's waiting list."""

    zone: Mapped[str]

    confirm_minutes: Mapped[int] = mapped_column(default=USUAL_MINUTES, server_default=str(USUAL_MINUTES))
    """How long a seat offered on the last day is kept for whoever waited."""
    members_first_until: Mapped[WallClock | None]
    """Until then only members in good standing can answer, by the event's own clocks."""
    minimum: Mapped[int | None]
    """People who must come by `minimum_by`; else the organizers are told, or it is called off."""
    minimum_by: Mapped[WallClock | None]
    minimum_cancels: Mapped[bool] = mapped_column(default=False, server_default=false())
    minimum_judged_at: Mapped[datetime | None]
    """When they were counted; once for each minimum."""
    price: Mapped[int | None]
    """Paid at the door, in the currency's minor unit; 0 is free, None is not said. Only noted: no payment is taken."""
    currency: Mapped[str] = mapped_column(String(3), default="", server_default="")
    members_free: Mapped[bool] = mapped_column(default=False, server_default=false())

    @property
    def members_first_until_at(self) -> datetime | None:
        return shown_from(self.members_first_until, self.zone) if self.members_first_until else None

    @property
    def minimum_by_at(self) -> datetime | None:
        return shown_from(self.minimum_by, self.zone) if self.minimum_by else None

    def waits_for_people(self, now: datetime) -> bool:
        """Whether it is still open if it takes place: it is cancelled by itself where too few have said yes by then."""
        by = self.minimum_by_at
        return self.minimum_cancels and self.minimum_judged_at is None and by is not None and now < by

    @property
    def admission(self) -> str:
        """What each who comes pays, "EUR 12"; empty where nobody does, or that is not said."""
        return money(self.price, self.currency) if self.price else ""

    @property
    def costs(self) -> str:
        """What it costs, as a phrase: "EUR 12, paid at the door; free for members". Empty if that is not said."""
        return self.costs_in(ENGLISH)

    def costs_in(self, language: str) -> str:
        """The same in that language."""
        if self.price is None:
            return ""
        if self.price == 0:
            return phrase("Free", language)
        price = money(self.price, self.currency, language)
        if self.members_free:
            return phrase("{price}, paid at the door; free for members", language, price=price)
        return phrase("{price}, paid at the door", language, price=price)
