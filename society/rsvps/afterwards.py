"""When it is over: who was there after all, and how many came to which event."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from society.audit.actions import record
from society.db import db
from society.errors import Refused
from society.events.models import Category, Event
from society.people.models import Person
from society.register.drawing import BOTTOM, LEFT, RIGHT, TOP, Bar, Label, Picture, nice
from society.rsvps.models import Rsvp


def correct(event: Event, numbers: Sequence[int], *, there: bool, by: Person, now: datetime) -> int:
    """Note that guests with a seat were all there, or that none of them was; how many answers that changes."""
    rsvps = _seated(event, numbers, now)
    return sum(_note(rsvp, rsvp.party_size if there else 0, by, now) for rsvp in rsvps)


def count_again(event: Event, came: Mapping[int, tuple[int, int]], *, by: Person, now: datetime) -> "Recount":
    """Note how many of each party were there, by the answer's number: as it was when it was looked at, and as it is.

    What somebody else has put right meanwhile stays theirs. Nobody came with more people than they had seats.
    """
    done, left = 0, []
    for rsvp in _seated(event, list(came), now):
        was, number = came[rsvp.id]
        if number == was:
            continue
        if rsvp.came not in (was, number):
            left.append(rsvp.person.name)
        else:
            done += _note(rsvp, min(number, rsvp.party_size), by, now)
    return Recount(done, left)


@dataclass(frozen=True)
class Recount:
    """How many answers were put right, and whose were not since somebody else had been there."""

    done: int
    left: list[str]


def _seated(event: Event, numbers: Sequence[int], now: datetime) -> Sequence[Rsvp]:
    """Those of these answers that have a seat, held for a change."""
    if not event.begun(now):
        raise Refused("It has not begun: nobody can have been there yet.")
    chosen = select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.id.in_(numbers), Rsvp.has_seat)
    rows = chosen.options(joinedload(Rsvp.person, innerjoin=True), joinedload(Rsvp.event, innerjoin=True))
    return db.session.scalars(rows.order_by(Rsvp.id).with_for_update(of=Rsvp)).all()


def _note(rsvp: Rsvp, came: int, by: Person, now: datetime) -> bool:
    """How many of a party were there: since the start, unless the door had an hour; whether that is news."""
    if came == rsvp.came:
        return False
    before = {"checked_in_at": rsvp.checked_in_at, "came": rsvp.came}
    rsvp.checked_in_at = (rsvp.checked_in_at or rsvp.event.starts_at) if came else None
    rsvp.arrived = came if 0 < came < rsvp.party_size else None
    whose = {"rsvp": rsvp.id, "person": rsvp.person.name}
    after = {"checked_in_at": rsvp.checked_in_at, "came": rsvp.came}
    act = "guest noted as there" if came else "guest noted as absent"
    record(act, rsvp.event, by=by, now=now, before=whose | before, after=whose | after)
    return True


@dataclass(frozen=True)
class Attendance:
    """One event, with the seats that were taken and those that were filled."""

    event_id: int
    title: str
    starts: datetime
    category: str
    seats: int
    came: int


@dataclass(frozen=True)
class Sum:
    """Several events together."""

    name: str
    events: int
    seats: int
    came: int

    @property
    def share(self) -> int:
        """Of the seats taken, how many were filled, in per cent."""
        return round(100 * self.came / self.seats) if self.seats else 0


def attendance(now: datetime, years: int) -> list[Attendance]:
    """Events of the last years that took place and of which it is known how many came, oldest first.

    That is the number that its organizers entered, or else of those who were checked in. One where nobody was checked
    in kept no list; it would tell of the list and not of the guests.
    """
    scanned = func.sum(case((Rsvp.checked_in_at.is_not(None), func.coalesce(Rsvp.arrived, Rsvp.party_size)), else_=0))
    came, seats = func.coalesce(Event.attendance, scanned), func.coalesce(func.sum(Rsvp.party_size), 0)
    rows = (
        select(Event.id, Event.title, Event.starts, func.coalesce(Category.name, ""), seats, came)
        .outerjoin(Rsvp, and_(Rsvp.event_id == Event.id, Rsvp.has_seat))
        .outerjoin(Category, Category.id == Event.category_id)
        .where(Event.published_at.is_not(None), Event.cancelled_at.is_(None))
        .where(Event.ends_at <= now, Event.ends_at > now - timedelta(days=365 * years))
        .group_by(Event.id, Event.title, Event.starts, Event.starts_at, Event.attendance, Category.name)
        .having(or_(scanned > 0, Event.attendance.is_not(None)))
        .order_by(Event.starts_at, Event.id)
    )
    return [Attendance(*row) for row in db.session.execute(rows)]


def by_category(found: Sequence[Attendance]) -> list[Sum]:
    """The largest first."""
    names = {one.category for one in found}
    sums = [_sum(name or "No category", [one for one in found if one.category == name]) for name in names]
    return sorted(sums, key=lambda one: (-one.came, one.name))


def by_month(found: Sequence[Attendance], now: datetime, years: int) -> list[Sum]:
    """Every month of these years up to this one, also those without an event; named "Mar 2027"."""
    month = now.year * 12 + now.month - 1
    names = [f"{date(number // 12, number % 12 + 1, 1):%b %Y}" for number in range(month - 12 * years + 1, month + 1)]
    months: dict[str, list[Attendance]] = {name: [] for name in names}
    for one in found:
        months.get(f"{one.starts:%b %Y}", []).append(one)
    return [_sum(name, events) for name, events in months.items()]


def _sum(name: str, events: Sequence[Attendance]) -> Sum:
    return Sum(name, len(events), sum(one.seats for one in events), sum(one.came for one in events))


def drawn(months: Sequence[Sum]) -> Picture:
    """A bar a month: pale for the seats that were taken, full for those that were filled."""
    most = nice(max(1, *(max(month.seats, month.came) for month in months)))
    picture, step = Picture(right=RIGHT), (RIGHT - LEFT) / len(months)
    for place, month in enumerate(months):
        x, width = round(LEFT + (place + 0.1) * step, 1), round(0.8 * step, 1)
        for bars, number in ((picture.down, month.seats), (picture.up, month.came)):
            height = round((BOTTOM - TOP) * number / most, 1)
            if number:
                bars.append(Bar(x, round(BOTTOM - height, 1), width, height))
        if month.name.startswith("Jan "):
            picture.days.append(Label(month.name[-4:], x, 0, 0))
    picture.rules = [Label(f"{value:,}", LEFT, y, y) for value, y in ((0, BOTTOM), (most, TOP))]
    picture.labels = [Label("were there", RIGHT + 8, BOTTOM - 20, 0), Label("had a seat", RIGHT + 8, TOP + 20, 0)]
    return picture


@dataclass(frozen=True)
class Need:
    """An option, or what somebody wrote beside the options, and who said it."""

    text: str
    number: int
    names: list[str]


def needs(rows: Sequence[tuple[str, str]], options: Sequence[str]) -> tuple[list[Need], list[Need]]:
    """What was chosen, in the order of the options, and what was written beside; from (answer, name)."""
    said = [(line, name) for text, name in rows for line in text.split("\n") if line]
    numbers = Counter(line for line, _ in said)
    others = sorted(numbers.keys() - set(options))

    def need(line: str) -> Need:
        return Need(line, numbers[line], sorted(name for text, name in said if text == line))

    return [need(line) for line in options], [need(line) for line in others]
