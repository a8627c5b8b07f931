"""The words of a title, told apart from who tells of it, what kind of event it is, when it is, and what quotes it."""

import re

from society.announcements.days.dates import dated_in
from society.announcements.days.hours import hours_in
from society.announcements.persons import names, people
from society.announcements.persons.given import is_given
from society.announcements.persons.tellers import parted_from_teller
from society.announcements.shouted import lowered
from society.announcements.words import ABBREVIATED, BUILDINGS, ROOMS, STREETS
from society.text import folded

Found = tuple[str, str, str]
"""A title, the words it was read from, and what is doubtful about it."""

QUOTED = re.compile(r"[“\"„«]\s?([^“”\"„«»\n]{2,200}?)[,.]?\s?[”\"“»]")
SINGLE = re.compile(
    r"(?<![\w'’])['‘‚‹](?=[A-ZÀ-Þ¿¡])(?!Tis\b|Twas\b|Til\b|Cause\b)((?:[^'‘’‹›\n]|['’](?=\w)){3,200}?)[,.]?['’‘›](?!\w)"
)
"""No apostrophe: it opens before a capital letter after a space, and closes before one."""
_KIND_OF = re.compile(
    r"^(?:every|each|weekly|monthly|jeden?)\b.{0,30}$|^(?:an? |the |our )?(?:[\w'’-]{1,20}\s){0,3}"
    r"(?:lecture|talk|seminar|webinar|workshop|concert|walk|debate|launch|vortrag|lesung|conférence|conferencia"
    r"|presentación|présentation|präsentation|presentation|course|cours|curso|visita|visite|recital|reading"
    r"|werkstatt|führung|exkursion|wanderung|atelier|charla|taller|table ronde|mesa redonda"
    r"|podiumsdiskussion|gespräch|kolloquium|colloquium|causerie|débat|coloquio|concierto|konzert)s?"
    r"(?: (?:via|on|by) (?:zoom|teams|webex|video)|,? (?:online|virtual|en ligne|en línea))?$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:die|der|das|le|la|les|el|los|las)\s(?=[A-ZÀ-Þ])")
