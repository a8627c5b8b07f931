"""A poster of an event, to print and pin up: what, when, where, who, and a code that leads to its page."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import segno

from society import typeset
from society.db import db
from society.events.models import BackingRole, Event
from society.events.render import backers, backing_sentence, when
from society.pictures.models import WIDTHS, Look, Picture, Shown
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
    logos: list[tuple[str, list[int]]]
    """Of hosts and sponsors: what each shows, in words, and a PNG's bytes; the light ones bring their dark ground."""


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
        picture=_content(event.picture, Look.PHOTO, "jpg"),
        logos=[(logo.alt, _content(logo.picture, Look.LOGO, "png")) for logo in _logos(event)],
    )


def _logos(event: Event) -> list[Shown]:
    """One for each organization, even of one that is both."""
    bodies = dict.fromkeys([*backers(event, BackingRole.HOST), *backers(event, BackingRole.SPONSOR)])
    return [body.shown for body in bodies if body.shown]


def _content(picture: Picture | None, look: Look, form: str) -> list[int]:
    if picture is None:
        return []
    width = next(wide for wide in reversed(picture.widths) if wide <= WIDTHS[look][-1])
    content: Any = db.session.scalar(rendition(picture.key, width, form))
    return list(content or b"")


def pdf(shown: Poster, size: str) -> bytes:
    """One page of `a4` or `us-letter`, whatever stands on it; takes a part of a second: not within a write."""
    given = json.dumps({"paper": size, **asdict(shown)})
    return typeset.pdf(_TEMPLATE, given=given)
