"""What the acts at a door come to, in whatever order they were told."""

from collections.abc import Callable, Iterable
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
    seen: datetime | None = field(default=None, compare=False)
    """When they were last let in."""

    def after(self, told: Told) -> "Presence":
        """The first scan counts: a further one keeps its hour, and says how many have come by now."""
        return Presence(self.since or told.at, told.came, told.at)


def replayed(acts: Iterable[Told], day: Callable[[datetime], date | None]) -> Presence:
    """The acts in the order in which they were done; at one instant, letting in goes before undoing. What is undone is
    what was done on that day: whoever came before stays seen then."""
    presence, before, today = Presence(), Presence(), None
    for told in sorted(acts, key=lambda one: (one.at, one.act is DoorAction.UNDO, one.came is None, one.came or 0)):
        if day(told.at) != today:
            before, today = presence, day(told.at)
        presence = before if told.act is DoorAction.UNDO else presence.after(told)
    return presence
