"""Keys, by which helpers without an account check guests in; and what was done at the door."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from society.db import Model, one_of
from society.events.models import Event

LONGEST_NAME = 60
"""Characters of a key's name: "Anna, side entrance", not how to get there."""
AFTER_THE_END = timedelta(hours=12)
"""How long a key opens after the event: whoever stays to clear up can still put the list right."""


class DoorAction(StrEnum):
    """What may happen at the door."""

    CHECK_IN = "in"
    UNDO = "undo"


class DoorKey(Model):
    """A link that opens one event's door and nothing else. It is nobody's: it may pass from hand to hand."""

    __tablename__ = "door_key"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME), default="", server_default="")
    """Whom or which entrance it was made for, as organizers call it; empty where they do not."""
    hashed: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    """When somebody was last checked in or out by it; looking is not noted."""
    revoked_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()

    @property
    def noted(self) -> int | str:
        """How the log tells of it: by its number, which no other has, and by the name that it has by then."""
        return f"{self.name} (key {self.id})" if self.name else self.id

    @property
    def called(self) -> str:
        """The same where it stands alone: "Anna, side entrance", "Key 3"."""
        return self.name or f"Key {self.id}"

    def opens(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.event.ends_at + AFTER_THE_END

    def revoke(self, now: datetime) -> None:
        self.revoked_at = self.revoked_at or now


class DoorAct(Model):
    """Something done at the door. Phones without network tell theirs late and out of order, so all are kept."""

    __tablename__ = "door_act"

    rsvp_id: Mapped[int] = mapped_column(ForeignKey("rsvp.id", ondelete="CASCADE"), index=True)
    act: Mapped[DoorAction] = mapped_column(one_of(DoorAction))
    at: Mapped[datetime]
    came: Mapped[int | None]
    """How many of the party, None for all of them."""
    uid: Mapped[str | None] = mapped_column(String(36), unique=True)
    """The name that a phone gave it, by which it counts once; None for what was done here at once."""
