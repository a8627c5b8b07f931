"""What people and staff may change about mail."""

import wtforms
from wtforms.fields import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from society.mail.models import MailingList
from society.web import Form


class Button(Form):
    """A post without fields."""


class Checkboxes(wtforms.SelectMultipleField):
    """Any of a few words."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ListsForm(Form):
    """The lists a person wants."""

    lists = Checkboxes(
        "Write to me with",
        choices=[SelectChoice(name.value, name.about.capitalize()) for name in MailingList],
        coerce=str,
    )

    def wanted(self) -> set[MailingList]:
        return {MailingList(name) for name in self.lists.data or ()}
