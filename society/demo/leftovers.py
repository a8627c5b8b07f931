"""What stays of the demo's past events: recordings, slides, and papers for members."""

from collections.abc import Iterator
from datetime import datetime

from society.demo.bulk import Bulk
from society.demo.chance import Chance
from society.demo.setting import DISCUSSIONS, LECTURES
from society.events.models import Event, Visibility
from society.material.models import Material, MaterialKind, Seen

_SHARE = {LECTURES: 0.35, DISCUSSIONS: 0.2}
"""How often something stays of an event of a category."""
_KINDS = (
    (MaterialKind.RECORDING, "The recording", Seen.EVERYONE, "video"),
    (MaterialKind.SLIDES, "The slides", Seen.EVERYONE, "slides"),
    (MaterialKind.PAPER, "Notes for those who want to read on", Seen.MEMBERS, "notes"),
)
_REPORTS = (
    "A full room, and questions until the caretaker put out the lights.",
    "Thank you to everyone who came in the rain, and to those who made the tea.",
    "The discussion went on for longer than the talk, as it should.",
)


class Leftovers:
    """Keeps something of events that are over."""

    def __init__(self, now: datetime, chance: Chance, bulk: Bulk) -> None:
        self._now, self._chance, self._bulk = now, chance, bulk

    def keep(self, event: Event, category: str) -> None:
        """Something of an event that has taken place, or nothing."""
        if event.published_at is None or not event.on or event.ends_at > self._now:
            return
        if not self._chance.is_so(_SHARE.get(category, 0)):
            return
        kept = list(self._materials(event))
        event.has_material, event.report = True, self._chance.choice(_REPORTS)
        if event.visibility is Visibility.PUBLIC:
            shown = (one for one in kept if one.seen_by is Seen.EVERYONE)
            event.attached = [{"id": one.id, "url": one.url, "type": ""} for one in shown]

    def _materials(self, event: Event) -> Iterator[Material]:
        for position, (kind, title, seen_by, word) in enumerate(_KINDS):
            if position and self._chance.is_so(0.4):
                continue
            one = Material(event_id=event.id, position=position, kind=kind, title=title, seen_by=seen_by)
            one.url = f"https://archive.example.org/{word}/{event.slug}"
            self._bulk.add(one)
            yield one
