"""A question in words: what of it those who have answered already may notice. And a file that is an answer."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from flask import Response, send_file

from society.events.changes import Change
from society.questions.forms import WORDS
from society.questions.models import AnswerFile, Kind, Question

LABELS = {
    "text": "Question",
    "kind": "Kind of answer",
    "options": "Choices",
    "required": "Is it needed",
    "of_each": "Asked of whom",
    "hint": "The hint below it",
}
"""Whether the answer is on the badge changes nothing of what was said or has to be; nor does the hint, except of a
consent, which is given to all the words that stand there."""


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
        "hint": values["hint"] if values["kind"] is Kind.CONSENT else "",
    }


def as_download(file: AnswerFile, name: str) -> Response:
    """Never shown within the site: it is somebody else's."""
    answer = send_file(BytesIO(file.content), mimetype=file.media_type, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
