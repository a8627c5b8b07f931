"""Seats in single sessions: by the same rules as an event's own, whatever happens to the answers."""

import re
from datetime import UTC, datetime, time, timedelta
from itertools import takewhile
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select, update

from society.agenda.models import Session
from society.agenda.planning import Plan
from society.agenda.queries import gives_seats_still
from society.db import db
from society.errors import Refused
from society.events.models import Event
from society.mail.models import Letter
from society.notices.actions import cancel
from society.records.answers import merge, withdraw_coming
from society.records.merging import merge as merge_people
from society.rsvps.actions import reply, withdraw
from society.rsvps.agenda import change, choose, enter, leave, remove
from society.rsvps.last_day import hushed
from society.rsvps.models import HELD, Answer, Rsvp, RsvpStatus
from society.rsvps.passing import pass_on
from society.rsvps.queries import history, rsvp_of
from society.rsvps.render import link
from society.rsvps.seat_news import to_come
from society.rsvps.session_models import SessionSeat
from society.rsvps.session_seats import gives_seats, held_by, places, queue, seats_taken
from society.times import to_wall
from tests.builders import NEXT_MONTH, NOW, a_person, an_event, letters_to

LATER = NOW + timedelta(minutes=5)


def a_workshop(event: Event, capacity: int | None = 1, title: str = "A workshop") -> Session:
    plan = Plan(title, event.starts, event.ends, capacity=capacity)
    return enter(event, [plan], by=a_person("", "organizer"), now=NOW)[0]


def coming(event: Event, *people: Any, size: int = 1) -> list[Rsvp]:
    return [reply(event, person, Answer.YES, party_size=size, at=NOW) for person in people or [a_person()]]


def seats_of(rsvp: Rsvp) -> list[tuple[str, int]]:
    return [(seat.status.value, seat.seats) for seat in held_by(rsvp)]


def test_organizers_get_a_table_of_who_chose_which_session(client: Any) -> None:
    event = an_event(capacity=10)
    sessions = [a_workshop(event, title=title) for title in ("=Boats", "Knots")]
    ann, ben = coming(event, a_person("Ann", email="ann@example.org"), a_person("Ben", email="ben@example.org"))
    for rsvp, session in ((ann, sessions[0]), (ben, sessions[0]), (ben, sessions[1])):
        choose(rsvp, session, NOW)
    a_workshop(an_event(), title="Another event's")
    client.sign_in(a_person("", "organizer"))
    here = f"/organize/events/{event.id}/agenda"
    assert f"{here}/seats.csv" in client.get(here).text
    starts = f"{event.starts:%Y-%m-%d %H:%M}"
    assert client.get(f"{here}/seats.csv").data.decode("utf-8-sig").splitlines() == [
        "session,starts,room,name,email,status,seats,place",
        f"'=Boats,{starts},,Ann,ann@example.org,confirmed,1,",
        f"'=Boats,{starts},,Ben,ben@example.org,waitlisted,1,1",
        f"Knots,{starts},,Ben,ben@example.org,confirmed,1,",
    ]


def test_a_seat_that_is_given_back_goes_to_whoever_waits_and_they_are_told(app: Any) -> None:
    event = an_event(capacity=10)
    session = a_workshop(event)
    ann, ben = coming(event, a_person("Ann"), a_person("Ben"))
    choose(ann, session, NOW)
    choose(ben, session, NOW)
    assert (seats_of(ann), seats_of(ben)) == ([("confirmed", 1)], [("waitlisted", 1)])

    leave(ann, session, LATER)

    assert (seats_of(ann), seats_of(ben)) == ([], [("confirmed", 1)])
    assert "You have a seat: A workshop" in letters_to(ben.person)
    assert [step.reason for step in db.session.scalars(history(ben))][-1] == "1 seat in “A workshop” became free."


