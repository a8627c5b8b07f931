"""Keeping calendars true: entries rendered when their event changes, versions raised when a feed's bytes do."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, not_, select, text, update

from society.calendars.changes import noted
from society.calendars.models import Entry, Feed
from society.calendars.queries import ALL, OPEN, PAST, Validator, entries, in_window, next_leaving
from society.calendars.render import rendering, vevent
from society.calendars.sessions import refresh_sessions
from society.db import begin_write, db
from society.events.models import BackingState, Event, RsvpPolicy, Visibility
from society.events.queries import loaded
from society.settings import Society


def refresh(event: Event, now: datetime) -> bool:
    """Render a published event anew and raise the versions of the feeds that this changes, and of no others.

    To be called in the transaction of any change that a calendar may show (through `society.rsvps.feed.refresh`, which
    sees to people's own feeds too). The same bytes raise nothing. Tells whether anything changed.
    """
    db.session.flush()
    entry, after = db.session.get(Entry, event.id), rendered(event)
    if entry is not None and all(getattr(entry, name) == value for name, value in after.items()):
        return False
    left = entry.feeds.split() if entry else []
    db.session.merge(Entry(event_id=event.id, **after))
    db.session.flush()
    _raise({*left, *public_feeds(event)}, [event.id], now)
    return True


def refresh_new(events: Sequence[Event], now: datetime) -> None:
    """Give entries to published events that have none yet, and raise each feed that shows any of them once."""
    rows = [{"event_id": event.id, **rendered(event)} for event in events]
    if rows:
        db.session.execute(insert(Entry), rows)
        _raise({key for row in rows for key in row["feeds"].split()}, [event.id for event in events], now)


def rendered(event: Event) -> dict[str, Any]:
    """The columns of a published event's entry."""
    return {
        "vevent": vevent(event),
        "feeds": " ".join(sorted(public_feeds(event))),
        "visibility": event.visibility,
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "cancelled_at": event.cancelled_at,
        "zone": None if event.all_day else event.zone,
    }


def public_feeds(event: Event) -> set[str]:
    """The keys of the public feeds that hold the event, their windows left aside."""
    if event.visibility is not Visibility.PUBLIC:
        return set()
    keys = {ALL, PAST}
    if event.rsvp_policy is RsvpPolicy.OPEN:
        keys.add(OPEN)
    keys |= {f"tag/{key}" for _tag, key in event.tagged}
    if event.category:
        keys.add(f"category/{event.category.slug}")
    if event.venue:
        keys.add(f"venue/{event.venue.slug}")
    confirmed = (b for b in event.backings if b.state is BackingState.CONFIRMED)
    return keys | {f"organization/{b.organization.slug}" for b in confirmed}


def _raise(keys: Iterable[str], events: Collection[int], now: datetime) -> None:
    """A feed that nobody has asked for has no version yet, and needs none."""
    for key in sorted(keys):
        feed = db.session.get(Feed, key, with_for_update=True, populate_existing=True)
        if feed is not None:
            _set_version(feed, {*events, *_moved_by_time(feed, now)}, now)


def _set_version(feed: Feed, events: set[int], now: datetime) -> None:
    """The next version of a locked feed, which differs from the one before in these events."""
    first = not feed.version
    feed.version, feed.changed_at = feed.version + 1, now
    feed.stale_at = next_leaving(entries(feed.key, now), whole=feed.key == PAST)
    version = Validator(feed.version, feed.changed_at, feed.stale_at)
    feed.changes = noted(feed.changes, version, None if first else events)


def _moved_by_time(feed: Feed, now: datetime) -> Sequence[int]:
    """What has left the feed's window since its last version; or is in it again, if that was made by a faster clock."""
    if now >= feed.changed_at and (feed.stale_at is None or feed.stale_at > now):
        return ()
    earlier, later = sorted((feed.changed_at, now))
    moved = entries(feed.key, earlier).where(not_(in_window(Entry, later, whole=feed.key == PAST)))
    return db.session.scalars(moved.order_by(None).with_only_columns(Entry.event_id)).all()


def refresh_name(key: str, now: datetime) -> None:
    """A public feed is called something else, whether or not any of its entries names that too."""
    _raise([key], [], now)


def refresh_all(now: datetime) -> None:
    """Render everything anew, as when the society's name or this site's address changed: every feed changes."""
    for event in db.session.scalars(loaded(select(Event).where(Event.published_at.is_not(None)))):
        refresh(event, now)
        refresh_sessions(event, now)
    raise_all(now)


def raise_all(now: datetime) -> None:
    """Every feed says something else around its entries, as when the society's colour changed."""
    db.session.execute(update(Feed).values(version=Feed.version + 1, changed_at=now))


def catch_up(now: datetime) -> None:
    """Render everything anew if what all entries depend on has changed since: see `rendering`. Run at every start."""
    current = rendering()
    row = db.session.get(Society, 1)
    if row is not None and row.rendered_for != current:
        refresh_all(now)
        row.rendered_for = current


def open_feed(key: str, now: datetime) -> None:
    """Give a feed its first version, or a new one when time has changed it; commits, since a GET does it."""
    begin_write(public=False)
    if db.session.get(Feed, key) is None:
        _wait_for_changes()
    feed = db.session.get(Feed, key, with_for_update=True, populate_existing=True)
    if feed is not None and (feed.stale_at is None or feed.stale_at > now):
        db.session.rollback()  # another request was quicker
        return
    if feed is None:
        feed = Feed(key=key, version=0, changed_at=now, changes="")
        db.session.add(feed)
    _set_version(feed, set(_moved_by_time(feed, now)), now)
    db.session.commit()


def _wait_for_changes() -> None:
    """Let those commit who may have looked for a version to raise and found none; who looks later finds ours.

    Else a change that is committed after the first version would be in no version. On PostgreSQL everyone who raises
    versions holds the table a little, even for a row that is not there; on SQLite one transaction writes at a time.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE feed IN EXCLUSIVE MODE"))  # which hinders nobody who reads
