"""Whom a notice reaches and how, counted and looked up by the database."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, literal, select, union_all

from society.db import db
from society.events.models import Event
from society.mail.queries import NO_WAY, Way, way
from society.notices.models import Audience, Delivery, Notice, NoticeKind
from society.notices.queries import people_in
from society.people.models import Person
from society.text import counted, listed

AT_ONCE = 200
"""Notices in one statement; SQLite puts no more than 500 together."""


@dataclass(frozen=True)
class Reach:
    """How many a notice is for, by how they are reached; as text, how many that is."""

    numbers: Mapping[Way, int]

    @property
    def everyone(self) -> int:
        return sum(self.numbers.values())

    @property
    def mailed(self) -> int:
        return self.numbers.get(Way.MAIL, 0)

    @property
    def by_letter(self) -> int:
        """For how many it is printed: they chose that, or have no email address."""
        return self.numbers.get(Way.LETTER, 0)

    @property
    def unreachable(self) -> int:
        """How many neither mail nor post can bring it to."""
        return sum(self.numbers.get(no_way, 0) for no_way in NO_WAY)

    @property
    def reached(self) -> int:
        """How many get it, by mail or on paper."""
        return self.mailed + self.by_letter

    def __str__(self) -> str:
        """ "12 people, 4 of them by letter. Besides, 3 left this list and 1 cannot be reached."."""
        sentence = people(self.reached)
        if self.by_letter:
            sentence += f", {self.by_letter:,} of them by letter"
        unreached = {
            Way.LEFT: "{:,} left this list",
            Way.DEAD: "mail to {:,} comes back",
            Way.NONE: "{:,} cannot be reached",
        }
        others = [words.format(self.numbers[way]) for way, words in unreached.items() if self.numbers.get(way)]
        return f"{sentence}." + (f" Besides, {listed(others)}." if others else "")


def together(several: Iterable[Reach]) -> Reach:
    """Of several notices: whoever gets two of them counts twice."""
    return Reach(sum((Counter(each.numbers) for each in several), Counter[Way]()))


def people(number: int) -> str:
    """ "nobody", "1 person", "12 people"."""
    return counted(number, "person", "people") if number else "nobody"


def reach(notice: Notice, now: datetime) -> Reach:
    """How many it would reach now: counted by the database, however many they are."""
    return reaches([notice], now)[0]


def reaches(notices: Sequence[Notice], now: datetime) -> list[Reach]:
    """The same of each of several, in one query for as many as SQLite puts together."""
    numbers: list[dict[Way, int]] = [{} for _ in notices]
    counts = [_by_way(notice, place, now) for place, notice in enumerate(notices)]
    for start in range(0, len(counts), AT_ONCE):
        for place, found, number in db.session.execute(union_all(*counts[start : start + AT_ONCE])):
            numbers[place][Way(found)] = number
    return [Reach(found) for found in numbers]


def _by_way(notice: Notice, place: int, now: datetime) -> Select[int, str, int]:
    how = way(notice.kind.mailing_list)
    people = people_in(notice, now).order_by(None)
    return people.with_only_columns(literal(place), how, func.count()).group_by(how)


def those_to_tell(event: Event, now: datetime) -> Reach:
    """How many would be written to about a change; nobody, of what is cancelled."""
    return Reach({}) if event.cancelled_at else those_to_tell_of_each([event], now)[0]


def concerned(events: Iterable[Event], now: datetime) -> list[Event]:
    """Those of them whose guests are told of what is asked there or of its agenda: announced, neither off nor over."""
    return [event for event in events if event.published_at is not None and not event.gone(now)]


def those_to_tell_of_each(events: Sequence[Event], now: datetime) -> list[Reach]:
    """The same for each of several, in one query."""
    news = [Notice(kind=NoticeKind.CHANGE, audience=Audience.CONCERNED, event=event) for event in events]
    return reaches(news, now)


def mailed_now(notice: Notice, now: datetime) -> Select[Person]:
    """Whom it would be mailed to now, by name."""
    return people_in(notice, now).where(way(notice.kind.mailing_list) == Way.MAIL.value)


def told_of(notice: Notice) -> set[int]:
    """Those whom a notice that was sent is mailed to, by number."""
    mailed = select(Delivery.person_id).where(Delivery.notice_id == notice.id, Delivery.letter_id.is_not(None))
    return set(db.session.scalars(mailed))
