"""Whether letters about answers may still leave that have waited, by design or for a server that was away: what the
post office asks of them when their turn has come (see `society.mail.leaving`). None tells of a seat that is another's
by then."""

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar

from sqlalchemy import and_, select

from society.agenda.models import Session
from society.db import begin_write, db
from society.events.models import Event
from society.mail.models import Letter, LetterState
from society.rsvps import session_letters
from society.rsvps.last_day import is_night, letters_leave_at
from society.rsvps.letters import NEWS, OFFERED, PROMOTED, anew
from society.rsvps.models import Rsvp, RsvpStatus, Transition
from society.rsvps.seats import lock
from society.rsvps.session_models import SessionSeat
from society.rsvps.session_seats import seat_of

About = TypeVar("About")


class Owed(NamedTuple):
    """A letter that is to be written anew."""

    letter: int
    reason: str
    person: int | None


log = logging.getLogger("society.mail")

KIND = "rsvp"
"""What the reasons of these letters begin with."""
SAY = {
    **dict.fromkeys(
        ("confirmed", "approved", "online_again", PROMOTED, session_letters.PROMOTED), RsvpStatus.CONFIRMED
    ),
    **dict.fromkeys((OFFERED, session_letters.OFFERED), RsvpStatus.OFFERED),
    "waitlisted": RsvpStatus.WAITLISTED,
    "pending": RsvpStatus.PENDING,
}
"""The status that a letter tells of. The others tell what has happened, which stays so."""
WAKES = (*NEWS, session_letters.PROMOTED, session_letters.OFFERED)
"""News of a seat, which does not leave in the night, whatever it has waited for."""
NO_MORE = "What it tells is so no longer."


def untrue(letters: Sequence[Letter], now: datetime) -> Collection[int]:
    """Of letters about answers: which tell of a status that is another by now, of an event that is off or over, or of
    one that has changed since; and which would wake somebody."""
    told = {letter.id: (letter.reason.split(":"), letter.written_at) for letter in letters}
    told = {number: said for number, said in told.items() if said[0][2] in SAY}
    good = _good({int(parts[1]) for parts, _ in told.values()}, now)
    seats = _seats({int(parts[3]) for parts, _ in told.values() if len(parts) == 5}, now)
    asleep = _asleep({int(parts[1]) for parts, _ in told.values() if parts[2] in WAKES}, now)
    wakes = {number for number, (parts, _) in told.items() if parts[2] in WAKES and int(parts[1]) in asleep}
    return wakes | {number for number, said in told.items() if not _holds(*said, good, seats)}


def _asleep(rsvps: Collection[int], now: datetime) -> set[int]:
    """Of those answers the ones to events at whose place it is night: nobody is woken for news of a seat."""
    if not rsvps:
        return set()
    rows = select(Rsvp.id, Event.zone).join(Rsvp.event).where(Rsvp.id.in_(rsvps))
    return {number for number, zone in db.session.execute(rows) if is_night(zone, now)}


def _good(rsvps: Collection[int], now: datetime) -> dict[int, tuple[RsvpStatus, datetime]]:
    """Of those answers whose events are on and to come: their status, and when their event was revised last."""
    rows = select(Rsvp.id, Rsvp.status, Event.revised_at).join(Rsvp.event).where(Rsvp.id.in_(rsvps))
    on = Event.cancelled_at.is_(None), Event.ends_at > now
    return {number: (status, revised) for number, status, revised in db.session.execute(rows.where(*on))}


def _seats(sessions: Collection[int], now: datetime) -> dict[tuple[int, int], tuple[RsvpStatus, datetime]]:
    """Of the seats in those sessions that are not over: their status, and when their session was revised last."""
    if not sessions:
        return {}
    rows = select(SessionSeat.rsvp_id, SessionSeat.session_id, SessionSeat.status, Session.revised_at)
    rows = rows.join(Session, and_(Session.id == SessionSeat.session_id, Session.id.in_(sessions)))
    found = db.session.execute(rows.where(Session.ends_at > now))
    return {(rsvp, session): (status, revised) for rsvp, session, status, revised in found}


