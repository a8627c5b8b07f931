"""What people are written when something becomes of their answer. Each carries its reader's own link."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarResult, String, and_, cast, delete, exists, func, or_, select, update
from sqlalchemy.orm import contains_eager

from society.agenda.queries import gives_seats_still
from society.calendars.render import stored_entry, stored_entry_ahead, stored_file
from society.db import db
from society.events.models import Event
from society.mail.actions import composed, post_all, write
from society.mail.links import naming
from society.mail.message import method_of
from society.mail.models import WAITING, Letter, LetterState
from society.mail.queries import is_dead_ahead
from society.mail.wording import from_template, language_for
from society.people.models import Person
from society.rsvps.copies import copies_out
from society.rsvps.feed import shows
from society.rsvps.invitation import carried, guest_of, invitee, taken_back
from society.rsvps.kept_out import way_out
from society.rsvps.last_day import letters_leave_at
from society.rsvps.models import HELD, Rsvp, RsvpStatus, Transition
from society.rsvps.queries import rsvp_of
from society.rsvps.render import link, state
from society.rsvps.waiting import offered_at, place_in_queue, places, queue_moves
from society.settings import society

PROMOTED, OFFERED = "promoted", "offered"
"""The letters to those who waited: that a seat is theirs, or kept until they confirm it."""


def given_is_told_at(event: Event, now: datetime) -> datetime:
    """When they read that a seat is theirs by now: by day, and after the hold, so that the letter can be stopped."""
    return letters_leave_at(event, society().after_hold(now))


_LEAVE_AT: Mapping[str, Callable[[Event, datetime], datetime]] = {PROMOTED: given_is_told_at, OFFERED: letters_leave_at}
_TOLD = ("confirmed", "waitlisted")
"""The letters by which somebody learns at once what their own answer has come to."""
NEWS = tuple(_LEAVE_AT)
"""What wakes nobody; what is to be confirmed in time is held for nothing else."""


@dataclass(frozen=True)
class Shared:
    """What letters about one event have in common, asked for once where many are written."""

    entry: bytes
    """Its VEVENT; empty where there is none."""
    seats: bool
    """Whether its sessions have seats of their own that can be asked for."""

    @classmethod
    def of(cls, event: Event, now: datetime) -> "Shared":
        return cls(stored_entry(event) or b"", gives_seats_still(event, now))


def tell(kind: str, step: Transition, now: datetime, place: int | None = None) -> None:
    """Write about a step that somebody has just taken with an answer; with the event for their calendar where they are
    going. `place` is theirs in the queue, where it is known."""
    db.session.flush()  # the step's number is what makes the letter's reason unique
    tell_ahead(step.rsvp.event, step.rsvp.person)
    place = place or place_in_queue(step.rsvp)
    _write(kind, step.rsvp, _reason(kind, step), now, place=place, step=step, new_reason=True)


def tell_ahead(event: Event, person: Person) -> None:
    """Have asked with what is asked next what `tell` asks, while others may wait for it."""
    is_dead_ahead(person.email or "")
    stored_entry_ahead(event)


def _comes_too_late(rsvp: Rsvp, due_at: datetime | None) -> bool:
    """Whether the seat is kept through the night alone, and nobody reads of it before the morning."""
    return bool(due_at and rsvp.offered_until and due_at >= rsvp.offered_until)


def tell_all(kind: str, steps: Sequence[Transition], now: datetime) -> None:
    """The same about a step of each of many answers to one event, in a few statements."""
    if not steps:
        return
    event = steps[0].rsvp.event
    shared, due_at = Shared.of(event, now), _LEAVE_AT[kind](event, now) if kind in NEWS else None
    told = [step for step in steps if not _comes_too_late(step.rsvp, due_at)]
    waiting = places(event) if any(step.rsvp.status is RsvpStatus.WAITLISTED for step in told) else {}
    post_all([_composed(kind, step, now, waiting.get(step.rsvp.id), shared, due_at) for step in told])


def _reason(kind: str, step: Transition) -> str:
    return f"rsvp:{step.rsvp_id}:{kind}:{step.id}"


def say_anew(event: Event, now: datetime) -> None:
    """Have news of a seat that waits, or is kept back, say when and where the event is by now; in a few statements."""
    letters = {int(letter.reason.rpartition(":")[2]): letter for letter in news_that_waits(NEWS, now, event)}
    steps = select(Transition).join(Transition.rsvp).join(Rsvp.person).where(Transition.id.in_(letters))
    people = contains_eager(Transition.rsvp).contains_eager(Rsvp.person).lazyload(Person.roles)
    shared = Shared.of(event, now) if letters else None
    for step in db.session.scalars(steps.where(Rsvp.status.in_(HELD)).options(people)):
        kind = letters[step.id].reason.split(":")[2]
        if kind == OFFERED and step.rsvp.offered_until is None:
            continue  # by a clock ahead of this one they were told, and have confirmed
        letters[step.id].rewrite(_composed(kind, step, now, None, shared))


def news_that_waits(kinds: Iterable[str], now: datetime, *events: Event) -> ScalarResult[Letter]:
    """Letters of these kinds about events that have not left yet, or are kept back."""
    theirs = select(Letter).join(Rsvp, tells_of_seat(kinds)).where(Rsvp.event_id.in_([event.id for event in events]))
    return db.session.scalars(theirs.where(_waits(now)))


def tells_of_seat(kinds: Iterable[str]) -> ColumnElement[bool]:
    """In a query of letters and answers: whether the one is such news of the other's seat."""
    about = "rsvp:" + cast(Rsvp.id, String) + ":"
    told = or_(*(Letter.reason.startswith(about + f"{kind}:") for kind in kinds))
    return and_(Rsvp.person_id == Letter.person_id, told)


