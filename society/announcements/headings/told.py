"""What the sentences of an announcement call an event: "a talk entitled The Sea", "will speak to us about the sea"."""

import re
from collections.abc import Iterator
from itertools import pairwise

from society.announcements.days.dates import dated_in
from society.announcements.headings.headlines import subject_of
from society.announcements.persons.names import NAME
from society.announcements.persons.tellers import parted_from_teller
from society.announcements.wording import Found, before_place, before_when, telling, tidied
from society.announcements.words import BUILDINGS, HANGING, ROOMS
from society.text import folded

_BETWEEN = r"(?:[^.\n]|(?<=\bProf)\.|(?<=\b[DM]r)\.|(?<=\bDra)\.|(?<=\s[A-Z])\.)"
"""What may stand between a verb and what it is about: "spricht Prof. Dr. Example über"."""
_BOOK = r"(?:(?:his|her|their) (?:\w{2,12} ){0,2}(?:book|novel|film|study|biography),\s)?"
_NAMED = re.compile(
    r"(?i:\b(?:(?:talk|lecture|paper|presentation|evening|workshop|session|course|exhibition|seminar|address"
    r"|whose \w{4,12})\b[^.\n]{0,60}?(?:called|named)|(?:en)?titled|under the (?:title|heading)"
    r"|(?:on|with) the (?:topic|subject|theme|title)(?: of)?|(?:topic|subject|theme|title|book"
    r"|film)(?: of [^.\n]{2,40}?)? (?:is|will be)|(?:mit|unter) dem (?:titel|motto)|zum thema|über das thema"
    r"|(?:titel|thema) (?:ist|lautet)|intitulée?|sur le thème(?: (?:de|du|des))?|sous le titre|a pour (?:titre|thème)"
    r"|titulad[oa]|(?:bajo|con) el (?:título|lema)(?: de)?|sobre el tema(?: de)?|lleva por título"
    r"|(?:his|her|their|son|sa|leur|su|seine[mn]?|ihre[mn]?) (?:\w{2,14} ){0,3}(?:book|novel|collection|memoir"
    r"|biography|film|roman|livre|ouvrage|recueil|essai|novela|libro|poemario|buch|erzählband"
    r"|gedichtband),))\s?:?\s[“\"'‘«„]?\s?([A-ZÀ-Þ¿¡][^.;\n”\"»“]{3,150})"
)
"""What is said to be a title begins with a capital."""
_ASKED = re.compile(r"\b(?:asks?|fragt|pregunta|demande)\s?[:,]\s[“\"'‘«„]?([^.?\n]{5,120}\?)")
_ABOUT = re.compile(
    r"\b(?:(?:talk|lecture|discussion|conversation|presentation|address|seminar|paper|chat|speak|present)(?:s"
    r"|ing)?(?: (?:to|with|for)? ?(?:us|you|all|members|our members|the \w{4,12}))?\s(?:on|about)"
    r"|(?:take|takes|taking|guide|guides|walk|walks) (?:us|you|members) (?:through|around|into|behind)"
    r"|show(?:s|ing)? (?:us |you )?(?:\w+ )?(?:slides|pictures|photographs|photos|film) (?:of|from)"
    r"|introduc(?:e|es|ing) (?:us|you|members) to|(?:will|to|['’]ll|be) (?:discuss|explor|examin|describ|explain"
    r"|uncover|reveal|trac|demonstrat|recount|shar|show us|tell(?= the (?:story|tale))"
    r"|tell(?:ing)? us(?: all| more| something| a (?:bit|little))?(?: about| of)?)(?:e|ing)?"
    r"|(?:launch|publication) of|(?:spricht|erzählt|berichtet|referiert|informiert|vortrag|gespräch|lesung"
    rf"|diskussion)\b{_BETWEEN}{{0,70}}?\s(?:über|von|zu)|(?:parlera|racontera|évoquera|présentera|conférence|débat"
    rf"|discussion|causerie|exposé)(?:\s{_BETWEEN}{{0,60}}?)??\s(?:sur|des?|du)|(?:hablará|hablarán|charla|conferencia"
    rf"|coloquio|conversará|disertará|contará)(?:\s{_BETWEEN}{{0,60}}?)??\s(?:sobre|acerca de|del?))\s{_BOOK}"
    r"([^.;\n]{4,160})",
    re.IGNORECASE,
)
_HELD = re.compile(
    r"\b(?:(?:hold|host|organi[sz]|offer|runn?|stag|present|(?:ha[sv]e? |is |are )?(?:call|arrang))(?:e|e?s|ed"
    r"|ing)?\s(?:an?|its|our|their)|(?:welcom(?:e|es|ing)|joined by)\s[^.\n]{5,80}?\s(?:for|to give)\s(?:an?|his|her"
    r"|their)|(?:organise|organisent|propose|proposent)\s(?:[^.\n]{0,60}?\s)??(?:une?|son|sa|leur)"
    r"|(?:organizan?|celebran?|proponen?|ofrecen?)\s(?:[^.\n]{0,60}?\s)??(?:una?|su)"
    r"|(?:veranstaltet|organisiert)\s(?:[^.\n]{0,60}?\s)??(?:einen?|ihren?)"
    r"|l(?:ädt|aden)\b[^.\n]{0,60}?\s(?:zu (?:einem|einer|ihrem|ihrer|unserem|unserer)|zum|zur))\s"
    r"((?:[^.;\n]|(?<=\d)\.(?=\d)){4,120})",
    re.IGNORECASE,
)
"""What a body does that holds an event."""
_TAKES_PLACE = re.compile(
    r"\b(?:that (?:the |our )?|the |our |an? |die |der |das |la |el |le |notre "
    r"|unsere? )((?:(?!\sthat\s)[^.,;:\n]){4,90}?)\s(?:will (?:be held|take place|(?:now )?be (?:at|in|on)\b)"
    r"|takes place|is to be held|leaves from|sets off|departs|moves|is (?:now |still )?(?:on|fixed|confirmed)\b"
    r"|findet|führt uns|aura lieu|se tiendra|tendrá lugar|se celebrará)\b",
    re.IGNORECASE,
)
_INVITED = re.compile(
    r"\b(?:invites? you to|vous (?:invite|invitent|convie|convient) (?:à|au)|os invita(?:mos)? a"
    r"|you are (?:warmly |cordially )?invited to|join (?:us|the [^.,;\n]{3,50}?) for|(?:we['’]re|\w{2,20} are) (?:off"
    r"|going) to|off we go to)\s(?:an?|the|our|une?|la|le|l['’](?=\w))?\s?([^.,;\n]{4,100}?)(?=\son\s|[.,;\n])",
    re.IGNORECASE,
)
_HEARD = re.compile(rf"\b(?:hear|from|with) {NAME} (?:on|about) ([^.;\n]{{4,120}})")
_HOW = re.compile(
    r"\b(?:erzählt|zeigt|erklärt|berichtet|verrät|racontera|expliquera|contará|explicará)(?: uns| nos)?, "
    r"((?:wie|was|warum|weshalb|wo|comment|pourquoi|cómo|por qué)\s[^.,;\n]{4,120})",
    re.IGNORECASE,
)
_IN_WHAT = re.compile(
    r"\s(?:à la |à l['’]|au |dans la |dans le |en el |en la |im |in der |in dem )([^\W\d_]+)", re.IGNORECASE
)
"""Behind what somebody speaks about: "à la médiathèque", but not "au Moyen Âge"."""
_ENDS = re.compile(
    r"\s(?:will (?:take place|be)|takes place|findet|aura lieu|tendrá lugar|se celebra)\b.*$"
    r"|,\s(?:in|at|on|near|outside|which|who|when|where|the|an?|as|with|and (?:will|then|after\w*)|followed|am|um|im"
    r"|à|le|au|el|en|a las)\s.*$|\s(?:and|und|et|y) (?:will|brings?|shows?|answers?|bringt|zeigt|beantwortet|erzählt"
    r"|répondra|montrera)\b.*$|[!(].*$|\s(?:en la|en el|à la|au|dans|im|in der|in dem)\s(?:[^\W_]+\s){0,3}?(?:sede"
    r"|biblioteca|casa|salle|mairie|haus|saal)\b.*$",
    re.IGNORECASE,
)
"""Where in a sentence something else begins."""
_AT_A_NAME = re.compile(r"\sat(?: [A-ZÀ-Þ][\w'’-]{1,20}){2,5}$")
_LEADS = re.compile(
    r"\b(?:speak|speaks|talk|talks|lecture|lectures|discuss|present|vortrag|spricht|parlera|hablará|conférence"
    r"|charla)\b[^.:\n]{0,30}?\b(?:about|on|über|sur|sobre|acerca de|thema|thème|tema):?$"
    r"|\b(?:entitled|titled|called|zum thema|mit dem titel|intitulée?|sur le thème|titulad[oa]|bajo el título):?$",
    re.IGNORECASE,
)
"""How lines end that lead to a title on the next."""
_WHOSE = re.compile(
    r"^(?:his|her|their|its|my|our|den|dem|seine[rnms]?|ihre[rnms]?|son|sa|ses|leurs?|sus?)\s(?=.{4})", re.IGNORECASE
)
_DOUBT = "Taken from a sentence."
LEAST = 4
"""Letters of a title."""


