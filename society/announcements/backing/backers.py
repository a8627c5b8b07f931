"""Which organizations host, sponsor and endorse, by the phrases that say so."""

import re
from collections.abc import Iterator

from society.announcements.backing.bodies import is_body, is_letterhead
from society.announcements.persons.names import TITLED
from society.announcements.shouted import lowered
from society.announcements.words import ABBREVIATED
from society.events.models import BackingRole
from society.text import folded

_PHRASES: dict[BackingRole, str] = {
    BackingRole.HOST: (
        r"(?:(?:co-?|jointly )?(?:hosted|organi[sz]ed)|presented|put on|brought to you) (?:jointly )?by"
        r"|in (?:co-?operation|partnership|collaboration|association|conjunction) with|jointly with"
        r"|(?:run|staged|promoted|arranged|put together|provided) by(?=[^.,;\n]{0,60}\b(?-i:Society|Club|Association"
        r"|Group|Guild|Trust|Friends|League|Circle|Committee|Council|U3A|Branch|Federation|Network|Foundation)\b)"
        r"|(?:a )?(?:joint|shared) (?:venture|meeting|event|evening|effort|project|production|undertaking) (?:of|by"
        r"|with|between)|a collaboration (?:between|of)|on behalf of(?= (?:the )?(?-i:[A-ZÀ-Þ]))"
        r"|(?:eine )?(?:gemeinsame )?(?:veranstaltung|kooperation) (?:vo[nm]|de[rs]|zwischen)(?=\s)"
        r"|(?:veranstaltet|organisiert|ausgerichtet) (?:wird [^.\n]{3,30} )?(?:vo[nm](?=\s)|durch)"
        r"|eingeladen (?:hat|haben)|(?:in (?:zusammenarbeit|kooperation)|gemeinsam) mit"
        r"|(?:co-?)?(?:organisée?|proposée?)s? (?:conjointement )?par|en (?:partenariat|collaboration"
        r"|coopération) avec|(?:co-?)?organizad[oa]s? (?:conjuntamente )?por|(?:(?<=[.!]\s)|(?<=\n))organizan?\s(?:la"
        r"|el|los|las)\s(?-i:(?=[A-ZÀ-Þ]))|en (?:colaboración|cooperación) con"
    ),
    BackingRole.SPONSOR: (
        r"(?:co-?)?sponsored by|supported by|with (?:the )?(?:generous |kind |financial )?support (?:of|from)"
        r"|(?:gefördert|unterstützt) (?:von(?=\s)|durch|(?=vom\s))|mit (?:freundlicher )?unterstützung(?: von(?=\s)"
        r"|(?=\s(?:de[rs]|vom)\s))|(?:with|thanks to|helped by|made possible by) (?:an? )?(?:\w+ ){0,2}(?:grants?"
        r"|funding|sponsorship|donations?|assistance|generosity|help) (?:of|from)(?= (?:the\s)?[A-ZÀ-Þ])"
        r"|(?:with |our )?(?:many |grateful )?thanks to(?=[^.\n]{3,80}\sfor (?:its|their) (?:\w+ ){0,2}(?:support"
        r"|sponsorship|funding|help|generosity))|(?:funded|financed|underwritten|made possible|grant-aided) by"
        r"|(?:finanziert|ermöglicht) (?:von(?=\s)|durch)|mit mitteln (?:de[rs]|vo[nm])"
        r"|(?:financée?|subventionnée?|parrainée?|sponsorisée?)s? par|avec l['’](?:aide|appui)(?: de(?=\s)"
        r"|(?=\sd(?:es|u)\s))|grâce (?:à|au) (?:la |l['’])?(?:soutien|aide|subvention)(?: de(?=\s)|(?=\sd(?:es|u)\s))"
        r"|(?:financiad|subvencionad)[oa]s? por|(?:gracias al|con el) (?:patrocinio|apoyo económico"
        r"|soporte)(?: de(?=\s)|(?=\sdel\s))|con la (?:ayuda|financiación|colaboración)(?: de(?=\s)|(?=\sdel\s))"
        r"|avec le soutien(?: de(?=\s)|(?=\sd(?:es|u)\s))|con el apoyo(?: de(?=\s)|(?=\sdel\s))|patrocinad[oa]s? por"
    ),
    BackingRole.ENDORSER: r"endorsed by|with (?:the )?(?:endorsement|approval|blessing) of"
    r"|under the (?:patronage|auspices|aegis) of"
    r"|(?:approved|recognised|recognized|commended) by|empfohlen vo[nm]"
    r"|unter (?:de[rm] )?schirmherrschaft(?: vo[nm](?=\s)|(?=\sde[rs]\s))|recommandée? par"
    r"|sous (?:le )?(?:haut )?patronage(?: de(?=\s)|(?=\sd(?:es|u)\s))|sous l['’]égide(?: de(?=\s)|(?=\sd(?:es"
    r"|u)\s))|avalad[oa]s? por|auspiciad[oa]s? por"
    r"|(?:con|bajo) el (?:auspicio|aval|patronazgo)(?: de(?=\s)|(?=\sdel\s))|declarad[oa] de interés (?:\w+ )?por",
}
_WITH = re.compile(r"(?:in |en |jointly with|gemeinsam mit|(?:a )?(?:joint|shared) \w+ with)", re.IGNORECASE)
"""How a phrase begins that names another than whoever tells of it."""
_ANY = re.compile("|".join(f"(?P<{role.value}>{words})" for role, words in _PHRASES.items()), re.IGNORECASE)
_END = re.compile(
    ABBREVIATED
    + r"\.(?!\w)|;(?!\w)|\n|\sfor (?:its|their)\s|,\s(?=(?:we|there|this|it|who|which|wir|nous|il)\s)|"
    + rf",\s(?={TITLED.pattern})|"
    + r"\b(?:and|und|et|y)\s+(?:is\s)?$|,?\s(?:on|at|am|le|el)\s(?=[A-ZÀ-Þ]?[^\W\d_]{0,9},?\s?\d)"
)
_INVITES = re.compile(
    r"^(?:[^.\n]{1,30}(?: [–-]|:) )?((?:[^\W\d_][\w'’.-]{0,24}\s){1,10}?)(?:(?:cordially |warmly )?invites?"
    r"|vous invite|presents?|presentan?|présente(?:nt)?|präsentier(?:t|en)"
    r"|(?:is|are) (?:very |absolutely )?(?:delighted|pleased|proud|happy|honou?red|excited|hosting)"
    r"|(?:will )?(?:hosts?|welcomes?|holds?|meets?)|(?:will be|are|is) (?:showing|holding|running|hosting)"
    r"|will (?:organi[sz]e|present|offer|run|show)|(?:vous )?(?:propose|proposent|organise|organisent|accueille)"
    r"|organizan?|freut sich|veranstaltet|lädt|laedt|(?:les |os |le )?invita|vous convie|a le plaisir de vous"
    r"|(?:has|have) (?:the|great) pleasure|tiene el placer|se complace)\b"
)
_NAMED = re.compile(r"The(?:\s[A-ZÀ-Þ][\w'’-]{1,24}){2,5}")
"""Whoever invites under such a name is a body, whatever it calls itself: "The Valley Naturalists"."""
_LETTERHEAD = re.compile(
    r"(?:[A-ZÀ-Þ][\w'’&-]{1,24}\s){2,5}(?:Society|Group|Club|Association|League|Guild)"
    r"|[A-ZÀ-Þ][\w'’&-]{1,24}\s(?:Society|Club|Association|League|Guild) of(?:\s(?:the|[A-ZÀ-Þ][\w'’-]{1,24})){1,3}"
    r"|(?:[A-ZÀ-Þ][\w-]{1,30})?(?:verein|[Vv]erein|[Gg]esellschaft)(?:\s[A-ZÀ-Þ][\w-]{1,24}){0,3}\s?e\.\s?V\."
)
"""Without an article it is a body by the last of its words alone, or by being registered."""
_SPONSORING = re.compile(
    r"((?:[Tt]he )?(?:[A-ZÀ-Þ][\w'’&-]{0,24}\s){1,5})(?:is|are) (?:kindly |generously )?sponsoring\b"
)
_WISHES = re.compile(r"\s(?:would|wish|wishes|is|are|has|have)\s.*")
_DOES = re.compile(r"\s(?:meets?|gathers?|hosts?|trifft|se réunit|se reúne)\b.*")
_PRESENTS = re.compile(r"\s(?:proudly )?presents?\s?:?$", re.IGNORECASE)
_PROPER = re.compile(r"\s[A-ZÀ-Þ]|^(?!The\b|Our\b|Your\b)[A-ZÀ-Þ]")
"""A name, unlike "The committee"."""
_JOIN = re.compile(r"\bjoin the ((?:[A-ZÀ-Þ][\w'’-]{0,24}\s){1,5})for\b", re.IGNORECASE)
_BY = re.compile(r"^(?:den\s(?=\w{4})|von (?=de[rm]\s)|vom |par |por |de (?=las?\s|los\s|l['’]))", re.IGNORECASE)
"""Said once more before the second of two: "vom Verein und von der Stadt"."""
_SHORN = re.compile(r"\be\.\s?V$")
_ENDS_SHORT = re.compile(r"\b(?:e\.\s?V|Inc)\.[\s:]*$")
"""A full stop that belongs to the name."""
_TRADES = {"solicitors", "architects", "accountants", "surveyors", "estate agents", "builders", "jewellers"}
"""After a comma they say what the one before does."""
LONGEST_LIST = 400
_ARTICLES = (
    *("the ", "der ", "die ", "das ", "dem ", "den ", "des ", "la ", "le ", "les ", "l'", "l’", "du ", "de la "),
    *("de l'", "de l’", "el ", "los ", "las ", "del "),
)


