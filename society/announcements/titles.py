"""What an announcement calls its event: by a label, in quotation marks, in a mail's subject, on a line, in prose."""

import re
from dataclasses import replace

from society.announcements import people, told
from society.announcements.business import convened_in
from society.announcements.dates import dated_in
from society.announcements.headlines import (
    announced,
    beneath_speaker,
    from_headline,
    from_item,
    is_no_title,
    leads_to_a_series,
    stands_above,
    without_opening,
)
from society.announcements.layout import Layout
from society.announcements.plausible import is_plausible, without_host
from society.announcements.tellers import parted_from_teller
from society.announcements.wording import (
    QUOTED,
    SINGLE,
    Found,
    alone,
    before_when,
    by_nobody,
    is_greeting,
    is_kind,
    is_prose,
    is_within,
    quoted_in,
    says_little,
    telling,
    tidied,
    told_by,
)
from society.announcements.words import LABELS
from society.text import folded

_EMPHASIZED = re.compile(r"(?<![\w*])([*_])(?=[^\s*_])([^*_\n]{3,200}?)(?<=[^\s*_])\1(?![\w*])")
_NO_TITLE = re.compile(r"(?:(?:text|chapter)s?:?|gasthaus|gasthof|wirtshaus|hotel|restaurant|café)\s?$", re.IGNORECASE)
"""What stands before the quotation marks of a text to be read, or of an inn's name."""
_READ = re.compile(
    r"\b(?:doing|reading|read|discussing|discuss|lesen|besprechen|lisons|lirons|leemos|leeremos)"
    r"\s(?:[A-ZÀ-Þ][\w'’]+\s){0,3}$"
)
"""Before the book that a circle reads, which is not how it calls its evening."""
_MEETING = re.compile(
    r"\b(?:(?:annual|extraordinary|special) (?:general )?meeting|general meeting|agm|egm|jahreshauptversammlung"
    r"|mitgliederversammlung|assemblée générale|asamblea (?:general|ordinaria|extraordinaria))\b",
    re.IGNORECASE,
)
_AND_A_TALK = re.compile(r"\b(?:talk|lecture|vortrag|conférence|charla)", re.IGNORECASE)
_TO_BOOK = re.compile(r"@|://|www\.|\b(?:online|tickets?|call|phone|places?|now|early)\b", re.IGNORECASE)
"""What "book" asks to do, rather than to read."""
_KIND_BEFORE = re.compile(r"([^:]{3,40}): (?=.{3})")
_TOLD = re.compile(r"(?:[\w'’]+ )?(?:talk|lecture|vortrag|conférence|charla)\s?:", re.IGNORECASE)
"""A label behind which a name at the end is that of who tells of it."""
_MOTION = re.compile(r"[“\"'‘]?(this house \w[^.\n]{5,120}?)[”\"'’]?\.?$", re.IGNORECASE)
_TIMED = re.compile(r"\d{1,2}(?:[.:]\d\d)?\s?(?:[ap]\.?m\b|uhr\b)?\D", re.IGNORECASE)
_WEAK = "It may be only the kind of event, the series, or who holds it."


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
    for line in layout.labelled("speaker"):
        if title := told_by(line.text)[1]:
            return tidied(title), line.whole, ""
    attempts = (
        found for attempt in _WAYS if (found := attempt(layout)) and (attempt in _SURE or is_plausible(found[0]))
    )
    weak = None
    for found in attempts:
        if not (says_little(found[0]) or stands_above(found[1]) or folded(found[1]) in LABELS["title"]):
            return without_host(found[0]), *found[1:]
        weak = weak or (found[0], found[1], found[2] or _WEAK)
    weak = weak or next((found for attempt in _LAST_WAYS if (found := attempt(layout)) and found[0]), None)
    return weak or (title_of(replace(layout, lines=[], prose=layout.whole)) if layout.lines else None)


