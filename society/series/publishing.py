"""One time at which several drafts of a series are published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from society.events.models import Event
from society.notices.life import plan_publication, why_unplanned
from society.people.models import Person
from society.series import queries
from society.series.queries import Scope


@dataclass(frozen=True)
class Planned:
    """What became of the other drafts that it reaches."""

    others: Sequence[Event]
    """That go out at the same time now, or stay drafts like the event."""
    keeping: Sequence[Event]
    """That were given a time of their own by hand, and keep it."""
    unfit: Sequence[tuple[Event, str]]
    """That cannot go out then, and why."""


def other_drafts(event: Event, scope: Scope, now: datetime) -> list[Event]:
    """Those besides this one that it reaches."""
    return [each for each in queries.others(event, scope, now) if each.published_at is None]


def plan_several(event: Event, at: datetime | None, scope: Scope, *, by: Person, now: datetime) -> Planned:
    """Have a draft and the others in the scope published at a time to come; None: no more."""
    was = event.publish_at
    plan_publication(event, at, by=by, now=now)
    left = [each for each in other_drafts(event, scope, now) if each.publish_at != at]
    keeping = [each for each in left if each.publish_at != was]
    reached = [(each, why_unplanned(each, at)) for each in left if each.publish_at == was]
    others = [each for each, why in reached if not why]
    for each in others:
        plan_publication(each, at, by=by, now=now)
    return Planned(others, keeping, [(each, why) for each, why in reached if why])
