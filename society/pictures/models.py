"""Pictures of events and venues, and logos: kept as what is shown of them, and never as what was sent."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

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
    """A picture, kept once however many places show it; what is said of it is said by each of them."""

    __tablename__ = "picture"

    key: Mapped[str] = mapped_column(String(32), unique=True)
    """A hash of the bytes that were sent: the address of what is shown never changes its content."""
    look: Mapped[Look] = mapped_column(one_of(Look))
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


@dataclass(frozen=True)
class Shown:
    """A picture as one place shows it."""

    picture: Picture
    alt: str
    """What it shows, in words for those who do not see it."""
    credit: str = ""
    """Who made it."""


class Pictured:
    """Columns of what shows a picture: which one, and the words that stand with it there."""

    picture_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id"), index=True)
    picture_alt: Mapped[str] = mapped_column(String(300), default="", server_default="")
    picture_credit: Mapped[str] = mapped_column(String(200), default="", server_default="")

    @declared_attr
    def picture(cls) -> Mapped[Picture | None]:  # noqa: N805
        return relationship()

    @property
    def shown(self) -> Shown | None:
        return Shown(self.picture, self.picture_alt, self.picture_credit) if self.picture else None

    def show(self, new: Shown | None) -> None:
        """Show another picture, or the same with other words, or none."""
        self.picture = new.picture if new else None
        self.picture_alt, self.picture_credit = (new.alt, new.credit) if new else ("", "")


class Rendition(Base):
    """A picture in one width and format, ready to be sent."""

    __tablename__ = "rendition"
    __table_args__ = (UniqueConstraint("picture_id", "width", "format"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    picture_id: Mapped[int] = mapped_column(ForeignKey("picture.id", ondelete="CASCADE"))
    width: Mapped[int]
    format: Mapped[str] = mapped_column(String(4))
    content: Mapped[bytes] = mapped_column(LargeBinary)
