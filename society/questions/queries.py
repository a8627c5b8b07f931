"""What is asked, and what was said to it."""

from collections.abc import Sequence

from sqlalchemy import Select, and_, func, select

from society.db import db
from society.events.models import Event
from society.questions.models import Agreement, AnswerFile, Question, QuestionAnswer


def asked_at(event: Event) -> Select[Question]:
    """The questions of an event in their order."""
    asked = select(Question).where(Question.event_id == event.id, Question.removed_at.is_(None))
    return asked.order_by(Question.position, Question.id)


def all_of(event: Event) -> Select[Question]:
    """Also those that are not asked any more, last."""
    every = select(Question).where(Question.event_id == event.id)
    return every.order_by(Question.removed_at.is_not(None), Question.position, Question.id)


def with_answers(event: Event, rsvp_ids: Sequence[int]) -> Select[Question, QuestionAnswer | None]:
    """All questions of an event, each with what was said to it with these RSVPs, if anything was: in one query."""
    to_it = and_(QuestionAnswer.question_id == Question.id, QuestionAnswer.rsvp_id.in_(rsvp_ids))
    rows = select(Question, QuestionAnswer).outerjoin(QuestionAnswer, to_it).where(Question.event_id == event.id)
    order = Question.removed_at.is_not(None), Question.position, Question.id, QuestionAnswer.guest
    return rows.order_by(*order)


def file_of(event_id: int, answer_id: int) -> Select[AnswerFile]:
    """The file that an answer to a question of this event consists in."""
    rows = select(AnswerFile).join(QuestionAnswer, QuestionAnswer.id == AnswerFile.answer_id).join(Question)
    return rows.where(Question.event_id == event_id, AnswerFile.answer_id == answer_id)


def numbers_of_answers(event: Event) -> dict[int, int]:
    """How many RSVPs each of an event's questions was answered by."""
    rows = select(Question.id, func.count(QuestionAnswer.rsvp_id.distinct())).join(QuestionAnswer)
    return dict(db.session.execute(rows.where(Question.event_id == event.id).group_by(Question.id)).all())


def is_answered(question: Question) -> bool:
    """Whether anybody has said something to it, though they took it back."""
    tables = (QuestionAnswer, Agreement)
    found = (select(table.id).where(table.question_id == question.id).limit(1) for table in tables)
    return any(db.session.scalar(first) is not None for first in found)


def said(rsvp_ids: Sequence[int]) -> Select[QuestionAnswer]:
    """What was said with these RSVPs, as it was asked."""
    answers = select(QuestionAnswer).join(Question).where(QuestionAnswer.rsvp_id.in_(rsvp_ids))
    return answers.order_by(QuestionAnswer.rsvp_id, Question.position, Question.id, QuestionAnswer.guest)


def agreements(rsvp_ids: Sequence[int]) -> Select[Agreement]:
    """What was agreed to with these RSVPs, also what was taken back, oldest first."""
    rows = select(Agreement).where(Agreement.rsvp_id.in_(rsvp_ids))
    return rows.order_by(Agreement.rsvp_id, Agreement.guest, Agreement.id)
