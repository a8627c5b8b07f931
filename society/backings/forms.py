"""What organizers fill in to ask an organization, and what its contact answers."""

from enum import StrEnum
from typing import Any

import wtforms
from wtforms.validators import ValidationError

from society.choices import Chosen
from society.db import db
from society.events import queries
from society.events.models import Backing, BackingRole
from society.fields import Email, Line, Paragraphs, PersonName
from society.mail.queries import is_dead
from society.web import Form

ROLES = {BackingRole.HOST: "Host", BackingRole.SPONSOR: "Sponsor", BackingRole.ENDORSER: "Endorser"}


class Decision(StrEnum):
    """What a contact may say."""

    CONFIRM = "confirm"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


class Act(StrEnum):
    """What an organizer may do with one backing."""

    REMIND = "remind"
    VOUCH = "vouch"
    TAKE_BACK = "take back"
    UP = "up"
    DOWN = "down"
    LEVEL = "level"


CHANGED = (
    "The event, or the sentence that names its backers, was changed while you read. Please read it again as it is now."
)
_NOBODY = "Please choose an organization, or name a new one."


class AskForm(Form):
    """An organization, known or new, and whom to ask there."""

    organization = Chosen("Organization", none="A new one")
    new_organization = Line("Name of the new one", description="As it stands in a sentence: “the B Debating Union”.")
    role = wtforms.RadioField(
        "To back it as",
        choices={role.value: said for role, said in ROLES.items()},
        default="sponsor",
        invalid_choice_message="Please choose one of these.",
    )
    level = Line("Level of a sponsor", most=60, description="In your own words, such as “Gold”. May stay empty.")
    reach = wtforms.RadioField(
        "For which evenings of the series",
        choices={"this": "This one", "following": "This one and all that follow", "all": "All to come"},
        default="this",
        description="One letter asks about all that are the same but for their time, and one answer can hold for them.",
        invalid_choice_message="Please choose one of these.",
    )
    contact_name = Line("Whom to ask", most=200, description="The name that the letter greets.")
    contact_email = Email("Their address", required=True)
    message = Paragraphs("A line of your own", most=2_000, render_kw={"rows": 3})

    def __init__(self, *, in_series: bool) -> None:
        super().__init__()
        if not in_series:
            del self.reach
        known = db.session.scalars(queries.organizations()).all()
        self.organization.offer([(o.id, o.name) for o in known])

    def validate_contact_email(self, field: wtforms.Field) -> None:
        if is_dead(field.data):
            raise ValidationError("Mail to this address comes back, so please find another.")

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        known, new = bool(self.organization.data), bool(self.new_organization.data)
        if known == new and not self.new_organization.errors:
            sentence = "Please either choose an organization or name a new one." if known else _NOBODY
            self.new_organization.errors = [sentence]
        return not self.errors


class ActForm(Form):
    """One button beside a backing."""

    act = wtforms.StringField("What to do")
    level = Line("Level", most=60)

    def validate_act(self, field: wtforms.Field) -> None:
        if field.data not in set(Act):
            raise ValidationError("Please use one of the buttons.")


class DecisionForm(Form):
    """The word of an organization, and who gives it."""

    decision = wtforms.StringField("Decision")
    name = PersonName("Your name")
    title = Line("Your office or title", most=200, description="Such as “Chair”. It is kept on record, and not shown.")

    reach = wtforms.RadioField(
        "For which evenings", choices={}, invalid_choice_message="Please choose for which evenings."
    )
    seen = wtforms.StringField("What was read")

    def __init__(self, backing: Backing, current: str, others: int) -> None:
        """`current` marks the event as it stands (see `versions.mark`), with others of its series that go along."""
        super().__init__(name=backing.contact_name, reach="this" if backing.state == "confirmed" else "all")
        self._current = current
        self.reach.choices = {"all": f"All {others + 1}, as they stand here", "this": "The one on this page alone"}
        if not others:
            del self.reach

    @property
    def for_all(self) -> bool:
        """Whether the answer holds for the evenings that go along, too."""
        return bool(self.reach and self.reach.data == "all")

    def validate_decision(self, field: wtforms.Field) -> None:
        """A yes is for what was read, so it does not hold for what came to stand there meanwhile."""
        if field.data not in set(Decision):
            raise ValidationError("Please use one of the buttons.")
        if self.is_for_another(self._current):
            raise ValidationError(CHANGED)

    def is_for_another(self, current: str) -> bool:
        """Whether it is a yes to what does not stand there any more."""
        return self.decision.data == Decision.CONFIRM and self.seen.data not in ("", None, current)
