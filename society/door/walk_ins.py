"""Letting in somebody who comes without having answered."""

from datetime import datetime

from sqlalchemy import select

from society.db import db
from society.door.actions import note_at_the_door, person_of, used
from society.door.mistakes import CAME, CAME_AND_TOOK, CAME_INSTEAD, CAME_THOUGH_DECLINED
from society.door.models import DoorAct, DoorAction, DoorKey
from society.door.queries import why_shut
from society.errors import Refused
from society.events.models import Event, RsvpPolicy, Visibility
from society.events.render import spoken_in
from society.people.models import Person
from society.people.queries import person_by_email
from society.rsvps import seats
from society.rsvps.counts import seats_taken
from society.rsvps.feed import answered as refresh_feed
from society.rsvps.kept_out import kept_out
from society.rsvps.models import Answer, Rsvp, RsvpStatus
from society.rsvps.queries import rsvp_of
from society.text import counted

_ANSWERED = "Somebody with that address has answered already. Please look for their name, or ask an organizer."


class HasSeat(Refused):
    """Whoever comes in has a seat already, and so is no walk-in."""

    def __init__(self, rsvp: Rsvp) -> None:
        super().__init__(f"{rsvp.person.name} has a seat already. Please look for their name.")
        self.rsvp = rsvp


def barred(event: Event, by: Person | DoorKey, at: datetime) -> str:
    """Why nobody is let in at that hour who has not answered; empty where they are, as long as there are seats."""
    if isinstance(by, DoorKey) and (event.visibility is Visibility.MEMBERS or event.rsvp_policy is RsvpPolicy.MEMBERS):
        return "This is for members. Please ask an organizer to let them in."
    return why_shut(event, at)


def walk_in(
    event: Event,
    name: str,
    email: str,
    party_size: int,
    *,
    by: Person | DoorKey,
    now: datetime,
    at: datetime | None = None,
    uid: str | None = None,
) -> Rsvp:
    """Seat and check in somebody who comes without having answered; the event is never fuller than it has seats.

    Until answers close, who waits for seats comes first, as everywhere. Who was offered some has these, and what they
    do not need goes on to the next. They themselves are not written to. They came `at` some time before `now` if that
    is told later; one `uid` lets in once, however often it is told. Whatever is refused is so before anything is kept.
    """
    seats.lock(event)
    done = _let_in(event, uid) if uid else None
    if done:
        return done
    if why := barred(event, by, at or now):
        raise Refused(why)
    person, rsvp, remark = _who(event, name, email, by)
    offered, why_so = _standing(rsvp, by)
    rsvp = rsvp or Rsvp(event=event, event_id=event.id, note=remark)
    more = party_size - (rsvp.party_size if offered else 0)
    _must_fit(event, rsvp, more, now)
    if rsvp.person is None:
        rsvp.person = person or _newcomer(name, "" if remark else email, now)
        rsvp.person_id = rsvp.person.id
    rsvp.answer, rsvp.party_size, rsvp.answered_at = Answer.YES, party_size, now
    rsvp.online = False
    seats.log(rsvp, RsvpStatus.CONFIRMED, now, person_of(by), why_so)
    _enter(rsvp, at or now, uid, by, now)
    refresh_feed(rsvp.person, now)
    if more < 0:
        seats.fill(event, now)
    return rsvp


def _enter(rsvp: Rsvp, at: datetime, uid: str | None, by: Person | DoorKey, now: datetime) -> None:
    rsvp.check_in(at)
    db.session.add(DoorAct(rsvp_id=rsvp.id, act=DoorAction.CHECK_IN, at=at, uid=uid))
    note_at_the_door(DoorAction.CHECK_IN, rsvp, None, by, now)
    used(by, now)


def _let_in(event: Event, uid: str) -> Rsvp | None:
    """Whom that act has let in already."""
    rows = select(Rsvp).join(DoorAct, DoorAct.rsvp_id == Rsvp.id).where(DoorAct.uid == uid)
    return db.session.scalar(rows.where(Rsvp.event_id == event.id))


def _who(event: Event, name: str, email: str, by: Person | DoorKey) -> tuple[Person | None, Rsvp | None, str]:
    """Whoever has that address, their answer to the event, and a remark for its organizers.

    A helper must not learn whose an address is. By a key, somebody is therefore who they are only if the name that was
    typed is theirs; else they come in by that name alone, and organizers find the address as a remark. Typed again, the
    address is answered in the same way whether anybody was known by it or not.
    """
    person = person_by_email(email) if email else None
    rsvp = rsvp_of(event, person) if person else None
    if person is None or person.name == name or not isinstance(by, DoorKey):
        return person, rsvp, ""
    remark = f"Gave the address {email} at the door."
    rsvp = rsvp or db.session.scalar(select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.note == remark).limit(1))
    if rsvp and rsvp.person.name != name:
        raise Refused(_ANSWERED)
    return (rsvp.person if rsvp else None), rsvp, remark


def _standing(rsvp: Rsvp | None, by: Person | DoorKey) -> tuple[bool, str]:
    """Whether they were offered seats, and how the log says that they came; whom the organizers declined or removed, no
    helper lets in."""
    if rsvp is None:
        return False, CAME
    if rsvp.has_seat:
        raise HasSeat(rsvp)
    if rsvp.joins_online:
        return False, CAME_INSTEAD
    if not kept_out(rsvp):
        offered = rsvp.status is RsvpStatus.OFFERED
        return offered, CAME_AND_TOOK if offered else CAME
    if isinstance(by, DoorKey):
        raise Refused("A helper cannot let them in. Please ask an organizer.")
    return False, CAME_THOUGH_DECLINED


def _newcomer(name: str, email: str, now: datetime) -> Person:
    """Somebody who is not known yet; some leave a name and no address."""
    person = Person(name=name, email=email.lower() or None, created_at=now)
    db.session.add(person)
    db.session.flush()
    return person


def _must_fit(event: Event, rsvp: Rsvp, more: int, now: datetime) -> None:
    """Whether so many can be had besides those that are theirs already."""
    if more <= 0:
        return
    if event.capacity is not None and seats_taken(event) + more > event.capacity:
        left = "There is no free seat left." if more == 1 else f"There are not {counted(more, 'free seat')} left."
        raise Refused(f"{left} An organizer can raise the number of seats.")
    if seats.gives_seats(event, now) and not seats.fits(event, rsvp, more):
        until = spoken_in(event.answers_close_at, event.zone)
        raise Refused(f"What is free is for those who wait, until answers close: {until}.")


def free(event: Event) -> int | None:
    """How many seats nobody has or was offered; None where there is no limit."""
    return None if event.capacity is None else max(event.capacity - seats_taken(event), 0)
