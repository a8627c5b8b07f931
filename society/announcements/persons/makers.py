"""Who made something, rather than speaks: the tea, the photographs, the translation, the book."""

import re

_BOOK_READ = re.compile(
    r"(?:\bwe (?:are |will |shall )?(?:be )?(?:(?:discuss|read)(?:ing)?|talk(?:ing)? about)"
    r"|\bbook(?: this month)?(?: is|:)|\bto discuss|\b(?:wir (?:lesen|besprechen)|gelesen wird|nous (?:lisons|lirons)"
    r"|on lit|leemos|leeremos)):?\s[^.\n:]{2,100}\s$",
    re.IGNORECASE,
)
_OF_WHOM = ("by ", "von ", "par ", "por ", "de ")
_MADE = re.compile(
    r"\b(?:conducted|accompanied|welcome|begleitet|provided|supplied|served|catered|baked|translat\w+|photo\w*"
    r"|pictures?|images?|designed|design|poster|artwork|cover|flowers?|catering|refreshments?|tea|coffee|cakes?|buns"
    r"|lunch|supper|sandwiches|wine|drinks|food|costumes|music|edited|published|written|produced|funded|convened"
    r"|co-?ordinated|arranged|compiled|commissioned|made|built|donated|lighting|sound|transport|subtitles|übersetz\w+"
    r"|fotos?|bilder|musik|kuchen|getränke|text|gestaltung|bewirtung|moderiert|gestiftet|traduit\w*|traduction"
    r"|photographies|illustré\w*|écrit\w*|édité\w*|buffet|musique|traducid[oa]|traducción|fotografías|ilustrad[oa]"
    r"|escrit[oa]|editad[oa]|música)(?: kindly| generously)?(?: (?:given|provided|supplied|made|served|donated"
    r"|brought))?\s$",
    re.IGNORECASE,
)
"""What somebody else has done than speak, before "by"."""
_AWARDED = re.compile(
    r"\b(?:cups?|prizes?|trophies|trophy|certificates?|medals?|awards?)\b[^.\n]{0,30}(?:presented|awarded"
    r"|given)\b[^.\n]{0,15}$",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"\b(?:talk|lecture|presentation|paper|address|workshop|seminar|webinar|session|class|course|tour|walk|visit"
    r"|demonstration|recital|concert|performance|reading|remarks|speech|speeche|keynote|introduction|commentary|panel"
    r"|conversation|discussion|debate|launch|opening|opened|read|told|sung|played|given|delivered|presented|led"
    r"|guided|introduced|performed|followed|chaired|moderated|hosted|curated|words|evening|vortrag|grußwort|impuls"
    r"|lesung|referat|führung|gespräch|abend|konzert|exkursion|wanderung|geleitet|gehalten|conférence|causerie"
    r"|atelier|visite|animée?|présentée?|donnée?|guidée?|débat|discours|allocution|conferencia|ponencia|charla|taller"
    r"|coloquio|visita|guiad[oa]|impartid[oa]|dirigid[oa]|presentad[oa]|recital)s?\b",
    re.IGNORECASE,
)
"""What somebody does who speaks."""
_READERS = re.compile(
    r"\b(?:(?:reading|book) (?:circle|club|group)|lesekreis|club de lectura?e?|cercle de lecture)\b", re.IGNORECASE
)
"""Those who talk about a book without its author."""


def is_credit(text: str, at: int, named: str) -> bool:
    """Whether "by Ada Example", as it stands in a text, is about what she has made, or the author of what is read."""
    before = text[max(at - 120, 0) : at]
    if not named.startswith(_OF_WHOM):
        return False
    quoted = before[-2:] in ("” ", '" ', "» ", "’ ") and _READERS.search(text)
    return bool(
        _MADE.search(before) or _AWARDED.search(before) or quoted or _BOOK_READ.search(before.replace("\n", " "))
    )


def is_unsure(text: str, at: int, named: str) -> bool:
    """Whether no word says that something is told by them: of a title in quotation marks they may be the author."""
    before = text[max(at - 120, 0) : at].rpartition("\n")[2]
    return named.startswith(_OF_WHOM) and bool(before) and not _TOLD.search(before)
