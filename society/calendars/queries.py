"""What is in a feed, and which version of it stands."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, cast, exists, func, literal, or_, select

from society.calendars.apps import App
from society.calendars.models import Entry, Feed, Fetch, Subscription
from society.db import db
from society.events.models import LONGEST, OPEN_TO_ALL, Backing, BackingState, Category, Event, Venue, Visibility
from society.events.narrowing import tagged_with
from society.events.queries import known_to
from society.events.tags import tags_in
from society.organizations.models import Organization
from society.people.models import Person
from society.rows import Peek
from society.settings import society
from society.text import in_an_address

WINDOW = timedelta(days=366)
"""How long after its end an event stays in the feeds."""
CANCELLED_WINDOW = timedelta(days=30)
"""How long after its date a cancelled one does, so that every calendar app has had the time to take it off."""

ALL, OPEN, PAST = "all", "open", "past"
ONE = "event/"
"""Before an event's slug: the feed of that event alone, which has no version of its own."""
LOOKED_AT, NAMED = 2_000, 30
"""Events that are asked for their tags, the latest ones, and tags that a page names."""
_PUBLIC = select(Event).where(Event.published_at.is_not(None), Event.visibility == Visibility.PUBLIC)


def in_window(of: type[Entry] | type[Event], now: datetime, *, whole: bool = False) -> ColumnElement[bool]:
    """Whether an event is still in the feeds; a `whole` feed drops nothing but what was cancelled."""
    kept = or_(of.cancelled_at.is_(None), of.ends_at > now - CANCELLED_WINDOW)
    # None is longer than LONGEST, so that the index on the start is not read from the first event on.
    return kept if whole else and_(kept, of.ends_at > now - WINDOW, of.starts_at > now - WINDOW - LONGEST)


def entries(key: str, now: datetime) -> Select[Entry]:
    """What a public feed holds, soonest first."""
    shown = (
        select(Entry)
        .where(Entry.visibility == Visibility.PUBLIC, in_window(Entry, now, whole=key == PAST))
        .order_by(Entry.starts_at, Entry.event_id)
    )
    return _narrowed(shown, key)


def _narrowed(shown: Select[Entry], key: str) -> Select[Entry]:
    kind, _, slug = key.partition("/")
    match kind:
        case "category":
            within = select(Event.id).join(Category).where(Category.slug == slug)
        case "venue":
            within = select(Event.id).join(Venue).where(Venue.slug == slug)
        case "organization":
            within = (
                select(Backing.event_id)
                .join(Organization)
                .where(Organization.slug == slug, Backing.state == BackingState.CONFIRMED)
            )
        case "tag":
            within = select(Event.id).where(tagged_with(slug))
        case "open":
            within = select(Event.id).where(Event.rsvp_policy.in_(OPEN_TO_ALL))
        case _:
            return shown
    return shown.where(Entry.event_id.in_(within))


def leaves_at(ends_at: datetime, cancelled_at: datetime | None) -> datetime:
    """When time alone takes an event out of the feeds."""
    return ends_at + (CANCELLED_WINDOW if cancelled_at else WINDOW)


def holds(key: str, now: datetime, feeds: str, ends_at: datetime, cancelled_at: datetime | None) -> bool:
    """Whether one entry is among the `entries` of a public feed, by what stands with it."""
    stays = key == PAST and not cancelled_at
    return key in feeds.split() and (stays or leaves_at(ends_at, cancelled_at) > now)


def next_leaving(shown: Select[Entry] | Select[Event], *, whole: bool = False) -> datetime | None:
    """When time alone will next take one of these out of its feed."""
    ends = shown.order_by(None).subquery().c
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
    noted_at: datetime | None = None
    """When it was last noted that the kind of app which asks has fetched it; None also if that was not looked up."""

    @property
    def etag(self) -> str:
        """Unlike that of any other state of the feed, also after a backup was restored."""
        return f"{self.version:x}-{int(self.changed_at.timestamp() * 1_000_000):x}"


_validator = Peek(select(Feed.version, Feed.changed_at, Feed.stale_at).where(Feed.key == bindparam("key")))


def validator(key: str) -> Validator | None:
    """The committed version of a feed, by one indexed row; None if nobody has asked for the feed yet."""
    row = _validator(key=key)
    return Validator(*row) if row else None


_noted = (
    select(Feed.version, Feed.changed_at, Feed.stale_at, Fetch.fetched_at)
    .outerjoin(Fetch, and_(Fetch.key == Feed.key, Fetch.app == bindparam("app")))
    .where(Feed.key == bindparam("key"))
)
_validator_for = Peek(_noted)


