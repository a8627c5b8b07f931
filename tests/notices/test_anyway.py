"""Whom a change writes to whatever its organizer chooses, as the page before it says; and to whom nothing is told."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from society.agenda.models import Session
from society.backings.versions import version
from society.calendars.actions import refresh
from society.calendars.apps import App
from society.db import db
from society.events.models import Event
from society.mail.models import Letter
from society.notices.models import Notice
from society.rsvps.actions import reply
from society.rsvps.kept_offers import kept_offers
from society.rsvps.models import Answer, Rsvp, RsvpStatus
from society.rsvps.seats import keep_offered
from society.rsvps.session_models import SessionSeat
from society.series.actions import begin
from society.series.rules import Every, Rule
from society.times import now, to_wall
from tests.builders import BY_DAY, NEXT_MONTH, NOW, a_backing, a_person, an_event, letters_to
from tests.conftest import Browser
from tests.events.test_organizing import form_of
from tests.invitations.test_settling import wish
from tests.notices.test_following import change, follower, said

ANYWAY = "Written to whatever you choose below"


@pytest.fixture
def organizer(client: Browser) -> Browser:
    return client.sign_in(a_person("Ora Organizer", "organizer"))


def agreed(organizer: Browser, event: Event, **typed: Any) -> str:
    """What the page before the change says; it is made, and told to nobody."""
    page = organizer.post(f"/organize/events/{event.id}", data=form_of(event, **typed))
    assert organizer.agree(page, tell="no").status_code == 303
    return said(page.text)


def test_who_gets_a_seat_by_more_of_them_is_told_of_before(organizer):
    event = an_event("Rivers", starts=NEXT_MONTH, capacity=2, max_party_size=2)
    first, party, single = a_person(), a_person(), a_person()
    for person, size in ((first, 2), (party, 2), (single, 1)):
        reply(event, person, Answer.YES, party_size=size, at=NOW)
    db.session.commit()

    page = agreed(organizer, event, capacity="3")

    assert f"{ANYWAY} 1 person on the waiting list gets seats by this, and is written to." in page
    assert "You have a seat" in letters_to(single)[-1]
    assert len(letters_to(party)) == 1


def test_who_cannot_be_mailed_is_not_said_to_be_written_to(organizer):
    event = an_event("Rivers", starts=NEXT_MONTH, capacity=1)
    for person in (a_person(), a_person(email=None), a_person()):
        reply(event, person, Answer.YES, at=NOW)
    db.session.commit()

    assert "1 person on the waiting list gets seats by this, and cannot be mailed." in change(
        organizer, event, capacity="2"
    )
    assert "2 people on the waiting list get seats by this; 1 of them can be mailed." in change(
        organizer, event, capacity="3"
    )


@pytest.mark.parametrize("typed", [{"title": "Streams"}, {"capacity": "1"}])
def test_where_nobody_moves_up_the_page_promises_nothing(organizer, typed):
    event = an_event("Rivers", starts=NEXT_MONTH, capacity=1)
    for person in (a_person(), a_person()):
        reply(event, person, Answer.YES, at=NOW)
    db.session.commit()

    assert ANYWAY not in change(organizer, event, **typed)


def test_on_the_last_day_they_are_offered_seats(organizer):
    event = an_event("Rivers", starts=to_wall(NOW, BY_DAY) + timedelta(hours=20), zone=BY_DAY)
    event.capacity = 1
    for person in (a_person(), a_person(), a_person()):
        reply(event, person, Answer.YES, at=NOW)
    db.session.commit()

    page = change(organizer, event, capacity="3")

    assert "2 people on the waiting list are offered seats by this, to be confirmed" in page


def offering() -> tuple[Event, Rsvp]:
    """In twenty hours; one has a seat, and another is offered one for ten more."""
    event = an_event("Rivers", starts=to_wall(NOW, BY_DAY) + timedelta(hours=20), zone=BY_DAY, capacity=2)
    for person in (a_person(), a_person()):
        reply(event, person, Answer.YES, at=NOW)
    offered = db.session.scalars(select(Rsvp).order_by(Rsvp.id.desc())).first()
    assert offered is not None
    offered.status, offered.offered_until = RsvpStatus.OFFERED, now() + timedelta(hours=10)
    db.session.commit()
    return event, offered


def by(event: Event, later: timedelta) -> dict[str, str]:
    return {name: f"{when + later:%Y-%m-%dT%H:%M}" for name, when in _span(event)}


def _span(event: Event) -> list[tuple[str, datetime]]:
    return [("starts_at", event.starts), ("ends_at", event.ends)]


SIX_DAYS = timedelta(days=6)
FOR_GOOD = "1 person to whom seats are offered keeps them by this, with nothing to confirm, and is written to."
ANEW = "1 person to whom seats are offered has another time by which to confirm them, and is written to."


def test_whose_offered_seat_is_theirs_by_a_later_start_is_told_of_before(organizer):
    event, offered = offering()

    page = agreed(organizer, event, **by(event, SIX_DAYS))

    assert f"{ANYWAY} {FOR_GOOD}" in page
    assert "You have a seat" in letters_to(offered.person)[-1]


def test_so_are_they_where_it_is_put_off_to_a_date_that_is_known(organizer):
    event, offered = offering()

    page = organizer.post(f"/organize/events/{event.id}/postpone", data=by(event, SIX_DAYS))
    assert f"{ANYWAY} {FOR_GOOD}" in said(page.text)
    organizer.agree(page, tell="no")

    assert "You have a seat" in letters_to(offered.person)[-1]


def test_so_are_they_where_the_offer_would_outlast_the_new_start(organizer):
    event, offered = offering()

    page = agreed(organizer, event, **by(event, -timedelta(hours=12)))

    assert f"{ANYWAY} {ANEW}" in page
    assert "Please confirm" in letters_to(offered.person)[-1]


def test_so_are_they_where_what_was_put_off_has_its_date_again(organizer):
    event, _ = offering()
    event.postpone(now())
    db.session.commit()

    page = organizer.post(f"/organize/events/{event.id}/postpone", data=by(event, timedelta()))

    assert f"{ANYWAY} {ANEW}" in said(page.text)


def test_who_can_go_on_confirming_as_before_is_not_promised_a_letter(organizer):
    event, _ = offering()

    assert ANYWAY not in change(organizer, event, **by(event, timedelta(hours=1)))


@pytest.mark.parametrize(("hour", "told"), [(21, 1), (23, 0)])
@pytest.mark.usefixtures("app")
def test_a_letter_that_would_be_read_only_after_the_start_is_neither_promised_nor_written(hour, told):
    event, ann = an_event("Rivers", starts=NEXT_MONTH.replace(hour=6), zone="UTC"), a_person()
    offered = reply(event, ann, Answer.YES, at=NOW)
    offered.status, offered.offered_until = RsvpStatus.OFFERED, event.starts_at + timedelta(hours=1)
    db.session.commit()
    evening = event.starts_at - timedelta(hours=24 + 6 - hour)

    assert len(kept_offers([event], set(), {}, evening).anew) == told
    keep_offered(event, evening, anew=False)

    assert letters_to(ann).count("Please confirm your seat: Rivers") == told


@pytest.mark.parametrize(("later", "told"), [(SIX_DAYS, FOR_GOOD), (-timedelta(hours=12), ANEW)])
def test_so_are_those_to_whom_a_seat_in_a_session_is_offered(organizer, later, told):
    event, offered = offering()
    offered.status, until, event.has_agenda = RsvpStatus.CONFIRMED, offered.offered_until, True
    offered.offered_until = None
    for number in range(2):
        session = Session(event=event, title=f"Workshop {number}", capacity=1, position=number, revised_at=NOW)
        session.schedule(event.starts, event.ends, event.zone)
        seat = SessionSeat(rsvp=offered, session=session, seats=1, status=RsvpStatus.OFFERED, offered_until=until)
        db.session.add(seat)
    db.session.commit()
    before = len(letters_to(offered.person))

    page = agreed(organizer, event, **by(event, later))

    assert f"{ANYWAY} {told}" in page
    assert len(letters_to(offered.person)) == before + 2


def test_who_proposed_the_new_time_is_told_of_before(organizer):
    event = an_event("Rivers", starts=NEXT_MONTH)
    guest = a_person()
    reply(event, guest, Answer.NO, at=NOW)
    later = NEXT_MONTH + timedelta(days=1)
    wish(event, guest, days=1)
    db.session.commit()

    typed = {"starts_at": f"{later:%Y-%m-%dT%H:%M}", "ends_at": f"{later + timedelta(minutes=90):%Y-%m-%dT%H:%M}"}
    page = agreed(organizer, event, **typed)

    assert f"{ANYWAY} 1 person proposed the new time, and is written to." in page
    assert "At the time that you proposed" in letters_to(guest)[-1]


def test_of_what_is_cancelled_nobody_is_told_any_more(organizer):
    event, ann = an_event("Rivers", starts=NEXT_MONTH, cancelled_at=NOW), a_person()
    db.session.add(Rsvp(event=event, person=ann, answer=Answer.YES, status=RsvpStatus.CONFIRMED, answered_at=NOW))
    refresh(event, NOW)
    db.session.commit()

    page = organizer.post(f"/organize/events/{event.id}", data=form_of(event, title="Streams"))
    assert "so nobody is written to about this" in page.text
    assert "Who is told" not in page.text
    assert organizer.agree(page, tell="yes", message="By mistake.").status_code == 303
    db.session.expire_all()

    assert db.session.get_one(Event, event.id).title == "Streams"
    assert db.session.scalars(select(Notice)).all() == []
    assert letters_to(ann) == []


def test_what_is_put_off_and_corrected_is_not_told_as_put_off_anew(organizer):
    event, ann = an_event("Rivers", starts=NEXT_MONTH), a_person()
    reply(event, ann, Answer.YES, at=NOW)
    event.postpone(NOW)
    refresh(event, NOW)
    db.session.commit()

    page = organizer.post(f"/organize/events/{event.id}", data=form_of(event, room="Blue Room"))
    organizer.agree(page, tell="yes")

    assert db.session.scalars(select(Notice.subject)).all() == ["Changed: {{ event_title }}"]


def test_who_may_answer_concerns_no_calendar_of_all_that_one_may_see(organizer):
    event = an_event("Rivers", starts=NEXT_MONTH)
    follower(App.GOOGLE, everything=True)
    refresh(event, NOW)
    db.session.commit()

    assert "person’s own" not in change(organizer, event, rsvp_policy="closed")
    assert "1 person’s own" in change(organizer, event, visibility="members")


def test_a_draft_is_deleted_after_asking_and_who_gave_their_word_is_told(organizer):
    event = an_event("Rivers", starts=NEXT_MONTH, published_at=None, slug=None)
    backing = a_backing(event, "Ramblers", "host")
    backing.contact_email, backing.agreed = "r@example.org", version(event, backing)
    db.session.commit()
    number = event.id
    assert "Ramblers" in organizer.get(f"/organize/events/{number}/delete").text

    assert organizer.post(f"/organize/events/{number}/delete").status_code == 303
    db.session.expire_all()

    assert db.session.get(Event, number) is None
    assert organizer.get(f"/organize/events/{number}").status_code == 404
    assert [letter.to_address for letter in db.session.scalars(select(Letter))] == ["r@example.org"]


def test_who_was_asked_to_back_a_draft_is_named_before_it_is_deleted_and_told(organizer):
    event = an_event("Rivers", starts=NEXT_MONTH, published_at=None, slug=None)
    asked = {"asked_at": NOW, "contact_email": "r@example.org"}
    for name, state, more in (
        ("Ramblers", "proposed", asked),
        ("Swimmers", "confirmed", asked | {"contact_email": "s@example.org"}),  # an organizer vouched for them
        ("Rowers", "declined", asked),
        ("Anglers", "proposed", {"contact_email": "a@example.org"}),  # a copy, about which nobody was asked
    ):
        backing = a_backing(event, name, "host", state)
        for field, value in more.items():
            setattr(backing, field, value)
    db.session.commit()

    page = said(organizer.get(f"/organize/events/{event.id}/delete").text)
    assert "Besides organizers only those named here have seen it." in page
    assert "Ramblers, Swimmers: they were asked to back it and have not answered." in page
    organizer.post(f"/organize/events/{event.id}/delete")

    letters = db.session.scalars(select(Letter).order_by(Letter.id)).all()
    assert [letter.to_address for letter in letters] == ["r@example.org", "s@example.org"]
    assert "you were asked whether the Ramblers would back an event. It will not take place" in letters[0].body
    assert "Thank you" not in letters[0].body


def test_what_was_announced_is_not_deleted(organizer):
    event = an_event("Rivers", starts=NEXT_MONTH)
    db.session.commit()

    assert organizer.post(f"/organize/events/{event.id}/delete").status_code == 404
    assert db.session.get(Event, event.id) is not None


@pytest.mark.parametrize("turn", ["cancel", "postpone"])
@pytest.mark.parametrize("state", ["draft", "begun", "cancelled"])
def test_what_cannot_be_called_off_or_put_off_says_so_before_anything_is_typed(organizer, turn, state):
    wall = now().replace(tzinfo=None, microsecond=0)
    starts = wall - timedelta(hours=1) if state == "begun" else wall + timedelta(days=40)
    event = an_event("Rivers", starts=starts, zone="UTC", cancelled_at=NOW if state == "cancelled" else None)
    event.ends = starts + timedelta(hours=2)
    event.schedule(event.starts, event.ends, "UTC", all_day=False)
    if state == "draft":
        event.published_at = event.slug = None
    db.session.commit()

    answer = organizer.get(f"/organize/events/{event.id}/{turn}")

    assert (answer.status_code, answer.location) == (303, f"/organize/events/{event.id}")
    page = organizer.get(answer.location).text
    assert 'value="postpone"' not in page
    assert re.search("cannot be (cancelled|postponed)|This event is cancelled", page)
    assert organizer.post(f"/organize/events/{event.id}/{turn}", data={"tell": "no"}).status_code != 303


def test_a_draft_that_is_to_go_out_cannot_be_moved_before_that(organizer):
    event = an_event("Rivers", starts=NEXT_MONTH, published_at=None, slug=None)
    event.publish_at = event.starts_at - timedelta(days=1)
    db.session.commit()
    earlier = NEXT_MONTH - timedelta(days=2)

    typed = {"starts_at": f"{earlier:%Y-%m-%dT%H:%M}", "ends_at": f"{earlier + timedelta(hours=1):%Y-%m-%dT%H:%M}"}
    page = organizer.post(f"/organize/events/{event.id}", data=form_of(event, **typed))

    assert page.status_code == 422
    assert "when it would be over" in page.text


def test_who_waits_for_several_evenings_of_a_series_counts_as_one_person(organizer):
    first = an_event("Rivers", starts=NEXT_MONTH, capacity=1)
    begin(first, Rule(Every.WEEK, count=3), by=a_person("", "organizer"), now=NOW)
    first_come, ann = a_person(), a_person()
    for event in db.session.scalars(select(Event)):
        for person in (first_come, ann):
            reply(event, person, Answer.YES, at=NOW)
    db.session.commit()

    page = organizer.post(f"/organize/events/{first.id}", data={**form_of(first, capacity="2"), "scope": "all"})

    assert f"{ANYWAY} 1 person on the waiting list gets seats by this, and is written to." in said(page.text)
