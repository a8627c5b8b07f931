"""A notice as its readers get it: composed anew while it is a draft, the very letters once it is sent."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, select

from society.db import db
from society.mail.filling import filled_line, names
from society.mail.models import Letter
from society.mail.queries import Way, way
from society.notices.audiences import belongs
from society.notices.letters import letter_to_all, letters
from society.notices.merge import Reader, reader_values
from society.notices.models import CHANGES, Delivery, Notice
from society.notices.queries import people_in, told_later
from society.notices.reach import mailed_now
from society.notices.versions import main
from society.people.models import Person

OWN = ("first_name", "name", "rsvp_link", "joining_link", "unsubscribe")
"""Fields that are never the same for two readers."""


def readers(notice: Notice, now: datetime) -> Select[Person]:
    """Everyone it is for, by name; of a sent one, everyone it was for."""
    if notice.sent_at is None:
        return people_in(notice, now)
    went_to = Person.id.in_(select(Delivery.person_id).where(Delivery.notice_id == notice.id))
    return select(Person).where(went_to).order_by(Person.name, Person.id)


def mailed(notice: Notice, now: datetime, most: int | None = None, after: int = 0) -> Sequence[Person]:
    """Those of them who are mailed; no more of them than asked for, `after` so many."""
    return db.session.scalars(_mailed(notice, now).limit(most).offset(after)).unique().all()


def number_mailed(notice: Notice, now: datetime) -> int:
    """How many those are."""
    rows = _mailed(notice, now).order_by(None).with_only_columns(func.count(), maintain_column_froms=True)
    return db.session.scalar(rows) or 0


def _mailed(notice: Notice, now: datetime) -> Select[Person]:
    if notice.sent_at is None:
        return mailed_now(notice, now)
    with_letter = select(Delivery.person_id).where(Delivery.notice_id == notice.id, Delivery.letter_id.is_not(None))
    return select(Person).where(Person.id.in_(with_letter), _still(notice, now)).order_by(Person.name, Person.id)


def _still(notice: Notice, now: datetime) -> ColumnElement[bool]:
    """Of the readers of a sent one: whom a copy would be for that somebody mails by hand now.

    Who has left the list, was erased, or is not meant any more, as by a withdrawal, is written to no more; nor who has
    later news of a change: as when letters leave from here (see `society.notices.leaving`).
    """
    meant = Person.id.not_in(told_later(notice)) if notice.kind in CHANGES else belongs(notice, now)
    return and_(way(notice.kind.mailing_list) == Way.MAIL.value, meant)


def copy_for(notice: Notice, person: Person | None, now: datetime) -> Letter:
    """One reader's letter, or without a reader the one to all."""
    if person is None:
        return letter_to_all(notice, notice.sent_at or now)
    sent = select(Letter).join(Delivery, Delivery.letter_id == Letter.id)
    found = db.session.scalar(sent.where(Delivery.notice_id == notice.id, Delivery.person_id == person.id))
    return found or next(iter(letters(notice, [person], notice.sent_at or now)))


def as_said(notice: Notice, person: Person | None, now: datetime) -> Letter:
    """The same to be looked at: of a sent notice what it said then, also to all at once. What is handed out by hand is
    made of the event as it is by now."""
    letter = copy_for(notice, person, now)
    if person is None and notice.said_body is not None:
        letter.subject, letter.body = notice.said_subject or "", notice.said_body
    return letter


def in_neutral_words(notice: Notice) -> list[tuple[str, str]]:
    """What stands in the one text for all where each reader's letter has something of their own: field and words."""
    said, neutral = main(notice), reader_values(notice, Reader(), main(notice).language)
    return [
        (name, filled_line(f"{{{{ {name} }}}}", neutral)) for name in OWN if name in names(said.subject + said.body)
    ]


def copies(notice: Notice, now: datetime) -> Iterable[Letter]:
    """The letter of each of those who are mailed, one at a time."""
    if notice.sent_at is None:
        return letters(notice, mailed(notice, now), now)
    sent = select(Letter, Person).join(Delivery, Delivery.letter_id == Letter.id).where(Delivery.notice_id == notice.id)
    sent = sent.join(Person, Person.id == Letter.person_id)  # whose links the letters hold
    sent = sent.where(_still(notice, now)).order_by(Letter.id)
    return (letter for letter, _reader in db.session.execute(sent.execution_options(yield_per=100)))
