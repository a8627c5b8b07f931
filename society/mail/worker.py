"""The post office at work. It may be killed at any instant: nothing is lost, and one letter at most goes out twice.

A letter is claimed by one conditional UPDATE, sent outside any transaction, and its fate written in the transaction
that claims the next. A claim has an end, so what a killed worker held is taken up by the next; the Message-ID stays, so
that mail programs can tell. Between the letters it sees to the chores that it is given, when their time has come.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from email.errors import MessageError

from flask import Flask, current_app
from sqlalchemy import ColumnElement, Select, and_, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from society.db import begin_write, db
from society.mail.actions import bury
from society.mail.message import from_society, in_bytes, message, needs_utf8
from society.mail.models import Letter, LetterState
from society.mail.returns import return_address
from society.mail.throttle import allowance, is_limited, take_turns
from society.mail.transport import Carrier, Parcel, PutOff, TurnedDown, Unreachable, carrier
from society.settings import society
from society.text import slug
from society.times import midnight, today_in
from society.times import now as this_instant

log = logging.getLogger("society.mail")

Chore = Callable[[datetime], None]
"""Timed work: told the instant, it does what is due by then, commits it, and may be killed and repeated at any time."""
BETWEEN_CHORES = timedelta(hours=1)
A_MINUTE = timedelta(minutes=1)
EVER = datetime.min.replace(tzinfo=UTC)

CLAIM = timedelta(minutes=5)
BATCH_SECONDS = 60.0
"""Where a batch ends, well within the time of a claim."""
LIMITED_BATCH_SECONDS = 5.0
"""The same where mail is limited: letters are noted as sent when their batch began, and counted by that."""
REST = 20
"""How much longer than it waited for its turn to write it rests after each letter: where people write, they go first;
where nobody does, letters leave as fast as the mail server takes them."""
LONGEST_REST = 0.5
ATTEMPTS = 10
"""How often a letter is offered to a server that puts it off."""
LONGEST_PAUSE = timedelta(hours=6)
LONGEST_WHILE_UNREACHABLE = timedelta(minutes=15)


def run(stop: threading.Event, chores: Iterable[Chore] = (), every_minute: Iterable[Chore] = ()) -> None:
    """Deliver what is due until told to stop; in a thread or a process of its own, within an application context.

    The chores are done at start, every hour, and right after midnight by the society's clock; some each minute.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    todo, next_chores = tuple(chores), EVER
    urgent, next_urgent = tuple(every_minute), EVER
    log.info("post office open")
    while not stop.is_set():
        if this_instant() >= next_chores:
            next_chores = _seen_to(app, todo, stop)
        if this_instant() >= next_urgent:
            next_urgent = this_instant() + A_MINUTE
            _see_to(app, urgent, stop)
        if not _delivered(app, stop):
            stop.wait(1)
    log.info("post office closed")


def _delivered(app: Flask, stop: threading.Event) -> int:
    try:
        with app.app_context():  # a new one each time, so that changed settings are seen
            return deliver_due(this_instant(), stop)
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


def deliver_due(now: datetime, stop: threading.Event | None = None) -> int:
    """Send what is due, over one connection; how many were sent. Ends early when the mail server cannot be reached."""
    sent, until, server = 0, time.monotonic() + _longest_batch(), carrier(current_app.config["MAIL_URL"])
    letter_id = _first_claim(now)
    try:
        while letter_id is not None:
            outcome = _outcome(_packed(letter_id), server)
            more = time.monotonic() < until and not (stop and stop.is_set()) and not isinstance(outcome, Unreachable)
            waited = _waited_to_write()
            letter_id = _settled(letter_id, outcome, now, more=more)
            sent += outcome is None
            if isinstance(outcome, Unreachable):
                log.warning("mail server out of reach", extra={"error": str(outcome)})
            if stop:
                stop.wait(min(REST * waited, LONGEST_REST))
    finally:
        server.close()
    return sent


def _waited_to_write() -> float:
    """Begin a transaction that writes; how many seconds others took for theirs meanwhile."""
    began = time.perf_counter()
    begin_write(public=False)
    return time.perf_counter() - began


def _longest_batch() -> float:
    return LIMITED_BATCH_SECONDS if is_limited() else BATCH_SECONDS


def _first_claim(now: datetime) -> int | None:
    """Take the next due letter; finding none takes no lock."""
    found = _next_due(now)
    db.session.rollback()
    if found is None:
        return None
    begin_write(public=False)
    claimed = _claim(now)
    db.session.commit()
    return claimed


