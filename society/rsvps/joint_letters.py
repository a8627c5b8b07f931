"""One letter about several evenings that somebody answered at once, in the place of one about each.

Each evening is answered in a transaction of its own, and its letter is written in that. It waits for a minute, in which
all of these become one; so nothing is lost where that fails, it only comes by itself. What is an invitation for a
calendar stays a letter of its own: it is one event's alone (RFC 5546, 3.2.2).
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, exists, func, select, update
from sqlalchemy.orm import joinedload

from society.calendars.render import busy_file
from society.db import db
from society.events.models import Event
from society.inserts import post
from society.mail.actions import composed
from society.mail.message import PUBLISH, method_of
from society.mail.models import Letter, LetterState
from society.mail.wording import from_template
from society.people.models import Person
from society.rsvps import leaving
from society.rsvps.evenings import at_the_usual_place
from society.rsvps.models import Rsvp, RsvpStatus, Transition
from society.rsvps.queries import of_person
from society.rsvps.seats import lock

KIND = "evenings"
"""What the reasons of these letters begin with."""
WAIT = timedelta(minutes=1)
_STAMP = "%Y%m%d%H%M%S%f"


def hold_back(rsvp: Rsvp, at: datetime) -> None:
    """Have what was just written about an answer wait for what is written about the others of the same act."""
    told = _written(rsvp.person, at), Letter.reason.startswith(f"rsvp:{rsvp.id}:"), Letter.due_at <= at
    later = update(Letter).where(*told, Letter.state == LetterState.QUEUED).values(due_at=at + WAIT)
    db.session.execute(later.execution_options(synchronize_session=False))


def gather(person: Person, at: datetime, now: datetime) -> None:
    """Make one letter of those about what somebody answered at that moment, and let it leave. They are held before
    their letters, as where two people become one."""
    theirs = select(Person.id).where(Person.id == person.id)
    db.session.execute(theirs.with_for_update(read=True, key_share=True))
    waits = Letter.state == LetterState.QUEUED, Letter.due_at == at + WAIT, Letter.reason.startswith(f"{leaving.KIND}:")
    held = db.session.scalars(select(Letter).where(_written(person, at), *waits).with_for_update()).all()
    plain = [letter for letter in held if not letter.calendar or method_of(letter.calendar) == PUBLISH]
    joined = plain if len(plain) > 1 else []
    if joined:
        gone = delete(Letter).where(Letter.id.in_([letter.id for letter in joined]))
        # Known to the session too: on SQLite the next letter may get the number of one that is gone.
        db.session.execute(gone.execution_options(synchronize_session="fetch"))
        post(_composed(person, at, now, db.session.execute(_answered(person, at)).all()))
    for letter in held:
        if letter not in joined:
            letter.due_at = now


def _written(person: Person, at: datetime) -> ColumnElement[bool]:
    return (Letter.person_id == person.id) & (Letter.written_at == at)


def _answered(person: Person, at: datetime) -> Select[Rsvp, int | None]:
    """Their answers that changed by what they said at that moment, with their places in the queues."""
    theirs = Transition.rsvp_id == Rsvp.id, Transition.at == at, Transition.actor_id == person.id
    return of_person(person).where(exists().where(*theirs)).order_by(Event.starts_at, Event.id)


def first_told(letter: Letter) -> Rsvp | None:
    """The first of the answers that such a letter tells of; None for any other."""
    person = db.session.get(Person, letter.person_id) if letter.person_id else None
    if person is None or not letter.reason.startswith(f"{KIND}:"):
        return None
    return db.session.scalars(_answered(person, _moment(letter.reason)).limit(1)).first()


def _composed(person: Person, at: datetime, now: datetime, answers: Sequence[Row[Rsvp, int | None]]) -> Letter:
    told = [rsvp.event for rsvp, _ in answers]
    coming = [rsvp.event for rsvp, _ in answers if rsvp.status is RsvpStatus.CONFIRMED]
    file = None if person.feed_only else busy_file(coming)
    fields: dict[str, Any] = {
        "answers": answers,
        "now": now,
        "title": told[0].title,
        "titled": len({event.title for event in told}) > 1,
        "usual": at_the_usual_place(told),
        "carries": file is not None,
        "waits": any(place for _, place in answers),
        "seated": any(rsvp.shows_ticket(now) for rsvp, _ in answers),
    }
    subject, body, language = from_template("rsvp_evenings", person, person.language, fields)
    reason = f"{KIND}:{at.astimezone(UTC):{_STAMP}}"
    return composed(person, subject, body, reason, now=now, language=language, calendar=file)


def untrue(letters: Sequence[Letter], now: datetime) -> Collection[int]:
    """Which were written before an answer became another, or an evening changed, was called off or ended."""
    told = {(letter.person_id, _moment(letter.reason)): letter for letter in letters}
    last = select(func.max(Transition.at)).where(Transition.rsvp_id == Rsvp.id).correlate(Rsvp).scalar_subquery()
    rows = select(Rsvp.person_id, Transition.at, Event.ends_at, last, Event.revised_at, Event.cancelled_at)
    rows = rows.join(Transition, Transition.rsvp_id == Rsvp.id).join(Rsvp.event)
    rows = rows.where(Rsvp.person_id.in_([person for person, _ in told]), Transition.at.in_([at for _, at in told]))
    since: dict[int, datetime] = {}
    for person, at, ends_at, *moments in db.session.execute(rows):
        if letter := told.get((person, at)):
            over = [ends_at] if ends_at <= now else []
            since[letter.id] = max([*filter(None, moments), *over, since.get(letter.id, letter.written_at)])
    return {letter.id for letter in told.values() if since.get(letter.id, now) > letter.written_at}


def settle(now: datetime) -> None:
    """Have those that are so no longer say what is so by now."""
    leaving.settle_each(KIND, _held, _settle, now)


def _held(owed: leaving.Owed) -> Sequence[Row[Rsvp, int | None]]:
    """The answers that it is about, as they are once their events are held, in one order for all who hold several. What
    they have said otherwise since then, a letter of its own tells."""
    person = db.session.get(Person, owed.person) if owed.person else None
    if person is None:
        return []
    at = _moment(owed.reason)
    later = Transition.rsvp_id == Rsvp.id, Transition.at > at, Transition.actor_id == person.id
    otherwise = exists().where(*later, Transition.before.is_distinct_from(Transition.after))
    answered = _answered(person, at).where(~otherwise).options(joinedload(Rsvp.person))
    for event in sorted({rsvp.event for rsvp, _ in db.session.execute(answered)}, key=lambda event: event.id):
        lock(event)
    return db.session.execute(answered.execution_options(populate_existing=True)).all()


def _settle(letter: Letter, answers: Sequence[Row[Rsvp, int | None]], now: datetime) -> None:
    on = [row for row in answers if row[0].event.cancelled_at is None and not row[0].event.over(now)]
    if not on:
        letter.refuse(leaving.NO_MORE)
        return
    letter.rewrite(_composed(on[0][0].person, _moment(letter.reason), now, on))
    letter.queue_again(now)


def _moment(reason: str) -> datetime:
    return datetime.strptime(reason.partition(":")[2], _STAMP).replace(tzinfo=UTC)
