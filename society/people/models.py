"""People, their roles, and the one-time links by which they show that an address is theirs."""

from datetime import datetime, timedelta
from enum import StrEnum
from secrets import token_urlsafe

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from society.db import Model, one_of


class RoleName(StrEnum):
    """What staff may do: an admin may do all of it and the settings."""

    ORGANIZER = "organizer"
    SECRETARY = "secretary"
    ADMIN = "admin"


class Role(Model):
    """One role of one person."""

    __tablename__ = "role"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    name: Mapped[RoleName] = mapped_column(one_of(RoleName))
    given_at: Mapped[datetime]


class Person(UserMixin, Model):
    """Anyone known by an email address or, rarely, by post only. A guest is a person without a sign-in."""

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("email = lower(email)", "email_lower"),)

    name: Mapped[str] = mapped_column(String(200), index=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    verified_at: Mapped[datetime | None]
    """When they showed that the address is theirs, by a link mailed to it; without it, no sign-in."""
    created_at: Mapped[datetime]
    session_key: Mapped[str] = mapped_column(String(43), default=lambda: token_urlsafe(16))
    """Every signed-in browser carries it; a new one signs all of them out."""
    link_key: Mapped[str] = mapped_column(String(43), default=lambda: token_urlsafe(16))
    """Seals the standing links in their mail (see `society.tokens`)."""

    roles: Mapped[list[Role]] = relationship(lazy="selectin", cascade="all, delete-orphan")

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie: whose session, and of which generation."""
        return f"{self.id}.{self.session_key}"

    def has_role(self, name: str) -> bool:
        """Whether they may act as `name`; an admin may act as any."""
        return any(role.name in (name, RoleName.ADMIN) for role in self.roles)

    @property
    def is_staff(self) -> bool:
        return bool(self.roles)

    @property
    def can_sign_in(self) -> bool:
        return self.verified_at is not None

    def sign_out_everywhere(self) -> None:
        """Every session opened so far ends with its next request."""
        self.session_key = token_urlsafe(16)

    def verify(self, now: datetime) -> None:
        """The address has been shown to be theirs."""
        self.verified_at = self.verified_at or now


class Purpose(StrEnum):
    """What a one-time link is for."""

    VERIFY = "verify"
    SIGN_IN = "sign-in"
    RESET = "reset"
    NEW_EMAIL = "new-email"


class OneTimeLink(Model):
    """A link mailed to a person: good once, for a while. Only the secret's hash is stored."""

    __tablename__ = "one_time_link"

    LIFE = {
        Purpose.VERIFY: timedelta(days=3),
        Purpose.SIGN_IN: timedelta(minutes=30),
        Purpose.RESET: timedelta(hours=2),
        Purpose.NEW_EMAIL: timedelta(days=3),
    }

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[Purpose] = mapped_column(one_of(Purpose))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    new_email: Mapped[str | None] = mapped_column(String(254))
    """The address to change to, for a link that was mailed there."""

    person: Mapped[Person] = relationship()

    def holds(self, purpose: Purpose, now: datetime) -> bool:
        return self.purpose is purpose and self.used_at is None and now < self.expires_at
