"""The form of what a notice says to those who read another language."""

import wtforms
from wtforms.validators import ValidationError

from society.choices import Language
from society.fields import Paragraphs, Subject
from society.languages import is_known, tidy
from society.meanwhile import SharedForm
from society.notices.forms import refuse_holes
from society.notices.models import Notice, NoticeVersion
from society.notices.newsletter import told_to
from society.notices.versions import Said, languages_chosen
from society.settings import society
from society.times import now


class VersionForm(SharedForm):
    """What a notice says to those who read another language."""

    language = Language(none="Choose a language", required=True)
    subject = Subject()
    body = Paragraphs("Text", required=True)

    def __init__(self, notice: Notice, version: NoticeVersion | None, start: Said) -> None:
        super().__init__(version, language=start.language, subject=start.subject, body=start.body)
        self._notice, self._others = notice, [one.language for one in notice.versions if one is not version]
        written = {society().language, *self._others}
        self.language.suggest([code for code in languages_chosen(notice, now()) if code and code not in written])

    def validate_language(self, field: wtforms.Field) -> None:
        if not is_known(field.data):
            raise ValidationError("We do not know how dates are written in that language.")
        if field.data.lower() == society().language.lower():
            raise ValidationError("That is the language of the main text.")
        if field.data.lower() in map(str.lower, self._others):
            raise ValidationError("It is there in that language already.")

    def validate_subject(self, field: wtforms.Field) -> None:
        refuse_holes(field, self._notice, {})

    def validate_body(self, field: wtforms.Field) -> None:
        refuse_holes(field, self._notice, told_to(self._notice, None, now()))

    def fill(self, version: NoticeVersion) -> None:
        """Put what was typed into the row."""
        version.language = tidy(str(self.language.data))
        version.subject, version.body = str(self.subject.data), str(self.body.data)
