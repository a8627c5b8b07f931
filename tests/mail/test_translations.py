"""Letters in other languages are made of what the English ones are: the same fields, filters and links."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes
from jinja2.meta import find_referenced_templates

from tests.typography import mistyped

LETTERS = Path(__file__).parents[2] / "templates" / "mail"
NAMES = {path.name for path in LETTERS.glob("*.md")}
LANGUAGES = sorted(path.name for path in LETTERS.iterdir() if path.is_dir())


def test_there_are_letters_in_other_languages():
    assert {"de", "fr", "es"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_letter_and_none_too_many(language):
    assert {path.name for path in (LETTERS / language).iterdir()} == NAMES


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_is_made_of_what_the_english_one_is(language):
    others = {name: (parsed(LETTERS / name), parsed(LETTERS / language / name)) for name in sorted(NAMES)}

    for name, (english, translated) in others.items():
        assert made_of(translated) == made_of(english), f"{language}/{name}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_includes_parts_in_its_own_language_alone(language):
    for name in sorted(NAMES):
        included = set(find_referenced_templates(parsed(LETTERS / language / name)))
        english = set(find_referenced_templates(parsed(LETTERS / name)))
        assert included == {one and one.replace("mail/", f"mail/{language}/") for one in english}, f"{language}/{name}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_begins_with_its_subject_where_the_english_one_does(language):
    for name in sorted(NAMES):
        begins = [path.read_text().startswith("Subject: ") for path in (LETTERS / name, LETTERS / language / name)]
        assert begins[0] == begins[1] == (not name.startswith("_")), f"{language}/{name}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_are_written_in_the_typography_of_their_language(language):
    for name in sorted(NAMES):
        assert not mistyped("\n".join(prose(parsed(LETTERS / language / name))), language), f"{language}/{name}"


@pytest.mark.parametrize("language", ["", *LANGUAGES])
def test_no_word_that_is_chosen_needs_a_space_at_its_edge_where_values_are_trimmed(language):
    for name in sorted(NAMES):
        texts = chosen(parsed(LETTERS / language / name))
        assert not [text for text in texts if text != text.strip()], f"{language}/{name}"


def parsed(path: Path) -> nodes.Template:
    return Environment(autoescape=False).parse(path.read_text())  # noqa: S701, letters are Markdown


def made_of(letter: nodes.Template) -> dict[str, set[str]]:
    """Its fields down to their attributes, its filters, and the pages that it leads to."""
    calls = [call for call in letter.find_all(nodes.Call) if call.node == nodes.Name("absolute", "load")]
    return {
        "fields": {found.name for found in letter.find_all(nodes.Name)},
        "attributes": {dotted(found).replace("in_a_sentence", "name") for found in letter.find_all(nodes.Getattr)},
        "filters": {found.name for found in letter.find_all(nodes.Filter)},
        "pages": {repr(call.args) for call in calls},
    }


def dotted(found: nodes.Getattr) -> str:
    """ "backing.organization.name"; "the" before a name is English, so other languages have the name alone."""
    owner = found.node
    return f"{dotted(owner) if isinstance(owner, nodes.Getattr) else getattr(owner, 'name', '')}.{found.attr}"


def prose(letter: nodes.Template) -> Iterator[str]:
    """What stands there to be read: the text around the fields, and what is chosen in them."""
    yield from (found.data for found in letter.find_all(nodes.TemplateData))
    yield from chosen(letter)


def chosen(letter: nodes.Template) -> Iterator[str]:
    for output in letter.find_all(nodes.Output):
        choices = [*output.find_all(nodes.CondExpr), *output.find_all(nodes.Dict)]
        yield from (
            found.value for one in choices for found in one.find_all(nodes.Const) if isinstance(found.value, str)
        )
