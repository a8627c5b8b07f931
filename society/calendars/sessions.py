"""Sessions of an event as calendar entries of their own, for those who want each of them in their calendar."""

from datetime import UTC, datetime

from society.agenda.models import Session
from society.agenda.queries import agenda
from society.calendars.component import Component
from society.calendars.models import SessionEntries
from society.calendars.render import calendar, status, titled, vevent
from society.db import db
from society.events.models import Event
from society.settings import absolute


def refresh_sessions(event: Event, now: datetime) -> bool:
    """Render a published event's sessions anew; tells whether that changed any byte."""
    db.session.flush()
    row = db.session.get(SessionEntries, event.id)
    anew = agenda(event).execution_options(populate_existing=True)  # others may have changed some
    sessions = db.session.scalars(anew) if event.has_agenda else ()
    rendered = b"".join(session_vevent(event, session) for session in sessions)
    if rendered == (row.vevents if row else b""):
        return False
    db.session.merge(SessionEntries(event_id=event.id, vevents=rendered, changed_at=now))
    db.session.flush()
    return True


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
