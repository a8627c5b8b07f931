"""Lines that can be the title: above the day, beneath a letterhead or a series, beside who speaks."""

import re
from collections.abc import Iterator

from society.announcements.backing import backers, bodies
from society.announcements.days.dates import dated_in
from society.announcements.days.hours import hours_in
from society.announcements.headings.plausible import is_plausible, names_its_holder
from society.announcements.lines.layout import Layout
from society.announcements.online import is_online
from society.announcements.persons import named, names, people
from society.announcements.persons.given import is_given
from society.announcements.sites import places
from society.announcements.wording import (
    QUOTED,
    Found,
    before_place,
    before_when,
    behind_its_kind,
    by_nobody,
    is_greeting,
    is_kind,
    is_prose,
    says_little,
    tidied,
    told_by,
)
from society.announcements.words import BUILDINGS, ROOMS, STREETS
from society.text import folded

_OF_A_SERIES = re.compile(
    r"(?:series|\w{0,12}reihe|\w{0,8}zyklus|cycle|ciclo(?: de \w+)?|rahmen (?:der|des|unserer))[:,]?\s?$", re.IGNORECASE
)
_ONLINE = re.compile(r" (?:via|on|by) | online$", re.IGNORECASE)
_OPENING = re.compile(
    r"^(?:it(?:['’]s| is) (?:the|our)|.{0,60}requests? the (?:pleasure|honou?r) of your company (?:at|for)(?: the"
    r"| our| an?)?|(?:call for attendance|save the date|(?:just )?(?:an? )?(?:quick |short |gentle "
    r"|friendly )?reminder(?: that)?|(?:a quick note|just|this is) to (?:say|let you know|confirm|remind you"
    r"|tell you)(?: that)?)[:!,]{0,3}(?: the| our)?|you(?:['’]re| are) (?:all )?invited!"
    r"|(?:herzliche )?einladung (?:zur|zum|zu)|invitation to(?: the)?|our(?: next)?|the next|unsere? nächste[rs]?"
    r"|notre prochaine?|nuestr[oa] próxim[oa]|please join[^.]{0,40}? for an?|join us for(?: an?)?"
    r"|(?:tomorrow|tonight|today|morgen|heute|demain|ce soir|mañana|hoy)\b[^:.]{0,40}:)\s",
    re.IGNORECASE,
)
_BY_SOMEBODY = re.compile(
    r"^(?:an? )?(?:\w{2,12} )?(?:talk|lecture|presentation|reading)s?"
    r" (?:by|with|from) (.{3,60}?) (?:on|about) (?=.{4})",
    re.IGNORECASE,
)
_NOT_ALONE = re.compile(
    r"\b(?:will|invites?)\b|\b(?:for|from|of|to)$|^\w{1,2}$|^(?:we(?:['’]\w+)?|join us|please|bitte)\s", re.IGNORECASE
)
"""A sentence, the first half of "7 for 7.30", or a preposition before a date."""
_WILL_BE = re.compile(
    r"\s(?:will (?:take place|be(?:$| (?:held|on|next|this)))|is (?:on|tomorrow|tonight|today)"
    r"|ist (?:morgen|heute)|findet|takes place|aura lieu|tendrá lugar|se celebra)\b.*$",
    re.IGNORECASE,
)
_NEXT_ONE = re.compile(r"\s[–-]\s(?:the |our )?next (?:one|meeting|time|date|session|gathering)\b.*$", re.IGNORECASE)
_A_PLACE = "It could be the name of the place."
_ASKS = re.compile(r"(?!.*\b(?:you|your)\b)\S+(?:\s\S+){2,12}\s?\?", re.IGNORECASE)
"""A question that is no question to the reader."""
_REMARK = re.compile(
    r"(?:bring|come|join|please|admission|free|all|members|everyone|everybody|tickets?|doors?|tea|coffee|refreshments"
    r"|drinks|wine|cakes?|entry|no|book|booking|rsvp|visitors|registration|reception|lunch|led|chair|moderat\w+|with"
    r"|by|from|dress|suggested|donations?|light|followed|eintritt|gaste|alle|moderation|mit|von|entree|tarif|gratuit"
    r"|par|avec|anime\w*|ouvert|entrada|gratis|con|modera|aforo|wheelchair|limited|places|children|families|presented"
    r"|sponsored|supported|hosted|organi[sz]ed)\b"
)
"""How lines begin on a flyer that say something besides."""
_BY_LINE = re.compile(rf"(?:by|with|von|mit|par|avec|por|con|animée? par) {names.NAME}", re.IGNORECASE)
LEAST_OF_LETTER = 3
"""Lines of a letter, with its greeting."""
MOST_ABOVE = 8
"""Lines within which a title is looked for beneath a letterhead."""
_IN_PLACES = ROOMS | BUILDINGS | STREETS


def without_opening(line: str) -> str:
    """A line without the words that lead up to what it announces: "Save the date:", "Join us for a"."""
    return _OPENING.sub("", line)


def announced(line: str) -> str:
    """Of what a line announces the words before when and where it is."""
    return before_place(_WILL_BE.sub("", before_when(line)))


def leads_to_a_series(words: str) -> bool:
    """Whether words before quotation marks say that these are about a series: "im Rahmen der Reihe"."""
    return bool(_OF_A_SERIES.search(words))


def beneath_speaker(layout: Layout) -> Found | None:
    """The line between who speaks, "Ada Example (Leiden)", and when."""
    lines = [line for line in layout.prose.split("\n") if line]
    for speaker, title, when in zip(lines, lines[1:], lines[2:], strict=False):
        if people.stands_alone(speaker) and dated_in(when) and not dated_in(title) and not is_no_title(title):
            return tidied(title), title, ""
    return None


