"""Pictures of events and venues, and logos: kept as what is shown of them, and never as what was sent."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from society.db import Base, Model, one_of


class Look(StrEnum):
    """What a picture is for, which decides how wide it is shown and whether what lies behind shines through."""

    PHOTO = "photo"
    LOGO = "logo"


WIDTHS = {Look.PHOTO: (400, 800, 1600), Look.LOGO: (200, 400)}
"""In pixels, for narrow and wide screens and those with fine dots."""
FORMATS = {Look.PHOTO: ("webp", "jpg"), Look.LOGO: ("webp", "png")}
"""The smaller one first, then one that every program knows."""
TYPES = {"webp": "image/webp", "jpg": "image/jpeg", "png": "image/png"}


class Picture(Model):
    """A picture, with what it shows in words for those who do not see it."""

    __tablename__ = "picture"

    key: Mapped[str] = mapped_column(String(32), unique=True)
    """A hash of the bytes that were sent: the address of what is shown never changes its content."""
    look: Mapped[Look] = mapped_column(one_of(Look))
    alt: Mapped[str] = mapped_column(String(300))
    credit: Mapped[str] = mapped_column(String(200), default="")
    width: Mapped[int]
    height: Mapped[int]
    """Of the picture as sent, turned upright, in pixels."""
    created_at: Mapped[datetime]

    @property
    def widths(self) -> list[int]:
        """Those it is kept in: the usual ones, none wider than it was."""
        usual = WIDTHS[self.look]
        return [*(width for width in usual if width < self.width), *[self.width] * (self.width <= usual[-1])]

    def height_at(self, width: int) -> int:
        return max(1, round(self.height * width / self.width))

    def path(self, width: int, form: str) -> str:
        """Where it is served."""
        return f"/pictures/{self.key}-{width}.{form}"


class Rendition(Base):
    """A picture in one width and format, ready to be sent."""

    __tablename__ = "rendition"
    __table_args__ = (UniqueConstraint("picture_id", "width", "format"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    picture_id: Mapped[int] = mapped_column(ForeignKey("picture.id", ondelete="CASCADE"))
    width: Mapped[int]
    format: Mapped[str] = mapped_column(String(4))
    content: Mapped[bytes] = mapped_column(LargeBinary)
