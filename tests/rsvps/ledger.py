"""An event's seats and queues as its log tells them, step by step, each judged by what is promised."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import select

from society.agenda.models import Session
from society.db import db
from society.events.models import Event, RsvpPolicy
from society.mail.models import Letter
from society.rsvps.models import Answer, Rsvp, RsvpStatus, Transition
from society.rsvps.session_models import SessionSeat
from tests.rsvps.promises import gives_seats, is_night, moves_up, must_be_confirmed

CONFIRMED, OFFERED, WAITLISTED, PENDING, UNCONFIRMED, MAYBE, DECLINED, CANCELLED = (
    RsvpStatus(name)
    for name in ("confirmed", "offered", "waitlisted", "pending", "unconfirmed", "maybe", "declined", "cancelled")
)
SEATED = (CONFIRMED, OFFERED)
STANDS = (*SEATED, WAITLISTED, PENDING)
AT_THE_DOOR = ("Came to the door", "Let in at the door")
LET_IN = ("Approved by", "Let in by")
ONE_OF_TWO = "Two records"
NO_MORE_DECIDED = "The organizers do not decide any more"
ONLINE_AGAIN = "No seat became free before answers closed; joins online again."
BETTER_FIRST = [*STANDS, "out", MAYBE, DECLINED, CANCELLED, UNCONFIRMED]
NEWS = ("promoted", "offered", "session", "session-offered")
"""Kinds of letters that tell of a seat."""
_PLACE = re.compile(r"You are number (\d+) on the waiting list")
BOUNDLESS = 10_000
Stand = tuple[RsvpStatus, int, bool]
"""How an answer stands: its status, its party, and whether they join online."""


@dataclass
class Entry:
    """What the log has told of one answer so far."""

    status: RsvpStatus
    party: int
    since: datetime
    """When that came to be."""
    let_in_at: datetime | None = None
    """When the organizers let it in."""
    out: bool = False
    """Whether they declined or removed it."""
    said_no: bool = False
    until: datetime | None = None
    """Until when a seat is kept for it, as the answer itself says."""
    online: bool = False
    left_online: bool = False
    """Whether they joined online until they asked for the seat that they wait for."""

    @property
    def seats(self) -> int:
        return self.party if self.status in SEATED and not self.online else 0


class Ledger:
    """The answers to an event."""

    def __init__(self, event: Event, now: datetime) -> None:
        self.event = event
        self.on_since = now
        self.entries: dict[int, Entry] = {}
        self.owners: dict[int, int] = {}
        self.queue: list[int] = []
        self.undecided: list[int] = []
        """Answers by number, in the order in which they asked."""
        self.erased: set[int] = set()
        self.acting: frozenset[int] = frozenset()
        """Whose answer what is done now is about, by the person's number."""
        self.told: list[tuple[int, str]] = []
        """What the steps that were read last say, by answer."""
        self.two: tuple[int, ...] = ()
        """The answers of two people who have just become one."""
        self.last = self.last_letter = 0
        self.most = BOUNDLESS

    def read(self, now: datetime, *, whole: bool = True) -> None:
        """Go on by the steps that are new; then the answers must be what these came to, which is looked up where there
        are any, or `whole`."""
        columns = [Transition.id, Transition.rsvp_id, Transition.at, Transition.before, Transition.after]
        rows = select(*columns, Transition.party_size, Transition.online, Transition.reason).join(Transition.rsvp)
        rows = rows.where(Rsvp.event_id == self.event.id, Transition.id > self.last).order_by(Transition.id)
        steps = db.session.execute(rows).all()
        self.told = [(step.rsvp_id, step.reason) for step in steps]
        for step in steps:
            self.last = step.id
            if step.reason.startswith(ONE_OF_TWO):
                self._two_become_one(step)
            else:
                self._step(step)
        if steps or whole:
            self._compare()
            self._letters_are_right()
        self._keeps_its_promises(now)

    @property
    def free(self) -> int:
        taken = sum(entry.seats for entry in self.entries.values())
        return (self.event.capacity or BOUNDLESS) - taken

    def fitting(self, numbers: Iterable[int], room: int) -> list[int]:
        return [number for number in numbers if self.entries[number].party <= room]

    def _step(self, step: Any) -> None:
        number = step.rsvp_id
        entry = self.entries.get(number)
        assert step.before == (entry.status if entry else None), step.reason
        takes = step.after in SEATED and not step.online
        more = (step.party_size if takes else 0) - (entry.seats if entry else 0)
        if more > 0:
            self._seats_are_given_in_order(step, entry, more)
        if step.online:
            self._joins_online_by_the_rules(step, entry)
        if entry:
            self._is_taken_from_nobody(step, entry)
        self._keeps_to_what_was_said(step, entry)
        self._note(step, entry or Entry(step.after, 0, step.at))

    def _is_taken_from_nobody(self, step: Any, entry: Entry) -> None:
        """What somebody has they give back, or organizers take, or they do not confirm it in time."""
        if step.reason == "The offered seats were not confirmed in time.":
            assert entry.until
            assert entry.until <= step.at
            assert entry.since >= self.on_since
        elif entry.status in STANDS:
            less = step.party_size < entry.party or BETTER_FIRST.index(step.after) > BETTER_FIRST.index(entry.status)
            assert not less or self.acts_on(step.rsvp_id), step.reason
            other_way = step.online is not entry.online and self.event.online_url
            assert not other_way or self.acts_on(step.rsvp_id) or step.reason == ONLINE_AGAIN, step.reason

    def acts_on(self, number: int) -> bool:
        return self.owners.get(number) in self.acting

    def _seats_are_given_in_order(self, step: Any, entry: Entry | None, more: int) -> None:
        event, free = self.event, self.free
        assert more <= free, step.reason
        open_still, at_the_door = gives_seats(event, step.at), step.reason.startswith(AT_THE_DOOR)
        ahead = takewhile(lambda other: other != step.rsvp_id, self.queue)
        assert not self.fitting(ahead, free) or (at_the_door and not open_still), step.reason
        waited = entry is not None and entry.status in (WAITLISTED, PENDING) and entry.since < step.at
        let_in = entry is not None and entry.let_in_at == step.at
        if at_the_door or let_in:
            assert event.cancelled_at is None
            assert event.postponed_at is None
        elif waited:
            assert moves_up(event, step.at), step.reason
            assert (step.after is OFFERED) == must_be_confirmed(event.starts_at, step.at)
        else:
            assert open_still, step.reason
            assert step.after is CONFIRMED

    def _joins_online_by_the_rules(self, step: Any, entry: Entry | None) -> None:
        """Nobody waits for what takes no seat; it is had while answers are taken, and where the organizers decide, from
        them or by one whom they have let in."""
        assert step.after not in (OFFERED, WAITLISTED)
        had = entry is not None and entry.online and entry.status is step.after
        if step.after is not CONFIRMED or had:
            return
        let_in = step.reason.startswith((*LET_IN, NO_MORE_DECIDED))
        assert self.event.online_url
        if step.reason == ONLINE_AGAIN:
            assert entry is not None
            assert entry.left_online
            assert not gives_seats(self.event, step.at)
            return
        assert let_in or gives_seats(self.event, step.at), step.reason
        approved = let_in or (entry is not None and entry.status in (*SEATED, WAITLISTED))
        assert approved or self.event.rsvp_policy is RsvpPolicy.OPEN, step.reason

    def _keeps_to_what_was_said(self, step: Any, entry: Entry | None) -> None:
        """Limits hold for all who hold nothing, and who is off the list stays off until they are let in."""
        let_in = step.reason.startswith((*AT_THE_DOOR, *LET_IN))
        if step.before not in STANDS and step.after in STANDS and not let_in:
            assert step.party_size <= self.event.max_party_size
            assert not (entry and entry.out) or (step.before is DECLINED and self.event.rsvp_policy is RsvpPolicy.OPEN)
        if step.reason.startswith(NO_MORE_DECIDED):
            assert self.event.rsvp_policy is RsvpPolicy.OPEN
            assert step.rsvp_id == self.undecided[0]

    def _note(self, step: Any, entry: Entry) -> None:
        number = step.rsvp_id
        for line, status in ((self.queue, WAITLISTED), (self.undecided, PENDING)):
            if step.after is status and number not in line:
                line.append(number)
            elif step.after is not status and number in line:
                line.remove(number)
        if step.reason.startswith(LET_IN):
            entry.let_in_at = step.at
        removed = step.reason in ("Removed by the organizers.", "The organizers could not offer a place.")
        entry.out = removed or (entry.out and step.after not in (*STANDS, MAYBE))
        if step.after is WAITLISTED is not step.before:
            entry.left_online = entry.status is CONFIRMED and entry.online
        if step.after is not step.before:
            entry.said_no = step.reason == "Answered no."
        if step.after is not step.before or step.after is OFFERED:
            entry.since = step.at
        entry.status, entry.party, entry.online = step.after, step.party_size, step.online
        self.entries[number] = entry

    def _two_become_one(self, step: Any) -> None:
        """What stays is no worse than the better of the two, and no smaller where both have seats."""
        stays = step.rsvp_id
        assert stays in self.two
        better, other = sorted(self.two, key=lambda number: (self._rank(number), number != stays))
        best, worse = self.entries[better], self.entries[other]
        assert step.before == step.after == best.status
        alike = best.status in SEATED and worse.status in SEATED and best.online is worse.online
        assert step.party_size == (max(best.party, worse.party) if alike else best.party)
        assert step.online is best.online
        for line in (self.queue, self.undecided):
            line[:] = [stays if number == better else number for number in line if number != other]
        best.party, best.left_online = step.party_size, best.left_online or worse.left_online
        del self.entries[better], self.entries[other]
        self.entries[stays] = best

    def _rank(self, number: int) -> tuple[int, ...]:
        """First the better one, there rather than online, and of two that wait the one that does so for longer."""
        entry = self.entries[number]
        out = entry.out and entry.status not in STANDS
        places = [line.index(number) for line in (self.queue, self.undecided) if number in line]
        return BETTER_FIRST.index("out" if out else entry.status), entry.online, *(places or [0])

    def _compare(self) -> None:
        """The answers as they stand are those that the log tells of: nobody lost, nobody passed."""
        columns = [Rsvp.id, Rsvp.person_id, Rsvp.status, Rsvp.party_size, Rsvp.online, Rsvp.answer]
        answers = select(*columns, Rsvp.queued_at, Rsvp.offered_until).where(Rsvp.event_id == self.event.id)
        rows = {row.id: row for row in db.session.execute(answers)}
        assert rows.keys() == self.entries.keys()
        for number, row in rows.items():
            entry = self.entries[number]
            assert (row.status, row.party_size, row.online) == (entry.status, entry.party, entry.online)
            assert row.person_id == self.owners.setdefault(number, row.person_id)
            assert row.person_id not in self.erased or row.status not in STANDS
            assert (row.queued_at is not None) == (row.status is WAITLISTED)
            assert (row.offered_until is not None) == (row.status is OFFERED)
            self._says_what_it_came_to(row, entry)
            entry.until = row.offered_until
        waiting = sorted((row.queued_at, row.id) for row in rows.values() if row.status is WAITLISTED)
        assert [number for _, number in waiting] == self.queue

    def _keeps_its_promises(self, now: datetime) -> None:
        """Never overbooked; what is offered is so for a time, and what is free goes to who waits."""
        event, free = self.event, self.free
        if event.cancelled_at is None and event.postponed_at is None:
            assert all(now < entry.until <= event.starts_at for entry in self.entries.values() if entry.until)
        taken = (event.capacity or BOUNDLESS) - free
        self.most = max(event.capacity or BOUNDLESS, min(self.most, taken))
        assert taken <= self.most
        assert not moves_up(event, now) or not self.fitting(self.queue, free)
        assert not (event.rsvp_policy is RsvpPolicy.OPEN and gives_seats(event, now) and self.undecided)

    def _letters_are_right(self) -> None:
        """News of a seat leaves by day, whenever it was written; and who waits is told the place that they have."""
        letters = select(Letter.id, Letter.reason, Letter.due_at, Letter.body).where(Letter.id > self.last_letter)
        for letter in db.session.execute(letters.order_by(Letter.id)).all():
            self.last_letter = letter.id
            if not letter.reason.startswith("rsvp:"):
                continue
            number, kind = letter.reason.split(":")[1:3]
            if kind in NEWS:
                assert not is_night(letter.due_at, self.event.zone), letter.reason
            elif kind == "waitlisted":
                places = [int(place) for place in _PLACE.findall(letter.body)]
                assert all(place == self.queue.index(int(number)) + 1 for place in places), letter.reason

    def _says_what_it_came_to(self, row: Any, entry: Entry) -> None:
        assert row.status not in STANDS or row.answer is Answer.YES
        assert row.status is not MAYBE or row.answer is Answer.MAYBE
        assert row.status is not DECLINED or (row.answer is Answer.NO) == entry.said_no