def _settled(letter_id: int, outcome: Exception | None, now: datetime, *, more: bool) -> int | None:
    """Write down what became of one letter and, if there shall be `more`, claim the next in the same transaction,
    which has begun."""
    letter = db.session.get(Letter, letter_id)
    if letter is not None:  # erased meanwhile, with its person
        _settle(letter, outcome, now)
        db.session.flush()
    claimed = _claim(now) if more else None
    db.session.commit()
    return claimed


def _claim(now: datetime) -> int | None:
    """Take the next due letter for this worker alone; None if there is none that may leave now."""
    take_turns()
    while (letter_id := _next_due(now)) is not None:
        taken = db.session.scalar(
            update(Letter)
            .where(Letter.id == letter_id, or_(_due(now), _abandoned(now)))
            .values(state=LetterState.SENDING, claimed_until=now + CLAIM, attempts=Letter.attempts + 1)
            .returning(Letter.id)
            .execution_options(synchronize_session=False)
        )
        if taken is not None:
            return taken
    return None


def _due(now: datetime) -> ColumnElement[bool]:
    return and_(Letter.state == LetterState.QUEUED, ~Letter.halted, Letter.due_at <= now)


def _abandoned(now: datetime) -> ColumnElement[bool]:
    """Claimed by a worker that did not live to send it."""
    return and_(Letter.state == LetterState.SENDING, ~Letter.halted, Letter.claimed_until <= now)


def _next_due(now: datetime) -> int | None:
    """What somebody waits for, then what is one of many, then what a killed worker held.

    Look-ups by the index, rather than one that would have to sort the whole queue.
    """
    leaving = allowance(now)
    return (
        _first(_queued(now, bulk=False), leaving.of_those_waited_for)
        or _first(_queued(now, bulk=True), leaving.of_many)
        or _first(select(Letter.id).where(_abandoned(now)), leaving.of_those_waited_for)
    )


def _queued(now: datetime, *, bulk: bool) -> Select[int]:
    which = Letter.bulk if bulk else ~Letter.bulk
    return select(Letter.id).where(_due(now), which).order_by(Letter.due_at)


def _first(letters: Select[int], allowed: ColumnElement[bool] | None) -> int | None:
    """Passing over what others hold: on PostgreSQL, one who waited here while holding the letter that it has just
    sent could be in the way of whoever keeps back both."""
    if allowed is None:
        return None
    return db.session.scalar(letters.where(allowed).limit(1).with_for_update(skip_locked=True))


def _outcome(parcel: Parcel | TurnedDown, server: Carrier) -> Exception | None:
    if isinstance(parcel, TurnedDown):
        return parcel
    try:
        server.carry(parcel)
    except (Unreachable, PutOff, TurnedDown) as error:
        return error
    return None


def _packed(letter_id: int) -> Parcel | TurnedDown:
    """The message in its envelope, or why there can be none; the transaction that read it is over before anything
    goes over the network."""
    letter = db.session.get_one(Letter, letter_id)
    try:
        made = message(letter)
        to = made["To"].addresses[0].addr_spec
        name = f"{letter.written_at:%Y-%m-%d}-{letter.id}-{slug(letter.to_address)}.eml"
        sender = return_address(letter) or from_society().addr_spec
        return Parcel(in_bytes(made), needs_utf8(made), sender, to, name)
    except (MessageError, ValueError) as error:
        return TurnedDown(f"This letter cannot be put in the form of a message: {error}.")
    finally:
        db.session.rollback()


def _settle(letter: Letter, outcome: Exception | None, now: datetime) -> None:
    match outcome:
        case None:
            letter.succeed(now)
        case Unreachable():
            letter.put_off(now + _pause(letter.attempts, LONGEST_WHILE_UNREACHABLE), str(outcome))
        case PutOff() if letter.attempts < ATTEMPTS:
            letter.put_off(now + _pause(letter.attempts, LONGEST_PAUSE), str(outcome))
        case _:
            letter.refuse(str(outcome))
            if isinstance(outcome, TurnedDown) and outcome.dead:
                bury(letter.to_address, str(outcome), now)
            log.warning("letter refused", extra={"letter": letter.id, "error": str(outcome)})


def _pause(attempts: int, longest: timedelta) -> timedelta:
    """1, 2, 4, 8 … minutes."""
    return min(timedelta(minutes=2 ** min(attempts - 1, 20)), longest)
