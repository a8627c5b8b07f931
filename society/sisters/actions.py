"""Keeping the calendars of sister societies as they are: fetched on a schedule, replaced whole, and forgotten."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, func, select, update

from society.audit.actions import record
from society.db import begin_write, db
from society.errors import Refused
from society.imports.fetching import Answered, ask
from society.imports.reading import TooLarge
from society.people.models import Person
from society.settings import Society, renew, society
from society.sisters.models import SisterCalendar, SisterEntry
from society.sisters.queries import entries_of
from society.sisters.reading import Look, looked_at
from society.text import counted
from society.times import today_in

EVERY = timedelta(hours=4)
LONGEST_PAUSE = timedelta(days=1)
CLAIM = timedelta(minutes=30)
"""So long one process has to itself the calendar that it fetches."""
IN_WHOLE = timedelta(days=7)
"""After so long it is read in whole even if it has not changed: what recurs in it goes on as time passes."""
MOST_CALENDARS = 20
UNFORESEEN = "It could not be read, for a reason that nobody has foreseen; the program's log tells it."

log = logging.getLogger("society")

Get = Callable[..., Answered]


def look_at(address: str, now: datetime, *, get: Get = ask) -> tuple[Answered, Look]:
    """Fetch a calendar and see what would be shown of it; raises Refused with why not. Holds no transaction open."""
    db.session.rollback()
    answered = get(address)
    return answered, _read(answered, now)


def _read(answered: Answered, now: datetime) -> Look:
    look = looked_at(answered.body, zone=society().zone, today=today_in(society().zone, now))
    db.session.rollback()
    return look


def begin(values: dict[str, Any], answered: Answered, look: Look, *, by: Person, now: datetime) -> SisterCalendar:
    """Show a calendar beside ours from now on."""
    if (db.session.scalar(select(func.count()).select_from(SisterCalendar)) or 0) >= MOST_CALENDARS:
        raise Refused(f"At most {MOST_CALENDARS} calendars of others are shown. Please stop showing one first.")
    calendar = SisterCalendar(**values, created_at=now, read_at=now, answered_at=now, next_at=now + EVERY)
    db.session.add(calendar)
    record("sister calendar begun", calendar, by=by, now=now, after=values)
    _note_whether_there_are_any()
    _answered(calendar, answered, now)
    _replace(calendar, look, now)
    return calendar


def describe(calendar: SisterCalendar, values: dict[str, Any], *, by: Person, now: datetime) -> None:
    """Call it something else, or mark it otherwise."""
    before = {name: getattr(calendar, name) for name in values}
    if before != values:
        for name, value in values.items():
            setattr(calendar, name, value)
        record("sister calendar changed", calendar, by=by, now=now, before=before, after=values)


def stop(calendar: SisterCalendar, *, by: Person, now: datetime) -> None:
    """Show it no more, and forget what was read of it."""
    record("sister calendar stopped", calendar, by=by, now=now, before={"address": calendar.address})
    db.session.execute(delete(SisterEntry).where(SisterEntry.calendar_id == calendar.id))
    db.session.delete(calendar)
    _note_whether_there_are_any()


def _note_whether_there_are_any() -> None:
    """So that the pages of a society without them need not look."""
    db.session.flush()
    row = db.session.get_one(Society, 1)
    row.has_sisters = bool(db.session.scalar(select(exists(select(SisterCalendar.id)))))
    renew()


def fetch_due(now: datetime, *, get: Get = ask) -> None:
    """The chore: fetch again whatever it is time for."""
    due = select(SisterCalendar.id).where(SisterCalendar.next_at <= now).order_by(SisterCalendar.next_at)
    numbers = db.session.scalars(due).all()
    db.session.rollback()
    for number in numbers:
        if _claimed(number, now):
            fetch_again(number, now, get=get)


def _claimed(number: int, now: datetime) -> bool:
    """Whether it is this process that fetches it; a claim runs out by itself if the process is killed."""
    begin_write(public=False)
    free = update(SisterCalendar).where(SisterCalendar.id == number, SisterCalendar.next_at <= now)
    got = db.session.connection().execute(free.values(next_at=now + CLAIM)).rowcount == 1
    db.session.commit()
    return got


def fetch_again(number: int, now: datetime, *, get: Get = ask) -> str:
    """Fetch one now and show what it holds; returns why that failed, or what of it could not be read, or nothing.

    Where it failed what was fetched before stays, and so does each event that cannot be read any more. What nobody has
    foreseen, as in a file written by others much may be, is a failure of that calendar and of no other.
    """
    try:
        return _fetched(number, now, get)
    except Refused as refusal:
        why = refusal
    except Exception:
        log.exception("a sister calendar could not be fetched", extra={"calendar": number})
        why = Refused(UNFORESEEN)
    db.session.rollback()
    _note_failure(number, why, now)
    return str(why)


def _fetched(number: int, now: datetime, get: Get) -> str:
    """While another server answers no transaction is open; pages are made anew only if what is shown has changed."""
    calendar = db.session.get(SisterCalendar, number)
    if calendar is None:
        return "It is shown no more."
    address, known, digest = calendar.address, _known(calendar, now), calendar.digest
    db.session.rollback()
    answered = get(address, known=known)
    look = None if answered.unchanged else _whole(_read(answered, now))
    unread = look.keep(db.session.scalars(entries_of(number))) if look is not None and look.left_out else 0
    db.session.rollback()
    changed = look is not None and look.digest != digest
    begin_write(public=changed)
    standing = db.session.get(SisterCalendar, number)
    if standing is not None:  # else it was stopped meanwhile
        _answered(standing, answered, now)
        if look is not None:
            standing.read_at = now
        if look is not None and changed:
            _replace(standing, look, now)
    db.session.commit()
    said = f"{counted(unread, 'event')} of theirs cannot be read any more. They are shown as they were."
    return said if unread else ""


def _whole(look: Look) -> Look:
    """Raises Refused where nobody can tell what has gone from it."""
    if look.reading.breaks_off:
        raise Refused("The calendar breaks off before its end.")
    return look


def _known(calendar: SisterCalendar, now: datetime) -> dict[str, str]:
    """What to ask with, so that the server need not send again what has not changed (RFC 9110, 13.1)."""
    if calendar.read_at <= now - IN_WHOLE:
        return {}
    stated = {"If-None-Match": calendar.etag, "If-Modified-Since": calendar.last_modified}
    return {name: value for name, value in stated.items() if value}


def _answered(calendar: SisterCalendar, answered: Answered, now: datetime) -> None:
    calendar.answered_at, calendar.next_at = now, now + EVERY
    calendar.failing_since, calendar.failures, calendar.failure = None, 0, ""
    if not answered.unchanged:
        calendar.etag = _short(answered.headers.get("ETag"), 300)
        calendar.last_modified = _short(answered.headers.get("Last-Modified"), 100)


def _short(stated: str | None, most: int) -> str:
    """A header to be sent back as it came; one that no server needs so long is left away."""
    return stated if stated and len(stated) <= most and stated.isascii() and stated.isprintable() else ""


def _replace(calendar: SisterCalendar, look: Look, now: datetime) -> None:
    """All at once, so that no page ever shows half of it."""
    db.session.flush()
    db.session.execute(delete(SisterEntry).where(SisterEntry.calendar_id == calendar.id))
    for entry in look.entries:
        entry.calendar_id = calendar.id
    db.session.add_all(look.entries)
    calendar.digest, calendar.read_at = look.digest, now
    db.session.flush()


def _note_failure(number: int, why: Refused, now: datetime) -> None:
    """Try later and later: after an hour, two, four, at most a day; what is too large to be read, after a day."""
    begin_write(public=False)
    calendar = db.session.get(SisterCalendar, number)
    if calendar is not None:
        hours = timedelta(hours=2 ** min(calendar.failures, 10))
        calendar.failing_since = calendar.failing_since or now
        calendar.failure = str(why)[:300]
        calendar.next_at = now + (LONGEST_PAUSE if isinstance(why, TooLarge) else min(hours, LONGEST_PAUSE))
        calendar.failures += 1
    db.session.commit()
