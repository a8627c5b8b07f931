"""Who an announcement names without a word that they speak: on a line by themselves, or once in a sentence."""

import re
from itertools import pairwise

from society.announcements.days.dates import dated_in
from society.announcements.persons import bystanders
from society.announcements.persons.given import is_given
from society.announcements.persons.names import NAME, OFFICE, is_known, is_name, is_titled, parted_from_calling
from society.announcements.persons.people import people_in
from society.announcements.shouted import lowered
from society.text import folded

Person = tuple[str, str]
"""A name, and what is said of them."""

_LINE = re.compile(
    rf"({NAME})(?:,? (Ph\. ?D\.?|M\.?D\.|[A-Z]{{2,5}}))?(?: ?\(([^()\n]{{2,120}})\)|,? [–|-] ([^\n]{{3,80}})"
    rf"|, ([^\n\d]{{3,100}}))?"
)
_BESIDE = re.compile(r"\(([^()\n]{2,120})\)$")
_CONTACT = re.compile(
    r"\b(?:contact|tell|ask|let|write to|tickets?|book(?:ing)?s?|r\.?s\.?v\.?p|register|e-?mail|call|phone|ring|tel"
    r"|kontakt|anmeld\w+|auskunft|information\w*|réserv\w+|renseignements|inscri\w+|reserva\w*|secretary|treasurer"
    r"|chair(?:man|woman|person)?|president|editor|edited|redaktion|v\.?i\.?s\.?d\.?p|organi[sz]er|committee|memory"
    r"|honou?r|named|founded|tribute|prize|award|award(?:ed)?|novel|book|chaired|moderat\w+|modera|chair|thanks?"
    r"|permission|courtesy|kindness|generosity|hospitality|apologies|congratulations|vorsitz\w*|schriftführer(?:in)?"
    r"|président\w*|secrétaire|tesorer[oa]|secretari[oa]|dank|merci|gracias)\b[^.?!;\n]{0,40}$"
    r"|\b(?:names|money|monies|payments?|orders|suggestions|replies|forms?|slips?)(?: \w+){0,3} (?:to|with)\s$"
    r"|\bby (?:our|the|my|an?) (?:\w+ ){1,3}?\w+,\s$|\b(?:by|for|from|von|de|par|por|pour|für)\s(?:\w+\s)?$",
    re.IGNORECASE,
)
"""What stands before who is named for something else than to speak."""
_SOLEMN = re.compile(r"\b(?:in memory|memorial|honou?ring)\b", re.IGNORECASE)
_AND = re.compile(r"\s(?:and|und|et|y|&)\s")
_OWN = re.compile(
    r"\b(?:my (?:talk|lecture|title|subject|slides|presentation|paper)|put me down (?:as|for|with)"
    r"|(?:happy|glad|delighted|honou?red|pleased) to (?:speak|talk|lecture|come and (?:speak|talk))"
    r"|mein(?:en|em)? (?:vortrag|thema|titel)|ma (?:conférence|causerie)|mon (?:titre|exposé)|mi (?:charla"
    r"|conferencia|ponencia))\b",
    re.IGNORECASE,
)
MOST_ON_LINES = 6
LONGEST_NAME = 4
_MENTION = re.compile(rf"(?<![\w.“\"„«’'-])({NAME})(?<!['’]s)(?=[\s,.;:(!?)]|$)(?: \(([^()\n]{{2,120}})\))?")


def on_lines(prose: str, title: str) -> tuple[list[Person], str]:
    """Those who stand on lines by themselves, in capitals too, but not whoever signs at the end."""
    lines = [line for line in prose.split("\n") if line]
    found: list[Person] = []
    quotes: list[str] = []
    for line, beneath in pairwise([*lines[:40], ""]):
        people = [person for person in alone(line, beneath) if folded(person[0]) != folded(title)]
        dated = dated_in(beneath)
        if not people or not beneath or OFFICE.search(line if dated else f"{line} {beneath}"):
            continue
        found += [person for person in people if person[0] not in [name for name, _ in found]]
        quotes.append(line)
    return (found, "; ".join(quotes)) if len(found) <= MOST_ON_LINES else ([], "")


def alone(line: str, beneath: str = "") -> list[Person]:
    """Those of whom a line is nothing but the names, with what is said of them there or between brackets beneath."""
    listed = people_in(line) if _AND.search(line) else []
    known = [name for name, _ in listed if is_known(name)]
    if len(listed) > 1 and line[-1:] == ")" and all(about for _, about in listed) and known:
        return listed
    if len(listed) > 1 and len(known) > len(listed) / 2 and listed[0][0] in known:
        return listed
    match = _LINE.fullmatch(lowered(line))
    if match is None or _SOLEMN.search(line) or len(match[1].split()) > LONGEST_NAME + is_titled(match[1]):
        return []
    if not is_name(match[1]) or not is_known(match[1]):
        return []
    under = _BESIDE.match(beneath)
    return [(match[1], match[3] or match[4] or match[5] or match[2] or (under[1] if under else ""))]


def who_writes(prose: str) -> tuple[list[Person], str]:
    """Who signs, with a name of two words, a letter that tells of a talk of their own, forwarded with the rest."""
    told = _OWN.search(prose)
    for line in prose[told.end() :].split("\n")[1:] if told else []:
        if re.fullmatch(NAME, line) and is_name(line) and len(line.split()) <= LONGEST_NAME:
            return [(line, "")], line
    return [], ""


def in_sentences(prose: str, title: str) -> tuple[list[Person], str]:
    """The one whom the sentences name, if it is but one, and not as the one to write to."""
    found: dict[str, tuple[Person, str]] = {}
    for line in prose.split("\n"):
        if not any(word.islower() for word in line.split()) or line.casefold() == title.casefold():
            continue
        for match in _MENTION.finditer(line):
            calling, name = parted_from_calling(match[1])
            known = (is_given(name) or is_titled(name)) and not bystanders.serves_at(line, match.end(1))
            if not known or not is_name(name) or len(name.split()) < 2 or folded(name) in folded(title):
                continue
            if not _CONTACT.search(line[max(match.start() - 80, 0) : match.start()]) and not OFFICE.match(
                line[match.end() :].lstrip(" ,(")
            ):
                found.setdefault(name, ((name, match[2] or calling), match[0]))
    return ([person for person, _ in found.values()], next(iter(found.values()))[1]) if len(found) == 1 else ([], "")
