"""A person's membership as lines of a table: one for each period or application, with how it ended.

The register has a row for each step. A line takes together a period and the step that ended it (an application and the
one that turned it down), and says with `left_on` from which day on something else took its place.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple, Protocol

from society.membership.models import Status

ENDED = (Status.RESIGNED, Status.LAPSED)
OF_APPLICATIONS = (Status.APPLIED, Status.REJECTED)


class Step(Protocol):
    """What is read of a row of the register."""

    id: int
    tier_id: int
    status: Status
    starts_on: date
    ends_on: date | None
    replaces_id: int | None


class Line(NamedTuple):
    """One line on one person."""

    row_id: int
    tier_id: int
    status: Status
    starts_on: date
    ends_on: date | None
    left_on: date | None
    ended_by: int | None
    """The row that ended it, if that is told by this line's status."""
    taken_up: bool
    """Whether something took the place of what ended it: they were restored."""

    @property
    def is_application(self) -> bool:
        return self.status in OF_APPLICATIONS


def lines(steps: Iterable[Step]) -> list[Line]:
    """The lines of one person, by their first day. What ended nothing (a resignation without a period) has its own."""
    rows = sorted(steps, key=lambda row: (row.starts_on, row.id))
    later = _replacements(rows)
    by_id = {row.id: row for row in rows}
    return [_line(row, later) for row in rows if not _is_told_elsewhere(row, by_id, later)]


def _replacements(rows: Sequence[Step]) -> dict[int, Step]:
    """By row, the first that takes its place."""
    found: dict[int, Step] = {}
    for row in rows:
        if row.replaces_id is not None:
            found.setdefault(row.replaces_id, row)
    return found


def _line(row: Step, later: dict[int, Step]) -> Line:
    then = later.get(row.id)
    ended = then is not None and _ends(then, row)
    status = then.status if then is not None and ended else row.status
    left_on = then.starts_on if then and row.status in (Status.ACTIVE, Status.APPLIED) else None
    ended_by = then.id if then is not None and ended else None
    taken_up = (ended_by or row.id) in later
    return Line(row.id, row.tier_id, status, row.starts_on, row.ends_on, left_on, ended_by, taken_up)


def _ends(step: Step, row: Step) -> bool:
    """Whether a step is the end of that period, or the no to that application."""
    if row.status is Status.ACTIVE:
        return step.status in ENDED and step.tier_id == row.tier_id
    return row.status is Status.APPLIED and step.status is Status.REJECTED and step.tier_id == row.tier_id


def _is_told_elsewhere(row: Step, by_id: dict[int, Step], later: dict[int, Step]) -> bool:
    former = by_id.get(row.replaces_id or 0)
    return former is not None and later[former.id] is row and _ends(row, former)
