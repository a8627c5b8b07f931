"""What a member fills in to renew."""

from collections.abc import Sequence

from wtforms.widgets import ListWidget, RadioInput

from society.fields import Chosen
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
