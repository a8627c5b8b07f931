"""Digests: what was announced, gathered into one letter a day or a week for those who would rather have that."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import ColumnElement, and_, delete, select, update

from society.db import begin_write, db
from society.mail.actions import write
from society.mail.links import unsubscribe_address
from society.mail.models import Letter, LetterState, MailingList
from society.mail.wording import link
from society.notices.gaps import kept_back
from society.notices.letters import letters
from society.notices.models import Delivery, Notice
from society.notices.planned import makes_sense
from society.notices.queries import with_events
from society.notices.reach import mailed_now
from society.notices.theirs import one_file
from society.people.models import Person

REASON = "digest:"
"""What the reasons of digests begin with."""
AT_ONCE = 500
"""So many digests are made before the post office goes on with its letters; the others a minute later."""

Held = tuple[Letter, Notice]


def send_digests(now: datetime) -> None:
    """Send each person what has waited for their morning, in a transaction of its own, in which it is looked for anew:
    so it is late rather than lost, and never sent twice."""
    _take_apart(now)
    _keep_back_holes(now)
    due = select(Letter.person_id).where(_ripe(now)).distinct()
    numbers = db.session.scalars(due.where(Letter.person_id.is_not(None)).limit(AT_ONCE)).all()
    db.session.rollback()
    for number in numbers:
        begin_write(public=False)
        person = db.session.get(Person, number, with_for_update={"of": Person}, populate_existing=True)
        if person is not None:
            gather(person, now)
        db.session.commit()


def _take_apart(now: datetime) -> None:
    """What could not leave as it was written (see `society.notices.leaving`) is gathered once more, of what is left."""
    due = Letter.state == LetterState.TIMED, ~Letter.halted, Letter.due_at <= now, Letter.reason.startswith(REASON)
    numbers = db.session.scalars(select(Letter.id).where(*due).limit(AT_ONCE)).all()
    db.session.rollback()
    for number in numbers:
        begin_write(public=False)
        digest = db.session.scalar(select(Letter).where(Letter.id == number, *due).with_for_update())
        if digest is not None:
            for part in db.session.scalars(select(Letter).where(Letter.gathered_in_id == number)):
                part.release(now)
            db.session.flush()
            db.session.delete(digest)
        db.session.commit()


def _keep_back_holes(now: datetime) -> None:
    """What lacks by now what it was to say waits for its author, and the rest goes without it."""
    due = select(Delivery.notice_id).join(Delivery.letter).where(_ripe(now)).distinct()
    numbers = db.session.scalars(due).all()
    db.session.rollback()
    for number in numbers:
        begin_write(public=False)
        notice = db.session.get(Notice, number, with_for_update={"of": Notice}, populate_existing=True)
        if notice is not None and not notice.halted and makes_sense(notice, now):
            kept_back(notice, now)
        db.session.commit()


def _ripe(now: datetime) -> ColumnElement[bool]:
    """It has waited long enough, and nobody keeps it back."""
    return and_(Letter.state == LetterState.HELD, ~Letter.halted, Letter.due_at <= now)


def gather(person: Person, now: datetime) -> None:
    """Make one letter of all that waits and is still of use; a single one goes as it is."""
    held = _waiting(person, now)
    wanted = [(one, notice) for one, notice in held if makes_sense(notice, now) and _is_for(notice, person, now)]
    drop([one for one, notice in held if (one, notice) not in wanted])
    for one, notice in wanted:
        one.rewrite(next(iter(letters(notice, [person], now))))
    if len(wanted) == 1:
        wanted[0][0].queue_again(now)
    elif wanted:
        _write(person, wanted, now)


def _is_for(notice: Notice, person: Person, now: datetime) -> bool:
    """Whether it would be mailed to them now: they may have left the list, or the society, since."""
    return db.session.scalar(select(mailed_now(notice, now).where(Person.id == person.id).exists())) or False


def _waiting(person: Person, now: datetime) -> list[Held]:
    with_notices: Any = select(Letter, Notice).join(Delivery, Delivery.letter_id == Letter.id).join(Delivery.notice)
    due = with_notices.where(Letter.person_id == person.id, _ripe(now))
    rows: Any = db.session.execute(with_events(due.order_by(Letter.id)))
    return [(letter, notice) for letter, notice in rows]


def _write(person: Person, wanted: Sequence[Held], now: datetime) -> None:
    """On the list that most of it came on, so that it can be left by one click."""
    parts = [letter for letter, _ in wanted]
    ((most, _),) = Counter(letter.mailing_list for letter in parts).most_common(1)
    written = write(
        person,
        "digest",
        f"{REASON}{parts[-1].id}",
        now=now,
        mailing_list=most,
        calendar=one_file([notice.event for _, notice in wanted if notice.event and notice.event.published_at]),
        letters=[{"subject": one.subject, "body": Markup(one.body)} for one in parts],  # noqa: S704, filled and escaped
        rhythm=person.rhythm,
        choosing=link(unsubscribe_address(person, most or MailingList.NEWSLETTER)),
    )
    if written is None:  # nothing reaches that address any more
        drop(parts)
        return
    for letter in parts:
        letter.gather(written)


def drop(useless: Sequence[Letter]) -> None:
    """They are not sent; the account of each notice says that it did not go by mail."""
    numbers = [letter.id for letter in useless]
    if numbers:
        gone = {"synchronize_session": False}
        theirs = Delivery.letter_id.in_(numbers)
        db.session.execute(update(Delivery).where(theirs).values(letter_id=None).execution_options(**gone))
        db.session.execute(delete(Letter).where(Letter.id.in_(numbers)).execution_options(**gone))
        for letter in useless:
            db.session.expunge(letter)
