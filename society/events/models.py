"""Events: what happens where and when, who speaks, and who backs it."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from secrets import token_urlsafe

from sqlalchemy import JSON, CheckConstraint, Float, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from society.db import Model, WallClock, one_of
from society.errors import Refused
from society.events.conditions import Conditions
from society.events.in_calendars import InCalendars
from society.events.life import Afterwards, Life
from society.events.online import Online
from society.events.tags import Tagged
from society.organizations.models import Organization
from society.people.models import Person
from society.phrases import marked
from society.pictures.models import Pictured
from society.text import folded, in_an_address
from society.times import midnight, shown_from, to_utc, to_wall

ONLINE = marked("Online")
"""Where something is that is nowhere else."""
LONGEST = timedelta(days=366)
"""No event lasts longer; a series of events does."""


class Visibility(StrEnum):
    """Who may see a published event."""

    PUBLIC = "public"
    MEMBERS = "members"


class RsvpPolicy(StrEnum):
    """Who may answer, and whether an organizer decides."""

    OPEN = "open"
    MEMBERS = "members"
    APPROVAL = "approval"
    CLOSED = "closed"


OPEN_TO_ALL = (RsvpPolicy.OPEN, RsvpPolicy.CLOSED)
"""To what the public may see of these everybody may come, whether a member or not: they need only answer, or not even
that. Where members come first it is so too, only later; and what an organizer decides is promised to nobody."""


class BackingRole(StrEnum):
    """What an organization does for an event."""

    HOST = "host"
    SPONSOR = "sponsor"
    ENDORSER = "endorser"


class BackingState(StrEnum):
    """Whether the organization agreed; only confirmed backings are shown."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Colour(StrEnum):
    """Marks categories apart. The values are CSS's names of colours, which calendars know too (RFC 7986, 5.9)."""

    RED = "firebrick"
    ORANGE = "chocolate"
    YELLOW = "goldenrod"
    GREEN = "seagreen"
    TEAL = "teal"
    BLUE = "royalblue"
    INDIGO = "slateblue"
    PURPLE = "darkorchid"
    PINK = "mediumvioletred"
    GREY = "slategray"


