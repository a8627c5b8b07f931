"""What stays of an event: slides, recordings, photographs, papers, minutes."""

from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from society.db import Base, Model, one_of


class MaterialKind(StrEnum):
    """What it is."""

    SLIDES = "slides"
    RECORDING = "recording"
    PHOTOGRAPH = "photograph"
    PAPER = "paper"
    MINUTES = "minutes"
    LINK = "link"


class Seen(StrEnum):
    """Who may see it, of those who may see the event."""

    EVERYONE = "everyone"
    MEMBERS = "members"
    CAME = "came"


class Material(Model):
    """A link, or a file that is kept here."""

    __tablename__ = "material"
    __table_args__ = (Index(None, "event_id", "position"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[MaterialKind] = mapped_column(one_of(MaterialKind))
    title: Mapped[str] = mapped_column(String(200))
    seen_by: Mapped[Seen] = mapped_column(one_of(Seen), default=Seen.EVERYONE)
    url: Mapped[str] = mapped_column(String(500), default="")
    file_name: Mapped[str] = mapped_column(String(120), default="")
    """Of the file that is kept here; empty for a link."""
    media_type: Mapped[str] = mapped_column(String(100), default="")
    size: Mapped[int] = mapped_column(default=0)
    """In bytes."""
    preview_width: Mapped[int] = mapped_column(default=0, server_default="0")
    preview_height: Mapped[int] = mapped_column(default=0, server_default="0")
    """In pixels, of a picture that is kept here; 0 of all else."""

    of_session: Mapped["SessionMaterial | None"] = relationship(
        lazy="joined", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def session_id(self) -> int | None:
        """Of which session of the agenda it is; None: of the event as a whole."""
        return self.of_session.session_id if self.of_session else None

    @session_id.setter
    def session_id(self, number: int | None) -> None:
        if number != self.session_id:
            self.of_session = SessionMaterial(session_id=number) if number else None

    @property
    def about(self) -> str:
        """ "PDF, 1.2 MB"; nothing for a link."""
        if not self.file_name:
            return ""
        ending = self.file_name.rpartition(".")[2].upper()
        return f"{ending}, {self.size / 1e6:.1f} MB" if self.size >= 100_000 else f"{ending}, {self.size / 1e3:.0f} KB"


class SessionMaterial(Base):
    """That something is of one session; when that is taken out of the agenda, it is the event's again."""

    __tablename__ = "session_material"

    material_id: Mapped[int] = mapped_column(ForeignKey("material.id", ondelete="CASCADE"), primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("event_session.id", ondelete="CASCADE"), index=True)


class MaterialFile(Base):
    """The bytes of one, loaded when they are sent and at no other time."""

    __tablename__ = "material_file"

    material_id: Mapped[int] = mapped_column(ForeignKey("material.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    preview: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Of a picture: a small one, to be shown among others."""
