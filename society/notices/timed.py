"""Letters that are written anew before they leave: since they wait for an hour of their reader's own clock, hours
after the first of their notice have left; or since their event has changed, or their reader has left the list or wants
news at other times, while they were still in the outbox.

When their time has come, each is written as it would be if the notice were sent to its reader at that moment; and it
goes only to those whom it would be mailed to then: who has left the list, has no address any more, or does not belong
to the audience gets none. Nor does anybody, where the event is off by then and the notice would have them come to it;
and where the event lacks by then what the notice says of it, all wait (see `society.notices.gaps`).
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import load_only

from society.db import begin_write, db
from society.events.models import Event
from society.mail.models import WAITING, Letter, LetterState
from society.notices.digest import drop
from society.notices.gaps import kept_back
from society.notices.letters import letters
from society.notices.models import CHANGES, Delivery, Notice, NoticeKind, notice_event
from society.notices.planned import makes_sense
from society.notices.queries import told_later
from society.notices.reach import mailed_now
from society.notices.sending import hold
from society.people.models import Person

AT_ONCE = 500
"""Letters in one transaction, so that others can write in between."""


def overtaken(event: Event) -> None:
    """Have what tells of the event, and has not left, written anew when it is due, digests as well: it says what is so
    no longer.

    News of a change stays as it is, since it tells of that one. A worker that has claimed a letter ahead finds that it
    may not go.
    """
    besides = select(notice_event.c.notice_id).where(notice_event.c.event_id == event.id)
    told = or_(Notice.event_id == event.id, Notice.id.in_(besides)) & Notice.kind.not_in(CHANGES)
    theirs = select(Delivery.letter_id).join(Delivery.notice).where(told, Notice.sent_at.is_not(None))
    digests = select(Letter.gathered_in_id).where(Letter.id.in_(theirs))
    which = or_(Letter.id.in_(theirs), Letter.id.in_(digests))
    waiting = Letter.state.in_((LetterState.QUEUED, LetterState.CLAIMED)), Letter.bulk, which
    anew = update(Letter).where(*waiting).values(state=LetterState.TIMED, claimed_until=None)
    db.session.execute(anew.execution_options(synchronize_session=False))


def no_longer_soon(event: Event) -> None:
    """Let no reminder that has not left say "soon" of an event that was moved on; it can be planned once more."""
    told = Notice.event_id == event.id, Notice.kind == NoticeKind.REMINDER, Notice.sent_at.is_not(None)
    theirs = select(Delivery.letter_id).join(Delivery.notice).where(*told)
    rows = select(Letter).where(Letter.id.in_(theirs), Letter.state.in_(WAITING)).options(load_only(Letter.id))
    drop(db.session.scalars(rows).all())


def send_timed(now: datetime) -> None:
    """Let go what is due; of several processes one does it. What is interrupted is late rather than lost."""
    due = select(Delivery.notice_id).join(Delivery.letter).where(_ripe(now)).distinct()
    numbers = db.session.scalars(due).all()
    db.session.rollback()
    for number in numbers:
        while _some_let_go(number, now) == AT_ONCE:
            pass


def _ripe(now: datetime) -> ColumnElement[bool]:
    """Its time has come, by whatever clock it was set, and nobody keeps it back."""
    return and_(Letter.state == LetterState.TIMED, ~Letter.halted, Letter.due_at <= now)


def _some_let_go(number: int, now: datetime) -> int:
    """How many were looked at. The notice is held meanwhile: whoever pauses or stops it does so before or after."""
    begin_write(public=False)
    notice = db.session.get(Notice, number, with_for_update={"of": Notice}, populate_existing=True)
    rows = select(Letter).join(Delivery, Delivery.letter_id == Letter.id).where(Delivery.notice_id == number)
    due = db.session.scalars(rows.where(_ripe(now)).order_by(Letter.id).limit(AT_ONCE)).all()
    if notice is not None:
        _let_go(notice, due, now)
    db.session.commit()
    return len(due)


def _let_go(notice: Notice, due: Collection[Letter], now: datetime) -> None:
    readers = {person.id: person for person in _still_readers(notice, due, now)}
    drop([letter for letter in due if letter.person_id not in readers])
    if readers and kept_back(notice, now):
        return
    theirs = {letter.person_id: letter for letter in due}
    for person, anew in zip(readers.values(), letters(notice, readers.values(), now), strict=True):
        letter = theirs[person.id]
        letter.rewrite(anew)
        letter.queue_again(now)
        hold(notice, person, letter, now)  # they may have moved west meanwhile, or want it with others


def _still_readers(notice: Notice, due: Collection[Letter], now: datetime) -> Collection[Person]:
    if not makes_sense(notice, now):
        return ()
    numbers = [letter.person_id for letter in due]
    readers = mailed_now(notice, now).where(Person.id.in_(numbers))
    if notice.kind in CHANGES:
        readers = readers.where(Person.id.not_in(told_later(notice)))
    return db.session.scalars(readers).unique().all()
