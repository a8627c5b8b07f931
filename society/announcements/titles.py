"""What an announcement calls its event: by a label, in quotation marks, in a mail's subject, on a line, in prose."""

import re

from society.announcements import backers, names, people, places
from society.announcements.dates import dated_in
from society.announcements.layout import Layout
from society.announcements.online import is_online
from society.announcements.wording import (
    QUOTED,
    SINGLE,
    alone,
    before_when,
    behind_its_kind,
    by_nobody,
    is_greeting,
    is_kind,
    is_within,
    quoted_in,
    tidied,
    told_by,
)
from society.announcements.words import BUILDINGS, LABELS, ROOMS, STREETS
from society.text import folded

Found = tuple[str, str, str]
"""A title, the words it was read from, and what is doubtful about it."""

_EMPHASIZED = re.compile(r"(?<![\w*])([*_])(?=[^\s*_])([^*_\n]{3,200}?)(?<=[^\s*_])\1(?![\w*])")
_NO_TITLE = re.compile(r"(?:(?:text|chapter)s?:?|gasthaus|gasthof|wirtshaus|hotel|restaurant|café)\s?$", re.IGNORECASE)
"""What stands before the quotation marks of a text to be read, or of an inn's name."""
_ONLINE = re.compile(r" (?:via|on|by) | online$", re.IGNORECASE)
_OPENING = re.compile(
    r"^(?:.{0,60}requests? the (?:pleasure|honou?r) of your company (?:at|for)(?: the| our| an?)?"
    r"|(?:call for attendance|save the date|just a reminder that|reminder|a reminder that"
    r"|(?:a quick note|just|this is) to (?:say|let you know)(?: that)?)[:!,]{0,3}(?: the| our)?"
    r"|(?:herzliche )?einladung (?:zur|zum|zu)|invitation to(?: the)?|our(?: next)?|the next"
    r"|unsere? nächste[rs]?|notre prochaine?|nuestr[oa] próxim[oa]"
    r"|please join[^.]{0,40}? for an?|join us for(?: an?)?"
    r"|(?:tomorrow|tonight|today|morgen|heute|demain|ce soir|mañana|hoy)\b[^:.]{0,40}:)\s",
    re.IGNORECASE,
)
_INVITED = re.compile(
    r"\b(?:invites? you to|you are (?:warmly |cordially )?invited to|join us for)"
    r"\s(?:an?|the|our)?\s?([^.,;\n]{4,100}?)(?=\son\s|[.,;\n])",
    re.IGNORECASE,
)
_ON = re.compile(
    r"\b(?:talk|lecture|discussion|speak|conversation)s?\s(?:on|about)\s"
    r"(?:(?:his|her|their) (?:\w{2,12} ){0,2}(?:book|novel|film|study|biography),\s)?([^.,;\n]{4,120})",
    re.IGNORECASE,
)
_BY_SOMEBODY = re.compile(
    r"^(?:an? )?(?:\w{2,12} )?(?:talk|lecture|presentation|reading)s?"
    r" (?:by|with|from) (.{3,60}?) (?:on|about) (?=.{4})",
    re.IGNORECASE,
)
_NOT_ALONE = re.compile(r"\b(?:will|invites?)\b|\b(?:for|from|of|to)$|^\w{1,2}$|^(?:we|join us)\s", re.IGNORECASE)
"""A sentence, the first half of "7 for 7.30", or a preposition before a date."""
_IN_A_PLACE = re.compile(r"\s(?:in|at|im) the [A-Z].*$")
_WILL_BE = re.compile(
    r"\s(?:will (?:take place|be(?:$| (?:held|on|next|this)))|is (?:on|tomorrow|tonight|today)"
    r"|ist (?:morgen|heute)|findet|takes place|aura lieu|tendrá lugar|se celebra)\b.*$",
    re.IGNORECASE,
)
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
_TOPIC = re.compile(
    r"\b(?:topic|subject|theme)(?: of [^.\n]{2,40}?)? (?:is|will be) [“\"]?([A-ZÀ-Þ][^.\n]{3,120}?)[”\"]?(?=[.\n]|$)"
)
_TIMED = re.compile(r"\d{1,2}(?:[.:]\d\d)?\s?(?:[ap]\.?m\b|uhr\b)?\D", re.IGNORECASE)
_IN_PLACES = ROOMS | BUILDINGS | STREETS


