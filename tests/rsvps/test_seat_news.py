"""News of a seat that is somebody's by now waits for the hold: seen and stopped, or taken back, before it leaves."""

from datetime import UTC, datetime, time, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from society.agenda.planning import Plan
from society.db import db
from society.events.models import Event
from society.mail.models import Letter
from society.notices.actions import alter
from society.people.models import Person
from society.rsvps.actions import reply, withdraw
from society.rsvps.agenda import choose, enter, leave
from society.rsvps.models import Answer
from society.rsvps.queries import rsvp_of, seated
from society.rsvps.seat_news import stop, to_come
from society.settings import Society, renew
from tests.builders import NEXT_MONTH, NOW, a_person, an_event, letters_to

pytestmark = pytest.mark.usefixtures("app")

NOON = datetime.combine(NOW.date(), time(12), tzinfo=UTC)
HOLD = timedelta(minutes=5)
WAITS, WITHDRAWN = "You are on the waiting list: Evening", "You are no longer expected: Evening"
SEAT, COMING = "You have a seat: Evening", "You are coming: Evening"


def an_evening(*sizes: int, capacity: int = 1) -> tuple[Event, list[Person]]:
    """By the clocks of UTC, and parties of so many who asked for seats, one after another."""
    event = an_event("Evening", zone="UTC", starts=NEXT_MONTH + timedelta(days=7), capacity=capacity, max_party_size=4)
    people = [a_person() for _ in sizes]
    for minute, (person, size) in enumerate(zip(people, sizes, strict=True)):
        reply(event, person, Answer.YES, party_size=size, at=NOON - timedelta(days=1, minutes=-minute))
    return event, people


def held(minutes: int) -> None:
    db.session.merge(Society(id=1, name="A", hold_minutes=minutes))
    renew()


def test_news_that_may_have_arrived_is_not_forgotten():
    event, (ann, ben) = an_evening(1, 1)
    withdraw(rsvp_of(event, ann), NOON)
    (news,) = to_come(NOON, 9, event)
    news.letter.open_ends = 1

    withdraw(rsvp_of(event, ben), NOON)

    assert letters_to(ben)[:2] == [WAITS, SEAT]


@pytest.mark.parametrize(
    ("minutes", "given", "leaves"),
    [(5, time(12), time(12, 5)), (0, time(12), None), (5, time(6, 57), time(7, 2)), (5, time(21, 57), time(7))],
)
def test_news_leaves_after_the_hold_by_day_and_is_listed_until_then(minutes, given, leaves):
    held(minutes)
    event, (ann, ben) = an_evening(1, 1)
    now = datetime.combine(NOON.date(), given, tzinfo=UTC)
    withdraw(rsvp_of(event, ann), now)
    assert seated(event) == [ben]
    assert letters_to(ben) == [WAITS, SEAT]
    assert [one.letter.due_at.time() for one in to_come(now, 9, event)] == ([leaves] if leaves else [])


def test_news_is_stopped_without_the_seat_and_of_a_seat_given_back_within_the_hold_nothing_is_told():
    event, (ann, ben, cem) = an_evening(1, 1, 1)
    withdraw(rsvp_of(event, ann), NOON)
    (news,) = to_come(NOON, 9, event)
    stop(news, by=a_person("Olga", "organizer"), now=NOON)
    assert seated(event) == [ben]
    later = NOON + 2 * HOLD
    assert [one.letter.halted for one in to_come(later, 9, event)] == [True]

    withdraw(rsvp_of(event, ben), later)
    withdraw(rsvp_of(event, cem), later + HOLD / 2)
    assert (seated(event), to_come(later, 9, event)) == ([], [])
    assert letters_to(ben) == letters_to(cem) == [WAITS, WITHDRAWN]


def test_a_seat_that_somebody_gets_by_what_they_do_themselves_is_told_at_once():
    event, (_, ben) = an_evening(1, 2, capacity=2)
    reply(event, ben, Answer.YES, party_size=1, at=NOON)
    assert letters_to(ben) == [WAITS, SEAT]
    assert not to_come(NOON, 9, event)


def test_whoever_has_seen_their_seat_and_changes_their_party_is_told_of_that_alone():
    event, (ann, ben) = an_evening(2, 2, capacity=2)
    withdraw(rsvp_of(event, ann), NOON)
    reply(event, ben, Answer.YES, party_size=1, at=NOON + HOLD / 2)
    assert letters_to(ben) == [WAITS, COMING]


def test_news_of_a_seat_in_a_session_waits_unless_somebody_gets_it_by_what_they_do():
    event, people = an_evening(1, 2, 2, capacity=9)
    plan = Plan("Workshop", event.starts, event.ends, capacity=2)
    (session,) = enter(event, [plan], by=a_person("", "organizer"), now=NOON)
    ann, ben, cem = (rsvp_of(event, person) for person in people)
    for rsvp in (ann, ben, cem):
        choose(rsvp, session, NOON)
    cem.party_size = 1
    choose(cem, session, NOON)
    assert (letters_to(people[2])[-1], to_come(NOON, 9, event)) == ("You have a seat: Workshop", [])

    leave(cem, session, NOON)
    leave(ann, session, NOON)
    assert [(one.rsvp, one.letter.due_at) for one in to_come(NOON, 9, event)] == [(ben, NOON + HOLD)]
    leave(ben, session, NOON + HOLD / 2)
    assert "You have a seat: Workshop" not in letters_to(people[1])


@pytest.mark.parametrize("minutes", [5, 0])
def test_many_are_told_what_is_so_after_the_change_that_seats_them_in_no_more_statements_than_few(counted, minutes):
    held(minutes)
    needed, olga = set(), a_person("Olga", "organizer")
    for waits in (3, 12):
        event, (_, *others) = an_evening(*[1] * (waits + 1))
        needed_now = []
        for title, now in (("Night", NOON), ("Dawn", NOON + HOLD / 2)):
            db.session.commit()
            with counted() as count:
                alter(event, partial(become, event, title, waits + 1), by=olga, now=now, tell=False)
            needed_now.append(len(count))
            told = [news_of(person) for person in others]
            says = title if minutes else "Night"
            assert {letter.subject for letter in told} == {f"You have a seat: {says}"}
            assert all(f"SUMMARY:{says}".encode() in letter.calendar for letter in told)
        needed.add(tuple(needed_now))
    assert len(needed) == 1


def become(event: Event, title: str, capacity: int) -> None:
    event.title, event.capacity = title, capacity


def news_of(person: Person) -> Letter:
    news = select(Letter).where(Letter.person_id == person.id, Letter.reason.contains(":promoted:"))
    return db.session.scalars(news).one()
