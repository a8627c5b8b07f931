"""When an event is, in other languages than the program's own: in figures and names alone, since words would need a
translator. What its reader's own clock shows stands behind a sign of equality."""

from datetime import datetime, timedelta

from society.events.models import Event
from society.languages import spoken_day, spoken_time, spoken_zone
from society.people.models import Person
from society.times import to_wall


def when_in(event: Event, language: str, reader: Person | None = None) -> str:
    """ "Dienstag, 30. März 2027, 20:00 – 21:30 (New York, Ortszeit) = Mittwoch, 31. März 2027, 01:00 (…)"."""
    told = span_in(event.starts, event.ends, event.zone, language, all_day=event.all_day, daily=event.separate_days > 1)
    return told if event.all_day else told + by_own_clock_in(event.starts_at, event.zone, reader, language)


def span_in(
    starts: datetime, ends: datetime, zone: str, language: str, *, all_day: bool = False, daily: bool = False
) -> str:
    """The same of a time that is no event's: of whole days, at the midnight after which it ends; or `daily` from one
    hour to another."""
    if all_day:
        return _days(starts, ends - timedelta(days=1), language)
    place, first, last = spoken_zone(zone, language), spoken_time(starts, language), spoken_time(ends, language)
    if daily or starts.date() == ends.date():
        return f"{_days(starts, ends, language)}, {first} – {last} ({place})"
    return f"{moment_in(starts, language)} – {moment_in(ends, language)} ({place})"


def moment_in(wall: datetime, language: str) -> str:
    """ "Dienstag, 30. März 2027, 20:00"."""
    return f"{spoken_day(wall, language)}, {spoken_time(wall, language)}"


def instant_in(instant: datetime, zone: str, language: str, reader: Person | None) -> str:
    """An instant by the clocks of `zone`, which are named, and by the reader's own."""
    told = f"{moment_in(to_wall(instant, zone), language)} ({spoken_zone(zone, language)})"
    return told + by_own_clock_in(instant, zone, reader, language)


def _days(first: datetime, last: datetime, language: str) -> str:
    days = dict.fromkeys(spoken_day(wall, language) for wall in (first, last))
    return " – ".join(days)


def both_clocks(instant: datetime, zone: str, reader: Person | None) -> tuple[datetime, datetime] | None:
    """What the clocks of `zone` and the reader's own show then; None where that is the same, or nobody has said by
    which one they live."""
    if reader is None or not reader.zone:
        return None
    there, here = to_wall(instant, zone), to_wall(instant, reader.zone)
    return None if there == here else (there, here)


def by_own_clock_in(instant: datetime, zone: str, reader: Person | None, language: str) -> str:
    """What the reader's own clock shows; empty where it shows nothing else."""
    clocks = both_clocks(instant, zone, reader)
    if reader is None or clocks is None:
        return ""
    there, here = clocks
    day = "" if there.date() == here.date() else f"{spoken_day(here, language)}, "
    return f" = {day}{spoken_time(here, language)} ({spoken_zone(reader.zone, language)})"
