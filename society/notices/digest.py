"""Digests: what was announced, gathered into one letter a day or a week for those who would rather have that."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from markupsafe import Markup
from sqlalchemy import ColumnElement, Select, and_, delete, select, update

from society.calendars.render import calendar, vevent
from society.db import begin_write, db
from society.events.models import Event
from society.mail.actions import write
from society.mail.links import unsubscribe_address
from society.mail.models import Letter, LetterState, MailingList
from society.mail.queries import is_dead, left_lists
from society.mail.wording import link
from society.notices.gaps import kept_back
from society.notices.letters import letters
from society.notices.models import Delivery, Notice, NoticeKind
from society.notices.queries import with_events
from society.people.models import Person

AT_ONCE = 500
"""So many digests are made before the post office goes on with its letters; the others a minute later."""

Held = tuple[Letter, Notice]


def send_digests(now: datetime) -> None:
    """Send each person what has waited for their morning, in a transaction of its own, in which it is looked for anew:
    so it is late rather than lost, and never sent twice."""
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


def _keep_back_holes(now: datetime) -> None:
    """What lacks by now what it was to say waits for its author, and the rest goes without it."""
    due = select(Delivery.notice_id).join(Delivery.letter).where(_ripe(now)).distinct()
    numbers = db.session.scalars(due).all()
    db.session.rollback()
    for number in numbers:
        begin_write(public=False)
        notice = db.session.get(Notice, number, with_for_update={"of": Notice}, populate_existing=True)
        if notice is not None and not notice.halted and _is_news(notice, now):
            kept_back(notice, now)
        db.session.commit()


def _ripe(now: datetime) -> ColumnElement[bool]:
    """It has waited long enough, and nobody keeps it back."""
    return and_(Letter.state == LetterState.HELD, ~Letter.halted, Letter.due_at <= now)


def gather(person: Person, now: datetime) -> None:
    """Make one letter of all that waits and is still of use; a single one goes as it is."""
    held = _waiting(person, now)
    left = left_lists(person) if _gets_mail(person) else set(MailingList)
    wanted = [(one, notice) for one, notice in held if one.mailing_list not in left and _is_news(notice, now)]
    drop([one for one, notice in held if (one, notice) not in wanted])
    for one, notice in wanted:
        one.rewrite(next(iter(letters(notice, [person], now))))
    if len(wanted) == 1:
        wanted[0][0].queue_again(now)
    elif wanted:
        _write(person, wanted, now)


def _gets_mail(person: Person) -> bool:
    return bool(person.email) and not person.wants_paper and not is_dead(person.email or "")


def _waiting(person: Person, now: datetime) -> list[Held]:
    with_notices: Any = select(Letter, Notice).join(Delivery, Delivery.letter_id == Letter.id).join(Delivery.notice)
    due = with_notices.where(Letter.person_id == person.id, _ripe(now))
    rows: Any = db.session.execute(with_events(due.order_by(Letter.id)))
    return [(letter, notice) for letter, notice in rows]


def _is_news(notice: Notice, now: datetime) -> bool:
    """An announcement is, until its event is over or does not take place."""
    event = notice.event
    return notice.kind is not NoticeKind.ANNOUNCEMENT or event is None or (event.on and not event.over(now))


def _write(person: Person, wanted: Sequence[Held], now: datetime) -> None:
    """On the list that most of it came on, so that it can be left by one click."""
    parts = [letter for letter, _ in wanted]
    ((most, _),) = Counter(letter.mailing_list for letter in parts).most_common(1)
    written = write(
        person,
        "digest",
        f"digest:{parts[-1].id}",
        now=now,
        mailing_list=most,
        calendar=_attached([notice.event for _, notice in wanted if notice.event and notice.event.published_at]),
        letters=[{"subject": one.subject, "body": Markup(one.body)} for one in parts],  # noqa: S704, filled and escaped
        rhythm=person.rhythm,
        choosing=link(unsubscribe_address(person, most or MailingList.NEWSLETTER)),
    )
    if written is None:  # nothing reaches that address any more
        drop(parts)
        return
    for letter in parts:
        letter.gather(written)


def take_apart(parts: Select[int | None]) -> None:
    """Let wait again what is in a digest with any of these letters and has not left with it: it is gathered anew.

    The digest is held meanwhile. A worker that has claimed it ahead finds that it may not go.
    """
    with_them = select(Letter.gathered_in_id).where(Letter.id.in_(parts))
    ready = Letter.state.in_((LetterState.QUEUED, LetterState.CLAIMED)), ~Letter.halted
    numbers = db.session.scalars(select(Letter.id).where(Letter.id.in_(with_them), *ready).with_for_update()).all()
    if numbers:
        gone = {"synchronize_session": False}
        again = update(Letter).where(Letter.gathered_in_id.in_(numbers))
        again = again.values(state=LetterState.HELD, gathered_in_id=None)
        db.session.execute(again.execution_options(**gone))
        db.session.execute(delete(Letter).where(Letter.id.in_(numbers)).execution_options(**gone))


def _attached(events: Sequence[Event]) -> bytes | None:
    """All the events in one file, each once."""
    each = {event.id: event for event in events}.values()
    if not each:
        return None
    zones = [event.zone for event in each if not event.all_day]
    since = min(event.starts for event in each) - timedelta(days=1)
    return calendar([vevent(event) for event in each], zones, since.date())


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
