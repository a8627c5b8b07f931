"""What an organization gave its word for, and whether the event is still that."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping

from society.events.changes import LABELS
from society.events.models import Backing, BackingState, Event
from society.events.render import backing_sentence, when
from society.languages import ENGLISH
from society.phrases import phrase

SHOWN = ("title", "when", "place", "description")
"""What a backer can reasonably have said yes to."""
ALIKE = 0.9
"""The share of words that a description keeps when only its wording was touched up."""


def version(event: Event) -> dict[str, str]:
    """The event as a backer sees it now; in English, which it is compared in."""
    return {
        "title": event.title,
        "when": when(event),
        "place": event.place,
        "description": event.description or "",
        "wording": backing_sentence(event),
    }


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
        (phrase(LABELS[name], language), agreed[name], current[name])
        for name in SHOWN
        if agreed[name] != current[name] and not (name == "description" and _alike(agreed[name], current[name]))
    ]


def _alike(one: str, other: str) -> bool:
    """Whether two texts share nearly all of their words; linear, and blind to their order."""
    mine, theirs = Counter(one.split()), Counter(other.split())
    return 2 * (mine & theirs).total() >= ALIKE * (mine.total() + theirs.total())


def outdated(event: Event) -> list[Backing]:
    """The confirmed backings whose contacts gave their word for something else than the event is now."""
    current = version(event)
    return [
        backing
        for backing in event.backings
        if backing.state is BackingState.CONFIRMED and backing.agreed and moved_on(backing.agreed, current)
    ]
