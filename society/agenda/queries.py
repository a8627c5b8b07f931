"""Which sessions there are, and who speaks where."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, Subquery, func, or_, select, union_all
from sqlalchemy.orm import joinedload, selectinload

from society.agenda.models import Session, SessionSpeaker, SpeakerProfile
from society.db import db
from society.events.models import Event, Speaker
from society.events.queries import visible_to
from society.people.models import Person
from society.text import in_an_address

MOST_TALKS = 300
"""How many of a speaker's talks one page lists, the latest first."""


def agenda(event: Event) -> Select[Session]:
    """An event's sessions in the order of time, with who speaks: two queries however many there are."""
    return agendas([event.id])


def agendas(events: Sequence[int]) -> Select[Session]:
    """The same of several events, by their numbers."""
    rows = select(Session).where(Session.event_id.in_(events)).options(selectinload(Session.speakers))
    return rows.order_by(Session.event_id, Session.starts_at, Session.position, Session.id)


def giving_seats(event: Event) -> Select[Session]:
    """Those of its sessions that give out seats of their own."""
    return agenda(event).where(Session.capacity.is_not(None))


def gives_seats_still(event: Event, now: datetime) -> bool:
    """Whether any of them has seats that can be asked for: it is to come, and answers to the event are open."""
    closed = event.rsvp_closes_at is not None and event.rsvp_closes_at <= now
    if closed or not (event.has_agenda and event.on):
        return False
    rows = select(Session.id).where(Session.event_id == event.id, Session.capacity.is_not(None))
    return db.session.scalar(rows.where(Session.starts_at > now).limit(1)) is not None


def titles(event: Event, numbers: Collection[int | None]) -> dict[int, str]:
    """What those of an event's sessions are called that have these numbers; no query where there are none."""
    wanted = set(filter(None, numbers))
    rows = select(Session.id, Session.title).where(Session.event_id == event.id, Session.id.in_(wanted))
    return {row.id: row.title for row in db.session.execute(rows)} if wanted else {}


def session_of(event: Event, number: int) -> Select[Session]:
    """One of an event's sessions."""
    return agenda(event).where(Session.id == number)


def _spoken(person: Person | None) -> Subquery:
    """Who speaks where, of all that may be seen: each name with its key and the event's date."""
    seen = visible_to(person).with_only_columns(Event.id, Event.starts_at).order_by(None).subquery()
    at_events = select(Speaker.key, Speaker.name, seen.c.starts_at).join(seen, seen.c.id == Speaker.event_id)
    in_sessions = (
        select(SessionSpeaker.key, SessionSpeaker.name, seen.c.starts_at)
        .join(Session, Session.id == SessionSpeaker.session_id)
        .join(seen, seen.c.id == Session.event_id)
    )
    return union_all(at_events, in_sessions).subquery()


def speakers(person: Person | None, search: str = "") -> Select[str, str, int]:
    """Whoever speaks at an event that may be seen, once each: key, name, number of talks; in the order of the keys.

    Of several names the one is told under which the talks stand, if any of them is announced by it.
    """
    spoken = _spoken(person)
    key = func.coalesce(SpeakerProfile.same_as, spoken.c.key)
    main = func.min(spoken.c.name).filter(SpeakerProfile.same_as.is_(None))
    rows = (
        select(key, func.coalesce(main, func.min(spoken.c.name)), func.count())
        .select_from(spoken)
        .outerjoin(SpeakerProfile, SpeakerProfile.key == spoken.c.key)
        .where(spoken.c.key != "")
        .group_by(key)
        .order_by(key)
    )
    for word in in_an_address(search).split("-"):
        rows = rows.where(spoken.c.key.contains(word, autoescape=True))
    return rows


@dataclass(frozen=True)
class Names:
    """The names of one speaker: the key of their page, and the keys of all that lead to it."""

    key: str
    all: Sequence[str]
    profile: SpeakerProfile | None


