"""What applicants are asked: about themselves, for the membership they choose, and what the society wants to know."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, TypeVar

import wtforms
from wtforms.widgets import ListWidget, RadioInput

from society.choices import Chosen
from society.fields import Day, Email, Line, NewPassword, Paragraphs, PersonName
from society.membership.models import Covers, Tier
from society.membership.render import ages, dues
from society.settings import society
from society.text import listed
from society.web import Form


@dataclass(frozen=True)
class Said:
    """What an applicant said besides which membership they would like."""

    answers: list[dict[str, str]] = field(default_factory=list)
    proof: str = ""
    covers_name: str = ""
    born_on: date | None = None
    consent: str = ""
    """The wording that they agreed to."""


class Question(NamedTuple):
    """What the society asks applicants."""

    text: str
    required: bool


def questions(lines: str) -> list[Question]:
    """One a line; those that end in * must be answered."""
    typed = [line.strip() for line in lines.split("\n") if line.strip(" *")]
    return [Question(line.rstrip(" *"), line.endswith("*")) for line in typed]


class ApplicationForm(Form):
    """Which membership somebody would like, and what is asked for it.

    Some fields are for certain memberships only. What is wrong with them counts only if such a one is chosen.
    """

    tier = Chosen("Membership", widget=ListWidget(prefix_label=False), option_widget=RadioInput())
    born_on = Day("Date of birth", render_kw={"autocomplete": "bday"})
    covers_name = Line("Name of the household or organization")
    consent = wtforms.BooleanField("I agree to this")

    def __init__(self, offered: Sequence[Tier], today: date, *, born_on: date | None = None, **values: Any) -> None:
        super().__init__(tier=offered[0].id if offered else None, **values)
        self.tier.offer([(tier.id, f"{tier.name}: {dues(tier)}") for tier in offered])
        self.offered = {tier.id: tier for tier in offered}
        self._today, self._born_on = today, born_on
        self._leave_out()
        self._fields: dict[str, wtforms.Field] = {name: self[name] for name in sorted(self._fields, key=_place)}

    def _leave_out(self) -> None:
        tiers = self.offered.values()
        if self._born_on or not any(tier.asks_age for tier in tiers):
            del self.born_on
        if all(tier.covers is Covers.PERSON for tier in tiers):
            del self.covers_name
        if not society().consent:
            del self.consent

    @property
    def questions(self) -> list[wtforms.Field]:
        """The fields of the society's own questions."""
        return [found for found in self if found.name.startswith("answer_")]

    def proof_for(self, tier: Tier) -> wtforms.Field | None:
        """The field in which to show what that membership asks for."""
        return self._fields.get(f"proof_{tier.id}")

    def asked_for(self, name: str) -> list[Tier]:
        """The memberships that a field is for."""
        tiers = self.offered.values()
        return [tier for tier in tiers if (tier.asks_age if name == "born_on" else tier.covers is not Covers.PERSON)]

    def for_whom(self, name: str) -> str:
        """The same in a sentence."""
        return f"Only for {listed([tier.name for tier in self.asked_for(name)])}."

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        tier = self.offered.get(self.tier.data)
        needed = self._needed_for(tier) if tier else {}
        for name in [name for name in self._fields if name in ("born_on", "covers_name") or name.startswith("proof_")]:
            if name not in needed:
                self[name].errors = ()
            elif not self[name].data and not self[name].errors:
                self[name].errors = (needed[name],)
        if tier and "born_on" not in (self.errors or {}) and (wrong := self._wrong_age(tier)):
            at = self._fields.get("born_on", self.tier)
            at.errors = (*at.errors, wrong)
        if "consent" in self and not self.consent.data:
            self.consent.errors = ("Without it the society cannot take your application.",)
        return not self.errors

    def _needed_for(self, tier: Tier) -> dict[str, str]:
        needed = {f"proof_{tier.id}": f"This is asked for {tier.name}."} if tier.proof else {}
        if tier.asks_age:
            needed["born_on"] = f"Please give your date of birth: {tier.name} is for {ages(tier)}."
        if tier.covers is not Covers.PERSON:
            needed["covers_name"] = f"Please say what the {tier.covers.value} is called."
        return {name: sentence for name, sentence in needed.items() if name in self._fields}

    def _wrong_age(self, tier: Tier) -> str | None:
        born_on = self._born_on or (self.born_on.data if "born_on" in self else None)
        if born_on and born_on > self._today:
            return "That day is yet to come."
        return None if tier.is_open_to(born_on, self._today) else f"{tier.name} is for {ages(tier)}."

    @property
    def said(self) -> Said:
        """What was typed, for the tier that was chosen."""
        tier = self.offered[self.tier.data]
        proof = self.proof_for(tier)
        return Said(
            answers=[{"question": asked.label.text, "answer": asked.data} for asked in self.questions if asked.data],
            proof=proof.data if proof else "",
            covers_name=self.covers_name.data if tier.covers is not Covers.PERSON else "",
            born_on=self.born_on.data if "born_on" in self and tier.asks_age else None,
            consent=society().consent if "consent" in self else "",
        )


_PLACES = ("tier", "proof_", "covers_name", "born_on", "", "answer_", "consent")
"""In which order the page has the fields, and the summary of what is wrong names them; what is not named here (name,
email, password) stands where the empty one is."""


def _place(name: str) -> int:
    return next((at for at, start in enumerate(_PLACES) if start and name.startswith(start)), _PLACES.index(""))


class JoinForm(ApplicationForm):
    """The same, from somebody who says who they are."""

    name = PersonName()
    email = Email("Your email", render_kw={"autocomplete": "email"})
    password = NewPassword("Choose a password", render_kw={"autocomplete": "new-password"})


Kind = TypeVar("Kind", bound=ApplicationForm)


def asking(kind: type[Kind], offered: Sequence[Tier], today: date, **values: Any) -> Kind:
    """The form with a field for what each of these tiers wants to see, and for each of the society's questions."""
    fields: dict[str, Any] = {f"proof_{tier.id}": Line(tier.proof, most=500) for tier in offered if tier.proof}
    for number, question in enumerate(questions(society().join_questions)):
        fields[f"answer_{number}"] = Paragraphs(
            question.text, most=2000, required=question.required, render_kw={"rows": 3}
        )
    form: Kind = type(kind.__name__, (kind,), fields)(offered, today, **values)
    return form


class RejectionForm(Form):
    """Why an application is turned down."""

    note = Paragraphs("Reason", most=2000, required=True, render_kw={"rows": 5})


class MessageForm(Form):
    """A question to an applicant, or their answer."""

    text = Paragraphs("Your message", most=4000, required=True, render_kw={"rows": 6})


class InvitationForm(Form):
    """To whom a membership is offered that one can only be invited to."""

    tier = Chosen("Membership")
    email = Email()

    def __init__(self, invitable: Sequence[Tier]) -> None:
        super().__init__()
        self.tier.offer([(tier.id, f"{tier.name}: {dues(tier)}") for tier in invitable])
