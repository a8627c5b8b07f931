"""What organizers fill in to ask an organization, and what its contact answers."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import wtforms
from flask import request
from wtforms.validators import ValidationError

from society.backings.evenings import Evening
from society.backings.versions import mark
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
_APART = (
    "The other evenings stand otherwise than this one by now, so nothing was answered. Please answer for this "
    "one here, and for the others by their own links."
)
_NOBODY = "Please choose an organization, or name a new one."


def _reach(description: str) -> wtforms.RadioField:
    return wtforms.RadioField(
        "For which evenings of the series",
        choices={"this": "This one", "following": "This one and all that follow", "all": "All to come"},
        default="this",
        description=description,
        invalid_choice_message="Please choose one of these.",
    )


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
    reach = _reach("One letter asks about all that are the same but for their time, and one answer can hold for them.")
    contact_name = Line("Whom to ask", most=200, description="The name that the letter greets.")
    contact_email = Email("Their address", required=False)
    message = Paragraphs("A line of your own", most=2_000, render_kw={"rows": 3})

    def __init__(self, *, in_series: bool, everywhere: bool) -> None:
        """`everywhere`: for who organizes all events, and may know by which address each organization is reached."""
        super().__init__()
        if not in_series:
            del self.reach
        known = db.session.scalars(queries.organizations()).all()
        self.organization.offer([(o.id, o.name) for o in known])
        self._addresses = {o.id: o.contact for o in known if o.contact and everywhere}
        if self._addresses:
            self.contact_email.description = "May stay empty where the organization’s contact address is entered."

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        known, new = bool(self.organization.data), bool(self.new_organization.data)
        if known == new and not self.new_organization.errors:
            sentence = "Please either choose an organization or name a new one." if known else _NOBODY
            self.new_organization.errors = [sentence]
        if not self.contact_email.errors:
            self._find_address()
        return not self.errors

    def _find_address(self) -> None:
        """The typed address, else that of the organization."""
        found = self.contact_email.data or self._addresses.get(self.organization.data, "")
        if not found:
            self.contact_email.errors = ["Please give an email address."]
        elif is_dead(found):
            self.contact_email.errors = [_comes_back(found)]
        else:
            self.contact_email.data = found


def _comes_back(address: str) -> str:
    return f"Mail to {address} comes back, so please find another."


class ContactForm(Form):
    """Who answers from now on for a word that was given."""

    contact_name = Line("Their name", most=200, description="The name that the letter greets.")
    contact_email = Email("Their address")
    reach = _reach("One letter tells them of all for which the same contact gave the word.")

    def __init__(self, backing: Backing, *, in_series: bool) -> None:
        self._now = backing.contact_name, backing.contact_email
        super().__init__()
        if not in_series:
            del self.reach

    @property
    def contact(self) -> tuple[str, str]:
        return self.contact_name.data or "", self.contact_email.data

    def validate_contact_email(self, field: wtforms.Field) -> None:
        if is_dead(field.data):
            raise ValidationError(_comes_back(field.data))
        if self.contact == self._now:
            raise ValidationError("This is the contact already, by the same name.")


class ActForm(Form):
    """One button beside a backing."""

    act = wtforms.StringField("What to do")
    level = Line("Level", most=60)

    def validate_act(self, field: wtforms.Field) -> None:
        if field.data not in set(Act):
            raise ValidationError("Please use one of the buttons.")


_NAMELESS = "Please say who you are: it stays on record with your yes."
_WITHOUT_OFFICE = "Please say in which office you speak for them: it stays on record with your yes."
_OFFICE = "Such as “Chair”. A yes needs it: it stays on record with your name, and is not shown."


class DecisionForm(Form):
    """The word of an organization, and who gives it."""

    decision = wtforms.StringField("Decision")
    name = PersonName("Your name", required=False)
    title = Line("Your office or title", most=200, description=_OFFICE)
    reach = wtforms.RadioField(
        "For which evenings", choices={}, invalid_choice_message="Please choose for which evenings."
    )
    seen = wtforms.StringField("What was read")

    def __init__(self, evening: Evening, others: Sequence[Evening]) -> None:
        """`others` of its series go along, if the contact wants that."""
        _, backing = evening
        self._evening, self._others = evening, others
        super().__init__(name=backing.contact_name, reach="this" if backing.state == "confirmed" else "all")
        self.reach.choices = {"all": f"All {len(others) + 1}, as they stand here", "this": "The one on this page alone"}
        if not others:
            del self.reach

    @property
    def for_all(self) -> bool:
        """Whether the answer holds for the evenings that go along, too."""
        return bool(self.reach and self.reach.data == "all")

    def validate_decision(self, field: wtforms.Field) -> None:
        """A yes is for what was read, so it does not hold for what came to stand there meanwhile. What was said of all
        evenings is not taken for one alone, as if the others had been answered, too."""
        if field.data not in set(Decision):
            raise ValidationError("Please use one of the buttons.")
        if self.is_for_another(self._evening, self._others):
            raise ValidationError(CHANGED)
        if field.data != Decision.CONFIRM and not self.reach and request.form.get("reach") == "all":
            raise ValidationError(_APART)

    def is_for_another(self, evening: Evening, others: Sequence[Evening]) -> bool:
        """Whether it is a yes to what does not stand there any more: to what the page says was read, or, where a
        script does not say that, to what the contact was last shown."""
        if self.decision.data != Decision.CONFIRM:
            return False
        if self.seen.data:
            return bool(self.seen.data != mark(evening, *others))
        answered = [evening, *(others if self.for_all else [])]
        return any(backing.shown != mark((event, backing)) for event, backing in answered)

    def validate(self, extra_validators: Any = None) -> bool:
        """Who says yes stands for the organization by name and office; a no needs neither."""
        super().validate(extra_validators)
        if self.decision.data == Decision.CONFIRM:
            for field, sentence in ((self["name"], _NAMELESS), (self.title, _WITHOUT_OFFICE)):
                if not ((field.raw_data and field.data) or field.errors):
                    field.errors = [sentence]
        return not self.errors
