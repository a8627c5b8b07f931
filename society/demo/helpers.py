"""A key with which helpers check guests in at the demo's next event."""

from datetime import datetime, timedelta

from society.audit.models import AuditEntry
from society.demo.bulk import Bulk
from society.demo.chance import Chance
from society.demo.people import ORGANIZER
from society.door.models import DoorKey
from society.events.models import Event
from society.rsvps.models import Rsvp, RsvpStatus
from society.tokens import hashed


class Helpers:
    """Finds the first event that somebody comes to, and makes the key to its door."""

    def __init__(self, now: datetime, chance: Chance, bulk: Bulk) -> None:
        self._now, self._chance, self._bulk = now, chance, bulk
        self.event: Event | None = None
        self.secret = ""
        """Of the key's link: stored nowhere, so it is told once."""

    def note(self, event: Event, rsvps: list[Rsvp]) -> None:
        """Events come in the order of their dates."""
        comes = event.on and any(rsvp.status is RsvpStatus.CONFIRMED for rsvp in rsvps)
        if self.event is None and comes and event.starts_at > self._now:
            self.event, self.secret = event, self._chance.token(43)
            self._make(event)

    def _make(self, event: Event) -> None:
        at = self._now - timedelta(hours=7)
        key = DoorKey(event_id=event.id, name="Side entrance", hashed=hashed(self.secret), made_at=at)
        self._bulk.add(key)
        self._bulk.add(
            AuditEntry(
                at=at,
                actor_id=ORGANIZER,
                act="door key made",
                subject_kind="event",
                subject_id=event.id,
                subject_name=event.title,
                before={},
                after={"key": key.noted},
            )
        )
