"""The body that an announcement names on a line by itself: above it, or beneath it as a notice is signed."""

import re
from itertools import pairwise

from society.announcements.backers import bodies_in
from society.announcements.bodies import BODY, is_body, is_company
from society.announcements.shouted import lowered
from society.text import folded

ABOVE, BENEATH = 3, 3
"""Lines at either end where such a name may stand."""
_PRESENT = re.compile(
    r",?\s(?:proudly )?(?:presents?|invites?(?: you)?|präsentier(?:t|en)|présentent?|presentan?)\s?:?$",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"(?:proudly |cordially |warmly |vous |le |les |os )?(?:presents?|invites?|invitent|invitan?|lädt|laden|présente"
    r"|present[ae]n?|(?:is|are) (?:pleased|delighted|proud)|tienen? el (?:gusto|placer)|has (?:the|great) pleasure)\b",
    re.IGNORECASE,
)
"""What goes on beneath whoever it says this of."""
_WORD = r"(?:[A-ZÀ-Þ&][\w'’.&-]{0,24}|of|for|and|the|de|des|du|del|und|et|y)"
_NAMED = re.compile(rf"{_WORD}(?:\s{_WORD}){{1,9}}")
_APART = re.compile(r":\s|\s[●|•·∙–-]\s|\s?[,;]\s(?=www\.|https?:|tel\b|\(?\d)|\s(?=www\.|https?:)")
_REACHED = re.compile(
    r"\d{3}|@|www\.|https?:|\.(?:org|com|net|de|fr|es|uk)\b|facebook|instagram|founded|established|\best\b"
    r"|^(?:joint|spring|summer|autumn|winter|monthly|annual|programme|meeting|newsletter|events?|notice)\b"
    r"|registered|charity|member of|branch$",
    re.IGNORECASE,
)
_HASHED = re.compile(r"#?((?:[A-ZÀ-Þ][a-zß-ÿ]{1,20}|[A-Z]{1,3}(?=[A-Z])){2,6})")
_HUMP = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])")
_BOTH = re.compile(r"\s(?:and the|and|&|with the|with|und|et|y|x|/)\s|\s?/\s")
_RELEASE = re.compile(
    r"\b(?:press|news|media) release\b|for immediate release|pressemitteilung|communiqué de presse"
    r"|nota de prensa",
    re.IGNORECASE,
)
_ASKED = re.compile(r"(?:media |press )?(?:contact|enquiries|information|kontakt|contacto)\b", re.IGNORECASE)
_BODY = re.compile(BODY)


def standing(lines: list[str], taken: set[str]) -> tuple[list[str], str] | None:
    """The bodies on one of the first lines or the last, but for names that are `taken` for something else."""
    lines = [line for line in lines if line]
    for line, beneath in pairwise(lines[: ABOVE + 1]):
        if _GOES_ON.match(beneath) and _NAMED.fullmatch(lowered(line)) and _is_somebody(lowered(line)):
            return bodies_in(line), line
    ends = [*lines[:ABOVE], *reversed(lines[max(ABOVE, len(lines) - BENEATH) :])]
    told = ((named_on(line), _APART.split(line, maxsplit=1)[0]) for line in ends)
    return next(((names, line) for names, line in told if names and not taken & set(map(folded, names))), None)


def _is_somebody(name: str) -> bool:
    return is_body(name) or (name.startswith("The ") and len(name.split()) > 2)


def named_on(line: str) -> list[str]:
    """The bodies of whose names and how they are reached a line is made; none if it says something else."""
    line = _PRESENT.sub("", line)
    hashed = _HASHED.fullmatch(line)
    first, *others = _APART.split(_HUMP.sub(" ", hashed[1]) if hashed else lowered(line), maxsplit=6)
    if not all(map(_REACHED.search, others)):
        return []
    both = _BOTH.split(first)
    if len(both) > 1 and all(map(is_company, both)):
        return both
    return [first] if is_company(first) else []


def releasing(lines: list[str]) -> tuple[list[str], str] | None:
    """The body that sends out a press release: whose office is asked for more, else of which it tells first."""
    if not any(map(_RELEASE.search, lines[:ABOVE])):
        return None
    asked = [part for line in lines if _ASKED.search(line) for part in re.split(r",\s|:\s", line)]
    told = [match[0] for line in lines for match in _BODY.finditer(line)]
    return next((([name], name) for name in [*asked, *told] if is_company(name)), None)
