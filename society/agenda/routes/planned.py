"""Sessions that are to be added, one or many: as they would be, what stands in their way, and whom they reach."""

from collections.abc import Sequence
from dataclasses import dataclass

from society.agenda.across import Clash, clashes_of
from society.agenda.clashes import brought, repeated
from society.agenda.models import Session
from society.agenda.planning import Plan, snapshot
from society.agenda.queries import agenda
from society.db import db
from society.events.models import Event
from society.notices.effects import Effect, effect_of, mark_of
from society.notices.following import Followers, session_followers
from society.notices.new_sessions import as_change
from society.people.access import me
from society.times import now


@dataclass(frozen=True)
class Planned:
    """What adding sessions does, before it is done; of a draft, nobody is reached."""

    sessions: Sequence[Session]
    warnings: Sequence[str]
    clashes: Sequence[Clash]
    effect: Effect | None
    calendars: Followers | None
    over: bool
    """Whether the event is, or is cancelled, so that nobody is written to."""

    @property
    def has_readers(self) -> bool:
        return bool(self.effect and self.effect.recipients.mailed) and not self.over

    @property
    def mark(self) -> str:
        seen = [snapshot(session).values() for session in self.sessions]
        return mark_of(seen, *self.warnings, f"told {self.has_readers}")


def planned(event: Event, plans: Sequence[Plan]) -> Planned:
    """They as they would be, in no database."""
    moment, there = now(), db.session.scalars(agenda(event)).all()
    sessions = [plan.tried(event.zone) for plan in plans]
    effect = effect_of(event, [as_change(plans, event.zone)]) if event.published_at else None
    return Planned(
        sessions=sessions,
        warnings=[*repeated(there, sessions), *brought(event, there, sessions)],
        clashes=clashes_of(event, sessions, me()),
        effect=effect,
        calendars=session_followers([event], moment) if effect else None,
        over=event.gone(moment),
    )
