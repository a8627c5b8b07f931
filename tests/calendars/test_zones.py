"""VTIMEZONEs, read back by an interpreter of RFC 5545's rules that shares nothing with what wrote them."""

import struct
from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from importlib.resources import files
from itertools import takewhile
from pathlib import Path
from typing import Any
from zoneinfo import TZPATH, ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from icalendar.cal import Component

from society.calendars.zones import vtimezone
from society.times import zone_names

SINCE = date(2005, 1, 1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

DIFFICULT = """
    Africa/Cairo Africa/Casablanca Africa/El_Aaiun Africa/Juba Africa/Khartoum Africa/Sao_Tome Africa/Tripoli
    Africa/Windhoek America/Argentina/San_Luis America/Asuncion America/Caracas America/Grand_Turk
    America/Havana America/Mexico_City America/Montevideo America/New_York America/Nuuk America/Port-au-Prince
    America/Santiago America/Sao_Paulo America/Scoresbysund America/St_Johns Antarctica/Casey Antarctica/Troll
    Asia/Amman Asia/Beirut Asia/Damascus Asia/Dhaka Asia/Gaza Asia/Jerusalem Asia/Kathmandu Asia/Pyongyang
    Asia/Tehran Asia/Ulaanbaatar Atlantic/Azores Australia/Lord_Howe Europe/Chisinau Europe/Dublin
    Europe/Istanbul Europe/London Europe/Moscow Europe/Volgograd Pacific/Apia Pacific/Chatham Pacific/Easter
    Pacific/Fiji Pacific/Norfolk
"""


class Reader:
    """Tells offsets by a VTIMEZONE alone: the observance with the latest onset is in force."""

    def __init__(self, vtimezone: bytes, end: date) -> None:
        component = Component.from_ical(vtimezone)
        onsets = sorted(onset for part in component.subcomponents for onset in self._expanded(part, end))
        self.instants = [instant for instant, _ in onsets]
        self.offsets = [offset for _, offset in onsets]

    @staticmethod
    def _expanded(part: Any, end: date) -> Iterator[tuple[datetime, timedelta]]:
        """Onsets are told on the clock that the observance replaces (RFC 5545, 3.6.5)."""
        onsets = [part["DTSTART"].dt.replace(tzinfo=timezone(part["TZOFFSETFROM"].td))]
        if "RRULE" in part:
            rule = rrulestr(part["RRULE"].to_ical().decode(), dtstart=onsets[0])
            assert rule[0] == onsets[0], "DTSTART must be the first that the rule gives"
            onsets = list(takewhile(lambda onset: onset.year <= end.year, rule))
        return ((onset.astimezone(UTC), part["TZOFFSETTO"].td) for onset in onsets)

    def offset_at(self, instant: datetime) -> timedelta:
        at = bisect_right(self.instants, instant)
        assert at, f"nothing is in force at {instant}"
        return self.offsets[at - 1]


def moments(zone: str, start: date, end: date) -> Iterator[datetime]:
    """One a week, and every half hour, and the second before it, of a day on which clocks change."""
    first, last = (datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)) for day in (start, end))
    for n in range((last - first).days):
        day = first.astimezone(UTC) + n * DAY
        if n % 7 == 0:
            yield day
        if changes_within(day, zone):
            for half_hour in (day + part * HOUR / 2 for part in range(1, 49)):
                yield from (half_hour - timedelta(seconds=1), half_hour)


def changes_within(day: datetime, zone: str) -> bool:
    before, after = (instant.astimezone(ZoneInfo(zone)) for instant in (day, day + DAY))
    return before.utcoffset() != after.utcoffset()


def disagreements(zone: str, since: date, end: date) -> list[datetime]:
    reader, tz = Reader(vtimezone(zone, since), end), ZoneInfo(zone)
    return [m for m in moments(zone, since, end) if reader.offset_at(m) != m.astimezone(tz).utcoffset()]


class Compiled:
    """A zone's file, as `zoneinfo` reads it (RFC 9636, 3): when clocks change, and by what rule after that."""

    def __init__(self, zone: str) -> None:
        folders = (Path(folder, zone) for folder in TZPATH)
        data = next((path for path in folders if path.exists()), files("tzdata.zoneinfo").joinpath(zone)).read_bytes()
        utc, std, leap, times, types, chars = struct.unpack_from(">6l", data, 20)
        data = data[44 + 5 * times + 6 * types + chars + 8 * leap + std + utc :]  # the half for older programs
        (times,) = struct.unpack_from(">l", data, 32)
        self.changes = [datetime.fromtimestamp(at, UTC) for at in struct.unpack_from(f">{times}q", data, 44) if at > 0]
        self.rule = data.rsplit(b"\n", 2)[1]

    def shown(self, zone: str, since: datetime) -> tuple[object, ...]:
        """All that clocks show since then: the same for zones that differ only in their names or in former days."""
        clocks = (at.astimezone(ZoneInfo(zone)) for at in [since, *self.changes] if at >= since)
        return (*((at.timestamp(), at.utcoffset(), at.dst(), at.tzname()) for at in clocks), self.rule)


