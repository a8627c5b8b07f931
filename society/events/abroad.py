"""When an event is, in other languages than the program's own: in figures and names alone, since words would need a
translator. What its reader's own clock shows stands behind a sign of equality."""

from datetime import datetime, timedelta

from society.events.models import Event
from society.languages import spoken_day, spoken_time, spoken_zone
from society.people.models import Person
from society.times import to_wall


def when_in(event: Event, language: str, reader: Person | None = None) -> str:
    """ "Dienstag, 30. März 2027, 20:00 – 21:30 (New York (Ortszeit)) = Mittwoch, 31. März 2027, 01:00 (…)"."""
    if event.all_day:
        return _days(event.starts, event.ends - timedelta(days=1), language)
    return _hours(event, language) + by_own_clock_in(event.starts_at, event.zone, reader, language)


def _days(first: datetime, last: datetime, language: str) -> str:
    days = dict.fromkeys(spoken_day(wall, language) for wall in (first, last))
    return " – ".join(days)


def _hours(event: Event, language: str) -> str:
    starts, ends = event.starts, event.ends
    zone = spoken_zone(event.zone, language)
    first, last = spoken_time(starts, language), spoken_time(ends, language)
    if event.separate_days > 1 or starts.date() == ends.date():
        return f"{_days(starts, ends, language)}, {first} – {last} ({zone})"
    return f"{spoken_day(starts, language)}, {first} – {spoken_day(ends, language)}, {last} ({zone})"


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
