"""Who speaks, by what an announcement says of them."""

import re
from collections.abc import Iterator
from itertools import pairwise

from society.announcements import makers
from society.announcements.given import is_given
from society.announcements.names import NAME, OFFICE, SEVERAL, TITLED, is_name, is_titled, is_trade, parted_from_calling
from society.announcements.shouted import lowered
from society.announcements.words import BODIES, BUILDINGS
from society.text import folded

_DOES = (
    r"(?:(?:has |have )?(?:kindly )?(?:agreed|offered|promised|volunteered) to|(?:has"
    r"|have) [^.,\n]{3,40} and will|(?:ist )?(?:bei uns )?zu Gast|asks?|(?:is|be) invited to|will|shall|['’]ll"
    r"|has (?:also )?(?:just |recently )?(?:written|spent|worked|studied|travelled|walked|collected|photographed)"
    r"|(?:has|have) (?:confirmed|accepted)|(?:is|are) (?:going|coming|here|back) to|comes? to|(?:is"
    r"|are) (?:giving|speaking|talking|presenting|leading|reading"
    r"|showing|joining|visiting|performing|playing)|speaks?|talks?|presents?|reads?|lectures?|introduces?"
    r"|discuss(?:es)?"
    r"|leads?|gives?|performs?|plays?|explains?|shows?|tells?|takes (?:us|you)|shares?|joins?|explores?|describes?"
    r"|examines?|considers?|reveals?|demonstrates?|delivers?|guides|teaches|uncovers?|unravels|traces|recalls"
    r"|spricht|liest|hält|zeigt|stellt|berichtet|erzählt|referiert|erklärt|erläutert|führt|diskutier(?:t|en)"
    r"|präsentiert"
    r"|(?:nous |vous |viendra (?:nous )?|vient (?:nous )?)?(?:parler(?:a|ont)?|présenter(?:a|ont)?|présente"
    r"|raconter(?:a|ont)?"
    r"|raconte|donnera|animera|interviendra|évoquera|expliquera|proposera|partagera|lira|fera|parle)|viendra"
    r"|(?:nos |les |os )?(?:hablará|hablarán|presentará|presentarán|impartirá|ofrecerá|dará|contará|explicará"
    r"|conversará"
    r"|conversarán|charlará|compartirá|disertará|leerá|guiará|mostrará|intervendrá|pronunciará|habla|conversa"
    r"|imparte))\b"
)
_DOING = re.compile(
    rf"(?<![\w.])({SEVERAL})(?:, (?!(?:who|qui|que|quien)\b)([^,.\n]{{3,100}}),)?"
    rf"(?:,? (?:who|qui|que|quien|der|die)(?: [^,.\n]{{3,100}},)?(?=\s|['’]))?(?:\s|(?=['’])){_DOES}"
    rf"|(?<![\w.])({SEVERAL}) on (?=[“\"„«])"
)
_IS = r"(?:is|are|will be|ist|sind|wird|est|sera|sont|seront|es|son|será|serán)"
_BY = re.compile(
    r"(?i:(?:\bw/|\b(?:by|with|(?:conversation|discussion|dialogue|debate) between|zwischen|entre|von|mit|par"
    r"|avec|con|led by|(?:talk|lecture) from"
    r"|(?:hält|spricht|liest|referiert|zeigt|berichtet|erzählt|impartirá|dará|ofrecerá|pronunciará|donnera"
    r"|proposera|animera)"
    r"|conversation with|introduced by|en présence d(?:u|e|e la)"
    r"|(?:speaker|preacher|lecturer|presenter|guest|guest of honou?r|tutor|referent(?:in)?|gast|vortragende[r]?"
    rf"|intervenante?|invitée?|conférenci(?:er|ère)|ponente|invitad[oa]|conferenciante)s?\b[^.\n]{{0,60}}? {_IS}"
    r"|la autora|el autor|a cargo de la|a cargo del?|conférence de|vortrag von|(?:panell?ists|on the panel)(?: are|:)"
    r"|for:|against:|speakers?:|(?:guests?|invitée?s?|invitad[oa]s?|gäste|gast)\s?:|welcom(?:e|es|ed|ing)"
    r"|(?:will |to )?host(?:s|ing)?|featuring|secured|persuaded|hear from|begrüß(?:en|t)|zu gast ist"
    r"|accueiller?(?:a|ons|ont)?|recib(?:e|imos|iremos|irá)|author|director))),? "
    r"(?:(?:el|la|le|der|die|den|the|our|an?) |l['’])?(?:[a-zß-öø-ÿœ]{3,20} ){0,4}"
    rf"({SEVERAL})"
    rf"|(?i:\bjoin (?:us for )?)(?:(?!the )[a-z]{{3,14}} ){{0,2}}({SEVERAL}) (?:for|as)\b"
    rf"|[”\"»],? de ({SEVERAL})"
)
_LEADING = re.compile(rf"(?:^|^.{{0,60}}\d(?:\s?[ap]m| Uhr| ?h)?: )({SEVERAL})(?:: | - (?!\d)| – (?!\d)| on (?=[a-z]))")
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
_CHAIRS = re.compile(r" (?:moderat(?:e|es|ing)\b|chair|be in the chair|facilitat|take the chair)", re.IGNORECASE)
_CHAIRED = re.compile(r"\b(?:chaired|moderated|moderiert|facilitated|modéré|moderad[oa]) $", re.IGNORECASE)
_LEADS_ON = re.compile(r"\b(?:by|with|von|mit|de|par|avec|con)$", re.IGNORECASE)

_CALLINGS = {
    *("professor", "historian", "author", "director", "curator", "editor", "archivist"),
    *("cooperative", "organ", "piano"),
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
        calling, bare = parted_from_calling(bare)
        behind = bool(people) and not people[-1][1] and "," in part
        trade = behind and (is_trade(bare) or (len(pieces) == 2 and _is_known(people[-1][0]) and not _is_known(bare)))
        if not trade and is_name(bare, told=told and (not n or "," not in part)) and re.fullmatch(NAME, bare):
            people.append((bare, about.partition(")")[0] or calling))
        elif people and not people[-1][1]:
            people[-1] = (people[-1][0], piece.strip())
    yield from people


def _is_known(name: str) -> bool:
    return is_titled(name) or is_given(name)


def _speaks(match: re.Match[str]) -> bool:
    """Not who keeps the accounts and "will be at the door", made the tea, or wrote the book that is read."""
    before, named = match.string[: match.start()][-120:], match[0].lower()
    if _CHAIRS.match(match.string, match.end()):
        return False
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
        matches = [
            match for match in matches if not _CHAIRED.search(prose[max(match.start() - 20, 0) : match.start()])
        ] or matches
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
    about = match[2] or match[3] or ""
    return None if OFFICE.match(about) else (match[1], about)


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


def stands_alone(line: str) -> bool:
    """Whether a line is nobody but a speaker, with where they are from between brackets: "Ada Example (Leiden)"."""
    return line[-1:] == ")" and _alone(line) is not None


def is_alone(line: str) -> bool:
    """Whether a line, in capitals too, is nothing but a name and what is said of whoever bears it."""
    alone = _alone(lowered(line))
    return alone is not None and (is_titled(alone[0]) or is_given(alone[0]))


def are_people(text: str) -> bool:
    """Whether a text lists people and nothing else: each of its parts is one, or says something of the one before."""
    listed = people_in(text)
    return len(listed) > 1 and not re.search(r"[“”\"„«:?!]", text)
