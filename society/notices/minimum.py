"""How many must come: counted once, at the time the organizers set, who are told, or the event is called off."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from society.db import begin_write, db
from society.events.models import Event
from society.events.queries import in_charge_of
from society.mail.actions import write
from society.notices.actions import cancel
from society.phrases import Sentence, marked
from society.rsvps.counts import turnout
from society.rsvps.seats import lock

TOO_FEW = marked("Too few people have said that they come: it takes at least {least}.")


def judge_minimums(now: datetime) -> None:
    """See to each event whose time for that has come, in a transaction of its own."""
    for event_id in [event.id for event in db.session.scalars(_not_judged(now)) if event.counts_people(now)]:
        begin_write()
        judge(db.session.get_one(Event, event_id), now)
        db.session.commit()


def _not_judged(now: datetime) -> Select[Event]:
    waits = select(Event).where(Event.starts_at > now, Event.minimum.is_not(None), Event.minimum_judged_at.is_(None))
    return waits.where(Event.published_at.is_not(None))


def judge(event: Event, now: datetime) -> None:
    """Count those who come, there or online; if they are too few, call the event off or tell its organizers, as they
    chose.

    While the organizers have still to decide about so many that there would be enough, it is theirs to say too.
    """
    lock(event)
    if not event.counts_people(now):
        return
    event.minimum_judged_at = now
    count, least = turnout(event), event.minimum or 0
    coming = count.seats + (count.online_people if event.online_url else 0)
    undecided = count.pending_seats
    if coming >= least:
        return
    if event.minimum_cancels and coming + undecided < least:
        cancel(event, by=None, now=now, note=Sentence(TOO_FEW, least=least))
    path = f"/organize/events/{event.id}" + ("/rsvps?status=pending" if undecided and event.on else "")
    for person in in_charge_of(event):
        reason = f"minimum:{event.id}:{now:%Y-%m-%dT%H:%M}"
        fields: dict[str, Any] = {"event": event, "path": path, "coming": coming, "undecided": undecided}
        write(person, "minimum_missed", reason, now=now, **fields)
