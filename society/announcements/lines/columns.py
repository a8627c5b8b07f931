"""Tables that were pasted into a text: of Markdown, of a spreadsheet, of words set apart by spaces."""

import re
from collections.abc import Iterator

from society.announcements.lines.label_words import LABELS
from society.text import folded

_SPACES = re.compile(r"\t| {3,}")
_RULE = re.compile(r"[\s|+:=–-]{3,}")
_ALL_LABELS = frozenset().union(*LABELS.values())
_LABELS = _ALL_LABELS - LABELS["no"]
LEAST_COLUMNS = 3


def labelled(lines: list[str]) -> Iterator[str]:
    """The text with each cell behind its label: that to its left, or that above it, of which the first row is taken.

    A line between columns of a plain text goes on as it is.
    """
    heads: list[str] = []
    for line in lines:
        cells = _cells(line)
        if len(cells) >= LEAST_COLUMNS and all(folded(cell) in _LABELS for cell in cells):
            heads = cells
        elif heads and _RULE.fullmatch(line):
            continue
        elif heads and len(cells) == len(heads):
            yield from (f"{head}: {cell}" for head, cell in zip(heads, cells, strict=True) if cell)
            yield ""
        elif len(cells) == 2 and folded(cells[0].rstrip(":")) in (_ALL_LABELS if "|" in line else _LABELS):
            yield f"{cells[0].rstrip(':')}: {cells[1]}"
        else:
            yield line


def _cells(line: str) -> list[str]:
    bare = line.strip(" |\t>")
    return [cell.strip("* \t") for cell in (bare.split("|") if "|" in bare else _SPACES.split(bare))]
