"""What people are written about their seats in sessions: that one has become theirs, that theirs changes or is gone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from society.agenda.models import Session
from society.agenda.planning import Former
from society.db import db
from society.events.models import Event
from society.mail.actions import composed, write
from society.mail.models import Letter
from society.mail.queries import is_mailed
from society.mail.wording import from_template
from society.people.models import Person
from society.rsvps.last_day import letters_leave_at
from society.rsvps.letters import given_is_told_at, hasten_news, news_of, news_that_waits, take_back_news
from society.rsvps.models import HELD, Rsvp, Transition
from society.rsvps.render import link
from society.rsvps.session_models import SessionSeat

PROMOTED, OFFERED, LAPSED = "session", "session-offered", "session-lapsed"
"""The letters to those who waited for a seat in one."""
NEWS = (PROMOTED, OFFERED)
"""What wakes nobody."""
CHANGED = "session-changed"
A_MOMENT = timedelta(seconds=1)


def tell_of_session(seat: SessionSeat, step: Transition, now: datetime) -> None:
    """Write to one who has moved up, after the hold and not in the night; the step of their log makes it once."""
    _tell_of_step(PROMOTED, seat, step, now, due_at=given_is_told_at(seat.rsvp.event, now))


def tell_of_offer(seat: SessionSeat, step: Transition, now: datetime) -> None:
    """Write to one for whom seats are kept until they confirm them, not in the night; nor in a morning that comes too
    late."""
    due_at = letters_leave_at(seat.rsvp.event, now)
    if seat.offered_until and due_at < seat.offered_until:
        _tell_of_step(OFFERED, seat, step, now, due_at=due_at)


def tell_of_lapse(seat: SessionSeat, step: Transition, now: datetime) -> None:
    """Write to one who did not confirm in time."""
    _tell_of_step(LAPSED, seat, step, now)


def _tell_of_step(
    kind: str, seat: SessionSeat, step: Transition, now: datetime, due_at: datetime | None = None
) -> None:
    reason = f"rsvp:{seat.rsvp.id}:{kind}:{seat.session_id}:{step.id}"
    write(seat.rsvp.person, _template(kind), reason, now=now, due_at=due_at, **_fields(seat))


def _template(kind: str) -> str:
    return f"rsvp_{kind.replace('-', '_')}"


def _fields(seat: SessionSeat) -> dict[str, Any]:
    return {
        "event": seat.rsvp.event,
        "session": seat.session,
        "seats": seat.seats,
        "until": seat.offered_until,
        "path": f"{link(seat.rsvp)}/sessions",
    }


def take_back_session_news(seat: SessionSeat, now: datetime) -> None:
    """Nobody is told of a seat that has become another's, or has been confirmed, before the news has left; nor of what
    has changed about it since."""
    take_back_news([seat.rsvp], now, [f"{kind}:{seat.session_id}" for kind in (*NEWS, CHANGED)])


def hasten_session_news(seat: SessionSeat, now: datetime) -> None:
    """As `letters.hasten_news` does."""
    hasten_news(seat.rsvp, now, [f"{PROMOTED}:{seat.session_id}"])


def say_anew_of_seats(seat: SessionSeat, now: datetime) -> None:
    """Have news of a seat that waits say how many they are by now."""
    kinds = [f"{kind}:{seat.session_id}" for kind in NEWS]
    for letter in db.session.scalars(select(Letter).where(news_of([seat.rsvp], now, kinds))):
        letter.rewrite(anew(letter.reason.split(":")[2], seat, letter.reason, now))


def say_anew_of_sessions(event: Event, now: datetime) -> None:
    """Have news of seats in its sessions that waits say when and where they are by now, as `letters.say_anew` does."""
    if not event.has_agenda:
        return
    seats = select(SessionSeat).join(SessionSeat.session).where(Session.event_id == event.id)
    held = db.session.scalars(seats.where(SessionSeat.status.in_(HELD)))
    theirs = {(seat.rsvp_id, seat.session_id): seat for seat in held}
    for letter in news_that_waits(NEWS, now, event):
        _, rsvp, kind, session, _ = letter.reason.split(":")
        if seat := theirs.get((int(rsvp), int(session))):
            letter.rewrite(anew(kind, seat, letter.reason, now))


def anew(kind: str, seat: SessionSeat, reason: str, now: datetime) -> Letter:
    """The letter of that kind about a seat, as it would be written now; not in the outbox."""
    person = seat.rsvp.person
    subject, body, language = from_template(_template(kind), person, person.language, _fields(seat))
    return composed(person, subject, body, reason, now=now, language=language)


def mailed(*sessions: Session) -> Sequence[SessionSeat]:
    """Those who have, were offered or wait for a seat in one of them, and can be written to when it changes or is
    removed."""
    rows = select(SessionSeat).join(SessionSeat.rsvp).join(Rsvp.person).order_by(SessionSeat.id)
    chosen = SessionSeat.session_id.in_([session.id for session in sessions])
    with_people = contains_eager(SessionSeat.rsvp).contains_eager(Rsvp.person).lazyload(Person.roles)
    return db.session.scalars(rows.where(chosen, is_mailed()).options(with_people)).all()


def _untold(sessions: Sequence[Session], now: datetime) -> dict[tuple[int, int], Letter]:
    """News of seats in these sessions that has reached nobody yet, and may be kept back: by answer and session. Until
    it does, no other letter tells of the seat: they are written to about what they asked for."""
    parts = [(letter.reason.split(":"), letter) for letter in news_that_waits(NEWS, now, *{s.event for s in sessions})]
    return {(int(rsvp), int(session)): letter for (_, rsvp, _, session, _), letter in parts}


def tell_of_change(session: Session, was: Former, note: str, now: datetime) -> None:
    """Write to those with a seat, and who wait for one, what it was and what it is; its raised sequence makes the
    letter once. Whom news of their seat has not reached yet reads that first, unless it is kept back: of what is due at
    one moment, any letter may leave first."""
    untold = _untold([session], now)
    for seat in mailed(session):
        # The key, too: the number of a session that was taken out may become another's.
        reason = f"rsvp:{seat.rsvp_id}:{CHANGED}:{session.id}:{session.key}:{session.sequence}"
        news = untold.get((seat.rsvp_id, session.id))
        due_at = news.due_at + A_MOMENT if news and not news.halted else None
        _tell("rsvp_session_changed", reason, seat, was, note, now, due_at, untold=bool(news))


def tell_of_end(session: Session, note: str, now: datetime) -> None:
    """Write to those with a seat, and who wait for one, that the session does not take place."""
    was, untold = Former.of(session), _untold([session], now)
    for seat in mailed(session):
        reason = f"rsvp_session_removed:{seat.rsvp_id}:{session.key}:{session.sequence}"
        _tell("rsvp_session_removed", reason, seat, was, note, now, untold=(seat.rsvp_id, session.id) in untold)


def _tell(
    template: str,
    reason: str,
    seat: SessionSeat,
    was: Former,
    note: str,
    now: datetime,
    due_at: datetime | None = None,
    *,
    untold: bool,
) -> None:
    session, rsvp = seat.session, seat.rsvp
    write(
        rsvp.person,
        template,
        reason,
        now=now,
        due_at=due_at,
        event=rsvp.event,
        session=session,
        untold=untold,
        waits=seat.waits,
        offered=seat.is_offered,
        until=seat.offered_until,
        was=was,
        note=note,
        path=f"{link(rsvp)}/sessions",
    )


def tell_of_room(sessions: Sequence[Session], was: str, room: str, note: str, now: datetime) -> None:
    """Write to those with a seat in any of these sessions, and who wait for one, once each, that they are in another
    room, or in one that is called otherwise; the raised sequence of the first makes the letter once."""
    theirs: dict[int, list[SessionSeat]] = {}
    untold = _untold(sessions, now)
    for seat in sorted(mailed(*sessions), key=lambda seat: seat.session.starts_at):
        theirs.setdefault(seat.rsvp.person_id, []).append(seat)
    for person, seats in theirs.items():
        first = seats[0].session
        asked = {seat for seat in seats if (seat.rsvp_id, seat.session_id) in untold}
        write(
            seats[0].rsvp.person,
            "rsvp_sessions_room",
            f"rsvp_sessions_room:{person}:{first.key}:{first.sequence}",
            now=now,
            held=[(s.session, f"{link(s.rsvp)}/sessions", s in asked, s.waits, s.offered_until) for s in seats],
            untold=bool(asked),
            waits=any(seat.waits for seat in seats),
            offered=any(seat.is_offered for seat in seats if seat not in asked),
            was=was,
            room=room,
            note=note,
        )
