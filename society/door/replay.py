"""What the acts at a door come to, in whatever order they were told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
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

    def after(self, told: Told) -> "Presence":
        """The first scan counts: a further one keeps its hour, and says how many have come by now."""
        if told.act is DoorAction.UNDO:
            return Presence()
        return Presence(self.since or told.at, told.came)


def replayed(acts: Iterable[Told]) -> Presence:
    """The acts in the order in which they were done; at one instant, letting in goes before undoing."""
    presence = Presence()
    for told in sorted(acts, key=lambda one: (one.at, one.act is DoorAction.UNDO, one.came is None, one.came or 0)):
        presence = presence.after(told)
    return presence
