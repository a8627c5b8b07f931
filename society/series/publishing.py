"""Several drafts of a series published: at one time that is set, or now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from society.backings.queries import bodies
from society.backings.telling import cut_off, to_ask_again_of_each
from society.backings.versions import outdated
from society.db import db
from society.events.changes import fingerprint
from society.events.models import Event
from society.events.moments import why_not_now, why_unplanned
from society.notices.actions import publish
from society.notices.effects import mark_of
from society.notices.following import Followers, announced, followers
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


@dataclass(frozen=True)
class AtOnce:
    """All drafts of a series that are not over, to be published now, and whom that reaches."""

    events: Sequence[Event]
    unfit: Sequence[tuple[Event, str]]
    """That cannot be published now, and why."""
    calendars: Followers | None
    asked_again: Sequence[str]
    """Organizations that are told, since they gave their word for something else than this."""
    cut_off: Sequence[str]
    """Organizations that would be, if mail to their contacts did not come back."""

    @property
    def mark(self) -> str:
        """Of the page that shows it, by which each draft goes out as whoever agreed could read it."""
        those = [f"{each.id} {each.publish_at} {fingerprint(each)}" for each in self.events]
        return mark_of([], *those, str([(each.id, why) for each, why in self.unfit]), *self.asked_again)


def at_once(event: Event, now: datetime) -> AtOnce:
    """What publishing them all would do."""
    found = [(each, why_not_now(each, now)) for each in db.session.scalars(queries.drafts(event, now))]
    events = [each for each, why in found if not why]
    again = [backing for backings in to_ask_again_of_each(events, now) for backing in backings]
    return AtOnce(
        events=events,
        unfit=[(each, why) for each, why in found if why],
        calendars=followers([announced(each) for each in events], now),
        asked_again=bodies(again),
        cut_off=bodies(cut_off(backing for each in events for backing in outdated(each))),
    )


def publish_all(together: AtOnce, *, by: Person, now: datetime) -> None:
    """Announce them."""
    for each in together.events:
        publish(each, by=by, now=now)
