"""The timetable: what stands in which row and column, and what clashes."""

import re
import sys
from datetime import datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from society.agenda.actions import describe_speaker
from society.agenda.clashes import MOST_NAMED, brought, clashes, missing_room, outside
from society.agenda.models import Session, SessionKind, SessionSpeaker
from society.agenda.pasting import read
from society.agenda.timetable import timetable
from society.events.models import Event, instants
from tests.builders import NOW, a_person

DAY = datetime(2027, 3, 30)
ZONE = "America/New_York"


def an_event_of(hours: int = 10, days: int = 1) -> Event:
    starts = DAY + timedelta(hours=8)
    ends = starts + timedelta(hours=hours, days=days - 1)
    starts_at, ends_at = instants(starts, ends, ZONE, all_day=False)
    return Event(title="Congress", starts=starts, ends=ends, zone=ZONE, starts_at=starts_at, ends_at=ends_at)


def a_session(title: str, first: str, last: str, room: str = "", *speakers: str, day: int = 0, **values) -> Session:
    made = Session(title=title, room=room, track="", id=len(title), position=0, kind=SessionKind.TALK)
    for name, value in values.items():
        setattr(made, name, value)
    on = f"{DAY + timedelta(days=day):%Y-%m-%d}"
    made.schedule(datetime.fromisoformat(f"{on}T{first}"), datetime.fromisoformat(f"{on}T{last}"), ZONE)
    made.speakers = [SessionSpeaker(position=n, name=name, about="") for n, name in enumerate(speakers)]
    return made


def drawn(day) -> list[list[str]]:
    """Each line as its cells' titles, with the rows and columns they span where that is not one."""
    return [
        [
            (cell.session.title if cell.session else "")
            + (f" r{cell.rows}" if cell.rows > 1 else "")
            + (f" c{cell.columns}" if cell.columns > 1 else "")
            for cell in line.cells
        ]
        for line in day.lines
    ]


def test_parallel_rooms_are_columns_and_what_runs_alone_stands_across_them():
    (day,) = timetable(
        [
            a_session("Opening", "09:00", "10:00", "Hall B"),
            a_session("Long", "10:00", "12:00", "Hall A"),
            a_session("First", "10:00", "11:00", "Hall B"),
            a_session("Second", "11:00", "12:00", "Hall B"),
            a_session("Lunch", "12:00", "13:00"),
            a_session("Last", "13:00", "14:00", "Hall A"),
            a_session("Beside", "13:30", "14:30", "Hall B"),
        ]
    )

    assert day.columns == ["Hall A", "Hall B"]
    assert drawn(day) == [
        ["Opening c2"],
        ["Long r2", "First"],
        ["Second"],
        ["Lunch c2"],
        ["Last r2", ""],
        ["Beside"],
    ]


def test_two_at_once_in_one_room_stand_in_two_columns_of_its_name():
    (day,) = timetable([a_session("A", "09:00", "10:00", "Hall"), a_session("BB", "09:30", "10:30", "Hall")])

    assert day.columns == ["", ""] or day.columns == ["Hall", "Hall"]
    assert drawn(day) == [["A r2", ""], ["BB"]]


def test_without_rooms_the_tracks_are_the_columns():
    sessions = [
        a_session("A", "09:00", "10:00", track="Sources"),
        a_session("BB", "09:00", "10:00", track="Methods"),
    ]
    (day,) = timetable(sessions)

    assert day.columns == ["Methods", "Sources"]


def test_a_room_that_is_written_in_two_ways_has_one_column():
    first, other = a_session("A", "09:00", "10:00", "St. Mary's Room"), a_session("B", "09:00", "10:00", "Hall")
    (day,) = timetable(
        [first, other, a_session("CC", "10:00", "11:00", "St Mary’s room"), a_session("D", "10:00", "11:00", "hall")]
    )

    assert day.columns == ["Hall", "St. Mary's Room"]


def test_days_follow_one_another_and_night_belongs_to_the_day_before():
    sessions = [a_session("Dinner", "21:00", "23:59"), a_session("Morning", "09:00", "10:00", day=1)]

    assert [len(day.sessions) for day in timetable(sessions)] == [1, 1]


