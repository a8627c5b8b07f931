"""Entries are what icalendar would write, to the byte."""

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from society.agenda.planning import Plan
from society.calendars.component import VERBATIM, Component
from society.calendars.own import Said, own_entry
from society.calendars.render import vevent
from society.calendars.sessions import session_vevent
from society.calendars.texts import Text
from society.events.models import Category, Colour
from society.rsvps.agenda import enter
from tests.builders import NEXT_MONTH, NOW, a_backing, a_person, a_venue, an_event

HOUR = timedelta(hours=1)

texts = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('\\\\,;:"^\n\r\nN é漢🎺'), max_size=400)
addresses = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=200)
moments = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)).map(lambda one: one.replace(microsecond=0))
degrees = st.floats(-180, 180).map(lambda one: round(one, 4))
properties = st.one_of(
    st.tuples(
        st.sampled_from(["summary", "uid", "description", "location", "status", "related-to", "x-alt-desc"]), texts
    ),
    st.tuples(st.sampled_from([name.lower() for name in VERBATIM]), addresses),
    st.tuples(st.just("sequence"), st.integers(0, 2**31 - 1)),
    st.tuples(
        st.sampled_from(["created", "dtstamp", "last-modified"]), moments.map(lambda one: one.replace(tzinfo=UTC))
    ),
    st.tuples(st.sampled_from(["dtstart", "dtend"]), moments | st.dates(date(1900, 1, 1), date(2200, 1, 1))),
    st.tuples(
        st.just("geo"), st.tuples(*(st.floats(-most, most).map(lambda one: round(one, 4)) for most in (90, 180)))
    ),
    st.tuples(st.just("categories"), st.lists(texts, min_size=1, max_size=4)),
    st.tuples(st.just("rrule"), st.integers(2, 31).map(lambda count: {"FREQ": "DAILY", "COUNT": count})),
)
labels = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=100)
parameters = st.dictionaries(st.sampled_from(["TZID", "FMTTYPE", "LABEL", "FEATURE"]), labels, max_size=3)


@given(st.lists(st.tuples(properties, parameters), max_size=8, unique_by=lambda one: one[0][0]))
@example([(("description", "é" * 31 + "\\" + "n" * 80), {})])
def test_any_properties_are_written_as_icalendar_writes_them(added):
    ours, theirs = Component(), icalendar.Event()
    for (name, value), told in added:
        ours.add(name, value, parameters=told)
        theirs.add(name, _told(name, value), parameters=dict(told))

    assert ours.to_ical() == theirs.to_ical()


def _told(name, value):
    """Texts with our escapes, which differ from its own in one sign."""
    if name == "categories":
        listed = icalendar.vCategory([])
        listed.cats = [Text(one) for one in value]
        return listed
    return Text(value) if isinstance(value, str) and name.upper() not in VERBATIM else value


@pytest.mark.parametrize("minutes", [0, 60, 1440, 1530])
@pytest.mark.parametrize("text", ["A talk", "É漢🎺; a, b\\c " * 12, 'On "signs^"\nand lines\n\n'])
def test_an_entry_stays_the_same_when_icalendar_has_read_and_written_it(app, text, minutes):
    venue = a_venue("Hall; 1", address="Long Street 1, Town", latitude=52.5, longitude=-0.125)
    event = an_event(text[:200], summary=text[:300], venue=venue, tags="one, two", online_url="https://example.org/a,b")
    event.online_minutes = 0
    event.category = Category(name="Talks, long", slug="talks", colour=Colour.TEAL)
    a_backing(event, "Union; all", "sponsor")
    session = enter(event, [Plan(text[:200], NEXT_MONTH, NEXT_MONTH + HOUR)], by=a_person(), now=NOW)[0]
    said = Said('You, "Ann"; are\ngoing', NOW, going=True)
    own = own_entry(vevent(event), said, "https://example.org/a,b", text, minutes)

    for entry in (own, vevent(event), session_vevent(event, session)):
        assert icalendar.Event.from_ical(entry).to_ical() == entry


def test_a_place_next_to_the_equator_is_written_without_an_exponent():
    """RFC 5545, 3.3.7, has none."""
    entry = Component()
    entry.add("geo", (0.00001, -0.0000025))
    assert b"GEO:0.00001;-0.0000025\r\n" in entry.to_ical()


@pytest.mark.parametrize("broken", ["https://example.org/\r\nEND:VEVENT", "https://example.org/\rX"])
def test_no_address_begins_a_line_of_its_own(broken):
    with pytest.raises(ValueError, match="line break"):
        Component().add("url", broken)
