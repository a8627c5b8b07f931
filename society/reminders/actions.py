"""Planning what goes out by itself, and sending it when its time has come."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select

from society.audit.actions import record
from society.db import begin_write, db
from society.errors import Refused
from society.events.models import Event
from society.notices.models import Notice
from society.notices.reach import reach
from society.notices.sending import send_by_itself, send_to_more
from society.people.models import Person
from society.reminders.models import THERE_ALREADY, Occasion, Planned, Timing
from society.reminders.queries import going_out, thanked, without
from society.reminders.wording import notice_of
from society.rsvps.seats import lock
from society.settings import society

log = logging.getLogger("society.notices")

AT_ONCE = 1_000
"""So many events are given what is usual in one transaction; the rest a minute later."""


def plan(event: Event, occasion: Occasion, minutes: int, *, by: Person, now: datetime) -> Planned:
    """Have a notice go out by itself; once more, where it went out and the event was moved since."""
    Timing(event, occasion, minutes).must_be_to_come(now)
    planned = _one_at(event, occasion, minutes)
    if planned is None:
        planned = Planned(event=event, occasion=occasion, minutes=minutes)
        db.session.add(planned)
    else:
        planned.renew()
    record("notice planned", event, by=by, now=now, after=_told(planned))
    return planned


def move(planned: Planned, minutes: int, *, by: Person, now: datetime) -> None:
    """Have it go out at another time."""
    if minutes == planned.minutes:
        return
    if _one_at(planned.event, planned.occasion, minutes) is not None:
        raise Refused(THERE_ALREADY)
    before = _told(planned)
    planned.move(minutes, now)
    record("planned notice moved", planned.event, by=by, now=now, before=before, after=_told(planned))


def stop(planned: Planned, *, by: Person, now: datetime) -> None:
    """Keep it from going out."""
    planned.stop(now)
    record("planned notice stopped", planned.event, by=by, now=now, after=_told(planned))


def resume(planned: Planned, *, by: Person, now: datetime) -> None:
    """Let it go out after all."""
    planned.resume(now)
    record("planned notice resumed", planned.event, by=by, now=now, after=_told(planned))


def _one_at(event: Event, occasion: Occasion, minutes: int) -> Planned | None:
    same = Planned.event_id == event.id, Planned.occasion == occasion, Planned.minutes == minutes
    return db.session.scalar(select(Planned).where(*same))


def _told(planned: Planned) -> dict[str, str]:
    return {"notice": f"{planned.occasion}, {planned.timing}"}


def send_planned(now: datetime) -> None:
    """Plan what is usual here, then send what is due, each in a transaction of its own."""
    for occasion, minutes in usual():
        _plan_the_usual(occasion, minutes, now)
    due = [planned.id for planned in db.session.scalars(going_out(now)) if planned.is_due(now)]
    _see_to_each(due, send_if_due, now)


def thank_more(now: datetime) -> None:
    """Send thanks that have gone out to those who are noted as there since, each once. Commits."""
    late = [planned.id for planned in db.session.scalars(thanked(now)) if planned.reaches_more(now)]
    _see_to_each(late, _thank_more, now)


def _see_to_each(numbers: Sequence[int], act: Callable[[Planned, datetime], object], now: datetime) -> None:
    db.session.rollback()
    for number in numbers:
        try:
            begin_write(public=False)
            planned = db.session.get(Planned, number, with_for_update={"of": Planned}, populate_existing=True)
            if planned is not None:
                act(planned, now)
            db.session.commit()
        except Exception:  # whatever is wrong with one, the others leave in time
            db.session.rollback()
            log.exception("a planned notice could not be sent", extra={"planned": number})


def _thank_more(planned: Planned, now: datetime) -> None:
    if planned.notice is not None and planned.reaches_more(now):
        more = send_to_more(planned.notice, now)
        record("thanks sent to more", planned.event, by=None, now=now, after={"people": more})


def usual() -> list[tuple[Occasion, int]]:
    """What goes out for every event, unless its organizers have planned otherwise."""
    chosen = {Occasion.REMINDER: society().remind_before, Occasion.THANKS: society().thank_after}
    return [(occasion, minutes) for occasion, minutes in chosen.items() if minutes]


def _plan_the_usual(occasion: Occasion, minutes: int, now: datetime) -> None:
    """Give each event that has none its own, which can then be seen, moved and stopped. None is planned too late."""
    events = db.session.scalars(without(occasion, now).limit(AT_ONCE)).all()
    numbers = [event.id for event in events if Timing(event, occasion, minutes).due_at > now]
    db.session.rollback()
    if numbers:
        begin_write(public=False)
        db.session.add_all(Planned(event_id=number, occasion=occasion, minutes=minutes) for number in numbers)
        db.session.commit()


def send_if_due(planned: Planned, now: datetime) -> Notice | None:
    """Send it, once. The event is held meanwhile: whoever calls it off does so before or after.

    Thanks that would reach nobody wait, as where nobody is noted yet: others may be noted as there later.
    """
    lock(planned.event)
    if not planned.is_due(now):
        return None
    notice = notice_of(planned, now)
    if not reach(notice, now).reached:
        planned.sent_at = None if planned.occasion is Occasion.THANKS else now
        return None
    planned.sent_at = now
    found = send_by_itself(notice, now)
    planned.notice_id = notice.id
    record("notice sent", notice, by=None, now=now, after={"letters": found.mailed})
    return notice