SPANS = st.tuples(st.integers(0, 40), st.integers(1, 12), st.sampled_from(["", "Hall A", "Hall B", "Hall C"]))


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(st.lists(SPANS, min_size=1, max_size=12))
def test_every_table_is_whole_and_has_each_session_once_in_a_line_of_its_time(spans):
    sessions = []
    for number, (start, length, room) in enumerate(spans):
        made = Session(title=str(number), room=room, track="", id=number, position=0, kind=SessionKind.TALK)
        starts = DAY + timedelta(hours=8, minutes=15 * start)
        made.schedule(starts, starts + timedelta(minutes=15 * length), ZONE)
        sessions.append(made)

    for day in timetable(sessions):
        width = max(len(day.columns), 1)
        busy = [0] * width  # rows for which a column is still taken
        for line in day.lines:
            free = [column for column in range(width) if busy[column] == 0]
            busy = [max(rows - 1, 0) for rows in busy]
            taken = 0
            for cell in line.cells:
                for column in free[taken : taken + cell.columns]:
                    busy[column] = cell.rows - 1
                taken += cell.columns
                assert cell.session is None or cell.session.starts_at == line.starts_at
            assert taken == len(free)
    shown = [c.session.title for day in timetable(sessions) for line in day.lines for c in line.cells if c.session]
    assert sorted(shown) == sorted(str(number) for number in range(len(spans)))


def test_a_room_or_a_speaker_wanted_twice_at_a_time_is_told_and_one_after_the_other_is_not(app):
    one = a_session("One", "09:00", "10:00", "Hall A", "Ada Example")
    after = a_session("After", "10:00", "11:00", "Hall A", "Ada Example")
    beside = a_session("Beside", "09:30", "10:00", "hall a", "ada example", "Ben Example")

    assert not clashes([one, after])
    told = clashes([one, after, beside]).sentences
    assert len(told) == 2
    assert "Hall A is taken twice: “One” (Tue 30 March, 9:00 am to 10:00 am) and “Beside”" in told[0]
    assert told[1].startswith("Ada Example would speak twice at once")
    led, also_led = (a_session(title, "09:30", "09:50", chair="ADA  Example") for title in ("Led", "Also led"))
    assert "would speak and be in the chair at once: “One”" in clashes([one, led]).sentences[0]
    assert "would be in the chair twice at once: “Led”" in clashes([led, also_led]).sentences[0]
    assert not clashes([a_session("Own", "09:00", "10:00", "", "Ada Example", chair="Ada Example")])
    nameless = [a_session(title, "09:00", "10:00", "", name) for title, name in (("Two", "???"), ("Six", "…"))]
    assert not clashes(nameless)


def test_names_that_organizers_joined_are_one_in_an_agenda_too(app):
    known = {"about": "", "person": None, "same_as": "a-example", "by": a_person(), "now": NOW}
    describe_speaker("ada-example", "Ada Example", **known)
    one = a_session("One", "09:00", "10:00", "", "Ada Example", chair="A. Example")
    two = a_session("Two", "09:30", "10:30", "", chair="A. Example")

    assert [told.split(":")[0] for told in clashes([one, two]).sentences] == [
        "Ada Example would speak and be in the chair at once"
    ]
    assert not clashes([one, two], [a_session("Three", "09:00", "10:00", "", "Ada Other")])
    (told,) = clashes([one], [two]).sentences
    assert "“One”" in told


SESSIONS = st.lists(st.tuples(st.integers(0, 8), st.integers(1, 4), st.sampled_from("AB"), st.booleans()), max_size=9)


