"""What organizers give with a picture."""

from typing import Any, Self

import wtforms
from flask import request
from wtforms.validators import ValidationError

from society.fields import Line
from society.meanwhile import SharedForm
from society.pictures.models import Picture, Shown

_EMPTY = "This file is empty. Please choose another."


class PictureForm(SharedForm):
    """A file, and what it shows; without a file the words of the one that is there are changed.

    A file that was sent once is kept, and by `kept` the form comes back with it.
    """

    unkept = ("remove",)

    file = wtforms.FileField("File", render_kw={"accept": "image/*"})
    alt = Line("What does it show?", most=300, description="In a sentence, for those who do not see it.")
    credit = Line("Who made it", most=200, description="Shown below it.")
    remove = wtforms.BooleanField("Take the picture away")
    kept = wtforms.HiddenField()
    picture = Line("The picture", widget=wtforms.widgets.HiddenInput())
    """Which one it was opened with: words are said of that one."""

    def __init__(self, known: Shown | None) -> None:
        values = {"alt": known.alt, "credit": known.credit, "picture": known.picture.key} if known else {}
        super().__init__(**values)
        self.known = known
        self.held: Picture | None = None
        """What was sent, now or before, and is shown nowhere yet."""
        self.unreadable = ""
        """Why what was sent is no picture."""
        self.content = b""
        sent = request.files.get("file")
        if request.method == "POST" and sent and sent.filename:
            self.content = sent.stream.read()
            self.unreadable = "" if self.content else _EMPTY
        if known is None:
            del self.remove

    def with_file_of(self, other: Self, held: Picture | None) -> Self:
        """Go on with what came with another of this request."""
        self.held, self.kept.data = held, other.kept.data
        self.content, self.unreadable = other.content, other.unreadable
        return self

    @property
    def removes(self) -> bool:
        return "remove" in self and bool(self.remove.data)

    def validate_file(self, _field: wtforms.Field) -> None:
        if self.unreadable and not self.removes:
            raise ValidationError(self.unreadable)
        if self.removes or self.held:
            return
        if self.kept.data:
            raise ValidationError("The picture that you sent was kept for a day. Please choose it again.")
        if self.known is None:
            raise ValidationError("Please choose a picture.")

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        if not self.alt.data and not self.removes:
            self.alt.errors = ["Please say what it shows."]
        return not self.errors

    @property
    def wanted(self) -> Shown | None:
        """What is to be shown from now on: what was sent, else the same, in these words; or nothing."""
        picture = self.held or (self.known.picture if self.known else None)
        if self.removes or picture is None:
            return None
        return Shown(picture, self.alt.data or "", self.credit.data or "")
