"""The post office at work. It may be killed at any instant: nothing is lost, and one letter at most goes out twice; of
which two ends are unknown, that goes out no third time, and is shown to whoever can find out.

A letter is claimed by a conditional UPDATE, sent outside any transaction, and its fate written in the transaction that
lets the next go. A claim has an end, so what a killed worker held is taken up by the next; the Message-ID stays, so
that mail programs can tell. Between the letters it sees to the chores that it is given, when their time has come.

Nobody waits for another: the next letter is made while the server is busy with the one before, and told to the server
while that one's fate is brought to the disk. Its text leaves after that, so one letter at most goes out twice.
"""

import contextlib
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from society.db import begin_write, db, waited_to_write
from society.mail import alive, claims
from society.mail.actions import bury
from society.mail.claims import Claimed, is_anything_due
from society.mail.models import OPEN_ENDS, TWICE, Letter, LetterState
from society.mail.packing import packed
from society.mail.parcels import (
    Carrier,
    HungUp,
    Parcel,
    PutOff,
    TurnedDown,
    Unanswered,
    Unreachable,
    handed_over,
    unforeseen,
)
from society.mail.throttle import is_limited, take_back_offer
from society.mail.transport import Clients, carrier, until
from society.settings import society, stated_address
from society.times import midnight, today_in
from society.times import now as this_instant

log = logging.getLogger("society.mail")

Chore = Callable[[datetime], None]
"""Timed work: told the instant, it does what is due by then, commits it, and may be killed and repeated at any time."""
BETWEEN_CHORES = timedelta(hours=1)
A_MINUTE = timedelta(minutes=1)
EVER = datetime.min.replace(tzinfo=UTC)

HELD_SECONDS = 1.0
"""So long letters are held that were claimed together, before it is asked anew which should leave first."""
BATCH_SECONDS = 60.0
"""Where a batch ends, well within the time of a claim."""
LIMITED_BATCH_SECONDS = 5.0
"""The same where mail is limited: letters are counted as if offered when their batch began."""
REST = 20
"""How much longer than it waited for its turn to write it rests after each letter: where people write, they go first;
where nobody does, letters leave as fast as the mail server takes them."""
LONGEST_REST = 0.5
ATTEMPTS = 29
"""How often a letter is offered to a server that puts it off: with the pauses in between for five days (RFC 5321,
4.5.4.1)."""
LONGEST_PAUSE = timedelta(hours=6)
LONGEST_WHILE_UNREACHABLE = timedelta(minutes=15)
NO_SIGN = alive.Sign()
THE_END = (Unreachable, HungUp, Unanswered)
"""After these nothing more is offered to the server for now."""


