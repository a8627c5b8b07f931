"""Giving out seats in single sessions, by the rules of `society.rsvps.seats`.

All of it runs while the event is held, as for the event's own seats: seats are counted and taken by one at a time,
first come first served, and whoever would fit behind a queue cannot pass it. A party takes as many seats as it has
people, or fewer if it says so. How seats are left again is in `society.rsvps.session_releases`, what ends in time in
`society.rsvps.session_offers`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, func, select, tuple_
from sqlalchemy.orm import aliased, contains_eager

from society.agenda.models import Session
from society.db import db
from society.errors import Refused
from society.events.models import Event
from society.events.render import spoken_in
from society.inserts import write_down
from society.mail.queries import is_mailed
from society.people.models import Person
from society.rsvps.last_day import hushed, offer_ends, still_moves
from society.rsvps.models import HELD, Rsvp, RsvpStatus, Transition
from society.rsvps.session_letters import hasten_session_news, take_back_session_news, tell_of_offer, tell_of_session
from society.rsvps.session_models import SessionSeat
from society.rsvps.waiting import that_fit
from society.text import counted

_NO_LIMIT = 2**31 - 1
_BATCH = 200


@dataclass(frozen=True)
class Room:
    """How many seats of a session are taken, and for how many people one waits."""

    taken: int = 0
    waiting: int = 0


def rooms(event: Event) -> dict[int, Room]:
    """The sessions of an event in which anybody has a seat or waits, in one query."""
    taken = func.sum(SessionSeat.seats).filter(SessionSeat.status.in_(HELD))
    waiting = func.sum(SessionSeat.seats).filter(SessionSeat.status == RsvpStatus.WAITLISTED)
    rows = select(SessionSeat.session_id, taken, waiting).join(Session, Session.id == SessionSeat.session_id)
    found = db.session.execute(rows.where(Session.event_id == event.id).group_by(SessionSeat.session_id))
    return {number: Room(int(seated or 0), int(queued or 0)) for number, seated, queued in found}


def held_by(*rsvps: Rsvp) -> Sequence[SessionSeat]:
    """What the parties of these answers hold of sessions, or wait for."""
    theirs = SessionSeat.rsvp_id.in_([rsvp.id for rsvp in rsvps])
    rows = select(SessionSeat).where(theirs).order_by(SessionSeat.id)
    return db.session.scalars(rows.execution_options(populate_existing=True)).all()


def chosen_by(person: Person, event: Event) -> tuple[Rsvp | None, dict[int, SessionSeat]]:
    """A person's answer if they have a seat, and by session what it holds or waits for: in one query."""
    rows = select(Rsvp, SessionSeat).outerjoin(SessionSeat, SessionSeat.rsvp_id == Rsvp.id)
    theirs = Rsvp.event_id == event.id, Rsvp.person_id == person.id, Rsvp.has_seat
    found = db.session.execute(rows.where(*theirs)).all()
    return (found[0][0] if found else None), {seat.session_id: seat for _, seat in found if seat}


def seats_taken(session: Session) -> int:
    """Seats that somebody has or was offered: counted, never kept."""
    taken = select(func.coalesce(func.sum(SessionSeat.seats), 0))
    rows = taken.where(SessionSeat.session_id == session.id, SessionSeat.status.in_(HELD))
    return db.session.scalar(rows) or 0


def queue(session: Session) -> Select[SessionSeat]:
    """Those who wait, first come first."""
    rows = select(SessionSeat).where(SessionSeat.session_id == session.id, SessionSeat.status == RsvpStatus.WAITLISTED)
    return rows.order_by(SessionSeat.queued_at, SessionSeat.id)


def seated_or_waiting(session: Session) -> Select[SessionSeat]:
    """Everyone who chose it: those with a seat by name, then the queue in its order."""
    rows = select(SessionSeat).join(SessionSeat.rsvp).join(Rsvp.person).where(SessionSeat.session_id == session.id)
    with_people = contains_eager(SessionSeat.rsvp).contains_eager(Rsvp.person).lazyload(Person.roles)
    return rows.options(with_people).order_by(SessionSeat.status, SessionSeat.queued_at, Person.name, SessionSeat.id)


def gives_seats(session: Session, now: datetime) -> bool:
    """Until it begins or answers to the event close, and only while the event is on."""
    return session.event.on and now < session.answers_close_at


