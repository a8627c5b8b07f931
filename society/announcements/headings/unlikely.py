"""What speaks against something being what an event is called, by what it says and where it stands."""

import re
from enum import Enum, auto

from society.announcements.days.dates import dated_in
from society.announcements.days.hours import hours_in
from society.announcements.headings import occasions
from society.announcements.headings.plausible import names_its_holder
from society.announcements.lines.layout import Layout
from society.announcements.sentences import sentences
from society.announcements.sites.places import Place
from society.announcements.wording import Found, is_greeting, is_prose
from society.text import folded

_ANOTHER_TIME = re.compile(
    r"\b(?:last (?:month|year|week|time|autumn|spring|summer|winter)|next (?:year|season|term)|in (?:the )?(?:autumn"
    r"|spring|summer|winter|new year)|hopes? to|previous\w*|postponed|instead of"
    r"|letzte[nrs]? (?:jahr|monat|mal)|nächste[ns]? jahr|im (?:herbst|frühjahr)|l['’]an(?:née)? (?:dernier|prochain)"
    r"|le mois dernier|à la rentrée|el año (?:pasado|que viene))\b",
    re.IGNORECASE,
)
"""Of what was, or will be, some other day."""
_IN_PASSING = re.compile(
    r"(?:music|works|words|songs|pieces|poems|musik|werke|musique|oeuvres|musica|obras) (?:by|of|von|de)\b"
    r"|.{0,40}\b(?:plays?|sings?|performs?|spielt|singt|joue|chante|interpretan?)\b"
    r"|(?:attend|take part|teilnahme|participer|assister)\b|(?:\w+ )?(?:rain|snow|wind|thunder|weather)\b.{0,12}\b"
    r"(?:cancels|stops)|(?:could|can|would|will|do) (?:you|we|i|they|anyone|somebody)\b"
    r"|(?:hope|sorry|well|as|so|but|and|oh|ps|also)\b|(?:programme|program|timetable|schedule|agenda|ablauf"
    r"|programa)\b|\w+ (?:collection|donations?|welcome|provided|available|required)$"
)
"""How remarks begin, and what is played, or on the agenda."""


_LOWER = re.compile(r"\W*[a-zß-ÿ]")
_INVITING = re.compile(r"(?:warmly |cordially )?(?:invites? you|presents?\b|welcomes? you)", re.IGNORECASE)
MOST_IN_PASSING = 4
"""Words in quotation marks and small letters, by which nobody calls an event: “not at all learned”."""
BONUS = 2
"""What speaks for it, at most."""
LONG = 10
"""Words; most titles have fewer."""


class Standing(Enum):
    """Where something stands: marked for a title, on a line, in a sentence."""

    MARKED = auto()
    LINE = auto()
    SENTENCE = auto()


def marks_against(found: Found, standing: Standing, layout: Layout, place: Place) -> int:
    """How much speaks against it."""
    if standing is Standing.MARKED:
        return _against_marked(found, layout)
    title, quote, doubt = found
    plain = folded(title)
    against = 12 * bool(_IN_PASSING.match(plain)) + 5 * (len(plain.split()) > LONG)
    if standing is Standing.SENTENCE:
        return against - BONUS * _is_named(quote)
    cut = bool(doubt) and plain != folded(quote).strip(" .!") and is_prose(quote, quote)
    if (cut or _LOWER.match(quote)) and not _is_first(quote, layout):
        against += 8
    against += 12 * _is_whose(quote, layout)
    return against + 42 * _is_the_place(plain, layout, place) + 17 * _is_beneath_an_occasion(quote, layout)


def _is_named(quote: str) -> bool:
    """Whether a sentence writes it with capitals, as names are: "a talk on Tide Mills"."""
    return sum(word[:1].isupper() for word in quote.split()) > 1


def _is_first(quote: str, layout: Layout) -> bool:
    """Whether it is on the first line that is no greeting."""
    return quote in next((line for line in layout.prose.split("\n") if line and not is_greeting(line)), "")


def _against_marked(found: Found, layout: Layout) -> int:
    title, quote, _ = found
    said = _sentence_of(quote, layout.prose)
    lower = _LOWER.match(quote) and len(title.split()) <= MOST_IN_PASSING
    besides = any(hours_in(said)) and not dated_in(said) and _is_beneath_an_occasion(quote, layout)
    return 20 * bool(_ANOTHER_TIME.search(said)) + 20 * bool(lower) + 17 * besides


def _is_whose(quote: str, layout: Layout) -> bool:
    """Whether it heads a poster with who holds the event: "Calder Valley Astronomers", or whoever "invite you"."""
    lines = [line for line in layout.prose.split("\n") if line]
    if quote not in lines[:2]:
        return False
    beneath = "".join(lines[lines.index(quote) + 1 : lines.index(quote) + 2])
    return bool(names_its_holder(quote) or _INVITING.match(beneath))


def _sentence_of(quote: str, prose: str) -> str:
    line = next((line for line in prose.split("\n") if quote in line), "")
    return next((said for said in sentences(line) if quote in said), line)


def _is_the_place(plain: str, layout: Layout, place: Place) -> bool:
    """Whether it says no more than where the event is."""
    told = folded(" ".join((place.room, place.venue, place.address, *(line.text for line in layout.labelled("where")))))
    return bool(told) and {*re.findall(r"\w+", plain)} <= {*re.findall(r"\w+", told)}


def _is_beneath_an_occasion(quote: str, layout: Layout) -> bool:
    """Whether the day parts it from an event that is called by what it is: "Seed swap", the day, and what is there."""
    lines = layout.prose.split("\n")
    day = next((n for n, line in enumerate(lines) if dated_in(line)), 0)
    at = next((n for n, line in enumerate(lines) if quote in line), 0)
    return at > day and any(occasions.on_lines(lines[:day]))
