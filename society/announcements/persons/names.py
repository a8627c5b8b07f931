"""What a person's name looks like, and what is none."""

import re

from society.announcements.persons import capitals
from society.announcements.persons.given import is_given
from society.announcements.words import BODIES, BUILDINGS, NO_NAMES, ROOMS, STREETS, WEEKDAYS
from society.text import folded

_CAPITAL = capitals.CAPITAL
_TITLE = (
    r"(?:Fire Chief|W?[CFGI]M(?=\s)|(?:Emeritus\s|Emerita\s|Univ\.-|Ass(?:oc|t)\.?\s)?Prof(?:essor(?:in|a)?|esseure?"
    r"|\.ª|\.|r|ra\.)?(?=\s)|Dr\.(?: (?:phil|med|jur|theol|rer\. ?nat|h\. ?c)\.){1,2}|Dr\.?|Dra\.?|Docteur|Dre|Sir"
    r"|Dame|(?:Very |Right |Most )?Rev(?:eren)?d?\.?(?=\s)|(?:Rt\.?|Right) Hon(?:ourable)?\.?|Canon|Father|Monsignor"
    r"|M(?:gr|sgr)\.?|Abbé|Frère|Sœur|Diakon(?:in)?|Dekan(?:in)?|Fr\.|Maître|M?Mag\.a?|PD|Priv\.-Doz\.|Lic\.|Licda?\."
    r"|Lcd[oa]\.|Mtr[oa]\.|Ing\.|Arq\.|Baron(?:ess)?|Viscount(?:ess)?|Countess|Alderwoman|Ms\.?|Mr\.?|Mrs\.?|Miss"
    r"|Herrn?|Frau|Mme\.?|Mlle|M\.|Sen(?:\.|ator)|Gov(?:\.|ernor)|Rep\.|Hon\.|Lord|Lady|Judge|Captain|Capt\.?|Lt\.?"
    r"|Col\.?|Maj\.|Sgt\.?|Don|Doña|Dña\.|D\.ª|Dª|D\.|Councillor|Cllr\.?|Alderman|Ambassador|Congress(?:man|woman)"
    r"|(?:Arch)?bishop|Archdeacon|Rabbi|Imam|Pastor(?:in)?|Pfarrer(?:in)?|Colonel|Co?mdr\.?|Commander|Admiral|Sra?\."
    r"|Sr\.ª|Señora?|Madame|Monsieur|Père|Bürgermeister(?:in)?|Landr[aä]t(?:in)?|Arch\.|DI|Dipl\.-[A-Z][a-z]{1,5}\."
    r"|M\.A\.|B\.A\.)"
)
_RANKED = rf"(?:(?:Herrn?|Frau) {_CAPITAL}[^\W\d_]{{4,24}}(?:direktor|r[aä]t|meister|leiter|präsident|lehrer)(?:in)?"
_RANKED += r"(?: a\. ?D\.| i\. ?R\.)? )"
"""Of whom the office is told, and not as a part of the name: "Frau Studiendirektorin a. D. Ada Example"."""
_WORD = rf"(?:{_CAPITAL}\.(?:-?{_CAPITAL}\.)?|(?:[dD]['’])?{_CAPITAL}[^\W\d_]{{0,20}}(?:['’-][^\W\d_]{{1,20}}){{0,2}})"
_PARTICLE = r"(?:v[oa]n de[rnm]|von|van|de|di|da|dos|das|del|la|le|zu|af|bin|al|ap|ab|ferch|ter|ten|ibn|bint)"
NAME = (
    rf"{_RANKED}?(?:{_TITLE} (?={_CAPITAL}|[dD]['’])){{0,3}}+{_WORD}"
    rf"(?: (?:(?:{_PARTICLE} ){{1,2}}(?!{_TITLE}\s))?{_WORD}){{0,4}}"
)
"""What could be a title is one wherever more follows it, so that "Lady Canon Lord" is read in one way only: in time
that grows with the length of a text, not by the power of its titles."""
_AND = r"(?:, | and |, and | und | et | y | & |; )"
_CALLED = (
    r"(?:(?:the|our|le|la|el|der|die|dem|den|une?|una) |l['’]|(?!from|by|with|for|at|in|on|then|will|is)\b)"
    r"(?:[a-zß-öø-ÿœ-]{3,20} ){1,2}"
)
CALLED = re.compile(_CALLED)
"""What somebody is, before their name in a list: "and the poet Ada Example", "and historian Ada Example"."""
SEVERAL = (
    rf"{NAME}(?: \([^()\n]{{2,120}}\))?(?:{_AND}(?:the (?={_TITLE})|{_CALLED})?{NAME}(?: \([^()\n]{{2,120}}\))?){{0,5}}"
)
_TITLES = re.compile(rf"\A(?:{_TITLE}\s)++")
_INITIALS = re.compile(rf"(?<!\w){_CAPITAL}\.-?")
_INITIALLED = re.compile(rf"(?:{_CAPITAL}\. ?){{1,3}}{_WORD}(?: {_WORD})?")
_RANK = re.compile(_RANKED)
TITLED = re.compile(rf"{_TITLE}\s")
_TRADE = re.compile(
    r"(?:ers?|ors?|ists?|ians?|eur|euse|trice|ora|ista|log[oa]|logue|loge|nom|graf|wirt|wart|arzt|anwalt|ante|poet|poète"
    r"|poeta|chef"
    r"|guide|critic|judge|activist|officer|président|présidente|médica|médico|naturalista|(?<=[a-zä-ü]{4})in)$",
    re.IGNORECASE,
)
"""How words end that say what somebody does."""
_OF_A_LETTER = """
dear dears hello hallo hi hey hola bonjour liebe lieber liebes geehrte geehrter cher chere chers cheres querido querida
queridos estimado estimada gruss grusse beste regards wishes greetings thanks thank yours cheers merci gracias saludos
cordialement amicalement sincerely danke sorry please
"""
_OF_A_SENTENCE = """
zur zum nach bei mit fur in at on with from by after before during then here there this that these your his her their we
you they she it not if as and or but also both usual same avec pour par dans sur nous notre votre con por para nuestro
nuestra als auch anschliessend danach dann hier dort unser unsere wir sie ihr es just only even two three four
sankt santa
"""
_OF_BODIES = """
friends lottery naturalists astronomers band quartet ensemble trio consort chorus singers borough county authority
ministry embassy charity cooperative co-op coop festival plc ltd inc gmbh volunteers wardens gardeners historians
ramblers collection project stiftung sparkasse volksbank verband kreis chor amt gemeinde stadt caja ayuntamiento
municipalidad diputacion fundacion fondation credit federacion asociacion comite commune departement diocese newsletter
secretary treasurer chairman chairwoman chairperson president
sinfonia philharmonic symphony gazette herald windmill brewers roasters
"""
"""Nobody's surname, although no building or kind of body either."""
_HERS = re.compile(
    r"(?:er|ist|log|ant|at|or)in$|(?:meister|pfleger|führer|forscher|lehrer|leiter|historiker|künstler|schaftler)$"
    r"|^(?:Members?|Mitglied(?:er)?)$"
)
"""What somebody does, in German: "die Imkerin Ada Example"."""
OFFICE = re.compile(
    r"@|\d{4}|(?<!in the )\b(?:secretary|treasurer|chair(?:man|woman|person)?|president|organi[sz]er|editor|vorsitz\w*"
    r"|vorstand|schriftführer(?:in)?|kassenwart(?:in)?|président\w*|secrétaire|trésori\w+|president[ea]|secretari[oa]"
    r"|tesorer[oa])\b",
    re.IGNORECASE,
)
"""Beneath or beside the name of whoever signs."""
_NOT_NAMES = (
    BODIES
    | BUILDINGS
    | ROOMS
    | STREETS
    | WEEKDAYS.keys()
    | NO_NAMES
    | {*_OF_A_LETTER.split(), *_OF_A_SENTENCE.split(), *_OF_BODIES.split()}
)
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
    titled = bool(TITLED.match(text))
    words = folded(_INITIALS.sub("", _TITLES.sub("", text))).replace(".", " ").replace(",", " ").split()
    if words and words[-1] in _SURNAMES and (told or _BEFORE_SURNAME.match(text)):
        words[-1] = ""
    if text.isupper() and len(words) > 1 and len(text) > 6 and not told and not titled and not is_given(text):
        return False
    if any(word in _NOT_NAMES for word in words if word not in _PARTICLES and not (titled and len(word) == 1)):
        return False
    return bool(words) and (titled or len(text.split()) >= 2)


def parted_from_calling(name: str) -> tuple[str, str]:
    """What somebody does, if it stands with a capital before the name, and the name: "Autorin Verena Example"."""
    if office := _RANK.match(name):
        return office[0].strip(), name[office.end() :]
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


def is_known(name: str) -> bool:
    """Whether it is known for a person's by a title, the first of its words, or initials: "R. J. Kay"."""
    return is_titled(name) or is_given(name) or bool(_INITIALLED.fullmatch(name))


def bare_name(line: str) -> bool:
    """Whether a line is nothing but two or three words that look like a name."""
    return not line.isupper() and bool(re.fullmatch(NAME, line)) and is_name(line) and len(line.split()) <= 3