def steps(zone: str, reader: Reader, since: datetime, end: datetime) -> Iterator[datetime]:
    """Each moment at which either may change what it tells, and the second before it; between these both stand still.

    What its file does not list, because a rule tells it, are two changes a year, which a look a week does not miss.
    """
    compiled = Compiled(zone)
    last = max([since, *compiled.changes])
    weeks = range((end - last).days // 7) if b"," in compiled.rule else ()
    for at in (*compiled.changes, *reader.instants, *(last + n * 7 * DAY for n in weeks)):
        if since < at < end:
            yield from (at - timedelta(seconds=1), at)


def test_in_every_zone_a_calendar_program_finds_the_offsets_that_the_time_zone_database_gives():
    """At each hour from 1990 to 2040, since at each step of either. Zones that show the same are looked at once."""
    since, end = date(1990, 1, 1), datetime(2041, 1, 1, tzinfo=UTC)
    alike = {Compiled(zone).shown(zone, datetime(1988, 1, 1, tzinfo=UTC)): zone for zone in zone_names()[1:]}
    wrong = []
    for zone in alike.values():
        tz = ZoneInfo(zone)
        reader, begin = Reader(vtimezone(zone, since), end), datetime(1990, 1, 1, tzinfo=tz).astimezone(UTC)
        looked_at = [begin, *steps(zone, reader, begin, end)]
        wrong += [(zone, at) for at in looked_at if reader.offset_at(at) != at.astimezone(tz).utcoffset()]
    assert len(alike) > 200
    assert wrong == []


@pytest.mark.parametrize("year", range(2006, 2041, 2))
def test_offsets_are_right_from_the_start_of_any_year(year):
    for zone in ("Africa/Casablanca", "Africa/Cairo", "America/Sao_Paulo", "Asia/Tehran", "Europe/Dublin"):
        assert disagreements(zone, date(year, 1, 1), date(year + 2, 1, 1)) == []


@pytest.mark.parametrize(
    "zone", ["America/New_York", "Africa/Cairo", "America/Nuuk", "Asia/Jerusalem", "America/Santiago"]
)
def test_rules_in_force_go_on_for_ever(zone):
    reader, tz = Reader(vtimezone(zone, date(2026, 1, 1)), date(2099, 1, 1)), ZoneInfo(zone)
    for moment in moments(zone, date(2080, 1, 1), date(2099, 1, 1)):
        assert reader.offset_at(moment) == moment.astimezone(tz).utcoffset()


def test_the_plain_case_reads_as_people_write_it():
    assert vtimezone("Europe/London", date(2020, 6, 1)).decode().split("\r\n") == [
        "BEGIN:VTIMEZONE",
        "TZID:Europe/London",
        "BEGIN:DAYLIGHT",
        "DTSTART:20190331T010000",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "TZNAME:BST",
        "TZOFFSETFROM:+0000",
        "TZOFFSETTO:+0100",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:20191027T020000",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        "TZNAME:GMT",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0000",
        "END:STANDARD",
        "END:VTIMEZONE",
        "",
    ]


def test_irish_summer_is_daylight_time_though_irish_law_calls_it_standard():
    summer, winter = Component.from_ical(vtimezone("Europe/Dublin", date(2026, 1, 1))).subcomponents
    assert (summer.name, summer["TZNAME"], summer["TZOFFSETTO"].td) == ("DAYLIGHT", "IST", HOUR)
    assert (winter.name, winter["TZNAME"], winter["TZOFFSETTO"].td) == ("STANDARD", "GMT", timedelta(0))


def test_a_zone_that_never_changes_has_one_standard_observance():
    (only,) = Component.from_ical(vtimezone("Asia/Kathmandu", date(2026, 1, 1))).subcomponents
    assert only.name == "STANDARD"
    assert only["TZOFFSETFROM"].td == only["TZOFFSETTO"].td == timedelta(hours=5, minutes=45)
    assert "RRULE" not in only


def test_a_week_that_spans_two_months_becomes_two_rules():
    text = vtimezone("Africa/Cairo", date(2026, 1, 1)).decode()
    assert "RRULE:FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=26,27,28,29,30,31;BYDAY=FR\r\n" in text
    assert "RRULE:FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=1;BYDAY=FR\r\n" in text


def test_local_mean_time_keeps_its_seconds():
    assert b"TZOFFSETTO:-004430\r\n" in vtimezone("Africa/Monrovia", date(1971, 1, 1))


def test_utc_needs_no_component():
    assert vtimezone("UTC", date(2026, 1, 1)) == b""


@pytest.mark.parametrize("zone", DIFFICULT.split())
def test_lines_are_well_formed_and_hold_no_lists_of_dates(zone):
    written = vtimezone(zone, SINCE)
    assert written.startswith(b"BEGIN:VTIMEZONE\r\nTZID:" + zone.encode() + b"\r\nBEGIN:")
    assert written.endswith(b"\r\nEND:VTIMEZONE\r\n")
    assert max(len(line) for line in written.split(b"\r\n")) <= 75
    assert written.count(b"\n") == written.count(b"\r\n")
    assert b"RDATE" not in written


def test_any_day_of_a_year_gives_the_same_bytes():
    assert vtimezone("Asia/Gaza", date(2026, 1, 1)) == vtimezone("Asia/Gaza", date(2026, 12, 31))
