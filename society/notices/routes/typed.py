"""A notice as it would read now, while it is being written: nothing of it is stored."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from markupsafe import Markup
from sqlalchemy import Select

from society.db import db
from society.fields import on_one_line
from society.mail.filling import filled
from society.notices import merge, queries
from society.notices.copies import readers
from society.notices.forms import NoticeForm
from society.notices.models import Notice
from society.notices.newsletter import told_to
from society.notices.versions import main
from society.people.access import me
from society.people.models import Person
from society.text import folded, markdown
from society.times import now

MOST = 100
"""Readers offered to read it as; the others are found by their names."""

LONGEST = 100
"""Characters of what is looked for."""


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
    everyone = readers(notice, now())
    found = db.session.scalars(_named(everyone).limit(MOST)).unique().all()
    reader = _chosen(everyone)
    offered = [reader, *found] if reader and reader not in found else found
    rsvp = queries.rsvps_by_person(notice.event, [reader.id]).get(reader.id) if reader else None
    values = {**merge.values(notice, merge.Reader(reader, rsvp)), **told_to(notice, reader, now())}
    body = markdown(filled(notice.body, values))
    return Typed(merge.subject(notice.subject, notice.event, values, main(notice).language), body, reader, offered)


def _named(everyone: Select[Person]) -> Select[Person]:
    """Those of them in whose names, or what else searches read of them, stands what was looked for."""
    words = folded(on_one_line(request.form.get("sought"))[:LONGEST]).split()
    return everyone.where(*(Person.folded.contains(word, autoescape=True) for word in words))


def _chosen(everyone: Select[Person]) -> Person | None:
    """Whoever was chosen, if it is for them; they need not be among those offered."""
    number = request.form.get("reader", "")
    if not number.isdecimal() or len(number) >= 10:
        return None
    return db.session.scalars(everyone.where(Person.id == int(number))).unique().one_or_none()
