"""Who reads our calendars: people's own feeds by kind of app, and the public ones."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, case, func, select

from society.calendars.apps import App
from society.calendars.models import Entry, Feed, Fetch, Subscription
from society.calendars.queries import ALL, ONE, OPEN, PAST
from society.calendars.render import address
from society.db import db
from society.events.models import Category, Event, Venue
from society.organizations.models import Organization
from society.text import counted

SILENT = timedelta(days=7)
"""An app that subscribed asks again within a day; after so long it has probably been taken off."""
MOST = 200
"""Lines of public feeds that a page lists, those fetched last first."""


def ago(instant: datetime, now: datetime) -> str:
    """ "just now", "12 minutes ago", "3 hours ago", "9 days ago"."""
    minutes = max(0, int((now - instant).total_seconds() // 60))
    if minutes < 60:
        return f"{counted(minutes, 'minute')} ago" if minutes else "just now"
    return f"{counted(minutes // 60, 'hour')} ago" if minutes < 48 * 60 else f"{counted(minutes // 1440, 'day')} ago"


@dataclass(frozen=True)
class AppInUse:
    """How many people's own calendars one kind of app fetches; None: no app has fetched them yet."""

    app: App | None
    people: int
    last: datetime | None
    silent: int
    """Those not fetched for a week."""

    @property
    def name(self) -> str:
        return self.app.label if self.app else "Not fetched yet"


def by_app(now: datetime) -> list[AppInUse]:
    """People's own calendars, most used app first, in one query."""
    long_ago = func.sum(case((Subscription.fetched_at < now - SILENT, 1), else_=0))
    rows = select(Subscription.fetched_by, func.count(), func.max(Subscription.fetched_at), long_ago)
    found = [AppInUse(*row) for row in db.session.execute(rows.group_by(Subscription.fetched_by))]
    return sorted(found, key=lambda one: (one.app is None, -one.people, one.name))


@dataclass(frozen=True)
class PublicFetch:
    """A kind of app that fetches a public feed; how many people stand behind it nobody can know."""

    name: str
    path: str
    app: App
    fetched_at: datetime
    given_at: datetime
    current: bool
    """Whether it has the feed as it stands now."""

    def silent(self, now: datetime) -> bool:
        return self.fetched_at < now - SILENT


def public_fetches() -> list[PublicFetch]:
    """The public feeds and the kinds of apps that fetch them, those fetched last first."""
    rows = (
        select(Fetch, Feed.changed_at, Event.revised_at)
        .outerjoin(Feed, Feed.key == Fetch.key)
        .outerjoin(Event, and_(Fetch.key.startswith(ONE), Event.slug == func.substr(Fetch.key, len(ONE) + 1)))
        .order_by(Fetch.fetched_at.desc(), Fetch.key, Fetch.app)
        .limit(MOST)
    )
    return _named([(fetch, fetch.given_at in those) for fetch, *those in db.session.execute(rows)])


def fetches_of(event: Event) -> list[PublicFetch]:
    """The same for the feeds that hold an event; current are those that were given it as it stands."""
    held = db.session.scalar(select(Entry.feeds).where(Entry.event_id == event.id)) or ""
    keys = [*held.split(), f"{ONE}{event.slug}"] if held else []
    rows = select(Fetch).where(Fetch.key.in_(keys)).order_by(Fetch.key, Fetch.fetched_at.desc()).limit(MOST)
    return _named([(fetch, fetch.given_at >= event.revised_at) for fetch in db.session.scalars(rows)])


def _named(found: list[tuple[Fetch, bool]]) -> list[PublicFetch]:
    called = names(fetch.key for fetch, _ in found)
    return [
        PublicFetch(called[fetch.key], address(fetch.key), fetch.app, fetch.fetched_at, fetch.given_at, current)
        for fetch, current in found
    ]


_KINDS = (
    ("category", Category.slug, Category.name),
    ("venue", Venue.slug, Venue.name),
    ("organization", Organization.slug, Organization.name),
    ("event", Event.slug, Event.title),
)


def names(keys: Iterable[str]) -> dict[str, str]:
    """What the feeds are called among staff, in four queries however many; by its key what is no more."""
    usual = {ALL: "All events", OPEN: "Open to all", PAST: "All events, those of the past too"}
    called = {key: usual.get(key, key) for key in keys}
    called |= {key: f"Tag: {key.removeprefix('tag/')}" for key in called if key.startswith("tag/")}
    for kind, slug, name in _KINDS:
        slugs = [key.partition("/")[2] for key in called if key.startswith(f"{kind}/")]
        if slugs:
            rows = db.session.execute(select(slug, name).where(slug.in_(slugs)))
            called |= {f"{kind}/{key}": f"{kind.capitalize()}: {told}" for key, told in rows}
    return called


def feeds_asked_for() -> dict[str, str]:
    """The public feeds that anybody has asked for, by key, and the three that always are."""
    narrowed = select(Feed.key).where(Feed.key.not_like("person/%"), Feed.key.not_in([ALL, OPEN, PAST]))
    return names([ALL, OPEN, PAST, *db.session.scalars(narrowed.order_by(Feed.key).limit(MOST))])
