"""The part of a form in which somebody answers an event's questions, for themselves and for each of their guests.

Questions are for those who come: on a no nothing is looked at, on a maybe nothing is needed. How many guests are asked
about follows from the size of the party; where the page had fewer, it comes back with room for the others.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import wtforms
from flask import request

from society.fields import Line, Paragraphs, Whole
from society.questions.fields import OneOption, Sent, SomeOptions, Upload
from society.questions.models import STANDARD, Kind, Question
from society.web import Form

YES = "yes"
"""A consent that was given."""


@dataclass(frozen=True)
class Blank:
    """A place to fill in: a question, and of whom."""

    question: Question
    guest: int

    @property
    def name(self) -> str:
        return f"q{self.question.id}_{self.guest}"

    @property
    def label(self) -> str:
        return f"{self.question.text} (guest {self.guest})" if self.guest else self.question.text


@dataclass(frozen=True)
class Filled:
    """What somebody said in one place; empty takes back what they said before."""

    question: Question
    guest: int
    text: str
    file: Sent | None = None


@dataclass(frozen=True)
class Asked:
    """What a form asks: the questions, of how many, and what is known already."""

    questions: Sequence[Question] = ()
    party: int = 1
    before: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """What they said to this event before, by question and guest."""
    earlier: Mapping[Kind, str] = field(default_factory=dict)
    """What they said to the same standard question for an earlier event."""

    def __bool__(self) -> bool:
        return bool(self.questions)

    @property
    def of_guests(self) -> bool:
        return any(question.of_guests for question in self.questions)

    @property
    def has_files(self) -> bool:
        return any(question.kind is Kind.FILE for question in self.questions)

    @property
    def blanks(self) -> Iterator[Blank]:
        for guest in range(self.party):
            yield from self.blanks_of(guest)

    def blanks_of(self, guest: int) -> Iterator[Blank]:
        for question in self.questions:
            if question.of_guests if guest else question.kind is not Kind.NAMES:
                yield Blank(question, guest)

    @property
    def lacks(self) -> bool:
        """Whether something has not been said yet without which nobody can come."""
        return any(b.question.required and (b.question.id, b.guest) not in self.before for b in self.blanks)

    def offered(self, blank: Blank) -> str:
        """An earlier answer, for who answers alone and only while they have given none here."""
        known = blank.guest or (blank.question.id, 0) in self.before
        return "" if known else self.earlier.get(blank.question.kind, "")


class Questioned(Form):
    """A form that may also ask an event's questions (see `asking`)."""

    asked = Asked()

    def fields_of(self, guest: int) -> list[wtforms.Field]:
        """The fields about one of the party, in their order."""
        names = [name for blank in self.asked.blanks_of(guest) for name in _names(blank)]
        return [self._fields[name] for name in names if name in self._fields]

    def check_answers(self, party_size: wtforms.Field, *, coming: bool, looked_at: bool) -> None:
        """Note what is wrong or missing beside its field."""
        if not looked_at:
            self.drop_answers()
        for blank in self.asked.blanks:
            if coming and blank.question.required and not self[blank.name].errors and not self._said(blank):
                self[blank.name].errors = (_MISSING.get(blank.question.kind, "Please answer this."),)
        if coming and self.asked.of_guests and _shown() < self.asked.party:
            party_size.errors = (*party_size.errors, "Please say below what is asked about each of your guests.")
        self._miss_files()

    def _miss_files(self) -> None:
        """Say that a file goes missing where the page comes back: browsers fill in all but these."""
        sent = [self[blank.name] for blank in self.asked.blanks if self._file(blank)]
        if any(field.errors for field in self):
            for field in sent:
                field.errors = field.errors or (f"Please choose {field.data.name} again; all else is kept.",)

    def drop_answers(self) -> None:
        """Look at none of it."""
        for name in [name for blank in self.asked.blanks for name in _names(blank) if name in self._fields]:
            self[name].errors = ()

    @property
    def filled(self) -> list[Filled]:
        """All that was said; a file that was sent before stays unless another comes."""
        every = [Filled(b.question, b.guest, self._text(b), self._file(b)) for b in self.asked.blanks]
        return [one for one in every if one.question.kind is not Kind.FILE or one.file]

    def _said(self, blank: Blank) -> bool:
        kept = blank.question.kind is Kind.FILE and (blank.question.id, blank.guest) in self.asked.before
        return bool(self._text(blank)) or kept

    def _text(self, blank: Blank) -> str:
        data = self[blank.name].data
        match blank.question.kind:
            case Kind.SEVERAL | Kind.DIETARY | Kind.ACCESS:
                return self._lines(blank, data or [])
            case Kind.CONSENT:
                return YES if data else ""
            case Kind.FILE:
                return data.name if data else ""
            case _:
                return "" if data is None else str(data)

    def _lines(self, blank: Blank, chosen: Sequence[str]) -> str:
        other = self._fields.get(f"{blank.name}_other")
        again = self._fields.get(f"{blank.name}_again")
        said = "\n".join([*chosen, *([other.data] if other is not None and other.data else [])])
        return said or (self.asked.offered(blank) if again is not None and again.data else "")

    def _file(self, blank: Blank) -> Sent | None:
        return self[blank.name].data if blank.question.kind is Kind.FILE else None


