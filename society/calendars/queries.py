"""What is in a feed, and which version of it stands."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select

from society.calendars.models import Entry, Feed, Subscription
from society.db import Peek, db
from society.events.models import Backing, BackingState, Category, Event, Venue, Visibility
from society.organizations.models import Organization
from society.people.models import Person
from society.settings import society

WINDOW = timedelta(days=366)
"""How long after its end an event stays in the feeds."""
CANCELLED_WINDOW = timedelta(days=30)
"""How long after its date a cancelled one does, so that every calendar app has had the time to take it off."""

ALL, PAST = "all", "past"


def in_window(now: datetime, *, whole: bool = False) -> ColumnElement[bool]:
    """Whether an event is still in the feeds; a `whole` feed drops nothing but what was cancelled."""
    kept = or_(Event.cancelled_at.is_(None), Event.ends_at > now - CANCELLED_WINDOW)
    return kept if whole else and_(kept, Event.ends_at > now - WINDOW)


def entries(key: str, now: datetime) -> Select[Event]:
    """The events of a public feed, soonest first."""
    events = (
        select(Event)
        .join(Entry, Entry.event_id == Event.id)
        .where(Event.visibility == Visibility.PUBLIC, in_window(now, whole=key == PAST))
        .order_by(Event.starts_at, Event.id)
    )
    return _narrowed(events, key)


def _narrowed(events: Select[Event], key: str) -> Select[Event]:
    kind, _, slug = key.partition("/")
    match kind:
        case "category":
            return events.join(Category).where(Category.slug == slug)
        case "venue":
            return events.join(Venue).where(Venue.slug == slug)
        case "organization":
            backed = (
                select(Backing.event_id)
                .join(Organization)
                .where(Organization.slug == slug, Backing.state == BackingState.CONFIRMED)
            )
            return events.where(Event.id.in_(backed))
        case _:
            return events


def next_leaving(events: Select[Event], *, whole: bool = False) -> datetime | None:
    """When time alone will next take one of these events out of its feed."""
    ends = events.order_by(None).subquery().c
    cancelled = db.session.scalar(select(func.min(ends.ends_at)).where(ends.cancelled_at.is_not(None)))
    leaving = [cancelled + CANCELLED_WINDOW] if cancelled else []
    if not whole and (first := db.session.scalar(select(func.min(ends.ends_at)))):
        leaving.append(first + WINDOW)
    return min(leaving, default=None)


@dataclass(frozen=True)
class Validator:
    """What a feed's validators are made from."""

    version: int
    changed_at: datetime
    stale_at: datetime | None

    @property
    def etag(self) -> str:
        """Unlike that of any other state of the feed, also after a backup was restored."""
        return f"{self.version:x}-{int(self.changed_at.timestamp() * 1_000_000):x}"


_validator = Peek(select(Feed.version, Feed.changed_at, Feed.stale_at).where(Feed.key == bindparam("key")))


def validator(key: str) -> Validator | None:
    """The committed version of a feed, by one indexed row; None if nobody has asked for the feed yet."""
    row = _validator(key=key)
    return Validator(*row) if row else None


def title(key: str) -> str | None:
    """What a feed is called; None if there is nothing by that key."""
    kind, _, slug = key.partition("/")
    named: dict[str, type[Category] | type[Venue] | type[Organization]] = {
        "category": Category,
        "venue": Venue,
        "organization": Organization,
    }
    model = named.get(kind)
    if model is None:
        return society().name
    name = db.session.scalar(select(model.name).where(model.slug == slug))
    return f"{society().name}: {name}" if name else None


def subscription_by(token_hash: str) -> Subscription | None:
    """Whose personal feed an address is."""
    return db.session.scalar(select(Subscription).where(Subscription.token_hash == token_hash))


_SUBSCRIPTION_OF = select(Subscription).where(Subscription.person_id == bindparam("person_id"))


def subscription_of(person: Person) -> Subscription | None:
    return db.session.scalar(_SUBSCRIPTION_OF, {"person_id": person.id})