def from_headline(layout: Layout) -> Found | None:
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
    whose = stands_above(first[1]) or names_its_holder(first[1])
    if not (whose or says_little(first[0]) or first[2] == _A_PLACE):
        asked = next(_headlines(lines[at + 1 : at + 2]), None)
        return asked if asked and _ASKS.fullmatch(asked[1]) and not first[1].endswith("?") else first
    beneath = lines[at + 1 :][:MOST_ABOVE]
    return next((found for n, _ in enumerate(beneath) if (found := _bare_headline(beneath, n))), first)


def further(layout: Layout) -> Iterator[Found]:
    """All lines above the day that may be one, for where the first is something else."""
    lines = [line for line in layout.prose.split("\n") if line]
    day = next((n for n, line in enumerate(lines) if dated_in(line)), 0)
    return (found for found in _headlines(lines[:day]) if found[0] == tidied(found[1]))


def from_item(layout: Layout) -> Found | None:
    """The head in capitals of the one item of a newsletter that has a day to come, where others have such heads too."""
    items = [part.split("\n") for part in layout.prose.split("\n\n")]
    heads = [item for item in items if len(item) > 1 and item[0].isupper() and not stands_above(item[0])]
    told = [item[0] for item in heads if any(dated_in(line) for line in item[1:])]
    if len(heads) < 2 or len(told) != 1:
        return None
    return tidied(told[0]), told[0], ""


def stands_above(line: str) -> bool:
    """Whether it names a body or a series, and no event: "Department of Physics - Research seminar"."""
    parts = re.split(r"\s[|–-]\s", line)
    return all(bodies.is_letterhead(part) or says_little(part) or _quotes_a_series(part) for part in parts)


def _quotes_a_series(line: str) -> bool:
    quoted = QUOTED.search(line)
    return quoted is not None and leads_to_a_series(line[: quoted.start()])


def _bare_headline(lines: list[str], at: int) -> Found | None:
    """A line that can be nothing but a title, above the day or beside who speaks: no sentence, no remark on the fee."""
    line, beside = lines[at], lines[max(at - 1, 0) : at] + lines[at + 1 : at + 2]
    if [one for one in lines if ": " in one and told_by(one)[1]] == [line]:
        return next(_headlines([line]), None)
    above = not any(dated_in(one) or any(hours_in(one)) for one in lines[: at + 1])
    found = next(_headlines([line]), None) if above or any(map(people.is_alone, beside)) else None
    if found is None or line[-1:] in ".,;" or line[0].islower():
        return None
    remark = _REMARK.match(folded(found[0])) or people.speaking(line)[0]
    return None if remark or says_little(found[0]) else found


def _headlines(lines: list[str]) -> Iterator[Found]:
    placed, above, dated = False, "", False
    for line in lines:
        line = _before_day_in_list(_NEXT_ONE.sub("", without_opening(line)))
        if told_there := behind_its_kind(line):
            yield by_nobody(told_there), line, ""
            continue
        placed = placed or is_kind(line)
        above = above or (line if names.bare_name(line) else "")
        dated = dated or bool(dated_in(line))
        if (
            is_no_title(line)
            or line.endswith(("!", ":"))
            or (line.endswith((".", ",")) and _REMARK.match(folded(line)))
            or ((inviting := backers.inviting(line)) and folded(inviting[0]) != folded(line))
        ):
            continue
        bare = without_opening(line)
        title = subject_of(announced(bare))
        of_a_place = places.is_place(title) or _IN_PLACES.intersection(folded(title).split())
        if above and dated and of_a_place:
            yield tidied(above), above, "It could be a person's name."
            continue
        if (placed and of_a_place) or is_prose(bare, title) or not is_plausible(title):
            continue
        if 1 <= len(folded(title).split()) <= 14 and not _NOT_ALONE.search(title):
            doubt = "" if bare == line and title == bare.strip(" .") else "Taken from the first line."
            if not doubt and not dated and folded(title).split()[-1] in BUILDINGS | ROOMS:
                doubt = _A_PLACE
            yield by_nobody(title), line, doubt


def _before_day_in_list(line: str) -> str:
    """Of a line that bars or dots part, "Bellringers · Ringing for Beginners · 20 March", the part before the day."""
    parts = re.split(r"\s[|·]\s", line)
    dated = next((n for n, part in enumerate(parts) if dated_in(part)), 0)
    return parts[dated - 1] if len(parts) > 2 and dated and not any(hours_in(parts[dated - 1])) else line


def subject_of(title: str) -> str:
    """What "Talk by Ada Example about canals" is about; else all of it."""
    if (by := _BY_SOMEBODY.match(title)) and people.people_in(by[1]):
        return title[by.end() :]
    return title


def is_no_title(line: str) -> bool:
    """A greeting, a bare kind of event or name, who converses with whom: no title."""
    kind = any(is_kind(part) and len(_ONLINE.split(part)[0].split()) < 3 for part in line.split(" / "))
    verb = re.fullmatch(r"(?:cordially )?(?:presents?|invites? you(?: to)?)", line, re.IGNORECASE)
    somebody = (
        (names.bare_name(line) and (len(line.split()) < 3 or is_given(line) or names.is_titled(line)))
        or named.alone(line)
        or people.is_alone(line.rpartition(": ")[2])
        or _BY_LINE.match(line)
        or " in conversation with " in line
    )
    says = is_greeting(line) or kind or verb or somebody or is_online(line) or backers.opens_with_backers(line)
    return bool(says or (people.speaking(line)[0] and line[-1:] == ")"))
