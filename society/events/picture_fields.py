"""The picture that a new event or a draft may be entered with."""

from typing import Any

import wtforms
from flask import request

from society.errors import Refused
from society.fields import Line
from society.pictures.models import Look
from society.pictures.reading import Made, made

OWN_PAGE = "The picture of an announced event is changed on its own page, “Picture”."


class PictureFields:
    """A file, and what it shows. Of an announced event it cannot be carried through the page before the change."""

    image = wtforms.FileField(
        "A picture", description="A photo or a drawing, for its page and previews.", render_kw={"accept": "image/*"}
    )
    image_alt = Line("What does it show?", most=300, description="In a sentence, for those who do not see it.")
    picture: Made | None = None
    """What was made of the file."""

    def read_picture(self: Any, *, announced: bool) -> None:
        """Make it ready, before any transaction that writes begins; a sentence in the form where that cannot be."""
        sent = request.files.get(self.image.name)
        if request.method != "POST" or not sent or not sent.filename:
            return
        if announced:
            self.image.errors = [OWN_PAGE]
        elif not self.image_alt.data:
            self.image_alt.errors = ["Please say what the picture shows."]
        elif not self.errors:
            try:
                self.picture = made(sent.stream.read(), Look.PHOTO)
            except Refused as refusal:
                self.image.errors = [str(refusal)]
