"""Who comes, who waits, and what an event's page says about its seats."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import (
    ColumnElement,
    Integer,
    ScalarSelect,
    Select,
    String,
    bindparam,
    case,
    func,
    literal_column,
    not_,
    or_,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy.orm import aliased, joinedload

from society.db import db
from society.events.models import Event, RsvpPolicy
from society.events.queries import not_over
from society.events.render import spoken_for
from society.kept import fresh_until
from society.languages import ENGLISH
from society.membership.queries import standing
from society.people.models import Person
from society.phrases import Sentence, marked
from society.questions.models import Kind, Question, QuestionAnswer
from society.rows import Peek
from society.rsvps.kept_out import kept_out
from society.rsvps.models import CONCERNED, HELD, Rsvp, RsvpStatus, Transition
from society.settings import society
from society.text import folded
from society.times import today_in

_WITH_PEOPLE = joinedload(Rsvp.person).lazyload(Person.roles)


@dataclass(frozen=True)
class Turnout:
    """An event's answers, counted. Without "seats" in its name a number counts answers, whatever their parties."""

    going: int
    seats: int
    waiting: int
    waiting_seats: int
    maybe: int
    declined: int
    pending: int
    unconfirmed: int
    offered: int
    """Of one who waited, to be confirmed on the last day; counted among the seats, not among those going."""
    free: int | None
    """Seats that nobody has; None is without limit. Never negative, even where the capacity was lowered."""

    @property
    def full(self) -> bool:
        return self.free == 0

    @property
    def in_short(self) -> str:
        """ "3 going, 1 waiting"; "nobody yet"."""
        parts = [(self.going, "going"), (self.offered, "offered a seat"), (self.waiting, "waiting")]
        parts += [(self.maybe, "maybe"), (self.pending, "to be decided")]
        return ", ".join(f"{number:,} {word}" for number, word in parts if number) or "nobody yet"


@dataclass(frozen=True)
class Card:
    """What one reader of an event's page is told about seats, and what they can do."""

    event: Event
    person: Person | None
    turnout: Turnout
    mine: Rsvp | None
    place: int | None
    closed: str | None
    """The sentence that says why nobody can answer now."""
    barred: str | None
    """The sentence that says why this reader cannot."""


def _of(status: RsvpStatus, number: ColumnElement[int], *which: ColumnElement[bool]) -> ScalarSelect[int]:
    word = literal_column(f"'{status.value}'", String)  # not a value: kept plans know which are rare
    theirs = Rsvp.event_id == bindparam("event_id"), type_coerce(Rsvp.status, String) == word
    return select(number).where(*theirs, *which).scalar_subquery()


def _beyond_one(status: RsvpStatus) -> ScalarSelect[int]:
    """The seats that parties take above one each."""
    return _of(status, func.coalesce(func.sum(Rsvp.party_size - 1), 0), Rsvp.party_size > 1)


# Counting rows costs half of summing up what stands in them, and the index of parties leaves out who comes alone.
_counts = *(_of(status, func.count()) for status in RsvpStatus), *map(_beyond_one, RsvpStatus)
_turnout = select(*_counts)
_with_turnout = select(Event, *_counts).where(Event.id == bindparam("event_id"))


def turnout(event: Event) -> Turnout:
    """The answers to an event by what they came to, in one query."""
    return _counted(event, db.session.execute(_turnout, {"event_id": event.id}).one())


def turnouts(events: Sequence[Event]) -> dict[int, Turnout]:
    """The same of each of several, in one query."""
    sums = select(Rsvp.event_id, Rsvp.status, func.count(), func.sum(Rsvp.party_size - 1))
    sums = sums.where(Rsvp.event_id.in_([event.id for event in events])).group_by(Rsvp.event_id, Rsvp.status)
    found = {(number, status): (count, beyond) for number, status, count, beyond in db.session.execute(sums)}
    rows = ((event, [found.get((event.id, status), (0, 0)) for status in RsvpStatus]) for event in events)
    return {event.id: _counted(event, [pair[0] for pair in row] + [pair[1] for pair in row]) for event, row in rows}


