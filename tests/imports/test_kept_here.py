"""What a calendar that is read in leaves as it stands here."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from society.calendars.actions import refresh
from society.calendars.feeds import public_feed
from society.db import begin_write, db
from society.events.models import Event
from society.imports.actions import bring_in
from society.imports.planning import Options, Will
from society.imports.reading import read
from society.notices.actions import cancel, postpone
from society.rsvps.actions import reply
from society.rsvps.models import Answer
from tests.builders import NOW, a_person, an_event, letters_to
from tests.imports.test_bringing_in import an_evening, bring
from tests.imports.test_reading import HOME, TODAY


@pytest.mark.parametrize("turn", [cancel, postpone])
def test_what_was_called_off_or_put_off_here_stays_so_and_nobody_is_written_to(app, turn):
    bring(an_evening(), publish=True)
    event, guest = db.session.scalars(select(Event)).one(), a_person()
    reply(event, guest, Answer.YES, at=NOW)
    turn(event, by=a_person("O", "organizer"), now=NOW)
    db.session.commit()
    told, stood = letters_to(guest), (event.starts, event.sequence, event.cancelled_at, event.postponed_at)

    for title in ("Theirs", "Theirs again"):
        [fate] = bring(an_evening(title, day="20271006"), tell=True).fates
        assert fate.will is Will.KEEP_OURS
        assert "here. Title: “An evening” here" in fate.told or "new date here if it has one. Title: " in fate.told
    assert (event.starts, event.sequence, event.cancelled_at, event.postponed_at) == stood
    assert letters_to(guest) == told


def test_what_is_cancelled_there_and_here_is_as_it_was(app):
    bring(an_evening(), publish=True)
    cancel(db.session.scalars(select(Event)).one(), by=a_person("O", "organizer"), now=NOW)
    db.session.commit()

    assert bring(an_evening(more="\nSTATUS:CANCELLED")).counts == {Will.UNCHANGED: 1}


def test_what_is_told_from_the_start_on_goes_along_with_it_and_is_told(app):
    bring(an_evening(), publish=True)
    event = db.session.scalars(select(Event)).one()
    event.rsvp_deadline = datetime(2027, 10, 5, 12)
    db.session.commit()

    [fate] = bring(an_evening(day="20271004")).fates

    assert "The end of answers goes along, to Monday, 4 October 2027, 12:00 pm." in fate.told
    assert event.rsvp_deadline == datetime(2027, 10, 4, 12)
    assert event.rsvp_closes_at == datetime(2027, 10, 4, 10, tzinfo=UTC)

    bring(an_evening(day="20271004").replace("Berlin", "London"))
    assert event.rsvp_closes_at == datetime(2027, 10, 4, 11, tzinfo=UTC)


def test_a_file_that_was_written_here_adds_nothing_when_it_is_read_in(app):
    ours, evening = an_event("Ours"), an_evening(more="\nRRULE:FREQ=WEEKLY;COUNT=3")
    refresh(ours, NOW)
    db.session.commit()
    bring(evening, an_evening("Once").replace("UID:a", "UID:b"), publish=True)
    body = public_feed("past", NOW)
    begin_write()

    done = bring_in(read(body, zone=HOME, today=TODAY), Options(publish=True), by=None, now=NOW)

    assert done.counts == {Will.LEAVE_OUT: 5}
    assert {fate.told for fate in done.fates} == {
        "It is ours already, from a file that was written here, and stays as it is."
    }
    assert db.session.scalar(select(func.count()).select_from(Event)) == 5
