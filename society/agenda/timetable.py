"""A day's sessions as a table: a row for each moment at which something begins, a column for each room or track.

The rows and columns that a session spans are counted here, so that the page is a plain table that reads the same to
everybody; on a phone its cells stand below one another, which is then a list by time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from society.agenda.models import Session, SessionKind
from society.names import alike


@dataclass(frozen=True)
class Cell:
    """A session with the rows and columns it spans; without a session, an empty place."""

    session: Session | None
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True)
class Line:
    """What begins at one moment."""

    starts: datetime
    starts_at: datetime
    cells: list[Cell]


@dataclass(frozen=True)
class Day:
    """One day of an agenda."""

    on: date
    columns: list[str]
    """What the columns are called; empty where nothing runs in parallel."""
    lines: list[Line]
    sessions: list[Session]

    @property
    def number(self) -> int:
        return len(self.sessions)

    @property
    def highlights(self) -> list[Session]:
        """The few that tell most of a long day: its keynotes, else what it begins with."""
        keynotes = [session for session in self.sessions if session.kind is SessionKind.KEYNOTE]
        return (keynotes or [session for session in self.sessions if session.kind is not SessionKind.BREAK])[:3]


@dataclass
class _Column:
    name: str
    sessions: list[Session] = field(default_factory=list)

    def is_free_at(self, moment: datetime) -> bool:
        return not self.sessions or self.sessions[-1].ends_at <= moment


def timetable(sessions: Sequence[Session]) -> list[Day]:
    """The days of an agenda; a session belongs to the day on which it begins."""
    ordered = sorted(sessions, key=lambda session: (session.starts_at, session.position, session.id))
    return [_day(on, list(rows)) for on, rows in groupby(ordered, key=lambda session: session.starts.date())]


def _day(on: date, sessions: list[Session]) -> Day:
    alone = without_parallel(sessions)
    parallel = [session for session in sessions if session not in alone]
    columns = _columns(parallel)
    starts = sorted({session.starts_at for session in sessions})
    lines = [_line(moment, starts, alone, columns, sessions) for moment in starts]
    return Day(on, [column.name for column in columns], lines, sessions)


def without_parallel(sessions: Sequence[Session]) -> list[Session]:
    """Those, of sessions in the order in which they begin, beside which nothing else runs."""
    found = []
    busy_until = None
    for place, session in enumerate(sessions):
        after = sessions[place + 1].starts_at if place + 1 < len(sessions) else session.ends_at
        if (busy_until is None or busy_until <= session.starts_at) and after >= session.ends_at:
            found.append(session)
        busy_until = max(busy_until or session.ends_at, session.ends_at)
    return found


def _columns(parallel: Sequence[Session]) -> list[_Column]:
    """By room where there are several, else by track; what would overlap within one stands in a second of that name."""
    by_room = len({alike(session.room) for session in parallel}) > 1
    columns: list[_Column] = []
    for session in parallel:
        name = session.room if by_room else session.track
        same = (column for column in columns if alike(column.name) == alike(name))
        free = (column for column in same if column.is_free_at(session.starts_at))
        column = next(free, None)
        if column is None:
            column = _Column(name)
            columns.append(column)
        column.sessions.append(session)
    return sorted(columns, key=lambda column: (not column.name, column.name.casefold()))


def _line(
    moment: datetime, starts: list[datetime], alone: list[Session], columns: list[_Column], sessions: list[Session]
) -> Line:
    beginning = [session for session in sessions if session.starts_at == moment]
    if beginning[0] in alone:
        cells = [Cell(beginning[0], columns=max(len(columns), 1))]
    else:
        cells = [cell for column in columns if (cell := _cell(column, moment, starts)) is not None]
    return Line(beginning[0].starts, moment, cells)


def _cell(column: _Column, moment: datetime, starts: list[datetime]) -> Cell | None:
    """None where a session that began earlier still runs."""
    for session in column.sessions:
        if session.starts_at == moment:
            return Cell(session, rows=sum(moment <= start < session.ends_at for start in starts))
        if session.starts_at < moment < session.ends_at:
            return None
    return Cell(None)
