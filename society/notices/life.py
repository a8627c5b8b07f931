"""What becomes of an event in time: moved to a new date, published at a time that was set, kept as a template."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import select

from society.agenda.actions import copy_agenda
from society.agenda.moving import move_along
from society.agenda.planning import Times
from society.audit.actions import record
from society.backings.entering import take_along
from society.backings.telling import tell_of_turn
from society.db import begin_write, db
from society.errors import Refused
from society.events import moments
from society.events.actions import duplicate
from society.events.changes import Change
from society.events.models import Event
from society.events.queries import in_charge_of, next_free_evening
from society.mail.actions import write
from society.notices.actions import alter, publish
from society.people.models import Person
from society.questions.actions import copy as copy_questions
from society.times import shown_from

log = logging.getLogger("society.notices")


def move(
    event: Event, starts: datetime, ends: datetime, *, by: Person, now: datetime, note: str = "", tell: bool = True
) -> list[Change]:
    """Put an event off to a date that is known, in one act and one letter. Answers and the queue are kept."""
    event.must_be_to_come(now, "postponed")
    return alter(event, lambda: place(event, starts, ends), by=by, now=now, note=note, tell=tell)


def place(event: Event, starts: datetime, ends: datetime) -> None:
    """Set its new time, by which it is on again; what is told from the start on, such as until when answers are taken,
    moves along."""
    later = starts - event.starts
    event.schedule(starts, ends, event.zone, all_day=event.all_day)
    event.postponed_at = None  # also where the date is the old one after all
    moments.shift(event, later)


def worth_knowing(event: Event, starts: datetime, now: datetime) -> list[str]:
    """A sentence for each moment told from the start on that there will not be when the event is moved, and for a
    count of people that would be over."""
    shifted = moments.shifted(event, starts - event.starts)
    said = [sentence for wall in shifted.values() if (sentence := moments.jump(wall, event.zone))]
    counted = shifted.get("minimum_by")
    if counted and shown_from(counted, event.zone) <= now:
        said.append(f"{moments.uncounted(counted)} So nobody is counted.")
    return said


def plan_publication(event: Event, at: datetime | None, *, by: Person | None, now: datetime) -> None:
    """Have a draft published at a time to come; None: no more."""
    if event.template_name:
        raise Refused("A template is not published; begin an event with it.")
    if why := moments.why_unplanned(event, at):
        raise Refused(why)
    if at != event.publish_at:
        before, event.publish_at = event.publish_at, at
        record("publication planned", event, by=by, now=now, before={"at": before}, after={"at": at})


def publish_planned(now: datetime) -> None:
    """Publish what is due, each in a transaction of its own; of several processes one does it."""
    due = select(Event.id).where(Event.publish_at <= now, Event.published_at.is_(None)).order_by(Event.publish_at)
    for number in db.session.scalars(due).all():
        try:
            _publish_if_due(number, now)
        except Exception:  # whatever is wrong with one draft, the others are announced in time
            db.session.rollback()
            log.exception("a draft could not be published", extra={"event": number})


def _publish_if_due(number: int, now: datetime) -> None:
    begin_write()
    event = db.session.get(Event, number, with_for_update={"of": Event}, populate_existing=True)
    if event is not None and event.published_at is None and event.publish_at and event.publish_at <= now:
        _publish(event, now)
    db.session.commit()


def _publish(event: Event, now: datetime) -> None:
    """As by hand; what cannot be published any more stays a draft, and its organizers are told."""
    planned, event.publish_at = event.publish_at, None
    if not event.over(now):
        publish(event, by=None, now=now)
        return
    for person in in_charge_of(event):
        reason = f"not-published:{event.id}:{planned:%Y%m%d%H%M}"
        write(person, "not_published", reason, now=now, event=event, path=f"/organize/events/{event.id}")


def whole_copy(event: Event, *, by: Person, now: datetime) -> Event:
    """A draft with everything of the event, its questions and its agenda too."""
    made = duplicate(event, by, now)
    db.session.flush()
    copy_questions(event, made)
    copy_agenda(event, made, now)
    take_along(event, made, by, now)
    return made


def keep_as_template(event: Event, name: str, *, by: Person, now: datetime) -> Event:
    """A copy to begin others with, seen by organizers alone, and no event itself."""
    made = whole_copy(event, by=by, now=now)
    made.template_name = name
    record("template kept", made, by=by, now=now, after={"name": name})
    return made


def rename_template(template: Event, name: str, *, by: Person, now: datetime) -> Event:
    """Call it something else."""
    before, template.template_name = template.template_name, name
    record("template renamed", template, by=by, now=now, before={"name": before}, after={"name": name})
    return template


def from_template(template: Event, zone: str, *, by: Person, now: datetime) -> Event:
    """A new draft like it: at its time of day, on the first of its weekdays two weeks on."""
    made = whole_copy(template, by=by, now=now)
    made.template_name = ""
    day = next_free_evening(zone, now).date()
    day += timedelta(days=(template.starts.weekday() - day.weekday()) % 7)
    shift, was = datetime.combine(day, template.starts.time()) - template.starts, Times.of(made)
    place(made, template.starts + shift, template.ends + shift)
    move_along(made, was, now)
    return made


def delete_draft(event: Event, *, by: Person, now: datetime) -> None:
    """Do away with what nobody was told of but those whose word to back it was asked for, who are told: also who has
    not answered."""
    if event.published_at is not None:
        raise Refused("An event that was announced is cancelled rather than deleted.")
    if event.series_id is not None:
        raise Refused("It is one of a series: call it off on the page of the series.")
    tell_of_turn([event], "cancelled", now)
    record("draft deleted", event, by=by, now=now, before={"title": event.title, "starts": f"{event.starts:%Y-%m-%d}"})
    db.session.delete(event)


def forget_template(template: Event, *, by: Person, now: datetime) -> None:
    """Keep it no more."""
    record("template removed", template, by=by, now=now, before={"name": template.template_name})
    db.session.delete(template)
