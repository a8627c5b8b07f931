"""Of what a calendar says, whatever cannot be kept is told."""

import pytest
from sqlalchemy import select

from society.calendars.models import Entry
from society.db import db
from society.events.models import Event
from society.imports.planning import Will
from society.imports.reading import read
from tests.imports.test_bringing_in import an_evening, bring
from tests.imports.test_reading import HOME, TODAY, a_file

PROPERTIES = {
    "ORGANIZER;CN=Prof. A:mailto:a@example.org": "who organizes it",
    "CONTACT:Ms B\\, room 12": "whom to ask",
    "COMMENT:Bring shoes": "remarks on it",
    "RESOURCES:Projector": "what is needed for it",
    "RELATED-TO:b@example.org": "what it belongs to",
    "IMAGE;VALUE=URI:https://example.org/a.jpg": "its picture",
    "COLOR:red": "its colour",
    "STYLED-DESCRIPTION;VALUE=URI:https://example.org/": "its formatted text",
    "REQUEST-STATUS:2.0;Success": "REQUEST-STATUS",
    "STRUCTURED-DATA;VALUE=URI:https://example.org/": "STRUCTURED-DATA",
    "BEGIN:PARTICIPANT\nUID:p\nEND:PARTICIPANT": "PARTICIPANT",
}
WEEKLY = "\nRRULE:FREQ=WEEKLY;COUNT=2"


@pytest.mark.parametrize("recurs", ["", WEEKLY], ids=["once", "weekly"])
@pytest.mark.parametrize(("said", "told"), PROPERTIES.items(), ids=PROPERTIES.values())
def test_each_property_that_cannot_be_kept_is_told(said, told, recurs):
    found = read(a_file(an_evening(more=f"{recurs}\n{said}")), zone=HOME, today=TODAY).events[0]
    told = "who takes part" if told == "PARTICIPANT" else told
    assert found.told == (f"Not kept: {told}.",)


def test_seconds_are_told():
    file = a_file("UID:a\nSUMMARY:x\nDTSTART:20271005T190030Z\nDTEND:20271005T200000Z")
    assert read(file, zone=HOME, today=TODAY).events[0].told == (
        "Its times are told to the second; here they are to the minute.",
    )


def test_what_single_programs_add_is_told_once_of_the_file():
    added = "\nX-ALT-DESC;FMTTYPE=text/html:<b>x</b>\nTRANSP:TRANSPARENT\nPRIORITY:5\nx-pictures:y"
    plain = an_evening(more="\nTRANSP:OPAQUE\nPRIORITY:0")
    found = read(a_file(an_evening(more=added), an_evening(more=WEEKLY + added), plain), zone=HOME, today=TODAY)

    assert [line for line in found.about if line.startswith("Not kept")] == [
        "Not kept of any event, as they are for single programs: PRIORITY, TRANSP, X-ALT-DESC, X-PICTURES."
    ]
    assert not [line for line in read(a_file(plain), zone=HOME, today=TODAY).about if line.startswith("Not kept")]


@pytest.mark.parametrize("recurs", ["", WEEKLY], ids=["once", "weekly"])
def test_what_is_not_certain_there_is_never_announced_by_reading_it_in(app, recurs):
    maybe = an_evening(more=f"{recurs}\nSTATUS:TENTATIVE")
    done = bring(maybe, an_evening().replace("UID:a", "UID:z"), publish=True)

    drafts = db.session.scalars(select(Event).where(Event.published_at.is_(None))).all()
    told = "It is not certain there yet (tentative). Place as told: Old Hall, 1 Main Street. It comes in as a draft."
    assert len(drafts) == (2 if recurs else 1)
    assert sum(told in fate.told for fate in done.fates) == len(drafts)
    assert [(event.slug, db.session.get(Entry, event.id)) for event in drafts] == [(None, None)] * len(drafts)


def test_what_becomes_certain_there_or_stops_to_be_so_is_told_and_people_decide(app):
    bring(an_evening(more="\nSTATUS:TENTATIVE"), publish=True)
    [certain] = bring(an_evening(), publish=True).fates
    [as_it_was] = bring(an_evening(), publish=True).fates
    event = db.session.scalars(select(Event)).one()

    assert certain.will is Will.CHANGE
    assert certain.told.endswith("It stays a draft until you publish it.")
    assert (as_it_was.will, event.published_at) == (Will.UNCHANGED, None)


def test_an_announced_event_that_is_no_longer_certain_there_is_told_and_stays(app):
    bring(an_evening(), publish=True)
    [fate] = bring(an_evening(more="\nSTATUS:TENTATIVE")).fates
    assert fate.told.startswith("It is not certain there yet (tentative).")
    assert db.session.scalars(select(Event)).one().on


def test_a_status_of_something_else_is_told():
    found = read(a_file(an_evening(more="\nSTATUS:IN-PROCESS")), zone=HOME, today=TODAY).events[0]
    assert found.told == ("Its status IN-PROCESS is none of an event; it is taken for certain.",)
