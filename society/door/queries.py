"""Who is expected, whose code that is, and which keys there are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import joinedload

from society.db import db
from society.door.codes import code_of, fits, is_of, mark, numbers_in
from society.door.hours import day_at, day_began, lasts_days
from society.door.models import AFTER_THE_END, DoorAct, DoorAction, DoorKey
from society.door.replay import replayed
from society.events.models import Event
from society.fields import on_one_line
from society.people.models import Person
from society.questions.models import Question, QuestionAnswer
from society.rsvps.coming_free import free_among
from society.rsvps.models import FormerRsvp, Rsvp
from society.rsvps.queries import called, names_of_guests
from society.text import folded
from society.tokens import hashed

_WITH_PEOPLE = joinedload(Rsvp.person, innerjoin=True).lazyload(Person.roles)


@dataclass(frozen=True)
class HeadCount:
    """How many have a seat and how many of them came."""

    answers: int
    seats: int
    arrived: int
    numbers: int
    """The sum of the answers' numbers: two lists of the same people have the same."""
    mark: str
    """Changes with the list: another answer, seat or arrival."""
    today: int | None = None
    """How many of them were let in today, where an event lasts several days."""


def why_off(event: Event) -> str:
    """Why nobody is let in to what does not take place as announced; empty where it does."""
    if event.cancelled_at is not None:
        return "This event is cancelled, so nobody is let in."
    if event.postponed_at is not None:
        return "This event is put off, so nobody is let in."
    return "" if event.published_at else "This event is not announced yet, so nobody is let in."


def why_shut(event: Event, at: datetime) -> str:
    """The same at an hour: the door shuts when keys to it end, and who came is put right on a page of its own."""
    late = at >= event.ends_at + AFTER_THE_END
    return why_off(event) or ("This event is long over, so nobody is let in any more." if late else "")


def head_count(event: Event, now: datetime) -> HeadCount:
    """Sums over those who have a seat, in one statement; one more where they may come again another day."""
    came = func.coalesce(Rsvp.arrived, Rsvp.party_size)
    sums = select(
        func.count(),
        func.coalesce(func.sum(Rsvp.party_size), 0),
        func.coalesce(func.sum(came).filter(Rsvp.checked_in_at.is_not(None)), 0),
        func.coalesce(func.sum(Rsvp.id), 0),
        func.max(Rsvp.checked_in_at),
    ).where(Rsvp.event_id == event.id, Rsvp.has_seat)
    answers, seats, here, numbers, latest = db.session.execute(sums).one()
    when = latest.timestamp() if latest else 0
    today = _here_today(event, came, now) if lasts_days(event) else None
    return HeadCount(answers, seats, here, int(numbers), f"{answers}-{seats}-{here}-{numbers}-{when}-{today}", today)


def _here_today(event: Event, came: ColumnElement[int], now: datetime) -> int:
    began = day_began(event, now)
    seen = _latest(event, DoorAct.at >= began).subquery()
    let_in = seen.c.rsvp_id == Rsvp.id, seen.c.act == DoorAction.CHECK_IN
    at = func.coalesce(seen.c.at, Rsvp.checked_in_at)  # no act tells of those who were put right
    said = func.coalesce(seen.c.came, came)
    here = case((Rsvp.checked_in_at >= began, came), (said < came, said), else_=came)
    rows = select(func.coalesce(func.sum(here), 0)).outerjoin(seen, and_(*let_in))
    rows = rows.where(Rsvp.event_id == event.id, Rsvp.has_seat, Rsvp.checked_in_at.is_not(None))
    return db.session.scalar(rows.where(at >= began)) or 0


def expected(event: Event, search: str = "") -> Select[Rsvp]:
    """Those who have a seat, by name; also by those of their guests. Only names are searched: a helper must not learn
    whose an address is."""
    rows = select(Rsvp).join(Rsvp.person)
    rows = rows.where(Rsvp.event_id == event.id, Rsvp.has_seat)
    for word in search.split():
        rows = rows.where(called(word, address=False))
    return rows.order_by(Person.name, Rsvp.id).options(_WITH_PEOPLE)


def brought(event: Event, rsvp_ids: Sequence[int] | None = None) -> dict[int, list[str]]:
    """By answer the names of those who come with them, one for each: of these answers, or of all; asked for only where
    they were."""
    if not event.asks:
        return {}
    rows = names_of_guests().where(Question.event_id == event.id)
    rows = rows.join(Rsvp, Rsvp.id == QuestionAnswer.rsvp_id).where(QuestionAnswer.guest < Rsvp.party_size)
    if rsvp_ids is not None:
        rows = rows.where(QuestionAnswer.rsvp_id.in_(rsvp_ids))
    found: dict[int, dict[int, str]] = {}
    for one in db.session.scalars(rows):
        found.setdefault(one.rsvp_id, {}).setdefault(one.guest, on_one_line(one.text))
    return {number: list(names.values()) for number, names in found.items()}


