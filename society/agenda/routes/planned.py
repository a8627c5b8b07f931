"""Sessions that are to be added, one or many: as they would be, what stands in their way, and whom they reach."""

from collections.abc import Sequence
from dataclasses import dataclass

from society.agenda.models import Session
from society.agenda.planning import Plan, snapshot
from society.agenda.routes.changed import InTheWay, in_the_way
from society.events.models import Event
from society.notices.effects import Effect, effect_of, mark_of
from society.notices.following import Followers, session_followers
from society.notices.new_sessions import as_change
from society.times import now


@dataclass(frozen=True)
class Planned:
    """What adding sessions does, before it is done; of a draft, nobody is reached."""

    sessions: Sequence[Session]
    way: InTheWay
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
        return mark_of(seen, str(self.way.warnings), f"told {self.has_readers}")


def planned(event: Event, plans: Sequence[Plan]) -> Planned:
    """They as they would be, in no database."""
    moment = now()
    sessions = [plan.tried(event.zone) for plan in plans]
    effect = effect_of(event, [as_change(plans, event.zone)]) if event.published_at else None
    return Planned(
        sessions=sessions,
        way=in_the_way(event, sessions),
        effect=effect,
        calendars=session_followers([event], moment) if effect else None,
        over=event.gone(moment),
    )
