"""One public event as a file that calendars can follow: from what is stored, by one query and without rendering."""

from datetime import datetime

from sqlalchemy import bindparam, select

from society.calendars.models import Entry, Feed, SessionEntries
from society.calendars.queries import ALL
from society.calendars.render import calendar
from society.events.models import Event, Visibility
from society.rows import Peek

_stored = Peek(
    select(Entry.vevent, Event.all_day, Event.zone, Event.starts, Feed.changed_at, Event.revised_at)
    .add_columns(SessionEntries.event_id, SessionEntries.vevents, SessionEntries.changed_at)
    .select_from(Event)
    .join(Entry, Entry.event_id == Event.id)
    .outerjoin(SessionEntries, SessionEntries.event_id == Event.id)
    .outerjoin(Feed, Feed.key == ALL)
    .where(Event.slug == bindparam("slug"), Entry.visibility == bindparam("visibility"))
)


def public_file(slug: str, *, with_sessions: bool) -> tuple[bytes, datetime | None] | None:
    """Its bytes, and since when they can be what they are at the latest; None if there is no public event there.

    That instant is the one of the feed of all events, which is raised whenever the bytes of any of its entries change:
    by its event, by another address of this site, by another release. Of an event that has left it, it is that of the
    event's own revision where that is later. Sessions change without either, and tell themselves when they last did; of
    those that cannot yet no instant is told.
    """
    row = _stored(slug=slug, visibility=Visibility.PUBLIC.value)
    if row is None:
        return None
    vevent, all_day, zone, starts, changed_at, revised_at, agenda, sessions, sessions_at = row
    changed_at = max(changed_at, revised_at) if changed_at else None
    within = [sessions] if with_sessions and sessions else []
    if with_sessions and agenda:
        changed_at = max(changed_at, sessions_at) if changed_at and sessions_at else None
    body = calendar(
        [bytes(part) for part in (vevent, *within)], [] if all_day and not within else [zone], starts.date()
    )
    return body, changed_at
