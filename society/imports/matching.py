"""Which event here is which of a file: by its name, else by its place in the order of what recurs.

An occurrence is named by when its rule planned it (RFC 5545, 3.8.4.4), so all names of a recurring event change as soon
as its time or its rule does. What has no namesake is then matched in order, between those that have one.
"""

import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import median_low
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from society.db import db
from society.events.models import Event
from society.imports.comparing import is_as_made, made_of, shape
from society.imports.models import ImportedEvent
from society.imports.plain import Read
from society.times import to_wall

Known = dict[str, list[ImportedEvent]]
"""By UID, what stands here of it. Rows without a number are of what a series here has made since."""
_BATCH = 500
_SELDOM = 31
"""Days between the occurrences of what has one only."""


def known_by(named: Iterable[str]) -> Known:
    """What was read in before, and what its series have made since."""
    uids = sorted(filter(None, named))
    found: Known = defaultdict(list)
    for first in range(0, len(uids), _BATCH):
        rows = select(ImportedEvent).where(ImportedEvent.uid.in_(uids[first : first + _BATCH]))
        for row in db.session.scalars(rows.options(joinedload(ImportedEvent.event))):
            found[row.uid].append(row)
    _add_made_by_series(found)
    return found


def series_of(rows: Sequence[ImportedEvent]) -> int | None:
    """The number of the series that they are in; of several the latest, which goes on."""
    return max((row.event.series_id for row in rows if row.event.series_id), default=None)


def _add_made_by_series(known: Known) -> None:
    uids = {number: uid for uid, rows in known.items() if (number := series_of(rows))}
    if not uids:
        return
    imported = select(ImportedEvent.id).where(ImportedEvent.event_id == Event.id)
    made = select(Event).where(Event.series_id.in_(uids), Event.series_on.is_not(None), ~imported.exists())
    for event in db.session.scalars(made.order_by(Event.series_on)):
        rows = known[uids[event.series_id or 0]]
        rows.append(_as_if_imported(event, rows))


def _as_if_imported(event: Event, rows: Sequence[ImportedEvent]) -> ImportedEvent:
    """It is as it was made if one of those that it was made like is so."""
    like = next((row for row in rows if row.id and is_as_made(row) and shape(row.event) == shape(event)), None)
    return ImportedEvent(
        event=event,
        uid=rows[0].uid,
        recurrence=f"{event.series_on:%Y%m%d}",
        digest="",
        as_made=made_of(event) if like else "",
        read_at=max(row.read_at for row in rows),
    )


def matched(
    events: Iterable[Read], known: Known, may_hold: Callable[[str, str], bool]
) -> dict[tuple[str, str], ImportedEvent]:
    """By UID and occurrence, what stands here of each event of a file. What `may_hold` says may be among that which
    could not be read is not taken for another."""
    of_uid: dict[str, list[Read]] = defaultdict(list)
    for read in events:
        of_uid[read.uid].append(read)
    found = {}
    for uid, reads in of_uid.items():
        for read, row in _matched(reads, known.get(uid, []), may_hold):
            found[uid, read.recurrence] = row
    return found


def _matched(
    reads: Sequence[Read], rows: Sequence[ImportedEvent], may_hold: Callable[[str, str], bool]
) -> list[tuple[Read, ImportedEvent]]:
    by_name = {row.recurrence: row for row in rows}
    found = [(read, by_name[read.recurrence]) for read in reads if read.recurrence in by_name]
    names = {read.recurrence for read, _ in found}
    more = [read for read in reads if read.recurrence not in names]
    latest = max((row.read_at for row in rows), default=None)  # what was told as gone before is past matching
    left = [row for row in rows if row.recurrence not in names and row.read_at == latest]
    left = [row for row in left if not may_hold(row.uid, row.recurrence)]
    return found + _in_order(more, left, [read for read, _ in found], _spacing(rows)) if more and left else found


def _in_order(
    reads: Sequence[Read], rows: Sequence[ImportedEvent], fixed: Sequence[Read], spacing: int
) -> list[tuple[Read, ImportedEvent]]:
    """Between those that have kept their names, each with the one whose place it has taken."""
    bounds = sorted(map(planned, fixed))
    between: dict[int, tuple[list[Read], list[ImportedEvent]]] = defaultdict(lambda: ([], []))
    for read in sorted(reads, key=planned):
        between[bisect(bounds, planned(read))][0].append(read)
    for row in sorted(rows, key=_stood):
        between[bisect(bounds, _stood(row))][1].append(row)
    found = []
    for those, ours in between.values():
        days = [planned(read).toordinal() for read in those], [_stood(row).toordinal() for row in ours]
        found += [(those[i], ours[j]) for i, j in _aligned(*days, spacing)]
    return found