@pytest.mark.parametrize("how", ["withdraw", "no", "erase"])
def test_whoever_does_not_come_frees_their_sessions(app: Any, how: str) -> None:
    event = an_event(capacity=10)
    session = a_workshop(event)
    ann, ben = coming(event, a_person(), a_person())
    for rsvp in (ann, ben):
        choose(rsvp, session, NOW)

    acts = {
        "withdraw": lambda: withdraw(ann, LATER),
        "no": lambda: reply(event, ann.person, Answer.NO, at=LATER),
        "erase": lambda: withdraw_coming(ann.person, LATER),
    }
    acts[how]()

    assert seats_of(ann) == []
    assert seats_of(ben) == [("confirmed", 1)]


def test_a_party_takes_as_many_seats_as_it_has_people_and_gives_back_when_it_shrinks(app: Any) -> None:
    event = an_event(capacity=10, max_party_size=3)
    session = a_workshop(event, 3)
    (three,) = coming(event, size=3)
    (one,) = coming(event)
    for rsvp in (three, one):
        choose(rsvp, session, NOW)
    assert (seats_of(three), seats_of(one)) == ([("confirmed", 3)], [("waitlisted", 1)])

    reply(event, three.person, Answer.YES, party_size=2, at=LATER)
    assert (seats_of(three), seats_of(one)) == ([("confirmed", 2)], [("confirmed", 1)])

    reply(event, three.person, Answer.YES, party_size=3, at=LATER)
    assert seats_of(three) == [("confirmed", 2)]
    with pytest.raises(Refused, match="You keep 2 seats"):
        choose(three, session, LATER)


def test_each_way_out_of_a_session_is_in_the_log_and_news_of_the_night_is_taken_back(app: Any) -> None:
    event = an_event(capacity=10, max_party_size=2, zone="UTC")
    session, other = a_workshop(event, 2), a_workshop(event, 2, "Another")
    two, ben, cem = *coming(event, size=2), *coming(event, a_person(), a_person())
    night = datetime.combine(event.starts_at.date() - timedelta(days=5), time(23), UTC)
    for rsvp in (two, ben, cem):
        choose(rsvp, session, NOW)
        choose(rsvp, other, NOW)
    reply(event, two.person, Answer.YES, party_size=1, at=night)  # ben moves up in both

    leave(ben, session, night)
    waiting = select(Letter.reason).where(Letter.person_id == ben.person_id, Letter.due_at > night)
    (kept,) = db.session.scalars(waiting)
    assert f":{other.id}:" in kept
    assert {news.rsvp for news in to_come(night, 9, event)} == {ben, cem}
    withdraw(ben, night)
    assert db.session.scalars(waiting).all() == []
    remove(other, by=a_person("", "organizer"), now=night)

    said = {rsvp: " ".join(step.reason for step in db.session.scalars(history(rsvp))) for rsvp in (two, ben, cem)}
    assert "Needs only 1 seat in “A workshop” now. Needs only 1 seat in “Another” now." in said[two]
    assert said[ben].endswith("Withdrawn. The seat in “Another” went with it.")
    assert said[cem].endswith("“Another” was taken out of the agenda.")
    assert [seat.session_id for seat in held_by(cem)] == [session.id]
    cancel(event, by=a_person("", "organizer"), now=night, tell=False)
    assert to_come(night, 9, event) == []


def test_no_seat_in_a_session_is_given_out_once_answers_to_the_event_are_closed(client: Any) -> None:
    event = an_event(capacity=10, rsvp_deadline=NEXT_MONTH - timedelta(days=2))
    session = a_workshop(event)
    ann, ben, cem = coming(event, a_person(), a_person(), a_person())
    for rsvp in (ann, ben):
        choose(rsvp, session, NOW)
    late = event.rsvp_closes_at

    leave(ann, session, late)
    assert seats_of(ben) == [("waitlisted", 1)]
    with pytest.raises(Refused, match="any more"):
        choose(cem, session, late)
    event.rsvp_closes_at = NOW - timedelta(hours=1)
    page = client.get(f"{link(cem)}/sessions").text
    assert "Closed" in page
    assert 'value="take"' not in page


