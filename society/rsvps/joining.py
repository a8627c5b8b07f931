"""What a yes comes to: a seat, a place in the queue, the organizers' word, or that somebody joins online."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, or_, select

from society.db import db
from society.errors import Refused
from society.events.models import Event, RsvpPolicy
from society.people.models import Person
from society.phrases import marked
from society.rsvps import seats
from society.rsvps.feed import answered as refresh_feed
from society.rsvps.letters import take_back_told, tell, tell_ahead
from society.rsvps.models import UNDONE, Rsvp, RsvpStatus, Transition
from society.rsvps.waiting import before_newcomer, queue
from society.text import counted

NOT_ONLINE = marked("This event cannot be joined online any more. You can ask for a seat.")


def joins_online(event: Event, rsvp: Rsvp | None, wanted: bool | None) -> bool:
    """Whether somebody who says yes takes no seat: as they want it, else as they had it.

    Where there is no choice any more, whoever comes keeps their way until they want a seat, and nobody new gets that
    one: what is only online has seats as what is only in a hall. What cannot be joined online any more nobody is told
    that they join.
    """
    if event.hybrid:
        return (rsvp is not None and rsvp.online) if wanted is None else wanted
    keeps = rsvp is not None and rsvp.stands and rsvp.online
    if wanted and not event.online_url:
        raise Refused(NOT_ONLINE)
    return keeps and wanted is not False


def stays_online(rsvp: Rsvp) -> bool:
    """Whether the wish to join online can be granted still; else it becomes one for a seat, and its queue."""
    if rsvp.online and not rsvp.event.online_url:
        rsvp.online = False
    return rsvp.online


def ask(rsvp: Rsvp, at: datetime, actor: Person, *, online: bool) -> None:
    """What becomes of a yes that holds nothing yet."""
    if rsvp.event.rsvp_policy is RsvpPolicy.APPROVAL:
        _ask_organizers(rsvp, at, actor, online=online)
    elif online:
        _join_online(rsvp, at, actor, "Joins online.")
    else:
        _ask_for_seats(rsvp, at, actor)


def switch(rsvp: Rsvp, size: int, at: datetime, actor: Person, *, online: bool) -> None:
    """Join online rather than there, or the other way round. Whoever leaves the seats or their queue for that leaves
    them to the next; whoever asks for a seat does so as a newcomer. What the organizers have not decided yet, they
    decide as it is wished by then; a seat is another thing than they said yes to."""
    if rsvp.status is RsvpStatus.PENDING:
        rsvp.online, rsvp.party_size = online, size
        seats.log(rsvp, rsvp.status, at, actor, f"Would rather {'join online' if online else 'have a seat'}.")
        return
    if size > rsvp.party_size:
        check_approved(rsvp)
    if not online and rsvp.event.rsvp_policy is RsvpPolicy.APPROVAL:
        raise Refused(marked("The organizers approved that you join online. Please ask them for a seat."))
    rsvp.resize(size)
    rsvp.answered_at = at
    take_back_told(rsvp)
    if online:
        _join_online(rsvp, at, actor, "Joins online instead.")
        seats.fill(rsvp.event, at)
    else:
        _ask_for_seats(rsvp, at, actor)


def join_again(event: Event, now: datetime) -> None:
    """Nobody loses both: whoever left joining online for a seat, and has none as answers close, joins online again."""
    if not event.on or not event.hybrid or now < event.answers_close_at:
        return
    back = db.session.scalars(queue(event).where(_left_online())).all()
    for rsvp in back:
        rsvp.online = True
    seats.seat_all(back, now, "online_again", "No seat became free before answers closed; joins online again.")


def closed_to_the_left(now: datetime) -> Select[int]:
    """Events at which there are such, found without a lock, by the few that are closed and not over."""
    hybrid = Event.online_url != "", or_(Event.venue_id.is_not(None), Event.room != "")
    on = Event.cancelled_at.is_(None), Event.postponed_at.is_(None), Event.ends_at > now
    closed = select(Event.id).where(*hybrid, *on, or_(Event.rsvp_closes_at <= now, Event.starts_at <= now))
    waits = Rsvp.event_id.in_(closed), Rsvp.status == RsvpStatus.WAITLISTED
    return select(Rsvp.event_id).where(*waits, _left_online()).distinct()


def _left_online() -> ColumnElement[bool]:
    """Of answers that wait: whether they joined online until then; nobody with a seat is put into the queue but by the
    door, which takes back a mistake."""
    came_from = case((Transition.before == RsvpStatus.CONFIRMED, 1), else_=0)
    entered = select(came_from).where(Transition.rsvp_id == Rsvp.id, Transition.after == RsvpStatus.WAITLISTED)
    entered = entered.where(Transition.before.is_distinct_from(RsvpStatus.WAITLISTED), Transition.reason != UNDONE)
    return entered.order_by(Transition.id.desc()).limit(1).correlate(Rsvp).scalar_subquery() == 1


def _ask_organizers(rsvp: Rsvp, at: datetime, actor: Person, *, online: bool) -> None:
    rsvp.online = online
    wish = "to join online" if online else f"for {counted(rsvp.party_size, 'seat')}"
    step = seats.log(rsvp, RsvpStatus.PENDING, at, actor, f"Asked {wish}; the organizers decide.")
    tell("pending", step, at)
    refresh_feed(rsvp.person, at)


def _join_online(rsvp: Rsvp, at: datetime, actor: Person, reason: str) -> None:
    rsvp.online = True
    seats.seat(rsvp, at, "confirmed", actor=actor, reason=reason)


def _ask_for_seats(rsvp: Rsvp, at: datetime, actor: Person) -> None:
    """Of one who has joined online so far that is known only once seats are counted: they are none of those taken."""
    wish = counted(rsvp.party_size, "seat")
    found = before_newcomer(rsvp.event, rsvp.party_size)
    # Who waits with no larger a party would fit wherever the newcomer does: then seats need not be counted.
    free = 0 if found.fits else seats.seats_free(rsvp.event, found.taken)
    if seats.gives_seats(rsvp.event, at) and seats.fits(
        rsvp.event, rsvp, rsvp.party_size, free, queue=found.waiting > 0
    ):
        rsvp.online = False
        seats.seat(rsvp, at, "confirmed", actor=actor, reason=f"Asked for {wish}; seats were free.")
        return
    rsvp.online = False
    step = seats.enqueue(rsvp, at, actor, f"Asked for {wish}.", found.last)
    promoted = seats.fill(rsvp.event, at, free=free, newcomers=(rsvp,))
    tell_place(step, at, None if promoted else found.waiting + 1)


def tell_place(step: Transition, now: datetime, place: int | None = None) -> None:
    """Tell one who was just put into the queue and is still there; their place, where it is not known, is counted."""
    if step.rsvp.status is RsvpStatus.WAITLISTED:
        tell_ahead(step.rsvp.event, step.rsvp.person)
        refresh_feed(step.rsvp.person, now)
        tell("waitlisted", step, now, place)


def check_approved(rsvp: Rsvp) -> None:
    if rsvp.event.rsvp_policy is RsvpPolicy.APPROVAL and rsvp.status is not RsvpStatus.PENDING:
        sentence = marked("The organizers approved your party as it is. Please ask them if more would like to come.")
        raise Refused(sentence)
