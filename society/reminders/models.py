"""Notices that go out by themselves, at a time counted from their event."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from society.db import Model, one_of
from society.errors import Refused
from society.events.models import Event
from society.notices.models import Notice
from society.text import counted, duration
from society.times import NoSuchTime, to_utc

DAY = 24 * 60
FURTHEST = 60 * DAY
"""Minutes between an event and what is planned for it, at most."""
MORNING = timedelta(hours=9)
"""When a whole day begins, for what is counted in hours from it."""
THERE_ALREADY = "There is one at that time already."
THANKS_WAIT = timedelta(days=7)
"""So long after its time a letter of thanks still goes, if nothing could be sent meanwhile."""


class Occasion(StrEnum):
    """Why it is written."""

    REMINDER = "reminder"
    """Before the start, to those who are going."""
    THANKS = "thanks"
    """After the end, to those who came."""


class Standing(StrEnum):
    """What will become of it, as things are."""

    PLANNED = "planned"
    WAITS = "waits"
    """Its event is not on: a draft, cancelled or postponed."""
    STOPPED = "stopped"
    MISSED = "missed"
    SENT = "sent"


class Planned(Model):
    """One notice to come. It keeps its distance from the event, so it moves along with it."""

    __tablename__ = "planned_notice"
    __table_args__ = (UniqueConstraint("event_id", "occasion", "minutes"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    occasion: Mapped[Occasion] = mapped_column(one_of(Occasion))
    minutes: Mapped[int]
    """Before the start or after the end, by the clock on the wall."""
    stopped_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    """When its time had come and it was seen to: it is not repeated by itself, wherever the event is moved then."""
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id"))
    """What was sent; None too where there was nobody to write to."""

    event: Mapped[Event] = relationship()
    notice: Mapped[Notice | None] = relationship()

    @property
    def timing(self) -> "Timing":
        return Timing(self.event, self.occasion, self.minutes)

    @property
    def due_at(self) -> datetime:
        return self.timing.due_at

    def standing(self, now: datetime) -> Standing:
        """What will become of it, or has."""
        if self.sent_at is not None:
            return Standing.SENT
        if self.stopped_at is not None:
            return Standing.STOPPED
        if now >= self.timing.too_late_at:
            return Standing.MISSED
        return Standing.PLANNED if self.event.on else Standing.WAITS

    def reaches_more(self, now: datetime) -> bool:
        """Whether who is noted as there only now still gets the thanks: as long as these would go out late."""
        kept_back = self.notice is None or self.notice.sent_at is None or self.notice.halted
        return not kept_back and self.event.on and now < self.timing.too_late_at

    def is_due(self, now: datetime) -> bool:
        return self.standing(now) is Standing.PLANNED and self.due_at <= now

    def stop(self, now: datetime) -> None:
        """It does not go out, unless that is taken back in time."""
        self._must_be_unsent()
        self.stopped_at = self.stopped_at or now

    def resume(self, now: datetime) -> None:
        """It goes out after all. Refused once its time is past: nobody expects it to leave at that instant."""
        self._must_be_unsent()
        self.timing.must_be_to_come(now)
        self.stopped_at = None

    def move(self, minutes: int, now: datetime) -> None:
        """It goes out at another time."""
        self._must_be_unsent()
        Timing(self.event, self.occasion, minutes).must_be_to_come(now)
        self.minutes = minutes

    def renew(self) -> None:
        """It goes out once more: what was sent was for another date."""
        if self.sent_at is None:
            raise Refused(THERE_ALREADY)
        self.sent_at = self.notice_id = self.stopped_at = None

    @property
    def overtaken(self) -> bool:
        """Whether its event was moved on after it had been sent."""
        return self.sent_at is not None and self.sent_at < self.due_at

    def _must_be_unsent(self) -> None:
        if self.sent_at is not None:
            raise Refused("Its time has come: it was sent already.")


@dataclass(frozen=True)
class Timing:
    """When something planned for an event goes out."""

    event: Event
    occasion: Occasion
    minutes: int

    @classmethod
    def at(cls, event: Event, occasion: Occasion, wall: datetime) -> "Timing":
        """So that it goes out when the event's clocks show that; raises Refused where it would not fit."""
        anchor = cls(event, occasion, 0).anchor
        apart = anchor - wall if occasion is Occasion.REMINDER else wall - anchor
        minutes = round(apart.total_seconds() / 60)
        if not 0 < minutes <= FURTHEST:
            side = "before the event begins" if occasion is Occasion.REMINDER else "after the event has ended"
            raise Refused(f"Please choose a time {side}, at most {FURTHEST // DAY} days.")
        return cls(event, occasion, minutes)

    @property
    def anchor(self) -> datetime:
        """What it is counted from, by the event's clocks; whole days begin, and are over, in the morning."""
        wall = self.event.starts if self.occasion is Occasion.REMINDER else self.event.ends
        return wall + MORNING if self.event.all_day else wall

    @property
    def wall(self) -> datetime:
        apart = timedelta(minutes=self.minutes)
        return self.anchor - apart if self.occasion is Occasion.REMINDER else self.anchor + apart

    @property
    def due_at(self) -> datetime:
        return _instant(self.wall, self.event.zone)

    @property
    def too_late_at(self) -> datetime:
        """From when on it is of no use: a reminder once it has begun, thanks a week late."""
        if self.occasion is Occasion.REMINDER:
            return _instant(self.anchor, self.event.zone)
        return self.due_at + THANKS_WAIT

    def must_be_to_come(self, now: datetime) -> None:
        if self.due_at <= now:
            raise Refused("That time is past already.")

    def __str__(self) -> str:
        return distance(self.occasion, self.minutes)


def distance(occasion: Occasion, minutes: int) -> str:
    """ "1 day before it begins", "3 hours after it ends"."""
    side = "before it begins" if occasion is Occasion.REMINDER else "after it ends"
    days, rest = divmod(minutes, DAY)
    parts = [counted(days, "day")] * bool(days) + [duration(rest)] * bool(rest)
    return f"{' '.join(parts)} {side}"


def _instant(wall: datetime, zone: str) -> datetime:
    """Where clocks jump over that time, an hour later: nobody chose it, it follows from the event's."""
    try:
        return to_utc(wall, zone)
    except NoSuchTime:
        return to_utc(wall + timedelta(hours=1), zone)
