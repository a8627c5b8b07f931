"""Sessions of an event as calendar entries of their own, for those who want each of them in their calendar."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from sqlalchemy import select

from society.agenda.models import Session
from society.agenda.queries import agendas
from society.calendars.component import Component
from society.calendars.models import SessionEntries
from society.calendars.queries import ALL
from society.calendars.render import calendar, status, titled, vevent
from society.calendars.versions import SECOND, instant_of
from society.db import db
from society.events.models import Event
from society.settings import absolute


def refresh_sessions(events: Sequence[Event], now: datetime) -> bool:
    """Render the sessions of published events anew; tells whether that changed any byte."""
    db.session.flush()
    numbers = [event.id for event in events]
    stored = select(SessionEntries).where(SessionEntries.event_id.in_(numbers))
    rows = {row.event_id: row for row in db.session.scalars(stored)}
    changed = {number: vevents for number, vevents in _rendered(events) if vevents != _stored(rows.get(number))}
    if not changed:
        return False
    at = instant_of(now, [ALL])  # by which a file of the event with its sessions is dated too
    for number, vevents in changed.items():
        row = rows.get(number) or SessionEntries(event_id=number)
        row.vevents, row.changed_at = vevents, max(at, row.changed_at + SECOND) if row.changed_at else at
        db.session.add(row)
    db.session.flush()
    return True


def _stored(row: SessionEntries | None) -> bytes:
    return row.vevents if row else b""


def _rendered(events: Sequence[Event]) -> Iterator[tuple[int, bytes]]:
    """By event, in two queries however many."""
    sessions = defaultdict[int, list[Session]](list)
    with_agenda = [event.id for event in events if event.has_agenda]
    if with_agenda:
        anew = agendas(with_agenda).execution_options(populate_existing=True)  # others may have changed some
        for session in db.session.scalars(anew):
            sessions[session.event_id].append(session)
    for event in events:
        yield event.id, b"".join(session_vevent(event, session) for session in sessions[event.id])


def session_vevent(event: Event, session: Session) -> bytes:
    """The VEVENT of a session, a part of its event (RELATED-TO, RFC 5545, 3.8.4.5).

    The event's sequence is added to its own: what is called off or put off takes its sessions along. Neither falls.
    """
    component = Component()
    component.add("uid", f"{session.key}.{event.uid}")
    component.add("sequence", event.sequence + session.sequence)
    component.add("created", event.published_at)
    component.add("last-modified", max(event.revised_at, session.revised_at))
    component.add("dtstamp", max(event.revised_at, session.revised_at))
    component.add("summary", titled(event, session.title))
    zoned = {} if event.zone == "UTC" else {"TZID": event.zone}
    zone = UTC if event.zone == "UTC" else None
    component.add("dtstart", session.starts.replace(tzinfo=zone), parameters=zoned)
    component.add("dtend", session.ends.replace(tzinfo=zone), parameters=zoned)
    address = absolute(f"/events/{event.slug}/agenda#session-{session.id}")
    speakers = "\n".join(f"{s.name}, {s.about}" if s.about else s.name for s in session.speakers)
    component.add("description", "\n\n".join(filter(None, [speakers, event.title, address])))
    component.add("url", address)
    component.add("status", status(event))
    component.add("transp", "TRANSPARENT")
    component.add("related-to", event.uid)
    if place := _place(event, session):
        component.add("location", place)
    return component.to_ical()


def _place(event: Event, session: Session) -> str:
    """The session's own room in the event's venue; else where the event is."""
    if not session.room:
        return event.place
    venue = [event.venue.name, event.venue.address] if event.venue else []
    return ", ".join(filter(None, [session.room, *venue]))


def file_with_sessions(event: Event) -> bytes:
    """The event and each of its sessions as one file."""
    row = db.session.get(SessionEntries, event.id)
    entries = [vevent(event), *([row.vevents] if row else [])]
    return calendar(entries, [event.zone], event.starts.date())
