"""What a person's name looks like, and what is none."""

import re

from society.announcements.given import is_given
from society.announcements.words import BODIES, BUILDINGS, NO_NAMES, ROOMS, STREETS, WEEKDAYS
from society.text import folded

_TITLE = (
    r"(?:Fire Chief|(?:Emeritus\s|Emerita\s|Univ\.-|Ass(?:oc|t)\.?\s)?Prof(?:essor(?:in|a)?|esseure?|\.|r)?(?=\s)"
    r"|Dr\.(?: (?:phil|med|jur|theol|rer\. ?nat|h\. ?c)\.){1,2}"
    r"|Dr\.?|Dra\.?|Docteur|Dre|Sir|Dame|(?:Very |Right |Most )?Rev(?:eren)?d?\.?(?=\s)|(?:Rt\.?"
    r"|Right) Hon(?:ourable)?\.?|Canon"
    r"|Fr\.|Maître|Mag\.|PD|Lic\.|Ing\.|Arq\.|Baron(?:ess)?"
    r"|Alderwoman|Ms\.?|Mr\.?|Mrs\.?|Miss|Herr|Frau|Mme|Mlle"
    r"|M\.|Sen(?:\.|ator)|Gov(?:\.|ernor)|Rep\.|Hon\.|Lord|Lady|Judge|Captain|Don|Doña|Councillor|Cllr\.?|Alderman"
    r"|Ambassador|Congress(?:man|woman)|(?:Arch)?bishop|Archdeacon|Rabbi|Imam|Pastor(?:in)?|Pfarrer(?:in)?|Colonel"
    r"|Co?mdr\.?|Commander|Admiral|Sra?\.|Señora?|Madame|Monsieur|Père|Bürgermeister(?:in)?|Dipl\.-[A-Z][a-z]{1,5}\.)"
)
_WORD = r"(?:[A-ZÀ-ÖØ-Þ]\.|[A-ZÀ-ÖØ-Þ][^\W\d_]{0,20}(?:['’-][^\W\d_]{1,20}){0,2})"
_PARTICLE = r"(?:von|van|de|der|den|di|da|del|la|le|zu|af|bin|al)"
NAME = rf"(?:{_TITLE} (?=[A-ZÀ-ÖØ-Þ])){{0,3}}+{_WORD}(?: (?:{_PARTICLE} ){{0,2}}{_WORD}){{0,4}}"
"""What could be a title is one wherever more follows it, so that "Lady Canon Lord" is read in one way only: in time
that grows with the length of a text, not by the power of its titles."""
_AND = r"(?:, | and |, and | und | et | y | & |; )"
SEVERAL = rf"{NAME}(?: \([^()\n]{{2,120}}\))?(?:{_AND}{NAME}(?: \([^()\n]{{2,120}}\))?){{0,5}}"
TITLED = re.compile(rf"{_TITLE}\s")
_TRADE = re.compile(
    r"(?:er|or|ist|ian|eur|euse|trice|ora|ista|log[oa]|logue|loge|nom|graf|wirt|arzt|anwalt|ante|poet|poète|poeta|chef"
    r"|guide|critic|judge|activist|officer|président|présidente|médica|médico|naturalista|(?<=[a-zä-ü]{4})in)$",
    re.IGNORECASE,
)
"""How words end that say what somebody does."""
_HERS = re.compile(r"(?:er|ist|log|ant|at|or)in$")
"""What a woman does, in German: "die Imkerin Ada Example"."""
OFFICE = re.compile(
    r"@|\d{4}|\b(?:secretary|treasurer|chair(?:man|woman|person)?|president|organi[sz]er|editor|vorsitz\w*|vorstand"
    r"|schriftführer(?:in)?|kassenwart(?:in)?|président\w*|secrétaire|trésori\w+|president[ea]|secretari[oa]"
    r"|tesorer[oa])\b",
    re.IGNORECASE,
)
"""Beneath or beside the name of whoever signs."""
_NOT_NAMES = BODIES | BUILDINGS | ROOMS | STREETS | WEEKDAYS.keys() | NO_NAMES
_SURNAMES = {
    *("hall", "church", "hill", "day", "may", "march", "street", "lane", "winter", "fair", "ball", "close", "castle"),
    *("bridge", "chambers", "chamber", "ring"),
}
"""Of people, too, and not only of places and days."""
_BEFORE_SURNAME = re.compile(r"(?:Prof(?:essor)?|Dr|Mr|Mrs|Ms|Miss|Rev)\b")
_PARTICLES = {"de", "la", "le", "der", "don", "am", "el"}


def is_name(text: str, *, told: bool = False) -> bool:
    """Whether it could be a person's: two words or more, or one behind a title, none of them a body's or a place's.

    The last may be, where the text has `told` that it names people, or behind "Dr": "Dr Robert Hall".
    """
    words = folded(text).replace(".", " ").replace(",", " ").split()
    titled = bool(TITLED.match(text))
    if words and words[-1] in _SURNAMES and (told or _BEFORE_SURNAME.match(text)):
        words[-1] = ""
    if text.isupper() and len(words) > 1 and len(text) > 6 and not told and not titled and not is_given(text):
        return False
    if any(word.endswith(("'s", "’s")) for word in words[:-1]) or words[-1:] == ["s"]:
        return False
    if any(word in _NOT_NAMES for word in words if word not in _PARTICLES and not (titled and len(word) == 1)):
        return False
    return titled or len(words) >= 2


def parted_from_calling(name: str) -> tuple[str, str]:
    """What somebody does, if it stands with a capital before the name, and the name: "Autorin Verena Example"."""
    words = name.split()
    unknown = 1 if len(words) > 2 and _HERS.search(words[0]) else 0
    first = next((n for n, word in enumerate(words) if is_given(word)), unknown)
    if not 0 < first < len(words) - 1 or is_titled(name) or not all(map(is_trade, words[first - 1 : first])):
        return "", name
    return " ".join(words[:first]), " ".join(words[first:])


def is_trade(words: str) -> bool:
    """Whether it says what somebody does, rather than who it is: "Master Gardener"."""
    return not is_titled(words) and not any(map(is_given, words.split())) and bool(_TRADE.search(words))


def is_titled(name: str) -> bool:
    return bool(TITLED.match(name))


def bare_name(line: str) -> bool:
    """Whether a line is nothing but two or three words that look like a name."""
    return not line.isupper() and bool(re.fullmatch(NAME, line)) and is_name(line) and len(line.split()) <= 3
