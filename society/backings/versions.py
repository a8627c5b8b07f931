"""What an organization gave its word for, and whether the event is still that."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime
from unicodedata import category, normalize

from society.db import db
from society.events.abroad import span_in
from society.events.changes import LABELS
from society.events.models import Backing, BackingState, Event
from society.events.render import backing_sentence, when
from society.languages import ENGLISH, is_english
from society.phrases import marked, phrase

SHOWN = ("title", "when", "place", "description", "named")
"""What a backer can reasonably have said yes to."""
_LABELS = LABELS | {"named": marked("Named as")}
_WORD = re.compile(r"-?\d(?:[\d.,:/-]*\d)?|[^\W\d_]+|[^\w\s]")
"""A number with the signs within it, which tell 1.5 from 15; a word; or a sign."""
_MARKS = re.compile(r"^\s*(?:[>#*+-]+\s+)*", re.MULTILINE)
"""By which Markdown tells lists, headings and quotes."""
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_COUNT = frozenset("%‰&@§#")
"""Punctuation to Unicode that says something."""


def version(event: Event, backing: Backing) -> dict[str, str]:
    """The event as this backer sees it now; in English, and what other languages say otherwise as they need it."""
    return {
        "title": event.title,
        "when": when(event),
        **_span(event),
        "place": event.place,
        "description": event.description or "",
        "named": backing.organization.in_a_sentence,
        "name": backing.organization.name,
        "wording": backing_sentence(event),
    }


def _span(event: Event) -> dict[str, str]:
    days = "whole" if event.all_day else "daily" if event.separate_days > 1 else ""
    return {"starts": event.starts.isoformat(), "ends": event.ends.isoformat(), "zone": event.zone, "days": days}


def mark(*evenings: tuple[Event, Backing]) -> str:
    """A short mark of the versions of one or several events, and of the sentence that would name who answers in each,
    by which an answer tells which ones were read."""
    versions = [version(event, backing) for event, backing in evenings]
    read = [wording_with(*evenings[0]), *(of[name] for of in versions for name in SHOWN)]
    return hashlib.sha256(json.dumps(read).encode()).hexdigest()[:16]


def wording_with(event: Event, backing: Backing, language: str = ENGLISH) -> str:
    """The sentence as it would stand with this backing among those confirmed."""
    state = backing.state
    with db.session.no_autoflush:  # nothing of this is written
        backing.state = BackingState.CONFIRMED
        try:
            return backing_sentence(event, language)
        finally:
            backing.state = state


def moved_on(
    agreed: Mapping[str, str], current: Mapping[str, str], language: str = ENGLISH
) -> list[tuple[str, str, str]]:
    """What is materially other than what was agreed to: label, old and new."""
    both = agreed, current
    return [
        (phrase(_LABELS[name], language), _said(name, agreed, language, both), _said(name, current, language, both))
        for name in SHOWN
        if agreed[name] != current[name] and (name == "when" or not same_words(agreed[name], current[name]))
    ]


def _said(name: str, of: Mapping[str, str], language: str, both: tuple[Mapping[str, str], Mapping[str, str]]) -> str:
    """Of versions from before there were letters in other languages, the time is known in English alone."""
    if name == "named" and not is_english(language) and both[0]["name"] != both[1]["name"]:
        return of["name"]  # the article is English, and told where it is all that changed
    if name != "when" or is_english(language) or "days" not in of:
        return of[name]
    starts, ends = (datetime.fromisoformat(of[end]) for end in ("starts", "ends"))
    whole, daily = (of["days"] == days for days in ("whole", "daily"))
    return span_in(starts, ends, of["zone"], language, all_day=whole, daily=daily)


def same_but_for_time(one: Event, other: Event) -> bool:
    """Whether who read the one has read all of the other but when it is."""
    pairs = ((one.title, other.title), (one.place, other.place), (one.description or "", other.description or ""))
    return all(same_words(*pair) for pair in pairs)


def same_words(one: str, other: str) -> bool:
    """Whether two texts differ in case, punctuation, spaces and Markdown's signs alone.

    No letter is taken for a slip of the pen: "immortality" is one from "immorality", and one word from its contrary.
    """
    return _words(one) == _words(other)


def _words(text: str) -> list[str]:
    plain = normalize("NFC", _MARKS.sub("", text)).casefold()
    found = _WORD.findall(plain.translate(_DASHES))
    return [word for word in found if word.isalnum() or word in _COUNT or category(word[-1])[0] not in "PC"]


def outdated(event: Event) -> list[Backing]:
    """The confirmed backings whose contacts gave their word for something else than the event is now."""
    return [
        backing
        for backing in event.backings
        if backing.state is BackingState.CONFIRMED
        and backing.agreed
        and moved_on(backing.agreed, version(event, backing))
    ]
