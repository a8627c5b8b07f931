"""What a member fills in to renew, and a secretary to have letters say it otherwise."""

from collections.abc import Sequence

import wtforms
from wtforms.validators import ValidationError
from wtforms.widgets import ListWidget, RadioInput

from society.choices import Chosen
from society.dues.wording import FIELDS
from society.mail.filling import names, stray_braces, unknown
from society.mail.wording_pages import WordingForm
from society.membership.models import Tier
from society.membership.render import dues
from society.web import Form


class RenewalForm(Form):
    """In which of these tiers the membership goes on; the first is the one they have."""

    tier = Chosen("Membership", widget=ListWidget(prefix_label=False), option_widget=RadioInput())

    def __init__(self, choices: Sequence[Tier], chosen: int | None) -> None:
        self.offered = {tier.id: tier for tier in choices}
        super().__init__(tier=chosen if chosen in self.offered else next(iter(self.offered), None))
        self.tier.offer([(tier.id, f"{tier.name}: {dues(tier)}") for tier in choices])


class LetterForm(WordingForm):
    """What a letter about renewing says."""

    def validate_subject(self, field: wtforms.Field) -> None:
        _refuse_strangers(field.data or "")
        if "dues" in names(field.data or ""):
            raise ValidationError("{{ dues }} is a whole list, so it can stand in the text only.")

    def validate_body(self, field: wtforms.Field) -> None:
        """Line by line, as it is read: a field that is broken over two lines would be overlooked there."""
        for line in (field.data or "").split("\n"):
            _refuse_strangers(line)
        if "renew_link" not in names(field.data or ""):
            raise ValidationError("{{ renew_link }} is missing: without it nobody finds where to renew.")


def _refuse_strangers(text: str) -> None:
    found = [unknown(name) for name in sorted(names(text) - set(FIELDS))] + stray_braces(text)
    if found:
        raise ValidationError(" ".join(found))
