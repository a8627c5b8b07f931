"""The pictures of the register's figures: where lines, areas and labels go, in a field of 360 by 220."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from society.membership.models import Tier
from society.register.figures import Cohort, Month

LEFT, RIGHT, TOP, BOTTOM = 34.0, 248.0, 12.0, 196.0
"""Edges of the field; what is to the right of it is for labels."""

_LINE = 13.0
"""The least distance between two labels."""
_LABEL_WIDTH = 32
"""Of a year."""
_LONGEST_LABEL = 12
_DASHES = ("", "6 3", "2 3", "8 3 2 3")


@dataclass(frozen=True)
class Label:
    """Words at a place, and the height of what they name."""

    text: str
    x: float
    y: float
    at: float


@dataclass(frozen=True)
class Band:
    """An area (the corners) with its upper edge (the points of a line)."""

    area: str
    edge: str
    opacity: float


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Line:
    points: str
    dashes: str
    end: tuple[float, float]


@dataclass
class Picture:
    """What a template draws."""

    rules: list[Label] = field(default_factory=list)
    """Horizontal lines with what they stand for."""
    days: list[Label] = field(default_factory=list)
    """What stands below."""
    labels: list[Label] = field(default_factory=list)
    bands: list[Band] = field(default_factory=list)
    up: list[Bar] = field(default_factory=list)
    down: list[Bar] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    base: float = BOTTOM
    left: float = LEFT
    right: float = RIGHT


def members(months: Sequence[Month], tiers: Sequence[Tier]) -> Picture:
    """Areas on top of each other, the first tier below; each is named at its right end."""
    most = nice(max(month.total for month in months))
    picture, names, floor = Picture(), list[tuple[str, float]](), [0] * len(months)
    for place, tier in enumerate(tiers):
        top = [below + month.members[tier.id] for below, month in zip(floor, months, strict=True)]
        edge, ground = _points(top, most), _points(floor, most)
        opacity = 0.15 + 0.5 * (place % 2) + 0.1 * (place // 2 % 3)
        picture.bands.append(Band(_joined([*edge, *reversed(ground)]), _joined(edge), round(opacity, 2)))
        if count := months[-1].members[tier.id]:
            names.append((f"{_short(tier.name)} {count:,}", _height(floor[-1] + count / 2, most)))
        floor = top
    picture.labels = list(spread(names))
    picture.rules, picture.days = _rules(most), _january(months)
    return picture


def turns(months: Sequence[Month]) -> Picture:
    """Bars from a middle line: who joined above it, who left below."""
    most = nice(max(1, *(max(month.joined, month.left) for month in months)))
    middle = (TOP + BOTTOM) / 2
    picture = Picture(base=middle, days=_january(months))
    step, scale = (RIGHT - LEFT) / len(months), (middle - TOP) / most
    for place, month in enumerate(months):
        x, width = _round(LEFT + (place + 0.1) * step), _round(0.8 * step)
        if month.joined:
            picture.up.append(Bar(x, _round(middle - month.joined * scale), width, _round(month.joined * scale)))
        if month.left:
            picture.down.append(Bar(x, middle, width, _round(month.left * scale)))
    picture.rules = [Label(f"{most:,}", LEFT, y, y) for y in (TOP, BOTTOM)]
    picture.labels = [Label("joined", RIGHT + 8, middle - 24, middle), Label("left", RIGHT + 8, middle + 32, middle)]
    return picture


def stayed(cohorts: Sequence[Cohort]) -> Picture:
    """A line for each year of joining, named at its end: the share of those who joined that are members still."""
    picture, longest = Picture(), max(1, *(len(cohort.stayed) - 1 for cohort in cohorts))
    step = (RIGHT - LEFT) / longest
    for place, cohort in enumerate(cohorts):
        points = [
            (_round(LEFT + years * step), _height(cohort.share(years), 100)) for years in range(len(cohort.stayed))
        ]
        end = points[-1]
        picture.lines.append(Line(_joined(points), _DASHES[place % len(_DASHES)], end))
        if len(points) > 1:
            picture.labels.append(Label(str(cohort.year), end[0] + 5, end[1] + 4, end[1]))
    picture.labels = list(_uncovered(picture.labels))
    picture.rules = [
        Label(f"{share} %", LEFT, _height(share, 100), _height(share, 100)) for share in (0, 25, 50, 75, 100)
    ]
    every = 1 if longest <= 6 else 2
    picture.days = [Label(str(years), _round(LEFT + years * step), 0, 0) for years in range(0, longest + 1, every)]
    return picture


def nice(most: int) -> int:
    """A round number that is not less."""
    scale = 1
    while scale * 10 < most:
        scale *= 10
    return next(factor * scale for factor in (1, 2, 3, 4, 5, 6, 8, 10) if factor * scale >= most)


def spread(names: Sequence[tuple[str, float]]) -> Iterator[Label]:
    """Labels right of the field, from below upwards, none over another; as near as can be to what they name."""
    heights = [wanted for _, wanted in names]
    for place in range(1, len(heights)):
        heights[place] = min(heights[place], heights[place - 1] - _LINE)
    shift = max(0.0, TOP - min(heights, default=TOP))
    if shift:  # too many at the top: push them down together, the lowest ones as far as there is room
        heights[-1] = TOP
        for place in range(len(heights) - 2, -1, -1):
            heights[place] = max(heights[place], heights[place + 1] + _LINE)
    for (text, at), height in zip(names, heights, strict=True):
        yield Label(text, RIGHT + 8, _round(height), at)


def _uncovered(labels: Sequence[Label]) -> Iterator[Label]:
    """Labels within the field, moved down where they would stand on another; those furthest right stay."""
    placed: list[Label] = []
    for label in sorted(labels, key=lambda label: label.x, reverse=True):
        while any(abs(label.x - one.x) < _LABEL_WIDTH and abs(label.y - one.y) < _LINE - 2 for one in placed):
            label = replace(label, y=_round(label.y + 1))
        placed.append(label)
        yield label


def _points(values: Sequence[float], most: int) -> list[tuple[float, float]]:
    step = (RIGHT - LEFT) / max(1, len(values) - 1)
    return [(_round(LEFT + place * step), _height(value, most)) for place, value in enumerate(values)]


def _height(value: float, most: int) -> float:
    return _round(BOTTOM - (BOTTOM - TOP) * value / most)


def _rules(most: int) -> list[Label]:
    values = (0, most) if most % 2 else (0, most // 2, most)
    return [Label(f"{value:,}", LEFT, _height(value, most), _height(value, most)) for value in values]


def _january(months: Sequence[Month]) -> list[Label]:
    """The years, where they begin: after the last day of December."""
    step = (RIGHT - LEFT) / max(1, len(months) - 1)
    starts = [(place, month.day) for place, month in enumerate(months) if _ends_year(month.day)]
    room = [(place, day) for place, day in starts if place <= len(months) - 4]
    every = 1 if len(room) <= 5 else 2
    return [Label(str(day.year + 1), _round(LEFT + place * step), 0, 0) for place, day in room[::every]]


def _ends_year(day: date) -> bool:
    return (day.month, day.day) == (12, 31)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_LABEL else f"{name[: _LONGEST_LABEL - 1].rstrip()}…"


def _joined(points: Sequence[tuple[float, float]]) -> str:
    """Points as SVG writes them, without those in the middle of a level stretch."""
    kept = [points[0]]
    for before, after in pairwise(points[1:]):
        if not before[1] == kept[-1][1] == after[1]:
            kept.append(before)
    if len(points) > 1:
        kept.append(points[-1])
    return " ".join(f"{x:g},{y:g}" for x, y in kept)


def _round(value: float) -> float:
    return round(value, 1)
