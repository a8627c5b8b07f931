"""News of a seat that waits for the end of the hold, or for the morning: seen before it leaves, and kept back if
wanted.

The seat stays given, or offered until then, either way; it is only the letter that does not go.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.orm import contains_eager, joinedload

from society.audit.actions import record
from society.db import db
from society.errors import Refused
from society.events.models import Event
from society.mail.models import WAITING, Letter
from society.people.models import Person
from society.rsvps.letters import NEWS, OFFERED, tells_of_seat
from society.rsvps.models import Rsvp
from society.rsvps.session_letters import NEWS as IN_SESSIONS
from society.rsvps.session_letters import OFFERED as OFFERED_IN_SESSION

HIDDEN = "/rsvps/…"
"""Stands for the link that is its reader's alone."""


@dataclass(frozen=True)
class News:
    """A letter that tells of a seat, at the event or in one of its sessions, and the answer that got it."""

    letter: Letter
    rsvp: Rsvp

    @property
    def waits(self) -> bool:
        return self.letter.state in WAITING

    @property
    def offered(self) -> bool:
        """Whether they have still to confirm the seat."""
        return self.letter.reason.split(":")[2] in (OFFERED, OFFERED_IN_SESSION)

    @property
    def shown(self) -> str:
        """What it says, in Markdown, as staff may read it."""
        return re.sub(r"/rsvps/[^\s<>()\]]+", HIDDEN, self.letter.body)


def to_come(now: datetime, most: int, event: Event | None = None) -> list[News]:
    """What has not left, and what is kept back, of events that are to come; of one event, if told."""
    rows = _all().where(Letter.state.in_(WAITING), Letter.attempts == 0, Event.starts_at > now)
    rows = rows.where(or_(Letter.due_at > now, Letter.halted)).order_by(Letter.due_at, Letter.id)
    rows = rows.where(Rsvp.event_id == event.id) if event else rows
    return [News(*row) for row in db.session.execute(rows.limit(most))]


def numbered(event_id: int, letter_id: int) -> News | None:
    """One of them, or one that has left."""
    row = db.session.execute(_all().where(Rsvp.event_id == event_id, Letter.id == letter_id)).first()
    return News(*row) if row else None


def stop(news: News, *, by: Person, now: datetime) -> None:
    """Keep the letter back. Nobody loses the seat by that, unless they do not confirm in time what was offered."""
    _mark(news, "news of a seat stopped", halted=True, by=by, now=now)


def resume(news: News, *, by: Person, now: datetime) -> None:
    """Let it leave when it was to, or at once if that is past."""
    _mark(news, "news of a seat resumed", halted=False, by=by, now=now)


def take_back(event: Event) -> None:
    """Of seats at what does not take place nobody is told."""
    waiting = _all().with_only_columns(Letter.id).where(Rsvp.event_id == event.id, Letter.state.in_(WAITING))
    db.session.execute(delete(Letter).where(Letter.id.in_(waiting.scalar_subquery())))


def _all() -> Select[Letter, Rsvp]:
    rows = select(Letter, Rsvp).join(Rsvp, tells_of_seat((*NEWS, *IN_SESSIONS))).join(Rsvp.event)
    return rows.options(contains_eager(Rsvp.event), joinedload(Rsvp.person))


def _mark(news: News, act: str, *, halted: bool, by: Person, now: datetime) -> None:
    """The letter may be taken up for sending at this moment: so the database decides."""
    if news.letter.halted == halted:
        return
    marked = update(Letter).where(Letter.id == news.letter.id, Letter.state.in_(WAITING)).values(halted=halted)
    if db.session.scalar(marked.returning(Letter.id)) is None:
        raise Refused("It has left already.")
    record(act, news.rsvp.event, by=by, now=now, after={"guest": news.rsvp.person.name})
