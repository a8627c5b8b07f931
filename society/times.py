"""Wall clocks, zones and instants.

The truth of anything that happens is what the clock on the wall shows, plus an IANA zone; the UTC instant
follows from them and is stored beside them for ordering.
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from society.errors import Refused

EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)
"""Dates that forms take: beyond these, calendars and databases begin to disagree."""

_NOT_PLACES = ("posix/", "right/", "Etc/", "SystemV/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/")


class NoSuchTime(Refused):
    """The clocks of that zone never show that time on that day: they jump over it."""


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


@cache
def zone_names() -> tuple[str, ...]:
    """The zones offered in forms: `Area/Place` names and UTC, without aliases for legislators."""
    names = (n for n in available_timezones() if "/" in n and not n.startswith(_NOT_PLACES))
    return ("UTC", *sorted(names))


@cache
def _places() -> frozenset[str]:
    return frozenset(available_timezones() - {"localtime", "Factory"})


def known_zone(name: str) -> bool:
    """Whether `zoneinfo` knows it as a place's zone (`localtime` and `Factory` are none)."""
    return name in _places()


def to_utc(wall: datetime, zone: str) -> datetime:
    """The instant when clocks in `zone` show `wall`; the earlier one if they show it twice."""
    instant = wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
    if to_wall(instant, zone) != wall:
        hour = f"{wall:%-I:%M %p}".lower()
        raise NoSuchTime(f"Clocks in {place_of(zone)} jump over {hour} on {wall:%-d %B %Y}; choose another time.")
    return instant


def shown_from(wall: datetime, zone: str) -> datetime:
    """The same, for what nobody can choose otherwise any more, such as what is stored or is told in a reader's zone:
    where clocks jump over `wall`, as if they had not jumped yet (RFC 5545, 3.3.5)."""
    return wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def that_exists(wall: datetime, zone: str) -> datetime:
    """`wall` itself; where clocks jump over it, what they show instead: an hour later, as a rule."""
    return to_wall(shown_from(wall, zone), zone)


def midnight(day: date, zone: str) -> datetime:
    """The instant when a day begins in `zone`; where clocks jump over midnight, the instant when they jump."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def to_wall(instant: datetime, zone: str) -> datetime:
    """What clocks in `zone` show at `instant`, without a zone."""
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def shown_twice(wall: datetime, zone: str) -> bool:
    """Whether clocks in `zone` show `wall` twice, as on the night when summer time ends."""
    first = wall.replace(tzinfo=ZoneInfo(zone), fold=0)
    return first.utcoffset() != first.replace(fold=1).utcoffset() and to_wall(to_utc(wall, zone), zone) == wall


def today_in(zone: str, at: datetime) -> date:
    """The date on the calendars of `zone` at the instant `at`."""
    return to_wall(at, zone).date()


def place_of(zone: str) -> str:
    """How a zone is named to people: `America/New_York` is "New York"."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def months_later(day: date, months: int) -> date:
    """The same day of a later (or, negative, earlier) month, or that month's last day if it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), first_of_next - timedelta(days=1))
