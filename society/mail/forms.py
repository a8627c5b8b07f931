"""What people and staff may change about mail."""

import re
from collections.abc import Collection

import wtforms
from wtforms.fields import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from society.choices import Language
from society.fields import Email, Line
from society.mail.models import MailingList
from society.people.models import Person, Rhythm
from society.web import Form


class Button(Form):
    """A post without fields."""


class TrialForm(Form):
    """Where a test letter goes."""

    email = Email("Send it to")


class Checkboxes(wtforms.SelectMultipleField):
    """Any of a few words."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class DomainForm(Form):
    """What of our domain cannot be found out by asking the DNS alone."""

    selector = Line(
        "Selector of the DKIM key",
        most=63,
        description="Leave it empty if letters are not signed, or you do not know.",
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )

    def validate_selector(self, field: wtforms.Field) -> None:
        if field.data and not re.fullmatch(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*", field.data):
            raise wtforms.ValidationError("A selector has letters, digits, dots and hyphens, such as “mail2026”.")


class ListsForm(Form):
    """The lists a person wants, how often and in which language; by mail or, with a postal address, by letter."""

    lists = Checkboxes(
        "Write to me with",
        choices=[SelectChoice(name.value, name.about.capitalize()) for name in MailingList],
        coerce=str,
    )

    rhythm = wtforms.RadioField(
        "How often",
        choices={
            Rhythm.AT_ONCE.value: "Each at once",
            Rhythm.DAILY.value: "Once a day, gathered",
            Rhythm.WEEKLY.value: "Once a week, gathered",
        },
    )
    language = Language("In which language", none="The society's own")
    by_letter = wtforms.BooleanField("Send me these by letter instead of email")

    def __init__(self, person: Person, left: Collection[MailingList]) -> None:
        wanted = [name.value for name in MailingList if name not in left]
        given = {"by_letter": person.by_letter, "rhythm": person.rhythm.value, "language": person.language}
        super().__init__(lists=wanted, **given)
        if not person.has_postal_address:
            del self.by_letter

    @property
    def on_paper(self) -> bool:
        """Whether they want letters; without an address that is not asked."""
        return "by_letter" in self and bool(self.by_letter.data)

    def wanted(self) -> set[MailingList]:
        return {MailingList(name) for name in self.lists.data or ()}
