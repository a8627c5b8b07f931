"""Putting the society's own wording in the place of a built-in one, and taking it away again."""

from datetime import datetime
from typing import NamedTuple

from society.audit.actions import record
from society.db import db
from society.mail.models import OwnWording
from society.mail.queries import own_wording
from society.people.models import Person


class Wording(NamedTuple):
    """What a notice begins with, or a letter says."""

    subject: str
    body: str


def put(name: str, wording: Wording, built_in: Wording, *, by: Person, now: datetime, language: str = "") -> None:
    """Say it so from now on; what is built in word for word is nothing of one's own.

    In a further language it stands beside the main one.
    """
    if not language and wording == built_in:
        return reset(name, by=by, now=now)
    row = own_wording(name, language)
    before = {"subject": row.subject, "body": row.body} if row else None
    row = row or OwnWording(of=name, language=language)
    row.subject, row.body = wording
    db.session.add(row)
    return record("wording changed", row, by=by, now=now, before=before, after=wording._asdict())


def reset(name: str, *, by: Person, now: datetime, language: str = "") -> None:
    """Say what is built in again; or do without it in that language."""
    row = own_wording(name, language)
    if row is not None:
        record("wording reset", row, by=by, now=now, before={"subject": row.subject, "body": row.body})
        db.session.delete(row)
