"""Who speaks, by what an announcement says of them."""

import re
from collections.abc import Iterator
from itertools import pairwise

from society.announcements import makers
from society.announcements.names import NAME, SEVERAL, TITLED, is_name, is_titled
from society.announcements.shouted import lowered
from society.announcements.words import BODIES, BUILDINGS
from society.text import folded

_DOES = (
    r"(?:has (?:kindly )?agreed to|(?:is|be) invited to|will|is (?:going|coming) to|comes to|shall|speaks?"
    r"|talks?|presents?|reads?|lectures?|introduces?|discuss(?:es)?|leads?|gives?"
    r"|performs?|plays?|explains?|shows?|spricht|liest|hält|zeigt|stellt|berichtet|parlera|présente(?:ra)?|hablará"
    r"|presentará)\b"
)
_DOING = re.compile(
    rf"(?<![\w.])({SEVERAL})(?:, (?!who\b)([^,.\n]{{3,100}}),)?(?:, who)? {_DOES}"
    rf"|(?<![\w.])({SEVERAL}) on (?=[“\"„«])"
)
_BY = re.compile(
    r"(?i:\b(?:by|with|von|mit|par|avec|con|led by|(?:talk|lecture) from"
    r"|(?:hält|spricht|liest|referiert|zeigt|berichtet|erzählt)"
    r"|conversation with|introduced by|en présence d(?:u|e|e la)|speaker\b[^.\n]{0,60}? (?:is|will be)"
    r"|la autora|el autor|a cargo de la|a cargo del?|conférence de|vortrag von|panell?ists:"
    r"|for:|against:|speakers?:|guest:|welcome|author|director)),? "
    r"(?:(?:el|la|der|die) )?(?:[^\W\d_A-Z][^\W\d_A-Z]{2,13} ){0,2}"
    rf"({SEVERAL})"
    rf"|(?i:\bjoin (?:us for )?)(?:(?!the )[a-z]{{3,14}} ){{0,2}}({SEVERAL}) (?:for|as)\b"
    rf"|[”\"»],? de ({SEVERAL})"
)
_LEADING = re.compile(rf"(?:^|^.{{0,60}}\d(?:\s?[ap]m| Uhr| ?h)?: )({SEVERAL})(?:: | - | – | on (?=[a-z]))")
_TIMED = re.compile(
    rf"^\d{{1,2}}[.:]\d\d(?:\s?[–-]\s?\d{{1,2}}[.:]\d\d)?(?:\s?[ap]m| Uhr)?:?\s(?:[A-Z][a-z]{{2,14}}: )?"
    rf"({SEVERAL})(?=:| - | – |,? [“\"„«]).{{0,200}}",
    re.MULTILINE,
)
_BEFORE_TITLE = re.compile(
    rf"(?:^|[–:-] |^\d{{1,2}}[.:]\d\d |\d\s?[ap]m,? | Uhr,? )({SEVERAL}),? (?=[“\"„«])", re.MULTILINE
)
""" "7pm - Ada Example, “The Sea”"."""
_CONVERSING = re.compile(rf"^({NAME}) in conversation with\b", re.MULTILINE)
_ALONE = re.compile(rf"^({NAME})(?: \(([^()\n]{{2,120}})\)|,\s([^\n]{{3,100}}))?$")
_IN_OFFICE = re.compile(
    r"\b(?:treasurer|secretary|steward|warden|caretaker|registrar|schatzmeister(?:in)?|kassenwart(?:in)?"
    r"|trésori(?:er|ère)|tesorer[oa]|secrétaire|secretari[oa]),\s$",
    re.IGNORECASE,
)
_TALKS = re.compile(
    r"\s(?:also |then |be )?(?:speak|talk|lectur|present|read|introduc|discuss|lead|giv|tell|show|expla)", re.IGNORECASE
)
_LEADS_ON = re.compile(r"\b(?:by|with|von|mit|de|par|avec|con)$", re.IGNORECASE)

_CALLINGS = {
    "professor",
    "historian",
    "author",
    "director",
    "curator",
    "editor",
    "archivist",
    "cooperative",
    "organ",
    "piano",
}
_TRADE = re.compile(
    r", ((?:an? |the )?(?:[a-zß-ÿ-]{2,20} ){0,3}"
    r"(?!(?:after|later|dinner|supper|for|or|over|under|her|floor|door|other|together|number|per|never)\b)"
    r"[a-zß-ÿ-]{2,20}(?:er|or|ist|ian)(?: (?:of|at|for|from) [^,.;\n]{2,60})?)(?=[,.;\n]|$)"
)
"""What a name is by its trade: ", wildlife photographer", ", a retired teacher", ", curator of maps"."""


def people_in(text: str, *, told: bool = False) -> list[tuple[str, str]]:
    """The people whom a stretch of text lists, each with what it says about them; `told` behind a label for them."""
    found: list[tuple[str, str]] = []
    for part in re.split(r";\s?|\n", text):
        found += _listed(part.strip(" ."), told=told)
    return list(dict.fromkeys(found))


def _listed(part: str, *, told: bool = False) -> Iterator[tuple[str, str]]:
    """ "Ada Example (B University) and Ben Sample", or "Ada Example, historian at B University"; behind a comma may be
    where they are from.
    """
    pieces = [
        piece
        for piece in re.split(r"(?<!\()\s(?:and|und|et|y|&)\s|,\s(?:and\s|und\s|et\s)?(?![^()]*\))", part)
        if piece
    ]
    people: list[tuple[str, str]] = []
    for n, piece in enumerate(pieces):
        bare, _, about = piece.partition(" (")
        if is_name(bare, told=told and (not n or "," not in part)) and re.fullmatch(NAME, bare):
            people.append((bare, about.partition(")")[0]))
        elif people and not people[-1][1]:
            people[-1] = (people[-1][0], piece.strip())
    yield from people


