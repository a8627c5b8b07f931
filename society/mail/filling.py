"""Words in double braces, and what becomes of a text that has them: plain substitution, in one pass, nothing more."""

import re
from collections.abc import Iterable, Mapping

from markupsafe import Markup

from society.mail.wording import escaped

FIELD = re.compile(r"\{\{([^{}]*)\}\}")
_HEADING = re.compile(r"#{1,6}\s")


def names(text: str) -> set[str]:
    """The fields in it."""
    return {field.strip() for field in FIELD.findall(text)}


def begun(body: str, lacking: Iterable[str], put_in: Mapping[str, str]) -> str:
    """The body without what is lacking, so that no letter has a hole; some fields are put in at once.

    A line with a field that is lacking is left out. A paragraph that has no field left goes whole then, and with it the
    heading right above, if that has no field of its own.
    """
    kept: list[str] = []
    for paragraph in re.split(r"\n\s*\n", body.strip("\n")):
        rest = _without(paragraph, set(lacking))
        if rest:
            kept.append(rest)
        elif kept and _HEADING.match(kept[-1]) and not names(kept[-1]) and "\n" not in kept[-1]:
            kept.pop()
    return FIELD.sub(lambda field: put_in.get(field[1].strip(), field[0]), "\n\n".join(kept))


def _without(paragraph: str, lacking: set[str]) -> str:
    lines = paragraph.split("\n")
    kept = [line for line in lines if not names(line) & lacking]
    return "\n".join(kept) if kept == lines or any(map(names, kept)) else ""


def filled(markdown: str, values: Mapping[str, str]) -> str:
    """The text with each field's value in place; a value can neither format nor name another field."""
    return FIELD.sub(lambda field: escaped(values.get(field[1].strip(), "")), markdown)


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
