"""What an announcement calls its event: by a label, in quotation marks, in a mail's subject, on a line, in prose."""

import re
from collections.abc import Iterator
from dataclasses import replace

from society.announcements import backers, named, names, people, places, told
from society.announcements.dates import dated_in
from society.announcements.hours import hours_in
from society.announcements.layout import Layout
from society.announcements.online import is_online
from society.announcements.wording import (
    QUOTED,
    SINGLE,
    alone,
    before_place,
    before_when,
    behind_its_kind,
    by_nobody,
    is_greeting,
    is_kind,
    is_prose,
    is_within,
    quoted_in,
    says_little,
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
_OF_A_SERIES = re.compile(
    r"(?:series|\w{0,12}reihe|\w{0,8}zyklus|cycle|ciclo(?: de \w+)?|rahmen (?:der|des|unserer))[:,]?\s?$", re.IGNORECASE
)
_ONLINE = re.compile(r" (?:via|on|by) | online$", re.IGNORECASE)
_OPENING = re.compile(
    r"^(?:.{0,60}requests? the (?:pleasure|honou?r) of your company (?:at|for)(?: the| our| an?)?"
    r"|(?:call for attendance|save the date|(?:just )?(?:an? )?(?:quick |short |gentle |friendly )?reminder(?: that)?"
    r"|(?:a quick note|just|this is) to (?:say|let you know|confirm|remind you"
    r"|tell you)(?: that)?)[:!,]{0,3}(?: the| our)?"
    r"|you(?:['’]re| are) (?:all )?invited!"
    r"|(?:herzliche )?einladung (?:zur|zum|zu)|invitation to(?: the)?|our(?: next)?|the next"
    r"|unsere? nächste[rs]?|notre prochaine?|nuestr[oa] próxim[oa]"
    r"|please join[^.]{0,40}? for an?|join us for(?: an?)?"
    r"|(?:tomorrow|tonight|today|morgen|heute|demain|ce soir|mañana|hoy)\b[^:.]{0,40}:)\s",
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
_TIMED = re.compile(r"\d{1,2}(?:[.:]\d\d)?\s?(?:[ap]\.?m\b|uhr\b)?\D", re.IGNORECASE)
_WEAK = "It may be only the kind of event, the series, or who holds it."
_A_PLACE = "It could be the name of the place."
_ASKS = re.compile(r"(?!.*\b(?:you|your)\b)\S+(?:\s\S+){2,12}\s?\?", re.IGNORECASE)
"""A question that is no question to the reader."""
_REMARK = re.compile(
    r"(?:bring|come|join|please|admission|free|all|members|everyone|everybody|tickets?|doors?|tea|coffee"
    r"|refreshments|drinks|wine"
    r"|cakes?|entry|no|book|booking|rsvp|visitors|registration|reception|lunch|led|chair|moderat\w+|with|by|from"
    r"|dress|suggested"
    r"|donations?|light|followed|eintritt|gaste|alle|moderation|mit|von|entree|tarif|gratuit|par|avec|anime\w*"
    r"|ouvert|entrada"
    r"|gratis|con|modera|aforo|wheelchair|limited|places|children|families|presented|sponsored|supported|hosted"
    r"|organi[sz]ed)\b"
)
"""How lines begin on a flyer that say something besides."""
_BY_LINE = re.compile(rf"(?:by|with|von|mit|par|avec|por|con|animée? par) {names.NAME}", re.IGNORECASE)
LEAST_OF_LETTER = 3
"""Lines of a letter, with its greeting."""
MOST_ABOVE = 8
"""Lines within which a title is looked for beneath a letterhead."""
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
    attempts = (found for attempt in _WAYS if (found := attempt(layout)) and found[0])
    weak = None
    for found in attempts:
        if not (says_little(found[0]) or _stands_above(found[1])):
            return found
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


def _from_quotes(layout: Layout) -> Found | None:
    """What stands in quotation marks, unless that is the text that is to be read."""
    lines = layout.prose.split("\n")
    listed = [line for line in lines if _TIMED.match(line) and QUOTED.search(line)]
    for pattern in (QUOTED, SINGLE):
        for line in lines if len(listed) < 2 else (line for line in lines if line not in listed):
            for match in pattern.finditer(line):
                if is_within(line, match):
                    return None
                before = line[: match.start()]
                if not (_NO_TITLE.search(before) or _OF_A_SERIES.search(before)):
                    return tidied(match[1]), match[0], ""
    return None


def _from_naming(layout: Layout) -> Found | None:
    return told.beneath(layout.prose.split("\n")) or told.named_in(layout.prose)


def _from_telling(layout: Layout) -> Found | None:
    return told.about_in(layout.prose)


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
    behind = colon and (dated or is_kind(before))
    return tidied(after if behind else before_when(layout.subject)), layout.subject, ""


def _from_emphasis(layout: Layout) -> Found | None:
    """A sentence's words between marks of emphasis, as mails write what a printer would set in italics."""
    for match in _EMPHASIZED.finditer(layout.prose):
        if len(match[2].split()) > 1 and not _skipped(match[2]) and match[2] == before_when(match[2]):
            return tidied(match[2]), match[0], "Taken from the words that are emphasized."
    return None


def _from_headline(layout: Layout) -> Found | None:
    """The first line that is no greeting, no kind of event, no name, no date; beneath a bare kind, no place either.

    Beneath a series or a letterhead it is one that is nothing but a title, above the day or beside who speaks.
    """
    lines = [line for line in layout.prose.split("\n") if line]
    if lines and is_greeting(lines[0]) and len(lines) > LEAST_OF_LETTER:
        lines.pop()  # whoever wrote it
    first = next(_headlines(lines), None)
    if first is None:
        return None
    at = next((n for n, line in enumerate(lines) if line.endswith(first[1])), 0)
    if not (_stands_above(first[1]) or says_little(first[0]) or first[2] == _A_PLACE):
        asked = next(_headlines(lines[at + 1 : at + 2]), None)
        return asked if asked and _ASKS.fullmatch(asked[1]) and not first[1].endswith("?") else first
    beneath = lines[at + 1 :][:MOST_ABOVE]
    return next((found for n, _ in enumerate(beneath) if (found := _bare_headline(beneath, n))), first)


def _from_item(layout: Layout) -> Found | None:
    """The head in capitals of the one item of a newsletter that has a day to come, where others have such heads too."""
    items = [part.split("\n") for part in layout.prose.split("\n\n")]
    heads = [item for item in items if len(item) > 1 and item[0].isupper() and not _stands_above(item[0])]
    told = [item[0] for item in heads if any(dated_in(line) for line in item[1:])]
    if len(heads) < 2 or len(told) != 1 or any(backers.inviting(item[0]) for item in heads):
        return None
    return tidied(told[0]), told[0], ""


def _stands_above(line: str) -> bool:
    """Whether it names a body or a series, and no event: "Department of Physics - Research seminar"."""
    parts = re.split(r"\s[|–-]\s", line)
    return all(backers.is_letterhead(part) or says_little(part) or _quotes_a_series(part) for part in parts)


def _quotes_a_series(line: str) -> bool:
    quoted = QUOTED.search(line)
    return quoted is not None and bool(_OF_A_SERIES.search(line[: quoted.start()]))


def _bare_headline(lines: list[str], at: int) -> Found | None:
    """A line that can be nothing but a title: no sentence, no remark on the fee, and where titles stand."""
    line, beside = lines[at], lines[max(at - 1, 0) : at] + lines[at + 1 : at + 2]
    above = not any(dated_in(one) or any(hours_in(one)) for one in lines[: at + 1])
    beside_speaker = any(people.is_alone(one) or people.speaking(one)[0] for one in beside)
    listed = any(begin == 0 for begin, _ in dated_in(line)) and behind_its_kind(line)
    found = next(_headlines([line]), None) if above or beside_speaker or listed else None
    if found is None or line[-1:] in ".,;" or (not line[0].isalnum() and line[0] not in "¿¡") or line[0].islower():
        return None
    plain = folded(found[0])
    asks = (
        _REMARK.match(plain) or re.search(r"[£€$@]|\d{5,}", line) or people.speaking(line)[0] or people.is_alone(line)
    )
    of_a_place = places.is_place(line) or (not above and _IN_PLACES.intersection(plain.split()))
    return None if asks or of_a_place or _stands_above(line) or says_little(found[0]) else found


def _headlines(lines: list[str]) -> Iterator[Found]:
    placed, above, dated = False, "", False
    for line in lines:
        line = _OPENING.sub("", line)
        if told_there := behind_its_kind(line):
            yield by_nobody(told_there), line, ""
            continue
        placed = placed or is_kind(line)
        above = above or (line if names.bare_name(line) else "")
        dated = dated or bool(dated_in(line))
        if (
            _skipped(line)
            or line.endswith(("!", ":"))
            or ((inviting := backers.inviting(line)) and folded(inviting[0]) != folded(line))
        ):
            continue
        opened = _OPENING.sub("", line)
        title = _subject_of(before_place(_WILL_BE.sub("", before_when(opened))))
        of_a_place = places.is_place(title) or _IN_PLACES.intersection(folded(title).split())
        if above and dated and of_a_place:
            yield tidied(above), above, "It could be a person's name."
            continue
        if (placed and of_a_place) or is_prose(opened, title):
            continue
        if 1 <= len(title.split()) <= 14 and not _NOT_ALONE.search(title):
            doubt = "" if opened == line and title == opened.strip(" .") else "Taken from the first line."
            if not doubt and not dated and folded(title).split()[-1] in BUILDINGS | ROOMS:
                doubt = _A_PLACE
            yield by_nobody(title), line, doubt


def _subject_of(title: str) -> str:
    """What "A panel discussion on the canals" or "Talk by Ada Example about canals" is about; else all of it."""
    if (about := _ON.match(re.sub(r"^an? (?:panel )?", "", title))) and not is_greeting(title):
        return about[1]
    if (by := _BY_SOMEBODY.match(title)) and people.people_in(by[1]):
        return title[by.end() :]
    return title


def _skipped(line: str) -> bool:
    """A greeting, a bare kind of event or name, who converses with whom: no title."""
    kind = is_kind(line) and len(_ONLINE.split(line)[0].split()) < 3
    verb = re.fullmatch(r"(?:cordially )?(?:presents?|invites? you(?: to)?)", line, re.IGNORECASE)
    somebody = (
        names.bare_name(line)
        or named.alone(line)
        or people.is_alone(line)
        or _BY_LINE.match(line)
        or " in conversation with " in line
    )
    says = is_greeting(line) or kind or verb or somebody or is_online(line) or backers.opens_with_backers(line)
    return bool(says or (people.speaking(line)[0] and line[-1:] == ")"))


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
        bare = before_place(_WILL_BE.sub("", before_when(_OPENING.sub("", line))))
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
        _from_naming,
        _beneath_speaker,
        _from_subject,
        _from_emphasis,
        _from_item,
        _from_headline,
    ),
    *(_from_book, _from_telling),
)
_LAST_WAYS = (_from_kind, _from_first_words)
