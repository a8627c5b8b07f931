"""What an announcement calls its event: by a label, in quotation marks, in a mail's subject, on a line, in prose."""

import re

from society.announcements import backers, people, places
from society.announcements.dates import dated_in
from society.announcements.hours import hours_in
from society.announcements.layout import Layout
from society.announcements.online import is_online
from society.announcements.shouted import lowered
from society.announcements.words import ABBREVIATED, BUILDINGS, ROOMS, STREETS
from society.text import folded

Found = tuple[str, str, str]
"""A title, the words it was read from, and what is doubtful about it."""

_QUOTED = re.compile(r"[“\"„«]\s?([^“”\"„«»\n]{2,200}?)[,.]?\s?[”\"“»]")
_SINGLE = re.compile(
    r"(?<![\w'’])['‘‚‹](?=[A-ZÀ-Þ¿¡])(?!Tis\b|Twas\b|Til\b|Cause\b)((?:[^'‘’‹›\n]|['’](?=\w)){3,200}?)[,.]?['’‘›](?!\w)"
)
"""No apostrophe: it opens before a capital letter after a space, and closes before one."""
_EMPHASIZED = re.compile(r"(?<![\w*])([*_])(?=[^\s*_])([^*_\n]{3,200}?)(?<=[^\s*_])\1(?![\w*])")
_NO_TITLE = re.compile(r"(?:(?:text|chapter)s?:?|gasthaus|gasthof|wirtshaus|hotel|restaurant|café)\s?$", re.IGNORECASE)
"""What stands before the quotation marks of a text to be read, or of an inn's name."""
_KIND_OF = re.compile(
    r"^(?:every|each|weekly|monthly|jeden?)\b.{0,30}$|^(?:an? |the |our )?(?:[\w'’-]{1,20}\s){0,3}"
    r"(?:lecture|talk|seminar|webinar|workshop|concert|walk|debate|launch|vortrag|lesung|conférence|conferencia)s?"
    r"(?: (?:via|on|by) (?:zoom|teams|webex|video)|,? online)?$",
    re.IGNORECASE,
)
_NEXT = re.compile(r"(?:our |the )?next (?:talk|lecture|meeting|event|walk|speaker)$", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:die|der|das|le|la|les|el|los|las)\s(?=[A-ZÀ-Þ])")
"""Of a title that a sentence goes on with; one that begins with its article has a capital there."""
_ONLINE = re.compile(r" (?:via|on|by) | online$", re.IGNORECASE)
_GREETING = re.compile(
    r"^(?:(?:dear|hello|hi|liebe[rs]?|sehr geehrte[rs]?|ch[eè]re?s?|estimad[oa]s?|ladies and|save the date)\b"
    r"|(?:you are|yours)\b|herzliche einladung$|join us$|\W{0,3}(?:please )?note\b.{0,40}$|(?:new|change of) venue\b"
    r"|(?:for immediate release|(?:press|news) release|pressemitteilung|communiqué|newsletter|rundbrief|bulletin)\b"
    r"|(?:(?:more|further) )?(?:details|information) (?:to follow|below)"
    r"|lettre d['’]information|boletín|terminankündigung|minutes of|protokoll)",
    re.IGNORECASE,
)
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
_SENTENCE_END = re.compile(ABBREVIATED + r"(?<!\b[A-Z])\.\s|;\s")
_NOT_ALONE = re.compile(r"\b(?:will|invites?)\b|\b(?:for|from|of|to)$|^\w{1,2}$", re.IGNORECASE)
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
LONGEST_BY = 7
"""Characters of a word alone before a name, with its comma and spaces: ", avec "."""
_IN_PLACES = ROOMS | BUILDINGS | STREETS


def title_of(layout: Layout) -> Found | None:
    """The title, the words it was read from, and what is doubtful about it."""
    for line in layout.labelled("title"):
        quoted = quoted_in(line.text)
        if not quoted and people.are_people(line.text):
            continue
        return _tidied(quoted[1]) if quoted else _by_nobody(told_by(line.text)[1] or _alone(line.text)), line.whole, ""
    for line in layout.labelled("speaker"):
        if title := told_by(line.text)[1]:
            return _tidied(title), line.whole, ""
    attempts = (attempt(layout) for attempt in _WAYS)
    return next((found for found in attempts if found and found[0]), None)


def _by_nobody(title: str) -> str:
    """Without who tells of it, if they are known by "Prof." or by the words before: "Poems by Emily Example" is one."""
    bare, name = people.parted_from_teller(title)
    told = people.is_titled(name) or len(title) - len(bare) - len(name) > LONGEST_BY
    return _tidied(bare if name and told else title)