def backers_in(prose: str) -> Iterator[tuple[BackingRole, list[str], str]]:
    """For each phrase: the role, the names as they stand in a sentence, and the words."""
    for match, said in _phrases(prose):
        said = re.sub(r"(?:,|\sand|\sund|\set|\sy|\sis|\s)+$", "", said).strip()
        names = _names(said)
        if names:
            yield BackingRole(str(match.lastgroup)), names, f"{match[0]} {said}"
    for match in _SPONSORING.finditer(prose):
        yield BackingRole.SPONSOR, [match[1].strip()], match[0]


def is_another(quote: str) -> bool:
    """Whether such words name who does this together with whoever tells of it: "in association with the Trust"."""
    return _WITH.match(quote) is not None


def opens_with_backers(line: str) -> bool:
    """Whether a line says first who hosts, sponsors or endorses."""
    return _ANY.match(line) is not None


def without_backers(prose: str) -> str:
    """The text without the phrases of `backers_in`, in which whoever is named is nobody who speaks."""
    for match, said in reversed(list(_phrases(prose))):
        prose = prose[: match.start()] + prose[match.end() + len(said) :]
    return prose


def _phrases(prose: str) -> Iterator[tuple[re.Match[str], str]]:
    """Each phrase, and what it says up to the sentence's end or the next one."""
    matches = list(_ANY.finditer(prose))
    for n, match in enumerate(matches):
        stop = min(matches[n + 1].start() if n + 1 < len(matches) else len(prose), match.end() + LONGEST_LIST)
        said = prose[match.end() : stop]
        end = _END.search(said)
        yield match, said[: end.start()] if end else said


