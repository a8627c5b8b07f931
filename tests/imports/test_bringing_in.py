"""Calendars read in: what is added, what is changed, and what is kept."""

import io
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from society.calendars.actions import refresh
from society.calendars.models import Entry
from society.db import begin_write, db
from society.events.models import Event, Visibility
from society.imports.actions import bring_in, forget_old_files
from society.imports.models import CalendarFile, ImportedEvent
from society.imports.places import Places
from society.imports.planning import Options, Will
from society.imports.reading import read
from society.rsvps.actions import reply
from society.rsvps.models import Answer
from society.series.actions import make_more
from society.series.models import EventSeries
from tests.builders import NOW, a_person, a_venue, an_event, letters_to
from tests.imports.test_reading import HOME, TODAY, a_file

HOUR = timedelta(hours=1)
EVENING = "UID:a@example.org\nSUMMARY:{title}\nDTSTART;TZID=Europe/Berlin:{day}T190000\nDURATION:PT2H\nLOCATION:{place}"


def an_evening(title="An evening", day="20271005", place="Old Hall\\, 1 Main Street", more=""):
    return EVENING.format(title=title, day=day, place=place) + more


def bring(*events, publish=False, make_new=False, zone=None, tell=False):
    return read_in(*events, options=Options(zone, publish, make_new, tell), at=NOW)


def read_in(*events, at, options=None):
    reading = read(a_file(*events), zone=HOME, today=TODAY)
    begin_write()
    done = bring_in(reading, options or Options(), by=a_person("", "organizer"), now=at)
    db.session.commit()
    return done


def test_a_calendar_becomes_drafts_once_however_often_it_is_read(app):
    first = bring(an_evening())
    again = bring(an_evening())

    event = db.session.scalars(select(Event)).one()
    assert (first.in_words, again.in_words) == ("1 new", "1 as they were")
    assert (event.title, event.starts, event.zone) == ("An evening", datetime(2027, 10, 5, 19), "Europe/Berlin")
    assert (event.uid, event.published_at, event.room) == ("a@example.org", None, "Old Hall, 1 Main Street")


def test_what_changed_there_changes_here_and_calendars_follow(app):
    bring(an_evening(), publish=True)
    event = db.session.scalars(select(Event)).one()
    before = event.sequence
    db.session.commit()

    done = bring(an_evening(day="20271006"))

    assert done.in_words == "1 changed"
    assert (event.starts, event.sequence) == (datetime(2027, 10, 6, 19), before + 1)
    assert b"DTSTART;TZID=Europe/Berlin:20271006T190000" in db.session.get(Entry, event.id).vevent


def test_a_sequence_made_of_the_time_can_rise_here(app):
    bring(an_evening(more="\nSEQUENCE:1764518400000"), publish=True)
    event = db.session.scalars(select(Event)).one()
    before = event.sequence
    db.session.commit()

    bring(an_evening(day="20271006", more="\nSEQUENCE:1764518400000"))

    assert event.sequence == before + 1 < 2**31


def test_what_changed_there_is_told_field_by_field_with_old_and_new(app):
    bring(an_evening())
    changed = an_evening("Another", day="20271006", place="New Hall", more="\nCATEGORIES:Talks")
    [fate] = bring(changed, make_new=True).fates
    assert fate.told.startswith("Title: “An evening” here, “Another” there. When: “Tuesday, 5 October 2027, 7:00 pm")
    assert "Place: “Old Hall, 1 Main Street” here, “New Hall” there." in fate.told
    assert "Category: nothing here, “Talks” there." in fate.told
    event = db.session.scalars(select(Event)).one()
    assert (event.title, event.place, event.category.name) == ("Another", "New Hall", "Talks")

    event.category = None
    db.session.commit()
    [kept] = bring(an_evening("A third", more="\nCATEGORIES:Talks")).fates
    assert (kept.will, event.category) == (Will.KEEP_OURS, None)
    assert "Category: nothing here, “Talks” there." in kept.told


def test_what_is_no_longer_there_is_told_once_and_stays(app):
    other, past = (an_evening(day=day).replace("UID:a", f"UID:{day}") for day in ("20271007", "20240105"))
    read_in(an_evening(), other, past, at=NOW)
    assert read_in(an_evening("Another calendar's").replace("UID:a", "UID:z"), at=NOW + HOUR).in_words == "1 new"

    done = read_in(an_evening(), at=2 * HOUR + NOW)
    again = read_in(an_evening(), at=3 * HOUR + NOW)

    assert done.in_words == "1 as they were and 1 no longer there"
    assert "cancel it if it is off" in done.fates[-1].told
    assert again.in_words == "1 as they were"
    assert db.session.scalar(select(func.count()).select_from(Event)) == 4


