"""News of several events at once, such as of their venue or their series: to each reader of those that are theirs."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from markupsafe import Markup
from sqlalchemy import select

from society.calendars.render import calendar, vevent
from society.db import db
from society.events.models import Event
from society.events.render import by_own_clock, place, when_for
from society.fields import on_one_line
from society.languages import ENGLISH
from society.mail.filling import filled
from society.mail.links import naming
from society.mail.wording import escaped, link
from society.notices.audiences import ANSWERS, still_asked
from society.notices.merge import WAS
from society.notices.models import CHANGES, Audience, Delivery, Notice
from society.people.models import Person
from society.phrases import phrase, spoken_to
from society.rsvps.feed import shows
from society.rsvps.models import Rsvp
from society.rsvps.render import link as rsvp_path
from society.settings import absolute, society

Theirs = Sequence[tuple[Event, Rsvp | None]]
"""Events that concern somebody, with their answers."""


def tells_each_of_theirs(notice: Notice) -> bool:
    """Whether it is news of several events at once, none of which it is about alone."""
    return notice.event is None and notice.kind in CHANGES


@dataclass(frozen=True)
class OwnNews:
    """What has changed about one of several events alone, in Markdown by language; and when it was to begin before
    that, where clocks elsewhere show other hours."""

    said: Mapping[str, str]
    was_at: datetime | None = None
    was_zone: str = ""

    def plain(self) -> dict[str, Any]:
        """As it is stored."""
        was_at = self.was_at.isoformat() if self.was_at else None
        return {"said": dict(self.said), "was_at": was_at, "was_zone": self.was_zone}

    @classmethod
    def stored(cls, notice: Notice) -> Mapping[int, "OwnNews"]:
        """By event, what a notice tells of each alone."""
        return {
            int(number): cls(own["said"], own["was_at"] and datetime.fromisoformat(own["was_at"]), own["was_zone"])
            for number, own in (notice.of_each or {}).items()
        }

    def to(self, reader: Person | None, language: str) -> Markup:
        """What it says to somebody, by whose own clock it was to begin as well."""
        was = by_own_clock(self.was_at, self.was_zone, reader, language) if self.was_at else ""
        return Markup(filled(self.said[spoken_to(language, society().language)], {WAS: was}))  # noqa: S704


def of_each(events: Sequence[Event], among: Collection[int] | None = None) -> Mapping[int, Theirs]:
    """By reader, those that they answered or have as an invitation, in the order of the events; of a few people alone,
    by number, if told."""
    rows = select(Rsvp).where(Rsvp.event_id.in_([event.id for event in events]))
    rows = rows.where(Rsvp.status.in_(ANSWERS[Audience.ANSWERED]))
    rows = rows if among is None else rows.where(Rsvp.person_id.in_(among))
    answers = {(rsvp.person_id, rsvp.event_id): rsvp for rsvp in db.session.scalars(rows)}
    rows = still_asked([event.id for event in events]).add_columns(Notice.event_id)
    rows = rows if among is None else rows.where(Delivery.person_id.in_(among))
    asked: dict[tuple[int, int], Rsvp | None] = dict.fromkeys(db.session.execute(rows))
    theirs = asked | answers
    found: dict[int, list[tuple[Event, Rsvp | None]]] = {person: [] for person, _ in theirs}
    for event in events:
        for person, those in found.items():
            if (person, event.id) in theirs:
                those.append((event, theirs[person, event.id]))
    return found


def listed(
    notice: Notice, theirs: Theirs, reader: Person | None, language: str = ENGLISH, named: int | None = None
) -> Markup:
    """A line for each: when it is by the reader's clock too, its title, which leads to their answer, and where it is;
    below, what has changed about it alone."""
    own = OwnNews.stored(notice)
    return Markup("\n").join(
        _line(event, rsvp, reader, language, named) + _below(own.get(event.id), reader, language)
        for event, rsvp in theirs
    )


def _line(event: Event, rsvp: Rsvp | None, reader: Person | None, language: str, named: int | None) -> Markup:
    path = rsvp_path(rsvp) if rsvp else f"/events/{event.slug}"
    title = link(naming(absolute(path), named), on_one_line(event.title))
    put_off = event.postponed_at and event.cancelled_at is None
    date = phrase("put off, the new date is not known yet", language) if put_off else when_for(event, reader, language)
    where = escaped(f", {on_one_line(where)}" if (where := place(event, language)) else "")
    return Markup("- {}: {}{}").format(escaped(date), title, where)


def _below(own: OwnNews | None, reader: Person | None, language: str) -> Markup:
    """Lines of the same item of the list."""
    lines = own.to(reader, language).split("\n") if own else []
    return Markup("").join(Markup("\n  ") + line.strip() for line in lines if line)


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
