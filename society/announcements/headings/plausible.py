"""What may be what an event is called: not the weather, the fare, a role, a stamp of a chat, or whoever comes along."""

import re

from society.announcements.words import LAST_IN_BODIES
from society.text import folded

_SAYS = re.compile(
    r"^(?:if|in case|when it|bei regen|en cas de|s['’]il|si llueve)\b"  # the weather
    r"|[£€$]\s?\d|\b\d+\s?(?:€|euros?|pence)\b|\b(?:entry|admission|eintritt|entree"
    r"|entrada) (?:is )?(?:free|frei|libre)"
    r"|\b(?:retiring collection|suggested donation|free entry|free admission|freier eintritt|entree libre)\b"
    r"|^(?:parking|buses|trains?|lift to|doors|bar)\b|\b(?:free parking|parking (?:is|at|in|on))\b"
    r"|^w/\s|^[\[(]?\d{1,2}[/:.]\d\d"
    r"|^call for (?:papers|abstracts|contributions|proposals|volunteers)\b"
    r"|^(?:reply|rsvp|register|tickets?|apologies|minutes|agenda|committee|subs|ps|p\.s\.|fwd?|re)$"
    r"|^(?:please|bring|don['’]t|do not|remember|wear|park|see you|thank|thanks|sorry|bitte|merci"
    r"|gracias|love|best)\b"
    r"|,\s(?:hon(?:orary|\.)?\s)?(?:sec(?:retary|\.)?|treasurer|chair(?:man|woman|person)?|president|convenor"
    r"|vorsitzende[r]?|schriftfuhrer(?:in)?|presidente?a?|secretaire|secretaria|secretario|tesorer[oa])\.?$"
    r"|^(?:the )?(?:party|group|coach|bus|train|tram|club|society|committee|everyone|members|place"
    r"|venue|meeting point"
    r"|mayor|speaker|chair|date|time|change of (?:room|venue|date|time))$"
    r"|^(?:about|regarding|concerning) (?:next|this|last|our|tomorrow|today)\b"
    r"|^(?:sent|posted|written) (?:on|by|from)\b",
)
LEAST_LETTERS = 3
_OF_A_BODY = re.compile(
    r"(?i:(?<=luncheon)|(?<=lunch)|(?<=dinner)|(?<=supper)|(?<=meeting)|(?<=agm)|(?<=social)|(?<=party)|(?<=show)"
    r"|(?<=concert)|(?<=outing)|(?<=picnic)|(?<=fair)|(?<=sale)|(?<=reception))"
    r"\sof (?:the )?(?:[A-ZÀ-Þ&][\w'’.-]*\s|of\s|and\s|for\s|the\s){1,6}[A-ZÀ-Þ][\w'’.-]*$"
)
"""Who holds an occasion, said behind what it is called."""

_MEMBERS = re.compile(
    r"(?:the )?(?:(?!of\b|and\b)[^\W\d_][\w'’-]{1,20} ){1,3}[^\W\d_]{3,12}(?:ers|ists)",
    re.IGNORECASE,
)
"""Those who do something together: "The Calder Valley Astronomers"."""
_WHO_MEET = {"circle", "group", "gruppe", "kreis", "groupe", "cercle", "grupo", "circulo"}
"""That they meet is the event: "Knitting circle"."""
LONGEST_BODY = 7
"""Words of a society's name on a poster."""


def names_its_holder(line: str) -> bool:
    """Whether it may be no more than who holds an event: "Wednesday Walkers", "Lunar Society of Wembury"."""
    words = folded(re.split(r"\s(?:of|for)\s", line)[0]).split()
    society = bool(words) and words[-1] in LAST_IN_BODIES - _WHO_MEET and len(line.split()) <= LONGEST_BODY
    return bool(_MEMBERS.fullmatch(line) or (society and line[-1:] not in "?!"))


def is_plausible(title: str) -> bool:
    """Whether somebody may have called an event so."""
    plain = folded(title)
    return sum(map(str.isalpha, plain)) >= LEAST_LETTERS and not _SAYS.search(plain)


def without_host(title: str) -> str:
    """Of "Spring Luncheon of the Creek Garden Club" what it is; that it is theirs is told by its host."""
    held = _OF_A_BODY.search(title)
    return title[: held.start()] if held and len(title[: held.start()].split()) > 1 else title
