"""Time zones as calendars carry them: VTIMEZONE components (RFC 5545, 3.6.5), written as rules.

`zoneinfo` tells what clocks show at an instant and hides the rules behind it; so the moments when clocks
change are found by looking, and the rules are read off them. Lists of dates (RDATE) are never written:
several calendar programs misread them and show winter events an hour off.
"""

from bisect import bisect
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

HORIZON = 2050
"""The year up to which, at least, clocks that follow no rule are described."""

_WEEKDAY_CYCLE = 28
"""Years until dates fall on the same weekdays again: so many show every date that a rule can give."""

_LOOK = 3 * 24 * 60 * 60
"""Seconds between looks at the clocks. Around Ramadan they are changed, and changed back, within a week."""

_NONE = timedelta(0)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def vtimezone(zone: str, since: date) -> bytes:
    """The VTIMEZONE for times with `TZID=zone`, right from the start of `since`'s year; CRLF, folded.

    Clocks that follow rules are described for ever, those that follow none (as where Ramadan suspends summer
    time) until `HORIZON`. Empty for "UTC": times in it are written with a trailing Z and need no component.
    """
    return b"" if zone == "UTC" else _component(zone, since.year)


@lru_cache(maxsize=1024)
def _component(zone: str, year: int) -> bytes:
    last_year = max(HORIZON, year + _WEEKDAY_CYCLE)
    runs = _runs(_onsets(ZoneInfo(zone), year, last_year))
    observances = sorted(observance for run in runs for observance in _observances(run, last_year))
    lines = [
        "BEGIN:VTIMEZONE",
        f"TZID:{zone}",
        *(line for o in observances for line in _lines(*o)),
        "END:VTIMEZONE",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode("ascii")


class _Clock(NamedTuple):
    """What a zone's clocks keep to at an instant."""

    offset: timedelta
    name: str
    saving: timedelta


def _clock(tz: ZoneInfo, second: int) -> _Clock:
    local = datetime.fromtimestamp(second, tz)
    return _Clock(local.utcoffset() or _NONE, local.tzname() or "", local.dst() or _NONE)


class _Onset(NamedTuple):
    """The instant from which a zone's clocks keep to another offset or name."""

    at: datetime
    old: _Clock
    new: _Clock

    @property
    def wall(self) -> datetime:
        """What clocks would show at the onset without the change, as DTSTART wants it."""
        return self.at.replace(tzinfo=None) + self.old.offset

    @property
    def component(self) -> str:
        """DAYLIGHT for summer time, also where the law calls that the standard and winter the exception.

        Ireland's does; calendar programs expect the one, and time zone databases are compiled in either form.
        """
        ends_winter_time = self.old.saving < _NONE and self.new.offset > self.old.offset
        return "DAYLIGHT" if self.new.saving > _NONE or ends_winter_time else "STANDARD"

    @property
    def kind(self) -> tuple[object, ...]:
        """What onsets have in common if one rule gives them. Leap days would shift a rule that spans them."""
        wall, new = self.wall, self.new
        before_leap_day = wall.month <= 2
        return (
            self.old.offset,
            new.offset,
            new.name,
            self.component,
            wall.time(),
            wall.weekday(),
            before_leap_day,
        )

    @property
    def day(self) -> date:
        """The day of the year, to compare between years."""
        return self.wall.date().replace(year=2000)


def _onsets(tz: ZoneInfo, year: int, last_year: int) -> list[_Onset]:
    """The changes until the end of `last_year`, from the one in force as `year` begins."""
    start, end = (int(datetime(y, 1, 1, tzinfo=UTC).timestamp()) for y in (year - 1, last_year + 1))
    onsets = [_onset(tz, at) for at in _changes(tz, start, end)]
    if not onsets or onsets[0].wall.year >= year:
        standing = _clock(tz, start)
        onsets.insert(0, _Onset(datetime(year - 1, 1, 1, tzinfo=UTC) - standing.offset, standing, standing))
    return onsets


def _onset(tz: ZoneInfo, second: int) -> _Onset:
    return _Onset(datetime.fromtimestamp(second, UTC), _clock(tz, second - 1), _clock(tz, second))


def _changes(tz: ZoneInfo, start: int, end: int) -> Iterator[int]:
    """The seconds at which clocks change; a change would be missed only if undone within `_LOOK`."""
    at, clock = start, _clock(tz, start)
    while at < end:
        later, then = at + _LOOK, _clock(tz, at + _LOOK)
        if then != clock:
            later = _first_change(tz, at, clock)
            then = _clock(tz, later)
            yield later
        at, clock = later, then


def _first_change(tz: ZoneInfo, start: int, clock: _Clock) -> int:
    return start + bisect(range(_LOOK), False, key=lambda passed: _clock(tz, start + passed) != clock)


def _runs(onsets: list[_Onset]) -> list[list[_Onset]]:
    """The onsets by the rules that give them: one a year, on a weekday within the same seven days."""
    runs: list[list[_Onset]] = []
    for onset in onsets:
        run = next((run for run in runs if _continues(run, onset)), None)
        if run:
            run.append(onset)
        else:
            runs.append([onset])
    return runs


def _continues(run: list[_Onset], onset: _Onset) -> bool:
    if onset.wall.year != run[-1].wall.year + 1 or onset.kind != run[-1].kind:
        return False
    days = [onset.day, *(earlier.day for earlier in run)]
    return max(days) - min(days) < timedelta(days=7)


class _Observance(NamedTuple):
    """A STANDARD or DAYLIGHT part: its first onset, and the rule that repeats it, if any does."""

    first: _Onset
    rule: str | None


def _observances(run: list[_Onset], last_year: int) -> Iterator[_Observance]:
    """The run as a rule, two if its seven days span two months; without end if it reaches `last_year`."""
    if len(run) == 1:
        yield _Observance(run[0], None)
        return
    until = "" if run[-1].wall.year == last_year else f";UNTIL={run[-1].at:%Y%m%dT%H%M%SZ}"
    for month, days in _days(run).items():
        first = next((onset for onset in run if onset.wall.month == month), None)
        if first:
            yield _Observance(first, f"FREQ=YEARLY;BYMONTH={month};{days}{until}")


def _days(run: list[_Onset]) -> dict[int, str]:
    """By month, the part of a rule that says on which days; the plainest that fits."""
    days = [onset.day for onset in run]
    starts = (max(days) - timedelta(days=back) for back in range(6, -1, -1))
    week = min((_week_from(start) for start in starts if start <= min(days)), key=_intricacy)
    weekday = _WEEKDAYS[run[0].wall.weekday()]
    if _is_nth(week):
        return {week[0].month: f"BYDAY={week[-1].day // 7}{weekday}"}
    if _is_last(week):
        return {week[0].month: f"BYDAY=-1{weekday}"}
    dates = {day.month: ",".join(str(d.day) for d in week if d.month == day.month) for day in week}
    return {month: f"BYMONTHDAY={listed};BYDAY={weekday}" for month, listed in dates.items()}


def _week_from(start: date) -> list[date]:
    return [start + timedelta(days=n) for n in range(7)]


def _is_nth(week: Sequence[date]) -> bool:
    """Whether a weekday in that week is always the first, second, third or fourth of its month."""
    return week[-1].day in (7, 14, 21, 28)


def _is_last(week: Sequence[date]) -> bool:
    return (week[-1] + timedelta(days=1)).day == 1


def _intricacy(week: Sequence[date]) -> tuple[bool, bool, bool]:
    return not _is_nth(week), not _is_last(week), week[0].month != week[-1].month


def _lines(first: _Onset, rule: str | None) -> Iterator[str]:
    yield f"BEGIN:{first.component}"
    yield f"DTSTART:{first.wall:%Y%m%dT%H%M%S}"
    if rule:
        yield f"RRULE:{rule}"
    yield f"TZNAME:{first.new.name}"
    yield f"TZOFFSETFROM:{_offset(first.old.offset)}"
    yield f"TZOFFSETTO:{_offset(first.new.offset)}"
    yield f"END:{first.component}"


def _offset(offset: timedelta) -> str:
    """UTC-OFFSET (RFC 5545, 3.3.14), as in -0330; with seconds only where clocks kept to local mean time."""
    minutes, seconds = divmod(abs(offset) // timedelta(seconds=1), 60)
    sign = "-" if offset < _NONE else "+"
    return f"{sign}{minutes // 60:02}{minutes % 60:02}" + (f"{seconds:02}" if seconds else "")


def _folded(line: str) -> str:
    """In lines of at most 75 octets (RFC 5545, 3.1); all is ASCII here."""
    return "\r\n ".join([line[:75], *(line[n : n + 74] for n in range(75, len(line), 74))])