def names_of(key: str) -> Names:
    """Under which names a speaker's talks stand, whichever of them is asked for."""
    own = select(SpeakerProfile.same_as).where(SpeakerProfile.key == key).scalar_subquery()
    main = db.session.scalar(select(func.coalesce(own, key))) or key
    rows = db.session.scalars(
        select(SpeakerProfile).where(or_(SpeakerProfile.key == main, SpeakerProfile.same_as == main))
    ).all()
    profile = next((row for row in rows if row.key == main), None)
    return Names(main, [main, *(row.key for row in rows if row.key != main)], profile)


def pages_of(keys: Collection[str]) -> dict[str, str]:
    """Of the names that organizers joined with any of these: by the key of each, that of the speaker's page."""
    if not keys:
        return {}
    profile = SpeakerProfile
    pages = select(profile.same_as).where(profile.key.in_(keys), profile.same_as.is_not(None))
    rows = select(profile.key, profile.same_as).where(or_(profile.same_as.in_(keys), profile.same_as.in_(pages)))
    return {key: page for key, page in db.session.execute(rows) if page}


@dataclass(frozen=True)
class Talk:
    """Something that somebody speaks at: a session, or an event as a whole."""

    event: Event
    session: Session | None
    name: str
    about: str

    @property
    def title(self) -> str:
        return self.session.title if self.session else self.event.title

    @property
    def starts_at(self) -> datetime:
        return self.session.starts_at if self.session else self.event.starts_at

    @property
    def ends_at(self) -> datetime:
        return self.session.ends_at if self.session else self.event.ends_at


def talks(names: Names, person: Person | None) -> list[Talk]:
    """What they speak at, as far as it may be seen, the latest first; an event whose sessions tell it is left out."""
    in_sessions = [Talk(session.event, session, s.name, s.about) for session, s in _in_sessions(names, person)]
    told = {talk.event.id for talk in in_sessions}
    whole = [Talk(event, None, s.name, s.about) for event, s in _at_events(names, person) if event.id not in told]
    return sorted([*in_sessions, *whole], key=lambda talk: (talk.starts_at, talk.title), reverse=True)[:MOST_TALKS]


def _in_sessions(names: Names, person: Person | None) -> Sequence[Row[Session, SessionSpeaker]]:
    seen = visible_to(person).with_only_columns(Event.id).order_by(None)
    rows = select(Session, SessionSpeaker).join(SessionSpeaker, SessionSpeaker.session_id == Session.id)
    rows = rows.where(SessionSpeaker.key.in_(names.all), Session.event_id.in_(seen))
    whole = joinedload(Session.event).joinedload(Event.venue)
    return db.session.execute(rows.options(whole).order_by(Session.starts_at.desc()).limit(MOST_TALKS)).all()


def _at_events(names: Names, person: Person | None) -> Sequence[Row[Event, Speaker]]:
    rows = visible_to(person).join(Speaker, Speaker.event_id == Event.id).where(Speaker.key.in_(names.all))
    rows = rows.add_columns(Speaker).options(joinedload(Event.venue))
    return db.session.execute(rows.order_by(Event.starts_at.desc()).limit(MOST_TALKS)).all()  # type: ignore[return-value]


def speaks(key: str) -> bool:
    """Whether anybody of that name speaks anywhere, or is told of."""
    tables = (Speaker, SessionSpeaker, SpeakerProfile)
    return any(db.session.scalar(select(table.id).where(table.key == key).limit(1)) for table in tables)


def name_of(key: str) -> str | None:
    """How somebody of that key is written where they were announced last; None if nobody is."""
    for model in (SessionSpeaker, Speaker):
        name = db.session.scalar(select(model.name).where(model.key == key).order_by(model.id.desc()).limit(1))
        if name is not None:
            return name
    return None


def profile(key: str) -> SpeakerProfile | None:
    """What organizers have told of that name."""
    return db.session.scalar(select(SpeakerProfile).where(SpeakerProfile.key == key))


def profile_name(key: str) -> str:
    """How a name is written, by its key."""
    row = profile(key)
    return row.name if row else name_of(key) or key
