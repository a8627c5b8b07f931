"""One time at which several drafts of a series are published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from society.events.models import Event
from society.events.moments import why_unplanned
from society.notices.effects import mark_of
from society.notices.life import plan_publication
from society.people.models import Person
from society.series import queries
from society.series.queries import Scope


@dataclass(frozen=True)
class Planned:
    """What becomes of the other drafts in the scope."""

    others: Sequence[Event]
    """That go out at the same time, or stay drafts like the event."""
    keeping: Sequence[Event]
    """That were given a time of their own by hand, and keep it."""
    unfit: Sequence[tuple[Event, str]]
    """That cannot go out then, and why."""

    def mark(self, event: Event, at: datetime | None) -> str:
        """Of the page that shows it: what has become another plan meanwhile is shown anew."""
        those = [[each.id for each in events] for events in (self.others, self.keeping)]
        unfit = [(each.id, why) for each, why in self.unfit]
        return mark_of([], *map(str, (event.publish_at, at, *those, unfit)))


def other_drafts(event: Event, scope: Scope, now: datetime) -> list[Event]:
    """Those besides this one that it reaches."""
    return [each for each in queries.others(event, scope, now) if each.published_at is None]


def foreseen(event: Event, at: datetime | None, scope: Scope, now: datetime) -> Planned:
    """What would become of the other drafts if that time were set; None: if it were taken back."""
    left = [each for each in other_drafts(event, scope, now) if each.publish_at != at]
    keeping = [each for each in left if each.publish_at not in (None, event.publish_at)]
    reached = [(each, why_unplanned(each, at)) for each in left if each not in keeping]
    return Planned(
        others=[each for each, why in reached if not why],
        keeping=keeping,
        unfit=[(each, why) for each, why in reached if why],
    )


def plan_several(event: Event, at: datetime | None, planned: Planned, *, by: Person, now: datetime) -> None:
    """Have a draft, and those that were foreseen with it, published at a time to come; None: no more."""
    for each in (event, *planned.others):
        plan_publication(each, at, by=by, now=now)
