"""Sessions that are to be changed, removed or added: what that changes, what is in their way, and whom it reaches."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from society.agenda.across import Clash, clashes_of
from society.agenda.clashes import Warnings, brought
from society.agenda.models import Session
from society.agenda.planning import LABELS, UNSEEN, Plan, snapshot
from society.agenda.queries import agenda
from society.db import db
from society.events.models import Event
from society.notices import effects
from society.notices.anyway import told_anyway_of_session
from society.notices.changed_sessions import as_changed, as_removed, concerns_nobody, for_all, worth_telling
from society.notices.following import Followers, session_followers
from society.people.access import me
from society.rsvps.counts import Turnout, turnout
from society.rsvps.session_letters import mailed
from society.rsvps.session_seats import Room, rooms
from society.times import now


@dataclass(frozen=True)
class InTheWay:
    """What sessions clash with: sentences about their own event, and other events."""

    warnings: Warnings = field(default_factory=Warnings)
    clashes: Sequence[Clash] = ()


def in_the_way(event: Event, planned: Sequence[Session], instead: Session | None = None) -> InTheWay:
    """Of sessions as they are planned, or of one in the place of one that is there."""
    there = [one for one in db.session.scalars(agenda(event)) if one is not instead]
    return InTheWay(brought(event, there, planned), clashes_of(event, planned, me()))


@dataclass(frozen=True)
class Readers:
    """Whom a letter about a session would reach, if one is wanted; false if nobody."""

    seated: int = 0
    """How many with a seat in it."""
    waiting: int = 0
    """How many who wait for one."""
    answered: effects.Effect | None = None
    """All who answered, where it gives no seats of its own."""
    proposed: bool = True

    def __bool__(self) -> bool:
        return bool(self.seated or self.waiting or (self.answered and self.answered.recipients.mailed))


def readers_of(session: Session, plan: Plan | None) -> Readers:
    """Of a session that is to become such or, without a plan, to be removed."""
    event, was, moment = session.event, Plan.of(session), now()
    if concerns_nobody(session, was, plan, moment):
        return Readers()
    if not for_all(session):
        chosen = [] if plan and was.material == plan.material else mailed(session)
        waiting = sum(seat.waits for seat in chosen)
        return Readers(seated=len(chosen) - waiting, waiting=waiting)
    said = as_changed(was, plan, event.zone) if plan else as_removed(was, event.zone)
    if not said:
        return Readers()
    return Readers(answered=effects.effect_of(event, said), proposed=worth_telling(was, plan, event.zone, moment))


@dataclass(frozen=True)
class Effect:
    """What a change to a session of a published event will do, before it is done."""

    changes: list[tuple[str, str, str]]
    calendars: Followers | None
    """Those that show any of it."""
    turnout: Turnout
    room: Room
    """Of the session alone, if it gives seats."""
    seats_short: int
    """Seats taken above those there will be."""
    readers: Readers
    anyway: Sequence[str]
    """Who is written to whatever is chosen."""
    way: InTheWay
    mark: str


def effect_of(session: Session, plan: Plan) -> Effect:
    """Tried within no database, beside the session as it is."""
    event, before = session.event, snapshot(session)
    tried = plan.tried(event.zone)
    after = snapshot(tried)
    changed = [name for name in LABELS if before[name] != after[name]]
    changes = [(LABELS[name], before[name], after[name]) for name in changed]
    taken = rooms(event).get(session.id, Room())
    short = max(taken.taken - plan.capacity, 0) if plan.capacity else 0
    readers, way = readers_of(session, plan), in_the_way(event, [tried], session)
    anyway = told_anyway_of_session(session, tried, now())
    return Effect(
        changes=changes,
        calendars=session_followers([event], now()) if {*changed} - UNSEEN else None,
        turnout=turnout(event),
        room=taken,
        seats_short=short,
        readers=readers,
        anyway=anyway,
        way=way,
        mark=effects.mark_of(
            changes,
            str(session.id),
            f"told {bool(readers)}",
            f"short {short > 0}",
            f"anyway {bool(anyway)}",
            str(way.warnings),
        ),
    )
