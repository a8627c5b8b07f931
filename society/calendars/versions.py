"""The versions of feeds: raised in the transaction that changes their bytes, and only then.

A version is of the instant of its change by the clock, yet at least a second later than the one before, whatever clock
and which transaction that was of: one that began later may be committed sooner. So Last-Modified tells versions apart
as well as ETag does, and whoever was given a version has all that was changed until its instant.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, func, not_, select, text, union, update

from society.calendars.changes import noted
from society.calendars.models import Entry, Feed
from society.calendars.queries import PAST, Validator, entries, holds, in_window, next_leaving
from society.db import begin_write, db

SECOND, ASTRAY = timedelta(seconds=1), timedelta(minutes=1)
"""A clock that was ahead by more than the latter is not followed: a feed drops what is over by the instant it is of."""
_AT = "feeds changed at"


def instant_of(now: datetime, keys: Iterable[str] = (), *, also: Select[str] | None = None) -> datetime:
    """From when the next version of these feeds is. They are held until the end of the transaction, by the order of
    their keys, so that two who change several do not wait for each other. All that one transaction changes is of one
    instant, as far as that may be."""
    named = select(Feed.key).where(Feed.key.in_(sorted(keys)))
    those = named if also is None else union(named, also)
    held = select(Feed.changed_at).where(Feed.key.in_(those)).order_by(Feed.key).with_for_update()
    earlier = [moment for moment in db.session.scalars(held) if moment <= now + ASTRAY]
    session = db.session()
    transaction, ours = session.info.get(_AT, (None, now))
    if transaction is not session.get_transaction():
        at = max([now, *(moment + SECOND for moment in earlier)])
    else:
        at = max([now, ours, *(moment + SECOND for moment in earlier if moment != ours)])
    session.info[_AT] = session.get_transaction(), at
    return at


def latest() -> datetime | None:
    """The instant of the latest version of any feed."""
    return db.session.scalar(select(func.max(Feed.changed_at)))


Standing = tuple[str, datetime, datetime | None]
"""What tells of an entry whether a feed `holds` it."""


def raise_versions(
    keys: Iterable[str], events: Collection[int], at: datetime, standings: Collection[Standing] | None = None
) -> None:
    """The next version of public feeds that are held, save those that hold none of the entries in question as these
    stood and stand. One that nobody has asked for has no version yet, and needs none."""
    those = select(Feed).where(Feed.key.in_(sorted(keys))).order_by(Feed.key)
    for feed in db.session.scalars(those.execution_options(populate_existing=True)).all():
        if standings is None or _shows_any(feed, standings, at):
            _set_version(feed, events, at)


def _shows_any(feed: Feed, standings: Iterable[Standing], at: datetime) -> bool:
    """Now, or at its last version: what time has taken out since is still in that."""
    since = min(feed.changed_at, at)
    return any(holds(feed.key, since, *standing) for standing in standings)


def _set_version(feed: Feed, events: Collection[int], at: datetime) -> None:
    """The next version of a feed that is held, which differs from the one before in these events, and by time."""
    first, differs = not feed.version, {*events, *_moved_by_time(feed, at)}
    feed.version, feed.changed_at, feed.stale_at = feed.version + 1, at, _stale_at(feed.key, at)
    version = Validator(feed.version, feed.changed_at, feed.stale_at)
    feed.changes = noted(feed.changes, version, None if first else differs)


def _stale_at(key: str, at: datetime) -> datetime | None:
    return next_leaving(entries(key, at), whole=key == PAST)


def _moved_by_time(feed: Feed, at: datetime) -> Sequence[int]:
    """What has left the feed's window since its last version; or is in it again, if that was of a clock astray."""
    if at >= feed.changed_at and (feed.stale_at is None or feed.stale_at > at):
        return ()
    earlier, later = sorted((feed.changed_at, at))
    moved = entries(feed.key, earlier).where(not_(in_window(Entry, later, whole=feed.key == PAST)))
    return db.session.scalars(moved.order_by(None).with_only_columns(Entry.event_id)).all()


def raise_all(now: datetime, moved: Collection[str] = ()) -> None:
    """Every feed says something else around its entries, as when the society's colour changed; in those that `moved`
    other events may be the next to leave."""
    at = instant_of(now, also=select(Feed.key))
    anew = update(Feed).values(version=Feed.version + 1, changed_at=at)
    db.session.execute(anew.execution_options(synchronize_session=False))
    those = select(Feed).where(Feed.key.in_(sorted(moved))).order_by(Feed.key)
    for feed in db.session.scalars(those.execution_options(populate_existing=True)).all():
        feed.stale_at = _stale_at(feed.key, at)


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
        first = max(now, latest() or now)  # later than all that it holds
        feed = Feed(key=key, version=0, changed_at=first, changes="")
        db.session.add(feed)
        _set_version(feed, (), first)
    else:
        _set_version(feed, (), instant_of(now, [key]))
    db.session.commit()


def _wait_for_changes() -> None:
    """Let those commit who may have looked for a version to raise and found none; who looks later finds ours.

    Else a change that is committed after the first version would be in no version. On PostgreSQL everyone who raises
    versions holds the table a little, even for a row that is not there; on SQLite one transaction writes at a time.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE feed IN EXCLUSIVE MODE"))  # which hinders nobody who reads