def test_only_who_is_going_can_choose_and_only_where_seats_are_given_and_until_it_begins(app: Any) -> None:
    event = an_event(capacity=1)
    session, free = a_workshop(event), a_workshop(event, None)
    ann, waits = coming(event, a_person(), a_person())
    with pytest.raises(Refused, match="Only those who are going"):
        choose(waits, session, NOW)
    with pytest.raises(Refused, match="Whoever comes"):
        choose(ann, free, NOW)
    with pytest.raises(Refused, match="any more"):
        choose(ann, session, session.starts_at)


def test_seats_are_those_that_there_are_once_the_event_is_held(app: Any) -> None:
    """Whoever looked before may have waited while an organizer took one away."""
    event = an_event(capacity=10)
    session = a_workshop(event, 2)
    ann, ben = coming(event, a_person(), a_person())
    choose(ann, session, NOW)
    assert session.capacity == 2
    fewer = update(Session).values(capacity=1).execution_options(synchronize_session=False)
    db.session.execute(fewer)

    assert choose(ben, session, NOW).status is RsvpStatus.WAITLISTED


def test_nobody_passes_the_queue_of_a_session_by_a_clock_that_is_behind(app: Any) -> None:
    event = an_event(capacity=10)
    session = a_workshop(event)
    seated, *waits, late = coming(event, *(a_person() for _ in range(4)))
    for rsvp, at in ((seated, NOW), (waits[0], NOW), (waits[1], LATER), (late, NOW)):
        choose(rsvp, session, at)

    assert [seat.rsvp for seat in db.session.scalars(queue(session))] == [*waits, late]


def test_who_changes_seats_that_they_were_given_is_not_told_of_those_any_more(app: Any) -> None:
    event = an_event(capacity=10, max_party_size=2, zone="UTC")
    session = a_workshop(event, 2)
    ann, ben = *coming(event, size=2), *coming(event, size=2)
    choose(ann, session, NOW)
    choose(ben, session, NOW, 1)
    night = datetime.combine(event.starts_at.date() - timedelta(days=5), time(23), UTC)
    leave(ann, session, night)
    assert [news.rsvp for news in to_come(night, 9, event)] == [ben]

    choose(ben, session, night, 2)

    assert seats_of(ben) == [("confirmed", 2)]
    assert to_come(night, 9, event) == []


def test_a_party_that_shrinks_before_it_hears_of_seats_hears_of_those_that_it_keeps(app: Any) -> None:
    event = an_event(capacity=10, max_party_size=2, zone="UTC")
    session = a_workshop(event, 2)
    ann, ben = *coming(event, size=2), *coming(event, size=2)
    for rsvp in (ann, ben):
        choose(rsvp, session, NOW)
    night = datetime.combine(event.starts_at.date() - timedelta(days=5), time(23), UTC)
    leave(ann, session, night)
    (news,) = to_come(night, 9, event)
    before = news.letter.body

    reply(event, ben.person, Answer.YES, party_size=1, at=night)

    (news,) = to_come(night, 9, event)
    assert ("2 in all" in before, "2 in all" in news.letter.body) == (True, False)


def test_a_seat_is_given_back_until_its_session_begins_and_of_what_is_put_off_after_that_too(app: Any) -> None:
    event = an_event(capacity=10)
    session, (ann,) = a_workshop(event), coming(event)
    choose(ann, session, NOW)
    with pytest.raises(Refused, match="has begun"):
        leave(ann, session, session.starts_at)
    event.postponed_at = LATER
    leave(ann, session, session.starts_at)
    assert seats_of(ann) == []