def with_turnout(event_id: int) -> tuple[Event, Turnout] | None:
    """An event and its answers counted, in one query."""
    row = db.session.execute(_with_turnout, {"event_id": event_id}).first()
    return (row[0], _counted(row[0], row[1:])) if row else None


def _counted(event: Event, row: Sequence[int]) -> Turnout:
    number = dict(zip(RsvpStatus, row, strict=False))
    seats = {status: number[status] + beyond for status, beyond in zip(RsvpStatus, row[len(number) :], strict=True)}
    taken = sum(seats[status] for status in HELD)
    return Turnout(
        going=number[RsvpStatus.CONFIRMED],
        seats=taken,
        waiting=number[RsvpStatus.WAITLISTED],
        waiting_seats=seats[RsvpStatus.WAITLISTED],
        maybe=number[RsvpStatus.MAYBE],
        declined=number[RsvpStatus.DECLINED],
        pending=number[RsvpStatus.PENDING],
        unconfirmed=number[RsvpStatus.UNCONFIRMED],
        offered=number[RsvpStatus.OFFERED],
        free=None if event.capacity is None else max(event.capacity - taken, 0),
    )


_WAITS = RsvpStatus.WAITLISTED.value

_taken = Peek(
    select(func.coalesce(func.sum(Rsvp.party_size), 0)).where(
        Rsvp.event_id == bindparam("event_id"), Rsvp.status.in_([bindparam(status.value) for status in HELD])
    )
)


def seats_taken(event: Event) -> int:
    """Seats that somebody has or is offered: counted, never kept."""
    row = _taken.here(event_id=event.id, **{status.value: status.value for status in HELD})
    return int(row[0]) if row else 0


def with_seats_left(events: Select[Event], now: datetime) -> Select[Event]:
    """Those that take answers and are not full; seats are counted in the same statement."""
    taken = select(func.coalesce(func.sum(Rsvp.party_size), 0)).where(Rsvp.event_id == Event.id, Rsvp.status.in_(HELD))
    on = Event.cancelled_at.is_(None), Event.postponed_at.is_(None), Event.rsvp_policy != RsvpPolicy.CLOSED
    in_time = Event.starts_at > now, or_(Event.rsvp_closes_at.is_(None), Event.rsvp_closes_at > now)
    return events.where(*on, *in_time, or_(Event.capacity.is_(None), Event.capacity > taken.scalar_subquery()))


def queue(event: Event) -> Select[Rsvp]:
    """Those who wait for seats, first come first."""
    waits = select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.status == RsvpStatus.WAITLISTED)
    return waits.order_by(Rsvp.queued_at, Rsvp.id).options(_WITH_PEOPLE)


def offered(event: Event) -> Select[Rsvp]:
    """Those to whom a seat is offered, in the order in which that ends."""
    offers = select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.status == RsvpStatus.OFFERED)
    return offers.order_by(Rsvp.offered_until, Rsvp.id).options(_WITH_PEOPLE)


def undecided(event: Event) -> Select[Rsvp]:
    """Those who wait for the organizers, in the order in which they asked."""
    pending = select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.status == RsvpStatus.PENDING)
    return pending.order_by(Rsvp.answered_at, Rsvp.id).options(_WITH_PEOPLE)


_last = select(func.max(Rsvp.queued_at)).where(
    Rsvp.event_id == bindparam("event_id"), Rsvp.status == bindparam("status")
)
_last_alone = Peek(_last)


def last_queued_at(event: Event) -> datetime | None:
    """Since when the last in the queue waits."""
    row = _last_alone.here(event_id=event.id, status=_WAITS)
    return row[0] if row else None


_theirs = (
    select(Rsvp.id)
    .where(
        Rsvp.event_id == bindparam("event_id"),
        Rsvp.status == bindparam("status"),
        Rsvp.party_size <= bindparam("seats"),
        Rsvp.id != bindparam("own_id"),
    )
    .limit(1)
)
_another = Peek(_theirs)
_another_and_last = Peek(select(_theirs.scalar_subquery(), _last.scalar_subquery()))


