"""Keeping calendars true: entries rendered when their event changes, versions raised when a feed's bytes do."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, literal, select, update
from sqlalchemy.exc import IntegrityError

from society.calendars.models import Entry, Feed
from society.calendars.queries import (
    ALL,
    OPEN,
    PAST,
    entries,
    next_leaving,
)
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
    _raise({*left, *public_feeds(event)}, now)
    return True


def refresh_new(events: Sequence[Event], now: datetime) -> None:
    """Give entries to published events that have none yet, and raise each feed that shows any of them once."""
    rows = [{"event_id": event.id, **rendered(event)} for event in events]
    if rows:
        db.session.execute(insert(Entry), rows)
        _raise({key for row in rows for key in row["feeds"].split()}, now)


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


def _raise(keys: Iterable[str], now: datetime) -> None:
    """A feed that nobody has asked for has no version yet, and needs none."""
    for key in sorted(keys):
        known = update(Feed).where(Feed.key == key)
        if db.session.scalar(select(literal(1)).where(Feed.key == key)):
            stale_at = next_leaving(entries(key, now), whole=key == PAST)
            db.session.execute(known.values(version=Feed.version + 1, changed_at=now, stale_at=stale_at))


def refresh_all(now: datetime) -> None:
    """Render everything anew, as when the society's name or this site's address changed: every feed changes."""
    for event in db.session.scalars(loaded(select(Event).where(Event.published_at.is_not(None)))):
        refresh(event, now)
        refresh_sessions(event)
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
    feed = db.session.get(Feed, key)
    if feed is not None and (feed.stale_at is None or feed.stale_at > now):
        db.session.rollback()  # another request was quicker
        return
    if feed is None:
        feed = Feed(key=key, version=0)
        db.session.add(feed)
    feed.version, feed.changed_at = feed.version + 1, now
    feed.stale_at = next_leaving(entries(key, now), whole=key == PAST)
    try:
        db.session.commit()
    except IntegrityError:  # another process opened it at the same moment
        db.session.rollback()
