"""A notice as it would read now, while it is being written: nothing of it is stored."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from markupsafe import Markup

from society.db import db
from society.mail.filling import filled, filled_line
from society.notices import merge, queries
from society.notices.copies import readers
from society.notices.forms import NoticeForm
from society.notices.models import Notice
from society.notices.newsletter import told_to
from society.people.access import me
from society.people.models import Person
from society.text import markdown
from society.times import now

MOST = 100
"""Readers offered to read it as."""


@dataclass(frozen=True)
class Typed:
    """What was typed, filled for one of those it is for, or for all at once."""

    subject: str
    body: Markup
    reader: Person | None
    readers: Sequence[Person]


def is_asked() -> bool:
    """Whether what was posted is to be looked at, and not kept."""
    return "preview" in request.form


def as_typed(form: NoticeForm) -> Typed | None:
    """None where nobody asked, or where the form says what keeps it from being filled."""
    if not is_asked() or not form.validate():
        return None
    notice = Notice(author=me(), created_at=now())
    form.fill(notice)
    found = db.session.scalars(readers(notice, now()).limit(MOST)).unique().all()
    reader = next((person for person in found if str(person.id) == request.form.get("reader")), None)
    rsvp = queries.rsvps_by_person(notice.event).get(reader.id) if reader else None
    values = {**merge.values(notice, merge.Reader(reader, rsvp)), **told_to(notice, reader, now())}
    body = markdown(filled(notice.body, values))
    return Typed(filled_line(notice.subject, values), body, reader, found)
