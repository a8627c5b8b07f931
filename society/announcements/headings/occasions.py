"""Events that are called by what they are: a plant sale, a quiz night, a garden party. A talk never is."""

import re
from collections.abc import Iterator

from society.announcements.days.dates import dated_in
from society.announcements.days.hours import hours_in
from society.announcements.headings.headlines import without_opening
from society.announcements.sentences import sentences
from society.announcements.wording import Found, before_when, tidied

_OCCASION = (
    r"(?:(?:concert|recital|plant sale|book sale|jumble sale|cake sale|bake sale|sale|fair|fayre|f[eê]te|party|quiz"
    r"|social|supper|dinner|lunch|luncheon|barbecue|bbq|picnic|breakfast|coffee morning|coffee"
    r"|open (?:day|evening|morning|garden)|study day|away day|work(?:ing)? party|work day|clean-?up|litter pick|swap"
    r"|auction|raffle|ceilidh|barn dance|dance|bonfire|fireworks|carols|carol service|walk|stroll|ramble|hike|tour"
    r"|visit|outing|excursion|day trip|trip|foray|bioblitz|bird(?:ing)? walk|rehearsal|service|vigil|unveiling"
    r"|tasting|bingo|beetle drive|film night|games night|pub meet|meet-?up|race|regatta|tournament|dig|camp|show"
    r"|night)|\w{0,14}(?:fest|feier|frühstück|basar|fahrt|radtour|markt|börse|stammtisch|ausflug|exkursion|wanderung"
    r"|führung|konzert)|sortie|excursion|balade|randonnée|visite|brocante|vide-greniers?|kermesse|repas|concert"
    r"|soirée jeux|dîner|déjeuner|pique-nique|goûter|loto|bal|fête|marche|journée|(?:excursión|salida|visita|paseo"
    r"|rastrillo|comida|fiesta|concierto|cena|almuerzo|jornada|ruta|marcha)(?: anual)?)"
)
_TAIL = (
    r"(?: series)?(?: (?:by (?=torch|candle|moon|boat|bike)|for (?!just|only|all)|to |round the |dans (?:les |la |le )"
    r"|aux? |à la |a las? |al |durch |in die )"
    r"(?!on |at |is |am |le )[\w'’&-]{1,20}(?: (?!on |at |is |am |le )[\w'’&-]{1,20}){0,4})?"
)
_ON_A_LINE = re.compile(
    rf"\W{{0,4}}(?:an? |the )?(?:[\w'’&-]{{1,20}} ){{0,3}}{_OCCASION}{_TAIL}\W{{0,4}}",
    re.IGNORECASE,
)
_CRIED = re.compile(r"\W{0,4}(\w[^!\n]{2,60})!+(?:\s\1!+)+")
"""What is called out more than once."""
_IN_A_SENTENCE = re.compile(
    rf"(?:\b(?:the|an?|our|this|next|is|for|annual|hold|notre|prochaine|nuestr[oa]|unsere?r?) |[,:–-] |^)"
    rf"((?:[A-ZÀ-Þ][\w'’-]{{1,20}} ){{0,2}}(?i:(?:[\w'’-]{{3,20}} )?\b{_OCCASION}{_TAIL})\b)(?=[\s,.!:;(]|$)"
)
_LEADING = re.compile(
    r"^(?:(?:the|an?|our|this|next|is|for|notre|prochaine?|nuestr[oa]|próxim[oa]|unsere?r?|nächste[rns]?) )+",
    re.IGNORECASE,
)
LONGEST = 7
"""Words of such a name."""


def on_lines(lines: list[str]) -> Iterator[Found]:
    """What stands on a line by itself: "PLANT SALE!!! PLANT SALE!!!"."""
    for line in lines:
        cried = _CRIED.fullmatch(line)
        called = cried[1] if cried else line
        if called and len(called.split()) <= LONGEST and _ON_A_LINE.fullmatch(called):
            yield tidied(called.strip(" !*~")), line, ""


def in_sentences(prose: str) -> Iterator[Found]:
    """What a sentence says to be on some day, or at some hour: "there will be a Garden Party on Sunday 4 July"."""
    for said in (said for line in prose.split("\n") for said in sentences(line)):
        if dated_in(said) or any(hours_in(said)):
            yield from _called_in(without_opening(said))


def _called_in(said: str) -> Iterator[Found]:
    for match in _IN_A_SENTENCE.finditer(said):
        called = _LEADING.sub("", match[1])
        if " " in called:
            yield tidied(before_when(called)), called, "Taken from a sentence."
