"""How organizers word a question."""

from typing import Any

import wtforms

from society.fields import Line
from society.items import Lines
from society.meanwhile import SharedForm
from society.questions.models import LISTED, STANDARD, Kind, Question

WORDS = {
    Kind.LINE: "A short answer",
    Kind.TEXT: "A longer text",
    Kind.CHOICE: "One of several choices",
    Kind.SEVERAL: "Any of several choices",
    Kind.NUMBER: "A number",
    Kind.FILE: "A file",
    Kind.CONSENT: "A consent, to be ticked",
    Kind.DIETARY: "What they eat (dietary needs)",
    Kind.ACCESS: "What they need to get in and take part (access needs)",
    Kind.NAMES: "Names of the guests they bring",
}

USUAL = {
    Kind.DIETARY: ("Vegetarian", "Vegan", "Halal", "Kosher", "Without gluten", "Without lactose", "Without nuts"),
    Kind.ACCESS: ("Step-free way and seat", "Seat near the front", "Hearing loop", "Sign language", "Large print"),
}
"""The options of standard questions, unless an organizer writes others."""

MOST_OPTIONS, LONGEST_OPTION = 50, 150


class QuestionForm(SharedForm):
    """One question to those who answer an event."""

    kind = wtforms.SelectField("Kind of answer", choices=lambda: [(kind.value, words) for kind, words in WORDS.items()])
    text = Line("Question", most=300, required=True)
    hint = Line("A hint below it", most=300)
    options = Lines(
        "Choices, one a line",
        most=5_000,
        description="For questions with choices. What people eat or need has usual ones, if you leave this empty.",
        render_kw={"rows": 5},
    )
    required = wtforms.BooleanField("Nobody can come without answering it")
    of_each = wtforms.BooleanField("Ask about each guest of a party too")
    on_badge = wtforms.BooleanField("Print what is said on the name badge")

    def __init__(self, question: Question | None = None, *, answered: bool = False) -> None:
        super().__init__(question)
        self._was = question.kind if question and answered else None

    def validate_kind(self, field: Any) -> None:
        if self._was and field.data != self._was:
            raise wtforms.ValidationError("There are answers to it. Remove it and ask another question instead.")

    def validate_options(self, field: Any) -> None:
        options = self._typed()
        if self.kind.data in (Kind.CHOICE, Kind.SEVERAL) and len(options) < 2:
            raise wtforms.ValidationError("Please give at least two choices, one a line.")
        if len(options) > MOST_OPTIONS or any(len(option) > LONGEST_OPTION for option in options):
            raise wtforms.ValidationError(
                f"At most {MOST_OPTIONS} choices of at most {LONGEST_OPTION} characters each, please."
            )

    def _typed(self) -> list[str]:
        lines = (" ".join(line.split()) for line in (self.options.data or "").split("\n"))
        return list(dict.fromkeys(filter(None, lines)))

    @property
    def values(self) -> dict[str, Any]:
        """What a question is set to."""
        kind = Kind(self.kind.data)
        options = self._typed() or (USUAL[kind] if kind in STANDARD else ())
        return {
            "kind": kind,
            "text": self.text.data,
            "hint": self.hint.data,
            "options": "\n".join(options) if kind in LISTED else "",
            "required": self.required.data,
            "of_each": self.of_each.data or kind is Kind.NAMES,
            "on_badge": bool(self.on_badge.data) and kind in (Kind.LINE, Kind.CHOICE),
        }