@given(SESSIONS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_counted_of_clashes_is_every_pair_at_one_time_with_one_that_is_planned(app, drawn):
    made = [
        (a_session(str(n), f"{9 + first:02}:00", f"{9 + first + hours:02}:00", room), new)
        for n, (first, hours, room, new) in enumerate(drawn)
    ]
    there, planned = ([session for session, new in made if new is wanted] for wanted in (False, True))
    pairs = [
        {one.title, two.title}
        for (one, new), (two, other_new) in combinations(made, 2)
        if one.room == two.room and one.runs_beside(two) and (new or other_new or not planned)
    ]

    told = clashes(there, planned)

    assert len(told) == len(pairs)
    assert len(told.sentences) == min(len(pairs), MOST_NAMED)
    named = [set(re.findall("“(.+?)”", sentence)) for sentence in told.sentences]
    assert all(pair in pairs and named.count(pair) == 1 for pair in named)


def test_twice_as_many_sessions_at_one_hour_are_twice_the_work_though_their_clashes_are_four_times_as_many(app):
    names = [f"Speaker {letter}" for letter in "ABC"]

    def worked(number: int) -> tuple[int, int]:
        sessions = [a_session(str(n), "09:00", "10:00", "Hall A" if n % 2 else "", *names) for n in range(number)]
        calls = 0

        def count(_frame: object, kind: str, _what: object) -> None:
            nonlocal calls
            calls += kind in ("call", "c_call")

        before = sys.getprofile()
        sys.setprofile(count)
        try:
            told = brought(an_event_of(), sessions[: number // 2], sessions[number // 2 :])
        finally:
            sys.setprofile(before)
        return len(told), calls

    worked(10)
    (few, work), (many, more_work) = worked(100), worked(200)

    assert many > 3.5 * few > 10_000
    assert more_work < 2.5 * work


def test_sessions_beyond_the_event_and_without_a_room_beside_others_are_told():
    event = an_event_of(hours=4)
    inside, late = a_session("Inside", "09:00", "10:00"), a_session("Late", "09:30", "13:00", "Hall")

    whole = a_session("All of it", "09:00", "13:00")
    event.starts_at, event.ends_at = whole.starts_at, whole.ends_at
    late.ends_at += timedelta(minutes=1)
    early = a_session("Early", "08:59", "10:00")
    assert [s.split("”")[0] for s in outside(event, [early, inside, whole, late])] == ["“Early", "“Late"]
    assert [s.split("”")[0] for s in missing_room([inside, late])] == ["“Inside"]
    beside = a_session("Beside", "09:00", "10:00")
    later = a_session("Later", "11:00", "12:00")
    assert brought(event, [inside, beside], [later]).sentences == [], "what is so without it is told where it is"


def test_pasted_lines_become_sessions():
    text = """
        09:00–09:45 | Hall A | Opening | Ada Example (chair of the B Society); Ben Example | History
        9.45 - 10:15 | Coffee
        10:15-10:45 | Hall A | Debate | Cleo Example (Chair); Dana Example
        Day 2
        9:30 am to 10:15 am | Hall B | Keynote: a river
        11 - 1 pm | Lunch
        2027-04-01 22:00–01:00 | Bar | Reception
    """
    reading = read(text, an_event_of(days=3))

    assert reading.problems == []
    told = [(f"{p.starts:%d %H:%M}", f"{p.ends:%d %H:%M}", p.room, p.title, p.kind.value) for p in reading.plans]
    assert told == [
        ("30 09:00", "30 09:45", "Hall A", "Opening", "talk"),
        ("30 09:45", "30 10:15", "", "Coffee", "break"),
        ("30 10:15", "30 10:45", "Hall A", "Debate", "talk"),
        ("31 09:30", "31 10:15", "Hall B", "Keynote: a river", "keynote"),
        ("31 11:00", "31 13:00", "", "Lunch", "break"),
        ("01 22:00", "02 01:00", "Bar", "Reception", "social"),
    ]
    assert reading.plans[0].speakers == (("Ada Example", "chair of the B Society"), ("Ben Example", ""))
    assert (reading.plans[0].track, reading.plans[0].chair) == ("History", "")
    assert (reading.plans[2].chair, reading.plans[2].speakers) == ("Cleo Example", (("Dana Example", ""),))


@pytest.mark.parametrize(
    "line",
    [
        "Opening",
        "09:00 | Opening",
        "25:00–26:00 | Opening",
        "09:00–09:00 | Opening",
        "09:00–10:00 |",
        "09:00–10:00 | a | b | c | d | e",
        "2027-02-30 09:00–10:00 | Opening",
        "2027-03-14 02:30–03:30 | In the gap",
        "09:00–10:00 | " + "x" * 201,
        "09:00–10:00 | " + "x" * 101 + " | Title",
        "09:00–10:00 | Hall | Title | " + "A;" * 41,
    ],
)
def test_a_line_that_cannot_be_read_is_told_by_its_number(line):
    reading = read(f"09:00–10:00 | Good\n\n{line}", an_event_of())

    assert len(reading.plans) == 1
    assert len(reading.problems) == 1
    assert reading.problems[0].startswith("Line 3: ")


def test_a_room_that_is_written_in_two_ways_is_one(app):
    first, second = (
        a_session("One", "09:00", "10:00", "St. Mary's Room"),
        a_session("Two", "09:30", "10:30", "St Mary’s room"),
    )
    assert "is taken twice" in clashes([first, second]).sentences[0]
    assert not clashes([first, a_session("Three", "09:30", "10:30", "St Martha's Room")])