def test_on_the_agenda_everyone_finds_their_own_seats_and_link(client: Any) -> None:
    event = an_event(capacity=10)
    session = a_workshop(event)
    ann, ben = coming(event, a_person(), a_person())
    choose(ann, session, NOW)
    choose(ben, session, NOW)
    seen = {}
    for rsvp in (ann, ben):
        client.sign_in(rsvp.person)
        page = client.get(f"/events/{event.slug}/agenda").text
        seen[rsvp] = re.findall(r'href="([^"]+)/sessions"', page), "You have a seat" in page

    assert seen == {ann: ([link(ann)], True), ben: ([link(ben)], False)}


def test_more_seats_go_to_the_queue_in_its_order(app: Any) -> None:
    event = an_event(capacity=10)
    session = a_workshop(event)
    rsvps = coming(event, *(a_person() for _ in range(4)))
    for rsvp in rsvps:
        choose(rsvp, session, NOW)

    change(
        session, Plan("A workshop", session.starts, session.ends, capacity=3), by=a_person("", "organizer"), now=LATER
    )

    assert [seats_of(rsvp)[0][0] for rsvp in rsvps] == ["confirmed"] * 3 + ["waitlisted"]


def test_of_two_answers_of_one_person_the_better_seat_stays_and_the_other_goes_on(app: Any) -> None:
    event = an_event(capacity=10)
    first, second = a_workshop(event, 2, "First"), a_workshop(event, 1, "Second")
    keep, gone, waits = coming(event, a_person("Ann Ash"), a_person("Ann Asch"), a_person())
    for rsvp in (keep, gone, waits):
        choose(rsvp, first, NOW)
    choose(gone, second, NOW)
    third, fourth = a_workshop(event, 1, "Third"), a_workshop(event, 1, "Fourth")
    (other,) = coming(event)
    for rsvp, session in (
        (gone, third),
        (keep, third),
        (other, fourth),
        (gone, fourth),
        (waits, fourth),
        (keep, fourth),
    ):
        choose(rsvp, session, NOW)
    people, secretary = (keep.person, gone.person), a_person("", "secretary")

    merge_people(*people, {}, (people[0].revision, people[1].revision), by=secretary, now=LATER)

    kept = rsvp_of(event, people[0])
    held = {seat.session_id: seat.status for seat in held_by(kept)}
    assert held == dict.fromkeys((first.id, second.id, third.id), "confirmed") | {fourth.id: "waitlisted"}
    assert seats_of(waits) == [("confirmed", 1), ("waitlisted", 1)]
    assert (places(kept), places(waits)) == ({fourth.id: 1}, {fourth.id: 2})


def test_of_two_answers_with_a_seat_in_a_session_the_larger_party_has_its_seats_there_and_no_news(app: Any) -> None:
    event = an_event(capacity=10, max_party_size=3, zone="UTC")
    session = a_workshop(event, 3)
    keep, gone, other = (rsvp for _ in range(3) for rsvp in coming(event, size=3))
    for rsvp, size in ((keep, 1), (other, 2), (gone, 2)):
        choose(rsvp, session, NOW, size)
    night = datetime.combine(event.starts_at.date() - timedelta(days=5), time(23), UTC)
    leave(other, session, night)
    assert [news.rsvp for news in to_come(night, 9, event)] == [gone]
    people, secretary = (keep.person, gone.person), a_person("", "secretary")

    merge_people(*people, {}, (people[0].revision, people[1].revision), by=secretary, now=night)

    kept = rsvp_of(event, people[0])
    assert seats_of(kept) == [("confirmed", 2)]
    assert to_come(night, 9, event) == []