def _speaks(match: re.Match[str]) -> bool:
    """Not who keeps the accounts and "will be at the door", made the tea, or wrote the book that is read."""
    before, named = match.string[: match.start()][-120:], match[0].lower()
    if _IN_OFFICE.search(before) and re.search(r"\b(?:will|shall|going to)$", named):
        return bool(_TALKS.match(match.string, match.end()))
    return not makers.is_credit(match.string, match.start(), named)


def _doubt(match: re.Match[str]) -> str:
    name = match[match.lastindex or 1]
    unsure = makers.is_unsure(match.string, match.start(), match[0].lower())
    return f"Is it {name} who speaks, or whose work it is?" if unsure else ""


def speaking(prose: str) -> tuple[list[tuple[str, str]], str, str]:
    """Who is said to speak, in a sentence or beneath a title, the words that say so, and what is doubtful about it."""
    for pattern in (_DOING, _BY):
        matches = list(filter(_speaks, pattern.finditer(prose)))
        sure = [match for match in matches if pattern is _DOING or not _doubt(match)]
        found: list[tuple[str, str]] = []
        quotes: list[str] = []
        for match in sure or matches:
            people = [
                (name, about or (match[2] or "" if pattern is _DOING else ""))
                for name, about in _listed(_held(match[1] or match[match.lastindex or 1]))
            ]
            if pattern is _BY and people and not people[-1][1] and (trade := _TRADE.match(prose, match.end())):
                people[-1] = people[-1][0], trade[1]
            found += [person for person in people if person[0] not in [name for name, _ in found]]
            quotes += [match[0].strip()] if people else []
        if found:
            doubt = "" if sure else _doubt(matches[0])
            return _with_those_before(prose, found), "; ".join(quotes), doubt
    found, quote = _on_a_programme(prose) or _before_title(prose) or _beneath(prose) or _on_a_line(prose)
    bare = len(found) == 1 and quote.startswith(f"{found[0][0]}:") and not is_titled(found[0][0])
    return found, quote, f"Is “{found[0][0]}” somebody’s name?" if bare else ""


def _beneath(prose: str) -> tuple[list[tuple[str, str]], str] | None:
    """Who stands on a line by themselves under one that ends with "by", in capitals too."""
    lines = [line for line in prose.split("\n") if line]
    for above, line in pairwise(lines):
        if (led := _LEADS_ON.search(above)) and (alone := _alone(lowered(line))):
            return [alone], f"{led[0]} {line}"
    return None


def _on_a_programme(prose: str) -> tuple[list[tuple[str, str]], str] | None:
    """Who stands before a colon or a dash on at least two of the lines that begin with a time of day."""
    lines = [(match[0], found) for match in _TIMED.finditer(prose) if (found := people_in(match[1]))]
    people = [person for _, found in lines for person in found]
    return (people, "; ".join(line for line, _ in lines)) if len(lines) > 1 else None


def _before_title(prose: str) -> tuple[list[tuple[str, str]], str] | None:
    """Who stands on a line before the title in its quotation marks."""
    match = _BEFORE_TITLE.search(prose)
    found = people_in(match[1]) if match else []
    return (found, match[0].strip(" –-")) if match and found else None


def _held(names: str) -> str:
    """Without a verb or a weekday that a capital letter made part of the last name."""
    return names.strip(" ,.;:")


def _with_those_before(prose: str, found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Add who stands on a line just before "in conversation with"."""
    if (before := _CONVERSING.search(prose)) and is_name(before[1]):
        return [(before[1], ""), *found]
    lines = prose.split("\n")
    for n, line in enumerate(lines[1:], 1):
        if re.match(r"in conversation with\b", line) and (alone := _alone(lines[n - 1])):
            return [alone, *found]
    return found


def _alone(line: str) -> tuple[str, str] | None:
    match = _ALONE.match(line)
    if match is None or not is_name(match[1]) or re.search(r"\d", line):
        return None
    return match[1], match[2] or match[3] or ""


def _on_a_line(prose: str) -> tuple[list[tuple[str, str]], str]:
    for line in prose.split("\n"):
        if (before := _LEADING.match(line)) and (found := people_in(before[1])):
            return found, line
        if (alone := _alone(line)) and (_describes(alone[1]) or TITLED.match(line) or line[-1:] == ")"):
            return [alone], line
    return [], ""


def _describes(about: str) -> bool:
    """Whether it says something of a person: "economist", "Department of Geography", but not "High Street"."""
    words = folded(about).split()
    return about[:1].islower() or any(word in BODIES | BUILDINGS or word in _CALLINGS for word in words)


_TELLER = re.compile(
    rf"(?:,? (?:by|with|von|mit|par|avec)|, (?:an? (?:illustrated )?|der |une? )?(?:talk by|lecture by|vortrag von"
    rf"|lesung mit|conférence de|causerie de|a cargo del?(?: la)?)) ({NAME})$",
)


def parted_from_teller(title: str) -> tuple[str, str]:
    """A title without who tells of it, "The Moon by Prof. Kay", and that name; an untitled one may be in the title."""
    told = _TELLER.search(title)
    return (title[: told.start()], told[1]) if told and is_name(told[1]) else (title, "")


def stands_alone(line: str) -> bool:
    """Whether a line is nobody but a speaker, with where they are from between brackets: "Ada Example (Leiden)"."""
    return line[-1:] == ")" and _alone(line) is not None


def are_people(text: str) -> bool:
    """Whether a text lists people and nothing else: each of its parts is one, or says something of the one before."""
    listed = people_in(text)
    return len(listed) > 1 and not re.search(r"[“”\"„«:?!]", text)
