"""What is a street, with or without the number of a house."""

import re

from society.announcements.sites.grounds import WAYS, is_street_word
from society.text import folded

_FIGURED = re.compile(r"\d{1,4}[a-z]?,?\s[^\W\d_]|[^\W\d_]\.?\s\d{1,4}[a-z]?$|\b\d{5}\b")
_CORNER = re.compile(
    r"(?:cnr|corner of|crn|ecke|angle de|esquina|behind|opposite|next to|near|hinter|gegenüber|neben|derrière"
    r"|en face de|junto a|frente a|detrás de)\s",
    re.IGNORECASE,
)
"""What says where a house is by what else is there."""
_ROMANCE = frozenset(("plaza", "place", "rue", "calle", "avenida", "paseo", "quai", "boulevard", "avenue", "chemin"))
"""With what a street's name begins, however long it is."""


def is_address(piece: str) -> bool:
    """Whether it is a street, with or without its number."""
    words = re.sub(r"[.,]", "", folded(piece)).split()
    if not words or words[0] == "st":
        return False
    if _CORNER.match(piece):
        return True
    if len(words) < 2:
        return len(words[0]) > 5 and is_street_word(words[0]) and words[0] not in WAYS
    if words[0] in _ROMANCE:
        return len(words) <= 7
    named = words[0] in WAYS or words[-1] in WAYS or not WAYS.intersection(words)
    return any(map(is_street_word, words)) and (bool(_FIGURED.search(piece)) or (named and len(words) <= 3))


def numbered(pieces: list[str]) -> list[str]:
    """With the number of a house behind the comma as a part of its street: "calle Mayor, 22"; or before it."""
    joined: list[str] = []
    for piece in pieces:
        if joined and (
            (re.fullmatch(r"\d{1,4}[a-z]?", piece) and is_address(joined[-1]))
            or (re.fullmatch(r"\d{1,4}[a-z]?", joined[-1]) and folded(piece).partition(" ")[0] in WAYS)
        ):
            joined[-1] += f", {piece}"
        else:
            joined.append(piece)
    return joined
