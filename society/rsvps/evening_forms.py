"""What somebody says to several evenings at once."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import wtforms
from wtforms import validators
from wtforms.fields import SelectChoice

from society.events.models import Event
from society.events.render import spoken_day
from society.rsvps.evenings import MOST
from society.rsvps.models import Answer
from society.web import Form

LEAVE = "leave"
"""That an answer, or that there is none, stays so."""
_SAID = [
    SelectChoice(Answer.YES.value, "I will come"),
    SelectChoice(Answer.MAYBE.value, "Maybe"),
    SelectChoice(Answer.NO.value, "I cannot come"),
]
_NAME = re.compile(r"answer_([0-9]{1,9})")


class _Chosen(wtforms.SelectField):
    def pre_validate(self, form: Any) -> None:
        if self.data and self.data not in [choice.value for choice in self.choices or ()]:
            raise validators.ValidationError("Please choose one from the list.")


class EveningsForm(Form):
    """An answer to each, or the one that holds for all to which none is given."""

    every = _Chosen("For all of them", choices=[SelectChoice("", "Leave as they are"), *_SAID])

    def __init__(self, events: Sequence[Event]) -> None:
        super().__init__()
        self.events = events

    def of(self, event: Event) -> wtforms.Field:
        """The field for one of them."""
        return self._fields[f"answer_{event.id}"]

    @property
    def said(self) -> list[tuple[Event, Answer]]:
        """What is to be answered, in the order of the dates."""
        given = [(event, self.of(event).data or self.every.data) for event in self.events]
        return [(event, Answer(answer)) for event, answer in given if answer and answer != LEAVE]

    def keep_only(self, refused: Iterable[Event]) -> None:
        """Show only these as they were answered; what was taken stands as it is by now."""
        again = {event.id for event in refused}
        for event in self.events:
            field = self.of(event)
            field.data = (field.data or self.every.data) if event.id in again else ""
        self.every.data = ""

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        if self.errors:
            return False
        if not self.said:
            self.form_errors = ["Please choose an answer for one of these dates at least, or for all of them."]
        elif len(self.said) > MOST:
            self.form_errors = [f"At most {MOST} at once, please."]
        return not self.errors


def form_for(events: Sequence[Event]) -> EveningsForm:
    """The form for these."""
    choices = [SelectChoice("", "As above"), *_SAID, SelectChoice(LEAVE, "Leave as it is")]
    fields = {
        f"answer_{event.id}": _Chosen(f"Your answer for {spoken_day(event.starts)}", choices=choices)
        for event in events
    }
    form: EveningsForm = type("EveningsForm", (EveningsForm,), fields)(events)
    return form


def numbers_in(names: Iterable[str]) -> set[int]:
    """Of the events about which a sent form says something."""
    return {int(found[1]) for name in names if (found := _NAME.fullmatch(name))}
