"""Publishing, revising, cancelling and postponing: the row, the seats, the calendars, the log and the letters."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from society.audit.models import AuditEntry
from society.calendars.actions import refresh
from society.calendars.models import Entry
from society.db import db
from society.errors import Refused
from society.events.forms import EventForm
from society.events.models import BackingState, Event, Speaker
from society.mail.message import as_text
from society.mail.models import Letter
from society.mail.queries import Way
from society.notices.actions import cancel, postpone, publish, revise
from society.notices.models import Notice
from society.notices.reach import those_to_tell
from society.organizations.models import Organization
from society.people.models import Person
from society.rsvps.actions import reply
from society.rsvps.models import Answer
from society.rsvps.queries import seated
from society.rsvps.waiting import waiting
from tests.builders import NEXT_MONTH, NOW, a_backing, a_person, a_venue, an_event, letters_to
from tests.conftest import Browser
from tests.events.test_organizing import form_of
from tests.notices.test_sending import an_rsvp

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def by(app: Flask) -> Person:
    return a_person("Olive Organizer", "organizer")


@pytest.fixture
def typed(app: Flask) -> Iterator[Callable[..., EventForm]]:
    """The event's form as it was posted, with some fields typed anew."""
    contexts = []

    def fill(event: Event, **values: Any) -> EventForm:
        context = app.test_request_context(method="POST", data=form_of(event, **values))
        context.push()
        contexts.append(context)
        form = EventForm(event)
        assert form.validate(), form.errors
        return form

    yield fill
    for context in reversed(contexts):
        context.pop()


def vevent(event: Event) -> bytes:
    entry = db.session.scalars(select(Entry).where(Entry.event_id == event.id)).one()
    return entry.vevent.replace(b"\r\n ", b"")


def test_publishing_fixes_the_address_and_enters_the_calendars(by: Person) -> None:
    an_event(slug="title-subtitle")
    event = an_event("Title: Subtitle", published_at=None)

    publish(event, by=by, now=NOW)

    assert event.slug == "title-subtitle-2"
    assert b"SUMMARY:Title: Subtitle" in vevent(event)
    assert db.session.scalars(select(AuditEntry.act)).all() == ["event published"]


@pytest.mark.parametrize("title", ["Past", "New"])
def test_no_event_takes_the_address_of_another_page(by: Person, title: str) -> None:
    event = an_event(title, published_at=None)

    publish(event, by=by, now=NOW)

    assert event.slug == f"{title.lower()}-2"


def test_an_event_is_published_once(by: Person) -> None:
    with pytest.raises(Refused, match="published already"):
        publish(an_event(), by=by, now=NOW)


