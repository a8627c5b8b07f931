"""Form fields with their bounds and sentences: what a browser may send, made harmless before anything sees it."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

import wtforms
from email_validator import EmailNotValidError, validate_email
from wtforms import validators
from wtforms.widgets import URLInput

from society.times import EARLIEST, LATEST

_LINE_ENDS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
"""All that ends a line besides `\\n`; word processors leave the rarer ones behind in what is pasted."""
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_BIDI_OVERRIDES = re.compile(r"[\u202a-\u202e\u2066-\u2069]")


def clean(text: str | None) -> str:
    """Composed (NFC), newlines as `\\n`, without control characters, byte order marks and direction overrides."""
    text = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", text or ""))
    return _BIDI_OVERRIDES.sub("", _CONTROLS.sub("", text)).strip()


def on_one_line(text: str | None) -> str:
    """Like `clean`, and with every run of white space a single space: fit for a mail header."""
    return " ".join(clean(text).split())


def subject_line(text: str | None) -> str:
    """Like `on_one_line`, save that spaces which keep words together stay, such as the narrow one before a colon in
    French."""
    return re.sub(r"[^\S\u00a0\u202f]+", " ", clean(text))


def asked(required: bool, sentence: str) -> list[Any]:
    """The checks of whether something was sent; `sentence` says that it has to be."""
    return [_Given(sentence)] if required else [validators.Optional()]


class _Given(validators.InputRequired):
    """Something was sent, and not only white space."""

    def __call__(self, form: Any, field: Any) -> None:
        if not (field.raw_data and field.raw_data[0].strip()):
            field.raw_data = []
        super().__call__(form, field)


class Line(wtforms.StringField):
    """A single line of text."""

    tidy: Callable[[str | None], str] = staticmethod(on_one_line)

    def __init__(
        self, label: str, *, most: int = 200, required: bool = False, checks: Sequence[Any] = (), **kw: Any
    ) -> None:
        checks = [*asked(required, "Please fill this in."), *_lengths(most, required), *checks]
        super().__init__(label, checks, filters=[self.tidy], **kw)


class Subject(Line):
    """That of a letter."""

    tidy = staticmethod(subject_line)

    def __init__(self, **kw: Any) -> None:
        super().__init__("Subject", most=200, required=True, **kw)


class PersonName(Line):
    """How somebody says they are called. No address: mail programs would make a link of it in letters that we sign."""

    def __init__(self, label: str = "Your name", *, required: bool = True, **kw: Any) -> None:
        super().__init__(label, required=required, checks=[_no_address], render_kw={"autocomplete": "name"}, **kw)


def _no_address(_form: Any, field: Any) -> None:
    if re.search(r"://|www\.", field.data, re.IGNORECASE):
        raise validators.ValidationError("Please give a name without a web address in it.")


_SPOKEN = re.compile(r"(?:[\w-]+\.)+[^\W\d_]{2,}(?:[/?#].*)?")


def at_https(text: str | None) -> str:
    """A web address on one line; one as it is spoken, such as "meet.example.org/room", is at https."""
    line = on_one_line(text)
    return f"https://{line}" if _SPOKEN.fullmatch(line) else line


class WebAddress(Line):
    """The address of a page; nothing but http and https, since it becomes a link."""

    widget = URLInput()
    tidy = staticmethod(at_https)

    def __init__(self, label: str, **kw: Any) -> None:
        super().__init__(label, most=500, checks=[_leads_to_a_page], **kw)


def _leads_to_a_page(_form: Any, field: Any) -> None:
    try:
        parts = urlsplit(field.data)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in field.data
    except ValueError:
        good = False
    if not good:
        raise validators.ValidationError("Please give a web address that begins with https:// or http://.")


class Paragraphs(wtforms.TextAreaField):
    """Text of several lines, often Markdown."""

    def __init__(self, label: str, *, most: int = 20_000, required: bool = False, **kw: Any) -> None:
        super().__init__(
            label,
            [*asked(required, "Please fill this in."), *_lengths(most, required)],
            filters=[clean],
            **kw,
        )


def _lengths(most: int, required: bool) -> list[Any]:
    def check(_form: Any, field: Any) -> None:
        if required and not field.data:
            raise validators.ValidationError("Please fill this in.")
        if len(field.data) > most:
            raise validators.ValidationError(f"At most {most:,} characters; these are {len(field.data):,}.")

    return [check]


def email_key(text: str) -> str:
    """How an address is stored and compared: as it would be mailed to, in lower case."""
    return validate_email(text, check_deliverability=False, test_environment=True).normalized.lower()


class Email(wtforms.EmailField):
    """A mail address, kept in lower case; nothing is asked of the network."""

    data: Any

    def __init__(self, label: str = "Email", *, required: bool = True, **kw: Any) -> None:
        super().__init__(label, asked(required, "Please give an email address."), filters=[on_one_line], **kw)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if validation_stopped:
            return
        if not self.data and self.flags.required:
            raise validators.ValidationError("Please give an email address.")
        if not self.data:
            return
        try:
            self.data = email_key(self.data)
        except EmailNotValidError as error:
            raise validators.ValidationError("That is not a mail address we can write to.") from error
        if len(self.data) > 254:
            raise validators.ValidationError("That address is too long.")


class Password(wtforms.PasswordField):
    """A password that somebody has; never echoed back."""

    def __init__(self, label: str = "Password", **kw: Any) -> None:
        super().__init__(label, [validators.InputRequired("Please give your password."), _short_enough], **kw)


class NewPassword(wtforms.PasswordField):
    """A password to be chosen: long enough, and bounded, since hashing costs by length."""

    def __init__(self, label: str = "Password", **kw: Any) -> None:
        at_least = validators.Length(min=10, message="At least 10 characters, please: a few words do well.")
        super().__init__(label, [validators.InputRequired("Please choose a password."), at_least, _short_enough], **kw)


def _short_enough(_form: Any, field: Any) -> None:
    if len(field.data) > 500:
        raise validators.ValidationError("At most 500 characters, please.")


class Whole(wtforms.IntegerField):
    """A whole number within bounds."""

    render_kw: Any

    def __init__(self, label: str, *, least: int, most: int, required: bool = False, **kw: Any) -> None:
        super().__init__(label, asked(required, "Please give a number."), **kw)
        self.least, self.most = least, most
        self.render_kw = {"min": least, "max": most, "inputmode": "numeric", **(self.render_kw or {})}

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            return
        if not re.fullmatch(r"[+-]?[0-9]{1,12}", text):
            raise ValueError("Please give a whole number.")
        self.data = int(text)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if self.data is not None and not self.least <= self.data <= self.most:
            raise validators.ValidationError(f"A number from {self.least:,} to {self.most:,}, please.")


class Clock(wtforms.DateTimeLocalField):
    """A wall-clock date and time, `YYYY-MM-DDTHH:MM`; a bare date is accepted as midnight (for whole days)."""

    def __init__(self, label: str, *, required: bool = False, **kw: Any) -> None:
        super().__init__(label, asked(required, "Please give a date and time."), format="%Y-%m-%dT%H:%M", **kw)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if text:
            wall = _bounded(_parsed(text, datetime.fromisoformat, "a date and time, such as 2027-03-30T20:00"))
            self.data = wall.replace(second=0, microsecond=0)


class Day(wtforms.DateField):
    """A date, `YYYY-MM-DD`."""

    data: Any

    def __init__(self, label: str, *, required: bool = False, **kw: Any) -> None:
        super().__init__(label, asked(required, "Please give a date."), **kw)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if text:
            self.data = _bounded(_parsed(text, date.fromisoformat, "a date, such as 2027-03-30")).date()


def _parsed(text: str, parse: Callable[[str], date], wanted: str) -> datetime:
    try:
        day = parse(text[:19])
    except ValueError as error:
        raise ValueError(f"Please give {wanted}; there is no “{text[:30]}”.") from error
    moment = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)
    return moment.replace(tzinfo=None)


def _bounded(moment: datetime) -> datetime:
    if not EARLIEST <= moment.date() < LATEST:
        raise ValueError(f"Please choose a year from {EARLIEST.year} to {LATEST.year - 1}.")
    return moment
