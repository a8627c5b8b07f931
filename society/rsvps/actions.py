"""Answering. Everything that takes or frees seats ends in `seats.fill`."""

from datetime import datetime
from functools import partial

from society.errors import Refused
from society.events.models import Event
from society.inserts import take_numbers
from society.mail.actions import revive
from society.mail.models import Letter
from society.people.actions import person_for
from society.people.models import Person
from society.phrases import Sentence, marked
from society.questions.actions import seat_guests
from society.rows import fresh
from society.rsvps import seats
from society.rsvps.counts import people
from society.rsvps.feed import SAID
from society.rsvps.feed import answered as refresh_feed
from society.rsvps.feed import answered_ahead as feed_ahead
from society.rsvps.joining import ask, check_approved, joins_online, switch
from society.rsvps.kept_out import kept_out
from society.rsvps.letters import ask_to_confirm, hasten_news, take_back_news, tell, tell_ahead
from society.rsvps.models import BY_FORM, Answer, Rsvp, RsvpStatus, Transition
from society.rsvps.passing import UNDECIDED
from society.rsvps.queries import held_rsvp_of, rsvp_of, rsvp_of_ahead, too_many, why_barred, why_closed
from society.rsvps.session_releases import shrink
from society.rsvps.waiting import before_newcomer_ahead


def reply(
    event: Event,
    person: Person,
    answer: Answer,
    *,
    party_size: int | None = None,
    note: str | None = None,
    online: bool | None = None,
    at: datetime,
    by: Person | None = None,
    guests_told: bool = False,
) -> Rsvp:
    """Answer, or answer anew; a size, a note or how they join that is not given stays as it was. `guests_told`: who of
    a smaller party stays away is kept next; else it is the last."""
    _look_ahead(event, person, answer, party_size)
    seats.lock(event)
    rsvp = held_rsvp_of(event, person)
    size = party_size or (rsvp.party_size if rsvp else 1)
    had = rsvp.party_size if rsvp else size
    joins = answer is Answer.YES and joins_online(event, rsvp, online)
    _check(event, person, rsvp, answer, size, at, online=joins)
    if rsvp is None:
        rsvp = fresh(Rsvp, event=event, event_id=event.id, person=person, person_id=person.id)
    if note is not None:
        rsvp.note = note
    if by in (None, person):
        rsvp.answered_stamp = at.replace(microsecond=0)
    _settle(rsvp, answer, size, at, by or person, online=joins)
    if rsvp.party_size > had or (rsvp.party_size < had and not guests_told):
        seat_guests(rsvp.id, min(had, rsvp.party_size), at)  # who joins now is none of those left out at the door
    return rsvp


def _look_ahead(event: Event, person: Person, answer: Answer, size: int | None) -> None:
    """With the event is read what most answers ask next, while others wait for it."""
    rsvp_of_ahead(event, person)
    feed_ahead(person)
    if answer is Answer.YES:
        before_newcomer_ahead(event, size or 1)
        tell_ahead(event, person)
    take_numbers(Rsvp, Transition, Letter)


def ask_guest(
    event: Event,
    name: str,
    email: str,
    answer: Answer,
    party_size: int,
    note: str,
    now: datetime,
    notice: int | None = None,
    *,
    online: bool = False,
) -> None:
    """Keep what somebody answered by the form, and mail that address a link. Nothing counts until it is opened.

    Where that address has an answer already, the letter says so and nothing changes: anyone can type an address.
    `notice` is the one whose link led them to the form.
    """
    person = person_for(email, name, now)
    seats.lock(event)
    rsvp = rsvp_of(event, person)
    joins = answer is Answer.YES and joins_online(event, None, online)
    _check(event, None, None, answer, party_size, now, online=joins)
    if rsvp is None:
        rsvp = fresh(Rsvp, event=event, event_id=event.id, person=person, person_id=person.id)
    if rsvp.status in (None, RsvpStatus.UNCONFIRMED):
        rsvp.answer, rsvp.party_size, rsvp.note, rsvp.answered_at = answer, party_size, note, now
        rsvp.online = joins
        seats.log(rsvp, RsvpStatus.UNCONFIRMED, now, None, BY_FORM.format(answer=answer))
    ask_to_confirm(rsvp, now, notice)


def confirm(rsvp: Rsvp, now: datetime) -> None:
    """By the mailed link: a guest's answer counts from now on, or the seats that were offered are taken.

    A second time changes nothing.
    """
    _lock_with(rsvp)
    if rsvp.status is RsvpStatus.OFFERED:
        _take_offered(rsvp, rsvp.party_size, now, rsvp.person)
    if rsvp.status is RsvpStatus.UNCONFIRMED:
        prove_address(rsvp)
        joins = joins_online(rsvp.event, rsvp, rsvp.online)
        _check(rsvp.event, rsvp.person, rsvp, rsvp.answer, rsvp.party_size, now, online=joins)
        _settle(rsvp, rsvp.answer, rsvp.party_size, now, rsvp.person, online=joins)


def prove_address(rsvp: Rsvp) -> None:
    """Whoever opens the link that was mailed to a guest has the address, whatever came back from it before."""
    if rsvp.status is RsvpStatus.UNCONFIRMED:
        revive(rsvp.person.email)


def withdraw(rsvp: Rsvp, now: datetime) -> None:
    """Give the seats back, or leave the queue, until the event begins."""
    _lock_with(rsvp)
    if not rsvp.can_be_withdrawn:
        return
    if rsvp.event.begun(now):
        raise Refused(marked("The event has begun; the answer stands."))
    _release(rsvp, RsvpStatus.CANCELLED, now, rsvp.person, "Withdrawn.")


