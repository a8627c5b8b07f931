"""What becomes of the agenda of an event that moves, told before it is done."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from society.agenda.clashes import day_and_span
from society.agenda.models import Session
from society.agenda.planning import Former, Plan, Times
from society.agenda.queries import agenda, agendas
from society.db import db
from society.events.models import Event
from society.text import counted
from society.times import to_wall


def shift_to(event: Event, was: Times, sessions: Sequence[Session]) -> timedelta:
    """By how much sessions move along on the clock: by as much as the start of their event.

    Where it has another length and they all lie within it as they are, it has only grown or shrunk around them.
    """
    shift: timedelta = event.starts - was.starts
    if event.ends - was.ends == shift:
        return shift
    inside = [session for session in sessions if was.hold(session)]
    return timedelta() if inside and all(map(Times.of(event).hold, inside)) else shift


def move_along(event: Event, was: Times, now: datetime) -> int:
    """Move the sessions of an event that was at other times; the number of those that moved."""
    if not event.has_agenda or Times.of(event) == was:
        return 0
    sessions = db.session.scalars(agenda(event)).all()
    shift, moved = shift_to(event, was, sessions), 0
    for session in sessions:
        before = session.starts_at, session.ends_at
        _shift(session, shift, event.zone)
        if (session.starts_at, session.ends_at) != before:
            session.sequence += 1
            session.revised_at = now
            moved += 1
    return moved


def _shift(session: Session, shift: timedelta, zone: str) -> None:
    session.starts_at, session.ends_at = shifted(session.starts, session.ends, shift, zone)
    session.starts, session.ends = to_wall(session.starts_at, zone), to_wall(session.ends_at, zone)


def shifted(starts: datetime, ends: datetime, shift: timedelta, zone: str) -> tuple[datetime, datetime]:
    """When what is between two moments on the clock would begin and end so much later on it: a time that clocks jump
    over on the new day becomes the one that they jump to, and the length stays."""
    begins, stops = ((wall + shift).replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC) for wall in (starts, ends))
    if to_wall(begins, zone) != starts + shift or to_wall(stops, zone) != ends + shift:
        stops = begins + (ends - starts)
    return begins, stops


def as_moved(event: Event, was: Times, sessions: Sequence[Session]) -> list[Session]:
    """They as they would be once they have moved along, in no database."""
    shift, then = shift_to(event, was, sessions), [Plan.of(session).tried(was.zone) for session in sessions]
    for session in then:
        _shift(session, shift, event.zone)
    return then


def begin_then(moved: Iterable[tuple[Event, Times]], agendas: Mapping[int, Sequence[Session]]) -> dict[int, datetime]:
    """By session that has still to move along with its event, when it would begin."""
    return {
        session.id: then.starts_at
        for event, was in moved
        if event.id in agendas
        for session, then in zip(agendas[event.id], as_moved(event, was, agendas[event.id]), strict=True)
    }


def agendas_of(moved: Iterable[tuple[Event, Times]]) -> Mapping[int, Sequence[Session]]:
    """By event, the sessions of those that were at other times: one query, and none where no agenda moves."""
    numbers = [event.id for event, was in moved if event.has_agenda and Times.of(event) != was]
    rows: Iterable[Session] = db.session.scalars(agendas(numbers)) if numbers else []
    return {number: list(theirs) for number, theirs in groupby(rows, key=lambda session: session.event_id)}


def moving(event: Event, was: Times, sessions: Sequence[Session]) -> str:
    """What becomes of them, in a sentence; empty if nothing does."""
    if not sessions or Times.of(event) == was:
        return ""
    one = len(sessions) == 1
    told = "The agenda’s session" if one else f"The agenda’s {len(sessions)} sessions"
    shift = shift_to(event, was, sessions)
    if not shift:
        return f"{told} {'keeps its time' if one else 'keep their times'} of day."
    way, by = ("later", shift) if shift > -shift else ("earlier", -shift)
    hours, minutes = divmod(by.seconds // 60, 60)
    parts = [(by.days, "day"), (hours, "hour"), (minutes, "minute")]
    length = ", ".join(counted(number, unit) for number, unit in parts if number)
    return f"{told} {'moves' if one else 'move'} along: {length} {way}."


def left_out(event: Event, was: Times, sessions: Sequence[Session]) -> list[str]:
    """Those that would lie outside the event, as they did not before: each with the time that it would have."""
    shift, there = shift_to(event, was, sessions), Times.of(event)
    inside = (Former.of(session) for session in sessions if was.hold(session))
    then = (replace(one, starts=one.starts + shift, ends=one.ends + shift) for one in inside)
    return [f"“{one.title}” ({day_and_span(one)})" for one in then if not there.hold(one)]
