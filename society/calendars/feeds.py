"""The bytes of a public feed, as the web serves them and as the command writes them."""

from datetime import datetime, timedelta

from society.calendars import queries
from society.calendars.models import Entry
from society.calendars.render import address, calendar
from society.db import db
from society.settings import absolute, society


def public_feed(key: str, at: datetime) -> bytes:
    """A feed made anew from its stored entries."""
    shown = queries.entries(key, at)
    connection = db.session.connection()  # plain rows: by way of the session each would cost more
    first = connection.scalar(shown.with_only_columns(Entry.starts_at).limit(1)) or at
    rows = connection.execute(shown.with_only_columns(Entry.vevent, Entry.zone)).all()
    return calendar(
        [row[0] for row in rows],
        {row[1] for row in rows if row[1]},
        first.date() - timedelta(days=1),  # by the clocks of no zone is it earlier
        name=queries.title(key) or "",
        source=absolute(address(key)),
        about=society().tagline,
    )
