"""Answers to an event as they would have come in, with seats and waiting list by the rules of `society.rsvps`."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from society.demo.bulk import Bulk
from society.demo.chance import Chance
from society.demo.paragraphs import NOTES
from society.demo.people import MEMBER, ORGANIZER, Register
from society.demo.setting import ZONE
from society.events.models import Event, RsvpPolicy, Visibility
from society.events.render import spoken_in
from society.people.models import Person
from society.rsvps.last_day import hushed, letters_leave_at, offer_ends
from society.rsvps.models import BY_FORM, TURNED_DOWN, Answer, Rsvp, RsvpStatus
from society.text import counted
from society.times import to_wall

_ANSWERS = {Answer.YES: 80.0, Answer.MAYBE: 8.0, Answer.NO: 12.0}
_PARTIES = {1: 70.0, 2: 24.0, 3: 4.0, 4: 2.0}
_JOINS_ONLINE = 0.45
"""Of those who say yes where one can."""
_WITHDRAWS, _IS_DECLINED, _NEVER_CONFIRMS, _COMES = 0.07, 0.2, 0.15, 0.85

Step = Callable[[Rsvp, datetime], None]
"""Something that happens to an answer, and when."""


class Hall:
    """One event's answers: things happen in the order of their times, and seats go to the earliest party that fits."""

    def __init__(self, event: Event, now: datetime, chance: Chance, bulk: Bulk) -> None:
        self._event, self._now, self._chance, self._bulk = event, now, chance, bulk
        ends = (now, event.starts_at, event.rsvp_closes_at, event.cancelled_at, event.postponed_at)
        self._closes_at = min(moment for moment in ends if moment is not None)
        self._to_come: list[tuple[datetime, int, Rsvp, Step]] = []
        self._order = count()
        self._queue: list[Rsvp] = []
        self._taken = 0

    def fill(self, numbers: list[int], register: Register) -> list[Rsvp]:
        """Let these people answer, and then let time pass."""
        opens_at = self._event.published_at
        assert opens_at
        moments = sorted(self._chance.moment(opens_at, self._closes_at) for _ in numbers)
        rsvps = [self._rsvp(number, at) for number, at in zip(numbers, moments, strict=True)]
        for rsvp in rsvps:
            asks_by_mail = register.is_guest(rsvp.person_id)
            self._then(rsvp.answered_at, rsvp, self._ask if asks_by_mail else self._answer)
        while self._to_come:
            at, _, rsvp, step = heappop(self._to_come)
            step(rsvp, at)
        for rsvp in rsvps:
            self._check_in(rsvp)
        return rsvps

    def _rsvp(self, number: int, at: datetime) -> Rsvp:
        chance, event = self._chance, self._event
        most = min(event.max_party_size, event.capacity or event.max_party_size)
        rsvp = Rsvp(
            event_id=event.id,
            person_id=number,
            answer=chance.weighed(_ANSWERS),
            party_size=min(chance.weighed(_PARTIES), most),
            note=chance.choice(NOTES) if chance.is_so(0.06) else "",
            answered_at=at,
            link_key=chance.token(),
        )
        both_ways = event.hybrid and event.rsvp_policy is not RsvpPolicy.APPROVAL
        rsvp.online = both_ways and rsvp.answer is Answer.YES and chance.is_so(_JOINS_ONLINE)
        self._bulk.add(rsvp)
        return rsvp

    def _then(self, at: datetime, rsvp: Rsvp, step: Step) -> None:
        """Have something happen, unless it would be too late."""
        if at < self._closes_at:
            heappush(self._to_come, (at, next(self._order), rsvp, step))

    def _ask(self, rsvp: Rsvp, at: datetime) -> None:
        """A guest answers on the page; it counts once they open the mailed link."""
        self._step(rsvp, RsvpStatus.UNCONFIRMED, at, None, BY_FORM.format(answer=rsvp.answer))
        if not self._chance.is_so(_NEVER_CONFIRMS):
            self._then(at + timedelta(minutes=self._chance.randint(1, 300)), rsvp, self._answer)

    def _answer(self, rsvp: Rsvp, at: datetime) -> None:
        rsvp.answered_at = at
        seats = counted(rsvp.party_size, "seat")
        if rsvp.answer is Answer.NO:
            self._step(rsvp, RsvpStatus.DECLINED, at, rsvp.person_id, "Answered no.")
        elif rsvp.answer is Answer.MAYBE:
            self._step(rsvp, RsvpStatus.MAYBE, at, rsvp.person_id, "Answered maybe.")
        elif self._event.rsvp_policy is RsvpPolicy.APPROVAL:
            self._step(rsvp, RsvpStatus.PENDING, at, rsvp.person_id, f"Asked for {seats}; the organizers decide.")
            self._then(at + timedelta(hours=self._chance.randint(6, 200)), rsvp, self._decide)
        elif rsvp.online:
            self._step(rsvp, RsvpStatus.CONFIRMED, at, rsvp.person_id, "Joins online.")
        else:
            self._enqueue(rsvp, at, rsvp.person_id, f"Asked for {seats}.")

    def _decide(self, rsvp: Rsvp, at: datetime) -> None:
        if self._chance.is_so(_IS_DECLINED):
            self._step(rsvp, RsvpStatus.DECLINED, at, ORGANIZER, TURNED_DOWN)
        else:
            self._enqueue(rsvp, at, ORGANIZER, "Approved by the organizers.")

    def _enqueue(self, rsvp: Rsvp, at: datetime, actor: int, reason: str) -> None:
        self._step(rsvp, RsvpStatus.WAITLISTED, at, actor, reason)
        last = self._queue[-1].queued_at if self._queue else None
        rsvp.queued_at = max(at, last + timedelta(microseconds=1)) if last else at
        self._queue.append(rsvp)
        self._promote(at, newcomer=rsvp)
        if self._chance.is_so(_WITHDRAWS):
            self._then(at + timedelta(hours=self._chance.randint(1, 900)), rsvp, self._withdraw)

    def _withdraw(self, rsvp: Rsvp, at: datetime) -> None:
        if rsvp.status is RsvpStatus.CONFIRMED:
            self._taken -= rsvp.party_size
        else:
            self._queue.remove(rsvp)
        self._step(rsvp, RsvpStatus.CANCELLED, at, rsvp.person_id, "Withdrawn.")
        self._promote(at)

    def _promote(self, at: datetime, newcomer: Rsvp | None = None) -> None:
        for rsvp in list(self._queue):
            if self._event.capacity is None or self._taken + rsvp.party_size <= self._event.capacity:
                if rsvp is not newcomer and hushed(self._event, at):
                    self._then(letters_leave_at(self._event, at), rsvp, self._wake)
                    return
                self._queue.remove(rsvp)
                self._taken += rsvp.party_size
                if rsvp is not newcomer and (until := offer_ends(self._event, at)):
                    self._offer(rsvp, at, until)
                    continue
                reason = "Seats were free." if rsvp is newcomer else "Seats became free."
                self._step(rsvp, RsvpStatus.CONFIRMED, at, None, reason)

    def _wake(self, _rsvp: Rsvp, at: datetime) -> None:
        """In the morning those who were left to sleep get what became free."""
        self._promote(at)

    def _offer(self, rsvp: Rsvp, at: datetime, until: datetime) -> None:
        """On the last day it is theirs by confirming, which they do within minutes."""
        reason = f"Seats became free, to be confirmed by {spoken_in(until, self._event.zone)}."
        self._step(rsvp, RsvpStatus.OFFERED, at, None, reason)
        soon = at + (until - at) / self._chance.randint(3, 9)
        self._step(rsvp, RsvpStatus.CONFIRMED, soon, rsvp.person_id, "Took the seats that were offered.")

    def _check_in(self, rsvp: Rsvp) -> None:
        """Most of those with a seat came, if it has been."""
        event = self._event
        if rsvp.has_seat and event.on and event.ends_at <= self._now and self._chance.is_so(_COMES):
            rsvp.checked_in_at = event.starts_at - timedelta(minutes=self._chance.randint(-10, 25))

    def _step(self, rsvp: Rsvp, status: RsvpStatus, at: datetime, actor: int | None, reason: str) -> None:
        step = rsvp.become(status, at=at, actor=Person(id=actor) if actor else None, reason=reason)
        self._bulk.add(step)


def who_answers(event: Event, count: int, register: Register, chance: Chance) -> list[int]:
    """Numbers of different people who were known when it was announced and may answer; fewer if hard to find."""
    assert event.published_at
    known = register.known_at(event.published_at)
    members_only = event.visibility is Visibility.MEMBERS or event.rsvp_policy is RsvpPolicy.MEMBERS
    on = to_wall(event.published_at, ZONE).date()
    found: dict[int, None] = {}
    for number in _tries(known, count, chance):
        if len(found) == count:
            break
        if not members_only or register.is_member(number, on):
            found[number] = None
    return list(found)


def _tries(known: int, count: int, chance: Chance) -> Iterator[int]:
    if chance.is_so(0.4):
        yield MEMBER
    for _ in range(count * 12):
        yield chance.randint(1, known)