class Category(Model):
    """A kind of event, such as "Lectures"."""

    __tablename__ = "category"

    name: Mapped[str] = mapped_column(String(100), unique=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    colour: Mapped[Colour | None] = mapped_column(one_of(Colour))


class Venue(Pictured, Model):
    """A place where events happen."""

    __tablename__ = "venue"
    __table_args__ = (UniqueConstraint("name", "address"),)

    name: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    address: Mapped[str] = mapped_column(String(500), default="")
    town: Mapped[str] = mapped_column(String(100), default="", server_default="")
    """By which visitors narrow lists."""
    zone: Mapped[str] = mapped_column(String(64))
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    """WGS 84, in degrees."""
    capacity: Mapped[int | None]
    access: Mapped[str] = mapped_column(Text, default="")
    """Steps, lifts, hearing loops: what a visitor wants to know beforehand."""
    folded: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """What searches read: the name without case and accents."""

    @validates("name")
    def _fold(self, _field: str, name: str) -> str:
        self.folded = folded(name)
        return name


class Event(Online, Life, Afterwards, Conditions, Tagged, InCalendars, Pictured, Model):
    """Something to come to. The wall clock and `zone` are the truth; `starts_at`/`ends_at` follow from them.

    The end is the instant it is over. An all-day event starts at midnight and ends at the midnight after its last day.
    """

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", "runs_forwards"),
        CheckConstraint("capacity IS NULL OR capacity > 0", "capacity_positive"),
        CheckConstraint("max_party_size > 0", "party_positive"),
        Index(None, "visibility", "ends_at"),
        Index(None, "visibility", "starts_at", "id"),
        Index(None, "series_id", "series_on", unique=True),
        Index(
            "ix_event_publish_at",
            "publish_at",
            sqlite_where=text("publish_at IS NOT NULL"),  # few rows, looked for every minute
            postgresql_where=text("publish_at IS NOT NULL"),
        ),
        Index(
            "ix_event_postponed_at",
            "postponed_at",
            sqlite_where=text("postponed_at IS NOT NULL"),  # few rows, looked for by every list of what is to come
            postgresql_where=text("postponed_at IS NOT NULL"),
        ),
    )

    title: Mapped[str] = mapped_column(String(200))
    uid: Mapped[str] = mapped_column(String(120), unique=True, default=lambda: f"{token_urlsafe(18)}@society.event")
    """The calendar's name for it (RFC 5545, 3.8.4.7): fixed, and free of this site's address, which may change."""
    summary: Mapped[str] = mapped_column(String(300), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    """Markdown."""
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"), index=True)
    starts: Mapped[WallClock]
    ends: Mapped[WallClock]
    zone: Mapped[str] = mapped_column(String(64))
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime] = mapped_column(index=True)
    all_day: Mapped[bool] = mapped_column(default=False)
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id"), index=True)
    room: Mapped[str] = mapped_column(String(100), default="")
    visibility: Mapped[Visibility] = mapped_column(one_of(Visibility), default=Visibility.PUBLIC)
    rsvp_policy: Mapped[RsvpPolicy] = mapped_column(one_of(RsvpPolicy), default=RsvpPolicy.OPEN)
    capacity: Mapped[int | None]
    """Seats; None is without limit."""
    max_party_size: Mapped[int] = mapped_column(default=1)
    rsvp_deadline: Mapped[WallClock | None]
    rsvp_closes_at: Mapped[datetime | None]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]
    has_agenda: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether there are sessions, so that the pages of all others need not look for any."""
    asks: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether those who answer are asked anything, so that all other events need not look for questions."""

    series_id: Mapped[int | None] = mapped_column(ForeignKey("event_series.id"))
    series_on: Mapped[date | None]
    """The day of the series' rule that this stands for, wherever it was moved since."""

    folded: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What searches read: title and summary without case and accents."""

    category: Mapped[Category | None] = relationship()
    venue: Mapped[Venue | None] = relationship()
    organizer: Mapped[Person | None] = relationship()
    speakers: Mapped[list["Speaker"]] = relationship(order_by="Speaker.position", cascade="all, delete-orphan")
    backings: Mapped[list["Backing"]] = relationship(order_by="Backing.position", cascade="all, delete-orphan")

    @validates("title", "summary")
    def _fold(self, changed: str, value: str) -> str:
        words = [value if name == changed else getattr(self, name) for name in ("title", "summary")]
        self.folded = folded(" ".join(filter(None, words)))
        return value

    def schedule(self, starts: datetime, ends: datetime, zone: str, *, all_day: bool) -> None:
        """Set when it is, by the clocks of `zone`; whole days by their first day and the one after their last.

        An event that was put off is on again by another start; where only its end, its zone or whether it takes whole
        days is corrected, it still waits for one. Raises Refused (NoSuchTime where clocks jump over a time).
        """
        self.starts_at, self.ends_at = instants(starts, ends, zone, all_day=all_day)
        if self.publish_at and zone != self.zone:
            self.publish_at = shown_from(to_wall(self.publish_at, self.zone), zone)  # planned by the event's clocks
        if self.postponed_at and self._begins_otherwise(starts, all_day=all_day):
            self.postponed_at = None
        self.starts, self.ends, self.zone, self.all_day = starts, ends, zone, all_day

    def _begins_otherwise(self, starts: datetime, *, all_day: bool) -> bool:
        """Whether that is another start, rather than the same day as a whole or with its hour."""
        if all_day != self.all_day:
            return starts.date() != self.starts.date()
        return starts != self.starts

    def editable_by(self, person: Person) -> bool:
        return person.organizes(self.id)

    @property
    def place(self) -> str:
        """Where it is, as said after a comma: room, venue, address; or that it is online."""
        named = [self.room, self.venue.name, self.venue.address] if self.venue else [self.room]
        return ", ".join(part for part in named if part) or (ONLINE if self.online_url else "")

    @property
    def hybrid(self) -> bool:
        """Whether those who come choose between a seat there and joining online, which takes none."""
        return bool(self.online_url and (self.venue_id or self.room))

    @property
    def only_online(self) -> bool:
        """Whether there is no door to come to, and nobody who looks at tickets."""
        return bool(self.online_url) and not self.hybrid

    def takes_answers(self, now: datetime) -> bool:
        """Whether an RSVP can be given now."""
        return self.on and self.rsvp_policy is not RsvpPolicy.CLOSED and now < self.answers_close_at

    def counts_people(self, now: datetime) -> bool:
        """Whether its fewest people are to be counted now: not of one that is off, whose guests know that already."""
        by = self.minimum_by_at
        return self.on and self.minimum_judged_at is None and by is not None and by <= now < self.starts_at

    @property
    def answers_close_at(self) -> datetime:
        """The instant after which no answers are taken and no seats given out."""
        return min(self.starts_at, self.rsvp_closes_at or self.starts_at)


def instants(starts: datetime, ends: datetime, zone: str, *, all_day: bool) -> tuple[datetime, datetime]:
    """When it starts and is over; raises Refused unless that is a time that can be."""
    if all_day:
        starts_at, ends_at = midnight(starts, zone), midnight(ends, zone)
    else:
        starts_at, ends_at = to_utc(starts, zone), to_utc(ends, zone)
    if ends_at <= starts_at:
        raise Refused("The end must come after the start.")
    if ends_at - starts_at > LONGEST:
        raise Refused(f"An event lasts at most {LONGEST.days} days; make several of it.")
    return starts_at, ends_at


class Speaker(Model):
    """Someone who speaks, with a line about them."""

    __tablename__ = "speaker"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    about: Mapped[str] = mapped_column(String(500), default="")
    key: Mapped[str] = mapped_column(String(120), default="", server_default="", index=True)
    """Their page's address, which follows from the name."""

    @validates("name")
    def _lead_to_their_page(self, _field: str, name: str) -> str:
        self.key = in_an_address(name)
        return name


