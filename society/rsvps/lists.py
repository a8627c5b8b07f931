"""The organizers' list of an event's answers: which of them are looked for, and in which order."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, func, select
from sqlalchemy.orm import joinedload

from society.events.models import Event
from society.fields import on_one_line
from society.membership.queries import in_good_standing
from society.people.models import Person
from society.questions.models import QuestionAnswer
from society.rsvps.models import STANDING, Rsvp, RsvpStatus, Way
from society.rsvps.queries import called
from society.text import folded

LONGEST = 100
"""Characters of a search that are looked at."""

CAME = {"yes": "Were there", "no": "Did not come"}
JOINS = {Way.HERE.value: "In the hall", Way.ONLINE.value: "Online"}
WHO = {"members": "Members", "others": "Others"}
ORDERS = {"": "Queue, then name", "name": "Name", "answered": "Latest answer first", "party": "Largest party first"}

TOLD = (
    *(Person.name, Person.email, Rsvp.id, Rsvp.answer, Rsvp.status, Rsvp.party_size, Rsvp.online, Rsvp.note),
    *(Rsvp.answered_at, Rsvp.checked_in_at, Rsvp.arrived, Rsvp.came.label("came"), Rsvp.has_seat.label("has_seat")),
)


@dataclass(frozen=True)
class Wanted:
    """What is looked for; empty values ask for everything."""

    q: str = ""
    status: str = ""
    came: str = ""
    """Of those with a seat."""
    joins: str = ""
    """How they come, or would, of those who said yes."""
    who: str = ""
    parties: str = ""
    """Anything: only those who bring somebody."""
    question: str = ""
    """The number of a question that was answered."""
    said: str = ""
    """Something in the answer to it, or to any question."""
    order: str = ""

    @classmethod
    def asked(cls, args: Mapping[str, str]) -> "Wanted":
        """As it stands in an address; what is not known is left out."""
        values = {name: on_one_line(args.get(name))[:LONGEST] for name in cls.__annotations__}
        known = {"status": list(RsvpStatus), "came": CAME, "joins": JOINS, "who": WHO, "order": ORDERS}
        values |= {name: values[name] if values[name] in words else "" for name, words in known.items()}
        number = values["question"]
        values["question"] = number if number.isascii() and number.isdigit() and len(number) < 10 else ""
        return cls(**values)

    @property
    def query(self) -> dict[str, str]:
        """For an address that leads to the same."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def narrows(self) -> bool:
        return bool(self.query.keys() - {"order"})


def wanted_of(event: Event, wanted: Wanted, today: date) -> Select[Rsvp, int | None]:
    """The answers that are looked for, with their people and their places in the queue."""
    return _wanted(event, wanted, today, Rsvp).options(joinedload(Rsvp.person).lazyload(Person.roles))


def told_of(event: Event, wanted: Wanted, today: date) -> Select[*tuple[Any, ...]]:
    """What a table tells of them: to make rows of a person and an answer for each takes five times as long."""
    return _wanted(event, wanted, today, *TOLD)


def _wanted(event: Event, wanted: Wanted, today: date, *read: Any) -> Select[*tuple[Any, ...]]:
    places = _places(event)
    rows = select(*read, places.c.place).select_from(places).join(Rsvp, Rsvp.id == places.c.id).join(Rsvp.person)
    return rows.where(*conditions(wanted, today)).order_by(*_order(wanted, places))


def _places(event: Event) -> Subquery:
    """The event's answers with their places in the queue, numbered in one go.

    A count for each who waits would grow with the square of their number. That the event is named here alone makes
    databases begin here and look the rest up by number.
    """
    among_equals = func.row_number().over(partition_by=Rsvp.status, order_by=(Rsvp.queued_at, Rsvp.id))
    place = case((Rsvp.status == RsvpStatus.WAITLISTED, among_equals)).label("place")
    return select(Rsvp.id, place).where(Rsvp.event_id == event.id).subquery()


def conditions(wanted: Wanted, today: date) -> list[ColumnElement[bool]]:
    """What holds of an answer that is looked for, and of its person."""
    found = [called(word) for word in wanted.q.split()]
    found += [_FILTERS[name](value) for name, value in wanted.query.items() if name in _FILTERS]
    if wanted.who:
        member = in_good_standing(today)
        found.append(member if wanted.who == "members" else ~member)
    if wanted.question or wanted.said:
        found.append(_said(wanted))
    return found


def _came(came: str) -> ColumnElement[bool]:
    return Rsvp.has_seat & (Rsvp.checked_in_at.is_not(None) if came == "yes" else Rsvp.checked_in_at.is_(None))


_FILTERS: dict[str, Callable[[str], ColumnElement[bool]]] = {
    "status": lambda status: Rsvp.status == RsvpStatus(status),
    "came": _came,
    "joins": lambda joins: Rsvp.status.in_(STANDING) & Rsvp.online.is_(joins == Way.ONLINE),
    "parties": lambda _: Rsvp.party_size > 1,
}


def _said(wanted: Wanted) -> ColumnElement[bool]:
    """Whether there is such an answer, whatever its case and accents."""
    answers = select(QuestionAnswer.id).where(QuestionAnswer.rsvp_id == Rsvp.id, QuestionAnswer.guest < Rsvp.party_size)
    if wanted.question:
        answers = answers.where(QuestionAnswer.question_id == int(wanted.question))
    if wanted.said:
        answers = answers.where(QuestionAnswer.folded.contains(folded(wanted.said), autoescape=True))
    return answers.exists()


def _order(wanted: Wanted, places: Subquery) -> list[Any]:
    by_name: list[Any] = [Person.name, Rsvp.id]
    match wanted.order:
        case "name":
            return by_name
        case "answered":
            return [Rsvp.answered_at.desc(), Rsvp.id]
        case "party":
            return [Rsvp.party_size.desc(), *by_name]
        case _:
            return [places.c.place.nulls_last(), *by_name]
