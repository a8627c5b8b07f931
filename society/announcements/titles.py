"""What an announcement calls its event: what a label tells, else the likeliest of all that may be it."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from society.announcements.backing.bodies import is_body
from society.announcements.headings import headlines, ways
from society.announcements.headings.plausible import is_plausible, without_host
from society.announcements.headings.unlikely import BONUS, Standing, marks_against
from society.announcements.lines.label_words import LABELS
from society.announcements.lines.layout import Layout
from society.announcements.persons import people
from society.announcements.persons.tellers import parted_from_teller
from society.announcements.sites.places import Place
from society.announcements.where import place_line
from society.announcements.wording import (
    Found,
    alone,
    by_nobody,
    is_kind,
    quoted_in,
    says_little,
    tidied,
    told_by,
)
from society.text import folded

_KIND_BEFORE = re.compile(r"([^:]{3,40}): (?=.{3})")
_TOLD = re.compile(r"(?:[\w'’]+ )?(?:talk|lecture|vortrag|conférence|charla)\s?:", re.IGNORECASE)
"""A label behind which a name at the end is that of who tells of it."""
LEAST = 1
"""Of a score: what is a title; what has less may be but the kind of event, or who holds it."""
MOST = 12
"""Candidates of one way: of a flyer's, the first few."""
MOST_OF_PROSE = 2_000
"""Characters within which a place is told that a line might be no more than."""
_LITTLE = 40
_OF = re.compile(r"\s(?:of|du|des|de la|del|der)\s|\sde l['’]")
_WEAK = "It may be only the kind of event, the series, or who holds it."


@dataclass(frozen=True)
class Candidate:
    """What may be the title, and how likely it is."""

    found: Found
    score: int


def title_of(layout: Layout) -> Found | None:
    """The title, the words it was read from, and what is doubtful about it."""
    for line in layout.labelled("title"):
        text = _KIND_BEFORE.sub("", line.text) if _names_kind(line.text) else line.text
        quoted = quoted_in(text)
        if not quoted and people.are_people(text):
            continue
        unnamed = not quoted and _TOLD.match(line.whole) and not any(layout.labelled("speaker"))
        if unnamed and (teller := parted_from_teller(text))[1]:
            return tidied(teller[0]), line.whole, f"{teller[1]} is taken to speak, not to be part of the title."
        return tidied(quoted[1]) if quoted else by_nobody(told_by(text)[1] or alone(text)), line.whole, ""
    found = sorted(_candidates(layout), key=lambda one: -one.score)  # of equals the first
    if not found:
        return title_of(replace(layout, lines=[], prose=layout.whole)) if layout.lines else None
    title, quote, doubt = found[0].found
    return (without_host(title), quote, doubt) if found[0].score >= LEAST else (title, quote, doubt or _WEAK)


def _candidates(layout: Layout) -> Iterator[Candidate]:
    """Of all ways, up to those of which nothing can be likelier than what is found."""
    place, best = place_line(layout.prose[:MOST_OF_PROSE], "") or Place(), -sys.maxsize
    for way, standing, worth in _WAYS:
        if best >= worth + BONUS:
            return
        found = way(layout)
        for one in islice([found] if isinstance(found, tuple) else found or (), MOST):
            if one[0] and (standing is Standing.MARKED or is_plausible(one[0])):
                little = _is_little(one) and (1 if way is ways.from_occasion else _LITTLE)
                score = worth - little - marks_against(one, standing, layout, place)
                best = max(best, score)
                yield Candidate(one, score)


def _is_little(found: Found) -> bool:
    """Whether it tells but of which kind or whose an event is."""
    what, _, whose = _OF.sub("\n", found[0], count=1).partition("\n")
    return (
        says_little(what if is_body(whose) else found[0])
        or headlines.stands_above(found[1])
        or folded(found[1]) in LABELS["title"]
    )


def _names_kind(labelled: str) -> bool:
    """Whether what is labelled says of which kind it is first: "Public lecture: Listening to Black Holes"."""
    kind = _KIND_BEFORE.match(labelled)
    return kind is not None and folded(kind[1]) in LABELS["title"] and is_kind(kind[1])


_WAYS: tuple[tuple[Callable[[Layout], Found | Iterable[Found] | None], Standing, int], ...] = (
    (ways.from_meeting, Standing.MARKED, 30),
    (ways.from_motion, Standing.MARKED, 28),
    (ways.from_quotes, Standing.MARKED, 26),
    (ways.from_naming, Standing.SENTENCE, 24),
    (headlines.beneath_speaker, Standing.LINE, 22),
    (ways.from_subject, Standing.SENTENCE, 20),
    (headlines.from_item, Standing.LINE, 16),
    (headlines.from_headline, Standing.LINE, 14),
    (ways.from_book_quoted, Standing.SENTENCE, 12),
    (ways.from_book, Standing.SENTENCE, 11),
    (ways.from_occasion, Standing.SENTENCE, 10),
    (ways.from_telling, Standing.SENTENCE, 8),
    (ways.from_occasion_told, Standing.SENTENCE, 7),
    (headlines.further, Standing.LINE, 3),
    (ways.from_kind, Standing.SENTENCE, -60),
    (ways.from_first_words, Standing.SENTENCE, -70),
)
"""How likely it is that what each finds is the title: what is marked for one, what stands as one, what sentences say.
What is marked may say what it likes: "If Walls Could Talk"."""