def _names_kind(labelled: str) -> bool:
    """Whether what is labelled says of which kind it is first: "Public lecture: Listening to Black Holes"."""
    kind = _KIND_BEFORE.match(labelled)
    return kind is not None and folded(kind[1]) in LABELS["title"] and is_kind(kind[1])


def _from_motion(layout: Layout) -> Found | None:
    """What is debated."""
    motions = (match for line in layout.prose.split("\n") if (match := _MOTION.match(line)))
    return next(((tidied(match[1]), match[0], "") for match in motions), None)


def _from_quotes(layout: Layout, *, read: bool = False) -> Found | None:
    """What stands in quotation marks, unless that is the text that is to be read."""
    lines = layout.prose.split("\n")
    listed = [line for line in lines if _TIMED.match(line) and QUOTED.search(line)]
    for pattern in (QUOTED, SINGLE):
        for line in lines if len(listed) < 2 else (line for line in lines if line not in listed):
            for match in pattern.finditer(line):
                if is_within(line, match):
                    return None
                before = line[: match.start()]
                if not (_NO_TITLE.search(before) or leads_to_a_series(before) or (_READ.search(before) and not read)):
                    return tidied(match[1]), match[0], ""
    return None


def _from_naming(layout: Layout) -> Found | None:
    return told.beneath(layout.prose.split("\n")) or told.named_in(layout.prose)


def _from_telling(layout: Layout) -> Found | None:
    return told.about_in(layout.prose)


def _from_subject(layout: Layout) -> Found | None:
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
    line = next((line for line in lines if not is_prose(line, line) and before_when(line) == line.strip(" .")), None)
    return (tidied(line), line, "") if line and len(begun.split()) > 1 else None


def _from_emphasis(layout: Layout) -> Found | None:
    """A sentence's words between marks of emphasis, as mails write what a printer would set in italics."""
    for match in _EMPHASIZED.finditer(layout.prose):
        if len(match[2].split()) > 1 and not is_no_title(match[2]) and match[2] == before_when(match[2]):
            return tidied(match[2]), match[0], "Taken from the words that are emphasized."
    return None


def _from_kind(layout: Layout) -> Found | None:
    kind = next(filter(is_kind, layout.prose.split("\n")), "")
    return (tidied(kind), kind, "Only the kind of event is named.") if kind else None


def _from_first_words(layout: Layout) -> Found | None:
    first = next((line for line in layout.prose.split("\n") if line and not is_greeting(line)), "")
    words = before_when(without_opening(first)).strip("!").split()
    return (tidied(" ".join(words[:14])), first, "No title was found; these are the first words.") if words else None


def _from_meeting(layout: Layout) -> Found | None:
    """A general meeting that the subject or the first line names, or whose business is told,"
    " whatever follows it."""
    lines = layout.prose.split("\n")
    first = next((line for line in lines if line and not is_greeting(line)), "")
    for line in filter(None, (layout.subject, first)):
        bare = announced(without_opening(line))
        if len(bare.split()) <= 12 and _MEETING.search(bare) and not _AND_A_TALK.search(line) and not quoted_in(line):
            return tidied(bare), line, ""
    if convened := convened_in(layout.whole):
        return tidied(convened[0]), convened[1], ""
    return None


def _from_book(layout: Layout) -> Found | None:
    """The book that is read, where nothing else is named."""
    books = [line for line in layout.labelled("book") if not _TO_BOOK.search(line.text)]
    return (tidied(books[0].text), books[0].whole, "") if books else None


def _from_book_quoted(layout: Layout) -> Found | None:
    return _from_quotes(layout, read=True)


_WAYS = (
    _from_meeting,
    _from_motion,
    _from_quotes,
    _from_naming,
    beneath_speaker,
    _from_subject,
    _from_emphasis,
    from_item,
    from_headline,
    _from_book_quoted,
    _from_book,
    _from_telling,
)
"""The surest first."""
_SURE = (_from_meeting, _from_motion, _from_quotes)
"""What a text marks for a title may say what it likes: "If Walls Could Talk"."""
_LAST_WAYS = (_from_kind, _from_first_words)