def test_sessions_are_chosen_by_the_mailed_link_and_looking_takes_nothing(client: Any) -> None:
    event = an_event(capacity=10)
    session = a_workshop(event)
    ann, ben = coming(event, a_person(), a_person())
    address = f"{link(ann)}/sessions"
    assert "1 of 1 seats left" in client.get(address).text
    assert seats_of(ann) == []

    assert client.post(address, data={"session": session.id, "action": "take"}).status_code == 303
    client.post(f"{link(ben)}/sessions", data={"session": session.id, "action": "take"})

    assert "You have a seat" in client.get(address).text
    assert "number 1 on the waiting list" in client.get(f"{link(ben)}/sessions").text
    assert client.post(address, data={"session": session.id, "action": "leave"}).status_code == 303
    assert seats_of(ben) == [("confirmed", 1)]
    elsewhere = a_workshop(an_event())
    assert client.post(address, data={"session": elsewhere.id, "action": "take"}).status_code == 404
    assert client.post(address, data={"session": "x", "action": "take"}).status_code == 422
    assert client.get(link(ann).replace("/rsvps/", "/rsvps/0") + "/sessions").status_code == 404


def test_some_of_a_party_can_have_seats_in_a_session_and_give_some_back(client: Any) -> None:
    event = an_event(capacity=10, max_party_size=3)
    session = a_workshop(event, 2)
    three, one = *coming(event, size=3), *coming(event)
    here = f"{link(three)}/sessions"
    assert 'max="2" value="2"' in client.get(here).text
    client.post(here, data={"session": session.id, "action": "take", "seats": 2})
    choose(one, session, NOW)
    assert (seats_of(three), seats_of(one)) == ([("confirmed", 2)], [("waitlisted", 1)])

    client.post(here, data={"session": session.id, "action": "take", "seats": 1})
    assert (seats_of(three), seats_of(one)) == ([("confirmed", 1)], [("confirmed", 1)])
    for seats in (0, 4):
        assert client.post(here, data={"session": session.id, "action": "take", "seats": seats}).status_code >= 400
    assert seats_of(three) == [("confirmed", 1)]


def test_of_a_party_one_can_have_the_only_seat_of_a_session(client: Any) -> None:
    session = a_workshop(event := an_event(capacity=10, max_party_size=3), 1)
    (three,) = coming(event, size=3)
    here = f"{link(three)}/sessions"
    page = client.get(here).text
    assert "For one of you" in page
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\d+)">', page))
    assert client.post(here, data=fields | {"action": "take"}).status_code == 303
    assert fields["session"] == str(session.id)
    assert seats_of(three) == [("confirmed", 1)]


def test_what_cannot_be_chosen_is_said_among_the_sessions(client: Any) -> None:
    event = an_event(capacity=10, max_party_size=3)
    session, _ = a_workshop(event, 2), a_workshop(event, 3, "A larger one")
    (three,) = coming(event, size=3)

    answer = client.post(f"{link(three)}/sessions", data={"session": session.id, "action": "take"})
    assert answer.status_code == 409
    assert "This session has 2 seats in all." in answer.text
    assert "A larger one" in answer.text


def test_sessions_with_seats_are_told_of_before_one_answers_and_after(client: Any) -> None:
    event = an_event(capacity=10, max_party_size=2)
    session = a_workshop(event)
    here = f"/events/{event.slug}"
    assert "once you have a seat here, you choose them" in client.get(here).text
    ann = a_person("Ann")
    (rsvp,) = coming(event, ann)
    client.sign_in(ann)
    assert f'href="{link(rsvp)}/sessions">choose your sessions</a>' in client.get(here).text
    assert "Choose your sessions</a>" in client.get(link(rsvp)).text

    choose(rsvp, session, NOW)
    reply(event, ann, Answer.YES, party_size=2, at=LATER)
    page = client.get(link(rsvp)).text
    assert "Choose your sessions</a>" not in page
    assert re.search(r"A workshop, .*: you have a seat, not for all 2 of you", page)


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "sessions have seats of"), ("de", "eigene Plätze"), ("fr", "propres places"), ("es", "plazas propias")],
)
def test_the_letter_leads_to_seats_in_sessions_that_can_be_asked_for(app: Any, language: str, said: str) -> None:
    event, reader = an_event(capacity=1), a_person(language=language)
    talk = a_workshop(event, capacity=None)
    (first,) = coming(event, a_person(language=language))
    waiting = reply(event, reader, Answer.YES, at=NOW)
    assert said not in letter_of(first), "nobody asks for a seat in the talk"
    talk.capacity = 5
    db.session.flush()
    assert f"{link(waiting)}/sessions" not in letter_of(waiting), "who waits cannot choose yet"
    withdraw(first, NOW)
    told = letter_of(waiting)
    assert said in told
    assert f"/rsvps/{link(waiting).rpartition('/')[2]}/sessions" in told


