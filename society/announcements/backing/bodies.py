"""What the names of bodies look like, of societies as of firms."""

import re

from society.announcements.persons.capitals import CAPITAL
from society.announcements.shouted import lowered
from society.announcements.words import BODIES, FIRST_IN_BODIES, LAST_IN_BODIES
from society.text import folded

_JOINT = (
    r"(?:of the|of|for the|for|and the|and|&|the|de la|de l['’]|de|du|des|del|d['’]|la|le|les|el|los|las|das|et|y|und"
    r"|für|der|zu|zur|am|im)"
)
_WORD = rf"(?:{CAPITAL}[\w'’&.-]{{0,24}}(?<!\.)|U3A)"
_QUALITY = r"[a-zà-ÿ]{3,20}(?:ique|aire|iste|elle|ale?|ien(?:ne)?|ic[ao]|ista|ural|ches?)"
"""A small word that belongs to a name where languages put it last: "Cercle généalogique", "Cercle d'histoire"."""
_OF_WHAT_KIND = rf"(?: d['’][a-zà-ÿ]{{3,20}}\b)?(?: {_QUALITY}\b)?"
BODY = rf"(?:{_WORD}|(?:d|l)['’]{_WORD}){_OF_WHAT_KIND}(?:,? (?:{_JOINT} ?){{0,2}}{_WORD}){{0,9}}"
"""What the name of a body looks like; whether it is one, its words must tell."""


_IN_A_NAME = re.compile(
    r"(?:[A-ZÀ-Þ\d&][\w.'’&-]*|of|for|and|the|de|del|du|des|la|las|los|le|les|et|y|und|für|der|an?|zu|d['’]\S+)"
)
_REGISTERED = re.compile(r",?\s(?:e\.\s?V\.?|gGmbH|Ltd\.?|Inc\.?|CIO|ASBL)$")


def body_in(words: str) -> str:
    """The name of a body with which some words begin; empty if it is none's: it has a word that bodies have."""
    name = lowered(words.strip(" ,.&"))
    return (
        name if len(name.removeprefix("The ").split()) > 1 and is_body(name) and not name.endswith(("'s", "’s")) else ""
    )


_OF_BODIES = (
    *("verein", "vereins", "gesellschaft", "verband", "verbands", "bund", "bundes", "stiftung", "kreises", "bucherei"),
    *("archiv", "museum"),
)


def is_body(name: str) -> bool:
    """Whether a name has a word that the names of bodies have."""
    words = folded(name).removeprefix("the ").replace("'", " ").replace("’", " ").split()
    known = BODIES | FIRST_IN_BODIES | LAST_IN_BODIES
    return any(word in known or word.endswith(_OF_BODIES) for word in words)


_COMPANIES = LAST_IN_BODIES - {"museum", "university", "college", "institute", "academy"} | {
    *("soc", "assoc", "commission", "fellowship", "initiative", "partnership", "ramblers"),
    *("naturalists", "astronomers", "stargazers", "gardeners", "historians", "friends", "amis", "amigos", "poets"),
    *("societe", "sociedad", "asociacion", "cercle", "circulo", "forum", "gesellschaft", "verein"),
    *("foundation", "conservancy", "bund", "singers", "choir", "chorus", "kantorei", "chor", "coro", "choeur"),
}
"""What people call themselves who do something together, unlike a house."""
_HEADS = FIRST_IN_BODIES - {"university", "universitat", "universite", "universidad"}
"""With what the name of a body begins that is no house as well."""
_NO_COMPANY = {"from", "news", "notes", "minutes", "with", "by", "at", "join", "meet", "visit", "talk", "walk", "next"}
LONGEST_COMPANY = 9


def is_company(line: str) -> bool:
    """Whether it is nothing but the name of some people, of three words or more: "Society for Local History"."""
    words = re.sub(r"\s\([\w .'’]{2,30}\)$", "", _REGISTERED.sub("", lowered(line))).split()
    if not 2 < len(words) <= LONGEST_COMPANY or not all(map(_IN_A_NAME.fullmatch, words)):
        return False
    plain = [word.strip(".,") for word in folded(" ".join(words)).removeprefix("the ").split()]
    if _NO_COMPANY & set(plain):
        return False
    found = [n for n, word in enumerate(plain) if word in _COMPANIES or (not n and word in _HEADS)]
    followed = (plain[n + 1 : n + 2] for n in found)
    return any(not after or after[0] in _OF_WHAT or after[0].startswith("d'") for after in followed)


_OF_WHAT = {"of", "for", "de", "des", "du", "del", "fur", "der", "von", "zu", "inc"}


def is_letterhead(line: str) -> bool:
    """Whether it is nothing but the name of a body, as it stands above what it announces."""
    whole, line = line, _REGISTERED.sub("", line)
    words = lowered(line).split()
    if not 1 < len(words) <= 8 or not all(map(_IN_A_NAME.fullmatch, words)):
        return False
    plain = folded(line).removeprefix("the ").split()
    ends = plain[-1] in LAST_IN_BODIES and not {"of", "for"} & {*plain}
    ends = ends or plain[-1].endswith(("verein", "gesellschaft"))
    return ends or plain[0] in FIRST_IN_BODIES or line != whole
