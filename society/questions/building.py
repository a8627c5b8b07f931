"""The fields of a form for what an event asks."""

import re
from typing import Any, TypeVar

import wtforms

from society.fields import Line, Paragraphs, Whole
from society.questions.asking import YES, Asked, Blank, Questioned, away_name
from society.questions.fields import OneOption, SomeOptions, Upload
from society.questions.models import STANDARD, Kind, Question

Kept = TypeVar("Kept", bound=Questioned)


def asking(kind: type[Kept], asked: Asked) -> type[Kept]:
    """The form with fields for all that is asked; the very same where nothing is."""
    if not asked:
        return kind
    fields: dict[str, Any] = {"asked": asked}
    for guest in range(1, asked.party if asked.of_guests and asked.size < asked.party else 0):
        fields[away_name(guest)] = wtforms.BooleanField(f"Guest {guest} stays away")
    for blank in asked.blanks:
        fields |= _fields(blank, asked)
    return type(kind.__name__, (kind,), fields)


def _fields(blank: Blank, asked: Asked) -> dict[str, Any]:
    question, said = blank.question, asked.before.get((blank.question.id, blank.guest), "")
    fields: dict[str, Any] = {blank.name: _field(blank, said, asked)}
    if offered := asked.offered(blank):
        words = offered.replace("\n", ", ")
        fields[f"{blank.name}_again"] = wtforms.BooleanField(f"As you told us before: {words}")
    if question.kind in STANDARD:
        others = [line for line in said.split("\n") if line and line not in question.choices]
        fields[f"{blank.name}_other"] = Line(f"Anything else: {blank.label}", most=300, default=", ".join(others))
    return fields


def _field(blank: Blank, said: str, asked: Asked) -> wtforms.Field:
    question = blank.question
    kw: dict[str, Any] = {"description": _hint(blank, said, asked)}
    match question.kind:
        case Kind.TEXT:
            return Paragraphs(blank.label, most=5_000, default=said, render_kw={"rows": 4}, **kw)
        case Kind.CHOICE:
            options = _with_chosen(question, said)
            return OneOption(blank.label, options, none=not question.required, default=said or None, **kw)
        case Kind.SEVERAL | Kind.DIETARY | Kind.ACCESS:
            options = question.choices if question.kind in STANDARD else _with_chosen(question, said)
            chosen = [line for line in said.split("\n") if line in options]
            return SomeOptions(blank.label, options, default=chosen, **kw)
        case Kind.NUMBER:
            number = int(said) if re.fullmatch("[0-9]{1,6}", said) else None
            return Whole(blank.label, least=0, most=999_999, default=number, **kw)
        case Kind.FILE:
            return Upload(blank.label, render_kw={"accept": ".pdf,.jpg,.jpeg,.png"}, **kw)
        case Kind.CONSENT:
            return wtforms.BooleanField(blank.label, default=said == YES, **kw)
        case _:
            return Line(blank.label, most=300, default=said, **kw)


def _with_chosen(question: Question, said: str) -> list[str]:
    """The choices, also what was one when they chose it: theirs until they choose otherwise."""
    return list(dict.fromkeys([*question.choices, *filter(None, said.split("\n"))]))


def _seen(question: Question) -> str:
    """Who else sees what is said, besides the organizers."""
    if question.kind is Kind.NAMES:
        return "Seen by those at the door too, and printed on the name badge."
    return "Printed on the name badge." if question.on_badge else ""


def _hint(blank: Blank, said: str, asked: Asked) -> str:
    question = blank.question
    parts = [question.hint, "Needed if you come." if question.required else "", _seen(question)]
    if question.kind is Kind.FILE:
        parts.append("A PDF, a JPEG or a PNG picture of at most 2 MB.")
        parts.append(f"You sent {said}; choosing another takes its place." if said else "")
    if other := asked.otherwise.get((question.id, blank.guest)):
        parts.append(
            f"What you agreed to before reads: “{other.on_one_line}” That ends when you send this, ticked or not."
        )
    return " ".join(filter(None, parts))