@pytest.mark.parametrize("values", [{}, {"rsvp_closes_at": NOW}, {"postponed_at": NOW}, {"published_at": None}])
def test_a_seat_can_be_asked_for_until_its_session_begins_or_answers_close(app: Any, values: dict[str, Any]) -> None:
    workshop = a_workshop(event := an_event())
    for name, value in values.items():
        setattr(event, name, value)
    for at in (NOW, workshop.starts_at):
        assert gives_seats_still(event, at) is gives_seats(workshop, at) is (not values and at is NOW)


def letter_of(rsvp: Rsvp) -> str:
    rows = select(Letter.body).where(Letter.person_id == rsvp.person_id).order_by(Letter.id.desc())
    return db.session.scalars(rows).first() or ""


def test_where_no_session_has_seats_of_its_own_nothing_leads_to_them(client: Any) -> None:
    event = an_event(capacity=10)
    a_workshop(event, None)
    (rsvp,) = coming(event)
    assert "/sessions" not in client.get(link(rsvp)).text


def test_what_runs_at_the_time_of_a_chosen_session_says_so(client: Any) -> None:
    event = an_event(capacity=10)
    boats, _knots = (a_workshop(event, title=title) for title in ("Boats", "Knots"))
    plan = Plan("Sails", event.ends, event.ends + timedelta(hours=1), capacity=1)
    enter(event, [plan], by=a_person("", "organizer"), now=NOW)
    (ann,) = coming(event)
    choose(ann, boats, NOW)
    db.session.commit()

    page = client.get(f"{link(ann)}/sessions").text

    assert page.count("At the same time as “Boats”, which you have chosen.") == 1
    assert "“Boats”" in page[page.index("<b>Knots</b>") : page.index("<b>Sails</b>")]


def test_who_waits_for_a_session_that_has_begun_is_told_of_no_number_any_more(client: Any) -> None:
    event = an_event(capacity=10)
    session = a_workshop(event)
    ann, ben = coming(event, a_person(), a_person())
    for rsvp in (ann, ben):
        choose(rsvp, session, NOW)
    session.starts_at = NOW - timedelta(minutes=1)
    db.session.commit()

    page = client.get(f"{link(ben)}/sessions").text

    assert ("No seat became free for you" in page, "on the waiting list" in page) == (True, False)


people = st.integers(0, 4)


