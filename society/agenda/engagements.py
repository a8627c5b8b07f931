"""People who are announced at two events at once: told to organizers, and forbidden to nobody."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, false, func, select, true, union_all
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from society.agenda.models import Session, SessionSpeaker, SpeakerProfile
from society.agenda.queries import pages_of
from society.db import db
from society.events.models import Event, Speaker
from society.text import in_an_address

LONGEST = timedelta(hours=25)
"""A whole day, also that on which clocks go back. What lasts longer, such as an exhibition, says nothing of when its
speakers are there."""


_speaks, _chairs = false().label("chairs"), true().label("chairs")


@dataclass(frozen=True)
class Engagement:
    """Somebody who speaks, or is in the chair, from one instant to another; without a session, at a whole event."""

    key: str
    """Of their name, by which one speaker is told from another."""
    name: str
    starts_at: datetime
    ends_at: datetime
    session: Session | None = None
    chairs: bool = False
    """Whether they are in the chair, rather than speak."""

    def overlaps(self, starts_at: datetime, ends_at: datetime) -> bool:
        return self.starts_at < ends_at and starts_at < self.ends_at


@dataclass(frozen=True)
class Elsewhere:
    """An event, and another at which somebody of its is wanted at the same time."""

    by: Event
    name: str
    chairs: bool
    """Whether they are in the chair there, rather than speak."""
    event: Event
    own: Sequence[Engagement]
    """When they cannot be here for it."""


def needs_them(event: Event) -> bool:
    """Whether an event wants its rooms and people: a draft does, and what is called off or put off does not."""
    return not (event.cancelled_at or event.postponed_at or event.template_name)


def in_sessions(sessions: Iterable[Session]) -> Iterator[Engagement]:
    """Who speaks in these sessions or is in the chair, each once in a session."""
    for one in sessions:
        chair = {in_an_address(one.chair): one.chair} if one.chair else {}
        speakers = {speaker.key: speaker.name for speaker in one.speakers}
        for key, name in (chair | speakers).items():
            if key:
                yield Engagement(key, name, one.starts_at, one.ends_at, one, key not in speakers)


def engagements(event: Event, sessions: Sequence[Session]) -> Iterator[Engagement]:
    """Those of an event, in its sessions and as a whole."""
    yield from in_sessions(sessions)
    if event.ends_at - event.starts_at <= LONGEST:
        for one in event.speakers:
            if one.key:
                yield Engagement(one.key, one.name, event.starts_at, event.ends_at)


def elsewhere(own: Mapping[Event, Iterable[Engagement]]) -> list[Elsewhere]:
    """Where else whoever is engaged at events is wanted at the same time, drafts included: in three statements, and
    none where nobody is named. Where sessions say when somebody speaks, the event as a whole does not."""
    theirs = [(event, one) for event, some in own.items() if needs_them(event) for one in some]
    leads_to = pages_of({one.key for _, one in theirs})
    in_session = {(event, leads_to.get(one.key, one.key)) for event, one in theirs if one.session and not one.chairs}
    named = defaultdict[str, list[tuple[Event, Engagement]]](list)
    for event, one in theirs:
        page = leads_to.get(one.key, one.key)
        if one.session or (event, page) not in in_session:
            named[page].append((event, one))
    found: dict[tuple[Event, str, int], tuple[bool, list[Engagement]]] = {}
    for written, number, starts_at, ends_at, chairs in _meanwhile(theirs, leads_to, {event.id for event in own}):
        key = leads_to.get(written, written)
        for event, one in named[key]:
            if one.overlaps(starts_at, ends_at):
                found.setdefault((event, key, number), (chairs, []))[1].append(one)
    events = _by_number({number for _, _, number in found})
    return [
        Elsewhere(event, met[0].name, chairs, events[number], list(dict.fromkeys(met)))
        for (event, _, number), (chairs, met) in found.items()
    ]


def _by_number(numbers: Collection[int]) -> dict[int, Event]:
    rows = select(Event).where(Event.id.in_(numbers)).options(joinedload(Event.venue))
    return {other.id: other for other in db.session.scalars(rows)} if numbers else {}


def _meanwhile(
    own: Sequence[tuple[Event, Engagement]], leads_to: Mapping[str, str], but: Collection[int]
) -> Iterator[tuple[str, int, datetime, datetime, bool]]:
    """When they are wanted at others while these last, under whichever of their names: its key, number of the event,
    from, until, whether in the chair."""
    if not own:
        return
    keys = {*leads_to, *leads_to.values(), *(one.key for _, one in own)}
    begins, ends = min(one.starts_at for _, one in own), max(one.ends_at for _, one in own)
    others = Event.id.not_in(but), Event.template_name == "", Event.cancelled_at.is_(None), Event.postponed_at.is_(None)
    parts = (_at_events(keys, begins, ends), _in_sessions(keys, begins, ends), _in_the_chair(begins, ends))
    rows = union_all(*(part.where(*others) for part in parts)).order_by("starts_at", "number", "chairs")
    for row in db.session.execute(rows):
        key = in_an_address(row[0]) if row[4] else row[0]
        if key in keys and row[3] - row[2] <= LONGEST:
            yield key, row[1], row[2], row[3], row[4]


def _at_events(keys: Collection[str], begins: datetime, ends: datetime) -> Select[str, int, datetime, datetime, bool]:
    """Of whole events, where no session of theirs names the speaker."""
    session = exists().where(Session.event_id == Event.id, SessionSpeaker.session_id == Session.id)
    rows = select(Speaker.key, Event.id.label("number"), Event.starts_at.label("starts_at"), Event.ends_at, _speaks)
    rows = rows.join(Event, Event.id == Speaker.event_id).where(Speaker.key.in_(keys))
    theirs = session.where(_page_of(SessionSpeaker.key) == _page_of(Speaker.key))
    rows = rows.where(~theirs.correlate(Event, Speaker))
    return rows.where(Event.starts_at > begins - LONGEST, Event.starts_at < ends, Event.ends_at > begins)


def _page_of(key: InstrumentedAttribute[str]) -> ColumnElement[str]:
    """The key of the page that a name leads to: its own, unless organizers joined it with another."""
    joined = select(SpeakerProfile.same_as).where(SpeakerProfile.key == key).correlate(key.class_)
    return func.coalesce(joined.scalar_subquery(), key)


def _in_sessions(keys: Collection[str], begins: datetime, ends: datetime) -> Select[str, int, datetime, datetime, bool]:
    rows = select(
        SessionSpeaker.key, Event.id.label("number"), Session.starts_at.label("starts_at"), Session.ends_at, _speaks
    )
    rows = rows.join(Session, Session.id == SessionSpeaker.session_id).join(Event, Event.id == Session.event_id)
    return rows.where(SessionSpeaker.key.in_(keys), Session.starts_at < ends, Session.ends_at > begins)


def _in_the_chair(begins: datetime, ends: datetime) -> Select[str, int, datetime, datetime, bool]:
    """Of all chairs then, by their names: no row keeps the key of one. By the session's own time, since it may lie
    outside its event's."""
    rows = select(
        Session.chair, Event.id.label("number"), Session.starts_at.label("starts_at"), Session.ends_at, _chairs
    )
    rows = rows.join(Event, Event.id == Session.event_id).where(Session.chair != "")
    return rows.where(Session.starts_at > begins - LONGEST, Session.starts_at < ends, Session.ends_at > begins)
