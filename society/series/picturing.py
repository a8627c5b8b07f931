"""One picture for several events of a series."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from society.audit.actions import record
from society.events.models import Event, Visibility
from society.people.models import Person
from society.pictures.models import Shown
from society.rsvps.feed import refresh
from society.series import queries
from society.series.patterns import choose
from society.series.queries import Scope


@dataclass(frozen=True)
class Picturing:
    """What becomes of the others of its series when an event shows another picture, or other words with it."""

    others: Sequence[Event] = ()
    """That will show the same."""
    keeping: Sequence[Event] = ()
    """That were given one of their own by hand, and keep it."""


def picturing(event: Event, new: Shown | None, scope: Scope, now: datetime) -> Picturing:
    """How far it reaches."""
    found, theirs = queries.others(event, scope, now), (None, event.picture, new and new.picture)
    keeping = [each for each in found if each.picture not in theirs]
    return Picturing([each for each in found if each not in keeping and each.shown != new], keeping)


def show(event: Event, new: Shown | None, scope: Scope, *, by: Person, now: datetime) -> None:
    """Show it with the event, with others of its series and with those that are made later."""
    others, series = picturing(event, new, scope, now).others, queries.series_of(event)
    for each in (event, *others):
        _show(each, new, now)
    for each in others:
        act = "picture changed" if new else "picture taken away"
        record(act, each, by=by, now=now, after={"picture": new.alt if new else ""})
    if series is not None and scope is not Scope.THIS:
        choose(series, {"picture": new})


def _show(event: Event, new: Shown | None, now: datetime) -> None:
    another = (new and new.picture) is not event.picture
    event.show(new)
    if another and in_calendars(event):
        event.revised_at = now
        refresh(event, now)


def in_calendars(event: Event) -> bool:
    """Whether calendars show its picture: not of what is for members (see `calendars.render`)."""
    return event.published_at is not None and event.visibility is Visibility.PUBLIC
