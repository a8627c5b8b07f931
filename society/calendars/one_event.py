"""One public event as calendars have it, from what is stored, by one query and without rendering: a feed to follow, or
a file of which they keep a copy."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, literal, select, true

from society import settings
from society.calendars.apps import App
from society.calendars.models import Entry, Feed, Fetch, SessionEntries
from society.calendars.queries import ALL, ONE
from society.calendars.render import address, calendar
from society.events.models import Event, Visibility
from society.rows import Peek
from society.settings import Society, absolute, society

_stored = Peek(
    select(Entry.vevent, Event.title, Event.all_day, Event.zone, Event.starts, Feed.changed_at, Event.revised_at)
    .add_columns(SessionEntries.event_id, SessionEntries.vevents, SessionEntries.changed_at)
    .add_columns(Fetch.fetched_at, *settings.COLUMNS)
    .select_from(Event)
    .join(Entry, Entry.event_id == Event.id)
    .outerjoin(SessionEntries, SessionEntries.event_id == Event.id)
    .outerjoin(Feed, Feed.key == ALL)
    .outerjoin(Fetch, and_(Fetch.key == literal(ONE) + Event.slug, Fetch.app == bindparam("app")))
    .outerjoin(Society, true())
    .where(Event.slug == bindparam("slug"), Entry.visibility == bindparam("visibility"))
)


@dataclass(frozen=True)
class OneEvent:
    """What is answered, and which revision of the event that is."""

    body: bytes
    changed_at: datetime | None
    """Since when the bytes can be what they are at the latest; None where that is not known."""
    revised_at: datetime
    noted_at: datetime | None
    """When it was last noted that the kind of app which asks has fetched it."""


def public_event(slug: str, app: App, *, with_sessions: bool, as_file: bool) -> OneEvent | None:
    """As an app gets it; None if there is no public event there.

    When it changed is the instant of the feed of all events, which is raised whenever the bytes of any of its entries
    change: by its event, by another address or name of this site, by another release. Of an event that has left it, it
    is that of the event's own revision where that is later. Sessions change without either, and tell themselves when
    they last did; of those that cannot yet no instant is told.
    """
    row = _stored(slug=slug, app=app.value, visibility=Visibility.PUBLIC.value)
    if row is None:
        return None
    vevent, title, all_day, zone, starts, changed_at, revised_at, agenda, sessions, sessions_at, noted_at, *ours = row
    settings.told(ours)
    changed_at = max(changed_at, revised_at) if changed_at else None
    within = [sessions] if with_sessions and sessions else []
    if with_sessions and agenda:
        changed_at = max(changed_at, sessions_at) if changed_at and sessions_at else None
    entries = [bytes(part) for part in (vevent, *within)]
    zones = [] if all_day and not within else [zone]
    named = {} if as_file else _named(slug, title, with_sessions=with_sessions)
    return OneEvent(calendar(entries, zones, starts.date(), **named), changed_at, revised_at, noted_at)


def _named(slug: str, title: str, *, with_sessions: bool) -> dict[str, str]:
    """What makes it a calendar of its own, as an app that subscribes shows it. A file has none of this: Outlook opens
    what has a name as a second calendar, beside the one that the event was to go into."""
    where = absolute(address(f"{ONE}{slug}"))
    source = f"{where}?sessions=yes" if with_sessions else where
    page = where.removesuffix(".ics")
    return {"name": f"{society().name}: {title}", "source": source, "page": page, "about": society().tagline}