def run(
    stop: threading.Event,
    chores: Iterable[Chore] = (),
    every_minute: Iterable[Chore] = (),
    beside: Iterable[Chore] = (),
) -> None:
    """Deliver what is due until told to stop; in a thread or a process of its own, within an application context.

    The chores are done at start, every hour, and right after midnight by the society's clock; some each minute, and of
    these in threads of their own those that wait for others, so that no letter waits with them.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    todo, next_chores = tuple(chores), EVER
    urgent, next_urgent = tuple(every_minute), EVER
    log.info("post office open")
    for chore in beside:
        threading.Thread(target=_time_and_again, args=(app, chore, stop), daemon=True).start()
    with alive.shown() as sign:
        while not stop.is_set():
            if this_instant() >= next_chores:
                next_chores = _seen_to(app, todo, stop)
            if this_instant() >= next_urgent:
                next_urgent = this_instant() + A_MINUTE
                _see_to(app, urgent, stop)
            if not _delivered(app, stop, sign):
                stop.wait(1)
    log.info("post office closed")


def _time_and_again(app: Flask, chore: Chore, stop: threading.Event) -> None:
    while not stop.is_set():
        _see_to(app, (chore,), stop)
        stop.wait(A_MINUTE.total_seconds())


def _delivered(app: Flask, stop: threading.Event, sign: alive.Sign) -> int:
    try:
        with app.app_context():  # a new one each time, so that changed settings are seen
            take_over_from_the_dead(this_instant())
            return deliver_due(this_instant(), stop, sign)
    except SQLAlchemyError as error:
        log.warning("database did not answer", extra={"error": str(error)})
    except Exception:
        log.exception("post office stumbled")
    return 0


def _seen_to(app: Flask, chores: tuple[Chore, ...], stop: threading.Event) -> datetime:
    """Do every chore; when they are due again, counted from when they began."""
    begun = this_instant()
    _see_to(app, chores, stop)
    return _due_again(app, begun)


def _see_to(app: Flask, chores: tuple[Chore, ...], stop: threading.Event) -> None:
    """Do each, whatever becomes of the others."""
    for chore in chores:
        if stop.is_set():
            break
        try:
            with app.app_context():
                chore(this_instant())
        except Exception:
            log.exception("a chore failed; it is tried again within the hour", extra={"chore": chore.__name__})


def _due_again(app: Flask, now: datetime) -> datetime:
    """In an hour, or at the society's midnight if that is sooner: what turns on the day is done as it begins."""
    in_an_hour = now + BETWEEN_CHORES
    try:
        with app.app_context():
            zone = society().zone
    except SQLAlchemyError:
        return in_an_hour
    return min(in_an_hour, midnight(today_in(zone, now) + timedelta(days=1), zone))


def take_over_from_the_dead(now: datetime) -> None:
    """Let what killed workers had in hands go on at once."""
    if marks := alive.dead():
        begin_write(public=False)
        for mark in marks:
            claims.take_over(mark, now, alive.held_by(mark))
        db.session.commit()
        alive.forget(marks)


def deliver_due(now: datetime, stop: threading.Event | None = None, sign: alive.Sign = NO_SIGN) -> int:
    """Send what is due, over one connection; how many were sent. Ends early when the mail server cannot be reached."""
    if not _may_leave(now):
        return 0
    sent, end, server = 0, time.monotonic() + _longest_batch(), _carrier(stop)
    held = _Held(now, sign.mark)
    begin_write(public=False)
    carried = held.next()
    db.session.commit()
    try:
        while carried is not None:
            outcome = _outcome(carried, server, held.pack, sign)
            more = time.monotonic() < end and not (stop and stop.is_set()) and not isinstance(outcome, THE_END)
            if more:
                held.announce(server)
            begin_write(public=False)
            waited = waited_to_write()
            _settle(carried, outcome, now)
            carried = held.next(more=more)
            if carried is not None and isinstance(carried.parcel, Parcel):
                server.announce(carried.parcel)
            db.session.commit()
            sent += outcome is None
            if isinstance(outcome, THE_END):
                log.warning("mail server out of reach", extra={"error": str(outcome)})
            if stop:
                stop.wait(min(REST * waited, LONGEST_REST))
    finally:
        server.close()
    return sent


def _may_leave(now: datetime) -> bool:
    """Whether any letter is due, and it is known where its links lead: until somebody says that (see `stated_address`)
    all wait. The log tells of it once in the life of a process, which asks every second."""
    found, known = is_anything_due(now), stated_address()
    db.session.rollback()
    if found and not known and not current_app.extensions.get("lost"):
        current_app.extensions["lost"] = True
        log.warning("letters wait: set SOCIETY_BASE_URL, or the address of this site in its settings")
    return found and bool(known)