def take(rsvp: Rsvp, session: Session, now: datetime, seats: int | None = None) -> SessionSeat:
    """Seats for so many of the party, or all of it, or a place at the end of the queue; who was offered some takes
    these, and who has some already asks for the rest."""
    held = seat_of(rsvp, session)
    if held is not None and held.status is RsvpStatus.OFFERED:
        _take_offered(held, now)
        return held
    size = rsvp.party_size if seats is None else seats
    _check(rsvp, session, size, now)
    if held is not None:
        _resize(held, size, now)
        return held
    seat = SessionSeat(rsvp=rsvp, session=session, seats=size, status=RsvpStatus.WAITLISTED)
    last = db.session.scalar(select(func.max(SessionSeat.queued_at)).where(SessionSeat.session_id == session.id))
    seat.queued_at = max(now, last + timedelta(microseconds=1)) if last else now
    db.session.add(seat)
    db.session.flush()
    fill(session, now, newcomer=seat)
    if seat.status is RsvpStatus.WAITLISTED:
        note(seat, now, rsvp.person, f"Waits for {counted(seat.seats, 'seat')} in “{short(session)}”.")
    return seat


def join_answers(stays: Rsvp, goes: Rsvp, now: datetime) -> None:
    """Of two answers of one person, what either holds of a session goes to the one that stays, once; and so does the
    news of it."""
    if not stays.event.has_agenda:
        return
    own = {seat.session_id: seat for seat in held_by(stays)}
    for seat in held_by(goes):
        other = own.get(seat.session_id)
        if other is not None and other.status in HELD and seat.status in HELD:
            seat.seats = other.seats = max(seat.seats, other.seats)
        if not stays.has_seat or (other is not None and _is_better(other, seat)):
            take_back_session_news(seat, now)
            db.session.delete(seat)
            continue
        if other is not None:
            take_back_session_news(other, now)
            db.session.delete(other)
            db.session.flush()
        seat.rsvp, seat.seats = stays, min(seat.seats, stays.party_size)
    db.session.flush()


def _is_better(one: SessionSeat, other: SessionSeat) -> bool:
    """A seat before one offered, that before a place in the queue, an earlier place before a later."""
    return _rank(one) <= _rank(other)


def _rank(seat: SessionSeat) -> tuple[int, str, int]:
    order = (RsvpStatus.CONFIRMED, RsvpStatus.OFFERED, RsvpStatus.WAITLISTED)
    return order.index(seat.status), seat.queued_at.isoformat() if seat.queued_at else "", seat.id


def fill_all(event: Event, now: datetime) -> None:
    """Hand on what is free in any session of an event."""
    if event.has_agenda:
        waits = select(SessionSeat.session_id).where(SessionSeat.status == RsvpStatus.WAITLISTED)
        for session in db.session.scalars(select(Session).where(Session.event_id == event.id, Session.id.in_(waits))):
            fill(session, now)


def fill(session: Session, now: datetime, newcomer: SessionSeat | None = None) -> None:
    """Hand out what is free to the earliest parties that fit, until the session is full or nobody who waits fits.

    In the night before the session the queue stands still: a newcomer gets what nobody ahead of them would fit into.
    """
    db.session.flush()
    if not gives_seats(session, now):
        return
    asleep = hushed(session, now)
    room = _NO_LIMIT if session.capacity is None else session.capacity - seats_taken(session)
    more = room > 0
    while more:
        most = min(_BATCH, room)  # a party has one seat at least
        fitting = list(db.session.scalars(queue(session).where(SessionSeat.seats <= room).limit(most)))
        for seat in fitting:
            if seat.seats > room:
                continue
            if asleep and seat is not newcomer:
                return
            room -= seat.seats if session.capacity is not None else 0
            if seat is newcomer:
                _seat(seat)
                note(seat, now, seat.rsvp.person, f"Took {counted(seat.seats, 'seat')} in “{short(session)}”.")
            else:
                _move_up(seat, now)
        more = len(fitting) == most and room > 0


def would_move_up(session: Session, capacity: int | None, now: datetime) -> dict[int, bool]:
    """Whom of those who wait for it `fill` would give or offer seats, by day, if it had so many: by their number,
    whether each can be mailed."""
    if not (session.event.on and still_moves(session, now)):
        return {}
    fields = SessionSeat.seats, Rsvp.person_id, is_mailed()
    rows = queue(session).join(SessionSeat.rsvp).join(Rsvp.person).with_only_columns(*fields)
    waits = [(seats, (person, mailed)) for seats, person, mailed in db.session.execute(rows)]
    return dict(that_fit(waits, capacity, seats_taken(session))) if waits else {}


def _seat(seat: SessionSeat) -> None:
    seat.status, seat.queued_at, seat.offered_until = RsvpStatus.CONFIRMED, None, None


def _move_up(seat: SessionSeat, now: datetime) -> None:
    """Give seats to one who waited: days ahead for good, on the last day to be confirmed."""
    until = offer_ends(seat.session, now)
    if until is None:
        become_seated(seat, now, f"{counted(seat.seats, 'seat')} in “{short(seat.session)}” became free.")
        return
    offer(seat, until, now, f"{counted(seat.seats, 'seat')} in “{short(seat.session)}” became free")