def another_and_last(event: Event, seats: int) -> tuple[bool, datetime | None]:
    """Whether somebody in the queue would fit into so many seats, and since when its last one waits."""
    row = _another_and_last.here(event_id=event.id, status=_WAITS, seats=seats, own_id=0)
    return (row[0] is not None, row[1]) if row else (False, None)


def waits_another(event: Event, rsvp: Rsvp, seats: int) -> bool:
    """Whether somebody else in the queue would fit into so many seats."""
    own_id = rsvp.id or 0  # one that is new has no number yet
    return _another.here(event_id=event.id, status=_WAITS, seats=seats, own_id=own_id) is not None


def waiting(event: Event) -> list[Person]:
    """The people in the queue, in its order."""
    return [rsvp.person for rsvp in db.session.scalars(queue(event))]


def seated(event: Event) -> list[Person]:
    """The people who have seats, in the order of their answers."""
    rows = select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.status == RsvpStatus.CONFIRMED)
    rows = rows.order_by(Rsvp.answered_at, Rsvp.id).options(_WITH_PEOPLE)
    return [rsvp.person for rsvp in db.session.scalars(rows)]


def place() -> ColumnElement[int | None]:
    """In a query of RSVPs: each one's place in its queue, counted from 1; NULL for those who do not wait."""
    other = aliased(Rsvp)
    earlier = tuple_(other.queued_at, other.id) <= tuple_(Rsvp.queued_at, Rsvp.id)
    ahead = select(func.count()).select_from(other)
    ahead = ahead.where(other.event_id == Rsvp.event_id, other.status == RsvpStatus.WAITLISTED, earlier)
    return case((Rsvp.status == RsvpStatus.WAITLISTED, ahead.correlate(Rsvp).scalar_subquery()))


def _place_of_one() -> Select[int]:
    """The same of one who waits: one range of the index, which `place` is not."""
    me = aliased(Rsvp)
    since = select(me.queued_at).where(me.id == bindparam("own_id")).scalar_subquery()
    until_them = tuple_(Rsvp.queued_at, Rsvp.id) <= tuple_(since, bindparam("own_id", type_=Integer))
    return select(func.count()).where(
        Rsvp.event_id == bindparam("event_id"), Rsvp.status == bindparam("status"), until_them
    )


_place = Peek(_place_of_one())


def place_in_queue(rsvp: Rsvp) -> int | None:
    """Their place, counted from 1; None if they do not wait."""
    if rsvp.status is not RsvpStatus.WAITLISTED:
        return None
    row = _place.here(event_id=rsvp.event_id, status=_WAITS, own_id=rsvp.id)
    return row[0] if row else None


_RSVP_OF = (
    select(Rsvp)
    .where(Rsvp.event_id == bindparam("event_id"), Rsvp.person_id == bindparam("person_id"))
    .execution_options(populate_existing=True)
)


_answer = Peek(select(Rsvp.id).where(Rsvp.event_id == bindparam("event_id"), Rsvp.person_id == bindparam("person_id")))


def rsvp_of(event: Event, person: Person) -> Rsvp | None:
    """A person's answer to an event, as the database has it now."""
    if _answer.here(event_id=event.id, person_id=person.id) is None:  # as for most who have not answered before
        return None
    return db.session.scalar(_RSVP_OF, {"event_id": event.id, "person_id": person.id})


def answered(event: Event) -> Select[Rsvp]:
    """The answers of those who are to be told when the event changes, with their people."""
    rows = select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.status.in_(CONCERNED))
    return rows.order_by(Rsvp.id).options(_WITH_PEOPLE)


def history(rsvp: Rsvp) -> Select[Transition]:
    """The log of an answer, oldest first."""
    return select(Transition).where(Transition.rsvp_id == rsvp.id).order_by(Transition.id)


def of_person(person: Person) -> Select[Rsvp, int | None]:
    """A person's answers with their places in the queues, and the events with all that a list shows."""
    rows = select(Rsvp, place()).join(Rsvp.event).where(Rsvp.person_id == person.id)
    return rows.options(joinedload(Rsvp.event).joinedload(Event.venue))


def coming(person: Person, now: datetime) -> Select[Rsvp, int | None]:
    """Their answers to what is not over yet, soonest first."""
    return of_person(person).where(not_over(now)).order_by(Event.starts_at, Event.id)


