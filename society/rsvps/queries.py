"""Answers as they stand, who can give one, and what an event's page says about its seats."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import ColumnElement, Select, bindparam, func, not_, or_, select
from sqlalchemy.orm import joinedload

from society.db import db
from society.events.models import Event, RsvpPolicy, Visibility
from society.events.queries import not_over, visible_to
from society.events.render import spoken_for
from society.kept import fresh_until
from society.languages import ENGLISH
from society.membership.queries import standing
from society.people.models import Person
from society.phrases import Sentence, marked
from society.questions.models import Kind, Question, QuestionAnswer
from society.rows import Peek, as_loaded
from society.rsvps.coming_free import Pays, as_member
from society.rsvps.counts import Turnout, people, turnout
from society.rsvps.kept_out import Out, kept_out, way_out
from society.rsvps.models import CONCERNED, Rsvp, RsvpStatus, Transition
from society.rsvps.waiting import WITH_PEOPLE, offered_at, place, place_in_queue
from society.settings import society
from society.text import folded
from society.times import today_in


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
    now: datetime
    morning: datetime | None
    """When those who wait are offered what is free, if they are left to sleep until then."""
    lapsed: bool
    """Whether seats were kept for them on the last day, and passed on."""
    pays: Pays | None
    """What this reader pays as a member, where that is another price than others pay."""

    @property
    def queues(self) -> bool:
        """Whether who asks now is put on the waiting list."""
        return self.turnout.full or self.morning is not None


def seated(event: Event) -> list[Person]:
    """The people who have seats, in the order of their answers."""
    rows = select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.has_seat)
    rows = rows.order_by(Rsvp.answered_at, Rsvp.id).options(WITH_PEOPLE)
    return [rsvp.person for rsvp in db.session.scalars(rows)]


_RSVP_OF = (
    select(Rsvp)
    .where(Rsvp.event_id == bindparam("event_id"), Rsvp.person_id == bindparam("person_id"))
    .execution_options(populate_existing=True)
)
_HELD_RSVP_OF = _RSVP_OF.with_for_update(of=Rsvp)
_answer = Peek(select(Rsvp.id).where(Rsvp.event_id == bindparam("event_id"), Rsvp.person_id == bindparam("person_id")))


def rsvp_of(event: Event, person: Person) -> Rsvp | None:
    """A person's answer to an event, as the database has it now."""
    if _answer.here(event_id=event.id, person_id=person.id) is None:  # as for most who have not answered before
        return None
    return db.session.scalar(_RSVP_OF, {"event_id": event.id, "person_id": person.id})


def held_rsvp_of(event: Event, person: Person) -> Rsvp | None:
    """The same for one who changes it, after `seats.lock`: nobody checks them in until the commit. The door holds
    answers and no event, so that a scan waits for no one else's seat."""
    if _answer.here(event_id=event.id, person_id=person.id) is None:
        return None
    return db.session.scalar(_HELD_RSVP_OF, {"event_id": event.id, "person_id": person.id})


_AT = Event.slug == bindparam("slug"), Event.published_at.is_not(None)
_THEIRS = select(Rsvp.id).where(Rsvp.event_id == Event.id, Rsvp.person_id == bindparam("person_id"))
_at = Peek(select(*Event.__table__.columns, _THEIRS.scalar_subquery()).where(*_AT))


def at(slug: str, person: Person | None) -> tuple[Event, Rsvp | None] | None:
    """The event at an address, if they may see it, and their answer to it: answering is in haste."""
    row = _at.here(slug=slug, person_id=person.id if person else 0)
    if row is None:
        return None
    event = as_loaded(Event, row[:-1])
    hidden = event.visibility is not Visibility.PUBLIC
    if hidden and db.session.scalar(visible_to(person).where(Event.id == event.id)) is None:
        return None
    return event, rsvp_of(event, person) if person and row[-1] else None


def at_ahead(slug: str, person_id: int) -> None:
    """Have it asked with what is asked next."""
    _at.ahead(slug=slug, person_id=person_id)


def rsvp_of_ahead(event: Event, person: Person) -> None:
    """Have it asked with what is asked next whether there is one."""
    _answer.ahead(event_id=event.id, person_id=person.id)


def answered(event: Event) -> Select[Rsvp]:
    """The answers of those who are to be told when the event changes, with their people."""
    rows = select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.status.in_(CONCERNED))
    return rows.order_by(Rsvp.id).options(WITH_PEOPLE)


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


def number_gone(person: Person, now: datetime) -> int:
    """How many these are."""
    rows = select(func.count()).select_from(Rsvp).join(Rsvp.event).where(Rsvp.person_id == person.id)
    return db.session.scalar(rows.where(not_(not_over(now)))) or 0


