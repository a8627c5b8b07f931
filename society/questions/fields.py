"""Form fields for answers: one or several of an organizer's options, and small files."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import wtforms
from flask import request
from wtforms import validators
from wtforms.widgets import CheckboxInput, ListWidget

from society.fields import on_one_line

LARGEST = 2 * 1024 * 1024
"""Bytes of a file that is an answer: a scanned page or a photograph made small."""

_KINDS = (
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
)
"""How files begin that are taken, what they are, and how their names end."""


class OneOption(wtforms.RadioField):
    """One of the options, or none."""

    def __init__(self, label: str, options: Sequence[str], *, none: bool, **kw: Any) -> None:
        super().__init__(label, choices=[], **kw)
        self.choices = [*((option, option) for option in options), *([("", "No answer")] if none else [])]

    def pre_validate(self, form: Any) -> None:
        if self.data and self.data not in {value for value, *_ in self.choices or ()}:
            raise validators.ValidationError("Please choose one from the list.")


class SomeOptions(wtforms.SelectMultipleField):
    """Any of the options."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str, options: Sequence[str], **kw: Any) -> None:
        super().__init__(label, choices=[], **kw)
        self.choices = [(option, option) for option in options]

    def pre_validate(self, form: Any) -> None:
        if set(self.data or ()) - {value for value, *_ in self.choices or ()}:
            raise validators.ValidationError("Please choose from the list.")


@dataclass(frozen=True)
class Sent:
    """A file as it came."""

    name: str
    media_type: str
    content: bytes


class Upload(wtforms.FileField):
    """A small file of a few kinds, known by how it begins and not by what it is called."""

    data: Any
    most = LARGEST

    def process_formdata(self, valuelist: list[Any]) -> None:
        sent = request.files.get(self.name)
        content = sent.stream.read(LARGEST + 1) if sent else b""
        self.data = _sent(sent.filename, content) if sent and (content or sent.filename) else None

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if self.data and len(self.data.content) > LARGEST:
            raise validators.ValidationError("At most 2 MB, please: a smaller scan or picture does.")
        if self.data and not self.data.content:
            raise validators.ValidationError("This file is empty. Please choose another.")
        if self.data and not self.data.media_type:
            raise validators.ValidationError("Please choose a PDF, a JPEG or a PNG picture.")


def _sent(name: str | None, content: bytes) -> Sent:
    media_type, ending = next(((kind, end) for start, kind, end in _KINDS if content.startswith(start)), ("", ""))
    stem = on_one_line((name or "").replace("\\", "/").rpartition("/")[2]).rpartition(".")[0]
    return Sent(f"{stem[:100] or 'file'}{ending}", media_type, content)
