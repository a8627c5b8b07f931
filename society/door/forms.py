"""What may be said at the door: a tap on a name, or a code, typed, scanned or photographed."""

from typing import Any

import wtforms
from flask import request
from wtforms import validators

from society.door.codes import as_meant
from society.door.models import LONGEST_NAME, DoorAction
from society.door.pictures import code_in
from society.events.forms import MOST_IN_PARTY
from society.fields import Email, Line, PersonName, Whole
from society.rsvps.forms import OneOf, Picked
from society.web import Form


class DoorForm(Form):
    """One tap at the door."""

    action = OneOf("What to do", DoorAction, "Please use one of the buttons.")
    rsvp = Picked("Guest")
    came = Whole("How many of them are here", least=1, most=MOST_IN_PARTY)


class ScanForm(Form):
    """The code of a ticket. A scanner held in the hand types it and sends the form; a photo is read here."""

    code = Line("Code on the ticket", most=20)
    picture = wtforms.FileField("Or a photo of the code")

    def validate(self, extra_validators: Any = None) -> bool:
        """Reads the photo before any transaction that writes begins, since that takes a while."""
        super().validate(extra_validators)
        photo = request.files.get(self.picture.name)
        if photo and not self.code.data:
            self.code.data = code_in(photo.stream) or ""
            if not self.code.data:
                self.picture.errors = ["No ticket’s code could be read in that picture. Please go closer, or type it."]
        elif not self.errors and as_meant(self.code.data or "") is None:
            self.code.errors = ["A code has eight letters and digits, such as 7QK2-M9XA."]
        return not self.errors

    @property
    def word(self) -> str:
        """The code as it is written here, of a form that holds."""
        return as_meant(self.code.data) or ""


class WalkInForm(Form):
    """Somebody at the door who has not answered."""

    name = PersonName("Their name")
    email = Email("Their email", required=False, description="If they wish to hear from us. No letter goes out now.")
    party_size = Whole("How many they are", least=1, most=MOST_IN_PARTY, default=1)
    uid = wtforms.HiddenField("By which it counts once", [validators.Optional(), validators.Regexp("[0-9a-f-]{36}$")])
    """Given by the service worker, which may have to send it again (see `templates/door/worker.js`)."""


class KeyForm(Form):
    """A key to be made, one to be called otherwise, or one to be taken back."""

    name = Line("Name of the key", most=LONGEST_NAME)
    rename = Whole("Key", least=1, most=2**31 - 1)
    revoke = Whole("Key", least=1, most=2**31 - 1)
