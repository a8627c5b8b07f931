"""Files that are hard on a reader, through the dry run and the real one: sentences come of them, in bounded time."""

import time

import pytest
from sqlalchemy import select

from society.db import db
from society.errors import Refused
from society.events.models import Event
from society.imports.actions import bring_in
from society.imports.places import Places
from society.imports.planning import Options, plan
from society.imports.reading import read
from society.imports.recurring import NEVER
from tests.builders import NOW
from tests.imports.corpus import FILES
from tests.imports.programs import PROGRAMS
from tests.imports.test_reading import HOME, TODAY

LONGEST = 15.0
"""Seconds of work for any one of them. What is not bounded takes minutes or for ever."""
OPTIONS = Options("Europe/Berlin", publish=True, make_new=True)


def bring(content):
    """Dry run and real one, and what both say of it; None if it is refused as a whole."""
    try:
        reading = read(content, zone=HOME, today=TODAY)
    except Refused:
        return None
    told = plan(reading, OPTIONS, Places.known()).fates
    done = bring_in(reading, OPTIONS, by=None, now=NOW).fates
    db.session.flush()
    return told, done


@pytest.mark.once
@pytest.mark.parametrize("half", [0, 1])
def test_no_file_brings_anything_but_sentences_and_none_takes_long(app, half):
    for name in sorted(FILES)[half::2]:
        begun = time.process_time()
        fates = bring(FILES[name])
        took = time.process_time() - begun
        db.session.rollback()
        assert took < LONGEST, name
        assert fates is None or fates[0] == fates[1], name


@pytest.mark.once
@pytest.mark.parametrize("program", PROGRAMS)
def test_what_well_known_programs_write_is_read_right(app, program):
    bring(FILES[f"a file of {program}"])

    event = db.session.scalars(select(Event)).one()
    assert (event.title, event.starts_at.isoformat()) == ("Talk", "2027-01-05T18:00:00+00:00")
    assert event.ends_at.isoformat() == "2027-01-05T20:00:00+00:00"


@pytest.mark.once
@pytest.mark.parametrize(
    "shape",
    [
        *(
            "bare line feeds",
            "bare carriage returns",
            "line ends of all kinds",
            "empty lines between",
            "a mark in front",
        ),
        *("UTF-16", "Latin-1", "two calendars"),
    ],
)
def test_shapes_that_hide_nothing_are_read(app, shape):
    told, _done = bring(FILES[shape])

    assert [fate.who for fate in told if fate.will == "add"] == ["Öde Straße" if shape == "Latin-1" else "Odd"]


@pytest.mark.parametrize("rule", ["every no day", "every minus one day"])
def test_a_rule_without_a_step_is_told(rule):
    found = read(FILES[f"a rule {rule}"], zone=HOME, today=TODAY)

    assert (found.events, [one.who for one in found.unread]) == ([], ["Odd"])


@pytest.mark.parametrize("kind", ["and a length", "and no end", "on one of its days"])
def test_times_of_no_zone_are_asked_about_where_no_end_is_told(kind):
    found = read(FILES[f"an event with clocks of no place {kind}"], zone=HOME, today=TODAY)

    assert found.unread == []
    assert (len(found.events), found.floating) == (4, 1 if "one" in kind else 4)


def test_a_date_that_no_event_can_have_costs_itself_alone():
    left_out = read(FILES["an event with a date left out at the end of time"], zone=HOME, today=TODAY)
    excepted = read(FILES["an event with an exception at the end of time"], zone=HOME, today=TODAY)
    alone = read(FILES["an event with an exception of nothing at the end of time"], zone=HOME, today=TODAY)

    assert [event.starts.day for event in left_out.events] == [5, 19, 26]
    assert [event.starts.day for event in excepted.events] == [5, 12, 19, 26]
    assert [(one.line, one.why) for one in excepted.unread] == [(10, NEVER)]
    assert (alone.events, [one.why for one in alone.unread]) == ([], [NEVER])


def test_categories_of_a_kind_that_is_told_are_read():
    (event,) = read(FILES["an event with categories of a kind that is told"], zone=HOME, today=TODAY).events

    assert (event.category, event.tags) == ("Talks", "Tea")
