"""Colours by the names that calendars know: those of CSS3, which RFC 7986 takes over (5.9)."""

from PIL import ImageColor

NAMED = {
    name: ImageColor.getrgb(name)[:3]
    for name in sorted(ImageColor.colormap)
    if name != "rebeccapurple"  # the one that came later
}


def nearest(colour: str) -> str:
    """The name whose red, green and blue lie nearest to a colour such as #1d5c4d; the first of several."""
    return min(NAMED, key=lambda name: _apart(NAMED[name], ImageColor.getrgb(colour)[:3]))


def _apart(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))
