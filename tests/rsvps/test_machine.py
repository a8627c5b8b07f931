"""Whatever anyone does in whatever order: never overbooked, nobody lost, nobody passed, and the log tells it all."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from itertools import takewhile
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from society.agenda.planning import Plan
from society.db import db
from society.door.walk_ins import walk_in
from society.errors import Refused
from society.events.models import Event, RsvpPolicy
from society.notices.actions import alter, cancel, postpone
from society.notices.life import move
from society.records import answers, erasing
from society.records.merging import merge
from society.rsvps.actions import approve, ask_guest, confirm, decline, pass_on, promote, readmit, reply, withdraw
from society.rsvps.agenda import choose, enter, leave
from society.rsvps.last_day import hushed
from society.rsvps.models import HELD, REMOVED, Answer, Rsvp, RsvpStatus, Transition
from society.rsvps.queries import history, queue, rsvp_of
from society.rsvps.seats import gives_seats
from society.rsvps.session_models import SessionSeat
from society.times import to_utc, to_wall
from tests.builders import a_person, an_event

PEOPLE = 6
people = st.integers(0, PEOPLE - 1)
sizes = st.integers(1, 4)
STANDS = (*HELD, RsvpStatus.WAITLISTED, RsvpStatus.PENDING)
AT_THE_DOOR = ("Came to the door", "Let in at the door")
ONE_OF_TWO = "Two records"


class Seats(RuleBasedStateMachine):
    """Six people and an organizer, at an event of a few seats."""

    @initialize(
        capacity=st.integers(1, 4),
        policy=st.sampled_from([RsvpPolicy.OPEN, RsvpPolicy.APPROVAL]),
        hours=st.sampled_from([10, 30, 10, 200, 20]),
        parties=st.lists(st.sampled_from([1, 2, 1, 3, 4]), min_size=PEOPLE - 1, max_size=PEOPLE - 1),
    )
    def begin(self, capacity: int, policy: RsvpPolicy, hours: int, parties: list[int]) -> None:
        self.event = an_event(capacity=capacity, max_party_size=4, rsvp_policy=policy)
        self.now = self.event.starts_at - timedelta(hours=hours)
        self.people = [a_person() for _ in range(PEOPLE)]
        self.staff = a_person("", "organizer")
        self.answered: set[int] = set()
        self.most = capacity
        self.last = 0
        """The number of the last step that was replayed."""
        self.on_since = self.now
        self.off_list: set[int] = set()
        self.workshop = enter(
            self.event, [Plan("Workshop", self.event.starts, self.event.ends, capacity=2)], by=self.staff, now=self.now
        )[0]
        self.held: dict[int, int] = {}
        self.queue: dict[int, int] = {}
        """By answer, the seats it has and the seats it waits for, in order: as the log tells, step by step."""
        for who, size in enumerate(parties):  # so that there is a queue from the start
            self.answers(who, Answer.YES, size)
            if policy is RsvpPolicy.APPROVAL:
                self.something_happens_to_an_answer(who, "approve")

    def attempt(self, act: Callable[[], object]) -> None:
        """Do it as a request would, after the chore of the minute: a refusal rolls back."""
        self.now += timedelta(minutes=1)
        pass_on(self.event, self.now)
        savepoint = db.session.begin_nested()
        try:
            act()
            db.session.flush()
        except Refused:
            savepoint.rollback()
            db.session.expire_all()
        else:
            savepoint.commit()

    def taken(self) -> int:
        """Seats that somebody has or is offered, counted apart from what the program counts by."""
        rows = db.session.scalars(select(Rsvp).where(Rsvp.event_id == self.event.id))
        return sum(rsvp.party_size for rsvp in rows if rsvp.status in (RsvpStatus.CONFIRMED, RsvpStatus.OFFERED))

    def mine(self, who: int) -> Rsvp | None:
        return rsvp_of(self.event, self.people[who])

    @rule(who=people, answer=st.sampled_from(Answer), size=sizes)
    def answers(self, who: int, answer: Answer, size: int) -> None:
        self.attempt(lambda: reply(self.event, self.people[who], answer, party_size=size, at=self.now))
        self.note(who)

    @rule(who=people, how=st.sampled_from(["says no", "withdraws", "is removed"]), most=sizes, back=st.booleans())
    def leaves_and_comes_back_with_as_many(self, who: int, how: str, most: int, back: bool) -> None:
        rsvp, person = self.mine(who), self.people[who]
        if rsvp is None:
            return
        acts = {
            "says no": lambda: reply(self.event, person, Answer.NO, at=self.now),
            "withdraws": lambda: withdraw(rsvp, self.now),
            "is removed": lambda: withdraw(rsvp, self.now, self.staff),
        }
        self.attempt(acts[how])
        if not back:
            return
        self.the_largest_party_changes(most)
        self.attempt(lambda: reply(self.event, person, Answer.YES, at=self.now))

    def note(self, who: int) -> None:
        if self.mine(who):
            self.answered.add(self.people[who].id)

    @rule(who=people, size=sizes)
    def is_asked_as_a_guest(self, who: int, size: int) -> None:
        email = self.people[who].email
        self.attempt(lambda: ask_guest(self.event, "Guest", email, Answer.YES, size, "", self.now))
        self.note(who)

    @rule(hours=st.integers(1, 9))
    def time_passes(self, hours: int) -> None:
        """Offers end, nights come and go; never so far that the event begins."""
        if self.event.postponed_at or self.now + timedelta(hours=hours + 2) < self.event.starts_at:
            self.now += timedelta(hours=hours)
        self.attempt(lambda: None)

    @rule(who=people, size=sizes)
    def comes_to_the_door(self, who: int, size: int) -> None:
        self.attempt(lambda: walk_in(self.event, "Guest", self.people[who].email, size, by=self.staff, now=self.now))
        self.note(who)

    @rule(who=people, act=st.sampled_from([choose, choose, leave]))
    def chooses_or_leaves_a_session(self, who: int, act: Any) -> None:
        if rsvp := self.mine(who):
            self.attempt(lambda: act(rsvp, self.workshop, self.now))

    @rule(who=people)
    def a_person_is_erased(self, who: int) -> None:
        person = self.people[who]
        answers.withdraw_coming(person, self.now)
        erasing.blank([person], erasing.ERASED, self.now)
        self.people[who] = a_person()

    @rule(who=people, other=people)
    def two_records_become_one(self, who: int, other: int) -> None:
        keep, gone = self.people[who], self.people[other]
        if keep is gone:
            return
        number, revisions = gone.id, (keep.revision, gone.revision)
        merge(keep, gone, {}, revisions, by=self.staff, now=self.now)
        if number in self.answered:
            self.answered = self.answered - {number} | {keep.id}
        self.people[other] = a_person()

    @rule(who=people, act=st.sampled_from(["confirm", "withdraw", "approve", "decline", "remove", "readmit"]))
    def something_happens_to_an_answer(self, who: int, act: str) -> None:
        rsvp = self.mine(who)
        if rsvp is None:
            return
        acts = {
            "confirm": lambda: confirm(rsvp, self.now),
            "withdraw": lambda: withdraw(rsvp, self.now),
            "approve": lambda: approve(rsvp, self.now, self.staff),
            "decline": lambda: decline(rsvp, self.now, self.staff),
            "remove": lambda: withdraw(rsvp, self.now, self.staff),
            "readmit": lambda: readmit(rsvp, self.now, self.staff),
        }
        minute = timedelta(minutes=1)
        promised = self.event.on and rsvp.offered_until is not None and self.now + minute < rsvp.offered_until
        self.attempt(acts[act])
        if promised and act == "confirm":
            assert rsvp.status is RsvpStatus.CONFIRMED

    @rule(capacity=st.one_of(st.none(), st.integers(1, 8)))
    def the_capacity_changes(self, capacity: int | None) -> None:
        self.event.capacity = capacity
        self.attempt(lambda: promote(self.event, self.now))
        # Who has a seat keeps it; but while there are too many, their number may only fall.
        self.most = max(capacity or 10_000, self.taken())

    @precondition(lambda self: self.event.on)
    @rule(act=st.sampled_from([postpone, cancel]), seldom=st.integers(0, 3))
    def the_event_is_called_off_or_put_off(self, act: Any, seldom: int) -> None:
        if seldom:  # else it would be off most of the time, when little can be done
            return
        self.attempt(lambda: act(self.event, by=self.staff, now=self.now, tell=False))

    @rule(size=sizes)
    def the_largest_party_changes(self, size: int) -> None:
        self.event.max_party_size = size
        self.attempt(lambda: None)

    @precondition(lambda self: self.event.cancelled_at)
    @rule()
    def it_is_not_cancelled_after_all(self) -> None:
        self.event.cancelled_at, self.on_since = None, self.now + timedelta(minutes=1)
        self.attempt(lambda: promote(self.event, self.now, stood_still=True))

    @precondition(lambda self: not self.event.cancelled_at)
    @rule(hours=st.sampled_from([1, 3, 8, 20, 30, 200]), typed=st.booleans())
    def it_gets_another_date(self, hours: int, typed: bool) -> None:
        """Moved, or dated anew in its form with all that is told from the start on left where it is."""
        if self.event.postponed_at:
            self.on_since = self.now + timedelta(minutes=1)
        starts = to_wall(self.now + timedelta(hours=hours), self.event.zone).replace(second=0, microsecond=0)
        ends = starts + timedelta(hours=2)
        if typed:
            act = partial(self.event.schedule, starts, ends, self.event.zone, all_day=False)
            self.attempt(lambda: alter(self.event, act, by=self.staff, now=self.now, tell=False))
        else:
            self.attempt(lambda: move(self.event, starts, ends, by=self.staff, now=self.now, tell=False))

    @precondition(lambda self: self.event.on)
    @rule(hours=st.integers(1, 4), then=st.sampled_from([3, 8, 30]))
    def it_is_put_off_and_on_again(self, hours: int, then: int) -> None:
        for who in [n for n in range(PEOPLE) if (rsvp := self.mine(n)) and rsvp.status is RsvpStatus.CONFIRMED][:1]:
            self.something_happens_to_an_answer(who, "withdraw")  # so that a seat may be offered meanwhile
        self.the_event_is_called_off_or_put_off(postpone, 0)
        self.time_passes(hours)
        self.it_gets_another_date(then, typed=True)

    @rule(hours=st.one_of(st.none(), st.integers(-2, 40)))
    def answers_close_at_another_time(self, hours: int | None) -> None:
        closes = None if hours is None else to_wall(self.now + timedelta(hours=hours), self.event.zone)
        self.attempt(
            lambda: alter(self.event, partial(close, self.event, closes), by=self.staff, now=self.now, tell=False)
        )

    @invariant()
    def never_overbooked(self) -> None:
        taken = self.taken()
        assert taken <= self.most
        self.most = max(self.event.capacity or 10_000, min(self.most, taken))

    @invariant()
    def nobody_is_lost(self) -> None:
        rows = db.session.scalars(select(Rsvp.person_id).where(Rsvp.event_id == self.event.id)).all()
        assert sorted(rows) == sorted(self.answered)

    @invariant()
    def nobody_is_passed(self) -> None:
        """Whenever a party got seats, nobody ahead of it fitted; and nobody waits on beside a seat that fits."""
        steps = select(Transition).join(Transition.rsvp).where(Rsvp.event_id == self.event.id)
        for step in db.session.scalars(steps.where(Transition.id > self.last).order_by(Transition.id)):
            self.replay(step)
        waits = db.session.scalars(queue(self.event)).all()
        assert [rsvp.id for rsvp in waits] == list(self.queue)
        if gives_seats(self.event, self.now) and not hushed(self.event, self.now) and waits:
            free = (self.event.capacity or 10_000) - self.taken()
            assert free < min(rsvp.party_size for rsvp in waits)

    def replay(self, step: Transition) -> None:
        """One step more, by a queue of this machine's own, in which order is that of asking."""
        self.last, number = step.id, step.rsvp_id
        if step.reason.startswith(ONE_OF_TWO):
            there = set(db.session.scalars(select(Rsvp.id).where(Rsvp.event_id == self.event.id)))
            self.held, self.queue = ({n: one[n] for n in one if n in there} for one in (self.held, self.queue))
        seats = step.party_size if step.after in HELD else 0
        if seats > self.held.get(number, 0):
            free = (self.event.capacity or 10_000) - sum(self.held.values())
            assert seats - self.held.get(number, 0) <= free
            ahead = takewhile(lambda other: other != number, self.queue)
            closed = step.reason.startswith(AT_THE_DOOR) and not gives_seats(self.event, step.at)
            assert closed or not [other for other in ahead if self.queue[other] <= free]
        self.held[number] = seats
        self.keeps_to_what_was_said(step)
        if step.after is RsvpStatus.WAITLISTED:
            self.queue[number] = step.party_size
        else:
            self.queue.pop(number, None)

    def keeps_to_what_was_said(self, step: Transition) -> None:
        """Limits hold for all who hold nothing, removals until they are undone, and offers while one can confirm."""
        if step.reason.startswith(ONE_OF_TWO):
            self.off_list.discard(step.rsvp_id)  # of two answers either may have been it
            return
        if step.before not in STANDS and step.after in STANDS and not step.reason.startswith((*AT_THE_DOOR, "Let in")):
            assert step.party_size <= self.event.max_party_size
            assert step.rsvp_id not in self.off_list
        if step.after in STANDS:
            self.off_list.discard(step.rsvp_id)
        if step.reason == REMOVED:
            self.off_list.add(step.rsvp_id)
        if step.reason == "The offered seats were not confirmed in time.":
            offers = select(func.max(Transition.at)).where(Transition.rsvp_id == step.rsvp_id, Transition.id < step.id)
            assert db.session.scalar(offers.where(Transition.after == RsvpStatus.OFFERED)) >= self.on_since

    @invariant()
    def nothing_is_offered_beyond_the_start(self) -> None:
        for rsvp in db.session.scalars(select(Rsvp).where(Rsvp.event_id == self.event.id)):
            assert not self.event.on or rsvp.offered_until is None or rsvp.offered_until <= self.event.starts_at

    @invariant()
    def sessions_hold_as_many_as_they_seat_and_only_who_comes(self) -> None:
        seats = db.session.scalars(select(SessionSeat).where(SessionSeat.session_id == self.workshop.id)).all()
        assert sum(seat.seats for seat in seats if seat.status in HELD) <= 2
        for seat in seats:
            assert seat.rsvp.status is RsvpStatus.CONFIRMED
            assert (seat.offered_until is not None) == (seat.status is RsvpStatus.OFFERED)
            assert seat.seats <= seat.rsvp.party_size

    @invariant()
    def the_log_replays_to_what_is(self) -> None:
        for rsvp in db.session.scalars(select(Rsvp).where(Rsvp.event_id == self.event.id)):
            steps = db.session.scalars(history(rsvp)).all()
            # Where two records became one, the steps of both stand side by side, up to the one that says so.
            joined = max((n for n, step in enumerate(steps) if step.reason.startswith(ONE_OF_TWO)), default=0)
            status = steps[joined].before
            for step in steps[joined:]:
                assert step.before == status
                status = step.after
            assert status == rsvp.status
            assert steps[-1].party_size == rsvp.party_size
            assert (rsvp.offered_until is not None) == (status is RsvpStatus.OFFERED)
            assert (rsvp.queued_at is not None) == (status is RsvpStatus.WAITLISTED)

    def teardown(self) -> None:
        db.session.rollback()
        db.session.expunge_all()  # numbers are given anew in the next run


def close(event: Event, wall: datetime | None) -> None:
    """Take answers until then."""
    event.rsvp_deadline, event.rsvp_closes_at = wall, to_utc(wall, event.zone) if wall else None


@pytest.mark.no_cover  # thousands of turns over lines that other tests cover
@pytest.mark.usefixtures("app")
def test_seats_are_given_by_the_rules_under_any_sequence_of_acts():
    runs = 60 if db.engine.dialect.name == "sqlite" else 6  # the rules are Python's: the other shows that it fits
    # Nothing is committed: each run ends in a rollback, so that the next finds the database as it was.
    run_state_machine_as_test(
        Seats,
        settings=settings(
            max_examples=runs, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