"""Of a title that a sentence goes on with; one that begins with its article has a capital there."""
_ADDRESS = (
    r"(?:dear|hello|hi|hey|hallo|moin|servus|bonjour|bonsoir|hola|friends|folks|greetings"
    r"|(?:good )?(?:morning|afternoon|evening) (?:all|everyone|folks)"
    r"|good (?:morning|afternoon|evening)|guten (?:morgen|tag|abend)|buen[oa]s (?:d[ií]as|tardes|noches)"
    r"|liebe[rs]?|sehr geehrte[rs]?|ch[eè]re?s?|estimad[oa]s?|ladies and)\b"
)
_OPENS = re.compile(rf"^\W?{_ADDRESS}", re.IGNORECASE)
_GREETING = re.compile(
    rf"^\W?(?:{_ADDRESS}|(?:thanks to|many thanks|from our (?:friends|neighbou?rs|colleagues)|save the date)\b"
    r"|(?:you are|yours)\b|herzliche einladung$|join us$|\W{0,3}(?:please )?note\b.{0,40}$|(?:new|change of) venue\b"
    r"|(?:for immediate release|(?:press|news) release|pressemitteilung|communiqué|newsletter|rundbrief|bulletin)\b"
    r"|(?:(?:more|further) )?(?:details|information) (?:to follow|below)"
    r"|lettre d['’]information|boletín|terminankündigung|minutes of|protokoll)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"#\s?\d{1,4}\b|\(\d{1,3}\s?/\s?\d{1,3}\)|\b\d{1,2} (?:of|von|sur|de) \d{1,2}\b"
    r"|\b(?:no|nr|n°|nº|núm|teil|part|folge|band|séance|sesión|session|lecture|talk|vortrag|week|volume|issue)"
    r"\b[.°º]?\s?(?:n[.°º]{1,2}\s?)?\d{1,4}\b(?!:)",
    re.IGNORECASE,
)
"""Which one of a series it is."""
_SAYS_NOTHING = re.compile(
    r"(?:our|the|an?|this|next|moved|first|second|third|monthly|weekly|annual|regular|special|public|open|free"
    r"|upcoming|new|month|week|year|today|tonight|tomorrow|day|time|spring|summer|autumn|fall|winter|easter|christmas"
    r"|lent|term|season|january|february|march|april|may|june|july|august|september|october|november|december|\d{4}"
    r"|of|for|to|and|in|on|with|monday|tuesday|wednesday|thursday|friday|saturday|sunday|morning|afternoon|evening"
    r"|night|lunchtime|daytime|meetings?|talks?|lectures?|events?|seminars?|webinars?|workshops?|colloqui(?:um|a)"
    r"|forum|series|sessions?|panel|discussion|round|table|speakers?|guest|members?|community|research|club|gathering"
    r"|programme|program|notices?|notice|news|parish|newsletter|bulletin|update|invitation|reminder|announcement|save"
    r"|date|details|diary|calendar|cafe|philo|what|on|coming|up|diary|ronde|programm|termine|januar|februar|marz|mai"
    r"|juni|juli|oktober|dezember|janvier|fevrier|mars|avril|juin|juillet|aout|septembre|octobre|novembre|decembre"
    r"|enero|febrero|marzo|abril|mayo|junio|julio|septiembre|octubre|noviembre|diciembre|scientifique|hybrid|online"
    r"|work-in-progress|brown|bag|distinguished|memorial|department|society|group|unsere?r?|die|der|das|zum|zur|im|am"
    r"|nachster?|nachstes|nachste|einladung|vortrag|vortrage|vortragsabend|vortragsreihe|abend|treffen|veranstaltung"
    r"|veranstaltungen|reihe|ringvorlesung|kolloquium|podiumsdiskussion|rundbrief|mitteilungen|notre|nos|le|la|les"
    r"|prochaine?|conference|conferences|soiree|rencontre|reunion|cycle|atelier|debat|seance|invitation|nuestr[oa]|el"
    r"|los|las|proxim[oa]|charla|conferencia|encuentro|mesa|redonda|ciclo|boletin|magistral|de|del|du)s?",
)
"""A word of what is on each month, as well as of what is on this time."""
LEAST_OF_PROSE = 12
"""Words of a sentence that runs on."""
_RUNS = re.compile(
    r"\b(?:is|are|was|were|will|has|have|had|can|do|does|be|been|we|you|us|our|your|it|he|she|they|who|which"
    r"|welcomes?|hosts|presents|invites|holds|asks|tells|i['’]m|we['’]re|['’]ll"
    r"|wir|uns|unserer?|ist|sind|wird|werden|haben|lädt|laden|findet|finden|erzählt|berichtet|spricht|hält|liest"
    r"|nous|vous|est|sont|sera|seront|aura|auront|avons|propose|organise|invite|accueille"
    r"|nos|será|serán|tendrá|invita|invitamos|celebra|organiza|complace|hablará)\b"
)
_IN_SERIES = re.compile(
    r"\b(?:lectures|talks|seminars|lecture series|series|vorträge|vortragsreihe|conférences|conferencias|charlas)"
    r"(?:\s(?:\d{4}(?:[/–-]\d{2,4})?|(?:at|in|of|for|im|in der|de|du)\s.*))?$",
    re.IGNORECASE,
)
LONGEST_SERIES = 7
"""Words of what names no more than a series of talks."""
_LINKED = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_SENTENCE_END = re.compile(ABBREVIATED + r"(?<!\b[A-Z])\.\s|;\s")
_CALLED_OUT = re.compile(r"\sw/\s.*$|!{2,3}\s.*$|[!.]\s(?:a|two) weeks? (?:on|from|to)\b.*$", re.IGNORECASE)
"""What follows a title that is called out, such as when it is: "Summer social!!! A week on Friday"."""
_PLACED = re.compile(
    r"\s(?:(?:upstairs |held )?at(?P<at>\sthe)?|(?:in|im) the)\s"
    r"([A-ZÀ-Þ][\w'’.&-]*(?:\s(?:of(?:\sthe)?\s)?[A-ZÀ-Þ\d][\w'’&-]*)*)"
)
_OF_PLACES = ROOMS | BUILDINGS | STREETS
LONGEST_BY = 7
"""Characters of a word alone before a name, with its comma and spaces: ", avec "."""


def by_nobody(title: str) -> str:
    """Without who tells of it, if they are known by "Prof." or by the words before: "Poems by Emily Example" is one."""
    bare, name = parted_from_teller(title)
    told = names.is_titled(name) or len(title) - len(bare) - len(name) > LONGEST_BY
    return tidied(bare if name and told else title)


def alone(labelled: str) -> str:
    """What is labelled as the title, without the day and the hour that some write on the same line; a day alone may be
    part of it: "Berlin, 9 November 1989"."""
    title = before_when(labelled)
    timed = bool(dated_in(labelled)) and any(hours_in(labelled))
    return title if title and timed and re.match(r"\s?[,(–-]", labelled[len(title) :]) else labelled


def beside_title(line: str) -> str:
    """Who stands before the quotation marks or the colon of a line that names the title."""
    quoted = quoted_in(line)
    return line[: quoted.start()].strip(" ,:–-") if quoted else told_by(line)[0]


def told_by(line: str) -> tuple[str, str]:
    """Of "Ada Example (Leiden): The Sea" and "Prof. Example: The Sea" who tells of it, and the title; else nothing."""
    before, _, title = line.partition(": " if ": " in line else " – " if " – " in line else " - ")
    people_told = people.people_in(before) if title else []
    sure = before.endswith(")") or any(names.is_titled(name) for name, _ in people_told)
    return (before, title) if people_told and sure else ("", "")