def validator_for(key: str, app: App) -> Validator | None:
    """The same with when that kind of app has fetched it, which costs no second query."""
    row = _validator_for(key=key, app=app.value)
    return Validator(*row) if row else None


def title(key: str) -> str | None:
    """What a feed is called; None if there is nothing by that key that any public event tells of, or did when somebody
    first asked for the feed."""
    kind, _, slug = key.partition("/")
    named: dict[str, type[Category] | type[Venue] | type[Organization]] = {
        "category": Category,
        "venue": Venue,
        "organization": Organization,
    }
    if kind == "tag":
        tag = _tag_of(slug)
        return f"{society().name}: {tag}" if tag else None
    model = named.get(kind)
    if model is None:
        return f"{society().name}: open to all" if key == OPEN else society().name
    public = or_(known_to(None, model), exists().where(Feed.key == key))
    name = db.session.scalar(select(model.name).where(model.slug == slug, public))
    return f"{society().name}: {name}" if name else None


def _tag_of(slug: str) -> str | None:
    """How a tag is written that any public event has, or had when somebody first asked for its feed."""
    if slug != in_an_address(slug):
        return None  # it has one address, whatever a database thinks alike
    bearing = _PUBLIC.where(tagged_with(slug)).order_by(Event.starts_at.desc())
    row = db.session.scalars(bearing.with_only_columns(Event.tags).limit(1)).first()
    if row is not None:
        return next(tag for tag in tags_in(row) if in_an_address(tag) == slug)
    return slug.replace("-", " ") if db.session.get(Feed, f"tag/{slug}") else None


def tags_in_use(now: datetime) -> list[tuple[str, str]]:
    """The tags that most public events in the feeds have, with what stands in their addresses, by name."""
    latest = _PUBLIC.where(Event.tags != "", in_window(Event, now)).order_by(Event.starts_at.desc())
    rows = db.session.scalars(latest.with_only_columns(Event.tags).limit(LOOKED_AT))
    tags = [tag for row in rows for tag in tags_in(row)]
    names = {in_an_address(tag): tag for tag in tags}
    found = Counter(map(in_an_address, tags)).most_common(NAMED)
    return sorted(((names[key], key) for key, _times in found), key=lambda pair: pair[0].casefold())


def covers(key: str, name: str) -> str:
    """What somebody subscribes to, after "every"."""
    match key.partition("/")[0]:
        case "category" | "organization" | "tag" | "venue" as kind:
            narrowed = {"category": "in", "organization": "backed by", "tag": "tagged", "venue": "at"}[kind]
            return f"public event {narrowed} {name.removeprefix(f'{society().name}: ')}"
        case "open":
            return f"event of {society().name} that everyone may come to"
        case "past":
            return f"public event of {society().name} that ever was announced"
        case _:
            return f"public event of {society().name}"


@dataclass(frozen=True)
class OwnFeed:
    """Whose own feed an address is, and how it stands; no version if no app has asked for it yet."""

    subscription_id: int
    person_id: int
    noted_at: datetime | None
    version: Validator | None

    @property
    def key(self) -> str:
        return f"person/{self.person_id}"


_own_key = literal("person/") + cast(Subscription.person_id, String)
_own_feed = Peek(
    select(Subscription.id, Subscription.person_id, Subscription.fetched_at)
    .add_columns(Feed.version, Feed.changed_at, Feed.stale_at)
    .outerjoin(Feed, Feed.key == _own_key)
    .where(Subscription.token_hash == bindparam("token_hash"))
)


def own_feed_by(token_hash: str) -> OwnFeed | None:
    """The personal feed at an address, by one query, since every app that asks costs it."""
    row = _own_feed(token_hash=token_hash)
    if row is None:
        return None
    number, person_id, noted_at, *version = row
    return OwnFeed(number, person_id, noted_at, None if version[0] is None else Validator(*version))


_subscribed = Peek(select(Subscription.id).where(Subscription.person_id == bindparam("person_id")))


def subscription_of(person: Person) -> Subscription | None:
    """Their own feed, which few have: the others cost the look-up alone."""
    row = _subscribed.here(person_id=person.id)
    return db.session.get(Subscription, row[0]) if row else None


def subscription_of_ahead(person: Person) -> None:
    """Have it asked with what is asked next whether there is one."""
    _subscribed.ahead(person_id=person.id)