def called(word: str, *, address: bool = True) -> ColumnElement[bool]:
    """Whether a word is in the name of who answered or of a guest of theirs, whatever its case and accents, or, where
    that may be asked, in the address."""
    plain = folded(word)
    brings = names_of_guests().where(QuestionAnswer.rsvp_id == Rsvp.id).correlate(Rsvp)
    brings = brings.where(
        QuestionAnswer.guest < Rsvp.party_size, QuestionAnswer.folded.contains(plain, autoescape=True)
    )
    found = [Person.folded_name.contains(plain, autoescape=True), brings.exists()]
    return or_(*found, Person.email.icontains(word, autoescape=True)) if address else or_(*found)


def names_of_guests() -> Select[QuestionAnswer]:
    """Of those whom somebody brings, as far as they were asked for; by guest, first what is asked still."""
    rows = select(QuestionAnswer).join(Question, Question.id == QuestionAnswer.question_id)
    rows = rows.where(Question.kind == Kind.NAMES)
    return rows.order_by(QuestionAnswer.guest, Question.removed_at.is_not(None), Question.position, Question.id)


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


def largest_party(event: Event, mine: Rsvp | None, *, online: bool) -> int:
    """A party is at most what the event allows, or what holds since before that was lowered. The seats bound only
    those who do not join online."""
    had = mine.party_size if mine is not None and mine.stands else 1
    most = max(event.max_party_size, had)
    if online or event.capacity is None:
        return most
    return min(most, max(event.capacity, 1 if mine is not None and mine.online else had))


def too_many(event: Event, size: int, rsvp: Rsvp | None, *, online: bool = False) -> str | None:
    """The sentence that says why a party is too large; None if it is not."""
    if size < 1:
        return marked("A party is at least one person.")
    if size > largest_party(event, rsvp, online=True):
        return Sentence(marked("A party can be at most {number}."), number=partial(people, event.max_party_size))
    if event.capacity is not None and size > largest_party(event, rsvp, online=online):
        return Sentence(marked("There are seats for {number} in all."), number=partial(people, event.capacity))
    return None


def largest_by_form(event: Event, mine: Rsvp | None) -> int:
    """The same by either way that is open to them."""
    stays = mine is not None and mine.stands and mine.online
    return largest_party(event, mine, online=event.hybrid or stays)


def closing(event: Event, language: str = ENGLISH) -> str:
    """Until when answers are taken, by the event's own clocks: "Monday, 29 March 2027, 6:00 pm (New York time)"."""
    return spoken_for(event.answers_close_at, event.zone, None, language)


def why_barred(event: Event, person: Person | None, mine: Rsvp | None, now: datetime) -> str | None:
    """The sentence that says why this person cannot ask for a seat, though others can; None if they can."""
    out = mine is not None and mine.status is RsvpStatus.CANCELLED and kept_out(mine)

    def belongs() -> bool:
        return person is not None and standing(person, today_in(society().zone, now)) is not None

    return barred(event, mine, now, signed_in=person is not None, out=out, belongs=belongs)


def barred(
    event: Event, mine: Rsvp | None, now: datetime, *, signed_in: bool, out: bool, belongs: Callable[[], bool]
) -> str | None:
    """The same, by what is known of their answer and of them: whether the organizers took it off the list, and whether
    they are a member in good standing."""
    if mine is not None and mine.decided_against and event.rsvp_policy is RsvpPolicy.APPROVAL:
        return marked("The organizers could not offer you a place. Please write to them if you have questions.")
    if out:
        return marked("The organizers took you off the list. Please write to them if you have questions.")
    first = event.members_first_until_at
    members_first = first is not None and now < first and not (mine and mine.stands)
    if event.rsvp_policy is not RsvpPolicy.MEMBERS and not members_first:
        return None
    if belongs():
        return None
    if event.rsvp_policy is not RsvpPolicy.MEMBERS and first:
        opens = partial(spoken_for, first, event.zone, None)
        return Sentence(marked("Members come first: everyone else can answer from {day} on."), day=opens)
    return (
        marked("Only members in good standing can answer.") if signed_in else "Only members can answer. Please sign in."
    )


def card(event: Event, person: Person | None, now: datetime) -> Card:
    """What `rsvps/_card.html` shows to `person`; for a visitor, one query."""
    moments = event.members_first_until_at, event.minimum_by_at, event.rsvp_closes_at, event.starts_at, event.ends_at
    fresh_until(*moments)
    mine = rsvp_of(event, person) if person else None
    closed, morning = why_closed(event, now), offered_at(event, now)
    fresh_until(morning)
    return Card(
        event=event,
        person=person,
        turnout=turnout(event),
        mine=mine,
        place=place_in_queue(mine) if mine else None,
        closed=closed,
        barred=None if closed else why_barred(event, person, mine, now),
        now=now,
        morning=morning,
        lapsed=mine is not None and way_out(mine) is Out.LAPSED,
        pays=as_member(event, person, now),
    )