def test_what_is_over_is_not_published(by: Person) -> None:
    event = an_event(published_at=None, starts=NEXT_MONTH - timedelta(days=90))

    with pytest.raises(Refused, match="over by its dates"):
        publish(event, by=by, now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Another title"},
        {"starts_at": f"{NEXT_MONTH + timedelta(hours=1):%Y-%m-%dT%H:%M}", "ends_at": ""},
        {"ends_at": f"{NEXT_MONTH + timedelta(hours=3):%Y-%m-%dT%H:%M}"},
        {"timezone": "Europe/Berlin"},
        {"room": "Room 9"},
        {"venue_name": "Another hall"},
        {"online_url": "https://meet.example.org/x"},
        {"instructions": "Ring at Sample"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_people_plan_by_raises_the_sequence(by: Person, typed: Any, change: dict[str, str]) -> None:
    event = an_event(venue=a_venue())
    guest = a_person()
    reply(event, guest, Answer.YES, at=NOW)

    changes = revise(event, typed(event, **change), by=by, now=LATER)

    assert changes
    assert (event.sequence, event.revised_at) == (1, LATER)
    assert letters_to(guest)[-1].startswith("Changed: ")


@pytest.mark.parametrize(
    "change",
    [
        {"description": "More of it"},
        {"summary": "In short"},
        {"speakers": "Ada | who knows"},
        {"new_hosts": "the E Club"},
        {"online_minutes": "0"},  # it is in the calendars of those who come then
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_calendars_only_show_is_a_revision_without_a_new_sequence(by: Person, typed: Any, change: Any) -> None:
    event = an_event()

    revise(event, typed(event, **change), by=by, now=LATER, tell=False)

    assert (event.sequence, event.revised_at) == (0, LATER)


def test_what_no_calendar_shows_is_no_revision(by: Person, typed: Any) -> None:
    event = an_event()
    before = event.revised_at

    changes = revise(event, typed(event, capacity=30), by=by, now=LATER)

    assert [change.field for change in changes] == ["capacity"]
    assert (event.sequence, event.revised_at) == (0, before)


def test_nothing_changed_is_nothing_done(by: Person, typed: Any) -> None:
    event = an_event()
    guest = a_person()
    reply(event, guest, Answer.YES, at=NOW)
    told = letters_to(guest)

    assert revise(event, typed(event), by=by, now=LATER) == []
    assert letters_to(guest) == told
    assert not db.session.scalars(select(AuditEntry)).all()


def test_more_seats_go_to_those_who_wait(by: Person, typed: Any) -> None:
    event = an_event(capacity=1)
    ann, ben = a_person(), a_person()
    for minute, person in enumerate([ann, ben]):
        reply(event, person, Answer.YES, at=NOW + timedelta(minutes=minute))

    revise(event, typed(event, capacity=2), by=by, now=LATER)

    assert seated(event) == [ann, ben]


def test_fewer_seats_than_are_taken_drop_nobody(by: Person, typed: Any) -> None:
    event = an_event(capacity=2)
    ann, ben = a_person(), a_person()
    for minute, person in enumerate([ann, ben]):
        reply(event, person, Answer.YES, at=NOW + timedelta(minutes=minute))

    revise(event, typed(event, capacity=1), by=by, now=LATER)

    assert seated(event) == [ann, ben]
    assert waiting(event) == []


def test_nobody_is_told_if_the_organizer_says_so(by: Person, typed: Any) -> None:
    event = an_event()
    guest = a_person()
    reply(event, guest, Answer.YES, at=NOW)
    told = letters_to(guest)

    revise(event, typed(event, title="Another title"), by=by, now=LATER, tell=False)

    assert letters_to(guest) == told


@pytest.mark.parametrize(
    ("field", "label", "where"),
    [
        ("online_url", "Online link", "on the page of your answer"),
        ("instructions", "For those who come", "on the page of your answer if you have a seat"),
    ],
    ids=str,
)
def test_what_only_those_who_come_are_told_is_told_of_but_not_mailed(
    by: Person, typed: Any, field: str, label: str, where: str
) -> None:
    event = an_event(**{field: "https://meet.example.org/old-secret"})
    reply(event, a_person(), Answer.YES, at=NOW)

    revise(event, typed(event, **{field: "https://meet.example.org/new-secret"}), by=by, now=LATER)

    notice = db.session.scalars(select(Notice)).one()
    assert label in notice.body
    assert f", {where}" in notice.body
    letters = db.session.scalars(select(Letter)).all()
    assert len(letters) == 2  # that they come, and of the change
    assert not [letter.subject for letter in letters if "secret" in f"{letter.body}{letter.calendar!r}"]


def test_the_log_keeps_what_changed_from_what(by: Person, typed: Any) -> None:
    event = an_event("Old", room="1")

    revise(event, typed(event, title="New"), by=by, now=LATER)

    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.act, entry.before, entry.after, entry.actor_id) == (
        "event changed",
        {"title": "Old"},
        {"title": "New"},
        by.id,
    )


def test_a_backer_taken_out_is_withdrawn_and_kept_on_record(by: Person, typed: Any) -> None:
    event = an_event()
    backing = a_backing(event, "B Union", "sponsor")

    revise(event, typed(event, sponsors=[], new_endorsers="the C League"), by=by, now=LATER)

    assert backing.state is BackingState.WITHDRAWN
    assert [(b.organization.name, b.confirmed_by_id) for b in event.backings[1:]] == [("C League", by.id)]


def test_what_an_organization_was_asked_is_not_answered_by_saving_the_form(by: Person, typed: Any) -> None:
    event = an_event()
    backing = a_backing(event, "B Union", "sponsor", "proposed")

    revise(event, typed(event, title="New"), by=by, now=LATER)

    assert backing.state is BackingState.PROPOSED


def test_one_organization_named_twice_backs_it_once(by: Person, typed: Any) -> None:
    event = an_event()
    a_backing(event, "B Union", "sponsor")

    revise(event, typed(event, new_sponsors="the b union\nThe B UNION, C League"), by=by, now=LATER)

    assert [b.organization.name for b in event.backings] == ["B Union", "C League"]
    assert len(db.session.scalars(select(Organization)).all()) == 2


def test_an_untouched_list_of_speakers_keeps_its_rows(by: Person, typed: Any) -> None:
    event = an_event()
    event.speakers = [Speaker(position=0, name="Ada", about="who knows")]
    db.session.flush()
    number = event.speakers[0].id

    revise(event, typed(event, title="New"), by=by, now=LATER)

    assert [speaker.id for speaker in event.speakers] == [number]


def test_a_draft_changes_without_a_sequence(by: Person, typed: Any) -> None:
    event = an_event(published_at=None)

    revise(event, typed(event, title="New"), by=by, now=LATER)

    assert (event.title, event.sequence) == ("New", 0)


def test_cancelling_shows_in_the_calendars_and_tells_who_answered(by: Person) -> None:
    event = an_event("The talk")
    refresh(event, NOW)
    guest = a_person()
    reply(event, guest, Answer.MAYBE, at=NOW)

    cancel(event, by=by, now=LATER, note="The speaker is ill.")

    assert event.sequence == 1
    assert b"STATUS:CANCELLED" in vevent(event)
    assert letters_to(guest)[-1] == "Cancelled: The talk"
    assert db.session.scalars(select(AuditEntry.after)).all() == [
        {"status": "Cancelled", "reason": "The speaker is ill."}
    ]


def test_cancelling_is_done_once(by: Person) -> None:
    event = an_event()
    cancel(event, by=by, now=NOW)

    with pytest.raises(Refused, match="is cancelled"):
        cancel(event, by=by, now=LATER)
    with pytest.raises(Refused, match="is cancelled"):
        postpone(event, by=by, now=LATER)


@pytest.mark.parametrize("act", [cancel, postpone])
def test_what_has_begun_is_neither_cancelled_nor_postponed(by: Person, act: Any) -> None:
    event = an_event()
    begun: datetime = event.starts_at

    with pytest.raises(Refused, match="has begun"):
        act(event, by=by, now=begun)


def test_a_postponed_event_is_on_again_with_its_new_date(by: Person, typed: Any) -> None:
    event = an_event()
    postpone(event, by=by, now=NOW)
    assert not event.on

    starts = NEXT_MONTH + timedelta(days=20)
    changes = revise(event, typed(event, starts_at=f"{starts:%Y-%m-%dT%H:%M}", ends_at=""), by=by, now=LATER)

    assert event.on
    assert {change.field for change in changes} == {"when", "status"}
    assert event.sequence == 2
    assert b"STATUS:CONFIRMED" in vevent(event)


def test_a_reader_elsewhere_is_told_the_old_and_the_new_time_by_both_clocks(by: Person, typed: Any) -> None:
    event = an_event(starts=datetime(2031, 3, 4, 20))
    near, far = a_person("Ann"), a_person("Ben", zone="Europe/London")
    for person in (near, far):
        reply(event, person, Answer.YES, at=NOW)

    revise(event, typed(event, starts_at="2031-03-05T18:00", ends_at="2031-03-05T19:00"), by=by, now=LATER)

    told = {one.person_id: as_text(one) for one in db.session.scalars(select(Letter).where(Letter.bulk))}
    assert told[far.id].count("by your clock") == 3
    old, new = told[far.id].split("from now on:")
    assert "(New York time) – 1:00 am on Wednesday, 5 March by your clock" in " ".join(old.split())
    assert "(New York time) – 11:00 pm by your clock" in " ".join(new.split())
    assert "your clock" not in told[near.id]


def test_until_when_to_answer_is_told_by_both_clocks(by: Person, typed: Any) -> None:
    event = an_event(starts=datetime(2031, 3, 4, 20), rsvp_deadline=datetime(2031, 3, 2, 18))
    near, far = a_person("Ann"), a_person("Ben", zone="Europe/London", language="de")
    for person in (near, far):
        reply(event, person, Answer.YES, at=NOW)

    revise(event, typed(event, rsvp_deadline="2031-03-01T18:00"), by=by, now=LATER)

    told = {
        one.person_id: " ".join(as_text(one).split()) for one in db.session.scalars(select(Letter).where(Letter.bulk))
    }
    assert "until now: Sunday, 2 March 2031, 6:00 pm (New York time) from now" in told[near.id]
    assert "ab jetzt: Samstag, 1. März 2031, 18:00 (New York, Ortszeit) = 23:00 (London, Ortszeit)" in told[far.id]


def test_who_would_be_told_are_those_who_answered(by: Person) -> None:
    event = an_event()
    for person, answer in ((a_person(), Answer.YES), (a_person(), Answer.NO), (a_person(email=None), Answer.YES)):
        reply(event, person, answer, at=NOW)

    found = those_to_tell(event, NOW)

    assert found.numbers == {Way.MAIL: 1, Way.NONE: 1}


def test_a_venues_correction_leaves_other_events_alone(client: Browser, by: Person) -> None:
    there, elsewhere = an_event(venue=a_venue("Scot Hall")), an_event(venue=a_venue())
    assert there.venue
    correct = {"name": "Scott Hall", "address": "", "zone": there.venue.zone}

    refresh(there, NOW)
    page = client.sign_in(by).post(f"/organize/venues/{there.venue.id}", data=correct)
    assert "No guest is written to" in page.text
    an_rsvp(there, a_person())
    page = client.agree(page)
    assert "Nothing is done yet" in page.text
    assert ": 1 person." in page.text
    client.agree(page, tell="no")

    db.session.refresh(there)
    db.session.refresh(elsewhere)
    assert (there.sequence, elsewhere.sequence) == (1, 0)


def test_the_page_before_a_venue_moves_asks_as_much_for_many_events_as_for_one(
    client: Browser, by: Person, counted: Any
):
    venue, ann = a_venue("Hall"), a_person("Ann")
    client.sign_in(by)
    asked = []
    for more, many in ((1, 1), (2, 3)):
        for _ in range(more):
            an_rsvp(an_event(venue=venue), ann)
        db.session.commit()
        with counted() as count:
            page = client.post(
                f"/organize/venues/{venue.id}", data={"name": "Hall", "address": "2 Side St", "zone": venue.zone}
            )
        assert page.text.count(": 1 person.") == many
        asked.append(len(count))
    assert asked[0] == asked[1]


def test_before_a_venue_moves_its_page_says_whom_that_concerns_and_they_are_told_or_not(client: Browser, by: Person):
    venue, ann = a_venue("Hall", address="1 Main St"), a_person("Ann")
    talk, quiet, off = (an_event(title, venue=venue) for title in ("Rivers", "Lakes", "Seas"))
    over = an_event("Over", venue=venue, starts=NEXT_MONTH - timedelta(days=99))
    for event in (talk, off, over):
        an_rsvp(event, ann)
    off.cancelled_at = NOW
    db.session.commit()
    here, typed = f"/organize/venues/{venue.id}", {"name": "Hall", "address": "2 Side St", "zone": venue.zone}
    client.sign_in(by)

    page = client.post(here, data=typed)
    db.session.refresh(venue)
    assert venue.address == "1 Main St", "nothing is saved before it is confirmed"
    assert "<del>1 Main St</del>" in page.text
    assert "Rivers</a>" in page.text
    assert page.text.count(": 1 person.") == 1
    assert 'value="2 Side St"' in client.post(here, data={**typed, "again": "yes"}).text
    assert client.agree(page, message="x" * 3_000).status_code == 422

    assert "one letter" not in page.text
    client.agree(page, tell="yes", message="The lift is mended.")
    letter = db.session.query(Letter).one()
    assert letter.subject == "Changed: Rivers"
    for said in ("until now: Hall, 1 Main St", "from now on: Hall, 2 Side St", "The lift is mended."):
        assert said in as_text(letter)
    assert letter.calendar is not None

    client.agree(client.post(here, data={**typed, "address": "3 Back St"}), tell="no")
    page = client.post(here, data={**typed, "address": "3 Back St", "latitude": "1", "longitude": "2"})
    assert "No guest is written to" in page.text, "a spot on the map is said in no letter"
    client.agree(page)
    db.session.expire_all()
    assert (venue.address, talk.sequence, quiet.sequence) == ("3 Back St", 3, 3)
    assert letters_to(ann) == ["Changed: Rivers"]
