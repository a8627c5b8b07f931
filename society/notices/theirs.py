"""News of what several events have in common, such as their venue: to each reader of those that are theirs."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from markupsafe import Markup
from sqlalchemy import select

from society.calendars.render import calendar, vevent
from society.db import db
from society.events.models import Event
from society.events.render import when_for
from society.fields import on_one_line
from society.languages import ENGLISH
from society.mail.links import naming
from society.mail.wording import escaped, link
from society.notices.audiences import ANSWERS
from society.notices.models import CHANGES, Audience, Notice
from society.people.models import Person
from society.rsvps.feed import shows
from society.rsvps.models import Rsvp
from society.rsvps.render import link as rsvp_path
from society.settings import absolute

Theirs = Sequence[tuple[Event, Rsvp | None]]
"""Events that concern somebody, with their answers."""


def tells_each_of_theirs(notice: Notice) -> bool:
    """Whether it is news of several events at once, none of which it is about alone."""
    return notice.event is None and notice.kind in CHANGES


def of_each(events: Sequence[Event], among: Collection[int] | None = None) -> Mapping[int, Theirs]:
    """By reader, those that they answered, in the order of the events; of a few people alone, by number, if told."""
    rows = select(Rsvp).where(Rsvp.event_id.in_([event.id for event in events]))
    rows = rows.where(Rsvp.status.in_(ANSWERS[Audience.ANSWERED]))
    rows = rows if among is None else rows.where(Rsvp.person_id.in_(among))
    answers = {(rsvp.person_id, rsvp.event_id): rsvp for rsvp in db.session.scalars(rows)}
    found: dict[int, list[tuple[Event, Rsvp | None]]] = {person: [] for person, _ in answers}
    for event in events:
        for person, theirs in found.items():
            if rsvp := answers.get((person, event.id)):
                theirs.append((event, rsvp))
    return found


def listed(theirs: Theirs, reader: Person | None, language: str = ENGLISH, named: int | None = None) -> Markup:
    """A line for each: when it is by the reader's clock too, and its title, which leads to their answer."""
    return Markup("\n").join(_line(event, rsvp, reader, language, named) for event, rsvp in theirs)


def _line(event: Event, rsvp: Rsvp | None, reader: Person | None, language: str, named: int | None) -> Markup:
    path = rsvp_path(rsvp) if rsvp else f"/events/{event.slug}"
    title = link(naming(absolute(path), named), on_one_line(event.title))
    return Markup("- {}: {}").format(escaped(when_for(event, reader, language)), title)


def file_for(reader: Person, theirs: Theirs, now: datetime) -> bytes | None:
    """Them in one file, but for what the reader has by their own feed alone."""
    by_feed = reader.feed_only
    return one_file(event for event, _ in theirs if not (by_feed and shows(event, reader, now)))


def one_file(events: Iterable[Event]) -> bytes | None:
    """Several events as one calendar file, each once."""
    each = {event.id: event for event in events}.values()
    if not each:
        return None
    zones = [event.zone for event in each if not event.all_day]
    since = min(event.starts for event in each) - timedelta(days=1)
    return calendar([vevent(event) for event in each], zones, since.date())
