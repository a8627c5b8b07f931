"""Pictures of the demo, drawn here: a few that many events share, and logos of some organizations."""

import io
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from math import sin

from PIL import Image, ImageDraw

from society.demo.bulk import Bulk, table_of
from society.demo.chance import Chance
from society.demo.setting import EXCURSIONS, EXHIBITIONS, LECTURES, MUSIC
from society.events.models import Event, Venue
from society.organizations.models import Organization
from society.pictures.models import Look, Picture, Rendition, Shown
from society.pictures.reading import Made, made

_SIZE = 1200, 675
_SHARE = {LECTURES: 0.3, EXCURSIONS: 0.6, EXHIBITIONS: 0.7, MUSIC: 0.5}
"""How often events of a category have a picture."""
_VIEWS = {
    "Hills above a valley under a low sun, drawn in flat colours": ("#f3d9b1", "#c26d4f", "#7a4a4e", "#3b3a4f"),
    "A row of hills before a pale morning sky, drawn in flat colours": ("#dfe9ea", "#8fb0b4", "#4f7d7a", "#274a4d"),
    "Dark hills and a rising moon, drawn in flat colours": ("#2b3350", "#f2e6c9", "#1d2440", "#131830"),
}
"""What each shows, and its colours: sky, sun, far hills, near ones."""
_STREETS = {
    "A street of gabled houses at dusk, some windows lit, drawn in flat colours": (
        *("#3a3f63", "#f4cf7a"),
        *("#23263f", "#2c2f4d", "#1b1d31"),
    ),
    "A street of gabled houses on a bright day, drawn in flat colours": (
        *("#cfe3ea", "#f6f0dc"),
        *("#b5654a", "#8c4a3f", "#c98f5c"),
    ),
}
"""The same: sky, windows, and the houses by turns."""
_LAMPS = {"A lamp throwing rings of light over an open book, drawn in flat colours": ("#1d2733", "#f6d27c", "#e9e2d0")}
"""Night, light, paper."""
_LOGOS = (("#1d5c4d", "#f2c14e"), ("#7b2d43", "#e8d8c3"), ("#274690", "#f5f3f7"))


class Illustrations:
    """Hands out pictures as chance has it."""

    def __init__(self, chance: Chance, bulk: Bulk) -> None:
        self._chance, self._bulk = chance, bulk
        self._views: list[Shown] = []
        self._indoors: list[Shown] = []

    def prepare(self, venues: Sequence[Venue], organizations: Sequence[Organization], now: datetime) -> None:
        """Draw them; some of the venues and organizations get theirs at once."""
        self._views = [self._kept(made, Look.PHOTO, alt, now) for alt, made in photographs()]
        self._indoors = [
            self._kept(_drawn(motif, *colours), Look.PHOTO, alt, now)
            for motif, drawings in ((_street, _STREETS), (_lamp, _LAMPS))
            for alt, colours in drawings.items()
        ]
        for venue, picture in zip(venues[:2], self._indoors, strict=False):
            _hang(venue, picture)
        for organization, (ring, disc) in zip(organizations, _LOGOS, strict=False):
            logo = self._kept(_drawn(_logo, ring, disc), Look.LOGO, f"The sign of {organization.in_a_sentence}", now)
            organization.logo_id, organization.logo_alt = logo.picture.id, logo.alt

    def illustrate(self, event: Event, category: str) -> None:
        """Give an event a picture, or not."""
        if self._chance.is_so(_SHARE.get(category, 0)):
            _hang(event, self._chance.choice(self._views if category == EXCURSIONS else self._indoors))

    def _kept(self, found: Made, look: Look, alt: str, now: datetime) -> Shown:
        picture = Picture(key=found.key, look=look, created_at=now)
        picture.width, picture.height = found.width, found.height
        self._bulk.add(picture)
        for (width, form), content in found.renditions.items():
            self._bulk.put(
                table_of(Rendition), {"picture_id": picture.id, "width": width, "format": form, "content": content}
            )
        return Shown(picture, alt)


def _hang(there: Event | Venue, shown: Shown) -> None:
    """By its number too, which rows that are written in bulk go by."""
    there.show(shown)
    there.picture_id = shown.picture.id


def photographs() -> list[tuple[str, Made]]:
    """Views of the country: what each shows, and the picture."""
    return [(alt, _drawn(_view, *colours)) for alt, colours in _VIEWS.items()]


@cache
def _drawn(motif: Callable[..., Image.Image], *colours: str) -> Made:
    file = io.BytesIO()
    motif(*colours).save(file, "PNG")
    return made(file.getvalue(), Look.LOGO if motif is _logo else Look.PHOTO)


def _view(sky: str, sun: str, far: str, near: str) -> Image.Image:
    drawing = Image.new("RGB", _SIZE, sky)
    brush, (width, height) = ImageDraw.Draw(drawing), _SIZE
    brush.ellipse((width * 0.62, height * 0.22, width * 0.62 + 170, height * 0.22 + 170), fill=sun)
    for base, swing, colour in ((0.62, 60, far), (0.8, 40, near)):
        ridge = [(x, height * base + swing * sin(x / 160 + swing)) for x in range(0, width + 20, 20)]
        brush.polygon([(0, height), *ridge, (width, height)], fill=colour)
    return drawing


def _street(sky: str, window: str, *houses: str) -> Image.Image:
    drawing = Image.new("RGB", _SIZE, sky)
    brush, height = ImageDraw.Draw(drawing), _SIZE[1]
    for number in range(8):
        left, wide, top = number * 150, 150, height * (0.42 + 0.07 * sin(number * 2.3))
        brush.polygon([(left, top), (left + wide / 2, top - 90), (left + wide, top)], fill=houses[number % len(houses)])
        brush.rectangle((left, top, left + wide, height), fill=houses[number % len(houses)])
        for pane in range(8):
            if (number * 5 + pane * 3) % 7 < 4:
                x, y = left + 32 + 54 * (pane % 2), top + 30 + 80 * (pane // 2)
                brush.rectangle((x, y, x + 30, y + 44), fill=window)
    return drawing


def _lamp(night: str, light: str, paper: str) -> Image.Image:
    drawing = Image.new("RGB", _SIZE, night)
    brush, (width, height) = ImageDraw.Draw(drawing), _SIZE
    centre = width / 2, height * 0.36
    for step in range(5, 0, -1):
        glow = Image.blend(Image.new("RGB", (1, 1), night), Image.new("RGB", (1, 1), light), (6 - step) * 0.07)
        brush.circle(centre, 90 * step, fill=glow.getpixel((0, 0)))
    brush.circle(centre, 62, fill=light)
    for side in (-1, 1):
        spine, edge = (width / 2, height * 0.74), (width / 2 + side * 330, height * 0.68)
        brush.polygon([spine, edge, (edge[0], height * 0.9), (spine[0], height * 0.96)], fill=paper)
    brush.line([(width / 2, height * 0.74), (width / 2, height * 0.96)], fill=night, width=4)
    return drawing


def _logo(ring: str, disc: str) -> Image.Image:
    drawing = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    brush = ImageDraw.Draw(drawing)
    brush.ellipse((10, 10, 390, 390), fill=ring)
    brush.ellipse((90, 90, 310, 310), fill=disc)
    brush.polygon([(200, 120), (270, 280), (130, 280)], fill=ring)
    return drawing