def _alone(labelled: str) -> str:
    """What is labelled as the title, without the day and the hour that some write on the same line; a day alone may be
    part of it: "Berlin, 9 November 1989"."""
    title = _before_when(labelled)
    timed = bool(dated_in(labelled)) and any(hours_in(labelled))
    return title if title and timed and re.match(r"\s?[,(–-]", labelled[len(title) :]) else labelled


def beside_title(line: str) -> str:
    """Who stands before the quotation marks or the colon of a line that names the title."""
    quoted = quoted_in(line)
    return line[: quoted.start()].strip(" ,:–-") if quoted else told_by(line)[0]


def told_by(line: str) -> tuple[str, str]:
    """Of "Ada Example (Leiden): The Sea" and "Prof. Example: The Sea" who tells of it, and the title; else nothing."""
    before, _, title = line.partition(": ")
    people_told = people.people_in(before) if title else []
    sure = before.endswith(")") or any(people.is_titled(name) for name, _ in people_told)
    return (before, title) if people_told and sure else ("", "")


def quoted_in(line: str) -> re.Match[str] | None:
    """The title that a line quotes, unless a word or two of it are quoted alone: "On “Being” and Nothing"."""
    quoted = _QUOTED.search(line) or _SINGLE.search(line)
    return None if quoted is None or _is_within(line, quoted) else quoted


def _is_within(line: str, quoted: re.Match[str]) -> bool:
    before, after = line[: quoted.start()].strip(), line[quoted.end() :].strip()
    headline = len(line.split()) <= 12 and not dated_in(line) and not any(hours_in(line)) and line[-1:] not in ".!"
    leads = not before or before[-1] in ":,–-" or is_kind(before) or people.speaking(line)[0]
    goes_on = re.match(r"(?:and|or|of|in|und|oder|et|ou|y) " if leads else r"[^\W\d_]|[:–-]", after)
    return headline and len(quoted[1].split()) <= 2 and bool(goes_on)


def is_kind(line: str) -> bool:
    """Whether it says only what kind of event it is: "Illustrated talk"."""
    return bool(_KIND_OF.match(line))


def is_greeting(line: str) -> bool:
    """Whether it opens a letter rather than says something."""
    return bool(_GREETING.match(line))


def _from_quotes(layout: Layout) -> Found | None:
    """What stands in quotation marks, unless that is the text that is to be read."""
    for pattern in (_QUOTED, _SINGLE):
        for line in layout.prose.split("\n"):
            for match in pattern.finditer(line):
                if _is_within(line, match):
                    return None
                if not _NO_TITLE.search(line[: match.start()]):
                    return _tidied(match[1]), match[0], ""
    return None


def _from_subject(layout: Layout) -> Found | None:
    if not layout.subject:
        return None
    if quoted := quoted_in(layout.subject):
        return _tidied(quoted[1]), layout.subject, ""
    before, colon, after = layout.subject.partition(": ")
    dated = bool(colon and dated_in(before))
    told = colon and (dated or _KIND_OF.match(before))
    return _tidied(after if told else _before_when(layout.subject)), layout.subject, ""


def _from_emphasis(layout: Layout) -> Found | None:
    """A sentence's words between marks of emphasis, as mails write what a printer would set in italics."""
    for match in _EMPHASIZED.finditer(layout.prose):
        if len(match[2].split()) > 1 and not _skipped(match[2]) and match[2] == _before_when(match[2]):
            return _tidied(match[2]), match[0], "Taken from the words that are emphasized."
    return None


def _from_headline(layout: Layout) -> Found | None:
    """The first line that is no greeting, no kind of event, no name, no date; beneath a bare kind, no place either."""
    placed, above, dated = False, "", False
    for line in filter(None, layout.prose.split("\n")):
        line = _OPENING.sub("", line)
        if named := _behind_its_kind(line):
            return _by_nobody(named), line, ""
        placed = placed or is_kind(line)
        above = above or (line if people.bare_name(line) else "")
        dated = dated or bool(dated_in(line))
        if _skipped(line) or line.endswith(("!", ":")) or ((inviting := backers.inviting(line)) and inviting[0]):
            continue
        opened = _OPENING.sub("", line)
        title = _subject_of(_IN_A_PLACE.sub("", _WILL_BE.sub("", _before_when(opened))))
        of_a_place = places.is_place(title) or _IN_PLACES.intersection(folded(title).split())
        if above and dated and of_a_place:
            return _tidied(above), above, "It could be a person's name."
        if placed and of_a_place:
            continue
        if 1 <= len(title.split()) <= 14 and not _NOT_ALONE.search(title):
            doubt = "" if opened == line and title == opened.strip(" .") else "Taken from the first line."
            if not doubt and not dated and folded(title).split()[-1] in BUILDINGS | ROOMS:
                doubt = "It could be the name of the place."
            return _by_nobody(title), line, doubt
    return None


