"""Whatever anyone does in whatever order: never overbooked, nobody lost, nobody passed, and the log tells it all."""

from datetime import timedelta
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
from sqlalchemy import select

from society.db import db
from society.errors import Refused
from society.events.models import RsvpPolicy
from society.notices.actions import cancel, postpone
from society.records import answers, erasing
from society.records.merging import merge
from society.rsvps.actions import approve, ask_guest, confirm, decline, pass_on, promote, reply, withdraw
from society.rsvps.last_day import hushed
from society.rsvps.models import HELD, Answer, Rsvp, RsvpStatus, Transition
from society.rsvps.queries import history, queue, rsvp_of
from society.rsvps.seats import gives_seats
from tests.builders import a_person, an_event

PEOPLE = 6
people = st.integers(0, PEOPLE - 1)
sizes = st.integers(1, 4)


class Seats(RuleBasedStateMachine):
    """Six people and an organizer, at an event of a few seats."""

    @initialize(
        capacity=st.integers(1, 4),
        policy=st.sampled_from([RsvpPolicy.OPEN, RsvpPolicy.APPROVAL]),
        hours=st.sampled_from([200, 30, 20]),
    )
    def begin(self, capacity: int, policy: RsvpPolicy, hours: int) -> None:
        self.event = an_event(capacity=capacity, max_party_size=4, rsvp_policy=policy)
        self.now = self.event.starts_at - timedelta(hours=hours)
        self.people = [a_person() for _ in range(PEOPLE)]
        self.staff = a_person("", "organizer")
        self.answered: set[int] = set()
        """The numbers of those who ever answered."""
        self.most = capacity
        self.last = 0
        """The number of the last step that was replayed."""
        self.held: dict[int, int] = {}
        self.queue: dict[int, int] = {}
        """By answer, the seats it has and the seats it waits for, in order: as the log tells, step by step."""
        for who in range(PEOPLE - 1):  # so that there is a queue from the start
            self.answers(who, Answer.YES, 1)
            if policy is RsvpPolicy.APPROVAL:
                self.something_happens_to_an_answer(who, "approve")

    def attempt(self, act: Any, *args: Any, **kwargs: Any) -> None:
        """Do it as a request would, after the chore of the minute: a refusal rolls back."""
        self.now += timedelta(minutes=1)
        pass_on(self.event, self.now)
        savepoint = db.session.begin_nested()
        try:
            act(*args, **kwargs)
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
        if self.now + timedelta(hours=hours + 2) < self.event.starts_at:
            self.now += timedelta(hours=hours)
        self.attempt(lambda: None)

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

    @rule(who=people, act=st.sampled_from(["confirm", "withdraw", "approve", "decline", "remove"]))
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
        }
        self.attempt(acts[act])

    @rule(capacity=st.one_of(st.none(), st.integers(1, 8)))
    def the_capacity_changes(self, capacity: int | None) -> None:
        self.event.capacity = capacity
        self.attempt(promote, self.event, self.now)
        # Who has a seat keeps it; but while there are too many, their number may only fall.
        self.most = max(capacity or 10_000, self.taken())

    @precondition(lambda self: self.event.on)
    @rule(act=st.sampled_from([cancel, postpone]))
    def the_event_is_called_off_or_put_off(self, act: Any) -> None:
        self.attempt(lambda: act(self.event, by=self.staff, now=self.now, tell=False))

    @precondition(lambda self: not self.event.on)
    @rule()
    def it_takes_place_after_all(self) -> None:
        self.event.cancelled_at = self.event.postponed_at = None
        self.attempt(promote, self.event, self.now)

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
        if step.reason.startswith("Two records"):
            there = set(db.session.scalars(select(Rsvp.id).where(Rsvp.event_id == self.event.id)))
            self.held, self.queue = ({n: one[n] for n in one if n in there} for one in (self.held, self.queue))
        seats = step.party_size if step.after in HELD else 0
        if seats > self.held.get(number, 0):
            free = (self.event.capacity or 10_000) - sum(self.held.values())
            assert seats - self.held.get(number, 0) <= free
            ahead = takewhile(lambda other: other != number, self.queue)
            assert not [other for other in ahead if self.queue[other] <= free]
        self.held[number] = seats
        if step.after is RsvpStatus.WAITLISTED:
            self.queue[number] = step.party_size
        else:
            self.queue.pop(number, None)

    @invariant()
    def the_log_replays_to_what_is(self) -> None:
        for rsvp in db.session.scalars(select(Rsvp).where(Rsvp.event_id == self.event.id)):
            steps = db.session.scalars(history(rsvp)).all()
            # Where two records became one, the steps of both stand side by side, up to the one that says so.
            joined = max((n for n, step in enumerate(steps) if step.reason.startswith("Two records")), default=0)
            status = steps[joined].before
            for step in steps[joined:]:
                assert step.before == status
                status = step.after
            assert status == rsvp.status
            if status in HELD:
                assert step.party_size == rsvp.party_size
            assert (rsvp.offered_until is not None) == (status is RsvpStatus.OFFERED)
            assert (rsvp.queued_at is not None) == (status is RsvpStatus.WAITLISTED)

    def teardown(self) -> None:
        db.session.rollback()
        db.session.expunge_all()  # numbers are given anew in the next run


@pytest.mark.no_cover  # thousands of turns over lines that other tests cover
@pytest.mark.usefixtures("app")
def test_seats_are_given_by_the_rules_under_any_sequence_of_acts():
    runs = 18 if db.engine.dialect.name == "sqlite" else 6  # the rules are Python's: the other shows that it fits
    # Nothing is committed: each run ends in a rollback, so that the next finds the database as it was.
    run_state_machine_as_test(
        Seats,
        settings=settings(
            max_examples=runs, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
