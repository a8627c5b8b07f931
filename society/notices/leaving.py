"""Whether letters of notices, and digests of them, may still leave as they are: what the post office asks of them when
their turn has come (see `society.mail.leaving`). They may have waited for days by then."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from society.db import db
from society.mail.models import Letter
from society.notices.models import CHANGES, Delivery, Notice
from society.notices.planned import makes_sense
from society.notices.queries import told_later
from society.notices.reach import mailed_now
from society.people.models import Person

Written = Mapping[int, tuple[int, datetime]]
"""For whom each of some letters is, and when it was written, by its number."""


def out_of_date(letters: Sequence[Letter], now: datetime) -> set[int]:
    """Of letters of notices: which say what is so no longer, or are not for their reader any more.

    News of a change stays as it is, since it tells of that one, until there is later news for the same reader.
    """
    written = _written(letters)
    rows = db.session.execute(select(Delivery.notice_id, Delivery.letter_id).where(Delivery.letter_id.in_(written)))
    return _not_good(written, [(notice, number) for notice, number in rows if number is not None], now)


def out_of_date_digests(letters: Sequence[Letter], now: datetime) -> set[int]:
    """The same of digests: with one of its parts all of it is made anew."""
    written = _written(letters)
    parts = select(Delivery.notice_id, Letter.gathered_in_id).join(Delivery.letter)
    rows = db.session.execute(parts.where(Letter.gathered_in_id.in_(written)))
    return _not_good(written, [(notice, number) for notice, number in rows if number is not None], now)


def _written(letters: Sequence[Letter]) -> Written:
    return {letter.id: (letter.person_id, letter.written_at) for letter in letters if letter.person_id}


def _not_good(written: Written, told: Sequence[tuple[int, int]], now: datetime) -> set[int]:
    of_each: dict[int, set[int]] = {}
    for notice_id, number in told:
        of_each.setdefault(notice_id, set()).add(number)
    notices = db.session.scalars(select(Notice).where(Notice.id.in_(of_each))).all()
    found: set[int] = set()
    for notice in notices:
        theirs = {number: written[number] for number in of_each[notice.id]}
        found |= theirs.keys() - _good(notice, theirs, now)
    return found


def _good(notice: Notice, written: Written, now: datetime) -> Collection[int]:
    if not makes_sense(notice, now):
        return ()
    if notice.kind in CHANGES:
        told = set(db.session.scalars(told_later(notice)))
        return {number for number, (person, _) in written.items() if person not in told}
    changed = max((event.revised_at for event in (notice.event, *notice.events) if event), default=None)
    fresh = {number: person for number, (person, at) in written.items() if changed is None or at >= changed}
    readers = mailed_now(notice, now).order_by(None).with_only_columns(Person.id)
    meant = set(db.session.scalars(readers.where(Person.id.in_(set(fresh.values())))))
    return {number for number, person in fresh.items() if person in meant}