class SessionSeats(RuleBasedStateMachine):
    """Five parties at a congress with a small workshop."""

    @initialize(capacity=st.integers(1, 4), hours=st.sampled_from([700, 30, 20]))
    def begin(self, capacity: int, hours: int) -> None:
        self.now = NOW
        starts = to_wall(NOW + timedelta(hours=hours), "UTC")
        self.event = an_event(capacity=8, max_party_size=3, zone="UTC", starts=starts)
        self.session = a_workshop(self.event, capacity)
        self.staff = a_person("", "organizer")
        self.people = [a_person() for _ in range(5)]
        self.most = capacity
        self.order: list[int] = []
        self.seated: set[int] = set()
        for who in range(5):  # so that there is a queue from the start
            self.answers(who, Answer.YES, 1)
            self.chooses_or_leaves(who, choose)

    def attempt(self, act: Any) -> None:
        slept, self.now = hushed(self.session, self.now), self.now + timedelta(minutes=1)
        if slept and not hushed(self.session, self.now):
            pass_on(self.event, self.now)  # as the post office does once the night is over
        savepoint = db.session.begin_nested()
        try:
            act()
            db.session.flush()
        except Refused:
            savepoint.rollback()
            db.session.expire_all()
        else:
            savepoint.commit()

    @rule(who=people, answer=st.sampled_from(Answer), size=st.integers(1, 3))
    def answers(self, who: int, answer: Answer, size: int) -> None:
        self.attempt(lambda: reply(self.event, self.people[who], answer, party_size=size, at=self.now))

    @rule(who=people, seats=st.integers(1, 4))
    def chooses_for_some(self, who: int, seats: int) -> None:
        if rsvp := rsvp_of(self.event, self.people[who]):
            self.attempt(lambda: choose(rsvp, self.session, self.now, seats))

    @rule(who=people, act=st.sampled_from([choose, choose, leave]))
    def chooses_or_leaves(self, who: int, act: Any) -> None:
        if rsvp := rsvp_of(self.event, self.people[who]):
            self.attempt(lambda: act(rsvp, self.session, self.now))

    @rule(who=people)
    def withdraws(self, who: int) -> None:
        if rsvp := rsvp_of(self.event, self.people[who]):
            self.attempt(lambda: withdraw(rsvp, self.now))

    @rule(capacity=st.one_of(st.none(), st.integers(1, 6)))
    def the_session_changes(self, capacity: int | None) -> None:
        plan = Plan("A workshop", self.session.starts, self.session.ends, capacity=capacity)
        self.attempt(lambda: change(self.session, plan, by=self.staff, now=self.now))
        self.most = max(capacity or 10_000, seats_taken(self.session))

    @rule(hours=st.integers(1, 3))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        pass_on(self.event, self.now)

    @rule(one=people, other=people)
    def two_were_one(self, one: int, other: int) -> None:
        if one != other:
            self.attempt(lambda: merge(self.people[one], self.people[other], self.now))

    @invariant()
    def never_overbooked(self) -> None:
        taken = seats_taken(self.session)
        assert taken <= self.most
        self.most = max(self.session.capacity or 10_000, min(self.most, taken))

    @invariant()
    def only_who_is_going_holds_anything(self) -> None:
        for seat in db.session.scalars(select(SessionSeat)):
            assert seat.rsvp.status is RsvpStatus.CONFIRMED
            assert seat.seats <= seat.rsvp.party_size
            assert (seat.queued_at is None) == (seat.status in HELD)
            assert (seat.offered_until is None) == (seat.status is not RsvpStatus.OFFERED)

    @invariant()
    def nobody_waits_beside_a_seat_that_fits_or_is_passed(self) -> None:
        waits = db.session.scalars(queue(self.session)).all()
        ids = [seat.id for seat in waits]
        assert [number for number in ids if number in self.order] == [n for n in self.order if n in ids]
        seated = {seat.id: seat.seats for seat in db.session.scalars(select(SessionSeat)) if seat.queued_at is None}
        for number in seated.keys() - self.seated:
            ahead = [*takewhile(lambda other: other != number, self.order)]  # noqa: B023
            assert all(seat.seats > seated[number] for seat in waits if seat.id in ahead)
        self.order, self.seated = ids, {*seated}
        free = (self.session.capacity or 10_000) - seats_taken(self.session)
        if gives_seats(self.session, self.now) and not hushed(self.session, self.now):
            assert all(free < seat.seats for seat in waits)

    def teardown(self) -> None:
        db.session.rollback()


@pytest.mark.usefixtures("app")
def test_session_seats_are_given_by_the_rules_under_any_sequence_of_acts() -> None:
    runs = 25 if db.engine.dialect.name == "sqlite" else 10  # the rules are Python's: the other shows that it fits
    run_state_machine_as_test(
        SessionSeats,
        settings=settings(max_examples=runs, stateful_step_count=20, suppress_health_check=list(HealthCheck)),
    )
