"""Lines are split as icalendar splits them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Event as VEvent

from society.imports.lines import component_in

PASSED_OVER = ("DTSTAMP", "CREATED", "LAST-MODIFIED", "TRANSP", "PRIORITY")
OFTEN = """SUMMARY summary DESCRIPTION UID DTSTART DTEND DURATION CATEGORIES URL ATTENDEE LOCATION ATTACH SEQUENCE
STATUS X-A Y-A DTSTAMP CLASS A_B _ É"""
names = st.sampled_from(OFTEN.split())
pieces = [
    "\\,",
    "\\;",
    "\\n",
    "\\",
    '"',
    ":",
    ";",
    ",",
    "=",
    "^",
    " ",
    "é",
    "a",
    "20261101T190000",
    "Europe/Berlin",
    "%2C",
]
values = st.lists(st.sampled_from(pieces), max_size=8).map("".join)
parameters = st.lists(
    st.tuples(st.sampled_from([";TZID=", ";VALUE=", ";X-A=", "; LANGUAGE = ", ";", "="]), values).map("".join),
    max_size=3,
).map("".join)
lines = st.tuples(names, parameters, st.sampled_from([":", "", " :", "\r\n :", ":\r\n "]), values).map("".join)


def read_by(reader, text):
    try:
        return reader(text)
    except Exception:  # the library raises several kinds
        return None


def an_event(written):
    return "\r\n".join(["BEGIN:VEVENT", *written, "END:VEVENT", ""])


def looked_at(event):
    return event and {name: event[name] for name in event if name not in PASSED_OVER and not name.startswith("X-")}


@given(st.lists(lines, max_size=6))
@example(["DTSTART;TZID=Europe/Berlin:20261101T190000", "SUMMARY;LANGUAGE=de:A\\, b\\; c: d"])
@example(['ATTENDEE;CN="A: b":mailto:a@example.org', "CATEGORIES:One\\, two,Three"])
@example(["SUMMARY:A", "SUMMARY;LANGUAGE=de:B", "SUMMARY:C", "CATEGORIES:One\\, two,Three", "SEQUENCE:2"])
@example(["summary:A", "BEGIN:VALARM", "DESCRIPTION:Soon", "SUMMARY:B", "END:VALARM", "LOCATION:Hall"])
@example(["DTSTART;TZID=Nowhere/Else:20261101T190000", "DTEND;tzid=Europe/Berlin:20261399T190000"])
@example(["DTSTART;TZID=UTC:20261101T190000", "SEQUENCE:-1", "UID;X-A=b:c"])
@example(["SEQUENCE:1764518400000", "SUMMARY;:A", "CATEGORIES;:B", "\u017fUMMARY:C"])
@example(["BEGIN :VALARM", "DESCRIPTION:Soon", "END:VALARM", "SUMMARY:A"])
@example(["X-A;VALUE=,:", "SUMMARY:A"])
def test_an_event_is_what_icalendar_reads_but_for_what_is_passed_over(written):
    ours, theirs = read_by(component_in, an_event(written)), read_by(VEvent.from_ical, an_event(written))
    if ours is not None and theirs is None:  # it refuses the whole event for what is passed over, too
        looked_for = [line for line in written if not line.startswith((*PASSED_OVER, "X-"))]
        theirs = read_by(VEvent.from_ical, an_event(looked_for))

    assert looked_at(ours) == looked_at(theirs)


@pytest.mark.parametrize("rule", ["RRULE:FREQ=DAILY;COUNT=2", "RECURRENCE-ID:20261101T190000Z"])
def test_of_what_recurs_all_is_read(rule):
    text = f"BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20261101T190000Z\r\n{rule}\r\nDTSTAMP:20261101T190000Z\r\nEND:VEVENT\r\n"

    assert component_in(text) == VEvent.from_ical(text)
