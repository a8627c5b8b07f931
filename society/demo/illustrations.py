"""Pictures of the demo, drawn here: a few that many events share, and logos of some organizations."""

import io
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from math import sin

from PIL import Image, ImageDraw

from society.demo.bulk import Bulk, table_of
from society.demo.chance import Chance
from society.demo.setting import EXCURSIONS, EXHIBITIONS, LECTURES
from society.events.models import Event, Venue
from society.organizations.models import Organization
from society.pictures.models import Look, Picture, Rendition
from society.pictures.reading import Made, made

_SIZE = 1200, 675
_SHARE = {LECTURES: 0.12, EXCURSIONS: 0.5, EXHIBITIONS: 0.5}
"""How often events of a category have a picture."""
_VIEWS = {
    "Hills above a valley under a low sun, drawn in flat colours": ("#f3d9b1", "#c26d4f", "#7a4a4e", "#3b3a4f"),
    "A row of hills before a pale morning sky, drawn in flat colours": ("#dfe9ea", "#8fb0b4", "#4f7d7a", "#274a4d"),
    "Dark hills and a rising moon, drawn in flat colours": ("#2b3350", "#f2e6c9", "#1d2440", "#131830"),
}
"""What each shows, and its colours: sky, sun, far hills, near ones."""
_LOGOS = (("#1d5c4d", "#f2c14e"), ("#7b2d43", "#e8d8c3"), ("#274690", "#f5f3f7"))


class Illustrations:
    """Hands out pictures as chance has it."""

    def __init__(self, chance: Chance, bulk: Bulk) -> None:
        self._chance, self._bulk = chance, bulk
        self._views: list[Picture] = []

    def prepare(self, venues: Sequence[Venue], organizations: Sequence[Organization], now: datetime) -> None:
        """Draw them; some of the venues and organizations get theirs at once."""
        self._views = [
            self._kept(_drawn(Look.PHOTO, *colours), Look.PHOTO, alt, now) for alt, colours in _VIEWS.items()
        ]
        for venue, picture in zip(venues[:2], self._views, strict=False):
            venue.picture_id = picture.id
        for organization, (ring, disc) in zip(organizations, _LOGOS, strict=False):
            logo = self._kept(
                _drawn(Look.LOGO, ring, disc), Look.LOGO, f"The sign of {organization.in_a_sentence}", now
            )
            organization.logo_id = logo.id

    def illustrate(self, event: Event, category: str) -> None:
        """Give an event a picture, or not."""
        if self._chance.is_so(_SHARE.get(category, 0)):
            event.picture = self._chance.choice(self._views)
            event.picture_id = event.picture.id

    def _kept(self, found: Made, look: Look, alt: str, now: datetime) -> Picture:
        picture = Picture(key=found.key, look=look, alt=alt, credit="", created_at=now)
        picture.width, picture.height = found.width, found.height
        self._bulk.add(picture)
        for (width, form), content in found.renditions.items():
            self._bulk.put(
                table_of(Rendition), {"picture_id": picture.id, "width": width, "format": form, "content": content}
            )
        return picture


@cache
def _drawn(look: Look, *colours: str) -> Made:
    file = io.BytesIO()
    (_view(*colours) if look is Look.PHOTO else _logo(*colours)).save(file, "PNG")
    return made(file.getvalue(), look)


def _view(sky: str, sun: str, far: str, near: str) -> Image.Image:
    drawing = Image.new("RGB", _SIZE, sky)
    brush, (width, height) = ImageDraw.Draw(drawing), _SIZE
    brush.ellipse((width * 0.62, height * 0.22, width * 0.62 + 170, height * 0.22 + 170), fill=sun)
    for base, swing, colour in ((0.62, 60, far), (0.8, 40, near)):
        ridge = [(x, height * base + swing * sin(x / 160 + swing)) for x in range(0, width + 20, 20)]
        brush.polygon([(0, height), *ridge, (width, height)], fill=colour)
    return drawing


def _logo(ring: str, disc: str) -> Image.Image:
    drawing = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    brush = ImageDraw.Draw(drawing)
    brush.ellipse((10, 10, 390, 390), fill=ring)
    brush.ellipse((90, 90, 310, 310), fill=disc)
    brush.polygon([(200, 120), (270, 280), (130, 280)], fill=ring)
    return drawing
