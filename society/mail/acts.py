"""Which letters moved their readers to do something: noted when it is done, and never when a page is only looked at.

A link in the letters of a notice names that notice (see `links.naming`), and no reader; the page behind it hands the
name on to where its form posts. What a calendar program answers is put down to the letter with which the invitation
came there last.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from society.content_lines import unfolded
from society.db import db
from society.mail.message import method_of
from society.mail.models import Letter, LetterState
from society.people.models import Person

LOOKED_AT = 20
"""So many of somebody's latest letters with a calendar file are looked at."""


def acted(person: Person, notice: int | None, now: datetime) -> None:
    """They have done something by a link that names this notice: it counts once, and if a letter of it went to them."""
    if notice is not None:
        _note(now, Letter.person_id == person.id, Letter.reason == f"notice:{notice}")


def acted_in_calendar(person: Person, uid: str, now: datetime) -> None:
    """They have answered the invitation to that event where it stands in their calendar."""
    sent = Letter.person_id == person.id, Letter.calendar.is_not(None), Letter.state == LetterState.SENT
    rows = select(Letter.id, Letter.calendar).where(*sent).order_by(Letter.id.desc()).limit(LOOKED_AT)
    brought = next((number for number, file in db.session.execute(rows).all() if file and _invites(file, uid)), None)
    if brought is not None:
        _note(now, Letter.id == brought)


def _invites(file: bytes, uid: str) -> bool:
    return method_of(file) == "REQUEST" and b"\r\nUID:" + uid.encode() + b"\r\n" in unfolded(file)


def _note(now: datetime, *which: ColumnElement[bool]) -> None:
    first = update(Letter).where(*which, Letter.acted_at.is_(None)).values(acted_at=now)
    db.session.execute(first.execution_options(synchronize_session=False))
