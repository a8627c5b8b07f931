"""Who speaks, by what an announcement says of them."""

import re
from collections.abc import Iterable, Iterator

from society.announcements.persons import bystanders, cards, makers
from society.announcements.persons.given import is_given
from society.announcements.persons.names import (
    CALLED,
    NAME,
    OFFICE,
    TITLED,
    is_known,
    is_name,
    is_titled,
    is_trade,
    parted_from_calling,
)
from society.announcements.persons.spoken import ABOUT, BEFORE_TITLE, BY, CONVERSING, DOING, LEADING, TIMED
from society.announcements.shouted import lowered
from society.announcements.words import BODIES, BUILDINGS
from society.text import folded

Person = tuple[str, str]
"""A name, and what is said of them."""

_ALONE = re.compile(rf"^({NAME})(?: \(([^()\n]{{2,120}})\)|,\s([^\n]{{3,100}}))?$")
_DAYS_BESIDE = re.compile(
    r"^(?:But|And|So|Then|Now|Tonight|Luckily|Happily|Also|When|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January"
    r"|February|March|April|May|June|July|August|September|October|November|December|Januar|Februar|März|Mai|Juni"
    r"|Juli|Oktober|Dezember|Uhr|GMT|BST)\s(?=\S+\s\S)|\s(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day$"
)
_SAID_BEFORE = re.compile(rf"((?:[\w-]{{1,20}} ){{0,4}}[a-zß-öø-ÿ][\w-]{{2,20}}) ({NAME})")
"""Behind a label, what somebody is before their name: "School Board member Ada Example"."""
_HERRN = re.compile(rf"^Herrn (?={TITLED.pattern})")
"""In German as one says it of somebody."""

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


def people_in(text: str, *, told: bool = False) -> list[Person]:
    """The people whom a stretch of text lists, each with what it says about them; `told` behind a label for them."""
    found: list[Person] = []
    for part in re.split(r";\s?|\n", text):
        found += _listed(part.strip(" ."), told=told)
    return list(dict.fromkeys(found))


def _listed(part: str, *, told: bool = False) -> Iterator[Person]:
    """ "Ada Example (B University) and Ben Sample", or "Ada Example, historian at B University"; behind a comma may be
    where they are from.
    """
    pieces = [
        piece
        for piece in re.split(r"(?<!\()\s(?:and|und|et|y|&)\s|,\s(?:and\s|und\s|et\s)?(?![^()]*\))", part)
        if piece
    ]
    people: list[Person] = []
    for n, piece in enumerate(pieces):
        bare, _, about = _HERRN.sub("", piece).partition(" (")
        called = CALLED.match(bare)
        calling, bare = (called[0].strip(), bare[called.end() :]) if called else parted_from_calling(bare)
        bare = bare.removeprefix("the ")
        said = _SAID_BEFORE.fullmatch(bare) if told and not called else None
        if said and not bystanders.is_chaired_by(bare, said.start(2)):
            calling, bare = said[1], said[2]
        behind = bool(people) and not people[-1][1] and "," in part
        trade = behind and (is_trade(bare) or (len(pieces) == 2 and is_known(people[-1][0]) and not is_known(bare)))
        if not trade and is_name(bare, told=told and (not n or "," not in part)) and re.fullmatch(NAME, bare):
            people.append((bare, about.partition(")")[0] or calling))
        elif people and not people[-1][1]:
            people[-1] = (people[-1][0], piece.strip())
    yield from people


def speaking(prose: str) -> tuple[list[Person], str, str]:
    """Who is said to speak, in a sentence or beneath a title, the words that say so, and what is doubtful about it."""
    for pattern in (DOING, BY):
        told = [(match, people) for match in _telling(pattern, prose) if (people := _told_by(match))]
        sure = [one for one in told if pattern is DOING or not _doubt(one[0])]
        if told:
            named = _each_once(person for _, people in sure or told for person in people)
            quote = "; ".join(match[0].strip() for match, _ in sure or told)
            return _with_those_before(prose, named), quote, "" if sure else _doubt(told[0][0])
    found, quote = (
        _on_a_programme(prose)
        or cards.listed(prose)
        or _each_about(prose)
        or _before_title(prose)
        or cards.beside_title(prose)
        or _on_a_line(prose)
    )
    bare = len(found) == 1 and quote.startswith(f"{found[0][0]}:") and not is_titled(found[0][0])
    return found, quote, f"Is “{found[0][0]}” somebody’s name?" if bare else ""


