"""What people and staff may change about mail."""

import wtforms
from wtforms.widgets import CheckboxInput, ListWidget

from society.mail.models import MailingList
from society.web import Form


class Button(Form):
    """A post without fields."""


class ListsForm(Form):
    """The lists a person wants."""

    lists = wtforms.SelectMultipleField(
        "Write to me with",
        choices=[(name.value, name.about.capitalize()) for name in MailingList],
        coerce=str,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def wanted(self) -> set[MailingList]:
        return {MailingList(name) for name in self.lists.data or ()}