def _holds(
    parts: Sequence[str],
    written_at: datetime,
    good: dict[int, tuple[RsvpStatus, datetime]],
    seats: dict[tuple[int, int], tuple[RsvpStatus, datetime]],
) -> bool:
    rsvp, kind = int(parts[1]), parts[2]
    about = [good.get(rsvp), *([seats.get((rsvp, int(parts[3])))] if len(parts) == 5 else [])]
    known = [one for one in about if one is not None]
    if len(known) < len(about):
        return False
    return known[-1][0] is SAY[kind] and all(revised is None or revised <= written_at for _, revised in known)


def settle(now: datetime) -> None:
    """Write those anew that tell of a seat, or a wait, that is still so; the others do not leave."""
    settle_each(KIND, _held, _settle, now)


def settle_each(
    kind: str, held: Callable[[Owed], About], act: Callable[[Letter, About, datetime], None], now: datetime
) -> None:
    """Of the letters of a kind that are due to be written anew each in a transaction of its own, in which what it is
    about is held first: whoever withdraws does so before or after."""
    due = Letter.state == LetterState.TIMED, ~Letter.halted, Letter.due_at <= now, Letter.reason.startswith(f"{kind}:")
    found = [Owed(*row) for row in db.session.execute(select(Letter.id, Letter.reason, Letter.person_id).where(*due))]
    db.session.rollback()
    for owed in found:
        begin_write(public=False)
        try:
            about = held(owed)
            same = Letter.id == owed.letter, Letter.reason == owed.reason
            if one := db.session.scalar(select(Letter).where(*same, *due).with_for_update()):
                act(one, about, now)
            db.session.commit()
        except Exception:  # whatever is wrong with one, the others leave in time
            db.session.rollback()
            log.exception("a letter about an answer could not be settled", extra={"letter": owed.letter})


def _held(owed: Owed) -> Rsvp | None:
    """The answer that it is about, as it is once its event is held; which comes first, as wherever seats are given."""
    number = int(owed.reason.split(":")[1])
    if rsvp := db.session.get(Rsvp, number):
        lock(rsvp.event)
        return db.session.get(Rsvp, number, populate_existing=True)
    return None


def _settle(letter: Letter, rsvp: Rsvp | None, now: datetime) -> None:
    on = rsvp is not None and rsvp.event.cancelled_at is None and not rsvp.event.over(now)
    said = _anew(letter.reason, rsvp, now) if rsvp is not None and on else None
    if said is None:
        letter.refuse(NO_MORE)
        return
    letter.rewrite(said)
    letter.queue_again(_leaves_at(letter.reason, rsvp, now))


def _leaves_at(reason: str, rsvp: Rsvp | None, now: datetime) -> datetime:
    return letters_leave_at(rsvp.event, now) if rsvp is not None and reason.split(":")[2] in WAKES else now


def _anew(reason: str, rsvp: Rsvp, now: datetime) -> Letter | None:
    """What it would say by now; None where that is so no longer, or comes too late."""
    _, _, kind, *session, step_id = reason.split(":")
    leaves_at = _leaves_at(reason, rsvp, now)
    if session:
        about = db.session.get(Session, int(session[0]))
        seat = seat_of(rsvp, about) if about is not None else None
        holds = seat is not None and seat.status is SAY.get(kind) and seat.session.ends_at > now
        if seat is not None and seat.offered_until and leaves_at >= seat.offered_until:
            return None
        return session_letters.anew(kind, seat, reason, now) if seat is not None and holds else None
    if rsvp.offered_until and leaves_at >= rsvp.offered_until:
        return None
    step = db.session.get(Transition, int(step_id))
    return anew(kind, step, now) if step is not None and rsvp.status is SAY.get(kind) else None
