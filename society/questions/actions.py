"""Asking, and keeping what is said."""

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, delete, or_, select, union, update

from society.audit.actions import record
from society.db import db
from society.errors import Refused
from society.events.models import Event
from society.people.models import Person
from society.questions.agreements import end_beyond, end_outdated, follow
from society.questions.asking import Filled
from society.questions.models import Agreement, AnswerFile, Kind, Question, QuestionAnswer
from society.questions.options import renamed
from society.questions.queries import asked_at, is_answered

MOST = 30
"""Questions of one event: more than anybody answers."""


def ask(event: Event, values: dict[str, Any], *, by: Person, now: datetime) -> Question:
    """One question more, last."""
    asked = db.session.scalars(asked_at(event)).all()
    if len(asked) >= MOST:
        raise Refused(f"An event asks at most {MOST} questions.")
    position = max((question.position for question in asked), default=0) + 1
    question = Question(event_id=event.id, position=position, **values)
    db.session.add(question)
    event.asks = True
    record("question added", event, by=by, now=now, after={"question": question.text})
    return question


def reword(event: Event, question: Question, values: dict[str, Any], *, by: Person, now: datetime) -> None:
    """Change a question; answers given before keep the wording that they were given to. A choice that is called
    otherwise is so where it was chosen too."""
    changed = {name: value for name, value in values.items() if getattr(question, name) != value}
    before = {name: getattr(question, name) for name in changed}
    _rename_chosen(question, renamed(question.options, values.get("options", question.options)))
    for name, value in changed.items():
        setattr(question, name, value)
    if changed:
        record("question changed", event, by=by, now=now, before=before, after=changed)


def _rename_chosen(question: Question, names: Mapping[str, str]) -> None:
    told = select(QuestionAnswer).where(QuestionAnswer.question_id == question.id)
    for row in db.session.scalars(told) if names else ():
        row.text = "\n".join(names.get(line, line) for line in row.text.split("\n"))


def remove(event: Event, question: Question, *, by: Person, now: datetime) -> None:
    """Ask it no more. Where there are answers they stay to be read."""
    record("question removed", event, by=by, now=now, before={"question": question.text})
    if is_answered(question):
        question.removed_at = now
    else:
        db.session.delete(question)
    db.session.flush()
    event.asks = db.session.scalars(asked_at(event).limit(1)).first() is not None


def move(event: Event, question: Question, step: Literal[-1, 1], *, by: Person, now: datetime) -> None:
    """One place up or down; at the end of the list nothing happens."""
    asked = list(db.session.scalars(asked_at(event)))
    place = asked.index(question) + step
    if not 0 <= place < len(asked):
        return
    asked.remove(question)
    asked.insert(place, question)
    for position, each in enumerate(asked, 1):
        each.position = position
    record("question moved", event, by=by, now=now, after={"question": question.text, "place": place + 1})


def copy(event: Event, twin: Event) -> None:
    """Ask at another event what is asked at this one."""
    ask_all(twin, [question.as_asked for question in db.session.scalars(asked_at(event)).all()])


def ask_all(event: Event, asked: Sequence[Mapping[str, Any]]) -> None:
    """Ask these, in their order, at an event that is new."""
    for position, values in enumerate(asked, 1):
        db.session.add(Question(event_id=event.id, position=position, **values))
    event.asks = bool(asked)


def keep(
    rsvp_id: int, party: int, filled: Sequence[Filled], now: datetime, places: Mapping[int, int] | None = None
) -> None:
    """Set what was said with an RSVP; what was said of guests who do not come any more goes.

    `places`: who comes, by the numbers that they have had, and which they get (see `Questioned.places`).
    """
    seat_guests(rsvp_id, party, now, places)
    own = select(QuestionAnswer).where(QuestionAnswer.rsvp_id == rsvp_id)
    rows = {(row.question_id, row.guest): row for row in db.session.scalars(own)}
    for one in [one for one in filled if one.guest < party]:
        _keep_one(rsvp_id, rows.get((one.question.id, one.guest)), one)
    follow(rsvp_id, filled, now)
    db.session.flush()


def seat_guests(rsvp_id: int, party: int, now: datetime, places: Mapping[int, int] | None = None) -> None:
    """Let go of what was said of those who stay away, the last where it is not said who; the others move up, the first
    first."""
    places = places or {guest: guest for guest in range(party)}
    come = [guest for guest, place in places.items() if place < party]
    away = delete(QuestionAnswer).where(QuestionAnswer.rsvp_id == rsvp_id, QuestionAnswer.guest.not_in(come))
    db.session.execute(away)
    end_beyond(rsvp_id, come, now)
    for guest, place in sorted(places.items()):
        for table in (QuestionAnswer, Agreement) if place < guest else ():
            theirs = update(table).where(table.rsvp_id == rsvp_id, table.guest == guest)
            db.session.execute(theirs.values(guest=place))


def _keep_one(rsvp_id: int, row: QuestionAnswer | None, one: Filled) -> None:
    """What is said anew is said to the present wording; what stays as it was, to the old one. A consent is always said
    anew: it is no answer to other words."""
    if not one.text:
        if row:
            db.session.delete(row)
        return
    if row is None:
        row = QuestionAnswer(rsvp_id=rsvp_id, question_id=one.question.id, guest=one.guest, text="")
        db.session.add(row)
    if row.text != one.text or one.question.kind is Kind.CONSENT:
        row.text, row.asked = one.text, one.question.text
    if one.file:
        db.session.flush()
        db.session.execute(delete(AnswerFile).where(AnswerFile.answer_id == row.id))
        db.session.add(AnswerFile(answer_id=row.id, media_type=one.file.media_type, content=one.file.content))


def take_over(stays: int, goes: int, *, guests_of: int, now: datetime) -> None:
    """Of two RSVPs of one person that become one: the one that stays gets what it lacks that they said of themselves.
    Their guests are those of one of the two, with all that was said of them: `guests_of` is whose party is kept. All
    that was agreed to with either stays on record; what is not taken over ends, as what was to words that have become
    others does where they agreed to the present ones with the other."""
    if guests_of == goes:
        gone = QuestionAnswer.rsvp_id == stays, QuestionAnswer.guest > 0
        db.session.execute(delete(QuestionAnswer).where(*gone))
        end_beyond(stays, [0], now)
    anew = end_outdated(stays, goes, now)
    tables = QuestionAnswer, Agreement
    own = (select(table.question_id).where(table.rsvp_id == stays, table.guest == 0) for table in tables)
    has = set(db.session.scalars(union(*own))) - anew
    moves = update(QuestionAnswer).where(
        QuestionAnswer.rsvp_id == goes, _is_taken(QuestionAnswer, has, guests_of == goes)
    )
    db.session.execute(moves.values(rsvp_id=stays).execution_options(synchronize_session=False))
    theirs = update(Agreement).where(Agreement.rsvp_id == goes).execution_options(synchronize_session=False)
    ends = theirs.where(Agreement.withdrawn_at.is_(None), ~_is_taken(Agreement, has, guests_of == goes))
    db.session.execute(ends.values(withdrawn_at=now))
    db.session.execute(theirs.values(rsvp_id=stays))


def _is_taken(table: type[QuestionAnswer | Agreement], has: Set[int], guests: bool) -> ColumnElement[bool]:
    own = and_(table.guest == 0, table.question_id.not_in(has))
    return or_(own, table.guest > 0) if guests else own
