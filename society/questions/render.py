"""A question in words: what of it those who have answered already may notice."""

from collections.abc import Mapping
from typing import Any

from society.events.changes import Change
from society.questions.forms import WORDS
from society.questions.models import Question

LABELS = {
    "text": "Question",
    "kind": "Kind of answer",
    "options": "Choices",
    "required": "Is it needed",
    "of_each": "Asked of whom",
}
"""The hint below it, and whether the answer is on the badge, change nothing of what was said or has to be."""


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What of it changes, old and new; what is empty is not asked then."""
    old, new = _said(before), _said(after)
    return [Change("questions", LABELS[name], old[name], new[name]) for name in LABELS if old[name] != new[name]]


def values_of(question: Question) -> dict[str, Any]:
    return {name: getattr(question, name) for name in LABELS}


def _said(values: Mapping[str, Any]) -> dict[str, str]:
    if not values:
        return dict.fromkeys(LABELS, "")
    return {
        "text": values["text"],
        "kind": WORDS[values["kind"]],
        "options": values["options"].replace("\n", ", "),
        "required": "Nobody can come without answering it" if values["required"] else "It may be left out",
        "of_each": "Each of a party" if values["of_each"] else "Once for the whole party",
    }
