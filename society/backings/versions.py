"""What an organization gave its word for, and whether the event is still that."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from society.events.abroad import span_in
from society.events.changes import LABELS
from society.events.models import Backing, BackingState, Event
from society.events.render import backing_sentence, when
from society.languages import ENGLISH, is_english
from society.phrases import phrase
from society.text import folded

SHOWN = ("title", "when", "place", "description")
"""What a backer can reasonably have said yes to."""
ALIKE = 0.9
"""The share of words that a description keeps when only its wording was touched up."""
SHORTEST = 5
"""Letters of a word in which one that changes is taken for a slip of the pen."""
IDEOGRAPHS = "\u2e80"
"""From here on, Unicode has the scripts of East Asia."""


def version(event: Event) -> dict[str, str]:
    """The event as a backer sees it now; in English, and its time as other languages need it."""
    return {
        "title": event.title,
        "when": when(event),
        **_span(event),
        "place": event.place,
        "description": event.description or "",
        "wording": backing_sentence(event),
    }


def _span(event: Event) -> dict[str, str]:
    days = "whole" if event.all_day else "daily" if event.separate_days > 1 else ""
    return {"starts": event.starts.isoformat(), "ends": event.ends.isoformat(), "zone": event.zone, "days": days}


def mark(of: Mapping[str, str]) -> str:
    """A short mark of a version, by which an answer tells which one was read."""
    return hashlib.sha256(json.dumps([of[name] for name in SHOWN]).encode()).hexdigest()[:16]


def wording_with(event: Event, backing: Backing, language: str = ENGLISH) -> str:
    """The sentence as it would stand with this backing among those confirmed."""
    state, backing.state = backing.state, BackingState.CONFIRMED
    try:
        return backing_sentence(event, language)
    finally:
        backing.state = state


def moved_on(
    agreed: Mapping[str, str], current: Mapping[str, str], language: str = ENGLISH
) -> list[tuple[str, str, str]]:
    """What is materially other than what was agreed to: label, old and new."""
    return [
        (phrase(LABELS[name], language), _said(name, agreed, language), _said(name, current, language))
        for name in SHOWN
        if agreed[name] != current[name] and not _touched_up(name, agreed[name], current[name])
    ]


def _touched_up(name: str, agreed: str, current: str) -> bool:
    """Whether it says the same, only better."""
    match name:
        case "description":
            return _alike(agreed, current)
        case "title" | "place":
            return only_slips(agreed, current)
    return False


def _said(name: str, of: Mapping[str, str], language: str) -> str:
    """Of versions from before there were letters in other languages, the time is known in English alone."""
    if name != "when" or is_english(language) or "days" not in of:
        return of[name]
    starts, ends = (datetime.fromisoformat(of[end]) for end in ("starts", "ends"))
    whole, daily = (of["days"] == days for days in ("whole", "daily"))
    return span_in(starts, ends, of["zone"], language, all_day=whole, daily=daily)


def _alike(one: str, other: str) -> bool:
    """Whether two texts share nearly all of their words; linear, and blind to their order."""
    mine, theirs = Counter(one.split()), Counter(other.split())
    return 2 * (mine & theirs).total() >= ALIKE * (mine.total() + theirs.total())


def only_slips(one: str, other: str) -> bool:
    """Whether two lines differ by slips of the pen alone: case, accents, signs, and a letter in a longer word."""
    mine, theirs = (re.findall(r"\w+", folded(text)) for text in (one, other))
    return len(mine) == len(theirs) and all(a == b or _one_slip(a, b) for a, b in zip(mine, theirs, strict=True))


def _one_slip(a: str, b: str) -> bool:
    """One letter too many, too few, another, or two exchanged; never the first, as in "atheism", and never a digit.

    Of short words, and in scripts in which a letter is a word, any other one may mean something else.
    """
    if a[0] != b[0] or min(len(a), len(b)) < SHORTEST or not (a + b).isalpha() or max(a + b) >= IDEOGRAPHS:
        return False
    same = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    a, b = a[same:], b[same:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:])


def outdated(event: Event) -> list[Backing]:
    """The confirmed backings whose contacts gave their word for something else than the event is now."""
    current = version(event)
    return [
        backing
        for backing in event.backings
        if backing.state is BackingState.CONFIRMED and backing.agreed and moved_on(backing.agreed, current)
    ]