def split_off(
    events: Iterable[Read],
    known: Known,
    found: dict[tuple[str, str], ImportedEvent],
    sets: Mapping[str, str] = MappingProxyType({}),
) -> dict[tuple[str, str], ImportedEvent]:
    """The same of what goes on there under another UID, as most programs make it of “this and all following”.

    One that is new goes on from another that has ended before it: by its name, which with Google tells of the other's,
    or because it is called the same and is on each of the days that the other has left. Apple's say by `sets` what are
    parts of one whole, of which the new one may also be what has passed.
    """
    of_uid: dict[str, list[Read]] = defaultdict(list)
    for read in events:
        if read.recurrence:
            of_uid[read.uid].append(read)
    met = {id(row) for row in found.values()}
    left = {uid: rows for uid, those in known.items() if (rows := _left_of(those, met))}
    more: dict[tuple[str, str], ImportedEvent] = {}
    for uid, reads in of_uid.items():
        for other in [] if uid in known else list(left):
            of_one = not {uid, sets.get(uid, uid)}.isdisjoint({other, sets.get(other, other)})
            going_on = _apart if of_one else _going_on
            if rows := going_on(reads, left[other], of_uid.get(other, [])):
                more |= {(uid, read.recurrence): row for read, row in _in_order(reads, rows, [], _spacing(rows))}
                del left[other]
                break
    return more


def _left_of(rows: Sequence[ImportedEvent], met: set[int]) -> list[ImportedEvent]:
    """Those that were there when it was read last, and are not any more."""
    latest = max((row.read_at for row in rows), default=None)
    return [row for row in rows if id(row) not in met and row.read_at == latest and row.recurrence]


def _going_on(reads: Sequence[Read], left: Sequence[ImportedEvent], kept: Sequence[Read]) -> list[ImportedEvent]:
    """Those of what is `left` that have become these."""
    first = min(map(planned, reads))
    if any(planned(read) >= first for read in kept):
        return []
    other, since = parted_from(reads[0].uid) or ("", first.date())
    rows = [row for row in left if _stood(row).date() >= since]
    alike = {row.event.title for row in rows} == {reads[0].title}
    same_days = {planned(read).date() for read in reads}.issuperset(_stood(row).date() for row in rows)
    return rows if other == left[0].uid or (kept and alike and same_days) else []


def _apart(reads: Sequence[Read], left: Sequence[ImportedEvent], kept: Sequence[Read]) -> list[ImportedEvent]:
    """The same of two parts of one whole, whichever of them has kept its name."""
    days, others = sorted(map(planned, reads)), sorted(map(planned, kept))
    if not others or others[-1] < days[0]:
        return [row for row in left if not others or _stood(row) > others[-1]]
    return [row for row in left if _stood(row) < others[0]] if days[-1] < others[0] else []


def parted_from(uid: str) -> tuple[str, date] | None:
    """Of which event the following dates are here, and since when, as Google names that; a day earlier, since it tells
    the date in UTC."""
    named = re.fullmatch(r"(.+)_R(\d{8})(?:T\d{6}Z?)?(@google\.com)", uid)
    try:
        return named and (named[1] + named[3], datetime.strptime(named[2], "%Y%m%d").date() - timedelta(days=1))
    except ValueError:
        return None


def planned(read: Read) -> datetime:
    """When it was planned, by the clocks of its zone."""
    return _moment(read.recurrence, read.starts, read.zone)


def _stood(row: ImportedEvent) -> datetime:
    return _moment(row.recurrence, row.event.starts, row.event.zone)


def _moment(name: str, starts: datetime, zone: str) -> datetime:
    if not name:
        return starts
    if name.endswith("Z"):
        return to_wall(datetime.strptime(name, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC), zone or "UTC")
    return datetime.strptime(name, "%Y%m%dT%H%M%S" if "T" in name else "%Y%m%d")


def _spacing(rows: Sequence[ImportedEvent]) -> int:
    """Days from one to the next, mostly."""
    days = sorted({_stood(row).toordinal() for row in rows})
    return median_low([after - before for before, after in pairwise(days)] or [_SELDOM])


def _aligned(ours: Sequence[int], theirs: Sequence[int], spacing: int) -> list[tuple[int, int]]:
    """Which belong together of two rows of days, in order, so that they move the least in all; to come or to go counts
    as much as to move from one to the next (Needleman and Wunsch, 1970)."""
    costs = [[spacing * j for j in range(len(theirs) + 1)]]
    for i, day in enumerate(ours):
        costs.append([spacing * (i + 1)])
        for j, other in enumerate(theirs):
            alone = min(costs[i][j + 1], costs[i + 1][j]) + spacing
            costs[i + 1].append(min(costs[i][j] + abs(day - other), alone))
    found, i, j = [], len(ours), len(theirs)
    while i and j:
        if costs[i][j] == costs[i - 1][j - 1] + abs(ours[i - 1] - theirs[j - 1]):
            i, j = i - 1, j - 1
            found.append((i, j))
        elif costs[i][j] == costs[i - 1][j] + spacing:
            i -= 1
        else:
            j -= 1
    return found
