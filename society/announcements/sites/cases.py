"""How a German house or room is called by itself, which a sentence puts into another case: "des Alten Rathauses"."""

import re

from society.text import folded

_NEUTER = re.compile(
    r"(?:haus|heim|museum|theater|zentrum|schloss|archiv|institut|foyer|zimmer|kino|gymnasium|kloster|cafe|hotel"
    r"|restaurant|atelier|lokal|gebaude|forum|stift|gut|dorf)$"
)
_MASCULINE = re.compile(r"(?:hof|saal|turm|keller|garten|park|krug|markt|dom|raum|platz|speicher|bau|pavillon)$")
_GENITIVE = re.compile(r"(?<=[a-zß-ÿ]{3})(?:es|s)$")
_DECLINED = re.compile(r"([A-ZÄÖÜ][a-zß-ÿ]{2,14})en$")


def alone(words: str) -> str:
    """The words as they would stand on a sign; what is no house or room of a known gender stays as it is."""
    before, noun = _parted(words)
    if not noun:
        return words
    bare = noun if _ending(noun) else _GENITIVE.sub("", noun, count=1)
    ending = _ending(bare)
    declined = [_DECLINED.sub(rf"\1{ending}", word) for word in before]
    rest = words.split()[len(before) + 1 :]
    return " ".join([*declined, bare, *rest]) if ending else words


def _parted(words: str) -> tuple[list[str], str]:
    """The adjectives before a noun, and it."""
    before: list[str] = []
    for word in words.split():
        if not _DECLINED.match(word):
            return before, word
        before.append(word)
    return before, ""


def _ending(noun: str) -> str:
    plain = folded(noun)
    return "es" if _NEUTER.search(plain) else "er" if _MASCULINE.search(plain) else ""
