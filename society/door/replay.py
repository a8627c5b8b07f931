"""What the acts at a door come to, in whatever order they were told."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from society.door.models import DoorAction


class Told(Protocol):
    """Something done at the door, at an instant."""

    @property
    def at(self) -> datetime: ...
    @property
    def act(self) -> DoorAction: ...
    @property
    def came(self) -> int | None: ...


@dataclass(frozen=True)
class Presence:
    """Since when somebody is in, None while they are not; and how many of a party, None for all of it."""

    since: datetime | None = None
    came: int | None = None
    """On the day on which the most of them came: nobody counts twice who comes on several."""
    seen: datetime | None = field(default=None, compare=False)
    """When they were last let in."""
    days: Mapping[date | None, int | None] = field(default_factory=dict, hash=False)
    """How many were there on each day on which any were."""

    def after(self, told: Told) -> "Presence":
        """The first scan counts: a further one keeps its hour, and says how many have come by now."""
        return Presence(self.since or told.at, told.came, told.at)

    def and_on(self, day: date | None, then: "Presence") -> "Presence":
        """These days, and one more."""
        if then.since is None:
            return self
        days = {**self.days, day: then.came}
        parts = [came for came in days.values() if came is not None]
        most = max(parts) if len(parts) == len(days) else None
        return Presence(self.since or then.since, most, then.seen, days)

    def on(self, day: date | None, party: int) -> int:
        """How many of a party were there on that day."""
        return (self.days[day] or party) if day in self.days else 0


def replayed(acts: Iterable[Told], day: Callable[[datetime], date | None]) -> Presence:
    """The acts in the order in which they were done; at one instant, letting in goes before undoing. What is said or
    undone is so of that day: whoever came before stays seen then, and as many as came."""
    before, then, today = Presence(), Presence(), None
    for told in sorted(acts, key=lambda one: (one.at, one.act is DoorAction.UNDO, one.came is None, one.came or 0)):
        if (on := day(told.at)) != today:
            before, then, today = before.and_on(today, then), Presence(), on
        then = Presence() if told.act is DoorAction.UNDO else then.after(told)
    return before.and_on(today, then)
