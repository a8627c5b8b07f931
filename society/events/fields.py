"""Form fields that events alone have."""

from typing import Any

import wtforms
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import TextInput

from society.events.tags import LONGEST_TAG, MOST_TAGS, tags_in
from society.fields import Clock, Paragraphs, clean, on_one_line
from society.items import Words

MOST_NEW = 20
"""Names that one form can enter at once."""


class Moment(Clock):
    """A wall clock that shows a bare date as typed, and knows that no time was given with it."""

    @property
    def is_bare(self) -> bool:
        return self.data is not None and bool(self.raw_data) and len(self.raw_data[0].strip()) <= len("2027-03-30")


class Names(Paragraphs):
    """Names, one a line or separated by commas."""

    def __init__(self, label: str, **kw: Any) -> None:
        super().__init__(label, most=4_000, render_kw={"rows": 2}, **kw)

    @property
    def names(self) -> list[str]:
        entries = clean(self.data).replace(",", "\n").replace(";", "\n").split("\n")
        return list(dict.fromkeys(filter(None, map(on_one_line, entries))))

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if len(self.names) > MOST_NEW:
            raise ValidationError(f"At most {MOST_NEW} new ones at once, please.")
        for name in self.names:
            if len(name) > 200:
                raise ValidationError(f"“{name[:40]}…” is too long for a name: at most 200 characters, please.")


class Tags(Words):
    """Free words, separated by commas."""

    def __init__(self, label: str = "Tags", **kw: Any) -> None:
        about = f"Free words, separated by commas, at most {MOST_TAGS}: each has a list and a calendar of its own."
        super().__init__(label, most=1_000, description=about, **kw)

    @property
    def line(self) -> str:
        """As the row keeps them."""
        return ", ".join(tags_in(self.data or ""))

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        tags = tags_in(self.data or "")
        if len(tags) > MOST_TAGS:
            raise ValidationError(f"At most {MOST_TAGS} tags, please; these are {len(tags)}.")
        for tag in tags:
            if len(tag) > LONGEST_TAG:
                raise ValidationError(f"“{tag[:40]}…” is too long for a tag: at most {LONGEST_TAG} characters, please.")


class Degrees(wtforms.FloatField):
    """A coordinate; what is no number within bounds (infinity, say) is refused."""

    widget = TextInput()

    def __init__(self, label: str, *, most: int, **kw: Any) -> None:
        super().__init__(label, [Optional()], render_kw={"inputmode": "decimal"}, **kw)
        self.most = most

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([value.strip().replace(",", ".") for value in valuelist])
        except ValueError:
            raise ValueError("Please give degrees as a number, such as 40.7291.") from None

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if self.data is not None and not -self.most <= self.data <= self.most:
            raise ValidationError(f"Degrees from -{self.most} to {self.most}, please.")
