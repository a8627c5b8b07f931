"""What those who come are told, and nobody else: how to join from elsewhere, how to get in."""

from datetime import datetime, timedelta

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from society.events.life import Life


class Online(Life):
    """Columns of an event: its link for those who come and from when it is shown, and what else they are told."""

    online_url: Mapped[str] = mapped_column(String(500), default="")
    online_minutes: Mapped[int] = mapped_column(default=60, server_default="60")
    """From so long before the start the link is shown; 0: at any time."""
    instructions: Mapped[str] = mapped_column(Text, default="", server_default="")
    """A passcode, a door code, which bell to ring; plain text. It is wanted on the way, so it is shown at once, to whom
    `Rsvp.is_told` says, and no letter holds it: it would outlive the seat that it was for."""

    @property
    def tells_more(self) -> bool:
        """Whether there is anything that those who come alone are told."""
        return bool(self.online_url or self.instructions)

    def tells_instructions(self, now: datetime) -> bool:
        """Whether it has some that are of use yet: until the end, and never of what does not take place."""
        return bool(self.instructions) and self.on and not self.over(now)

    @property
    def link_from(self) -> datetime | None:
        """From when those who come are shown the link; None: at once."""
        return self.starts_at - timedelta(minutes=self.online_minutes) if self.online_minutes else None

    def shows_link_later(self, now: datetime) -> bool:
        """Whether it is too early for it, and whoever has a page open now may have it open still when it is time."""
        return bool(self.online_url) and self.on and self.link_from is not None and now < self.link_from

    def shows_link(self, now: datetime) -> bool:
        """Whether it is time for the link for joining online: until the end, and never of what does not take place."""
        begun = self.link_from is None or now >= self.link_from
        return bool(self.online_url) and self.on and begun and not self.over(now)
