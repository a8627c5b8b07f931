"""Notices that are sent by themselves at a time that was set; until then they are drafts, and follow their events."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import Select, select

from society.audit.actions import record
from society.db import begin_write, db
from society.errors import Refused
from society.events.models import Event
from society.mail.actions import write
from society.mail.wording import language_for
from society.notices.clocks import ALL_CLOCKS, clocks_of
from society.notices.letters import shown_subject
from society.notices.models import Notice, NoticeKind
from society.notices.sending import in_charge, send_by_itself
from society.people.models import Person
from society.phrases import marked, phrase

log = logging.getLogger("society.notices")

NEEDS_ITS_EVENT = (NoticeKind.ANNOUNCEMENT, NoticeKind.INVITATION, NoticeKind.REMINDER, NoticeKind.MEETING)
"""What nobody should get about an event that is off or over."""
PATIENCE = timedelta(hours=1)


def planned() -> Select[Notice]:
    """What is to be sent by itself, soonest first."""
    rows = select(Notice).where(Notice.planned_at.is_not(None), Notice.sent_at.is_(None))
    return rows.order_by(Notice.planned_at, Notice.id)


def plan(notice: Notice, at: datetime | None, *, by: Person, now: datetime, own_hour: datetime | None = None) -> None:
    """Have a draft sent at a time to come; None: not by itself.

    By `own_hour` it leaves for each reader when their own clock shows that, from the first to whom that happens; `at`
    is then when the society's own does.
    """
    if notice.sent_at is not None:
        raise Refused("This notice has been sent already.")
    if own_hour is not None:
        at = clocks_of(notice, now).first(own_hour, now) or at
    if (at, own_hour) != (notice.planned_at, notice.own_hour):
        before = _told(notice)
        notice.planned_at, notice.own_hour = at, own_hour
        record("notice planned", notice, by=by, now=now, before=before, after=_told(notice))


def _told(notice: Notice) -> dict[str, object]:
    hour = {"by each reader's clock": f"{notice.own_hour:%Y-%m-%d %H:%M}"} if notice.own_hour else {}
    return {"at": notice.planned_at, **hour}


def send_due_notices(now: datetime) -> None:
    """Send what is due, each in a transaction of its own; of several processes one does it."""
    _follow_clocks(now)
    due = db.session.scalars(planned().where(Notice.planned_at <= now).with_only_columns(Notice.id)).all()
    db.session.rollback()
    for number in due:
        try:
            _send_if_due(number, now)
        except Exception:  # whatever is wrong with one notice, the others leave in time
            db.session.rollback()
            log.exception("a planned notice could not be sent", extra={"notice": number})
            _give_up(number, now)


def _follow_clocks(now: datetime) -> None:
    """What leaves by its readers' own clocks leaves when the first of those shows the hour who are its readers now."""
    soon = planned().where(Notice.own_hour.is_not(None), Notice.planned_at > now, Notice.planned_at < now + ALL_CLOCKS)
    first = {notice.id: at for notice in db.session.scalars(soon).all() if (at := _first(notice, now))}
    db.session.rollback()
    for number, at in first.items():
        begin_write(public=False)
        notice = db.session.get(Notice, number, with_for_update={"of": Notice}, populate_existing=True)
        if notice is not None and notice.sent_at is None and notice.planned_at:
            notice.planned_at = at
        db.session.commit()


def _first(notice: Notice, now: datetime) -> datetime | None:
    """When it leaves first, if that is another time than was thought."""
    at = clocks_of(notice, now).first(notice.own_hour, now) if notice.own_hour else None
    return None if at == notice.planned_at else at


def _send_if_due(number: int, now: datetime) -> None:
    notice = _held(number, now)
    if notice is None:
        return
    try:
        _must_make_sense(notice, now)
        found = send_by_itself(notice, now, own_hour=notice.own_hour, typed=True)
        record("notice sent", notice, by=None, now=now, after={"letters": found.mailed})
    except Refused as refusal:
        db.session.rollback()
        _keep(number, str(refusal), now)
    db.session.commit()


def _held(number: int, now: datetime) -> Notice | None:
    begin_write(public=False)
    notice = db.session.get(Notice, number, with_for_update={"of": Notice}, populate_existing=True)
    due = notice and notice.sent_at is None and notice.planned_at and notice.planned_at <= now
    return notice if due else None


def makes_sense(notice: Notice, now: datetime) -> bool:
    """Whether its event is on and to come, where it is of a kind that has no use otherwise; news of a change has none
    once the event is off after all."""
    event, told = notice.event, [notice.event] if notice.event else notice.events
    if told and notice.kind is NoticeKind.CHANGE and notice.sent_at is not None:
        return not all(_off_since(each, notice.sent_at) for each in told)
    return event is None or notice.kind not in NEEDS_ITS_EVENT or (event.on and not event.over(now))


def _off_since(event: Event, at: datetime) -> bool:
    return any(off is not None and off > at for off in (event.cancelled_at, event.postponed_at))


def untimely(notice: Notice, now: datetime) -> list[str]:
    """The sentence that says of one for which it is too late why it is; by hand it can be sent all the same."""
    if (event := notice.event) is None or makes_sense(notice, now):
        return []
    off = "cancelled" if event.cancelled_at else "put off"
    return [f"Its event is {'over' if event.on else off}, so nobody can come to it."]


def _must_make_sense(notice: Notice, now: datetime) -> None:
    if (event := notice.event) is not None and not makes_sense(notice, now):
        over = marked("Its event is over, so nobody was written to about it.")
        raise Refused(over if event.on else marked("Its event is off, so nobody was written to about it."))


def _give_up(number: int, now: datetime) -> None:
    """What has failed for an hour fails by itself, rather than by a database that was busy."""
    notice = _held(number, now)
    late = notice is not None and notice.planned_at is not None and now - notice.planned_at >= PATIENCE
    db.session.rollback()
    if late:
        _keep(number, marked("An error of the program kept it from being sent; its log tells more."), now)
        db.session.commit()


def _keep(number: int, why: str, now: datetime) -> None:
    """It stays a draft, and its author is told why."""
    notice = _held(number, now)
    if notice is None:
        return
    at, notice.planned_at, notice.own_hour = notice.planned_at, None, None
    record("notice not sent", notice, by=None, now=now, after={"reason": why})
    reason, path = f"notice-not-sent:{notice.id}:{at:%Y%m%d%H%M}", f"/organize/notices/{notice.id}"
    for person in in_charge(notice):
        said = phrase(why, language_for(person))
        write(person, "not_sent", reason, now=now, subject=shown_subject(notice), why=said, path=path)