def sought(names: Sequence[str], search: str) -> Sequence[str]:
    """Of a party's names those that were looked for; all, where it was found by another."""
    words = folded(search).split()
    return [name for name in names if any(word in folded(name) for word in words)] or names


def guest(event: Event, number: int | None) -> Rsvp | None:
    """One answer to this event, whatever became of it."""
    if number is None:
        return None
    return db.session.scalar(select(Rsvp).where(Rsvp.id == number, Rsvp.event_id == event.id).options(_WITH_PEOPLE))


def bearer(event: Event, word: str) -> Rsvp | None:
    """Whose ticket has this code, at this event: one statement, by the key of the table; one more where there is none,
    for a ticket to the other of two answers that became one."""
    rows = select(Rsvp).where(Rsvp.id.in_(numbers_in(word)), Rsvp.event_id == event.id).options(_WITH_PEOPLE)
    return next((rsvp for rsvp in db.session.scalars(rows) if fits(word, rsvp)), None) or _bearer_by_now(event, word)


def _bearer_by_now(event: Event, word: str) -> Rsvp | None:
    rows = _former(event).where(FormerRsvp.number.in_(numbers_in(word)))
    true = next((one for one in db.session.scalars(rows) if is_of(word, one.number, one.link_key)), None)
    return guest(event, true.rsvp_id) if true else None


def _former(event: Event) -> Select[FormerRsvp]:
    """Answers to this event that others of the same person have taken in."""
    return select(FormerRsvp).join(Rsvp, Rsvp.id == FormerRsvp.rsvp_id).where(Rsvp.event_id == event.id)


@dataclass(frozen=True)
class Listed:
    """One line of the list that a phone keeps."""

    id: int
    name: str
    party: int
    since: datetime | None
    seen: datetime | None
    """When they were last let in, where they may come again another day."""
    came: int | None
    """How many, while that is not all of them; where they may come again, on the day on which most of them came."""
    here: int | None
    """The same on the day on which they were last let in."""
    mark: str
    also: list[tuple[int, str]]
    """Numbers and marks of further tickets, from before two answers became one."""
    names: list[str]
    """Of those who come with them."""
    free: bool
    """Whether they pay nothing as a member, where others do."""

    @property
    def words(self) -> str:
        """All names as searches compare them."""
        return folded(" ".join((self.name, *self.names)))


def listed(event: Event, day: date, among: Sequence[int] | None = None) -> Iterator[Listed]:
    """Those who have a seat, of all or among these answers, by name, with the marks of their tickets."""
    rows = select(Rsvp.id, Rsvp.link_key, Person.name, Rsvp.party_size, Rsvp.checked_in_at, Rsvp.arrived)
    rows = rows.join(Rsvp.person).where(Rsvp.event_id == event.id, Rsvp.has_seat)
    if among is not None:
        rows = rows.where(Rsvp.id.in_(among))
    also: dict[int, list[tuple[int, str]]] = {}
    for one in db.session.scalars(_former(event)):
        also.setdefault(one.rsvp_id, []).append((one.number, mark(code_of(one.number, one.link_key))))
    names, free = brought(event, among), free_among(event, day, among)
    seen = _last_let_in(event) if lasts_days(event) else {}
    for number, link_key, name, party, since, came in db.session.execute(rows.order_by(Person.name, Rsvp.id)):
        marked, further = mark(code_of(number, link_key)), also.get(number, [])
        last, said = seen.get(number, (None, None)) if since else (None, None)
        here = _part_on(event, since, last, said, came) if since and last else came
        yield Listed(
            number, name, party, since, last, came, here, marked, further, names.get(number, []), number in free
        )


def done_after(event: Event, act: int | None) -> tuple[int, set[int]]:
    """The number of the latest act at this door; and which answers those after `act` were about, of None no more than
    which was the latest."""
    rows = select(DoorAct.id, DoorAct.rsvp_id).join(Rsvp, Rsvp.id == DoorAct.rsvp_id).where(Rsvp.event_id == event.id)
    if act is None:
        return db.session.scalar(rows.with_only_columns(func.coalesce(func.max(DoorAct.id), 0))) or 0, set()
    found = db.session.execute(rows.where(DoorAct.id > act)).all()
    return max((number for number, _ in found), default=act), {rsvp_id for _, rsvp_id in found}


