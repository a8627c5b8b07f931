"""A venue that is called or addressed otherwise from now on, and those who answered what is to come there."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from society.db import db
from society.events.changes import told_in_each, worth_telling
from society.events.models import Event, Venue
from society.events.queries import loaded, not_over, published
from society.notices.actions import PLACED, describe_venue, those_to_tell_of_each
from society.notices.effects import Concern, asked_again
from society.notices.following import all_that
from society.notices.models import NoticeKind
from society.notices.news import tell as send_word
from society.people.models import Person

SAID = "name", "address"
"""What of a venue is said of where an event is."""


def concerned(venue: Venue, values: dict[str, Any], now: datetime) -> Concern:
    """Whom these values reach: the guests of what is to come there, its backers, and calendars."""
    changed = {field for field in PLACED if values[field] != getattr(venue, field)}
    if venue.id is None or not changed:
        return Concern()
    events = _to_come(venue, now) if changed & set(SAID) else []
    told = [event for event in events if event.postponed_at is None]
    with db.session.begin_nested() as trial:
        for field in SAID:
            setattr(venue, field, values[field])
        backers = asked_again(events)
        trial.rollback()
    people = zip(told, those_to_tell_of_each(told, now), strict=True)
    return Concern([(event, reach) for event, reach in people if reach.everyone], all_that(_at(venue)), backers)


def correct(
    venue: Venue, values: dict[str, Any], *, by: Person, now: datetime, note: str = "", tell: bool = False
) -> None:
    """Enter or correct a venue; calendars follow, and a letter for each event to come there where they are wanted.

    Of what is put off nobody is told: they need the place no sooner than it has a date again.
    """
    events = _to_come(venue, now) if tell and venue.id else []
    before = [(event, told_in_each(event)) for event in events if event.postponed_at is None]
    describe_venue(venue, values, by, now)
    for event, said in before:
        changes = worth_telling(said, event)
        if any(changes.values()):
            send_word(event, NoticeKind.CHANGE, changes=changes, note=note, by=by, now=now)


def _at(venue: Venue) -> Any:
    return Event.venue_id == venue.id


def _to_come(venue: Venue, now: datetime) -> Sequence[Event]:
    there = published().where(_at(venue), Event.cancelled_at.is_(None), not_over(now))
    return db.session.scalars(loaded(there).order_by(Event.starts_at, Event.id)).all()
