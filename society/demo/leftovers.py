"""What stays of the demo's past events: recordings, slides, minutes, photographs, and papers for members."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count

from society.demo.bulk import Bulk
from society.demo.chance import Chance
from society.demo.illustrations import photographs
from society.demo.setting import DISCUSSIONS, EXCURSIONS, LECTURES, MEETINGS, MUSIC
from society.events.models import Event, Visibility
from society.material.models import Material, MaterialFile, MaterialKind, Seen

_SHARE = {LECTURES: 0.45, DISCUSSIONS: 0.3, MEETINGS: 0.8, EXCURSIONS: 0.35, MUSIC: 0.3}
"""How often something stays of an event of a category."""
_RECORDING = (MaterialKind.RECORDING, "The recording", Seen.EVERYONE, "video")
_NOTES = (MaterialKind.PAPER, "Notes for those who want to read on", Seen.MEMBERS, "notes")
_KINDS = {
    LECTURES: (_RECORDING, (MaterialKind.SLIDES, "The slides", Seen.EVERYONE, "slides"), _NOTES),
    DISCUSSIONS: (_RECORDING, _NOTES),
    MEETINGS: (
        (MaterialKind.MINUTES, "The minutes", Seen.MEMBERS, "minutes"),
        (MaterialKind.PAPER, "The treasurer's figures", Seen.MEMBERS, "figures"),
    ),
    EXCURSIONS: ((MaterialKind.LINK, "The way we went, on a map", Seen.EVERYONE, "routes"), _NOTES),
    MUSIC: (_RECORDING, (MaterialKind.PAPER, "The programme", Seen.EVERYONE, "programmes")),
}
_REPORTS = {
    EXCURSIONS: (
        "Dry until the last mile, and nobody lost.",
        "We saw more than we had come for, and missed the train by a minute.",
    ),
    MEETINGS: ("Short, and quorate. The minutes are below.", "Everything was carried but the biscuits, which ran out."),
}
_USUAL_REPORTS = (
    "A full room, and questions until the caretaker put out the lights.",
    "Thank you to everyone who came in the rain, and to those who made the tea.",
    "The talk afterwards went on for longer than the evening itself, as it should.",
)
_LATELY = timedelta(days=365)
_WITH_PHOTOGRAPHS = 5
"""So many walks of the last year, at most, have photographs: they are files, and the database is to stay small."""


class Leftovers:
    """Keeps something of events that are over."""

    def __init__(self, now: datetime, chance: Chance, bulk: Bulk) -> None:
        self._now, self._chance, self._bulk = now, chance, bulk
        self._photographed = count(1)

    def keep(self, event: Event, category: str) -> None:
        """Something of an event that has taken place, or nothing."""
        if event.published_at is None or not event.on or event.ends_at > self._now:
            return
        seen = category == EXCURSIONS and event.ends_at > self._now - _LATELY
        if not seen and not self._chance.is_so(_SHARE.get(category, 0)):
            return
        kept = list(self._materials(event, category))
        if seen:
            kept += self._photographs(event)
        event.has_material, event.report = True, self._chance.choice(_REPORTS.get(category, _USUAL_REPORTS))
        if event.visibility is Visibility.PUBLIC:
            shown = (one for one in kept if one.seen_by is Seen.EVERYONE)
            event.attached = [{"id": one.id, "url": one.url, "type": one.media_type} for one in shown]

    def _materials(self, event: Event, category: str) -> Iterator[Material]:
        for position, (kind, title, seen_by, word) in enumerate(_KINDS[category]):
            if position and self._chance.is_so(0.4):
                continue
            one = Material(event_id=event.id, position=position, kind=kind, title=title, seen_by=seen_by)
            one.url, one.media_type = f"https://archive.example.org/{word}/{event.slug}", ""
            self._bulk.add(one)
            yield one

    def _photographs(self, event: Event) -> Iterator[Material]:
        """Files of the program's own, with the small ones that stand in the gallery."""
        if next(self._photographed) > _WITH_PHOTOGRAPHS:
            return
        for number, (alt, made) in enumerate(photographs(), len(_KINDS[EXCURSIONS])):
            widths = [width for width, form in made.renditions if form == "jpg"]
            content, small = made.renditions[max(widths), "jpg"], min(widths)
            one = Material(event_id=event.id, position=number, kind=MaterialKind.PHOTOGRAPH, title=alt)
            one.seen_by, one.url, one.file_name = Seen.EVERYONE, "", f"walk-{number}.jpg"
            one.media_type, one.size = "image/jpeg", len(content)
            one.preview_width, one.preview_height = small, round(made.height * small / made.width)
            self._bulk.add(one)
            self._bulk.add(MaterialFile(material_id=one.id, content=content, preview=made.renditions[small, "jpg"]))
            yield one
