"""Who stands on the lines of a programme card, with no word that they speak: "Ada Kay – Weirs", "Weirs – Ada Kay"."""

import re

from society.announcements.persons.names import NAME, is_known, is_name

Told = tuple[list[tuple[str, str]], str]
"""People, each with what is said of them, and the words that name them."""

_BESIDE = r"(?: \(([^()\n]{2,120})\))?"
_DATED = r"(?:[^\n]{0,40}\d(?:st|nd|rd|th|\s?[ap]m| Uhr| ?h)?(?:: | [–-] |, ))?"
_FIRST = re.compile(rf"^{_DATED}({NAME}){_BESIDE}(?:: | [–-] (?!\d)|,? (?=[“\"„«‘']))\S", re.MULTILINE)
_ON = re.compile(rf"^{_DATED}({NAME}){_BESIDE} on (?=[A-ZÀ-Þa-z“\"„«‘'])", re.MULTILINE)
_LAST = re.compile(rf"^[^\n]{{4,160}}? [–-] ({NAME}){_BESIDE}$", re.MULTILINE)
_BETWEEN = re.compile(rf"^[^\n]{{0,40}}\d[^\n]{{0,12}} [–-] ({NAME}){_BESIDE} [–-] \S", re.MULTILINE)
_CREDITED = re.compile(rf"^{_DATED}[“\"„«‘'][^\n]{{3,160}}[”\"»’'],?(?: [–-])? ({NAME}){_BESIDE}$", re.MULTILINE)
_QUOTED = re.compile(rf"[”\"»’'] \(({NAME})(?:, [^()\n]{{2,80}})?\)")


def listed(prose: str) -> Told | None:
    """Those of whom each begins a line before what they tell of, or ends one behind it: two or more lines of a kind."""
    for pattern in (_FIRST, _LAST):
        found = _people(pattern, prose, sure=False)
        known = sum(is_known(name) for name, _ in found[0])
        if len(found[0]) > 1 and 2 * known > len(found[0]):
            return found
    return None


def beside_title(prose: str) -> Told | None:
    """The one on a line before the title, "Ada Kay on Weirs", behind it, “Weirs” – Ada Kay, or in brackets there."""
    sure = [_people(pattern, prose, sure=True) for pattern in (_ON, _LAST, _QUOTED)]
    ways = [*sure, *(_people(pattern, prose, sure=False) for pattern in (_CREDITED, _BETWEEN))]
    return next((found for found in ways if len(found[0]) == 1), None)


def _people(pattern: re.Pattern[str], prose: str, *, sure: bool) -> Told:
    """Those whose names are known for such, if it is to be `sure`."""
    found = [match for match in pattern.finditer(prose) if is_name(match[1]) and (not sure or is_known(match[1]))]
    about = [match[2] or "" if pattern.groups > 1 else "" for match in found]
    people = dict.fromkeys(zip((match[1] for match in found), about, strict=True))
    return list(people), "; ".join(match[0].strip(" –-:(") for match in found)
