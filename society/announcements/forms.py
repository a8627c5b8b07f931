"""Where an announcement is pasted."""

from society.announcements.reading import LONGEST
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
