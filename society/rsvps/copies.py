"""The copies of events that invitations have put into somebody's calendar program."""

from icalendar import Calendar
from sqlalchemy import select

from society.db import db
from society.mail.message import method_of
from society.mail.models import Letter, LetterState
from society.people.models import Person

_OUT = (LetterState.QUEUED, LetterState.CLAIMED, LetterState.SENDING, LetterState.SENT)
_TAKES = {"REQUEST": True, "CANCEL": False}
"""Whether a copy is there after a program has taken that."""


def copies_out(person: Person) -> set[str]:
    """The UIDs of the events of which letters have put one there, and none has taken it out again."""
    sent = select(Letter.calendar).where(Letter.person_id == person.id, Letter.calendar.is_not(None))
    sent = sent.where(Letter.state.in_(_OUT), Letter.bounced_at.is_(None)).order_by(Letter.id)
    there: dict[str, bool] = {}
    for file in filter(None, db.session.scalars(sent)):
        if (method := method_of(file)) in _TAKES:
            there[_uid(file)] = _TAKES[method]
    return {uid for uid, is_there in there.items() if is_there}


def _uid(file: bytes) -> str:
    return str(Calendar.from_ical(file).walk("VEVENT")[0]["UID"])