_MISSING = {Kind.CONSENT: "Without this you cannot come.", Kind.FILE: "Please choose a file."}

Kept = TypeVar("Kept", bound=Questioned)


def asking(kind: type[Kept], asked: Asked) -> type[Kept]:
    """The form with fields for all that is asked; the very same where nothing is."""
    if not asked:
        return kind
    fields: dict[str, Any] = {"asked": asked}
    for blank in asked.blanks:
        fields |= _fields(blank, asked)
    return type(kind.__name__, (kind,), fields)


def party_asked(at_first: int, most: int) -> int:
    """How many the form asks about: as many as were typed, within what is possible."""
    text = request.form.get("party_size", "") if request.method == "POST" else request.args.get("party_size", "")
    number = int(text) if re.fullmatch("[0-9]{1,4}", text) else at_first
    return min(max(number, 1), most)


def _shown() -> int:
    """For how many the page that was sent had fields."""
    text = request.form.get("shown", "")
    return int(text) if re.fullmatch("[0-9]{1,4}", text) else 1


def _names(blank: Blank) -> tuple[str, str, str]:
    return f"{blank.name}_again", blank.name, f"{blank.name}_other"


def _fields(blank: Blank, asked: Asked) -> dict[str, Any]:
    question, said = blank.question, asked.before.get((blank.question.id, blank.guest), "")
    fields: dict[str, Any] = {}
    if offered := asked.offered(blank):
        words = offered.replace("\n", ", ")
        fields[f"{blank.name}_again"] = wtforms.BooleanField(f"As you told us before: {words}")
    fields[blank.name] = _field(blank, said)
    if question.kind in STANDARD:
        others = [line for line in said.split("\n") if line and line not in question.choices]
        label = f"Anything else (guest {blank.guest})" if blank.guest else "Anything else"
        fields[f"{blank.name}_other"] = Line(label, most=300, default=", ".join(others))
    return fields


def _field(blank: Blank, said: str) -> wtforms.Field:
    question = blank.question
    kw: dict[str, Any] = {"description": _hint(question, said)}
    match question.kind:
        case Kind.TEXT:
            return Paragraphs(blank.label, most=5_000, default=said, render_kw={"rows": 4}, **kw)
        case Kind.CHOICE:
            return OneOption(blank.label, question.choices, none=not question.required, default=said or None, **kw)
        case Kind.SEVERAL | Kind.DIETARY | Kind.ACCESS:
            chosen = [line for line in said.split("\n") if line in question.choices]
            return SomeOptions(blank.label, question.choices, default=chosen, **kw)
        case Kind.NUMBER:
            number = int(said) if re.fullmatch("[0-9]{1,6}", said) else None
            return Whole(blank.label, least=0, most=999_999, default=number, **kw)
        case Kind.FILE:
            return Upload(blank.label, render_kw={"accept": ".pdf,.jpg,.jpeg,.png"}, **kw)
        case Kind.CONSENT:
            return wtforms.BooleanField(blank.label, default=said == YES, **kw)
        case _:
            return Line(blank.label, most=300, default=said, **kw)


def _seen(question: Question) -> str:
    """Who else sees what is said, besides the organizers."""
    if question.kind is Kind.NAMES:
        return "Seen by those at the door too, and printed on the name badge."
    return "Printed on the name badge." if question.on_badge else ""


def _hint(question: Question, said: str) -> str:
    parts = [question.hint, "Needed if you come." if question.required else "", _seen(question)]
    if question.kind is Kind.FILE:
        parts.append("A PDF, a JPEG or a PNG picture of at most 2 MB.")
        parts.append(f"You sent {said}; choosing another takes its place." if said else "")
    return " ".join(filter(None, parts))
