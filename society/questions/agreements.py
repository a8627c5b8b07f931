"""Keeping what was agreed to: in which words, since when, and until when."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update

from society.db import db
from society.questions.asking import Filled
from society.questions.models import Agreement, Kind, Question, QuestionAnswer


def follow(rsvp_id: int, filled: Sequence[Filled], now: datetime) -> None:
    """Note what of it is new, and what ended: other words are agreed to anew."""
    held = db.session.scalars(select(Agreement).where(*_standing(rsvp_id)))
    standing = {(row.question_id, row.guest): row for row in held}
    for one in [one for one in filled if one.question.kind is Kind.CONSENT]:
        _follow_one(rsvp_id, standing.get((one.question.id, one.guest)), one, now)


def end_beyond(rsvp_id: int, come: Sequence[int], now: datetime) -> None:
    """Of guests who stay away nobody agrees to anything any more."""
    ended = update(Agreement).where(*_standing(rsvp_id), Agreement.guest.not_in(come))
    db.session.execute(ended.values(withdrawn_at=now))


def end_outdated(stays: int, goes: int, now: datetime) -> set[int]:
    """Of two RSVPs of one person: what they agreed to with the one that stays ends where they did so in words that have
    become others, and with the other to those that stand there now. Returns these questions."""
    rows = select(Agreement, Question).join(Question, Question.id == Agreement.question_id)
    own = rows.where(Agreement.guest == 0, Agreement.withdrawn_at.is_(None))
    held = db.session.execute(own.where(Agreement.rsvp_id.in_([stays, goes]))).all()
    present = {one.question_id for one, question in held if one.rsvp_id == goes and one.wording == question.wording}
    outdated = [one for one, question in held if one.rsvp_id == stays and one.wording != question.wording]
    ended = [one for one in outdated if one.question_id in present]
    for one in ended:
        take_back(one, now)
    return {one.question_id for one in ended}


def _standing(rsvp_id: int) -> tuple[ColumnElement[bool], ...]:
    return Agreement.rsvp_id == rsvp_id, Agreement.withdrawn_at.is_(None)


def _follow_one(rsvp_id: int, standing: Agreement | None, one: Filled, now: datetime) -> None:
    if standing and one.text and standing.wording == one.question.wording:
        return
    if standing:
        standing.withdrawn_at = now
    if one.text:
        given = {"question_id": one.question.id, "guest": one.guest, "wording": one.question.wording}
        db.session.add(Agreement(rsvp_id=rsvp_id, **given, given_at=now))


def take_back(agreement: Agreement, now: datetime) -> None:
    """From now on it does not hold; that it did stays."""
    if agreement.withdrawn_at:
        return
    agreement.withdrawn_at = now
    theirs = QuestionAnswer.rsvp_id == agreement.rsvp_id, QuestionAnswer.guest == agreement.guest
    db.session.execute(delete(QuestionAnswer).where(*theirs, QuestionAnswer.question_id == agreement.question_id))