def _part_on(event: Event, since: datetime, at: datetime, said: int | None, came: int | None) -> int | None:
    """How many of a party were there on the day on which they were last let in, None for all of it: as many as were
    `said` then, of those who `came` at all. On their first day these are the same, though it was put right since."""
    if said is None or day_at(event, since) == day_at(event, at):
        return came
    return said if came is None else min(said, came)


def led_on(event: Event, numbers: Sequence[int]) -> dict[int, int]:
    """Of these numbers those that lead to another answer by now, and to which."""
    rows = _former(event).where(FormerRsvp.number.in_(numbers))
    return {one.number: one.rsvp_id for one in db.session.scalars(rows)}


def acts_of(numbers: Sequence[int]) -> dict[int, list[DoorAct]]:
    """What was done at the door about each of these answers."""
    found: dict[int, list[DoorAct]] = {}
    for act in db.session.scalars(select(DoorAct).where(DoorAct.rsvp_id.in_(numbers))):
        found.setdefault(act.rsvp_id, []).append(act)
    return found


@dataclass(frozen=True)
class Seen:
    """When somebody was last let in, and how many of their party were there that day."""

    at: datetime
    came: int


def last_seen(event: Event, rsvps: Sequence[Rsvp]) -> dict[int, Seen]:
    """Of those who are in; asked for only where they may come again another day."""
    if not lasts_days(event):
        return {}
    acts = _last_let_in(event, [rsvp.id for rsvp in rsvps])
    return {
        rsvp.id: _seen(event, rsvp, rsvp.checked_in_at, *acts.get(rsvp.id, (rsvp.checked_in_at, None)))
        for rsvp in rsvps
        if rsvp.checked_in_at
    }


def _seen(event: Event, rsvp: Rsvp, since: datetime, at: datetime, said: int | None) -> Seen:
    return Seen(max(since, at), _part_on(event, since, at, said, rsvp.arrived) or rsvp.party_size)


def _last_let_in(event: Event, among: Sequence[int] | None = None) -> dict[int, tuple[datetime, int | None]]:
    """When those who are in were last let in, and how many came that day, None for all; of whom no act tells it is when
    they first came. One statement more where somebody was undone who had been there on another day."""
    found, undone = dict[int, tuple[datetime, int | None]](), []
    about = [] if among is None else [DoorAct.rsvp_id.in_(among)]
    for number, at, came, act in db.session.execute(_latest(event, *about)):
        if act is DoorAction.CHECK_IN:
            found[number] = at, came
        else:
            undone.append(number)
    for number, acts in acts_of(undone).items():
        before = replayed(acts, partial(day_at, event))
        if before.seen:
            found[number] = before.seen, list(before.days.values())[-1]
    return found


def _latest(event: Event, *among: ColumnElement[bool]) -> Select[int, datetime, int | None, DoorAction]:
    """The latest act about each who is in, of all or `among` these: the one that `replay` has last."""
    order = DoorAct.at.desc(), DoorAct.act.desc(), DoorAct.came.is_not(None), DoorAct.came.desc()
    place = func.row_number().over(partition_by=DoorAct.rsvp_id, order_by=order).label("place")
    rows = select(DoorAct.rsvp_id, DoorAct.at, DoorAct.came, DoorAct.act, place)
    rows = rows.join(Rsvp, Rsvp.id == DoorAct.rsvp_id).where(Rsvp.event_id == event.id, Rsvp.checked_in_at.is_not(None))
    acts = rows.where(*among).subquery()
    return select(acts.c.rsvp_id, acts.c.at, acts.c.came, acts.c.act).where(acts.c.place == 1)


def known(uids: Sequence[str]) -> set[str]:
    """Which of the acts that phones named are here already."""
    return {uid for uid in db.session.scalars(select(DoorAct.uid).where(DoorAct.uid.in_(uids))) if uid}


def keys_of(event: Event) -> Select[DoorKey]:
    """The event's keys that were not taken back, the newest first."""
    return select(DoorKey).where(DoorKey.event_id == event.id, DoorKey.revoked_at.is_(None)).order_by(DoorKey.id.desc())


def key_behind(token: str, now: datetime) -> DoorKey | None:
    """The key whose link this is, as long as it opens."""
    whole = joinedload(DoorKey.event, innerjoin=True)
    key = db.session.scalar(select(DoorKey).where(DoorKey.hashed == hashed(token)).options(whole))
    return key if key and key.opens(now) else None
