"""People, their roles, and the one-time links by which they show that an address is theirs."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from secrets import token_urlsafe

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Table, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from society.db import Base, Model, one_of
from society.settings import society
from society.text import folded
from society.times import now, today_in


class RoleName(StrEnum):
    """What staff may do: an admin may do all of it and the settings."""

    ORGANIZER = "organizer"
    SECRETARY = "secretary"
    ADMIN = "admin"


class Rhythm(StrEnum):
    """How often somebody wants what can wait: each letter at once, or all of them together."""

    AT_ONCE = "at-once"
    DAILY = "daily"
    WEEKLY = "weekly"


class Role(Model):
    """One role of one person."""

    __tablename__ = "role"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    name: Mapped[RoleName] = mapped_column(one_of(RoleName))
    given_at: Mapped[datetime]
    term_id: Mapped[int | None] = mapped_column(ForeignKey("term.id", ondelete="CASCADE"), index=True)
    """The term of office it comes with and ends with; None: given by itself. (See `society.offices`.)"""
    starts_on: Mapped[date | None]
    """Where it comes with a term of office, that term's first day; the role counts on no day before."""
    ends_on: Mapped[date | None]
    """That term's last day; the role counts on none after, without anybody doing anything."""

    def counts(self, on: date) -> bool:
        """Whether it lets them do anything on that day of the society's calendar."""
        return (self.starts_on is None or self.starts_on <= on) and (self.ends_on is None or on <= self.ends_on)


