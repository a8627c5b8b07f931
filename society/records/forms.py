"""What is asked before two people become one, and before somebody is erased."""

from datetime import date
from typing import Any

import wtforms
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from society.fields import Line, Whole, on_one_line
from society.membership.render import spoken
from society.people.models import Person
from society.records.merging import BOTH, FIELDS, differences
from society.text import listed
from society.web import Form


class _Seen(Whole):
    """Which state of a row the page showed."""

    widget = wtforms.widgets.HiddenInput()

    def __init__(self, **kw: Any) -> None:
        super().__init__("What was seen", least=0, most=2**31 - 1, required=True, **kw)


class _Either(wtforms.RadioField):
    """Whose value stays."""

    def __init__(self, label: str, **kw: Any) -> None:
        super().__init__(label, validate_choice=False, choices=[], **kw)

    def pre_validate(self, form: Any) -> None:
        if self.data not in {choice.value for choice in self.choices}:
            raise ValidationError("Please choose one of these.")


class MergeForm(Form):
    """Which of two values stays, field by field, and which state of both rows was seen."""

    keep_revision = _Seen()
    gone_revision = _Seen()

    def __init__(self, keep: Person, gone: Person) -> None:
        super().__init__(keep_revision=keep.revision, gone_revision=gone.revision)
        self._differ = differences(keep, gone)

    @classmethod
    def about(cls, keep: Person, gone: Person) -> "MergeForm":
        """The form for two people: it asks for the fields in which they differ."""
        differ = differences(keep, gone)
        asked = {name: _Either(FIELDS[name]) for name, *_ in differ}
        form: MergeForm = type("MergeTwo", (cls,), asked)(keep, gone)
        for name, own, other in differ:
            either = form[name]
            either.choices = [SelectChoice("keep", _said(name, own)), SelectChoice("gone", _said(name, other))]
            if name == "notes" and own and other:
                either.choices.append(SelectChoice(BOTH, "Both, one after the other"))
            if not either.raw_data:
                either.data = "keep" if own else "gone"
        return form

    @property
    def either(self) -> list[wtforms.Field]:
        """The fields to choose in."""
        return [self[name] for name, *_ in self._differ]

    @property
    def chosen(self) -> dict[str, str]:
        return {field.name: field.data for field in self.either}

    @property
    def revisions(self) -> tuple[int, int]:
        return self.keep_revision.data or 0, self.gone_revision.data or 0


def _said(name: str, value: Any) -> str:
    if value in (None, ""):
        return "(nothing)"
    if name == "shown":
        return listed(value.split())
    return spoken(value) if isinstance(value, date) else on_one_line(str(value))


class EraseForm(Form):
    """The name of who is to be erased, typed once more."""

    typed = Line("Type their name to confirm", required=True)

    def __init__(self, person: Person) -> None:
        super().__init__()
        self._name = person.name

    def validate_typed(self, field: wtforms.Field) -> None:
        if on_one_line(field.data).casefold() != on_one_line(self._name).casefold():
            raise ValidationError(f"That is not the name. Please type it as it stands here: {self._name}.")


class WithdrawForm(Form):
    """Which consent to take back."""

    consent_id = Whole("Consent", least=1, most=2**31 - 1, required=True)
