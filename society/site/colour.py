"""Whether a colour can be read."""

PAPER = "#fbfaf7"
"""The background of pages in the light."""

READABLE = 4.5
"""The least contrast for text (WCAG 2.2, 1.4.3)."""


def luminance(colour: str) -> float:
    """The relative luminance of `#rrggbb` (WCAG 2.2): 0 for black, 1 for white."""
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """How far two colours stand apart: from 1, the same, to 21, black on white."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)
