"""A hybrid event: who joins online takes no seat, never waits, and can change to the other way."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from society.agenda.planning import Plan
from society.db import db
from society.door.actions import at_the_door, scan
from society.door.codes import code_of
from society.door.models import DoorAction
from society.door.queries import expected, head_count
from society.door.walk_ins import walk_in
from society.errors import Refused
from society.events.models import Event, RsvpPolicy
from society.mail.models import Letter, LetterState
from society.notices.actions import alter
from society.notices.merge import Reader, reader_values
from society.notices.minimum import judge
from society.notices.models import Audience, Notice, NoticeKind
from society.people.models import Person
from society.records.answers import merge
from society.rsvps.actions import ask_guest, confirm, reply, withdraw
from society.rsvps.agenda import choose, enter
from society.rsvps.counts import seats_taken, turnout, turnouts
from society.rsvps.feed import own_answers
from society.rsvps.forms import Decision
from society.rsvps.joining import closed_to_the_left
from society.rsvps.lists import Wanted, conditions
from society.rsvps.models import UNDONE, Answer, Rsvp, RsvpStatus
from society.rsvps.passing import pass_seats_on, promote
from society.rsvps.queries import history, rsvp_of, seated
from society.rsvps.render import link, state
from society.rsvps.seats import log
from society.rsvps.session_seats import held_by
from society.rsvps.waiting import waiting
from tests.builders import NEXT_MONTH, NOW, TODAY, a_person, an_event, letters_to
from tests.events.test_organizing import form_of
from tests.rsvps.deciding import decided

LINK = "https://meet.example.org/hall"
LATER = NOW + timedelta(minutes=5)


def a_hybrid_event(capacity: int | None = 1, **values: Any) -> Event:
    return an_event(capacity=capacity, **{"room": "Great Hall", "online_url": LINK, **values})


def joins(event: Event, *people: Person, at: datetime = NOW, **more: Any) -> list[Rsvp]:
    return [reply(event, person, Answer.YES, online=True, at=at, **more) for person in people or [a_person()]]


def takes(event: Event, *people: Person, at: datetime = NOW, **more: Any) -> list[Rsvp]:
    return [reply(event, person, Answer.YES, at=at, **more) for person in people or [a_person()]]


def log_of(rsvp: Rsvp) -> list[tuple[str, bool]]:
    return [(step.reason, step.online) for step in db.session.scalars(history(rsvp))]


def by_now(rsvp: Rsvp) -> Rsvp:
    db.session.refresh(rsvp)
    return rsvp


# Seats


def test_who_joins_online_takes_no_seat_and_does_not_wait_behind_a_full_hall(app):
    event = a_hybrid_event(1)
    ann, ben, cem = a_person(), a_person(), a_person()
    takes(event, ann, ben)

    (rsvp,) = joins(event, cem)

    assert (rsvp.status, rsvp.online) == (RsvpStatus.CONFIRMED, True)
    assert (seated(event), waiting(event), seats_taken(event)) == ([ann], [ben], 1)
    count = turnout(event)
    assert (count.going, count.there, count.online, count.seats, count.free) == (2, 1, 1, 1, 0)
    assert turnouts([event]) == {event.id: count}
    assert count.in_short == "1 going, 1 online, 1 waiting"


def test_a_party_online_is_not_bounded_by_the_hall(app):
    event = a_hybrid_event(2, max_party_size=4)
    (rsvp,) = joins(event, party_size=4)
    assert turnout(event).online_people == 4
    with pytest.raises(Refused, match="There are seats for 2 people in all"):
        reply(event, rsvp.person, Answer.YES, online=False, at=LATER)
    with pytest.raises(Refused, match="A party can be at most 4"):
        joins(event, party_size=5)


@pytest.mark.parametrize("by_link", [False, True])
def test_a_party_too_large_for_the_hall_keeps_what_was_typed_and_may_join_online(client, by_link):
    event = a_hybrid_event(1, max_party_size=3)
    ann = a_person()
    there = link(reply(event, ann, Answer.MAYBE, at=NOW)) if by_link else f"/events/{event.slug}/rsvp"
    client.sign_in(ann)
    db.session.commit()
    typed = {"action": "change", "party_size": "2", "note": "With my aunt"}

    refused = client.post(there, data=typed | {"joins": "here"})

    assert (refused.status_code, "There are seats for 1 person in all." in refused.text) == (422, True)
    assert 'value="2"' in refused.text
    assert client.post(there, data=typed | {"joins": "online"}).status_code == 303
    assert turnout(event).online_people == 2


def test_a_deadline_holds_for_those_online_too(app):
    event = a_hybrid_event(rsvp_deadline=NEXT_MONTH - timedelta(days=40))
    with pytest.raises(Refused, match="Answers closed"):
        joins(event)


def test_whoever_waits_can_join_online_and_all_behind_move_up(app):
    event = a_hybrid_event(1, max_party_size=2)
    ann, ben, cem = a_person(), a_person(), a_person()
    takes(event, ann, ben, cem)

    (rsvp,) = joins(event, ben, at=LATER)

    assert (rsvp.status, rsvp.queued_at, waiting(event)) == (RsvpStatus.CONFIRMED, None, [cem])
    assert log_of(rsvp)[-1] == ("Joins online instead.", True)
    assert letters_to(ben)[-1] == f"You join online: {event.title}"


def test_a_seat_that_somebody_leaves_to_join_online_goes_to_whoever_waits(app):
    event = a_hybrid_event(1)
    ann, ben = a_person(), a_person()
    takes(event, ann, ben)

    joins(event, ann, at=LATER)

    assert (seated(event), waiting(event)) == ([ben], [])
    assert letters_to(ben)[-1] == f"You have a seat: {event.title}"


def test_a_seat_that_is_offered_goes_on_when_its_person_joins_online(app):
    event = a_hybrid_event(1)
    day_of = event.starts_at - timedelta(hours=4)
    ann, ben, cem = a_person(), a_person(), a_person()
    takes(event, ann, ben, cem)
    withdraw(rsvp_of(event, ann), day_of)
    assert rsvp_of(event, ben).status is RsvpStatus.OFFERED

    joins(event, ben, at=day_of + timedelta(minutes=1))

    assert (rsvp_of(event, ben).offered_until, rsvp_of(event, cem).status) == (None, RsvpStatus.OFFERED)


def test_who_joins_online_gets_a_seat_as_a_newcomer(app):
    event = a_hybrid_event(1)
    ann, ben, cem = a_person(), a_person(), a_person()
    joins(event, ann)
    reply(event, ann, Answer.YES, online=False, at=LATER)
    assert seated(event) == [ann]
    takes(event, ben)
    joins(event, cem)

    rsvp = reply(event, cem, Answer.YES, online=False, at=LATER)

    assert (rsvp.status, rsvp.online, waiting(event)) == (RsvpStatus.WAITLISTED, False, [ben, cem])
    assert log_of(rsvp) == [("Joins online.", True), ("Asked for 1 seat.", False)]


def test_of_switching_back_and_forth_before_a_letter_has_left_the_last_one_alone_tells(app):
    event, ann = a_hybrid_event(2), a_person()
    told = select(Letter).where(Letter.person_id == ann.id).order_by(Letter.id)
    takes(event, ann)
    db.session.scalars(told).one().state = LetterState.SENT
    for minute, online in enumerate([True, False, True], 1):
        reply(event, ann, Answer.YES, online=online, at=LATER + timedelta(minutes=minute))
    assert letters_to(ann) == [f"You are coming: {event.title}", f"You join online: {event.title}"]
    takes(event, a_person(), a_person())
    reply(event, ann, Answer.YES, online=False, at=LATER + timedelta(minutes=9))
    assert letters_to(ann)[1:] == [f"You are on the waiting list: {event.title}"]

    db.session.scalars(told).all()[-1].state = LetterState.SENDING
    reply(event, ann, Answer.YES, online=True, at=LATER + timedelta(minutes=10))
    assert letters_to(ann)[1:] == [f"You are on the waiting list: {event.title}", f"You join online: {event.title}"]


AGAIN = "No seat became free before answers closed; joins online again."


@pytest.mark.parametrize("given", [False, True])
def test_who_left_that_for_a_seat_and_has_none_when_answers_close_joins_online_again(app, given):
    event = a_hybrid_event(1, rsvp_deadline=NEXT_MONTH - timedelta(days=3))
    takes(event)
    ann, ben = joins(event, a_person(), a_person(language="de"))
    (cem,) = takes(event)
    for rsvp in (ann, ben):
        if given:
            decided(rsvp, Decision.SEAT, a_person("", "organizer"), LATER)
        else:
            reply(event, rsvp.person, Answer.YES, online=False, at=LATER)
    db.session.commit()
    assert waiting(event) == [cem.person, ann.person, ben.person]

    pass_seats_on(event.rsvp_closes_at - timedelta(minutes=1))
    assert len(waiting(event)) == 3
    for minutes in (0, 1):
        pass_seats_on(event.rsvp_closes_at + timedelta(minutes=minutes))

    assert (ann.joins_online, ben.joins_online, waiting(event)) == (True, True, [cem.person])
    assert log_of(ann)[-1] == (AGAIN, True)
    told = [letters_to(rsvp.person)[-1] for rsvp in (ann, ben)]
    assert told == [f"You join online again: {event.title}", f"Sie nehmen wieder online teil: {event.title}"]
    assert db.session.scalars(closed_to_the_left(event.rsvp_closes_at)).all() == []


@pytest.mark.parametrize("then", ["asked anew", "link gone", "hall gone", "let in at the door by mistake"])
def test_nobody_else_who_waits_when_answers_close_joins_online(app, then):
    event = a_hybrid_event(1)
    takes(event)
    (ann,) = takes(event) if then == "let in at the door by mistake" else joins(event)
    reply(event, ann.person, Answer.YES, online=False, at=LATER)
    if then == "let in at the door by mistake":
        for status in (RsvpStatus.CONFIRMED, RsvpStatus.WAITLISTED):
            log(ann, status, LATER, None, UNDONE)
        ann.queued_at = LATER
    elif then == "asked anew":
        withdraw(ann, LATER)
        takes(event, ann.person, at=LATER)
    elif then == "link gone":
        event.online_url = ""
    elif then == "hall gone":
        event.room = ""
    db.session.commit()

    pass_seats_on(event.starts_at)

    assert (ann.online, ann.status) == (False, RsvpStatus.WAITLISTED)


def test_what_is_not_said_stays_as_it_was(app):
    event = a_hybrid_event(5, max_party_size=3)
    (rsvp,) = joins(event)
    for answer, size in ((Answer.YES, 2), (Answer.NO, None), (Answer.YES, None)):
        reply(event, rsvp.person, answer, party_size=size, at=LATER)
    assert (rsvp.status, rsvp.online, rsvp.party_size) == (RsvpStatus.CONFIRMED, True, 2)
    assert takes(event)[0].online is False


# Where organizers decide


def test_the_organizers_decide_about_those_online_too(app):
    event, staff = a_hybrid_event(1, rsvp_policy=RsvpPolicy.APPROVAL), a_person("", "organizer")
    (there,) = takes(event)
    (online,) = joins(event)
    assert online.status is RsvpStatus.PENDING
    for rsvp in (there, online):
        decided(rsvp, Decision.APPROVE, staff, LATER)

    assert (online.status, online.online, seated(event)) == (RsvpStatus.CONFIRMED, True, [there.person])
    assert letters_to(online.person) == [f"We have your answer: {event.title}", f"You can join online: {event.title}"]
    with pytest.raises(Refused, match="ask them for a seat"):
        reply(event, online.person, Answer.YES, online=False, at=LATER)
    assert decided(online, Decision.SEAT, staff, LATER) == 1
    assert (online.status, waiting(event)) == (RsvpStatus.WAITLISTED, [online.person])


def test_what_waits_for_the_organizers_can_become_the_other_wish(app):
    event, staff = a_hybrid_event(5, rsvp_policy=RsvpPolicy.APPROVAL), a_person("", "organizer")
    (rsvp,) = takes(event)
    joins(event, rsvp.person, at=LATER)
    assert log_of(rsvp)[-1] == ("Would rather join online.", True)
    decided(rsvp, Decision.APPROVE, staff, LATER)
    assert (rsvp.joins_online, seats_taken(event)) == (True, 0)


def test_who_waits_for_organizers_that_decide_no_more_joins_online(app):
    event = a_hybrid_event(1, rsvp_policy=RsvpPolicy.APPROVAL)
    (rsvp,) = joins(event)
    event.rsvp_policy = RsvpPolicy.OPEN
    promote(event, LATER)
    assert (rsvp.joins_online, letters_to(rsvp.person)[-1]) == (True, f"You can join online: {event.title}")


# Guests


def test_a_guest_joins_online_once_they_confirm(client):
    event = a_hybrid_event(1)
    takes(event)
    form = {"name": "Gale", "email": "gale@example.org", "joins": "online"}
    assert client.post(f"/events/{event.slug}/rsvp", data=form).status_code == 303
    rsvp = db.session.scalars(select(Rsvp).join(Rsvp.person).where(Person.email == "gale@example.org")).one()
    assert (rsvp.status, rsvp.answer, rsvp.online) == (RsvpStatus.UNCONFIRMED, Answer.YES, True)
    assert "to join online" in client.get(link(rsvp)).text

    client.post(link(rsvp), data={"action": "confirm"})

    assert by_now(rsvp).joins_online
    page = client.get(link(rsvp)).text
    assert ("You join online" in page, "Your ticket" in page) == (True, False)


def test_a_guest_is_given_no_seat_where_the_link_is_gone_before_they_confirm(client):
    event = a_hybrid_event(5)
    ask_guest(event, "Gale", "gale@example.org", Answer.YES, 1, "", NOW, online=True)
    rsvp = db.session.scalars(select(Rsvp)).one()
    event.online_url = ""
    with pytest.raises(Refused, match="cannot be joined online any more"):
        confirm(rsvp, LATER)
    db.session.commit()
    assert "which cannot be done any more" in client.get(link(rsvp)).text


# Pages


def test_a_full_hall_says_that_one_can_join_online(client):
    event, person = a_hybrid_event(1), a_person()
    takes(event)
    client.sign_in(person)
    page = client.get(f"/events/{event.slug}").text
    assert "You can join online all the same" in page
    assert 'name="joins" value="online"' in page

    client.post(f"/events/{event.slug}/rsvp", data={"answer": "yes", "joins": "online"})

    page = client.get(f"/events/{event.slug}").text
    assert ("Joining online" in page, "You join online" in page, "Your ticket" in page) == (True, True, False)
    assert rsvp_of(event, person).joins_online


def test_who_waits_joins_online_by_a_button_on_their_own_page(client):
    event = a_hybrid_event(1)
    _, rsvp = takes(event, a_person(), a_person())
    assert "Join online instead" in client.get(link(rsvp)).text
    client.post(link(rsvp), data={"action": "change", "joins": "online"})
    assert by_now(rsvp).joins_online
    client.post(link(rsvp), data={"action": "change", "joins": "here"})
    assert by_now(rsvp).status is RsvpStatus.WAITLISTED


@pytest.mark.parametrize(("more", "offered"), [({}, True), ({"room": ""}, False), ({"online_url": ""}, False)])
def test_only_a_hybrid_event_offers_both_ways(client, more, offered):
    event = a_hybrid_event(**more)
    assert ('name="joins"' in client.get(f"/events/{event.slug}").text) is offered


@pytest.mark.parametrize(("word", "status"), [("", 422), ("maybe", 422), ("x" * 999, 422), ("here", 303)])
def test_another_way_is_told_so(client, word, status):
    event = a_hybrid_event()
    client.sign_in(a_person())
    assert client.post(f"/events/{event.slug}/rsvp", data={"answer": "yes", "joins": word}).status_code == status


def test_organizers_see_who_is_there_and_who_is_online(client):
    event = a_hybrid_event(5)
    (here,), (online,) = takes(event, a_person("Hanna Here")), joins(event, a_person("Otto Online"))
    client.sign_in(a_person("", "organizer"))
    where = f"/organize/events/{event.id}/rsvps"
    page = client.get(where).text
    assert ("<b>1</b> in the hall" in page, "<b>1</b> online" in page) == (True, True)
    page = client.get(f"{where}?joins=online").text
    assert ("Otto Online" in page, "Hanna Here" in page) == (True, False)
    names = [line.split(",")[0] for line in client.get(f"{where}.csv?joins=here").text.splitlines()]
    assert names[1:] == ["Hanna Here"]
    lines = client.get(f"{where}.csv").text.splitlines()
    assert lines[0].endswith(",came,joins")
    assert sorted(line.rpartition(",")[2] for line in lines[1:]) == ["here", "online"]
    data = {"action": "seat", "rsvp": str(online.id), "sure": "1"}
    assert client.post(where, data=data).status_code == 303
    assert [by_now(rsvp).has_seat for rsvp in (here, online)] == [True, True]
    assert not db.session.scalars(select(Rsvp).where(*conditions(Wanted(joins="online"), TODAY))).all()


# Letters, reminders and calendars


SUBJECTS = {
    "en": "You join online",
    "de": "Sie nehmen online teil",
    "fr": "Vous participez en ligne",
    "es": "Participa en línea",
}


@pytest.mark.parametrize(("language", "subject"), SUBJECTS.items())
def test_a_letter_to_who_joins_online_promises_no_seat_and_no_ticket(app, language, subject):
    event = a_hybrid_event(5, max_party_size=2)
    (rsvp,) = joins(event, a_person(language=language), party_size=2)
    letter = db.session.scalars(select(Letter).where(Letter.person_id == rsvp.person_id)).one()
    assert letter.subject.startswith(subject)
    assert "/ticket" not in letter.body
    assert LINK not in letter.body


def test_a_reminder_tells_who_joins_online_the_link_instead_of_the_hall(app):
    event = a_hybrid_event(5)
    (here,), (online,) = takes(event), joins(event)
    notice = Notice(kind=NoticeKind.REMINDER, audience=Audience.GOING, event=event, created_at=NOW)
    places = [reader_values(notice, Reader(rsvp.person, rsvp)).get("event_place") for rsvp in (here, online)]
    assert places == [None, "Online"]


def test_an_own_feed_says_how_one_joins_and_is_another_by_each_change(app):
    event = a_hybrid_event(5)
    (rsvp,) = joins(event)
    said = own_answers(rsvp.person)[event.id]
    assert (said.words, said.since, said.going) == ("You join online.", NOW, True)
    takes(event, rsvp.person, at=LATER, online=False)
    said = own_answers(rsvp.person)[event.id]
    assert (said.words, said.since) == ("You are going.", LATER)


# The door


def test_who_joins_online_is_not_on_the_list_at_the_door(app):
    event, staff = a_hybrid_event(5), a_person("", "organizer")
    (here,), (online,) = takes(event), joins(event)
    assert db.session.scalars(expected(event)).all() == [here]
    assert head_count(event, NOW).seats == 1
    refused = scan(event, code_of(online.id, online.link_key), by=staff, now=event.starts_at)
    assert refused.refused.endswith("has no seat. Their answer: joining online.")


def test_who_comes_after_all_is_let_in_where_there_is_room_and_undone_joins_online_again(app):
    event, staff = a_hybrid_event(1, max_party_size=2), a_person("", "organizer")
    (ann,), (ben,) = joins(event, a_person("Ann")), joins(event, a_person("Ben"))
    door = event.starts_at
    walk_in(event, "Ann", ann.person.email, 1, by=staff, now=door)
    assert (ann.has_seat, ann.came, seats_taken(event)) == (True, 1, 1)
    assert log_of(ann)[-1] == ("Came to the door instead of joining online.", False)
    with pytest.raises(Refused, match="no free seat left"):
        walk_in(event, "Ben", ben.person.email, 1, by=staff, now=door)

    at_the_door(event, DoorAction.UNDO, [ann.id], by=staff, now=door)

    assert (ann.joins_online, ann.came, seats_taken(event)) == (True, 0, 0)


def test_undoing_says_that_they_join_online_again(client):
    event, staff = a_hybrid_event(1), a_person("", "organizer")
    (ann,) = joins(event, a_person("Ann"))
    walk_in(event, "Ann", ann.person.email, 1, by=staff, now=event.starts_at)
    db.session.commit()
    door = f"/organize/events/{event.id}/checkin"
    page = client.sign_in(staff).post(door, data={"rsvp": ann.id, "action": "undo"}, follow_redirects=True).text
    assert "Ann had no seat before being let in, and joins online again." in page


def test_all_that_were_there_are_noted_though_more_join_online_than_are_noted_at_once(client, monkeypatch):
    monkeypatch.setattr("society.rsvps.routes.lists.MOST_PICKED", 2)
    event = a_hybrid_event(5)
    joins(event, a_person(), a_person(), a_person())
    here = takes(event, a_person(), a_person(), a_person(), at=LATER)
    event.starts_at, event.ends_at = NOW - timedelta(hours=2), NOW - timedelta(hours=1)
    db.session.commit()
    client.sign_in(a_person("", "organizer"))
    for left in (True, False):
        sent = {"action": "there", "every": "1"}
        page = client.post(f"/organize/events/{event.id}/rsvps", data=sent, follow_redirects=True).text
        assert ("1 answer more can be decided next" in page) is left
    assert [by_now(rsvp).came for rsvp in here] == [1, 1, 1]


# Sessions


def test_seats_in_sessions_are_for_those_who_are_there(app):
    event, staff = a_hybrid_event(5), a_person("", "organizer")
    session = enter(event, [Plan("Workshop", event.starts, event.ends, capacity=1)], by=staff, now=NOW)[0]
    ann, ben = takes(event, a_person(), a_person())
    for rsvp in (ann, ben):
        choose(rsvp, session, NOW)

    joins(event, ann.person, at=LATER)

    assert held_by(ann) == []
    assert [seat.status for seat in held_by(ben)] == [RsvpStatus.CONFIRMED]
    with pytest.raises(Refused, match="for those who are there"):
        choose(ann, session, LATER)


# When it is hybrid no more


def test_of_those_online_none_is_lost_when_the_link_is_taken_away(client):
    event = a_hybrid_event(1)
    (rsvp,) = joins(event)
    takes(event)
    alter(event, lambda: setattr(event, "online_url", ""), by=a_person("", "organizer"), now=LATER, tell=True)
    db.session.commit()
    assert rsvp.is_left_out
    assert [state(rsvp, one) for one in ("en", "de")] == ["Online, no longer possible", "Online, nicht mehr möglich"]
    page = client.get(link(rsvp)).text
    assert "This event cannot be joined online any more" in page
    with pytest.raises(Refused, match="cannot be joined online"):
        joins(event, a_person(), at=LATER)

    client.post(link(rsvp), data={"action": "change", "joins": "here", "party_size": "1"})

    assert (by_now(rsvp).status, waiting(event)) == (RsvpStatus.WAITLISTED, [rsvp.person])


def test_while_it_waits_for_a_date_nobody_is_told_that_they_join_what_has_no_link(client):
    event = a_hybrid_event(1)
    (rsvp,) = joins(event)
    event.online_url, event.postponed_at = "", NOW
    enter(event, [Plan("Workshop", event.starts, event.ends, capacity=1)], by=a_person("", "organizer"), now=NOW)
    db.session.commit()
    pages = client.get(link(rsvp)).text, client.get(f"{link(rsvp)}/sessions").text
    assert ["join online" in page or "join the event online" in page for page in pages] == [False, False]
    assert "you can ask for a seat" in pages[0]


@pytest.mark.parametrize(
    ("language", "told"), [("", "cannot be done"), ("de", "nicht mehr"), ("fr", "plus"), ("es", "ya no")]
)
def test_who_answers_again_is_not_told_that_they_join_what_cannot_be_joined(app, language, told):
    event, ann = a_hybrid_event(5), a_person(language=language)
    joins(event, ann)
    event.online_url = ""
    ask_guest(event, ann.name, ann.email, Answer.YES, 1, "", LATER)
    letter = db.session.scalars(select(Letter).where(Letter.reason.contains(":known:"))).one()
    assert told in letter.body.partition(",")[2]
    assert not re.search("you join online|nehmen online teil|participez en ligne|participa en línea", letter.body)


def test_nobody_is_lost_when_the_hall_is_taken_away(app):
    event = a_hybrid_event(1)
    (here, waits), (online,) = takes(event, a_person(), a_person()), joins(event)
    by = a_person("", "organizer")
    alter(event, lambda: setattr(event, "room", ""), by=by, now=LATER, tell=False)
    assert (here.status, waits.status, online.status) == ("confirmed", "waitlisted", "confirmed")
    assert reply(event, online.person, Answer.YES, at=LATER).online
    alter(event, lambda: setattr(event, "capacity", None), by=by, now=LATER, tell=False)
    assert waits.status is RsvpStatus.CONFIRMED


@pytest.mark.parametrize(("field", "said"), [("online_url", "1 person joins online."), ("room", "1 person has a seat")])
def test_before_a_way_is_taken_away_it_is_said_whom_that_concerns(client, field, said):
    event = a_hybrid_event(5)
    takes(event)
    joins(event)
    client.sign_in(a_person("", "organizer"))
    page = client.post(f"/organize/events/{event.id}", data=form_of(event, **{field: ""}))
    assert said in page.text
    assert "Their answers stay as they are" in page.text


# Counting, merging


def test_the_fewest_people_are_counted_either_way(app):
    event = a_hybrid_event(5, minimum=2, minimum_by=NEXT_MONTH - timedelta(days=2), minimum_cancels=True)
    takes(event)
    joins(event)
    judge(event, event.minimum_by_at)
    assert event.cancelled_at is None


def test_of_two_answers_that_become_one_the_seat_stays_and_takes_no_more(app):
    event = a_hybrid_event(1, max_party_size=4)
    one, two, waits = a_person(), a_person(), a_person()
    takes(event, one, waits)
    joins(event, two, party_size=4)

    merge(two, one, LATER)

    kept = rsvp_of(event, two)
    assert (kept.has_seat, kept.party_size, seats_taken(event)) == (True, 1, 1)
    assert waiting(event) == [waits]
