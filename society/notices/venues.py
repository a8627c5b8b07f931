"""A venue that is called or addressed otherwise from now on, and those who answered what is to come there."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from society.backings.actions import to_ask_again_of_each
from society.db import db
from society.events.changes import told_in_each, worth_telling
from society.events.models import Event, Venue
from society.events.queries import loaded, published, soonest_first
from society.notices.actions import describe_venue, those_to_tell_of_each
from society.notices.models import NoticeKind
from society.notices.news import tell as send_word
from society.notices.reach import Reach
from society.people.models import Person

SAID = "name", "address"
"""What of a venue is said of where an event is."""


def concerned(venue: Venue, values: dict[str, Any], now: datetime) -> list[tuple[Event, Reach]]:
    """The events to come whose guests would be told of these values, each with how many they are."""
    if venue.id is None or all(values[field] == getattr(venue, field) for field in SAID):
        return []
    events = _to_come(venue, now)
    found = zip(events, those_to_tell_of_each(events, now), strict=True)
    return [(event, recipients) for event, recipients in found if recipients.everyone]


def asked_again(venue: Venue, values: dict[str, Any], now: datetime) -> dict[str, list[str]]:
    """By the organizations that would be told, since they gave their word for another place: of which events."""
    if venue.id is None or all(values[field] == getattr(venue, field) for field in SAID):
        return {}
    there = published().where(Event.venue_id == venue.id, Event.ends_at > now)
    events = db.session.scalars(loaded(there).order_by(Event.starts_at, Event.id)).all()
    found: dict[str, list[str]] = {}
    with db.session.no_autoflush, _called(venue, values):
        for event, backings in zip(events, to_ask_again_of_each(events, now), strict=True):
            for backing in backings:
                found.setdefault(backing.organization.name, []).append(event.title)
    return found


@contextmanager
def _called(venue: Venue, values: dict[str, Any]) -> Iterator[None]:
    """As it would be, for as long as that is looked at."""
    was = {field: getattr(venue, field) for field in SAID}
    try:
        for field in SAID:
            setattr(venue, field, values[field])
        yield
    finally:
        for field in SAID:
            setattr(venue, field, was[field])


def correct(
    venue: Venue, values: dict[str, Any], *, by: Person, now: datetime, note: str = "", tell: bool = False
) -> None:
    """Enter or correct a venue; calendars follow, and a letter for each event to come there where they are wanted."""
    before = [(event, told_in_each(event)) for event in _to_come(venue, now)] if tell and venue.id else []
    describe_venue(venue, values, by, now)
    for event, said in before:
        changes = worth_telling(said, event)
        if any(changes.values()):
            send_word(event, NoticeKind.CHANGE, changes=changes, note=note, by=by, now=now)


def _to_come(venue: Venue, now: datetime) -> Sequence[Event]:
    """Of what is put off, nobody needs the place before it has a date again."""
    there = published().where(Event.venue_id == venue.id, Event.cancelled_at.is_(None), Event.postponed_at.is_(None))
    return db.session.scalars(loaded(soonest_first(there, now))).all()