class _Held:
    """The letters that this worker has claimed and not yet carried."""

    def __init__(self, now: datetime, mark: str | None = None) -> None:
        self._now, self._mark = now, mark
        self._letters: deque[Claimed] = deque()
        self._until = 0.0

    def next(self, *, more: bool = True) -> Claimed | None:
        """The one that leaves now, if there shall be `more` and is one, within a transaction that writes.

        What was claimed a while ago is given back before: the server is slow, and somebody may wait for a letter.
        """
        if not more or time.monotonic() > self._until:
            claims.give_back(self._letters, self._now)
            self._letters.clear()
        while more:
            if not self._letters:
                self._letters.extend(claims.claim(self._now, self._mark))
                self._until = time.monotonic() + HELD_SECONDS
            if not self._letters:
                return None
            first = self._letters.popleft()
            if claims.may_go(first, self._now):
                return first
        return None

    def pack(self) -> None:
        """Get the next ready, while the server is busy. It must not fail now, while the fate of the one before is not
        written down; if it cannot be got ready, that shows when its own turn has come."""
        if self._letters:
            with contextlib.suppress(Exception):
                _pack(self._letters[0])

    def announce(self, server: Carrier) -> None:
        """Tell the server of the next, which it can see to while the fate of the one before is written down."""
        if self._letters and isinstance(self._letters[0].parcel, Parcel):
            server.announce(self._letters[0].parcel)


def _carrier(stop: threading.Event | None) -> Carrier:
    return carrier(current_app.config["MAIL_URL"], until(stop.is_set) if stop else Clients())


def _longest_batch() -> float:
    return LIMITED_BATCH_SECONDS if is_limited() else BATCH_SECONDS


def _outcome(carried: Claimed, server: Carrier, meanwhile: Callable[[], None], sign: alive.Sign) -> Exception | None:
    try:
        sign.hold(carried.letter.id)
        parcel = _pack(carried)
        return parcel if isinstance(parcel, TurnedDown) else handed_over(parcel, server, meanwhile, sign.let_go)
    except Exception as error:
        log.exception("a letter could not be got ready")
        return unforeseen(error)
    finally:
        sign.let_go()


def _pack(one: Claimed) -> Parcel | TurnedDown:
    one.parcel = one.parcel or packed(one.letter, one.reader)
    return one.parcel


def _settle(carried: Claimed, outcome: Exception | None, now: datetime) -> None:
    claims.note(carried, partial(_bear, outcome=outcome, now=now))
    letter = carried.letter
    if isinstance(outcome, Unreachable) and not outcome.begun:
        take_back_offer(carried.offer)
    if letter.state is LetterState.REFUSED:
        if isinstance(outcome, TurnedDown) and outcome.dead:
            bury(letter.to_address, str(outcome), now)
        log.warning("letter refused", extra={"letter": letter.id, "error": str(outcome)})


def _bear(letter: Letter, outcome: Exception | None, now: datetime) -> None:
    """What the outcome means for the letter. One that may have left stays known as such until that is settled, and goes
    out twice at most, whether its server fell silent or its worker was killed."""
    letter.open_ends -= not isinstance(outcome, Unanswered)
    match outcome:
        case None:
            letter.succeed(now)
        case Unreachable(begun=False):
            letter.wait_for_server(now + _until_it_may_be_back(now - letter.written_at), str(outcome))
        case PutOff() | Unreachable() if letter.attempts < ATTEMPTS:
            letter.put_off(now + _pause(letter.attempts), str(outcome))
        case Unanswered() if letter.open_ends < OPEN_ENDS:
            letter.put_off(now + _pause(letter.attempts), str(outcome))
        case Unanswered():
            letter.refuse(f"{TWICE} {outcome}")
        case _:
            letter.refuse(str(outcome))


def _pause(attempts: int) -> timedelta:
    """1, 2, 4, 8 … minutes."""
    return min(timedelta(minutes=2 ** min(attempts - 1, 20)), LONGEST_PAUSE)


def _until_it_may_be_back(waited: timedelta) -> timedelta:
    """As long again as the letter has waited already, so that these pauses double as well."""
    return min(max(waited, A_MINUTE), LONGEST_WHILE_UNREACHABLE)