def _waits(now: datetime) -> ColumnElement[bool]:
    return and_(Letter.state == LetterState.QUEUED, or_(Letter.due_at > now, Letter.halted))


def anew(kind: str, step: Transition, now: datetime) -> Letter:
    """The letter of that kind about a step, as it would be written now; not in the outbox."""
    return _composed(kind, step, now, place_in_queue(step.rsvp))


def _composed(
    kind: str,
    step: Transition,
    now: datetime,
    place: int | None,
    shared: Shared | None = None,
    due_at: datetime | None = None,
) -> Letter:
    rsvp = step.rsvp
    fields = _fields(kind, rsvp, now, shared=shared) | {"place": place, "step": step}
    given = {"calendar": fields.pop("calendar"), "due_at": due_at}
    subject, body, language = from_template(f"rsvp_{kind}", rsvp.person, rsvp.person.language, fields)
    return composed(rsvp.person, subject, body, _reason(kind, step), now=now, language=language, **given)


def take_back_news(rsvps: Sequence[Rsvp], now: datetime, news: Iterable[str] = NEWS) -> None:
    """Of a seat given or kept, and given back or confirmed before its news has left, nobody is told; `news` tells which
    seat. What may have arrived stays written down."""
    if rsvps:
        gone = delete(Letter).where(news_of(rsvps, now, news), Letter.open_ends == 0)
        # Known to the session too: on SQLite the next letter may get the number of one that is gone.
        db.session.execute(gone.execution_options(synchronize_session="fetch"))


def take_back_told(rsvp: Rsvp) -> None:
    """Where they have said otherwise before a letter about what they said has left, the next one alone tells it. What
    is on its way, or may have arrived, goes on."""
    unsent = Letter.state.in_(WAITING), Letter.open_ends == 0, Letter.person_id == rsvp.person_id
    about = or_(*(Letter.reason.startswith(f"rsvp:{rsvp.id}:{kind}:") for kind in _TOLD))
    gone = delete(Letter).where(*unsent, about)
    db.session.execute(gone.execution_options(synchronize_session="fetch"))


def news_of(rsvps: Sequence[Rsvp], now: datetime, news: Iterable[str] = NEWS) -> ColumnElement[bool]:
    """In a query of letters: the news of these answers' seats that has not left yet, or is kept back."""
    theirs = exists().where(Rsvp.id.in_([rsvp.id for rsvp in rsvps]), tells_of_seat(news))
    return and_(Letter.person_id.in_([rsvp.person_id for rsvp in rsvps]), _waits(now), theirs)


