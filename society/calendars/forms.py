"""The form by which a calendar is handed in to be checked."""

import wtforms

from society.calendars.check import MOST
from society.web import Form


class CheckForm(Form):
    """A file, or the text of one."""

    file = wtforms.FileField("File", render_kw={"accept": ".ics,text/calendar"})
    text = wtforms.TextAreaField("Or its text", render_kw={"rows": 8, "spellcheck": "false"})

    def given(self, upload: bytes | None) -> bytes | None:
        """What was handed in; None with a sentence beside the field where that cannot be checked."""
        if upload:
            if len(upload) > MOST:
                self.file.errors = ["That file is over 2 MB. Please hand in a part of it."]
                return None
            return upload
        if (self.text.data or "").strip():
            return str(self.text.data).encode()
        self.file.errors = ["Please choose a file, or paste its text."]
        return None
