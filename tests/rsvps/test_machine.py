"""Whatever anyone does in whatever order: never overbooked, nobody lost, nobody passed, and the log tells it all."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from society.agenda.planning import Plan
from society.db import db
from society.door.walk_ins import walk_in
from society.errors import Refused
from society.events.models import Event, RsvpPolicy
from society.notices.actions import alter, cancel, postpone
from society.notices.life import move
from society.records.actions import erase
from society.records.mentions import Particulars
from society.records.merging import merge
from society.rsvps.actions import ask_guest, confirm, reply, withdraw
from society.rsvps.agenda import change, choose, enter, leave
from society.rsvps.at_once import answer_one
from society.rsvps.forms import Decision
from society.rsvps.joint_letters import gather
from society.rsvps.models import Answer, Rsvp, RsvpStatus
from society.rsvps.passing import pass_on, promote
from society.times import to_utc, to_wall
from tests.builders import a_person, an_event
from tests.rsvps.deciding import decided
from tests.rsvps.ledger import CANCELLED, CONFIRMED, PENDING, SEATED, STANDS, WAITLISTED, Ledger, Seats, replays
from tests.rsvps.promises import gives_seats, is_night

PEOPLE = 6
people = st.integers(0, PEOPLE - 1)
sizes = st.sampled_from([1, 2, 1, 3, 4])
joins = st.sampled_from([None, False, None, True])
"""Not said, there, or online."""
WHEN = st.sampled_from(["at night", "closed", "at night", "postponed", "cancelled"])
MINUTE = timedelta(minutes=1)
LINK = "https://meet.example.org/hall"


class Society(RuleBasedStateMachine):
    """Six people and an organizer, at an event of a few seats with a workshop of fewer, which can be joined online.

    After every act, and every passing on of seats before it, `look` reads what has become of them.
    """

    @initialize(
        capacity=st.integers(2, 5),
        policy=st.sampled_from([RsvpPolicy.OPEN, RsvpPolicy.APPROVAL]),
        hours=st.sampled_from([10, 30, 17, 200, 20]),
        parties=st.lists(st.sampled_from([1, 2, 1, 1, 3, 4]), min_size=PEOPLE - 1, max_size=PEOPLE - 1),
        when=WHEN,
        at_first=st.sampled_from(["the workshop", "online", "seats"]),
    )
    def begin(
        self, capacity: int, policy: RsvpPolicy, hours: int, parties: list[int], when: str, at_first: str
    ) -> None:
        both = {"room": "Hall", "online_url": LINK, "zone": "Asia/Tokyo"}  # where clocks never jump over a moved start
        self.event = an_event(capacity=capacity, max_party_size=3, rsvp_policy=policy, **both)
        self.now = self.event.starts_at - timedelta(hours=hours)
        self.people = [a_person() for _ in range(PEOPLE)]
        self.staff = a_person("", "organizer")
        plan = Plan("Workshop", self.event.starts, self.event.ends, capacity=2)
        self.workshop = enter(self.event, [plan], by=self.staff, now=self.now)[0]
        self.ledger = Ledger(self.event, self.now)
        self.seats = Seats(self.workshop, self.ledger)
        for who, size in enumerate(parties):  # so that there are queues from the start
            self.answers(who, Answer.YES, size)
            if policy is RsvpPolicy.APPROVAL and size != 2:
                self.something_happens_to_an_answer(who, "approve")
        self.all_choose_the_workshop()
        if at_first == "the workshop":
            self.seats_in_the_workshop_are_given_back_while_nobody_moves_up(when)
        elif at_first == "online":
            self.seats_are_left_to_join_online(0, back=True)
        else:
            self.seats_are_given_back_while_nobody_moves_up(when)

    def attempt(self, act: Callable[[], object], *whose: int) -> bool:
        """Do it as a request would, after the chore of the minute: a refusal rolls back. Whether it was done. Only
        those `whose` answers it is about may lose by it what they have."""
        self.now += MINUTE
        pass_on(self.event, self.now)
        self.look(passed=True, whole=False)
        self.ledger.acting = frozenset(self.people[who].id for who in whose)
        savepoint = db.session.begin_nested()
        try:
            act()
            db.session.flush()
        except Refused:
            savepoint.rollback()
            db.session.expire_all()
            return False
        else:
            savepoint.commit()
            self.look()
            return True
        finally:
            self.ledger.acting = frozenset()

    def look(self, *, whole: bool = True, **more: Any) -> None:
        self.ledger.read(self.now, whole=whole)
        self.seats.read(self.now, whole=whole, **more)

    def mine(self, who: int) -> Rsvp | None:
        of = select(Rsvp).where(Rsvp.event_id == self.event.id, Rsvp.person_id == self.people[who].id)
        return db.session.scalar(of.execution_options(populate_existing=True))

    def those_who(self, *status: RsvpStatus) -> list[int]:
        of = select(Rsvp.person_id).where(Rsvp.event_id == self.event.id, Rsvp.status.in_(status))
        numbers = set(db.session.scalars(of))
        return [who for who, person in enumerate(self.people) if person.id in numbers]

    def asks_who_is_idle(self, most: int = PEOPLE) -> None:
        """So that somebody waits for the seats that become free."""
        for idle in [who for who in range(PEOPLE) if who not in self.those_who(*STANDS)][:most]:
            self.answers(idle, Answer.YES, 1)

    def all_choose_the_workshop(self) -> None:
        for who in self.those_who(CONFIRMED):
            self.chooses_or_leaves_the_workshop(who, choose)

    @rule(who=people, answer=st.sampled_from(Answer), size=sizes, online=joins)
    def answers(self, who: int, answer: Answer, size: int, online: bool | None = None) -> None:
        said: dict[str, Any] = {"party_size": size, "online": online}
        done = self.attempt(lambda: reply(self.event, self.people[who], answer, at=self.now, **said), who)
        assert not done or self.mine(who)

    @rule(who=people, answer=st.sampled_from(Answer))
    def answers_among_several(self, who: int, answer: Answer) -> None:
        """With the party and the way of before, as where several evenings are answered at once."""
        before = self.mine(who)
        had = (before.party_size, before.online) if before and before.stands else None

        def act() -> None:
            answer_one(self.event, self.people[who], answer, self.now)
            gather(self.people[who], self.now, self.now)

        done = self.attempt(act, who)
        mine = self.mine(who)
        assert not done or mine
        if done and had and mine.stands:
            assert (mine.party_size, mine.online) == had

    @rule(who=people, status=st.sampled_from([SEATED, (WAITLISTED,), STANDS]))
    def joins_the_other_way(self, who: int, status: tuple[RsvpStatus, ...]) -> None:
        have = self.those_who(*status)
        if have:
            who = have[who % len(have)]
            self.joins(who, online=not self.mine(who).online)

    def joins(self, who: int, *, online: bool) -> None:
        """Online never in vain, where that can be had: not even where organizers have decided about the seat."""
        rsvp, person = self.mine(who), self.people[who]
        before = rsvp.status
        done = self.attempt(lambda: reply(self.event, person, Answer.YES, online=online, at=self.now), who)
        if online and self.event.hybrid and before in STANDS and rsvp.status is not CANCELLED:
            assert done or not gives_seats(self.event, self.now)
            assert not done or rsvp.status is (PENDING if before is PENDING else CONFIRMED)

    @precondition(lambda self: self.event.on)
    @rule(who=people, back=st.booleans())
    def seats_are_left_to_join_online(self, who: int, back: bool) -> None:
        """While others wait for them; and then they are asked for anew."""
        self.it_is_there_and_online("both")
        self.every_seat_is_taken()
        self.asks_who_is_idle()
        there = [who for who in self.those_who(*SEATED) if not self.mine(who).online]
        if there:
            who = there[who % len(there)]
            self.joins(who, online=True)
            if back:
                self.joins(who, online=False)

    @rule(how=st.sampled_from(["both", "online", "both", "there"]))
    def it_is_there_and_online(self, how: str) -> None:
        def act() -> None:
            self.event.online_url = "" if how == "there" else LINK
            self.event.room = "" if how == "online" else "Hall"

        self.changed(act)

    @rule(who=people, how=st.sampled_from(["says no", "withdraws", "is removed"]), most=sizes, back=st.booleans())
    def leaves_and_comes_back_with_as_many(self, who: int, how: str, most: int, back: bool) -> None:
        seated = self.those_who(CONFIRMED)
        who = seated[who % len(seated)] if seated else who
        rsvp, person = self.mine(who), self.people[who]
        if rsvp is None:
            return
        acts = {
            "says no": lambda: reply(self.event, person, Answer.NO, at=self.now),
            "withdraws": lambda: withdraw(rsvp, self.now),
            "is removed": lambda: decided(rsvp, Decision.REMOVE, self.staff, self.now),
        }
        self.attempt(acts[how], who)
        if not back:
            return
        self.the_largest_party_changes(most)
        self.attempt(lambda: reply(self.event, person, Answer.YES, at=self.now), who)

    @precondition(lambda self: self.event.on)
    @rule(when=WHEN)
    def seats_are_given_back_while_nobody_moves_up(self, when: str) -> None:
        """And then asked for anew, by who gave them back."""
        self.every_seat_is_taken()
        self.asks_who_is_idle()
        seated = self.those_who(CONFIRMED)
        if seated and self.nobody_moves_up(when):
            who = max(seated, key=lambda who: self.ledger.entries[self.mine(who).id].seats)
            self.something_happens_to_an_answer(who, "withdraw")
            self.answers(who, Answer.YES, 1)
            self.somebody_may_move_up_again(when)

    @precondition(lambda self: self.event.on)
    @rule(when=WHEN)
    def seats_in_the_workshop_are_given_back_while_nobody_moves_up(self, when: str) -> None:
        """And then asked for by one whose party has grown, and by who gave them back."""
        self.whoever_asks_is_let_in(None)
        self.asks_who_is_idle()
        self.all_choose_the_workshop()
        seated = [who for who in self.those_who(CONFIRMED) if self.has_a_seat_in_the_workshop(who)]
        if seated and self.nobody_moves_up(when):
            self.chooses_or_leaves_the_workshop(seated[0], leave)
            self.answers(seated[-1], Answer.YES, self.mine(seated[-1]).party_size + 1)
            for who in (seated[-1], seated[0]):
                self.chooses_or_leaves_the_workshop(who, choose)
            self.somebody_may_move_up_again(when)
        self.the_capacity_changes(2)  # which is fewer than have seats
        self.every_seat_is_taken()

    def every_seat_is_taken(self) -> None:
        self.whoever_asks_is_let_in(sum(entry.seats for entry in self.ledger.entries.values()))

    def whoever_asks_is_let_in(self, capacity: int | None) -> None:
        def act() -> None:
            close(self.event, None)
            self.event.rsvp_policy, self.event.capacity = RsvpPolicy.OPEN, capacity or None

        self.changed(act)

    def has_a_seat_in_the_workshop(self, who: int) -> bool:
        row = self.seats.rows.get(self.mine(who).id)
        return row is not None and row.status in SEATED

    def nobody_moves_up(self, when: str) -> bool:
        if when == "at night":
            if not self.it_is_the_night_before():
                self.it_gets_another_date(30, typed=False)
            return self.it_is_the_night_before()
        acts = {"postponed": postpone, "cancelled": cancel}
        if when == "closed":
            self.answers_close_at_another_time(-1)
        else:
            self.attempt(lambda: acts[when](self.event, by=self.staff, now=self.now, tell=False))
        return True

    def it_is_the_night_before(self) -> bool:
        hours = (self.event.starts_at - timedelta(hours=hours) for hours in range(23, 1, -1))
        night = next((at for at in hours if at > self.now and is_night(at, self.event.zone)), None)
        self.now = night or self.now
        return night is not None

    def somebody_may_move_up_again(self, when: str) -> None:
        if when == "closed":
            self.answers_close_at_another_time(None)
        elif when == "postponed":
            self.it_gets_another_date(30, typed=False)
        elif when == "cancelled":
            self.it_is_not_cancelled_after_all()

    @rule(who=people, size=sizes, online=st.booleans())
    def is_asked_as_a_guest(self, who: int, size: int, online: bool) -> None:
        asked = self.event, "Guest", self.people[who].email, Answer.YES, size, ""
        done = self.attempt(lambda: ask_guest(*asked, self.now, online=online))
        assert not done or self.mine(who)

    @rule(hours=st.integers(1, 9))
    def time_passes(self, hours: int) -> None:
        """Offers end, nights come and go; never so far that the event begins."""
        if self.event.postponed_at or self.now + timedelta(hours=hours + 2) < self.event.starts_at:
            self.now += timedelta(hours=hours)
        self.attempt(lambda: None)

    @rule(who=people, size=sizes)
    def comes_to_the_door(self, who: int, size: int) -> None:
        self.attempt(
            lambda: walk_in(self.event, "Guest", self.people[who].email, size, by=self.staff, now=self.now), who
        )

    @rule(who=people, act=st.sampled_from([choose, choose, leave]))
    def chooses_or_leaves_the_workshop(self, who: int, act: Any) -> None:
        if rsvp := self.mine(who):
            self.attempt(lambda: act(rsvp, self.workshop, self.now), who)

    @rule(capacity=st.integers(1, 5))
    def the_workshop_gets_other_seats(self, capacity: int) -> None:
        plan = Plan("Workshop", self.workshop.starts, self.workshop.ends, capacity=capacity)
        self.attempt(lambda: change(self.workshop, plan, by=self.staff, now=self.now))

    def ends_of_offers(self) -> list[datetime]:
        ends = [entry.until for entry in self.ledger.entries.values()]
        return [until for until in [*ends, *(row.offered_until for row in self.seats.rows.values())] if until]

    @precondition(lambda self: self.ends_of_offers())
    @rule()
    def nobody_confirms_what_is_offered(self) -> None:
        self.now = max(self.now, *self.ends_of_offers())
        self.attempt(lambda: None)

    @precondition(lambda self: self.ledger.queue or self.ledger.undecided)
    @rule(who=people, seldom=st.booleans())
    def a_person_is_erased(self, who: int, seldom: bool) -> None:
        if seldom:  # it takes as long as ten other acts
            return
        seated = self.those_who(*SEATED)
        who = seated[who % len(seated)] if seated else who
        person = self.people[who]

        def act() -> None:
            erase(person, [], Particulars.of(person), now=self.now, by=self.staff)
            if not self.event.begun(self.now):
                self.ledger.erased.add(person.id)

        if self.attempt(act, who):
            self.people[who] = a_person()

    @rule(status=st.sampled_from([SEATED, SEATED, (WAITLISTED,), STANDS, tuple(RsvpStatus)]), turned=st.booleans())
    def two_records_become_one(self, status: tuple[RsvpStatus, ...], turned: bool) -> None:
        have = self.those_who(*status)
        if len(have) < 2:
            return
        if status == SEATED:
            self.every_seat_is_taken()
        self.asks_who_is_idle(1 if status == SEATED else PEOPLE)
        if status == SEATED:
            self.chooses_or_leaves_the_workshop(have[-1], choose)
        self.become_one(*((have[0], have[-1]) if turned else (have[-1], have[0])))

    @rule(other=st.sampled_from(["withdraws", "maybe"]), turned=st.booleans())
    def one_of_two_records_was_removed(self, other: str, turned: bool) -> None:
        have = self.those_who(*STANDS)[:2]
        if len(have) < 2:
            return
        out, back = have
        self.something_happens_to_an_answer(out, "remove")
        self.answers(back, Answer.MAYBE, 1)
        if other == "withdraws":
            self.something_happens_to_an_answer(back, "withdraw")
        self.become_one(*(have if turned else have[::-1]))
        self.answers(back if not turned else out, Answer.YES, 1)

    def become_one(self, who: int, other: int) -> None:
        keep, gone = self.people[who], self.people[other]
        numbers = [rsvp.id for rsvp in (self.mine(who), self.mine(other)) if rsvp]
        self.attempt(partial(self._merge, keep, gone, numbers))
        self.people[other] = a_person()
        assert all(map(replays, self.ledger.entries))

    def _merge(self, keep: Any, gone: Any, numbers: list[int]) -> None:
        merge(keep, gone, {}, (keep.revision, gone.revision), by=self.staff, now=self.now)
        stays = self.mine(self.people.index(keep))
        for number in numbers:
            self.ledger.owners.pop(number)
        if stays:
            self.ledger.owners[stays.id] = keep.id
        if len(numbers) == 2:
            self.ledger.two = (numbers[0], numbers[1])
            self.look(passed=True, renamed={number: stays.id for number in numbers if number != stays.id})

    @rule(who=people, act=st.sampled_from(["confirm", "withdraw", "approve", "decline", "remove", "readmit", "seat"]))
    def something_happens_to_an_answer(self, who: int, act: str) -> None:
        rsvp = self.mine(who)
        if rsvp is None:
            return
        acts: dict[str, Callable[[], object]] = {
            "confirm": lambda: confirm(rsvp, self.now),
            "withdraw": lambda: withdraw(rsvp, self.now),
        }
        for decision in (Decision.APPROVE, Decision.DECLINE, Decision.REMOVE, Decision.READMIT, Decision.SEAT):
            acts[decision] = partial(decided, rsvp, decision, self.staff, self.now)
        promised = self.event.on and rsvp.offered_until is not None and self.now + MINUTE < rsvp.offered_until
        self.attempt(acts[act], who)
        if promised and act == "confirm":
            assert rsvp.status is CONFIRMED

    @rule(capacity=st.sampled_from([1, None, 2, 3, 1, 5, 8]))
    def the_capacity_changes(self, capacity: int | None) -> None:
        self.changed(partial(setattr, self.event, "capacity", capacity))

    @rule(policy=st.sampled_from([RsvpPolicy.OPEN, RsvpPolicy.APPROVAL]))
    def the_organizers_decide_or_do_not_any_more(self, policy: RsvpPolicy) -> None:
        if self.event.on and self.ledger.undecided and not self.event.rsvp_closes_at:
            self.it_is_the_night_before()
        self.changed(partial(setattr, self.event, "rsvp_policy", policy))

    def changed(self, act: Callable[[], None]) -> None:
        self.attempt(lambda: alter(self.event, act, by=self.staff, now=self.now, tell=False))

    @precondition(lambda self: self.event.on)
    @rule(act=st.sampled_from([postpone, cancel]), seldom=st.integers(0, 3))
    def the_event_is_called_off_or_put_off(self, act: Any, seldom: int) -> None:
        if seldom:  # else it would be off most of the time, when little can be done
            return
        self.attempt(lambda: act(self.event, by=self.staff, now=self.now, tell=False))

    def the_largest_party_changes(self, size: int) -> None:
        self.event.max_party_size = size
        self.attempt(lambda: None)

    @precondition(lambda self: self.event.cancelled_at)
    @rule()
    def it_is_not_cancelled_after_all(self) -> None:
        def act() -> None:
            self.event.cancelled_at, self.ledger.on_since = None, self.now
            promote(self.event, self.now, stood_still=True)

        self.attempt(act)

    @precondition(lambda self: not self.event.cancelled_at)
    @rule(hours=st.sampled_from([1, 3, 8, 20, 30, 200]), typed=st.booleans())
    def it_gets_another_date(self, hours: int, typed: bool) -> None:
        """Moved, or dated anew in its form with all that is told from the start on left where it is."""
        if self.event.postponed_at:
            self.ledger.on_since = self.now + MINUTE
        starts = to_wall(self.now + timedelta(hours=hours), self.event.zone).replace(second=0, microsecond=0)
        ends = starts + timedelta(hours=2)
        if typed:
            self.changed(partial(self.event.schedule, starts, ends, self.event.zone, all_day=False))
        else:
            self.attempt(lambda: move(self.event, starts, ends, by=self.staff, now=self.now, tell=False))

    @precondition(lambda self: self.event.on)
    @rule(hours=st.integers(1, 4), until_night=st.booleans(), then=st.sampled_from([3, 14, 30]))
    def it_is_put_off_and_on_again(self, hours: int, until_night: bool, then: int) -> None:
        for who in self.those_who(CONFIRMED)[:1]:
            self.something_happens_to_an_answer(who, "withdraw")  # so that a seat may be offered meanwhile
        self.the_event_is_called_off_or_put_off(postpone, 0)
        if until_night:
            self.now += (23 - to_wall(self.now, self.event.zone).hour) % 24 * timedelta(hours=1)
        else:
            self.time_passes(hours)
        self.it_gets_another_date(then, typed=True)

    @rule(hours=st.one_of(st.none(), st.integers(-2, 40)))
    def answers_close_at_another_time(self, hours: int | None) -> None:
        closes = None if hours is None else to_wall(self.now + timedelta(hours=hours), self.event.zone)
        self.changed(partial(close, self.event, closes))

    def teardown(self) -> None:
        db.session.rollback()
        db.session.expunge_all()  # numbers are given anew in the next run


def close(event: Event, wall: datetime | None) -> None:
    """Take answers until then."""
    event.rsvp_deadline, event.rsvp_closes_at = wall, to_utc(wall, event.zone) if wall else None


@pytest.mark.long
@pytest.mark.no_cover  # thousands of turns over lines that other tests cover
@pytest.mark.usefixtures("app")
def test_seats_are_given_by_the_rules_under_any_sequence_of_acts():
    runs = 25 if db.engine.dialect.name == "sqlite" else 10  # the rules are Python's: the other shows that it fits
    # Nothing is committed: each run ends in a rollback, so that the next finds the database as it was.
    run_state_machine_as_test(
        Society,
        settings=settings(max_examples=runs, stateful_step_count=15, suppress_health_check=list(HealthCheck)),
    )
