"""The catalogues: every phrase that the code says, in every language, with the same fields; and none left over."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from society import phrases
from society.membership.models import Period, Tier
from society.membership.render import dues
from tests.typography import mistyped

MARKING = {"marked": slice(0, 1), "phrase": slice(0, 1), "phrase_of": slice(1, 3)}
"""What phrases are handed to, and as which arguments."""
FIELDS = re.compile(r"\{\{.*?\}\}|\{\w+\}")
LANGUAGES = [one for one in phrases.languages() if one != "en"]


def catalogue(language: str) -> Catalog:
    with (phrases.CATALOGUES / f"{language}.po").open("rb") as file:
        return read_po(file, language, abort_invalid=True)


@cache
def said_in_the_code() -> frozenset[str | tuple[str, str]]:
    texts = (path.read_text() for path in Path(phrases.__file__).parent.rglob("*.py"))
    return frozenset(one for text in texts if "society.phrases import" in text for one in phrases_in(ast.parse(text)))


def phrases_in(tree: ast.AST) -> Iterator[str | tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKING:
            given = node.args[MARKING[node.func.id]]
            assert not any(isinstance(one, ast.JoinedStr) for one in given), ast.unparse(node)
            texts = [one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if len(texts) == 2:
                yield texts[0], texts[1]
            else:
                yield from texts


def test_what_is_marked_is_found():
    code = (
        "marked('a' 'b'); phrase('c {x}', de, x=1); phrase(text, de); other('e'); phrase_of(2, '{n} d', '{n} ds', de)"
    )
    assert set(phrases_in(ast.parse(code))) == {"ab", "c {x}", ("{n} d", "{n} ds")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_phrase_of_the_code_is_in_each_catalogue_and_no_other(language):
    ids = {message.id for message in catalogue(language) if message.id}
    assert ids - said_in_the_code() == set(), "left over"
    assert said_in_the_code() - ids == set(), "missing"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_is_translated_with_the_same_fields(language):
    for message in catalogue(language):
        if message.id:
            texts = message.string if message.pluralizable else [message.string]
            wanted = sorted(FIELDS.findall(message.id[-1] if message.pluralizable else message.id))
            assert not message.fuzzy, message.id
            assert [sorted(FIELDS.findall(text)) for text in texts] == [wanted] * len(texts), message.id
            assert all(texts), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_are_written_in_the_typography_of_their_language(language):
    for message in catalogue(language):
        for text in message.string if message.pluralizable else [message.string]:
            assert not message.id or not mistyped(text, language), text


def test_numbers_change_words_as_each_language_wants():
    tier = Tier(dues=3000, currency="EUR", period=Period.MONTHS, months=6)
    assert [dues(tier, one) for one in ("en", "de", "pl")] == [
        "EUR 30 for 6 months",
        "30,00\xa0€ für 6 Monate",
        "30,00\xa0€ for 6 months",
    ]
    tier.months = 1
    assert [dues(tier, one) for one in ("en", "de")] == ["EUR 30 for 1 month", "30,00\xa0€ für 1 Monat"]
