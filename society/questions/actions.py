"""Asking, and keeping what is said."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import delete, select, tuple_, update

from society.audit.actions import record
from society.db import db
from society.errors import Refused
from society.events.models import Event
from society.people.models import Person
from society.questions.asking import Filled
from society.questions.models import AnswerFile, Question, QuestionAnswer
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
    """Change a question; answers given before keep the wording that they were given to."""
    changed = {name: value for name, value in values.items() if getattr(question, name) != value}
    before = {name: getattr(question, name) for name in changed}
    for name, value in changed.items():
        setattr(question, name, value)
    if changed:
        record("question changed", event, by=by, now=now, before=before, after=changed)


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
    for question in db.session.scalars(asked_at(event)).all():
        names = ("position", "kind", "text", "hint", "options", "required", "of_each", "on_badge")
        db.session.add(Question(event_id=twin.id, **{name: getattr(question, name) for name in names}))
    twin.asks = event.asks


def keep(rsvp_id: int, party: int, filled: Sequence[Filled]) -> None:
    """Set what was said with an RSVP; what was said of guests who do not come any more goes."""
    own = select(QuestionAnswer).where(QuestionAnswer.rsvp_id == rsvp_id)
    rows = {(row.question_id, row.guest): row for row in db.session.scalars(own)}
    for row in [row for (_, guest), row in rows.items() if guest >= party]:
        db.session.delete(row)
    for one in [one for one in filled if one.guest < party]:
        _keep_one(rsvp_id, rows.get((one.question.id, one.guest)), one)
    db.session.flush()


def _keep_one(rsvp_id: int, row: QuestionAnswer | None, one: Filled) -> None:
    """What is said anew is said to the present wording; what stays as it was, to the old one."""
    if not one.text:
        if row:
            db.session.delete(row)
        return
    if row is None:
        row = QuestionAnswer(rsvp_id=rsvp_id, question_id=one.question.id, guest=one.guest, text="")
        db.session.add(row)
    if row.text != one.text:
        row.text, row.asked = one.text, one.question.text
    if one.file:
        db.session.flush()
        db.session.execute(delete(AnswerFile).where(AnswerFile.answer_id == row.id))
        db.session.add(AnswerFile(answer_id=row.id, media_type=one.file.media_type, content=one.file.content))


def take_over(stays: int, goes: int, party: int) -> None:
    """Of two RSVPs of one person that become one: the one that stays, for a party of so many, gets what it lacks."""
    own = select(QuestionAnswer.question_id, QuestionAnswer.guest).where(QuestionAnswer.rsvp_id == stays)
    has = set(map(tuple, db.session.execute(own)))
    rows = update(QuestionAnswer).where(QuestionAnswer.rsvp_id == goes, QuestionAnswer.guest < party)
    if has:
        rows = rows.where(tuple_(QuestionAnswer.question_id, QuestionAnswer.guest).not_in(has))
    db.session.execute(rows.values(rsvp_id=stays).execution_options(synchronize_session=False))
