"""Rooms of venues. An event names its room in words, so that a room taken out here changes no announcement."""

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from society.db import Model


class Room(Model):
    """A room of a venue, as organizers and visitors know it."""

    __tablename__ = "room"
    __table_args__ = (
        UniqueConstraint("venue_id", "name"),
        CheckConstraint("capacity IS NULL OR capacity > 0", "capacity_positive"),
    )

    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(100))
    capacity: Mapped[int | None]
    access: Mapped[str] = mapped_column(String(300), default="")
    """What one wants to know before going there: steps, a lift, a hearing loop."""

    @property
    def line(self) -> str:
        """As it is typed: "Great Hall | 180 | step-free by the west door"."""
        parts = [self.name, str(self.capacity or ""), self.access]
        return " | ".join(parts).rstrip(" |")
