"""Form fields that offer something to choose from: languages, time zones, rows by number."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import wtforms
from flask import request
from markupsafe import Markup, escape
from wtforms import validators
from wtforms.fields import SelectChoice
from wtforms.fields.choices import Choice
from wtforms.widgets import CheckboxInput, ListWidget, Select

from society.fields import asked, on_one_line
from society.languages import LONGEST_CODE, is_code, is_known, name_of, names
from society.times import known_zone, zone_names


class _Menu(Select):
    """A menu of many plain options, at a twentieth of the price that attributes of any kind have."""

    @classmethod
    def render_option(cls, choice: Choice) -> str:
        chosen = " selected" if choice.selected else ""
        return f'<option{chosen} value="{escape(choice.value)}">{escape(choice.label)}</option>'


class Language(wtforms.SelectField):
    """A language by its code (BCP 47), offered by name; where it may be left open, empty, which is offered as `none`.

    At first those of the reader's browser, or those that the form suggests. Codes of others are taken too, and so is
    what stood there before, whatever it is: an import may have brought it.
    """

    widget = _Menu()

    def __init__(self, label: str = "Language", *, none: str | None = None, required: bool = False, **kw: Any) -> None:
        self._open = [SelectChoice("", none)] if none is not None else []
        self._suggested: Sequence[str] | None = None
        checks = asked(required, "Please choose a language.")
        super().__init__(label, checks, filters=[on_one_line], choices=self._offered, validate_choice=False, **kw)

    def suggest(self, codes: Sequence[str]) -> None:
        """Set which are offered before all others."""
        self._suggested = codes

    def _offered(self) -> list[SelectChoice]:
        suggested = _of_browser() if self._suggested is None else self._suggested
        first = {code.lower(): code for code in (self.data, *suggested) if code}
        rest = [(code, name) for code, name in names().items() if code.lower() not in first]
        return [
            *self._open,
            *(SelectChoice(code, name_of(code), optgroup="Suggested") for code in first.values()),
            *(SelectChoice(code, name, optgroup="All languages") for code, name in rest),
        ]

    def pre_validate(self, form: Any) -> None:
        if not self.data or self.data == self.object_data:
            return
        if len(self.data) > LONGEST_CODE or not is_code(self.data):
            raise validators.ValidationError("Please choose a language from the list.")


def _of_browser() -> list[str]:
    """What the reader's browser says that they read, best first."""
    return [code for code in request.accept_languages.values() if is_known(code)][:5]


@cache
def _zone_options() -> str:
    return "".join(f'<option value="{name}">{name.replace("_", " ")}</option>' for name in zone_names())


class _Zones(Select):
    """A menu of all zones, written out once for a process: one option after the other took most of a form's time."""

    def __call__(self, field: "Zone", **kw: Any) -> Markup:
        options = _zone_options()
        if field.data in zone_names():
            options = options.replace(f'value="{field.data}"', f'selected value="{field.data}"', 1)
        few = super().__call__(field, **kw).removesuffix("</select>")
        return Markup(f"{few}{options}</select>")  # noqa: S704


class Zone(wtforms.SelectField):
    """A time zone by its IANA name; or, where it may be left open, empty, which is offered as `none`."""

    widget = _Zones()

    def __init__(self, label: str = "Time zone", *, none: str | None = None, **kw: Any) -> None:
        """Its own choices are those beside all zones."""
        self._beside = [] if none is None else [SelectChoice("", none)]
        super().__init__(label, choices=self._beside, **kw)

    def process_data(self, value: str | None) -> None:
        """One kept under an older name, as imports may bring it, is offered too: else another would be chosen."""
        super().process_data(value)
        if value and value not in zone_names():
            self.choices = [*self._beside, SelectChoice(value, value.replace("_", " "))]

    def pre_validate(self, form: Any) -> None:
        if not self.data and self._beside:
            return
        if not self.data or not known_zone(self.data):
            raise validators.ValidationError("Please choose a time zone from the list.")


class Chosen(wtforms.SelectField):
    """One of some rows by number, or none; a number that is not among them is refused with a sentence."""

    def __init__(self, label: str, *, none: str | None = None, **kw: Any) -> None:
        super().__init__(label, coerce=_row_number, validate_choice=False, **kw)
        self.none = none

    def offer(self, rows: Iterable[tuple[int, str]]) -> None:
        """Set what can be chosen."""
        first = [] if self.none is None else [("", self.none)]
        self.choices = [*first, *rows]

    def pre_validate(self, form: Any) -> None:
        if self.data is None and self.none is not None:
            return
        if self.data not in {value for value, *_ in self.choices or ()}:
            raise validators.ValidationError("Please choose one from the list.")


class ChosenSeveral(wtforms.SelectMultipleField):
    """Any of some rows by number, shown as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str, **kw: Any) -> None:
        super().__init__(label, coerce=_row_number, validate_choice=False, choices=[], **kw)

    def offer(self, rows: Iterable[tuple[int, str]]) -> None:
        """Set what can be chosen."""
        self.choices = list(rows)

    def pre_validate(self, form: Any) -> None:
        if set(self.data or ()) - {value for value, *_ in self.choices or ()}:
            raise validators.ValidationError("Please choose from the list.")


def _row_number(value: object) -> int | None:
    text = str(value if value is not None else "").strip()
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None if not text else -1