class Backing(Model):
    """What one organization does for one event."""

    __tablename__ = "backing"
    __table_args__ = (UniqueConstraint("event_id", "organization_id", "role"), Index(None, "organization_id", "state"))

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    role: Mapped[BackingRole] = mapped_column(one_of(BackingRole))
    state: Mapped[BackingState] = mapped_column(one_of(BackingState), default=BackingState.PROPOSED)
    position: Mapped[int]
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    """The organizer who vouched for it; None where the organization's contact gave its word."""
    level: Mapped[str] = mapped_column(String(60), default="")
    """How large a sponsor it is, in the society's own words: "Gold"."""
    contact_name: Mapped[str] = mapped_column(String(200), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="", index=True)
    message: Mapped[str] = mapped_column(Text, default="")
    """What the organizer added when asking."""
    link_key: Mapped[str] = mapped_column(String(43), default=lambda: token_urlsafe(16))
    """Seals the mailed link by which the contact answers."""
    asked_at: Mapped[datetime | None]
    agreed: Mapped[dict[str, str] | None] = mapped_column(JSON)
    """The event as it stood when the contact gave their word; None where an organizer vouched."""
    shown: Mapped[str] = mapped_column(String(16), default="", server_default="")
    """Marks the version that the contact was last shown, by letter or by their link; empty where that is not known."""
    said_no_at: Mapped[datetime | None]
    """When the organization said no or took its word back; None again once it says yes itself."""

    organization: Mapped[Organization] = relationship(lazy="joined")

    @property
    def vouched(self) -> bool:
        """Whether it is named by an organizer's word, and not by that of its contact."""
        return self.state is BackingState.CONFIRMED and self.agreed is None

    @property
    def given(self) -> bool:
        """Whether it is named by the word of its contact."""
        return self.state is BackingState.CONFIRMED and self.agreed is not None

    @property
    def refusal(self) -> str:
        """Why no organizer can vouch for it: nobody says yes for who said no; else empty."""
        if self.said_no_at is None or self.state is BackingState.CONFIRMED:
            return ""
        if self.state is BackingState.PROPOSED:
            return f"{self.organization.name} said no before, and was asked anew: only they themselves can say yes."
        return f"{self.organization.name} said no. Ask them anew, so that they can say yes themselves."

    @property
    def doubt(self) -> str:
        """Why it is not named by being entered in a form; else empty."""
        if self.refusal or self.state is not BackingState.PROPOSED:
            return self.refusal
        asked = "was asked, and has not answered yet" if self.asked_at else "was not asked about this event yet"
        return f"{self.organization.name} {asked}. If you have their word by another way, say so under Backing."

    def vouch(self, by: Person | None, now: datetime) -> None:
        """An organizer stands for its word; None where a series that nobody owns goes on."""
        if self.refusal:
            raise Refused(self.refusal)
        self.state, self.confirmed_at, self.confirmed_by_id = BackingState.CONFIRMED, now, by.id if by else None
        self.agreed = None

    def take_back(self) -> None:
        """Name it no more, or ask it no more; the mailed link dies."""
        if self.state not in (BackingState.CONFIRMED, BackingState.PROPOSED):
            raise Refused(f"{self.organization.name} is neither named nor asked.")
        self.state, self.agreed, self.link_key = BackingState.WITHDRAWN, None, token_urlsafe(16)
