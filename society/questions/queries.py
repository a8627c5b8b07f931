"""What is asked, and what was said to it."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, and_, func, select, union

from society.db import db
from society.events.models import Event
from society.questions.models import Agreement, AnswerFile, Question, QuestionAnswer


def asked_at(event: Event) -> Select[Question]:
    """The questions of an event in their order."""
    asked = select(Question).where(Question.event_id == event.id, Question.removed_at.is_(None))
    return asked.order_by(Question.position, Question.id)


def asked_at_each(events: Sequence[Event]) -> dict[int, list[Question]]:
    """The same of each of several, by number, in one query."""
    asking = [event.id for event in events if event.asks]
    rows = select(Question).where(Question.event_id.in_(asking), Question.removed_at.is_(None))
    found: dict[int, list[Question]] = {event.id: [] for event in events}
    for question in db.session.scalars(rows.order_by(Question.position, Question.id)) if asking else ():
        found[question.event_id].append(question)
    return found


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


def numbers_of_answers(questions: Iterable[Question]) -> dict[int, int]:
    """How many RSVPs each of these was answered by, if by any."""
    answers = select(QuestionAnswer.question_id, func.count(QuestionAnswer.rsvp_id.distinct()))
    answers = answers.where(QuestionAnswer.question_id.in_([question.id for question in questions]))
    return dict(db.session.execute(answers.group_by(QuestionAnswer.question_id)).all())


def is_answered(question: Question) -> bool:
    """Whether anybody has said something to it, though they took it back."""
    return bool(answered_among([question]))


def answered_among(questions: Iterable[Question]) -> set[int]:
    """Which of these that is so of, by number."""
    numbers = [question.id for question in questions]
    told = (select(table.question_id).where(table.question_id.in_(numbers)) for table in (QuestionAnswer, Agreement))
    return set(db.session.scalars(union(*told))) if numbers else set()


def said(rsvp_ids: Sequence[int]) -> Select[QuestionAnswer]:
    """What was said with these RSVPs, as it was asked."""
    answers = select(QuestionAnswer).join(Question).where(QuestionAnswer.rsvp_id.in_(rsvp_ids))
    return answers.order_by(QuestionAnswer.rsvp_id, Question.position, Question.id, QuestionAnswer.guest)


def agreements(rsvp_ids: Sequence[int]) -> Select[Agreement]:
    """What was agreed to with these RSVPs, also what was taken back, oldest first."""
    rows = select(Agreement).where(Agreement.rsvp_id.in_(rsvp_ids))
    return rows.order_by(Agreement.rsvp_id, Agreement.guest, Agreement.id)
