"""Which body holds an event that no phrase of `backers` names: whose meeting it is, and in whose name one invites."""

import re
from collections.abc import Iterator

from society.announcements.backing.bodies import BODY, body_in, is_letterhead
from society.announcements.persons.capitals import CAPITAL

_MEETING = (
    r"(?i:(?:annual |general |ordinary |extraordinary |special |members['’] |monthly |spring |summer |autumn |winter "
    r"|christmas |inaugural |public |joint |next )*(?:meeting|a\.?g\.?m\.?|e\.?g\.?m\.?|luncheon|lunch|dinner|supper"
    r"|lecture|outing|excursion|field (?:trip|day|meeting)|flower show|show|party|social|conference|congress|assembly"
    r"|symposium|seminar|talk|concert|coffee morning|open (?:day|evening|house)|fair|launch|celebration|conversazione"
    r"|soirée|gala)|\w{0,16}(?:versammlung|treffen|ausflug|exkursion|vortrag|konzert|sommerfest|weihnachtsfeier"
    r"|stammtisch|vortragsabend)|(?:assemblée générale|rendez-vous|séance|sortie|conférence|repas|banquet|réunion"
    r"|concert|fête)(?: (?:annuelle?|ordinaire|extraordinaire|mensuelle))*|(?:asamblea|reunión|comida|cena|excursión"
    r"|conferencia|jornada|concierto)(?: (?:anual|general|ordinaria|extraordinaria|mensual))*)"
)
_OF = r"(?:of the|of|de la|de l['’]|du|des|del|der|de los|de las|de)"
_MEETING_OF = re.compile(rf"\b{_MEETING}(?: 20\d\d)? {_OF} ?(?P<body>{BODY})")
_OFFICERS = (
    r"(?i:(?:The )?(?:Hon\.? )?(?:President|Chair(?:man|woman|person)?|Council|Committee|Officers|Fellows|Members"
    r"|Trustees|Governors|Master|Wardens|Secretary|Directors|Board|membres|Mitglieder|socios|miembros|Vorstand"
    r"|Präsident(?:in)?|Président(?:e)?|bureau|conseil d['’]administration|Junta Directiva|Presidente|Presidenta))"
)
_IN_ITS_NAME = re.compile(
    rf"(?:^|(?<=[.!]\s))(?:Le |La |Les |Der |Die |El |Los |Las )?{_OFFICERS}(?:,? (?:and|und|et|y|&)?(?: the| der| le"
    rf"| la| el)? ?{_OFFICERS}){{0,3}} {_OF} ?(?P<body>{BODY})[^.\n]{{0,60}}?\s(?:invites?|requests?"
    r"|have (?:the|great)|has (?:the|great)|(?:are|is) (?:hereby |cordially |warmly )?(?:invited|summoned|called"
    r"|notified|reminded)|sont (?:convoqué|invité)e?s|sind (?:herzlich |hiermit )?eingeladen"
    r"|(?:están|quedan) (?:convocad|invitad)[oa]s|are (?:pleased|delighted|happy)|is (?:pleased|delighted|happy)"
    r"|l(?:ädt|aden)|freu(?:t|en) sich|vous|ont le|a le|invitan?|les|tienen?|se complacen?|cordially|warmly)",
    re.MULTILINE,
)
_ITS_MEETING = re.compile(rf"(?P<body>{BODY})['’]s? (?:\d{{1,3}}(?:st|nd|rd|th) )?{_MEETING}\b(?! {CAPITAL})")
_SINCE = r"(?:was founded|celebrates|turns|has been|is (?:having|turning|celebrating|\d+))"
_ITSELF = re.compile(rf"\A\s*(?:The )?(?P<body>{BODY}),? {_SINCE}\b")
_INVITING = re.compile(
    rf"(?:^|(?<=[.!?,]\s))(?:[Tt]he|[Dd]er|[Dd]ie|[Dd]as|[Ll]es?|[Ll]a|[Ee]l|[Ll]os|[Ll]as)?\s?(?P<body>{BODY})\s"
    r"(?:cordially |warmly |herzlich |vous |les |os )?(?:invites? (?:you|members|everyone|all)|l(?:ädt|aden)\b"
    r"|invitent|invitan?\b)",
    re.MULTILINE,
)
_BESIDE = re.compile(rf"(?:\A\s*(?:The )?|\s[|–-]\s)(?P<body>{BODY})(?=: |\s[|–-]\s)")
LONGEST_KIND = 2
_WAYS = (_IN_ITS_NAME, _MEETING_OF, _ITS_MEETING, _ITSELF, _INVITING, _BESIDE)


def _stands_above(name: str) -> bool:
    """Whether it is a letterhead and names one body of its kind, as "Reading circle" does not."""
    return len(name.split()) > LONGEST_KIND and is_letterhead(name)


def holding(prose: str) -> tuple[str, str] | None:
    """The body that holds the event, and the words that say so."""
    return next(_held(prose), None)


def _held(prose: str) -> Iterator[tuple[str, str]]:
    for pattern in _WAYS:
        for match in pattern.finditer(prose):
            if (name := body_in(match["body"])) and (pattern is not _BESIDE or _stands_above(match["body"])):
                yield name, match[0]
