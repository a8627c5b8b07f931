"""Where an announcement is pasted."""

import wtforms
from wtforms.validators import Optional

from society.announcements.said import LONGEST
from society.fields import Paragraphs
from society.web import Form


class AnnouncementForm(Form):
    """The text of a flyer or a mail."""

    text = Paragraphs(
        "The announcement",
        most=LONGEST,
        required=True,
        description="A flyer, a mail, a few lines: as it is. Nothing is kept of it but what you save.",
        render_kw={"rows": 14},
    )
    day = wtforms.DateField(validators=[Optional()])
    """Of several events in it, that of this day is meant."""