def named_in(prose: str) -> Found | None:
    """What a sentence says to be the title or the subject."""
    return next((found for pattern in (_NAMED, _ASKED) for found in _all(pattern, prose)), None)


def about_in(prose: str) -> Iterator[Found]:
    """What somebody will speak about; else what one is invited to."""
    for pattern in (_ABOUT, _HEARD, _HOW, _INVITED, _HELD, _TAKES_PLACE):
        yield from _all(pattern, prose)


def fuller(prose: str, subject: str) -> Found | None:
    """What a sentence calls that of which a mail's subject has but some words: "walk next month"."""
    words, named = {*folded(subject).split()}, telling(subject)
    spoken = ((found, {*folded(found[1]).split()}) for found in _all(_TAKES_PLACE, prose))
    return next((found for found, said in spoken if not named or words & said - HANGING), None)


def beneath(lines: list[str]) -> Found | None:
    """What stands on a line beneath one that ends "will speak about"."""
    for above, line in pairwise(filter(None, lines)):
        if _LEADS.search(above) and line[:1].isupper() and not dated_in(line):
            return tidied(before_when(line)), f"{above} {line}", ""
    return None


def _before_house(told: str) -> str:
    """What somebody speaks about, up to the building or the room where they do."""
    houses = (match.start() for match in _IN_WHAT.finditer(told) if folded(match[1]) in BUILDINGS | ROOMS)
    return told[: next(houses, len(told))]


def _all(pattern: re.Pattern[str], prose: str) -> Iterator[Found]:
    for match in pattern.finditer(prose):
        bare = before_when(match[1] if pattern is _NAMED else _before_house(match[1]))
        while (shorter := before_place(_ENDS.sub("", bare))) != bare:
            bare = shorter
        bare = before_when(_AT_A_NAME.sub("", before_when(bare)))
        title = _WHOSE.sub("", subject_of(parted_from_teller(bare)[0].strip(" ,:")))
        if len(title) < LEAST:
            continue
        yield tidied(title), match[0][: match.start(1) - match.start() + len(bare)].strip(), _DOUBT
