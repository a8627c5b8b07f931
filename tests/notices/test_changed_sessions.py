"""Sessions of a published event that give no seats of their own: changed or removed, those who answered can be told."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from sqlalchemy import func, select

from society.agenda.planning import Plan
from society.db import db
from society.mail.models import Letter
from society.mail.wording import unescaped
from society.notices.anyway import told_anyway_of_session
from society.notices.changed_sessions import SOON, change_session, concerns_nobody, worth_telling
from society.rsvps import session_seats
from society.rsvps.actions import reply
from society.rsvps.agenda import choose, enter
from society.rsvps.models import Answer, Rsvp, RsvpStatus
from society.times import to_utc
from tests.agenda.test_pages import form_of, the_sessions
from tests.builders import NEXT_MONTH, NOW, a_person, an_event, letters_to

HOUR = timedelta(hours=1)
MORNING = NEXT_MONTH.replace(hour=9)
OPENING = Plan("Opening", MORNING, MORNING + HOUR, room="Hall")


@pytest.fixture
def organizer(client):
    return client.sign_in(a_person("", "organizer"))


@pytest.fixture
def event(app):
    """A reader of German and one of English come."""
    event = an_event("Congress", starts=MORNING, ends=MORNING + 8 * HOUR)
    enter(event, [OPENING], by=a_person(), now=NOW)
    for name, language in (("Ann", "de"), ("Ben", "")):
        reply(event, a_person(name, language=language), Answer.YES, at=NOW)
    db.session.commit()
    return event


def address(event):
    return f"/organize/events/{event.id}/agenda/{the_sessions(event)[0].id}"


def changed_to(organizer, event, **values):
    """The page before that change."""
    return organizer.post(address(event), data=form_of(the_sessions(event)[0], **values))


def letters():
    rows = select(Letter).where(Letter.subject.contains("Congress"), Letter.body.contains("Opening"))
    return [unescaped(letter.body) for letter in db.session.scalars(rows.order_by(Letter.person_id))]


def proposed(page):
    (tag,) = [
        line
        for line in page.text.replace("<input", "\n<input").split("\n")
        if 'name="tell"' in line and "checked" in line
    ]
    return "yes" if 'value="yes"' in tag else "no"


def test_of_another_room_those_who_answered_are_told_in_their_language_old_and_new(organizer, event):
    shown = changed_to(organizer, event, room="Attic", speakers="Ada Example | historian")
    assert "2 people answered" in shown.text
    assert letters() == []

    organizer.agree(shown, tell="yes", message="The roof is mended.")

    german, english = letters()
    for body in (german, english):
        assert "Hall" in body
        assert "Attic (Ada Example, historian)" in body
        assert "The roof is mended." in body
    assert "**Programmpunkt**" in german
    assert "**Session**" in english
    assert the_sessions(event)[0].room == "Attic"


def test_nobody_is_told_unless_that_is_chosen_and_of_an_abstract_not_at_all(organizer, event):
    small = changed_to(organizer, event, title="Opening!")
    assert proposed(small) == "no"
    organizer.agree(small, tell="no")
    unseen = changed_to(organizer, event, abstract="Of rivers.")
    assert "Nobody is written to." in unseen.text
    organizer.agree(unseen, tell="yes")
    assert the_sessions(event)[0].abstract == "Of rivers."
    assert letters() == []


def test_those_who_answered_are_told_of_one_that_is_removed(organizer, event):
    shown = organizer.get(f"{address(event)}/remove")
    assert "2 people answered" in shown.text

    organizer.agree(shown, tell="yes", message="She is ill.")

    german, english = letters()
    assert "findet nicht statt" in german
    assert "does not take place" in english
    assert "She is ill." in english
    assert the_sessions(event) == []


def test_one_with_seats_of_its_own_concerns_those_who_have_them_alone(organizer, event):
    the_sessions(event)[0].capacity = 5
    db.session.commit()
    for shown in (changed_to(organizer, event, room="Attic"), organizer.get(f"{address(event)}/remove")):
        assert "Nobody is written to." in shown.text
        organizer.agree(shown, tell="yes")
    assert letters() == []


def test_of_what_is_called_off_nobody_is_told(organizer, event):
    event.cancelled_at = NOW
    db.session.commit()
    shown = changed_to(organizer, event, room="Attic")
    assert "Nobody is written to." in shown.text
    organizer.agree(shown, tell="yes")
    assert letters() == []


@pytest.mark.parametrize(
    ("change", "ahead", "wanted"),
    [
        ({"room": "Attic"}, SOON, True),
        ({"starts": MORNING - 3 * SOON, "ends": MORNING - 3 * SOON + HOUR}, 4 * SOON, True),
        ({"room": "Attic"}, SOON + HOUR, False),
        ({"room": "Attic"}, -HOUR, False),
        ({"title": "Opening!"}, HOUR, False),
        (None, HOUR, True),
        (None, 2 * SOON, False),
    ],
)
def test_to_write_is_proposed_for_another_time_or_room_within_a_week(change, ahead, wanted):
    plan = None if change is None else Plan(**{**vars(OPENING), **change})
    then = MORNING.replace(tzinfo=UTC) - ahead
    assert worth_telling(OPENING, plan, "UTC", then) is wanted


def waited_for(event):
    """One has the only seat of a session, another waits for one."""
    session = the_sessions(event)[0]
    session.capacity = 1
    for rsvp in db.session.scalars(select(Rsvp).order_by(Rsvp.id)):
        choose(rsvp, session, NOW)
    db.session.commit()
    return session


def test_who_gets_a_seat_by_more_of_them_is_told_of_before(organizer, event):
    waited_for(event)
    page = changed_to(organizer, event, capacity="2").text
    assert "Written to whatever you choose below" in page
    assert "1 person on the waiting list gets seats by this, and is written to." in page
    assert "Nobody is written to." not in page
    assert "Written to whatever" not in changed_to(organizer, event, capacity="1", abstract="More.").text


@pytest.mark.parametrize(
    ("later", "said"),
    [
        (timedelta(days=3), "keeps them by this, with nothing to confirm, and is written to."),
        (timedelta(hours=-3), "has another time by which to confirm them, and is written to."),
        (timedelta(hours=1), ""),
    ],
)
def test_who_keeps_a_seat_that_was_offered_is_told_of_before_the_session_is_moved(event, later, said):
    session, noon = waited_for(event), to_utc(MORNING + 3 * HOUR, event.zone)
    session.schedule(MORNING + 8 * HOUR, MORNING + 9 * HOUR, event.zone)
    (seat,) = db.session.scalars(session_seats.queue(session))
    seat.status, seat.offered_until, seat.queued_at = RsvpStatus.OFFERED, session.starts_at - HOUR, None
    plan = replace(Plan.of(session), starts=session.starts + later, ends=session.ends + later, capacity=2)
    before = len(letters_to(seat.rsvp.person))

    told = told_anyway_of_session(session, plan.tried(event.zone), noon)
    change_session(session, plan, by=a_person(), now=noon, tell=False)

    assert told == ([f"1 person to whom seats are offered {said}"] if said else [])
    assert (len(letters_to(seat.rsvp.person)) > before) is bool(said)


def test_of_a_cancelled_event_those_seated_in_a_session_are_not_written_to(organizer, event):
    waited_for(event)
    event.cancelled_at = NOW
    db.session.commit()
    written = db.session.scalar(select(func.count(Letter.id)))
    shown = changed_to(organizer, event, room="Attic", capacity="1")
    assert "can be mailed" not in shown.text
    assert "Nobody is written to." in shown.text
    organizer.agree(shown)
    organizer.agree(organizer.get(f"{address(event)}/remove"))

    assert (the_sessions(event), db.session.scalar(select(func.count(Letter.id)))) == ([], written)


def test_of_a_session_that_is_over_nobody_is_written_to_though_the_event_goes_on(organizer, event):
    session = waited_for(event)
    past = MORNING - 40 * timedelta(days=1)
    event.schedule(past - HOUR, event.ends, event.zone, all_day=False)
    session.schedule(past, past + HOUR, event.zone)
    db.session.commit()
    was, written = Plan.of(session), db.session.scalar(select(func.count(Letter.id)))
    shown = changed_to(organizer, event, title="Opened", capacity="1")
    assert "Nobody is written to." in shown.text
    organizer.agree(shown)
    assert (the_sessions(event)[0].title, db.session.scalar(select(func.count(Letter.id)))) == ("Opened", written)

    later = replace(was, starts=MORNING, ends=MORNING + HOUR)
    assert not concerns_nobody(session, was, later, NOW)
    event.postponed_at = NOW
    assert not concerns_nobody(session, was, None, NOW)


def test_of_a_session_still_to_come_of_an_event_that_is_over_who_has_a_seat_or_waits_is_told(organizer, event):
    session = waited_for(event)
    event.schedule(MORNING - timedelta(days=60), MORNING - timedelta(days=59), event.zone, all_day=False)
    db.session.commit()
    written = db.session.scalar(select(func.count(Letter.id)))
    shown = changed_to(organizer, event, room="Attic", capacity="1")
    assert "can be mailed" in shown.text
    organizer.agree(shown, tell="yes")
    assert (the_sessions(event)[0].room, db.session.scalar(select(func.count(Letter.id)))) == ("Attic", written + 2)
    session.capacity = None
    assert concerns_nobody(session, Plan.of(session), None, NOW)
