"""What people are written when something becomes of their answer. Each carries its reader's own link."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete

from society.calendars.render import stored_file
from society.db import db
from society.mail.actions import write
from society.mail.links import naming
from society.mail.message import method_of
from society.mail.models import Letter, LetterState
from society.rsvps.invitation import carried
from society.rsvps.last_day import letters_leave_at
from society.rsvps.models import Rsvp, RsvpStatus, Transition
from society.rsvps.queries import place_in_queue
from society.rsvps.render import link

PROMOTED = "promoted"
"""The letter to those who waited."""


def tell(kind: str, step: Transition, now: datetime) -> None:
    """Write about one step of an answer, once; with the event for their calendar where they are going."""
    db.session.flush()  # the step's number is what makes the letter's reason unique
    rsvp = step.rsvp
    due_at = letters_leave_at(rsvp.event, now) if kind == PROMOTED else None
    reason = f"rsvp:{rsvp.id}:{kind}:{step.id}"
    _write(kind, rsvp, reason, now, due_at=due_at, place=place_in_queue(rsvp), step=step)


def take_back_news(rsvp: Rsvp, now: datetime, news: str = PROMOTED) -> None:
    """Of a seat given in the night and given back before the morning nobody is told; `news` tells which seat."""
    if letters_leave_at(rsvp.event, now) > now:
        waiting = Letter.reason.startswith(f"rsvp:{rsvp.id}:{news}:"), Letter.state == LetterState.QUEUED
        db.session.execute(delete(Letter).where(Letter.person_id == rsvp.person_id, *waiting))


def ask_to_confirm(rsvp: Rsvp, now: datetime, notice: int | None = None) -> None:
    """Write to an address that somebody gave as theirs, at most once an hour, whatever that somebody does."""
    db.session.flush()
    kind = "ask" if rsvp.status is RsvpStatus.UNCONFIRMED else "known"
    reason, place = f"rsvp:{rsvp.id}:{kind}:{now:%Y-%m-%dT%H}", place_in_queue(rsvp)
    _write(kind, rsvp, reason, now, notice, asked=True, place=place)


def _write(kind: str, rsvp: Rsvp, reason: str, now: datetime, notice: int | None = None, **fields: Any) -> None:
    file = None if kind in ("ask", "known") else _for_calendar(rsvp, now)
    write(
        rsvp.person,
        f"rsvp_{kind}",
        reason,
        now=now,
        calendar=file,
        event=rsvp.event,
        rsvp=rsvp,
        path=naming(link(rsvp), notice),
        carries=method_of(file) if file else None,
        **fields,
    )


def _for_calendar(rsvp: Rsvp, now: datetime) -> bytes | None:
    """An invitation that can be answered; where nobody reads answers, a file for those who are going."""
    going = rsvp.status is RsvpStatus.CONFIRMED
    return carried(rsvp, stored_file(rsvp.event, busy=True) if going else None, now)
