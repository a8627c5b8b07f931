"""The evenings of a series as one person finds them who answers several at once."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Select, and_, func
from sqlalchemy.orm import joinedload

from society.db import db
from society.events.models import Event
from society.events.queries import visible_to
from society.membership.queries import standing
from society.people.models import Person
from society.questions.models import Kind, Question
from society.rsvps.asked import lacking
from society.rsvps.counts import Turnout, takes_answers, turnouts
from society.rsvps.kept_out import is_kept_out
from society.rsvps.models import Rsvp, RsvpStatus
from society.rsvps.queries import barred
from society.rsvps.waiting import place
from society.settings import society
from society.times import today_in

MOST = 60
"""Evenings that are answered at once: more than a year of a weekly series."""


@dataclass(frozen=True)
class Evening:
    """One that takes answers, and how its reader stands to it."""

    event: Event
    mine: Rsvp | None
    place: int | None
    """In its queue, for one who waits."""
    turnout: Turnout
    by_its_form: str
    """Why it is answered by its own form alone; empty where it is not."""


@dataclass(frozen=True)
class Evenings:
    """What somebody can answer of a series, soonest first."""

    rows: Sequence[Evening]
    barred: Collection[str]
    """Why they cannot answer others, though these take answers."""
    more: bool
    """Whether there are others, later."""


def at_the_usual_place(events: Sequence[Event]) -> Event:
    """One of those that are where most are, so that only the others say where they are."""
    where = Counter(event.place for event in events)
    return max(events, key=lambda event: where[event.place])


def several_of(series: Collection[int | None], person: Person, now: datetime) -> Collection[int | None]:
    """Which of these series have more than one evening that takes answers, of those that they may see."""
    if not series:
        return ()
    rows = visible_to(person).where(Event.series_id.in_(series), takes_answers(now))
    found = rows.with_only_columns(Event.series_id).group_by(Event.series_id).having(func.count() > 1)
    return set(db.session.scalars(found))


def evenings(series: int, person: Person, now: datetime) -> Evenings:
    """Those that take answers of somebody; in as many queries however many there are."""
    rows = _with_answers(visible_to(person).where(Event.series_id == series, takes_answers(now)), person)
    found = db.session.execute(rows.limit(MOST + 1)).all()

    @cache
    def belongs() -> bool:
        return standing(person, today_in(society().zone, now)) is not None

    why: dict[int, str | None] = {
        event.id: barred(
            event, mine, now, signed_in=True, out=mine is not None and _taken_off(mine, out), belongs=belongs
        )
        for event, mine, _, out in found[:MOST]
    }
    free = [(event, mine, number) for event, mine, number, _ in found[:MOST] if why[event.id] is None]
    lacks = lacking([(event, mine) for event, mine, _ in free])
    counted = turnouts([event for event, _, _ in free])
    return Evenings(
        [Evening(event, mine, number, counted[event.id], by_its_form(lacks[event.id])) for event, mine, number in free],
        dict.fromkeys(sentence for sentence in why.values() if sentence),
        len(found) > MOST,
    )


def _taken_off(mine: Rsvp, out: bool | None) -> bool:
    return bool(out) and mine.status is RsvpStatus.CANCELLED


def by_its_form(missing: Collection[Question]) -> str:
    """The sentence that says why it is answered on its own page alone; empty where nothing is missing."""
    if not missing:
        return ""
    if all(question.kind is Kind.NAMES for question in missing):
        return "The organizers ask for the names of those whom you bring. Please answer on its own page."
    return "The organizers ask something of those who come. Please answer on its own page."


def those(series: int, numbers: Collection[int], person: Person) -> Sequence[Event]:
    """Of a series those with these numbers, if they may see them, in the order of their dates; whether they take
    answers still is for whoever answers to see."""
    rows = visible_to(person).where(Event.series_id == series, Event.id.in_(numbers))
    return db.session.scalars(rows.order_by(Event.starts_at, Event.id)).all()


def stands(numbers: Collection[int], series: int, person: Person) -> Sequence[tuple[Event, Rsvp, int | None]]:
    """Their answers to these evenings, with their places in the queues."""
    rows = _with_answers(visible_to(person).where(Event.series_id == series, Event.id.in_(numbers)), person)
    return [(event, mine, number) for event, mine, number, _ in db.session.execute(rows) if mine is not None]


def _with_answers(events: Select[Event], person: Person) -> Select[Event, Rsvp | None, int | None, bool | None]:
    own = and_(Rsvp.event_id == Event.id, Rsvp.person_id == person.id)
    rows = events.outerjoin(Rsvp, own).add_columns(Rsvp, place(), is_kept_out())
    return rows.options(joinedload(Event.venue)).order_by(Event.starts_at, Event.id)
