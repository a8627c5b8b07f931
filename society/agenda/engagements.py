"""Speakers who are announced at two events at once: told to organizers, and forbidden to nobody."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, exists, select, union_all
from sqlalchemy.orm import joinedload

from society.agenda.models import Session, SessionSpeaker
from society.db import db
from society.events.models import Event, Speaker

LONGEST = timedelta(hours=25)
"""A whole day, also that on which clocks go back. What lasts longer, such as an exhibition, says nothing of when its
speakers are there."""


@dataclass(frozen=True)
class Engagement:
    """Somebody who speaks from one instant to another."""

    key: str
    """Of their name, by which one speaker is told from another."""
    name: str
    starts_at: datetime
    ends_at: datetime

    def overlaps(self, starts_at: datetime, ends_at: datetime) -> bool:
        return self.starts_at < ends_at and starts_at < self.ends_at


def elsewhere(event: Event) -> list[tuple[str, Event]]:
    """Names of its speakers, each with another event, drafts included, at which they are wanted at the same time.

    Where sessions name somebody, these say when; else the event as a whole does. In two statements, four of an event
    with an agenda, and none where nobody speaks.
    """
    own = [] if event.cancelled_at or event.postponed_at or event.template_name else list(_own(event))
    found: dict[tuple[str, int], str] = {}
    for key, number, starts_at, ends_at in _meanwhile(event, {one.key for one in own if one.key}):
        name = next((one.name for one in own if one.key == key and one.overlaps(starts_at, ends_at)), None)
        if name is not None:
            found.setdefault((key, number), name)
    numbers = [number for _, number in found]
    rows = select(Event).where(Event.id.in_(numbers)).options(joinedload(Event.venue))
    events = {other.id: other for other in db.session.scalars(rows)} if numbers else {}
    return [(name, events[number]) for (_, number), name in found.items()]


def _own(event: Event) -> Iterator[Engagement]:
    sessions = select(SessionSpeaker, Session.starts_at, Session.ends_at).join(
        Session, Session.id == SessionSpeaker.session_id
    )
    told = db.session.execute(sessions.where(Session.event_id == event.id)).all() if event.has_agenda else []
    for speaker, starts_at, ends_at in told:
        yield Engagement(speaker.key, speaker.name, starts_at, ends_at)
    if event.ends_at - event.starts_at <= LONGEST:
        in_sessions = {speaker.key for speaker, _, _ in told}
        for one in event.speakers:
            if one.key not in in_sessions:
                yield Engagement(one.key, one.name, event.starts_at, event.ends_at)


def _meanwhile(event: Event, keys: Collection[str]) -> Sequence[tuple[str, int, datetime, datetime]]:
    """When they speak at others, by key and number of the event, while this one lasts."""
    if not keys:
        return []
    others = Event.id != event.id, Event.template_name == "", Event.cancelled_at.is_(None), Event.postponed_at.is_(None)
    parts = [part.where(*others) for part in (_at_events(event, keys), _in_sessions(event, keys))]
    rows = union_all(*parts).order_by("starts_at", "number")
    return [(row[0], row[1], row[2], row[3]) for row in db.session.execute(rows) if row[3] - row[2] <= LONGEST]


def _at_events(event: Event, keys: Collection[str]) -> Select[str, int, datetime, datetime]:
    """Of whole events, where no session of theirs names the speaker."""
    session = exists().where(Session.event_id == Event.id, SessionSpeaker.session_id == Session.id)
    rows = select(Speaker.key, Event.id.label("number"), Event.starts_at.label("starts_at"), Event.ends_at)
    rows = rows.join(Event, Event.id == Speaker.event_id).where(Speaker.key.in_(keys))
    rows = rows.where(~session.where(SessionSpeaker.key == Speaker.key).correlate(Event, Speaker))
    bounds = Event.starts_at > event.starts_at - LONGEST, Event.starts_at < event.ends_at
    return rows.where(*bounds, Event.ends_at > event.starts_at)


def _in_sessions(event: Event, keys: Collection[str]) -> Select[str, int, datetime, datetime]:
    rows = select(SessionSpeaker.key, Event.id.label("number"), Session.starts_at.label("starts_at"), Session.ends_at)
    rows = rows.join(Session, Session.id == SessionSpeaker.session_id).join(Event, Event.id == Session.event_id)
    rows = rows.where(SessionSpeaker.key.in_(keys))
    return rows.where(Session.starts_at < event.ends_at, Session.ends_at > event.starts_at)
