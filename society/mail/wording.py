"""The wording of letters: templates in Markdown, into which values come without being able to format anything.

Each stands in English as `templates/mail/<name>.md`, and as `templates/mail/<language>/<name>.md` in others.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from inspect import isfunction, signature
from typing import Any, NamedTuple
from urllib.parse import quote

from flask import current_app
from jinja2 import Environment, StrictUndefined, Template, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from society.fields import clean, subject_line
from society.languages import ENGLISH
from society.people.models import Person
from society.phrases import spoken_to
from society.settings import absolute, society

_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-=.!|~&])")
_NOT_IN_ADDRESSES = re.compile(r"[\x00-\x20<>\\;\x7f-\x9f]")
_LINE_OF_A_VALUE = "\u2028"
"""Stands for a newline that came with a value, so that the first line of a letter stays its subject."""


def escaped(value: object) -> Markup:
    """A value as Markdown that reads as just this text; several lines stay lines, but start no list or block."""
    return value if isinstance(value, Markup) else _escaped("" if value is None else str(value))


@lru_cache(1_000)  # the same event's title, time and place stand in very many letters
def _escaped(value: str) -> Markup:
    lines = (line.strip() for line in clean(value).split("\n"))
    return Markup(_MARKS.sub(r"\\\1", "\n".join(lines)))  # noqa: S704


def unescaped(markdown: str) -> str:
    """What `escaped` was given."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown)


def link(address: str, label: str = "") -> Markup:
    """A link in Markdown, shown as the address itself unless labelled; what is no web or mail address stays text.

    The bare form stands between angle brackets, so that it also fits a template's own `[label]({{ address | link }})`.
    """
    address = address.removeprefix("<").removesuffix(">") if isinstance(address, Markup) else address
    if not re.match(r"(https?://|mailto:)", address, re.IGNORECASE):
        return escaped(f"{label} {address}".strip())
    target = _NOT_IN_ADDRESSES.sub(lambda found: quote(found[0]), address)
    return Markup(f"[{escaped(label)}](<{target}>)" if label else f"<{target}>")  # noqa: S704


def language_for(person: Person | None) -> str:
    """That in which the program writes to them: theirs, else the society's, else English."""
    return spoken_to(person.language if person else "", society().language)


class Written(NamedTuple):
    """What a template has become."""

    subject: str
    body: str
    language: str


def from_template(template: str, person: Person | None, wanted: str, fields: dict[str, Any]) -> Written:
    """Subject and Markdown body from that template, whose first line is `Subject: …`, for a reader of the wanted
    language: in that, else in the society's, else in English.

    A field that the template names and nobody gave is an error: a letter has no holes. The subject of what is about one
    `event` of a series, and about no further `evenings`, says on which day that is.
    """
    found, language = _template(template, spoken_to(wanted, society().language))
    given = {**fields, "society": society(), "person": person, "absolute": lambda path: link(absolute(path))}
    first, _, body = found.render(given, language=language).lstrip().partition("\n")
    subject = unescaped(first.removeprefix("Subject:").replace(_LINE_OF_A_VALUE, " "))
    if fields.get("event") is not None and not fields.get("evenings"):
        subject = current_app.jinja_env.filters["on_its_day"](subject, fields["event"], language=language)
    return Written(subject_line(subject), body.replace(_LINE_OF_A_VALUE, "\n").strip(), language)


def _template(name: str, language: str) -> tuple[Template, str]:
    """The letter in that language, or in English if it was not translated; and which it is."""
    english = f"mail/{name}.md"
    if language == ENGLISH:
        return _environment().get_template(english), ENGLISH
    found = _environment().select_template([f"mail/{language}/{name}.md", english])
    return found, ENGLISH if found.name == english else language


def _environment() -> Environment:
    found: Environment | None = current_app.extensions.get("letter_templates")
    if found is None:
        found = current_app.jinja_env.overlay(autoescape=False, finalize=_finalized, undefined=StrictUndefined)
        found.filters = {**{name: _speaking(said) for name, said in found.filters.items()}, "link": link}
        current_app.extensions["letter_templates"] = found
    return found


def _speaking(said: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, which speaks the letter's language if it can speak several; on pages it speaks English."""
    if not isfunction(said) or "language" not in signature(said).parameters:
        return said

    @pass_context
    def in_its_language(context: Context, *values: Any) -> Any:
        return said(*values, language=context["language"])

    return in_its_language


def _finalized(value: Any) -> Any:
    if isinstance(value, StrictUndefined):
        return value  # its own error names the field
    text = escaped(value)
    return text.replace("\n", _LINE_OF_A_VALUE) if "\n" in text else text  # a look is much cheaper than a copy