def hasten_news(rsvp: Rsvp, now: datetime, news: Iterable[str] = (PROMOTED,)) -> None:
    """What somebody has brought about themselves at this moment they need not wait for but in the night."""
    just = news_of([rsvp], now, news), Letter.written_at == now
    sooner = update(Letter).where(*just).values(due_at=letters_leave_at(rsvp.event, now))
    db.session.execute(sooner.execution_options(synchronize_session=False))


def refile(goes: Rsvp, stays: Rsvp, now: datetime) -> None:
    """Of two answers that become one, letters about the one that goes are about the one that stays from now on.

    News of its seat that waits is told only if it is true of the other, which has none of its own to tell.
    """
    told = db.session.scalar(select(Letter.id).where(news_of([stays], now)).limit(1)) is not None
    if told or (goes.status, goes.online) != (stays.status, stays.online):
        take_back_news([goes], now)
    former = f"rsvp:{goes.id}:"
    about = Letter.person_id == goes.person_id, Letter.reason.startswith(former)
    renamed = f"rsvp:{stays.id}:" + func.substr(Letter.reason, len(former) + 1)
    db.session.execute(update(Letter).where(*about).values(reason=renamed))


def ask_to_confirm(rsvp: Rsvp, now: datetime, notice: int | None = None) -> None:
    """Write to an address that somebody gave as theirs, at most once an hour, whatever that somebody does."""
    db.session.flush()
    kind = "ask" if rsvp.status is RsvpStatus.UNCONFIRMED else "known"
    reason, place = f"rsvp:{rsvp.id}:{kind}:{now:%Y-%m-%dT%H}", place_in_queue(rsvp)
    _write(kind, rsvp, reason, now, notice, asked=True, place=place, out=way_out(rsvp))


def _write(kind: str, rsvp: Rsvp, reason: str, now: datetime, notice: int | None = None, **fields: Any) -> None:
    write(rsvp.person, f"rsvp_{kind}", reason, now=now, **_fields(kind, rsvp, now, notice), **fields)


def _fields(
    kind: str, rsvp: Rsvp, now: datetime, notice: int | None = None, shared: Shared | None = None
) -> dict[str, Any]:
    """What every letter about an answer says, and the file that it brings."""
    own = link(rsvp)
    file = None if kind in ("ask", "known") else _for_calendar(rsvp, now, shared.entry if shared else None)
    chooses = rsvp.has_seat and (shared.seats if shared else gives_seats_still(rsvp.event, now))
    return {
        "calendar": file,
        "event": rsvp.event,
        "rsvp": rsvp,
        "online": rsvp.online or rsvp.event.only_online,
        "path": naming(own, notice),
        "ticket": f"{own}/ticket",
        "sessions": f"{own}/sessions" if chooses else "",
        "moves": queue_moves(rsvp.event, now),
        "free_by_night": kind == "waitlisted" and offered_at(rsvp.event, now) is not None,
        "carries": method_of(file) if file else None,
    }


def take_back_copies(person: Person, now: datetime) -> int:
    """Who follows by their own feed alone gets back out of their calendar program what invitations have put there and
    the feed shows too, by a letter for each event that is to come; how many. Of the others they are told as before.
    """
    coming = select(Event).where(Event.uid.in_(copies_out(person)), Event.ends_at > now).order_by(Event.starts_at)
    shown = [event for event in db.session.scalars(coming) if event.on and shows(event, person, now)]
    return sum(_take_back_copy(event, person, now) for event in shown)


def _take_back_copy(event: Event, person: Person, now: datetime) -> bool:
    rsvp = rsvp_of(event, person)
    file = taken_back(guest_of(rsvp) if rsvp else invitee(event, person), now)
    reason, path = f"copy:{event.id}:{now:%Y%m%d%H%M%S}", link(rsvp) if rsvp else f"/events/{event.slug}"
    fields: dict[str, Any] = {"event": event, "path": path, "stands": state(rsvp, language_for(person)) if rsvp else ""}
    return bool(file and write(person, "copy_taken", reason, now=now, calendar=file, **fields))


def _for_calendar(rsvp: Rsvp, now: datetime, entry: bytes | None = None) -> bytes | None:
    """An invitation that can be answered; where nobody reads answers, a file for those who are going."""
    going = rsvp.status is RsvpStatus.CONFIRMED
    return carried(rsvp, stored_file(rsvp.event, busy=True, entry=entry) if going else None, now, entry)
