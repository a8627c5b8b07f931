"""Organizations: those that host, sponsor and endorse events."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from society.db import Model
from society.pictures.models import Picture, Shown


class Organization(Model):
    """A body with a name of its own. "the B Debating Union" is kept as its name and its article."""

    __tablename__ = "organization"

    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200), unique=True)
    """The name in lower case, so that no body is entered twice."""
    article: Mapped[str] = mapped_column(String(10), default="")
    """What stands before the name within a sentence: "the" or nothing."""
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    url: Mapped[str] = mapped_column(String(500), default="")
    contact: Mapped[str] = mapped_column(String(254), default="")
    about: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    logo_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id"), index=True)
    logo_alt: Mapped[str] = mapped_column(String(300), default="", server_default="")

    logo: Mapped[Picture | None] = relationship(lazy="joined")

    @property
    def shown(self) -> Shown | None:
        """Its logo."""
        return Shown(self.logo, self.logo_alt) if self.logo else None

    def show(self, new: Shown | None) -> None:
        """Have another logo, or the same with other words, or none."""
        self.logo, self.logo_alt = (new.picture, new.alt) if new else (None, "")

    @property
    def in_a_sentence(self) -> str:
        """The name as it stands within a sentence, such as "the B Debating Union"."""
        return f"{self.article} {self.name}".strip()


def key_of(name: str) -> str:
    """How names are compared: in lower case."""
    return name.lower()[:200]