def offer(seat: SessionSeat, until: datetime, now: datetime, why: str) -> None:
    """Keep seats for one who waited until they confirm, and write to them."""
    seat.status, seat.queued_at, seat.offered_until = RsvpStatus.OFFERED, None, until
    step = note(seat, now, None, f"{why}, to be confirmed by {spoken_in(until, seat.session.zone)}.")
    take_back_session_news(seat, now)
    tell_of_offer(seat, step, now)


def become_seated(seat: SessionSeat, now: datetime, reason: str) -> None:
    """What one waited for is theirs, and they are written to."""
    _seat(seat)
    take_back_session_news(seat, now)
    tell_of_session(seat, note(seat, now, None, reason), now)


def _take_offered(seat: SessionSeat, now: datetime) -> None:
    """Make an offer a seat, while it lasts: as long as was promised, even where answers were closed since."""
    if not seat.session.event.on or seat.session.starts_at <= now:
        raise Refused("No seats are given out for this session any more.")
    if seat.offered_until is None or seat.offered_until <= now:
        raise Refused("The seat was not confirmed in time and passes on to the next in the queue.")
    _seat(seat)
    take_back_session_news(seat, now)
    words = f"Took the {counted(seat.seats, 'seat')} offered in “{short(seat.session)}”."
    note(seat, now, seat.rsvp.person, words)


def note(seat: SessionSeat, now: datetime, actor: Person | None, reason: str) -> Transition:
    """In the answer's own log, which its person reads; the answer itself stays as it is."""
    step = seat.rsvp.become(seat.rsvp.status, at=now, actor=actor, reason=reason)
    write_down(step)
    return step


def short(session: Session) -> str:
    return session.title if len(session.title) <= 120 else f"{session.title[:119]}…"


def seat_of(rsvp: Rsvp, session: Session) -> SessionSeat | None:
    rows = select(SessionSeat).where(SessionSeat.rsvp_id == rsvp.id, SessionSeat.session_id == session.id)
    return db.session.scalar(rows.execution_options(populate_existing=True))


def _check(rsvp: Rsvp, session: Session, size: int, now: datetime) -> None:
    if rsvp.joins_online:
        raise Refused("Seats in sessions are for those who are there. You join the event online.")
    if rsvp.status is not RsvpStatus.CONFIRMED:
        raise Refused("Only those who are going to the event can choose sessions.")
    if session.capacity is None:
        raise Refused("Whoever comes to the event may sit in this session; no seats are given out for it.")
    if not gives_seats(session, now):
        raise Refused("No seats are given out for this session any more.")
    if not 0 < size <= rsvp.party_size:
        raise Refused(f"You come to the event with {counted(rsvp.party_size, 'person', 'people')} in all.")
    if size > session.capacity:
        raise Refused(f"This session has {counted(session.capacity, 'seat')} in all.")


def _resize(held: SessionSeat, size: int, now: datetime) -> None:
    """Who waits keeps their place; who is seated grows only into seats that are free and that nobody waits for, and
    has seen by that what news of the seat would tell."""
    more, seated = size - held.seats, held.status is RsvpStatus.CONFIRMED
    if more > 0 and seated and not _fits(held.session, more):
        raise Refused(f"There are not enough free seats for {size}. You keep {counted(held.seats, 'seat')}.")
    if more and seated:
        take_back_session_news(held, now)
    if more:
        held.seats = size
        note(held, now, held.rsvp.person, f"Asked for {counted(size, 'seat')} in “{short(held.session)}”.")
    fill(held.session, now)
    if not seated and held.status is RsvpStatus.CONFIRMED:
        hasten_session_news(held, now)


def _fits(session: Session, seats: int) -> bool:
    free = _NO_LIMIT if session.capacity is None else session.capacity - seats_taken(session)
    waits = queue(session).where(SessionSeat.seats <= free).limit(1)
    return seats <= free and db.session.scalars(waits).first() is None


def places(rsvp: Rsvp) -> dict[int, int]:
    """By session, this answer's place in the queues in which it waits, counted from 1."""
    own, other = aliased(SessionSeat), aliased(SessionSeat)
    earlier = tuple_(other.queued_at, other.id) <= tuple_(own.queued_at, own.id)
    rows = (
        select(own.session_id, func.count())
        .join(other, and_(other.session_id == own.session_id, other.status == RsvpStatus.WAITLISTED, earlier))
        .where(own.rsvp_id == rsvp.id, own.status == RsvpStatus.WAITLISTED)
        .group_by(own.session_id)
    )
    return dict(db.session.execute(rows).all())
