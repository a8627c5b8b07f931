"""A poster of an event, to print and pin up: what, when, where, who, and a code that leads to its page."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import segno

from society import typeset
from society.db import db
from society.events.models import Event
from society.events.render import backing_sentence, when
from society.pictures.models import WIDTHS, Look
from society.pictures.queries import rendition
from society.settings import absolute, society

_TEMPLATE = Path(__file__).with_name("poster.typ")
_MOST_SPEAKERS = 12
"""Named on it; of more, the page tells."""


@dataclass(frozen=True)
class Poster:
    """All that is on it, as text; `drawing` is the QR code as SVG, `picture` a JPEG's bytes, or none."""

    society: str
    title: str
    when: str
    place: str
    access: str
    summary: str
    speakers: list[tuple[str, str]]
    more: int
    backing: str
    address: str
    drawing: str
    picture: list[int]


def poster(event: Event) -> Poster:
    """What an event's poster says; the event has an address."""
    address = absolute(f"/events/{event.slug}")
    named = [(speaker.name, speaker.about) for speaker in event.speakers]
    return Poster(
        society=society().name,
        title=event.title,
        when=when(event),
        place=event.place,
        access=event.venue.access if event.venue else "",
        summary=event.summary,
        speakers=named[:_MOST_SPEAKERS],
        more=len(named[_MOST_SPEAKERS:]),
        backing=backing_sentence(event),
        address=address.partition("://")[2],
        drawing=segno.make(address, error="m", micro=False).svg_inline(light="#fff", border=0, omitsize=True),
        picture=_picture(event),
    )


def _picture(event: Event) -> list[int]:
    if event.picture is None:
        return []
    width = next(wide for wide in reversed(event.picture.widths) if wide <= WIDTHS[Look.PHOTO][-1])
    content: Any = db.session.scalar(rendition(event.picture.key, width, "jpg"))
    return list(content or b"")


def pdf(shown: Poster, size: str) -> bytes:
    """One page of `a4` or `us-letter`, whatever stands on it; takes a part of a second: not within a write."""
    given = json.dumps({"paper": size, **asdict(shown)})
    return typeset.pdf(_TEMPLATE, given=given)