def _lock_with(rsvp: Rsvp) -> None:
    """Hold the event, then read the answer as it has become while this waited for it."""
    seats.lock(rsvp.event)
    held_rsvp_of(rsvp.event, rsvp.person)


def _check(
    event: Event,
    person: Person | None,
    rsvp: Rsvp | None,
    answer: Answer,
    size: int,
    now: datetime,
    *,
    online: bool,
) -> None:
    """Whether that can be answered now, by that person. A no takes back what was held until the event begins, and seats
    that were offered can be taken as long as was promised, whatever has changed since; more than those cannot."""
    if answer is Answer.NO and rsvp is not None and event.published_at and not event.begun(now):
        return
    offered = answer is Answer.YES and not online and rsvp is not None and rsvp.offer_holds(now)
    sentence = None if offered else why_closed(event, now)
    if sentence is None and answer is not Answer.NO:
        as_offered = offered and rsvp is not None and size <= rsvp.party_size
        barred = None if as_offered else why_barred(event, person, rsvp, now)
        sentence = barred or too_many(event, size, rsvp, online=online)
    if sentence is not None:
        raise Refused(sentence)


def _settle(rsvp: Rsvp, answer: Answer, size: int, at: datetime, actor: Person, *, online: bool) -> None:
    """Make of the row what the answer asks for. A new row has no status yet."""
    if answer is Answer.YES and rsvp.stands and not _waits_in_vain(rsvp):
        _still_yes(rsvp, size, at, actor, online=online)
        return
    if (answer, rsvp.status) in ((Answer.NO, RsvpStatus.DECLINED), (Answer.MAYBE, RsvpStatus.MAYBE)):
        _say_otherwise(rsvp, size, at, actor)
        return
    if answer is Answer.NO and kept_out(rsvp):  # they are off the list, and stay so
        return
    rsvp.answer, rsvp.party_size, rsvp.answered_at = answer, size, at
    match answer:
        case Answer.YES:
            ask(rsvp, at, actor, online=online)
        case Answer.MAYBE:
            _release(rsvp, RsvpStatus.MAYBE, at, actor, "Answered maybe.")
        case Answer.NO:
            _release(rsvp, RsvpStatus.DECLINED, at, actor, "Answered no.")


def _still_yes(rsvp: Rsvp, size: int, at: datetime, actor: Person, *, online: bool) -> None:
    """Of one who holds seats, joins online, or waits."""
    if rsvp.online is not online:
        switch(rsvp, size, at, actor, online=online)
    elif rsvp.status is RsvpStatus.OFFERED:
        _take_offered(rsvp, size, at, actor)
    else:
        _resize(rsvp, size, at, actor)


def _waits_in_vain(rsvp: Rsvp) -> bool:
    """Whether it waits for organizers who do not decide any more."""
    return rsvp.status is RsvpStatus.PENDING and rsvp.event.rsvp_policy in UNDECIDED


def _say_otherwise(rsvp: Rsvp, size: int, at: datetime, actor: Person) -> Transition | None:
    """Keep another size of a party, and the step; whether there are seats for it is for the caller to see."""
    if size == rsvp.party_size:
        return None
    reason = f"Party changed from {rsvp.party_size} to {size}."
    rsvp.resize(size)
    return seats.log(rsvp, rsvp.status, at, actor, reason)


def _take_offered(rsvp: Rsvp, size: int, at: datetime, actor: Person) -> None:
    """Make an offer a seat, while it lasts; a party that has become smaller gives the others back."""
    closed = why_closed(rsvp.event, at)
    if closed and not (rsvp.offer_holds(at) and size <= rsvp.party_size):
        raise Refused(closed)
    if not rsvp.offer_holds(at):
        raise Refused(marked("The seat was not confirmed in time and passes on to the next in the queue."))
    if size > rsvp.party_size:
        _check_growth(rsvp, size)
    given_back, rsvp.party_size = size < rsvp.party_size, size
    seats.seat(rsvp, at, "confirmed", actor=actor, reason="Took the seats that were offered.")
    if given_back:
        seats.fill(rsvp.event, at)


def _resize(rsvp: Rsvp, size: int, at: datetime, actor: Person) -> None:
    """Change the party of one who holds seats or waits. Who waits keeps their place; who is seated grows only into
    seats that are free and that nobody waiting would take first."""
    if size > rsvp.party_size:
        _check_growth(rsvp, size)
    step = _say_otherwise(rsvp, size, at, actor)
    if step is None:
        return
    if rsvp.status is RsvpStatus.CONFIRMED:
        take_back_news([rsvp], at)
        if not rsvp.is_left_out:  # nothing that could be confirmed
            tell("confirmed", step, at)
    promoted = seats.fill(rsvp.event, at)
    shrink(rsvp, at, actor)
    if rsvp in promoted and actor is rsvp.person:
        hasten_news(rsvp, at)


def _check_growth(rsvp: Rsvp, size: int) -> None:
    check_approved(rsvp)
    if rsvp.takes_seats and not seats.fits(rsvp.event, rsvp, size - rsvp.party_size):
        sentence = marked("There are not enough free seats for a party of {size}. You keep those for {number}.")
        raise Refused(Sentence(sentence, size=size, number=partial(people, rsvp.party_size)))


def _release(rsvp: Rsvp, status: RsvpStatus, at: datetime, actor: Person, reason: str) -> None:
    """Leave the seats or the queue, if they had any, and let the next ones move up."""
    stood = rsvp.stands
    step = seats.log(rsvp, status, at, actor, reason)
    if step.before in SAID or status in SAID:
        refresh_feed(rsvp.person, at)
    if stood:
        tell("withdrawn", step, at)
        seats.fill(rsvp.event, at)
