"""An event's life: draft, published, called off or put off, over; and what is told of it afterwards."""

from datetime import datetime

from sqlalchemy import String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from society.errors import Refused


class Life:
    """Columns of an event: what has become of it. Calendars learn of every change by the sequence."""

    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    slug: Mapped[str | None] = mapped_column(String(120), unique=True)
    """Fixed at first publication; a draft has none."""
    published_at: Mapped[datetime | None]
    publish_at: Mapped[datetime | None]
    """When a draft is to be published by itself."""
    template_name: Mapped[str] = mapped_column(String(100), default="", server_default="")
    """Under which a draft is kept to begin others with; it is no event itself then."""
    cancelled_at: Mapped[datetime | None]
    postponed_at: Mapped[datetime | None]
    why_off: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What was said of why it was cancelled or put off last: by an organizer, or by the program itself."""
    sequence: Mapped[int] = mapped_column(default=0)
    """Raised by every change of time, place, status or title (RFC 5545, 3.8.7.4)."""
    revised_at: Mapped[datetime]
    """When anything that a calendar shows last changed."""

    def begun(self, now: datetime) -> bool:
        """Whether its start has passed; an event that is put off waits for another."""
        return self.postponed_at is None and self.starts_at <= now

    def over(self, now: datetime) -> bool:
        """Whether its end has passed; an event that is put off is to come, whatever date it had."""
        return self.postponed_at is None and self.ends_at <= now

    def gone(self, now: datetime) -> bool:
        """Whether there is nothing left to come to: it is cancelled or over."""
        return self.cancelled_at is not None or self.over(now)

    @property
    def on(self) -> bool:
        """Published, and neither cancelled nor put off: it will happen as announced."""
        return self.published_at is not None and not self.off

    @property
    def off(self) -> bool:
        """Cancelled, or put off until there is another date."""
        return self.cancelled_at is not None or self.postponed_at is not None

    @property
    def reason(self) -> str:
        """Why it is off, for all who see it; empty where nobody said, and once it is on again."""
        return self.why_off if self.off else ""

    def publish(self, slug: str, now: datetime) -> None:
        """Announce it. The address and the calendar's name for it are fixed from here on."""
        if self.published_at is not None:
            raise Refused("This event is published already.")
        if self.template_name:
            raise Refused("A template is not published; begin an event with it.")
        if self.over(now):
            raise Refused("This event is over by its dates; correct them first.")
        self.slug, self.published_at, self.revised_at, self.publish_at = slug, now, now, None

    def cancel(self, now: datetime, why: str = "") -> None:
        """Call it off; calendars learn of it by the raised sequence (RFC 5546, 2.1.4)."""
        self.must_be_to_come(now, "cancelled")
        self.cancelled_at, self.postponed_at, self.why_off = now, None, why
        self.raise_sequence(now)

    def postpone(self, now: datetime, why: str = "") -> None:
        """Put it off until a new date is known; giving one ends that."""
        self.must_be_to_come(now, "postponed")
        if self.postponed_at is None:
            self.postponed_at, self.why_off = now, why
            self.raise_sequence(now)

    def why_it_stays(self, now: datetime, done: str) -> str | None:
        """The sentence that says why it cannot be called off or put off; None if it can: it is announced, takes place
        and has not begun."""
        if self.published_at is None:
            return f"A draft cannot be {done}: only organizers see it. It can be deleted."
        if self.cancelled_at is not None:
            return "This event is cancelled."
        if self.begun(now):
            return f"An event that has begun cannot be {done}. If it ends earlier, give it another end."
        return None

    def must_be_to_come(self, now: datetime, done: str) -> None:
        """Refuse what is done only to what can be called off or put off."""
        if why := self.why_it_stays(now, done):
            raise Refused(why)

    def raise_sequence(self, now: datetime) -> None:
        self.sequence += 1
        self.revised_at = now


class Afterwards:
    """Columns of an event: how it was."""

    has_material: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether anything is said or kept of it afterwards, so that the pages of all others need not look."""
    report: Mapped[str] = mapped_column(Text, default="", server_default="")
    """How it was, in Markdown."""
    attendance: Mapped[int | None]
    """How many came, where that was not counted at the door."""
    attendance_shown: Mapped[bool] = mapped_column(default=False, server_default=false())