def names_in(value: str) -> list[str]:
    """The names behind a label."""
    phrase = _ANY.search(value)
    return _names(value[: phrase.start()] if phrase and phrase.start() else value)


def inviting(prose: str) -> tuple[str, str] | None:
    """The body whose name opens a line that invites, or stands alone on the first line."""
    for line in prose.split("\n"):
        if match := _INVITES.match(line):
            name = _WISHES.sub("", match[1].split(", the ")[-1]).strip(" ,")
            if (
                (is_body(name) or _NAMED.fullmatch(name))
                and _PROPER.search(name)
                and not name.casefold().startswith("you")
            ):
                return name, match[0]
        if (match := _JOIN.search(line)) and is_body(match[1]):
            return f"the {match[1].strip()}", match[0]
    whole = lowered(next((line for line in prose.split("\n") if line), "").partition(" - ")[0])
    first = _DOES.sub("", _PRESENTS.sub("", whole))
    named = first.casefold().startswith(_ARTICLES) and is_body(first)
    if len(first.split()) <= 7 and (named or _LETTERHEAD.fullmatch(first) or is_letterhead(first)):
        return first, first
    return None


def bodies_in(value: str) -> list[str]:
    """Of one who holds an event the name, of two the names: "Arts & Crafts Guild" is one."""
    names = names_in(value)
    return names if all(map(is_body, names)) else [_bare(lowered(value))]


def _names(said: str) -> list[str]:
    """Taken apart at commas and at the last "and", but not where "and" belongs to a name ("Arts and Letters")."""
    names: list[str] = []
    for part in re.split(r",\s(?:and\s|und\s|et\s)?|;\s", lowered(said)):
        halves = re.split(r"\s(?:and|und|et|y)\s", part)
        halves = halves if len(halves) == 2 else re.split(r"\s(?:and|und|et|y|&)\s", part)
        names += halves if len(halves) == 2 and _stands_alone(halves) else [part]
    names = [_BY.sub("", _bare(name)) for name in names]
    return [name for name in names if re.search(r"[^\W\d_]{2}", name) and folded(name) not in _TRADES]


def _bare(name: str) -> str:
    """Without marks beside it, but for the full stop of "Inc." and "e. V."."""
    bare = name.strip(" .:")
    return f"{bare}." if _SHORN.search(bare) or _ENDS_SHORT.search(name) else bare


def _stands_alone(halves: list[str]) -> bool:
    first, second = halves
    if first.casefold().startswith(_ARTICLES) and not second.casefold().startswith(_ARTICLES):
        return is_body(first) and is_body(second)
    return len(first.split()) > 1 or is_body(first)