class Seats:
    """The seats of a session, judged by how they stood before and by what the log of answers has just told."""

    def __init__(self, session: Session, ledger: Ledger) -> None:
        self.session, self.ledger = session, ledger
        self.rows: dict[int, Any] = {}
        self.order: list[int] = []
        """Who waits, by the number of their answer, in the order in which they asked."""
        self.most = BOUNDLESS

    def read(
        self, now: datetime, *, passed: bool = False, whole: bool = True, renamed: dict[int, int] | None = None
    ) -> None:
        """`passed`: what is free has just been passed on. `renamed`: of two answers that became one, which stayed."""
        if renamed:
            self._rename(renamed)
        rows = self._found() if whole or self.ledger.told else self.rows
        waits = sorted((row.queued_at, number) for number, row in rows.items() if row.status is WAITLISTED)
        self.order += [number for _, number in waits if number not in self.order]
        waiting = [number for number in self.order if number in rows and rows[number].status is WAITLISTED]
        assert [number for _, number in waits] == waiting
        taken = sum(row.seats for row in rows.values() if row.status in SEATED)
        free = (self.session.capacity or BOUNDLESS) - taken
        for row in rows.values():
            self._stands(row, now, passed=passed)
            if row.status in SEATED:
                self._got_in_order(row, rows, free, now, merged=bool(renamed))
        for number, before in self.rows.items():
            self._is_taken_from_nobody(number, before, rows.get(number), now)
        if not renamed:
            self._is_told(rows)
        self.most = max(self.session.capacity or BOUNDLESS, min(self.most, taken))
        assert taken <= self.most
        if passed and moves_up(self.session.event, now, self.session.starts_at):
            assert not [number for number in waiting if rows[number].seats <= free]
        self.rows, self.order = rows, waiting

    def _found(self) -> dict[int, Any]:
        columns = [SessionSeat.rsvp_id, SessionSeat.status, SessionSeat.seats, SessionSeat.queued_at]
        answer = Rsvp.status.label("answer"), Rsvp.online, Rsvp.party_size
        chosen = select(*columns, SessionSeat.offered_until, *answer)
        chosen = chosen.join(SessionSeat.rsvp).where(SessionSeat.session_id == self.session.id)
        return {row.rsvp_id: row for row in db.session.execute(chosen)}

    def _is_taken_from_nobody(self, number: int, before: Any, row: Any, now: datetime) -> None:
        """Who comes to the event keeps what they have, until they give it back or do not confirm it in time."""
        comes = number in self.ledger.entries and self.ledger.entries[number].status is CONFIRMED
        lapsed = before.offered_until is not None and before.offered_until <= now
        if comes and not lapsed and not self.ledger.acts_on(number):
            assert row is not None
            assert STANDS.index(row.status) <= STANDS.index(before.status)
            assert row.seats >= min(before.seats, row.party_size)

    def _is_told(self, rows: dict[int, Any]) -> None:
        """Whatever becomes of a seat stands in the log of its answer."""
        told = {number for number, reason in self.ledger.told if f"“{self.session.title}”" in reason}
        for number in rows.keys() | self.rows.keys():
            was, is_ = ((row.status, row.seats) if row else None for row in (self.rows.get(number), rows.get(number)))
            assert was == is_ or number in told

    def _stands(self, row: Any, now: datetime, *, passed: bool) -> None:
        """An offer in what has begun, as where its event has a new date and it has none, ends with the next chore."""
        event, begun = self.session.event, now >= self.session.starts_at
        assert row.answer is CONFIRMED
        assert not row.online
        assert row.seats <= row.party_size
        assert (row.offered_until is not None) == (row.status is OFFERED)
        if row.offered_until and event.cancelled_at is None and event.postponed_at is None:
            assert now < row.offered_until or (begun and not passed)
            assert row.offered_until <= self.session.starts_at or begun

    def _got_in_order(self, row: Any, rows: dict[int, Any], free: int, now: datetime, *, merged: bool) -> None:
        event, starts_at, before = self.session.event, self.session.starts_at, self.rows.get(row.rsvp_id)
        had = before.seats if before and before.status in SEATED else 0
        if row.seats <= had or (merged and had):
            return
        ahead = takewhile(lambda other: other != row.rsvp_id, self.order)
        waiting = [number for number in ahead if number in rows and rows[number].status is WAITLISTED]
        assert not [number for number in waiting if rows[number].seats <= free + row.seats - had]
        if before and before.status is WAITLISTED:
            assert moves_up(event, now, starts_at)
            assert (row.status is OFFERED) == must_be_confirmed(starts_at, now)
        else:
            assert gives_seats(event, now, starts_at)
            assert row.status is CONFIRMED

    def _rename(self, renamed: dict[int, int]) -> None:
        """The better of what two held or waited for stays."""
        for gone, stays in renamed.items():
            seats = [self.rows.pop(number) for number in (gone, stays) if number in self.rows]
            places = [self.order.index(number) for number in (gone, stays) if number in self.order]
            if seats:
                self.rows[stays] = min(seats, key=lambda row: STANDS.index(row.status))
            first = min(places, default=-1)
            self.order = [
                stays if place == first else number
                for place, number in enumerate(self.order)
                if place == first or number not in (gone, stays)
            ]


def replays(number: int) -> bool:
    """Whether the whole log of an answer leads to what it is, also where two became one and both their steps stand in
    it: one after the other each must go on from where one of them was."""
    answer = db.session.get_one(Rsvp, number)
    told: set[tuple[Stand, ...]] = {()}
    steps = select(Transition).where(Transition.rsvp_id == number).order_by(Transition.id)
    for step in db.session.scalars(steps).all():
        told = {after for before in told for after in _went_on(before, step)}
    return ((answer.status, answer.party_size, answer.online),) in told


def _went_on(lines: Sequence[Stand], step: Transition) -> Iterable[tuple[Stand, ...]]:
    """How it may stand with one answer, or with two that are to become one, after a step."""
    now = (step.after, step.party_size, step.online)
    if step.before is None:
        yield tuple(sorted((*lines, now)))
        return
    for line in {line for line in lines if line[0] is step.before}:
        others = list(lines)
        others.remove(line)
        if not step.reason.startswith(ONE_OF_TWO):
            yield tuple(sorted((*others, now)))
            continue
        for other in set(others):
            left = list(others)
            left.remove(other)
            if step.party_size in (line[1], other[1]) and step.online is line[2]:
                yield tuple(sorted((*left, now)))
