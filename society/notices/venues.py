"""A venue that is called, addressed or entered otherwise from now on, and those who answered what is to come there."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from society.db import db
from society.events.changes import differences, told_in_each, worth_telling
from society.events.models import Event, Venue
from society.events.queries import hold_all, loaded, not_over, published
from society.notices.actions import PLACED, describe_venue
from society.notices.concerns import Concern, asked_again
from society.notices.following import all_that
from society.notices.models import NoticeKind
from society.notices.news import in_one_letter, tell_of_several
from society.notices.news import tell as send_word
from society.notices.reach import those_to_tell_of_each
from society.people.models import Person
from society.phrases import languages

SAID = "name", "address"
"""What of a venue is said of where an event is."""
SHOWN = PLACED | {"access"}
"""What is shown before it changes: what calendars show, and how one gets in, by which people plan whether to come."""


def concerned(venue: Venue, values: dict[str, Any], now: datetime) -> Concern:
    """Whom these values reach: the guests of what is to come there, its backers, and calendars."""
    changed = {field for field in SHOWN if values[field] != getattr(venue, field)}
    if venue.id is None or not changed:
        return Concern()
    events = _to_come(venue, now) if changed & {*SAID, "access"} else []
    told = [event for event in events if event.postponed_at is None]
    with db.session.begin_nested() as trial:
        for field in SAID:
            setattr(venue, field, values[field])
        backers = asked_again(events)
        trial.rollback()
    people = zip(told, those_to_tell_of_each(told, now), strict=True)
    touches = all_that(_at(venue)) if changed & PLACED else []
    return Concern([(event, reach) for event, reach in people if reach.everyone], touches, backers)


def moves(venue: Venue, values: dict[str, Any]) -> bool:
    """Whether these values say otherwise where its events are, so that whoever answered ought to be told."""
    return any(values[field] != getattr(venue, field) for field in SAID)


def correct(
    venue: Venue, values: dict[str, Any], *, by: Person, now: datetime, note: str = "", tell: bool = False
) -> None:
    """Enter or correct a venue; calendars follow, and letters about what is to come there where they are wanted.

    Of what is put off nobody is told: they need the place no sooner than it has a date again.
    """
    if venue.id is not None:
        hold_all(_at(venue))  # who answers at that very moment is told as well
    events = _to_come(venue, now) if tell and venue.id else []
    told = [event for event in events if event.postponed_at is None]
    before, there = [told_in_each(event) for event in told], _told(venue)
    describe_venue(venue, values, by, now)
    if not told:
        return
    changes = {one: differences(there, _told(venue), one) for one in languages()}
    if in_one_letter(those_to_tell_of_each(told, now)):
        if any(changes.values()):
            tell_of_several(told, changes=changes, note=note, by=by, now=now)
        return
    for event, said in zip(told, before, strict=True):
        access = {one: [change for change in what if change.field == "access"] for one, what in changes.items()}
        each = {one: [*what, *access[one]] for one, what in worth_telling(said, event).items()}
        if any(each.values()):
            send_word(event, NoticeKind.CHANGE, changes=each, note=note, by=by, now=now)


def _told(venue: Venue) -> Mapping[str, str]:
    """What of it guests are told when it changes."""
    return {"place": ", ".join(filter(None, (getattr(venue, field) for field in SAID))), "access": venue.access}


def _at(venue: Venue) -> Any:
    return Event.venue_id == venue.id


def _to_come(venue: Venue, now: datetime) -> Sequence[Event]:
    there = published().where(_at(venue), Event.cancelled_at.is_(None), not_over(now))
    return db.session.scalars(loaded(there).order_by(Event.starts_at, Event.id)).all()