def quoted_in(line: str) -> re.Match[str] | None:
    """The title that a line quotes, unless a word or two of it are quoted alone: "On “Being” and Nothing"."""
    quoted = QUOTED.search(line) or SINGLE.search(line)
    return None if quoted is None or is_within(line, quoted) else quoted


def is_within(line: str, quoted: re.Match[str]) -> bool:
    before, after = line[: quoted.start()].strip(), line[quoted.end() :].strip()
    headline = len(line.split()) <= 12 and not dated_in(line) and not any(hours_in(line)) and line[-1:] not in ".!"
    leads = not before or before[-1] in ":,–-" or is_kind(before) or people.speaking(line)[0]
    goes_on = re.match(r"(?:and|or|of|in|und|oder|et|ou|y) " if leads else r"[^\W\d_]|[:–-]", after)
    return headline and len(quoted[1].split()) <= 2 and bool(goes_on)


def is_kind(line: str) -> bool:
    """Whether it says only what kind of event it is: "Illustrated talk"."""
    return any(_KIND_OF.match(part) for part in line.split(" / "))  # in two languages


def says_little(title: str) -> bool:
    """Whether it only tells of which kind or of which series an event is: "Our April meeting", "Science Café #47"."""
    words = _LINKED.findall(re.sub(r"['’]s?\b", "", folded(title)))
    series = _IN_SERIES.search(title) and len(words) < LONGEST_SERIES
    return bool(series or _NUMBERED.search(title)) or all(map(_SAYS_NOTHING.fullmatch, words))


def telling(title: str) -> list[str]:
    """Its words that say what is on, rather than when: of "Walk next month" one."""
    words = _LINKED.findall(re.sub(r"['’]s?\b", "", folded(title)))
    return [word for word in words if not _SAYS_NOTHING.fullmatch(word) and not word[:1].isdigit()]


def is_prose(line: str, title: str) -> bool:
    """Whether a line is a running sentence, of which the words up to the date are no title by themselves."""
    words = line.split()
    if len(words) < LEAST_OF_PROSE:
        return len(words) > 3 and line.endswith(".") and bool(_RUNS.search(title))
    return bool(_RUNS.search(title)) or (len(words) >= 2 * LEAST_OF_PROSE and len(title.split()) > 7)


def is_greeting(line: str) -> bool:
    """Whether it opens a letter rather than says something."""
    return bool(_GREETING.match(line))


def opens_a_letter(line: str) -> bool:
    """Whether it says to whom a letter is written."""
    return bool(_OPENS.match(line))


def behind_its_kind(line: str) -> str:
    """What stands behind who speaks or what kind of event it is; of "Next talk - Tuesday 6 April - Bees" the one part
    that is neither that nor a date."""
    parts = re.split(r"\s[|–-]\s", line)
    left = [part for part in parts if not (dated_in(part) or any(hours_in(part)) or is_kind(part))]
    if len(parts) > 2 and len(left) == 1 and dated_in(line):
        return left[0]
    named = re.match(r"^([^:]{3,60}?)(:| -| –| on)\s(.{3,})$", line)
    if named is None:
        return ""
    apart = named[2] != ":" and len(named[1].split()) == 2 and bool(people.people_in(named[1]))
    return before_when(named[3]) if apart or _is_somebody(named[1]) or is_kind(named[1]) else ""


def _is_somebody(words: str) -> bool:
    """Whether it is who speaks; of words in capitals only if a name in them is known for one."""
    told = people.people_in(words)
    return bool(told) and (words.endswith(")") or any(names.is_titled(name) or is_given(name) for name, _ in told))


def before_when(line: str) -> str:
    """A headline up to the date, the time or the sentence's end."""
    spans = [at for at, _ in dated_in(line)]
    spans += [h.at for h in hours_in(line)]
    line = line[: min(spans)] if spans else line
    line = _CALLED_OUT.sub("", _SENTENCE_END.split(line)[0])
    return re.sub(
        r"(?:[\s,]|\s[–-]|\s(?:is|on|on the|am|at|um|ab|le|el|du|del|vom|in the|in|from|next|this|nächsten"
        r"|every \w+days?|[A-Z][a-z]+days?)(?=\s|$))+$",
        "",
        line,
    ).strip(" .")


def before_place(line: str) -> str:
    """Up to where it takes place: "at the Red Lion" or "in the Town Hall", but not "Women in the Middle Ages"."""
    for match in _PLACED.finditer(line):
        if match["at"] or folded(match[2]).split()[-1] in _OF_PLACES:
            return line[: match.start()]
    return line


def tidied(title: str) -> str:
    """Without stray marks; shouted words lowered, and the first letter raised."""
    title = _ARTICLE.sub("", title)
    marks = re.compile('["“”„«»]')
    ends = " *_–-" if title.endswith("?") else " .,;:*_–-"
    bare = title.strip(ends + '"“”„«»')
    quoting = len(marks.findall(bare)) % 2 or len(marks.findall(title)) > 2
    title = title.strip(ends) if quoting else bare
    title = lowered(title)
    return (title[:1].upper() + title[1:])[:200]
