"""The body that an announcement names on a line by itself: above it, or beneath it as a notice is signed."""

import re
from itertools import pairwise

from society.announcements.backing.backers import bodies_in
from society.announcements.backing.bodies import BODY, is_body, is_company
from society.announcements.shouted import lowered
from society.text import folded

ABOVE, BENEATH = 3, 3
"""Lines at either end where such a name may stand."""
_GOES_ON = re.compile(
    r"(?:proudly |cordially |warmly |vous |le |les |os )?(?:presents?|invites?|invitent|invitan?|lädt|laden|présente"
    r"|present[ae]n?|(?:is|are) (?:pleased|delighted|proud)|tienen? el (?:gusto|placer)|has (?:the|great) pleasure)\b",
    re.IGNORECASE,
)
"""What goes on beneath whoever it says this of."""
_APART = re.compile(r":\s|\s[●|•·∙–-]\s|\s?[,;]\s(?=www\.|https?:|tel\b|\(?\d)|\s(?=www\.|https?:)")
_RELEASE = re.compile(
    r"\b(?:press|news|media) release\b|for immediate release|pressemitteilung|communiqué de presse|nota de prensa",
    re.IGNORECASE,
)
_BODY = re.compile(BODY)


def standing(lines: list[str], taken: set[str]) -> tuple[list[str], str] | None:
    """The bodies on one of the first lines or the last, but for names that are `taken` for something else."""
    lines = [line for line in lines if line]
    for line, beneath in pairwise(lines[: ABOVE + 1]):
        if _GOES_ON.match(beneath) and (is_body(line) or line.casefold().startswith("the ")):
            return bodies_in(line), line
    ends = [*lines[:ABOVE], *reversed(lines[max(ABOVE, len(lines) - BENEATH) :])]
    told = ((named_on(line), _APART.split(line, maxsplit=1)[0]) for line in ends)
    return next(((names, line) for names, line in told if names and not taken & set(map(folded, names))), None)


def named_on(line: str) -> list[str]:
    """The body whose name a line begins with, before how it is reached; none if it says something else."""
    first = _APART.split(lowered(line), maxsplit=1)[0]
    return bodies_in(first) if is_company(first) else []


def releasing(lines: list[str]) -> tuple[list[str], str] | None:
    """The body that sends out a press release: of which it tells first."""
    if not any(map(_RELEASE.search, lines[:ABOVE])):
        return None
    told = (match[0] for line in lines for match in _BODY.finditer(line))
    return next((([name], name) for name in told if is_company(name)), None)
