"""How a wording becomes a notice: what an event lacks is left out, so that no letter begins with a hole."""

import re
from collections.abc import Iterable, Mapping

from society.notices.merge import FIELD

MATERIAL = "event_material"
"""Stands in wordings alone: put in as links when a notice is begun, since each audience may see other things."""
_HEADING = re.compile(r"#{1,6}\s")


def begun(body: str, lacking: Iterable[str], put_in: Mapping[str, str]) -> str:
    """The body for one event.

    A line with a field that the event lacks is left out. A paragraph that has no field left goes whole then, and with
    it the heading right above, if that has no field of its own.
    """
    kept: list[str] = []
    for paragraph in re.split(r"\n\s*\n", body.strip("\n")):
        rest = _without(paragraph, set(lacking))
        if rest:
            kept.append(rest)
        elif kept and _HEADING.match(kept[-1]) and not names(kept[-1]) and "\n" not in kept[-1]:
            kept.pop()
    return FIELD.sub(lambda field: put_in.get(field[1].strip(), field[0]), "\n\n".join(kept))


def _without(paragraph: str, lacking: set[str]) -> str:
    lines = paragraph.split("\n")
    kept = [line for line in lines if not names(line) & lacking]
    return "\n".join(kept) if kept == lines or any(map(names, kept)) else ""


def names(text: str) -> set[str]:
    """The fields in it."""
    return {field.strip() for field in FIELD.findall(text)}
