"""The ways in which announcements name what is on: each finds what may be the title, none knows of the others."""

import re
from collections.abc import Iterator

from society.announcements.days.dates import dated_in
from society.announcements.headings import occasions, told
from society.announcements.headings.business import convened_in
from society.announcements.headings.headlines import MOST_ABOVE, announced, leads_to_a_series, without_opening
from society.announcements.lines.layout import Layout
from society.announcements.wording import (
    QUOTED,
    SINGLE,
    Found,
    before_when,
    is_greeting,
    is_kind,
    is_within,
    quoted_in,
    telling,
    tidied,
)
from society.text import folded

_NO_TITLE = re.compile(r"(?:(?:text|chapter)s?:?|gasthaus|gasthof|wirtshaus|hotel|restaurant|café)\s?$", re.IGNORECASE)
"""What stands before the quotation marks of a text to be read, or of an inn's name."""
_READ = re.compile(
    r"\b(?:doing|reading|read|discussing|discuss|lesen|besprechen|lisons|lirons|leemos|leeremos)"
    r"\s(?:[A-ZÀ-Þ][\w'’]+\s){0,3}$|\b(?:author of|autor(?:in)? (?:von|des)|auteure? d[eu]|autora? del?)\s$"
)
"""Before the book that a circle reads, which is not how it calls its evening."""
_MEETING = re.compile(
    r"\b(?:(?:annual|extraordinary|special) (?:general )?meeting|general meeting|agm|egm|jahreshauptversammlung"
    r"|mitgliederversammlung|assemblée générale|asamblea (?:general|ordinaria|extraordinaria))\b",
    re.IGNORECASE,
)
_ANNUAL = re.compile(
    r"(?:\d{1,3}(?:st|nd|rd|th)? )?(?:(?:annual|extraordinary|special) general meeting|[AE]GM|jahreshauptversammlung"
    r"|mitgliederversammlung|assemblée générale(?: annuelle| ordinaire| extraordinaire)?"
    r"|asamblea general(?: (?:anual|ordinaria|extraordinaria))?)(?: \d{4})?",
    re.IGNORECASE,
)
"""No general meeting of each month."""
_AND_A_TALK = re.compile(r"\b(?:talk|lecture|vortrag|conférence|charla)", re.IGNORECASE)
_MOTION = re.compile(r"[“\"'‘]?(this house \w[^.\n]{5,120}?)[”\"'’]?\.?$", re.IGNORECASE)
_TIMED = re.compile(r"\d{1,2}(?:[.:]\d\d)?\s?(?:[ap]\.?m\b|uhr\b)?\D", re.IGNORECASE)


def from_motion(layout: Layout) -> Found | None:
    """What is debated."""
    motions = (match for line in layout.prose.split("\n") if (match := _MOTION.match(line)))
    return next(((tidied(match[1]), match[0], "") for match in motions), None)


def from_quotes(layout: Layout) -> Iterator[Found]:
    """What stands in quotation marks, without the text that is to be read."""
    return _quoted(layout, read=False)


def _quoted(layout: Layout, *, read: bool) -> Iterator[Found]:
    lines = layout.prose.split("\n")
    listed = [line for line in lines if _TIMED.match(line) and QUOTED.search(line)]
    for pattern in (QUOTED, SINGLE):
        for line in lines if len(listed) < 2 else (line for line in lines if line not in listed):
            for match in pattern.finditer(line):
                if is_within(line, match):
                    return
                before = line[: match.start()]
                if not (_NO_TITLE.search(before) or leads_to_a_series(before) or bool(_READ.search(before)) != read):
                    yield tidied(match[1]), match[0], ""


def from_naming(layout: Layout) -> Iterator[Found]:
    return filter(None, (told.beneath(layout.prose.split("\n")), told.named_in(layout.prose)))


def from_telling(layout: Layout) -> Iterator[Found]:
    return told.about_in(layout.prose)


def from_occasion(layout: Layout) -> Iterator[Found]:
    return occasions.on_lines(layout.prose.split("\n"))


def from_occasion_told(layout: Layout) -> Iterator[Found]:
    return occasions.in_sentences(layout.prose)


def from_subject(layout: Layout) -> Found | None:
    if not layout.subject:
        return None
    if quoted := quoted_in(layout.subject):
        return tidied(quoted[1]), layout.subject, ""
    before, colon, after = layout.subject.partition(": ")
    dated = bool(colon and dated_in(before))
    behind = colon and (dated or is_kind(before))
    title = tidied(after if behind else before_when(layout.subject))
    fuller = _spelled_out(layout, title) if len(telling(title)) > 1 else told.fuller(layout.prose, title)
    return fuller or (title, layout.subject, "")


def _spelled_out(layout: Layout, title: str) -> Found | None:
    """The line that begins with what a mail's subject cuts short."""
    begun = folded(re.split(r"\s[–-]\s", title)[0])
    lines = (line for line in layout.prose.split("\n") if folded(line).startswith(begun) and line != begun)
    line = next(lines, None)
    return (tidied(line), line, "") if line and len(begun.split()) > 1 else None


def from_kind(layout: Layout) -> Found | None:
    kind = next(filter(is_kind, layout.prose.split("\n")), "")
    return (tidied(kind), kind, "Only the kind of event is named.") if kind else None


def from_first_words(layout: Layout) -> Found | None:
    first = next((line for line in layout.prose.split("\n") if line and not is_greeting(line)), "")
    words = before_when(without_opening(first)).strip("!").split()
    return (tidied(" ".join(words[:14])), first, "No title was found; these are the first words.") if words else None


def from_meeting(layout: Layout) -> Found | None:
    """A general meeting that the subject, the first line or a line by itself names, or whose business is told,
    whatever follows it."""
    lines = layout.prose.split("\n")
    first = next((line for line in lines if line and not is_greeting(line)), "")
    for line in filter(None, (layout.subject, first)):
        bare = announced(without_opening(line))
        if len(bare.split()) <= 12 and _MEETING.search(bare) and not _AND_A_TALK.search(line) and not quoted_in(line):
            return tidied(bare), line, ""
    if alone := next(filter(_ANNUAL.fullmatch, lines[:MOST_ABOVE]), ""):
        return tidied(alone), alone, ""
    if convened := convened_in(layout.whole):
        return tidied(convened[0]), convened[1], ""
    return None


def from_book(layout: Layout) -> Found | None:
    """The book that is read, where nothing else is named."""
    books = list(layout.labelled("book"))
    return (tidied(books[0].text), books[0].whole, "") if books else None


def from_book_quoted(layout: Layout) -> Iterator[Found]:
    return _quoted(layout, read=True)