class EventOrganizer(Model):
    """Somebody who organizes one event, without the role for all. (Its page is in `society.events`.)"""

    __tablename__ = "event_organizer"
    __table_args__ = (UniqueConstraint("event_id", "person_id"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    given_at: Mapped[datetime]

    person: Mapped["Person"] = relationship(back_populates="organizing")


person_tag = Table(
    "person_tag",
    Base.metadata,
    Column("person_id", ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Tag(Model):
    """A word that secretaries put on people, to find them by."""

    __tablename__ = "tag"

    name: Mapped[str] = mapped_column(String(60), unique=True)


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
    card_key: Mapped[str] = mapped_column(String(43), default=lambda: token_urlsafe(16))
    """Seals the code on their membership card; a new one makes the cards printed so far worthless."""
    phone: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[str] = mapped_column(Text, default="")
    """For post, in lines as on an envelope, without the name."""
    city: Mapped[str] = mapped_column(String(100), default="", index=True)
    language: Mapped[str] = mapped_column(String(35), default="", index=True)
    """BCP 47, such as "en" or "pt-BR"; empty is the society's."""
    zone: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """The IANA name of the time zone that their own clock is set to; empty is the society's."""
    born_on: Mapped[date | None]
    external_id: Mapped[str | None] = mapped_column(String(100), index=True, unique=True)
    """What another register calls them."""
    notes: Mapped[str] = mapped_column(Text, default="")
    """The secretaries' own; shown to no one else, but part of the person's data."""
    about: Mapped[str] = mapped_column(Text, default="")
    """What they say of themselves in the directory."""
    feed_only: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Their calendar follows their own feed, so letters bring it no invitations and nothing shows twice."""
    sequence_beyond: Mapped[int] = mapped_column(default=0, server_default="0")
    """How far the sequences of all their invitations are ahead of the events' for that choice, answered or not: what
    took the earlier ones back had sequences of its own (RFC 5546, 2.1.4). It never falls."""
    by_letter: Mapped[bool] = mapped_column(default=False, server_default=false())
    """What goes out on lists comes to them on paper, as long as a postal address is known (see `wants_paper`)."""
    rhythm: Mapped[Rhythm] = mapped_column(one_of(Rhythm), default=Rhythm.AT_ONCE, server_default=Rhythm.AT_ONCE.value)
    """How often announcements and newsletters are mailed to them (see `society.mail.rhythm`)."""
    shown: Mapped[str] = mapped_column(String(100), default="")
    """What of them the directory shows to members: of "name", "email", "phone", "city" and "about", separated by
    spaces. Without "name" they do not appear."""
    folded: Mapped[str] = mapped_column(Text, default="")
    """Name, address, city and numbers, as searches compare them (see `society.text.folded`)."""
    folded_name: Mapped[str] = mapped_column(Text, default="", server_default="")
    """The name alone, for whoever must not search the rest. It may be longer than the name: "ß" is two letters."""
    revision: Mapped[int] = mapped_column(default=1)
    """Raised by every change of what a person's page shows, so that nobody overwrites what they have not seen."""
    erased_at: Mapped[datetime | None]
    """When all that told who they were was erased; the row stays for the ledger and the counts."""

    tags: Mapped[list[Tag]] = relationship(secondary=person_tag, order_by=Tag.name)
    roles: Mapped[list[Role]] = relationship(lazy="selectin", cascade="all, delete-orphan")
    organizing: Mapped[list[EventOrganizer]] = relationship(back_populates="person", passive_deletes=True)
    """The events that they organize with others, without the role for all."""

    @validates("name", "email", "city", "phone", "external_id")
    def _fold(self, changed: str, value: str | None) -> str | None:
        """Keep what searches read in step with what people read."""
        words = [value if name == changed else getattr(self, name) for name in SEARCHED]
        self.folded = folded(" ".join(filter(None, words)))
        if changed == "name":
            self.folded_name = folded(value or "")
        return value

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie: whose session, and of which generation."""
        return f"{self.id}.{self.session_key}"

    def has_role(self, name: str) -> bool:
        """Whether they may act as `name` today; an admin may act as any."""
        return any(role.name in (name, RoleName.ADMIN) for role in self.roles_today)

    def organizes(self, event_id: int) -> bool:
        """Whether they may do all that there is to do for this event."""
        return self.has_role(RoleName.ORGANIZER) or any(one.event_id == event_id for one in self.organizing)

    @property
    def roles_today(self) -> list[Role]:
        """Their roles without those of terms of office that have not begun or are over."""
        if all(role.starts_on is None and role.ends_on is None for role in self.roles):
            return self.roles
        today = today_in(society().zone, now())
        return [role for role in self.roles if role.counts(today)]

    @property
    def is_staff(self) -> bool:
        return bool(self.roles_today)

    @property
    def has_postal_address(self) -> bool:
        return bool(self.address.strip())

    @property
    def wants_paper(self) -> bool:
        """Whether what goes out on lists is posted to them rather than mailed."""
        return self.by_letter and self.has_postal_address

    @property
    def own_zone(self) -> str:
        """Which zone their clock shows, as far as we know."""
        return self.zone or society().zone

    @property
    def can_sign_in(self) -> bool:
        return self.verified_at is not None

    def sign_out_everywhere(self) -> None:
        """Every session opened so far ends with its next request."""
        self.session_key = token_urlsafe(16)

    def verify(self, now: datetime) -> None:
        """The address has been shown to be theirs."""
        self.verified_at = self.verified_at or now


SEARCHED = ("name", "email", "city", "phone", "external_id")
"""What of a person searches look through."""


class FormerPerson(Model):
    """Somebody who was merged into another: what was mailed to them goes on to open, for the one who stayed."""

    __tablename__ = "former_person"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    """Who stayed."""
    number: Mapped[int] = mapped_column(index=True)
    """The number that is no more. SQLite may give it to somebody new, so it means nothing without the key."""
    link_key: Mapped[str] = mapped_column(String(43))
    card_key: Mapped[str] = mapped_column(String(43), default="", server_default="")
    """Seals the codes of their membership cards; empty once those were given up."""
    address: Mapped[str | None] = mapped_column(String(254))
    """The one of the two email addresses that did not stay: calendars go on to answer by it."""
    merged_at: Mapped[datetime]


class Consent(Model):
    """What a person agreed to, in the words of that day."""

    __tablename__ = "consent"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    wording: Mapped[str] = mapped_column(Text)
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class ErasedAddress(Model):
    """That an address was erased on request: its salted hash, so that no import brings it back unseen."""

    __tablename__ = "erased_address"

    digest: Mapped[str] = mapped_column(String(64), unique=True)
    """HMAC-SHA256 of the address, keyed by the society's salt."""
    erased_at: Mapped[datetime]


class Purpose(StrEnum):
    """What a one-time link is for."""

    VERIFY = "verify"
    SIGN_IN = "sign-in"
    RESET = "reset"
    NEW_EMAIL = "new-email"
    ERASE = "erase"


class OneTimeLink(Model):
    """A link mailed to a person: good once, for a while. Only the secret's hash is stored."""

    __tablename__ = "one_time_link"

    LIFE = {
        Purpose.VERIFY: timedelta(days=3),
        Purpose.SIGN_IN: timedelta(minutes=30),
        Purpose.RESET: timedelta(hours=2),
        Purpose.NEW_EMAIL: timedelta(days=3),
        Purpose.ERASE: timedelta(days=3),
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