def _each_once(people: Iterable[Person]) -> list[Person]:
    """In their order, with what was said of them first."""
    first: dict[str, str] = {}
    for name, about in people:
        first.setdefault(name, about)
    return list(first.items())


def _telling(pattern: re.Pattern[str], prose: str) -> list[re.Match[str]]:
    """Where a text says so of somebody; of who is in the chair only if it says so of nobody else."""
    matches = [match for match in pattern.finditer(prose) if not bystanders.stands_by(match)]
    return [match for match in matches if not bystanders.is_chaired_by(prose, match.start())] or matches


def _told_by(match: re.Match[str]) -> list[Person]:
    """Whom such words name, each with what is said of them beside their name."""
    at = match.lastindex or 1
    people = people_in(_held(match[1] or match[at] if match.re is DOING else match[at]))
    people = people[:-1] if bystanders.takes_the_chair(match) else people
    if match.re is DOING:
        return [(name, about or match[2] or "") for name, about in people]
    if people and not people[-1][1] and (trade := _TRADE.match(match.string, match.end())):
        people[-1] = people[-1][0], trade[1]
    return people


def _doubt(match: re.Match[str]) -> str:
    name = match[match.lastindex or 1]
    unsure = makers.is_unsure(match.string, match.start(), match[0].lower())
    return f"Is it {name} who speaks, or whose work it is?" if unsure else ""


def _on_a_programme(prose: str) -> tuple[list[Person], str] | None:
    """Who stands before a colon or a dash on at least two of the lines that begin with a time of day."""
    lines = [(match[0], found) for match in TIMED.finditer(prose) if (found := people_in(match[1]))]
    people = [person for _, found in lines for person in found]
    return (people, "; ".join(line for line, _ in lines)) if len(lines) > 1 else None


def _each_about(prose: str) -> tuple[list[Person], str] | None:
    """Two or more in one line, of each of whom it is said what they talk about."""
    for line in prose.split("\n"):
        told = [(match[0], found) for match in ABOUT.finditer(line) if (found := people_in(match[1]))]
        if len(told) > 1:
            return [person for _, found in told for person in found], "; ".join(words for words, _ in told)
    return None


def _before_title(prose: str) -> tuple[list[Person], str] | None:
    """Who stands on a line before the title in its quotation marks."""
    match = BEFORE_TITLE.search(prose)
    found = people_in(match[1]) if match else []
    return (found, match[0].strip(" –-")) if match and found else None


def _held(names: str) -> str:
    """Without a weekday or a month that a capital letter made part of the first name or the last."""
    return _DAYS_BESIDE.sub("", names).strip(" ,.;:")


def _with_those_before(prose: str, found: list[Person]) -> list[Person]:
    """Add who stands on a line just before "in conversation with"."""
    if (before := CONVERSING.search(prose)) and is_name(before[1]):
        return [(before[1], ""), *found]
    lines = prose.split("\n")
    for n, line in enumerate(lines[1:], 1):
        if re.match(r"in conversation with\b", line) and (alone := _alone(lines[n - 1])):
            return [alone, *found]
    return found


def _alone(line: str) -> Person | None:
    match = _ALONE.match(line)
    if match is None or not is_name(match[1]) or re.search(r"\d", line):
        return None
    about = match[2] or match[3] or ""
    return None if OFFICE.match(about) else (match[1], about)


def _on_a_line(prose: str) -> tuple[list[Person], str]:
    for line in prose.split("\n"):
        before = LEADING.match(line)
        if before and not is_alone(line[before.end() :]) and (found := people_in(before[1])):
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
    return len(people_in(text)) > 1