UNREADABLE = {
    "a start that is none": "UID:b@example.org\nSUMMARY:Spoilt\nDTSTART:whenever",
    "no start": "UID:b@example.org\nSUMMARY:Spoilt",
    "a rule that is none": "UID:b@example.org\nSUMMARY:Spoilt\nDTSTART:20271005T190000Z\nRRULE:FREQ=SOMETIMES",
    "an end that never comes": "BEGIN:VALARM\nUID:b@exam\n ple.org\nDTSTART:20271005T190000Z",
    "too much of it": "SUMMARY:Long\nDESCRIPTION:" + "y" * 200_001 + "\nUID:b@example.org",
    "a zone within": "UID:b@example.org\nBEGIN:VTIMEZONE\nTZID:x\nEND:VTIMEZONE\nDTSTART:20271005T190000Z",
}


@pytest.mark.parametrize("spoilt", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_any_more_is_told_so_and_stays_as_it_is(app, spoilt):
    """It is in the file still, so it is not gone, nor the next time that it can be read."""
    other = an_evening("Another").replace("UID:a", "UID:b")
    read_in(an_evening(), other, an_evening().replace("UID:a", "UID:c"), at=NOW)

    done = read_in(an_evening(), spoilt, an_evening().replace("UID:a", "UID:c"), at=NOW + HOUR)
    again = read_in(an_evening(), other, an_evening().replace("UID:a", "UID:c"), at=NOW + 2 * HOUR)
    gone = read_in(an_evening(), an_evening().replace("UID:a", "UID:c"), at=NOW + 3 * HOUR)

    assert done.in_words == "2 as they were and 1 left out"
    assert "It stays here as it is." in next(fate.told for fate in done.fates if fate.will is Will.LEAVE_OUT)
    assert (again.in_words, gone.in_words) == ("3 as they were", "2 as they were and 1 no longer there")
    assert db.session.scalars(select(Event.title).where(Event.uid == "b@example.org")).one() == "Another"


def test_of_what_recurs_all_stays_while_its_rule_or_one_day_cannot_be_read(app):
    series = an_evening(more="\nRRULE:FREQ=WEEKLY;COUNT=3")
    read_in(series, an_evening().replace("UID:a", "UID:z"), at=NOW)
    broken = "UID:a@example.org\nSUMMARY:{}\nDTSTART:whenever\nRECURRENCE-ID;TZID=Europe/Berlin:20271012T190000"

    for spoilt in (["UID:a@example.org\nDTSTART:20271005T190000Z\nRRULE:FREQ=HOURLY"], [series, broken]):
        done = read_in(*spoilt, an_evening().replace("UID:a", "UID:z"), at=NOW + HOUR)
        assert Will.GONE not in done.counts
        assert done.counts[Will.LEAVE_OUT] == 1


def test_of_a_file_that_breaks_off_nothing_is_told_as_gone(app):
    whole = a_file(an_evening(), an_evening().replace("UID:a", "UID:b"), an_evening().replace("UID:a", "UID:c"))
    begin_write()
    bring_in(read(whole, zone=HOME, today=TODAY), Options(), by=None, now=NOW)
    cut = read(whole[: whole.index(b"UID:c")], zone=HOME, today=TODAY)
    done = bring_in(cut, Options(), by=None, now=NOW + HOUR)

    assert Will.GONE not in done.counts
    assert any("breaks off" in sentence for sentence in cut.about)


def test_what_is_not_public_there_is_for_members_and_what_is_cut_or_left_is_told(app):
    long = "\nCLASS:CONFIDENTIAL\nGEO:52.5;13.4\nCONFERENCE;VALUE=URI:https://meet.example.org/1"
    [fate] = bring(an_evening(place="x" * 120, more=f"{long}\nDESCRIPTION:{'y' * 20_001}"), publish=True).fates
    for told in (
        "It is not public there; it comes in for members only.",
        "Not kept: where it is on the map, how to join it online.",
        "The place is cut to 100 characters.",
        "The text is cut to 20,000 characters.",
    ):
        assert told in fate.told
    event = db.session.scalars(select(Event)).one()
    assert event.visibility is Visibility.MEMBERS
    assert db.session.get_one(Entry, event.id).feeds == ""


def test_guests_are_written_to_only_if_the_organizer_says_so(app):
    bring(an_evening(), publish=True)
    event, guest = db.session.scalars(select(Event)).one(), a_person()
    reply(event, guest, Answer.YES, at=NOW)
    db.session.commit()

    bring(an_evening(day="20271006"))
    silent = letters_to(guest)
    bring(an_evening(day="20271007"), tell=True)

    assert not [subject for subject in silent if "hange" in subject]
    assert [subject for subject in letters_to(guest) if "hange" in subject]


def test_what_was_changed_here_by_hand_is_kept_and_told(app):
    bring(an_evening())
    event = db.session.scalars(select(Event)).one()
    event.title = "Our own title"
    db.session.commit()

    done = bring(an_evening(title="Their new title"))

    assert done.counts == {Will.KEEP_OURS: 1}
    assert event.title == "Our own title"


def test_a_cancelled_one_is_not_added_and_never_cancels_here_by_itself(app):
    new = bring(an_evening(more="\nSTATUS:CANCELLED"))
    bring(an_evening(), publish=True)
    known = bring(an_evening(more="\nSTATUS:CANCELLED"))

    assert (new.counts, known.counts) == ({Will.LEAVE_OUT: 1}, {Will.KEEP_OURS: 1})
    assert db.session.scalars(select(Event.cancelled_at)).one() is None


def test_times_without_a_zone_are_left_out_until_somebody_says_where(app):
    floating = "UID:f\nSUMMARY:Somewhere\nDTSTART:20271005T190000"

    assert bring(floating).counts == {Will.LEAVE_OUT: 1}
    assert bring(floating, zone="Asia/Tokyo").counts == {Will.ADD: 1}
    assert db.session.scalars(select(Event.zone)).one() == "Asia/Tokyo"


def test_a_time_that_clocks_jump_over_is_told(app):
    done = bring("UID:g\nSUMMARY:Gap\nDTSTART;TZID=America/New_York:20280312T023000\nDURATION:PT1H")

    assert done.counts == {Will.LEAVE_OUT: 1}
    assert "jump over" in done.fates[0].told


def test_places_are_recognised_or_made_when_asked(app):
    known = a_venue(name="Old Hall", address="1 Main Street")
    db.session.commit()
    bring(
        an_evening(),
        "UID:n\nDTSTART:20271005T190000Z\nLOCATION:New Hall\\, 2 Side Street\nCATEGORIES:Talks",
        "UID:o\nDTSTART:20271005T190000Z\nLOCATION:https://meet.example.org/x",
        make_new=True,
    )

    events = {event.uid: event for event in db.session.scalars(select(Event))}
    assert events["a@example.org"].venue is known
    assert (events["n"].venue.name, events["n"].venue.address) == ("New Hall", "2 Side Street")
    assert events["n"].category.name == "Talks"
    assert events["o"].online_url == "https://meet.example.org/x"


def test_a_venue_is_recognised_however_it_is_written_and_none_in_another_town_is_taken_for_it(app):
    mary, hall = a_venue("St. Mary's Hall"), a_venue("Town Hall", address="Market Street 1, Leeds")
    college = a_venue("Trinity College Dublin")
    places = Places.known()

    assert places.venue("Saint Mary’s Hall") is mary
    assert places.venue("Saint Mary’s Hall, Church Lane") is None
    assert places.venue("Trinity College, Dublin") is college
    assert places.venue("The Town Hall") is hall
    assert places.venue("Town Hall, Market Street 1, Leeds") is hall
    assert places.venue("Town Hall, Market Street 1") is None
    assert places.venue("Town Hall, York") is None
    assert places.venue("St Mary's Church") is None

    a_venue("Town Hall", address="High Street 2, York")
    assert Places.known().venue("Town Hall") is None


def test_a_description_is_shown_as_written_whatever_markdown_makes_of_it(app):
    bring(an_evening(more="\nDESCRIPTION:# 1 *not* bold <script>alert(1)</script>\nURL:https://example.org/x"))

    assert db.session.scalars(select(Event.description)).one() == (
        "\\# 1 \\*not\\* bold \\<script\\>alert(1)\\</script\\>\n\n<https://example.org/x>"
    )


def test_a_recurring_event_becomes_a_series_that_goes_on_and_is_found_again(app):
    weekly = "UID:w\nSUMMARY:Weekly\nDTSTART;TZID=Europe/Berlin:20270105T190000\nDURATION:PT2H\nRRULE:FREQ=WEEKLY"
    bring(weekly, publish=True)
    series = db.session.scalars(select(EventSeries)).one()
    number = db.session.scalar(select(func.count()).select_from(Event))

    assert series.spoken == "Every Tuesday"
    assert db.session.scalar(select(func.count()).where(Event.series_id == series.id)) == number

    make_more(datetime.fromisoformat("2028-06-01T12:00:00+00:00"))
    later = db.session.scalar(select(func.count()).select_from(Event))
    reading = read(a_file(weekly), zone=HOME, today=date(2028, 6, 1))
    begin_write()
    again = bring_in(reading, Options(publish=True), by=None, now=NOW + timedelta(days=500))

    assert later > number
    days = db.session.scalars(select(Event.starts)).all()
    assert len(days) == len(set(days))
    assert set(again.counts) <= {Will.UNCHANGED, Will.ADD}


def test_what_is_published_on_the_way_in_stands_in_calendars_as_when_it_is_published_by_hand(app):
    online = an_evening("Online", place="https://meet.example.org/1").replace("UID:a", "UID:b")
    whole_days = "UID:c\nSUMMARY:Open days\nDTSTART;VALUE=DATE:20271005\nDTEND;VALUE=DATE:20271008"
    weekly = an_evening("Weekly", more="\nRRULE:FREQ=WEEKLY;COUNT=3").replace("UID:a", "UID:d")
    bring(an_evening(more="\nCATEGORIES:Lectures,Plants"), online, whole_days, weekly, publish=True, make_new=True)

    events = db.session.scalars(select(Event)).all()
    assert len(events) == 6
    assert not [event.title for event in events if refresh(event, NOW)]


def test_an_archive_is_published_with_its_past_and_nobody_is_written_to(app):
    bring(an_evening(day="20240105"), an_evening(day="20271005").replace("UID:a", "UID:b"), publish=True)

    events = db.session.scalars(select(Event).order_by(Event.starts_at)).all()
    assert [event.slug for event in events] == ["an-evening", "an-evening-2"]
    assert db.session.scalar(select(func.count()).select_from(Entry)) == 2


def test_another_events_calendar_name_is_not_taken_over(app):
    ours = an_event(uid="a@example.org", visibility=Visibility.MEMBERS)
    db.session.commit()
    bring(an_evening())

    theirs = db.session.scalars(select(Event).where(Event.id != ours.id)).one()
    assert theirs.uid != ours.uid


def test_statements_do_not_grow_with_the_events_of_a_file(app, counted):
    def of(number):
        events = [an_evening().replace("UID:a", f"UID:{number}-{n}") for n in range(number)]
        with counted() as count:
            bring(*events, publish=True)
        return len([statement for statement in count.statements if not statement.startswith("INSERT")])

    of(1)
    assert of(60) == of(6)


def test_the_page_tells_first_and_does_it_when_told(app, client):
    organizer = a_person("", "organizer")
    client.sign_in(organizer)
    sent = {"file": (io.BytesIO(a_file(an_evening(), "UID:f\nSUMMARY:Float\nDTSTART:20271005T190000")), "talks.ics")}
    there = client.post("/organize/events/import", data=sent).location
    page = client.get(there).get_data(as_text=True)
    assert "2 new" in page
    assert "1 of them has times without a zone." in page
    assert db.session.scalar(select(func.count()).select_from(Event)) == 0

    missing = client.post(there, data={"zone": ""})
    done = client.post(there, data={"zone": "Europe/Berlin", "publish": "y"})

    assert (missing.status_code, done.status_code) == (422, 303)
    assert db.session.scalar(select(func.count()).select_from(ImportedEvent)) == 2
    assert client.get(there).status_code == 404


@pytest.mark.parametrize("content", [b"", b"hello", b"\x89PNG"])
def test_a_file_that_is_no_calendar_is_told_on_the_page(app, client, content):
    client.sign_in(a_person("", "organizer"))
    answer = client.post("/organize/events/import", data={"file": (io.BytesIO(content), "x.ics"), "address": ""})

    assert answer.status_code == 422
    assert "This is no calendar file" in answer.get_data(as_text=True)


def test_files_are_gone_after_a_day(app):
    db.session.add(CalendarFile(name="x", content=b"x", uploaded_at=NOW))
    db.session.commit()
    forget_old_files(NOW + timedelta(hours=23))
    kept = db.session.scalar(select(func.count()).select_from(CalendarFile))
    forget_old_files(NOW + timedelta(hours=25))

    assert (kept, db.session.scalar(select(func.count()).select_from(CalendarFile))) == (1, 0)


def test_the_commands_read_in_and_write_out(tmp_path, app):
    runner = app.test_cli_runner()
    file, out = tmp_path / "talks.ics", tmp_path / "out.ics"
    file.write_bytes(a_file(an_evening(), "UID:f\nSUMMARY:Float\nDTSTART:20271005T190000"))

    asked = runner.invoke(args=["events", "import", str(file)])
    dry = runner.invoke(args=["events", "import", str(file), "--zone", "Europe/Berlin", "--dry-run"])
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Event)) == 0
    db.session.rollback()
    done = runner.invoke(args=["events", "import", str(file), "--zone", "Europe/Berlin", "--publish"])
    runner.invoke(args=["calendar", "export", str(out)])
    db.session.rollback()

    assert "Say --zone" in str(asked.exception)
    assert "It would be: 2 new." in dry.output
    assert "Done: 2 new." in done.output
    assert out.read_bytes().count(b"BEGIN:VEVENT") == 2
