"""Putting the society's own wording in the place of a built-in one, and taking it away again."""

from datetime import datetime

from society.audit.actions import record
from society.db import db
from society.notices.models import OwnWording
from society.notices.queries import own_wording
from society.notices.wording import Wording, built_in
from society.people.models import Person


def put(name: str, wording: Wording, *, by: Person, now: datetime, language: str = "") -> None:
    """Have new notices begin with it; what is built in word for word is nothing of one's own.

    In a further language it stands beside the main one (see `society.notices.wording.in_other_languages`).
    """
    if not language and wording == built_in(name):
        return reset(name, by=by, now=now)
    row = own_wording(name, language)
    before = {"subject": row.subject, "body": row.body} if row else None
    row = row or OwnWording(of=name, language=language)
    row.subject, row.body = wording
    db.session.add(row)
    return record("wording changed", row, by=by, now=now, before=before, after=wording._asdict())


def reset(name: str, *, by: Person, now: datetime, language: str = "") -> None:
    """Have them begin with the built-in one again; or do without it in that language."""
    row = own_wording(name, language)
    if row is not None:
        record("wording reset", row, by=by, now=now, before={"subject": row.subject, "body": row.body})
        db.session.delete(row)