def _behind_its_kind(line: str) -> str:
    """What stands behind who speaks or what kind of event it is; of "Next talk - Tuesday 6 April - Bees" the one part
    that is neither that nor a date."""
    parts = re.split(r"\s[|–-]\s", line)
    left = [part for part in parts if not (dated_in(part) or any(hours_in(part)) or is_kind(part) or _NEXT.match(part))]
    if len(parts) > 2 and len(left) == 1 and dated_in(line):
        return left[0]
    spans = dated_in(line) + [(h.at, h.end) for h in hours_in(line)]
    if spans and not min(spans)[0] and (told := told_by(line[max(spans)[1] :].lstrip(" ,:–-"))[1]):
        return told
    named = re.match(r"^([^:]{3,60}?)(?::| -| –| on)\s(.{3,})$", line)
    return _before_when(named[2]) if named and (people.people_in(named[1]) or is_kind(named[1])) else ""


def _subject_of(title: str) -> str:
    """What "A panel discussion on the canals" or "Talk by Ada Example about canals" is about; else all of it."""
    if (about := _ON.match(re.sub(r"^an? (?:panel )?", "", title))) and not _GREETING.match(title):
        return about[1]
    if (told := _BY_SOMEBODY.match(title)) and people.people_in(told[1]):
        return title[told.end() :]
    return title


def _skipped(line: str) -> bool:
    """A greeting, a bare kind of event or name, who converses with whom: no title."""
    kind = _KIND_OF.match(line) and len(_ONLINE.split(line)[0].split()) < 3
    verb = re.fullmatch(r"(?:cordially )?(?:presents?|invites? you(?: to)?)", line, re.IGNORECASE)
    named = people.bare_name(line) or " in conversation with " in line
    told = _GREETING.match(line) or kind or verb or named or is_online(line)
    return bool(told or (people.speaking(line)[0] and line[-1:] == ")"))


def _before_when(line: str) -> str:
    """A headline up to the date, the time or the sentence's end."""
    spans = [at for at, _ in dated_in(line)]
    spans += [h.at for h in hours_in(line)]
    line = line[: min(spans)] if spans else line
    line = _SENTENCE_END.split(line)[0]
    return re.sub(
        r"(?:[\s,]|\s[–-]"
        r"|\s(?:is|on|on the|am|at|um|ab|le|el|du|del|vom|in the|in|every \w+days?|[A-Z][a-z]+days?)(?=\s|$))+$",
        "",
        line,
    ).strip(" .")


def _from_sentence(layout: Layout) -> Found | None:
    for pattern in (_ON, _INVITED):
        if match := pattern.search(layout.prose):
            title = _IN_A_PLACE.sub("", _before_when(match[1]))
            return _tidied(title), match[0], "Taken from a sentence."
    return None


def _from_kind(layout: Layout) -> Found | None:
    kind = next(filter(is_kind, layout.prose.split("\n")), "")
    return (_tidied(kind), kind, "Only the kind of event is named.") if kind else None


def _from_first_words(layout: Layout) -> Found | None:
    first = next((line for line in layout.prose.split("\n") if line and not _GREETING.match(line)), "")
    words = _before_when(_OPENING.sub("", first)).strip("!").split()
    return (_tidied(" ".join(words[:14])), first, "No title was found; these are the first words.") if words else None


def _from_meeting(layout: Layout) -> Found | None:
    """A general meeting that the subject or the first line names, whatever is told after the business of it."""
    lines = layout.prose.split("\n")
    first = next((line for line in lines if line and not _GREETING.match(line)), "")
    for line in filter(None, (layout.subject, first)):
        bare = _IN_A_PLACE.sub("", _WILL_BE.sub("", _before_when(_OPENING.sub("", line))))
        if len(bare.split()) <= 12 and _MEETING.search(bare) and not _AND_A_TALK.search(line) and not quoted_in(line):
            return _tidied(bare), line, ""
    return None


def _from_book(layout: Layout) -> Found | None:
    """The book that is read, where nothing else is named."""
    books = [line for line in layout.labelled("book") if not _TO_BOOK.search(line.text)]
    return (_tidied(books[0].text), books[0].whole, "") if books else None


_WAYS = (
    *(_from_meeting, _from_quotes, _from_subject, _from_emphasis, _from_headline),
    *(_from_book, _from_sentence, _from_kind, _from_first_words),
)


def _tidied(title: str) -> str:
    """Without stray marks; shouted words lowered, and the first letter raised."""
    title = _ARTICLE.sub("", title)
    marks = re.compile('["“”„«»]')
    ends = " *_–-" if title.endswith("?") else " .,;:*_–-"
    bare = title.strip(ends + '"“”„«»')
    quoting = len(marks.findall(bare)) % 2 or len(marks.findall(title)) > 2
    title = title.strip(ends) if quoting else bare
    title = lowered(title)
    return (title[:1].upper() + title[1:])[:200]