def title_of(layout: Layout) -> Found | None:
    """The title, the words it was read from, and what is doubtful about it."""
    for line in layout.labelled("title"):
        text = _KIND_BEFORE.sub("", line.text) if _names_kind(line.text) else line.text
        quoted = quoted_in(text)
        if not quoted and people.are_people(text):
            continue
        unnamed = not quoted and _TOLD.match(line.whole) and not any(layout.labelled("speaker"))
        if unnamed and (teller := people.parted_from_teller(text))[1]:
            return tidied(teller[0]), line.whole, f"{teller[1]} is taken to speak, not to be part of the title."
        return tidied(quoted[1]) if quoted else by_nobody(told_by(text)[1] or alone(text)), line.whole, ""
    for line in layout.labelled("speaker"):
        if title := told_by(line.text)[1]:
            return tidied(title), line.whole, ""
    attempts = (attempt(layout) for attempt in _WAYS)
    return next((found for found in attempts if found and found[0]), None)


def _names_kind(labelled: str) -> bool:
    """Whether what is labelled says of which kind it is first: "Public lecture: Listening to Black Holes"."""
    kind = _KIND_BEFORE.match(labelled)
    return kind is not None and folded(kind[1]) in LABELS["title"] and is_kind(kind[1])


def _from_motion(layout: Layout) -> Found | None:
    """What is debated."""
    motions = (match for line in layout.prose.split("\n") if (match := _MOTION.match(line)))
    return next(((tidied(match[1]), match[0], "") for match in motions), None)


def _from_quotes(layout: Layout) -> Found | None:
    """What stands in quotation marks, unless that is the text that is to be read."""
    lines = layout.prose.split("\n")
    listed = [line for line in lines if _TIMED.match(line) and QUOTED.search(line)]
    for pattern in (QUOTED, SINGLE):
        for line in lines if len(listed) < 2 else (line for line in lines if line not in listed):
            for match in pattern.finditer(line):
                if is_within(line, match):
                    return None
                if not _NO_TITLE.search(line[: match.start()]):
                    return tidied(match[1]), match[0], ""
    return None


def _from_topic(layout: Layout) -> Found | None:
    """ "Her topic is The Sea."."""
    match = _TOPIC.search(layout.prose)
    return (tidied(before_when(match[1])), match[0], "Taken from a sentence.") if match else None


def _beneath_speaker(layout: Layout) -> Found | None:
    """The line between who speaks, "Ada Example (Leiden)", and when."""
    lines = [line for line in layout.prose.split("\n") if line]
    for speaker, title, when in zip(lines, lines[1:], lines[2:], strict=False):
        if people.stands_alone(speaker) and dated_in(when) and not dated_in(title) and not _skipped(title):
            return tidied(title), title, ""
    return None


def _from_subject(layout: Layout) -> Found | None:
    if not layout.subject:
        return None
    if quoted := quoted_in(layout.subject):
        return tidied(quoted[1]), layout.subject, ""
    before, colon, after = layout.subject.partition(": ")
    dated = bool(colon and dated_in(before))
    told = colon and (dated or is_kind(before))
    return tidied(after if told else before_when(layout.subject)), layout.subject, ""


def _from_emphasis(layout: Layout) -> Found | None:
    """A sentence's words between marks of emphasis, as mails write what a printer would set in italics."""
    for match in _EMPHASIZED.finditer(layout.prose):
        if len(match[2].split()) > 1 and not _skipped(match[2]) and match[2] == before_when(match[2]):
            return tidied(match[2]), match[0], "Taken from the words that are emphasized."
    return None


