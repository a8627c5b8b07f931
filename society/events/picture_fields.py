"""The picture that a new event or a draft may be entered with."""

from typing import Any

import wtforms
from flask import request

from society.fields import Line
from society.pictures.models import Picture

OWN_PAGE = "The picture of an announced event is changed on its own page, “Picture”."
LET_GO = "The picture that you sent was kept for a day. Please choose it again."


class PictureFields:
    """A file, and what it shows. One that was sent once is kept, and by `image_kept` the form comes back with it."""

    image = wtforms.FileField(
        "A picture", description="A photo or a drawing, for its page and previews.", render_kw={"accept": "image/*"}
    )
    image_alt = Line("What does it show?", most=300, description="In a sentence, for those who do not see it.")
    image_kept = wtforms.HiddenField()
    held: Picture | None = None
    """What was sent, now or before, and is shown nowhere yet."""
    unreadable = ""
    """Why what was sent is no picture."""

    @property
    def sends_picture(self: Any) -> bool:
        sent = request.files.get(self.image.name) if request.method == "POST" else None
        return bool(sent and sent.filename)

    def check_picture(self: Any, *, announced: bool) -> None:
        """A sentence in the form where a picture cannot be shown, or nothing says what it shows."""
        if announced and (self.sends_picture or self.held):
            self.image.errors = [OWN_PAGE]
        elif self.unreadable or (self.image_kept.data and not self.held):
            self.image.errors = [self.unreadable or LET_GO]
        elif self.held and not self.image_alt.data:
            self.image_alt.errors = ["Please say what the picture shows."]
