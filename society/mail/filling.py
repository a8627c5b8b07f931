"""Words in double braces, and what becomes of a text that has them: plain substitution, in one pass, nothing more."""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from itertools import count

from markupsafe import Markup

from society.fields import clean
from society.mail.wording import escaped
from society.text import parsed

FIELD = re.compile(r"\{\{([^{}]*)\}\}")
_CODE = re.compile(r"[`~]|^(?: {4}|[ ]*\t)", re.MULTILINE)
_OF_CODE = ("code_inline", "code_block", "fence")
_HEADING = re.compile(r"#{1,6}\s")
_LABELLED = re.compile(r"\W*(?:\d+[.)]\s+)?(?:[^.!?:{}]*:\W*)?\{\{[^{}]*\}\}\W*")
"""A field as all that a line says, or behind no more than what it is called."""


def names(text: str) -> set[str]:
    """The fields in it."""
    return {field.strip() for field in FIELD.findall(text)}


def begun(body: str, lacking: Iterable[str], put_in: Mapping[str, str]) -> str:
    """The body without what is lacking, so that no letter has a hole; some fields are put in at once.

    A line with a field that is lacking is left out. A paragraph that has no field left goes whole then, and with it the
    heading right above, if that has no field of its own.
    """
    kept: list[str] = []
    for paragraph in _paragraphs(body):
        rest = _without(paragraph, set(lacking))
        if rest:
            kept.append(rest)
        elif kept and _only_heads(kept[-1]):
            kept.pop()
    return FIELD.sub(lambda field: put_in.get(field[1].strip(), field[0]), "\n\n".join(kept))


def closed_up(body: str, empty: Collection[str]) -> str:
    """A text that somebody has written, without the lines that say nothing once those fields are empty.

    Only what can be spared without a trace goes: a line that is the field alone or its label and the field, and the
    heading of what is gone. A field within a sentence, or announced by one that ends in a colon, stays.
    """
    if not names(body) & set(empty):
        return body
    kept: list[str] = []
    for paragraph in _paragraphs(body):
        lines = [line for line in paragraph.split("\n") if not (names(line) & set(empty) and _alone(line, paragraph))]
        above = lines or kept[-1:]
        if lines == paragraph.split("\n") or (above and above[-1].rstrip().endswith(":")):
            kept.append(paragraph)
        elif lines:
            kept.append("\n".join(lines))
        elif kept and _only_heads(kept[-1]):
            kept.pop()
    return "\n\n".join(kept)


def _alone(line: str, paragraph: str) -> bool:
    """A line that is nothing but the field may be the rest of a sentence, unless it is a paragraph of its own."""
    return bool(_LABELLED.fullmatch(line)) and (line == paragraph or not line.lstrip(" *_>").startswith("{{"))


def _paragraphs(body: str) -> list[str]:
    return re.split(r"\n\s*\n", body.strip("\n"))


def _only_heads(paragraph: str) -> bool:
    """Whether it is a heading that names no field itself."""
    return bool(_HEADING.match(paragraph)) and not names(paragraph) and "\n" not in paragraph


def _without(paragraph: str, lacking: set[str]) -> str:
    lines = paragraph.split("\n")
    kept = [line for line in lines if not names(line) & lacking]
    return "\n".join(kept) if kept == lines or any(map(names, kept)) else ""


def filled(markdown: str, values: Mapping[str, str]) -> str:
    """The text with each field's value in place; a value can neither format nor name another field."""
    code, places = _in_code(markdown), count()

    def value(field: re.Match[str]) -> str:
        found = values.get(field[1].strip(), "")
        return _as_code(found) if next(places) in code else escaped(found)

    return FIELD.sub(value, markdown)


@lru_cache(100)
def _in_code(markdown: str) -> frozenset[int]:
    """Which of its fields stand in code, by their place among all: there nothing is escaped (CommonMark 0.31, 6.1)."""
    if not _CODE.search(markdown):
        return frozenset()
    places = count()
    tokens = parsed(FIELD.sub(lambda _: f"q{next(places)}q0q", markdown))
    code = [one.content for token in tokens for one in (token, *(token.children or ())) if one.type in _OF_CODE]
    return frozenset(int(place) for text in code for place in re.findall(r"q(\d+)q0q", text))


def _as_code(value: str) -> str:
    """On one line, and without what could end the code."""
    return re.sub(r"[`~]", "'", " ".join(clean(_bare(value)).split()))


def filled_line(text: str, values: Mapping[str, str]) -> str:
    """The same for a subject, which is no Markdown."""
    return FIELD.sub(lambda field: _bare(values.get(field[1].strip(), "")), text)


def _bare(value: str) -> str:
    return value.removeprefix("<").removesuffix(">") if isinstance(value, Markup) else value


def unknown(name: str) -> str:
    """The sentence about a field that there is not."""
    return f"There is no field {{{{ {name[:40]} }}}}."


def stray_braces(text: str) -> list[str]:
    """The sentence about braces that belong to no field, if there are some."""
    found = re.search(r"\{\{|\}\}", FIELD.sub("", text))
    return ["Some {{ or }} stands alone; a field is written like {{ first_name }}."] if found else []
