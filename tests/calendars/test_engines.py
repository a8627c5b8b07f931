"""What our calendars mean to three programs that know nothing of ours: the same to each, and what was meant."""

from itertools import chain

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from society.calendars.render import calendar, vevent
from society.db import db
from tests.calendars.hostile import EARLIEST, EVENTS, LINE, NAME, made, meant

ALIKE = settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)


def same(engines, body, expected):
    """Each program makes of the entries what is expected of them."""
    for engine in engines:
        found = engine.read(body)
        assert [(engine.name, entry) for entry in found["entries"]] == [(engine.name, entry) for entry in expected]


def written(told):
    """The event's entry in an own calendar, its zone, and what it means."""
    try:
        event = made(told)
        entry = vevent(event, told["answer"], busy=True, joins=True, alarm=told["alarm"])
        return entry, [] if event.all_day else [event.zone], meant(event, told)
    finally:
        db.session.rollback()


@ALIKE
@given(told=st.lists(EVENTS, min_size=1, max_size=3), name=NAME, about=LINE)
def test_whatever_an_event_is_means_the_same_to_three_programs(app, engines, told, name, about):
    entries, zones, meanings = zip(*map(written, told), strict=True)
    source = "https://society.example.org/calendar.ics"
    body = calendar(entries, chain(*zones), EARLIEST, name=name, about=about, source=source)

    same(engines, body, list(meanings))
    for engine in engines:
        found = engine.read(body)
        assert (engine.name, found["names"], found["about"]) == (engine.name, [name] * 2, [about] * 2)
