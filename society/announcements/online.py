"""The words that say that something is online."""

import re

from society.announcements.words import AROUND_ONLINE, ONLINE
from society.text import folded

_PARTS = re.compile(r"(,?\s(?:and|or|und|oder|sowie|et|ou|y|o|&|\+)\s|[,;:]\s|\s[|/–-]\s|\s?\(|\)\s?)")


def is_online(words: str) -> bool:
    """Whether it says that something is online, and nothing else: "Online via Zoom", "Zoom (link to follow)"."""
    return not without_online(words)


def without_online(place: str) -> str:
    """A place without what says that it can be joined from elsewhere too: "Town Hall, Room 4"."""
    parts = _PARTS.split(place)
    told = [set(re.findall(r"[^\W_][\w'’-]*", folded(part))) for part in parts[::2]]
    if not any(words & ONLINE for words in told):
        return place
    kept = [n * 2 for n, words in enumerate(told) if words and not words <= ONLINE | AROUND_ONLINE]
    rest = "".join(("" if n == kept[0] else parts[n - 1]) + parts[n] for n in kept)
    return rest + ")" if rest.count("(") > rest.count(")") else rest


def says_more(text: str) -> bool:
    """Whether anything is said but how to join."""
    return not set(re.findall(r"[^\W_][\w'’-]*", folded(text))) <= ONLINE | AROUND_ONLINE
