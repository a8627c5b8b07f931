"""Keeping what was agreed to: in which words, since when, and until when."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update

from society.db import db
from society.questions.asking import Filled
from society.questions.models import Agreement, Kind, QuestionAnswer


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
