"""What organizers decide about an event's entry in calendars, and what is kept ready for it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, false
from sqlalchemy.orm import Mapped, mapped_column

from society.db import WallClock


class InCalendars:
    """Columns of an event: whether its days stand by themselves, and what hangs on its entry."""

    starts: Mapped[WallClock]
    ends: Mapped[WallClock]
    all_day: Mapped[bool]

    daily: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Of several days, each by itself between the same hours; else one banner over all of them."""
    attached: Mapped[Sequence[dict[str, Any]]] = mapped_column(JSON, default=(), server_default="[]")
    """What of its material everyone may see, in its order: number, address if it is a link, and media type of a file.
    A copy, so that an entry is rendered from the event's row."""

    @property
    def last_day(self) -> date:
        """The last that it is on; what goes on until a midnight is not on that next day."""
        return (self.ends - timedelta(microseconds=1)).date()

    @property
    def separate_days(self) -> int:
        """On how many days it stands in calendars by itself; 1 where it is one entry.

        Between the same hours of each day it can be only if it ends later in the day than it begins.
        """
        if not self.daily or (not self.all_day and self.ends.time() <= self.starts.time()):
            return 1
        last = self.ends - timedelta(days=1) if self.all_day else self.ends
        return (last.date() - self.starts.date()).days + 1

    @property
    def first_entry(self) -> tuple[datetime, datetime]:
        """Start and end of its entry, or of the first of its days if each is by itself."""
        if self.separate_days == 1:
            return self.starts, self.ends
        if self.all_day:
            return self.starts, self.starts + timedelta(days=1)
        return self.starts, datetime.combine(self.starts.date(), self.ends.time())
