"""What organizers decide about an event's entry: days by themselves, and what hangs on it."""

from datetime import timedelta
from itertools import pairwise

import icalendar
import pytest
import recurring_ical_events

from society.calendars.adding import services
from society.calendars.render import event_file, vevent
from society.db import db
from society.events.models import Event, Visibility
from society.material.actions import add, change, remove
from society.material.models import MaterialKind, Seen
from society.material.reading import Read
from society.rsvps.feed import refresh
from tests.builders import NEXT_MONTH, NOW, a_person, an_event
from tests.events.test_organizing import form_of

TEN = NEXT_MONTH.replace(hour=10)
FIVE = TEN + timedelta(days=2, hours=7)
MIDNIGHT = TEN.replace(hour=0)


def shown(event):
    """Each entry that a calendar app shows of an event."""
    calendar = icalendar.Calendar.from_ical(event_file(event))
    found = recurring_ical_events.of(calendar).between(TEN - timedelta(days=9), TEN + timedelta(days=30))
    entries = sorted(found, key=lambda one: str(one["DTSTART"].dt))
    return [(one["DTSTART"].dt, one["DTEND"].dt) for one in entries]


def plain(moments):
    return [tuple(moment.replace(tzinfo=None) for moment in pair) for pair in moments]


def test_days_by_themselves_are_shown_between_the_same_hours_and_else_as_one(app):
    banner, daily = (an_event(starts=TEN, ends=FIVE, daily=daily) for daily in (False, True))
    hours = TEN + timedelta(hours=7)

    assert plain(shown(banner)) == [(TEN, FIVE)]
    assert plain(shown(daily)) == [(TEN + timedelta(days=n), hours + timedelta(days=n)) for n in range(3)]


def test_whole_days_by_themselves_are_three_days(app):
    event = an_event(starts=MIDNIGHT, ends=MIDNIGHT + timedelta(days=3), all_day=True, daily=True)
    days = [MIDNIGHT.date() + timedelta(days=n) for n in range(4)]

    assert shown(event) == list(pairwise(days))


@pytest.mark.parametrize("ends", [TEN + timedelta(hours=7), TEN + timedelta(days=2), TEN + timedelta(days=1, hours=-2)])
def test_what_cannot_be_day_by_day_stays_one_entry(app, ends):
    event = an_event(starts=TEN, ends=ends, daily=True)

    assert plain(shown(event)) == [(TEN, ends)]


def test_google_is_told_of_the_days_and_readers_of_their_hours(app):
    event = an_event(starts=TEN, ends=FIVE, daily=True)

    assert "recur=RRULE%3AFREQ%3DDAILY%3BCOUNT%3D3" in dict(services(event))["Google Calendar"]
    assert "10:00 am to 5:00 pm each day (New York time)" in app.test_client().get(f"/events/{event.slug}").text


def test_an_organizer_chooses_and_is_told_where_that_cannot_be(client):
    event = an_event(starts=TEN, ends=FIVE, published_at=None)
    client.sign_in(a_person("", "organizer"))
    address = f"/organize/events/{event.id}"

    wrong = client.post(address, data=form_of(event, daily="y", ends_at=f"{FIVE - timedelta(hours=8):%Y-%m-%dT%H:%M}"))
    assert wrong.status_code == 422
    assert "Then it must end later in the day than it begins." in wrong.text
    assert client.post(address, data=form_of(event, daily="y")).status_code == 303
    db.session.refresh(event)
    assert event.separate_days == 3


@pytest.fixture
def event(app):
    made = an_event("A talk", sequence=3)
    refresh(made, NOW)
    db.session.commit()
    return made


def attached(client, event):
    (entry,) = icalendar.Calendar.from_ical(client.get("/calendar.ics").data).walk("VEVENT")
    found = entry.get("ATTACH", [])
    return [(str(one), one.params.get("FMTTYPE")) for one in (found if isinstance(found, list) else [found])]


def given(event, title, seen_by=Seen.EVERYONE, url="", file=None):
    values = {"kind": MaterialKind.SLIDES, "title": title, "url": url, "seen_by": seen_by}
    return add(event, values, file, by=a_person(), now=NOW)


def test_an_entry_names_what_everyone_may_see_and_follows_its_changes_without_a_new_sequence(client, event):
    first = client.get("/calendar.ics")
    slides = given(event, "Slides", file=Read("talk.pdf", "application/pdf", b"%PDF-1.7"))
    link = given(event, "Film", url="https://films.example.org/1")
    given(event, "Minutes", Seen.MEMBERS, "https://example.org/minutes")
    db.session.commit()
    page = f"https://society.example.org/events/{event.slug}/material/{slides.id}"

    assert attached(client, event) == [(page, "application/pdf"), ("https://films.example.org/1", None)]
    assert client.get("/calendar.ics", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    event = db.session.get_one(Event, event.id)
    change(event, link, {"seen_by": Seen.CAME}, None, by=a_person(), now=NOW)
    db.session.commit()
    assert attached(client, event) == [(page, "application/pdf")]
    remove(event, slides, by=a_person(), now=NOW)
    db.session.commit()
    assert attached(client, event) == []
    assert db.session.get_one(Event, event.id).sequence == 3


def test_nothing_hangs_on_the_entry_of_a_members_event(app):
    event = an_event(visibility=Visibility.MEMBERS)
    given(event, "Film", url="https://films.example.org/1")

    assert b"ATTACH" not in vevent(event)
