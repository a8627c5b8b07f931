"""What the program says in letters, in the languages that it was translated to (see `docs/languages.md`).

The English text is the key of a catalogue, `translations/<language>.po`, which is read once in a process. What a
catalogue lacks, and every language that has none, is said in English.
"""

from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Self

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from society.languages import ENGLISH, best

CATALOGUES = Path(__file__).with_name("translations")


@cache
def languages() -> tuple[str, ...]:
    """Those that letters are written in."""
    return (ENGLISH, *sorted(path.stem for path in CATALOGUES.glob("*.po")))


def is_translated(code: str) -> bool:
    """Whether they are written in it, or in what it is a variant of."""
    return best(code, languages()) is not None


@lru_cache  # it is asked for each letter
def spoken_to(wanted: str, otherwise: str) -> str:
    """The language of a letter to somebody who reads the wanted one; if none is known, or not to us, of the other."""
    found = (best(code, languages()) for code in (wanted, otherwise) if code)
    return next(filter(None, found), ENGLISH)


def marked(text: str) -> str:
    """The text as it is: one that stands in a table, to be said later, and so belongs into the catalogues."""
    return text


def phrase(text: str, language: str, **values: object) -> str:
    """The text in that language, with values in the place of `{names}`."""
    said = _catalogue(language).gettext(text) if text else text  # to nothing, a catalogue answers with its head
    return said.format(**values) if values else said


class Sentence(str):
    """A marked text with values in the place of `{names}`: in English as it stands, in others by `said`.

    A value that is a function is what that says in a language.
    """

    __slots__ = ("text", "values")
    text: str
    values: dict[str, object]

    def __new__(cls, text: str, **values: object) -> Self:
        made = super().__new__(cls, phrase(text, ENGLISH, **_in_language(values, ENGLISH)))
        made.text, made.values = text, values
        return made


def said(sentence: str, language: str) -> str:
    """That sentence, or marked text, in that language."""
    if isinstance(sentence, Sentence):
        return phrase(sentence.text, language, **_in_language(sentence.values, language))
    return phrase(sentence, language)


def _in_language(values: dict[str, object], language: str) -> dict[str, object]:
    return {name: value(language) if callable(value) else value for name, value in values.items()}


def phrase_of(number: int, one: str, many: str, language: str, **values: object) -> str:
    """The same of a number of things."""
    return _catalogue(language).ngettext(one, many, number).format(**values)


@lru_cache
def _catalogue(language: str) -> NullTranslations:
    return _read(best(language, languages()) or ENGLISH)


@cache
def _read(language: str) -> NullTranslations:
    if language == ENGLISH:
        return NullTranslations()
    compiled = BytesIO()
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        write_mo(compiled, read_po(file, language))
    compiled.seek(0)
    return GNUTranslations(compiled)
