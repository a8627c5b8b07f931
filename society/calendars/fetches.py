"""Keeping in mind who fetches feeds, so that it can be said whom the news of a change has reached.

A row is written at most once in ten minutes for one's own feed, and as often for each public feed and kind of app.
The write is skipped rather than waited for: no calendar gets its answer late, or none, on account of this.
"""

from datetime import datetime, timedelta

from sqlalchemy import Update, delete, or_, update
from sqlalchemy.exc import SQLAlchemyError

from society.calendars.apps import App
from society.calendars.models import Fetch, Subscription
from society.db import begin_write, db
from society.sqlite import Busy

EVERY = timedelta(minutes=10)
REMEMBERED = timedelta(days=60)
"""So long after its last fetch it is known of a public feed that an app fetched it."""


def is_due(noted_at: datetime | None, now: datetime) -> bool:
    """Whether a fetch is to be noted. A 304 is noted as well: who gets it holds what
    stands. A HEAD gives nothing."""
    return noted_at is None or noted_at <= now - EVERY


def note_public(key: str, app: App, given_at: datetime, now: datetime) -> None:
    """Note that this kind of app has the version of a public feed that came to be at `given_at`."""
    due = update(Fetch).where(Fetch.key == key, Fetch.app == app, Fetch.fetched_at <= now - EVERY)
    _write(due.values(fetched_at=now, given_at=given_at), Fetch(key=key, app=app, fetched_at=now, given_at=given_at))


def note_own(subscription_id: int, app: App, given_at: datetime, now: datetime) -> None:
    """Note the same of a person's own feed; of a browser nothing, since it looks once and does not follow."""
    if app is not App.BROWSER:
        due = or_(Subscription.fetched_at.is_(None), Subscription.fetched_at <= now - EVERY)
        noted = update(Subscription).where(Subscription.id == subscription_id, due)
        _write(noted.values(fetched_at=now, fetched_by=app, given_at=given_at))


def _write(due: Update, first: Fetch | None = None) -> None:
    """One row, by a condition that holds for one of several servers. Commits, since a GET does it."""
    try:
        begin_write(public=False, wait=False)
        noted = db.session.connection().execute(due).rowcount
        if first is not None and not noted and db.session.get(Fetch, (first.key, first.app)) is None:
            db.session.add(first)
        db.session.commit()
    except (Busy, SQLAlchemyError):  # busy, or another server noted it at the same moment: the next fetch tells
        db.session.rollback()


def forget_old_fetches(now: datetime) -> None:
    """Let go of what has not been fetched for long; what one's own feed knows goes with the feed."""
    db.session.execute(delete(Fetch).where(Fetch.fetched_at < now - REMEMBERED))