def _from_headline(layout: Layout) -> Found | None:
    """The first line that is no greeting, no kind of event, no name, no date; beneath a bare kind, no place either."""
    placed, above, dated = False, "", False
    for line in filter(None, layout.prose.split("\n")):
        line = _OPENING.sub("", line)
        if named := behind_its_kind(line):
            return by_nobody(named), line, ""
        placed = placed or is_kind(line)
        above = above or (line if names.bare_name(line) else "")
        dated = dated or bool(dated_in(line))
        if _skipped(line) or line.endswith(("!", ":")) or ((inviting := backers.inviting(line)) and inviting[0]):
            continue
        opened = _OPENING.sub("", line)
        title = _subject_of(_IN_A_PLACE.sub("", _WILL_BE.sub("", before_when(opened))))
        of_a_place = places.is_place(title) or _IN_PLACES.intersection(folded(title).split())
        if above and dated and of_a_place:
            return tidied(above), above, "It could be a person's name."
        if placed and of_a_place:
            continue
        if 1 <= len(title.split()) <= 14 and not _NOT_ALONE.search(title):
            doubt = "" if opened == line and title == opened.strip(" .") else "Taken from the first line."
            if not doubt and not dated and folded(title).split()[-1] in BUILDINGS | ROOMS:
                doubt = "It could be the name of the place."
            return by_nobody(title), line, doubt
    return None


def _subject_of(title: str) -> str:
    """What "A panel discussion on the canals" or "Talk by Ada Example about canals" is about; else all of it."""
    if (about := _ON.match(re.sub(r"^an? (?:panel )?", "", title))) and not is_greeting(title):
        return about[1]
    if (told := _BY_SOMEBODY.match(title)) and people.people_in(told[1]):
        return title[told.end() :]
    return title


def _skipped(line: str) -> bool:
    """A greeting, a bare kind of event or name, who converses with whom: no title."""
    kind = is_kind(line) and len(_ONLINE.split(line)[0].split()) < 3
    verb = re.fullmatch(r"(?:cordially )?(?:presents?|invites? you(?: to)?)", line, re.IGNORECASE)
    named = names.bare_name(line) or " in conversation with " in line
    told = is_greeting(line) or kind or verb or named or is_online(line) or backers.opens_with_backers(line)
    return bool(told or (people.speaking(line)[0] and line[-1:] == ")"))


def _from_sentence(layout: Layout) -> Found | None:
    for pattern in (_ON, _INVITED):
        if match := pattern.search(layout.prose):
            title = people.parted_from_teller(_IN_A_PLACE.sub("", before_when(match[1])))[0]
            return tidied(title), match[0], "Taken from a sentence."
    return None


def _from_kind(layout: Layout) -> Found | None:
    kind = next(filter(is_kind, layout.prose.split("\n")), "")
    return (tidied(kind), kind, "Only the kind of event is named.") if kind else None


def _from_first_words(layout: Layout) -> Found | None:
    first = next((line for line in layout.prose.split("\n") if line and not is_greeting(line)), "")
    words = before_when(_OPENING.sub("", first)).strip("!").split()
    return (tidied(" ".join(words[:14])), first, "No title was found; these are the first words.") if words else None


def _from_meeting(layout: Layout) -> Found | None:
    """A general meeting that the subject or the first line names, whatever is told after the business of it."""
    lines = layout.prose.split("\n")
    first = next((line for line in lines if line and not is_greeting(line)), "")
    for line in filter(None, (layout.subject, first)):
        bare = _IN_A_PLACE.sub("", _WILL_BE.sub("", before_when(_OPENING.sub("", line))))
        if len(bare.split()) <= 12 and _MEETING.search(bare) and not _AND_A_TALK.search(line) and not quoted_in(line):
            return tidied(bare), line, ""
    return None


def _from_book(layout: Layout) -> Found | None:
    """The book that is read, where nothing else is named."""
    books = [line for line in layout.labelled("book") if not _TO_BOOK.search(line.text)]
    return (tidied(books[0].text), books[0].whole, "") if books else None


_WAYS = (
    *(
        _from_meeting,
        _from_motion,
        _from_quotes,
        _from_topic,
        _beneath_speaker,
        _from_subject,
        _from_emphasis,
        _from_headline,
    ),
    *(_from_book, _from_sentence, _from_kind, _from_first_words),
)
