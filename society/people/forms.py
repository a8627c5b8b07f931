"""What people fill in to sign in and to keep their own things."""

import re
from typing import Any, Self

import wtforms
from flask import request
from wtforms.fields import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from society.choices import Language, Zone
from society.fields import Email, Line, NewPassword, Paragraphs, Password, PersonName, Whole
from society.meanwhile import SharedForm
from society.people.models import Person, RoleName
from society.people.passwords import password_matches
from society.people.queries import person_by_email
from society.typed import Typed, opened
from society.web import Form


def path_here(text: str | None) -> str:
    """The path if it leads to a page of this site, else nothing.

    Browsers drop tabs and newlines and read `\\` as `/`, so that `/\\example.org` would lead elsewhere.
    """
    return text if text and re.fullmatch(r"/(?![/\\])[^\\\x00-\x20\x7f]*", text) else ""


class OnwardForm(Form):
    """A form on the way to a page that asked for a sign-in."""

    next = wtforms.HiddenField(filters=[path_here])

    def __init__(self) -> None:
        super().__init__(next=request.args.get("next"))


class SignInForm(OnwardForm):
    """An address and the password that goes with it. `person` is whose they are."""

    email = Email(render_kw={"autocomplete": "username"})
    password = Password(render_kw={"autocomplete": "current-password"})
    typed = wtforms.HiddenField()

    @classmethod
    def with_typed(cls, sent: Typed, *, whose: int) -> Self:
        """One that nothing is typed into yet, and that carries along what was sent after a sign-in had ended."""
        form = cls()
        form.process(None, typed=sent.sealed(whose))
        return form

    @property
    def sent(self) -> Typed | None:
        """What is carried along."""
        held = opened(self.typed.data)
        return held and held[1]

    def sent_by(self, person: Person) -> Typed | None:
        """The same, unless somebody else had been signed in."""
        held = opened(self.typed.data)
        return held[1] if held and held[0] in (0, person.id) else None

    def validate(self, extra_validators: Any = None) -> bool:
        """Looks the address up and checks a password whether there is such a person or not."""
        if not super().validate(extra_validators):
            return False
        found = person_by_email(self.email.data)
        if not password_matches(found, self.password.data):
            self.password.errors = ["This password and this address do not go together."]
            return False
        assert found is not None
        self.person: Person = found
        return True


class LinkForm(OnwardForm):
    """Where to mail a one-time link."""

    email = Email(render_kw={"autocomplete": "username"})


class ResetForm(Form):
    """A password to replace one that was forgotten."""

    password = NewPassword("Choose a new password", render_kw={"autocomplete": "new-password"})


class _WithPassword(Form):
    """Something that a borrowed browser alone must not be able to change; without a password none is asked for."""

    current = Password("Your password now", render_kw={"autocomplete": "current-password"})

    def __init__(self, person: Person) -> None:
        super().__init__()
        self._person = person
        if person.password_hash is None:
            del self.current

    def validate_current(self, field: wtforms.Field) -> None:
        if not password_matches(self._person, field.data):
            raise wtforms.ValidationError("That is not your password.")


class ChangePasswordForm(_WithPassword):
    """A new password for the old one."""

    new = NewPassword("Choose a new password", render_kw={"autocomplete": "new-password"})


class ChangeEmailForm(_WithPassword):
    """Another address."""

    email = Email("Your new address", render_kw={"autocomplete": "email"})


SHOWABLE = {"name": "My name", "email": "My email", "phone": "My phone", "city": "My city", "about": "About me"}
"""What one can let members see, with its words on the page; without the name one does not appear."""


TOLD = ("name", "phone", "address", "city", "language", "zone", "about")


class ProfileForm(SharedForm):
    """How one is called and reached, and what of it members see."""

    name = PersonName()
    phone = Line("Phone", most=40, render_kw={"autocomplete": "tel"})
    address = Paragraphs("Postal address", most=500, render_kw={"autocomplete": "street-address", "rows": 3})
    city = Line("City", most=100, render_kw={"autocomplete": "address-level2"})
    language = Language(
        none="The society's own", description="Of the letters that you get, as far as they are written in it."
    )
    zone = Zone("Your time zone", none="The society's own")
    about = Paragraphs("About you", most=1_000)
    shown = wtforms.SelectMultipleField(
        "What members see of you",
        choices=[SelectChoice(name, words) for name, words in SHOWABLE.items()],
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def __init__(self, person: Person) -> None:
        told = {name: getattr(person, name) for name in TOLD}
        super().__init__(shown=person.shown.split(), **told)

    def validate_shown(self, field: wtforms.Field) -> None:
        if set(field.data) - set(SHOWABLE):
            raise wtforms.ValidationError("Please choose from the list.")

    @property
    def values(self) -> dict[str, str]:
        """What is kept of it."""
        shown = " ".join(name for name in SHOWABLE if name in self.shown.data)
        return {name: self[name].data or "" for name in TOLD} | {"shown": shown}


class RoleForm(Form):
    """Who is to get which role. `person` is whose address it is."""

    email = Email("Email address of the person")
    role = wtforms.SelectField(
        "Role",
        invalid_choice_message="Please choose one of these.",
        choices=[SelectChoice(name.value, name.value.capitalize()) for name in RoleName],
    )

    def __init__(self) -> None:
        super().__init__(email=request.args.get("email"))

    def validate_email(self, field: wtforms.Field) -> None:
        found = person_by_email(field.data) if field.data else None
        if found is None:
            raise wtforms.ValidationError("Nobody here has this address. They can join, or answer an event, first.")
        if found.verified_at is None:
            raise wtforms.ValidationError(f"{found.name} has not shown yet that this address is theirs.")
        self.person = found


class TakeRoleForm(Form):
    """Which role to take back."""

    role_id = Whole("Role", least=1, most=2**31 - 1, required=True)