def gone(person: Person, now: datetime) -> Select[Rsvp, int | None]:
    """Their answers to what is over, latest first."""
    return of_person(person).where(not_(not_over(now))).order_by(Event.starts_at.desc(), Event.id.desc())


def called(word: str, *, address: bool = True) -> ColumnElement[bool]:
    """Whether a word is in the name of who answered or of a guest of theirs, whatever its case and accents, or, where
    that may be asked, in the address."""
    plain = folded(word)
    brings = names_of_guests().where(QuestionAnswer.rsvp_id == Rsvp.id).correlate(Rsvp)
    brings = brings.where(QuestionAnswer.folded.contains(plain, autoescape=True))
    found = [Person.folded_name.contains(plain, autoescape=True), brings.exists()]
    return or_(*found, Person.email.icontains(word, autoescape=True)) if address else or_(*found)


def names_of_guests() -> Select[QuestionAnswer]:
    """Of those whom somebody brings, as far as they were asked for."""
    rows = select(QuestionAnswer).join(Question, Question.id == QuestionAnswer.question_id)
    return rows.where(Question.kind == Kind.NAMES)


def arrived(event: Event) -> int:
    """Seats of those who were checked in."""
    seats = select(func.coalesce(func.sum(func.coalesce(Rsvp.arrived, Rsvp.party_size)), 0))
    return db.session.scalar(seats.where(Rsvp.event_id == event.id, Rsvp.checked_in_at.is_not(None))) or 0


def why_closed(event: Event, now: datetime) -> str | None:
    """The sentence that says why no answer can be given now; None if one can."""
    if event.takes_answers(now):
        return None
    if event.published_at is None:
        return marked("This event is not published yet.")
    if event.cancelled_at is not None:
        return marked("This event is cancelled.")
    if event.over(now):
        return marked("This event is over.")
    if event.postponed_at is not None:
        return marked("This event is postponed. You can answer again when it has a new date.")
    if event.begun(now):
        return marked("This event has begun.")
    if event.rsvp_policy is RsvpPolicy.CLOSED:
        return marked("This event takes no answers.")
    return Sentence(marked("Answers closed on {day}."), day=partial(closing, event))


def closing(event: Event, language: str = ENGLISH) -> str:
    """Until when answers are taken, by the event's own clocks: "Monday, 29 March 2027, 6:00 pm (New York time)"."""
    return spoken_for(event.answers_close_at, event.zone, None, language)


def why_barred(event: Event, person: Person | None, mine: Rsvp | None, now: datetime) -> str | None:
    """The sentence that says why this person cannot ask for a seat, though others can; None if they can."""
    if mine is not None and mine.decided_against and event.rsvp_policy is RsvpPolicy.APPROVAL:
        return marked("The organizers could not offer you a place. Please write to them if you have questions.")
    if mine is not None and mine.status is RsvpStatus.CANCELLED and kept_out(mine):
        return marked("The organizers took you off the list. Please write to them if you have questions.")
    first = event.members_first_until_at
    members_first = first is not None and now < first and not (mine and mine.stands)
    if event.rsvp_policy is not RsvpPolicy.MEMBERS and not members_first:
        return None
    if person is not None and standing(person, today_in(society().zone, now)) is not None:
        return None
    if event.rsvp_policy is not RsvpPolicy.MEMBERS and first:
        opens = partial(spoken_for, first, event.zone, None)
        return Sentence(marked("Members come first: everyone else can answer from {day} on."), day=opens)
    return marked("Only members in good standing can answer.") if person else "Only members can answer. Please sign in."


def card(event: Event, person: Person | None, now: datetime) -> Card:
    """What `rsvps/_card.html` shows to `person`; for a visitor, one query."""
    fresh_until(event.members_first_until_at, event.rsvp_closes_at, event.starts_at, event.ends_at)
    mine = rsvp_of(event, person) if person else None
    closed = why_closed(event, now)
    return Card(
        event=event,
        person=person,
        turnout=turnout(event),
        mine=mine,
        place=place_in_queue(mine) if mine else None,
        closed=closed,
        barred=None if closed else why_barred(event, person, mine, now),
    )
