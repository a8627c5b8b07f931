"""Which organizations host, sponsor and endorse, by the phrases that say so."""

import re
from collections.abc import Iterator

from society.announcements.shouted import lowered
from society.announcements.words import ABBREVIATED, BODIES, FIRST_IN_BODIES, LAST_IN_BODIES
from society.events.models import BackingRole
from society.text import folded

_PHRASES: dict[BackingRole, str] = {
    BackingRole.HOST: (
        r"(?:co-?)?hosted by|(?:co-?)?organi[sz]ed by|presented by"
        r"|in (?:co-?operation|partnership|collaboration|association) with"
        r"|veranstaltet vo[nm]|(?:in zusammenarbeit|gemeinsam) mit|organisée? par|en partenariat avec|organizad[oa] por"
    ),
    BackingRole.SPONSOR: (
        r"(?:co-?)?sponsored by|supported by|with (?:the )?(?:generous |kind |financial )?support (?:of|from)"
        r"|(?:gefördert|unterstützt) (?:von(?=\s)|durch|(?=vom\s))"
        r"|mit (?:freundlicher )?unterstützung(?: von(?=\s)|(?=\s(?:de[rs]|vom)\s))"
        r"|avec le soutien(?: de(?=\s)|(?=\sd(?:es|u)\s))|con el apoyo(?: de(?=\s)|(?=\sdel\s))|patrocinad[oa]s? por"
    ),
    BackingRole.ENDORSER: r"endorsed by|with (?:the )?endorsement of|empfohlen vo[nm]|recommandée? par|avalad[oa] por",
}
_ANY = re.compile("|".join(f"(?P<{role.value}>{words})" for role, words in _PHRASES.items()), re.IGNORECASE)
_END = re.compile(
    ABBREVIATED
    + r"\.(?!\w)|;(?!\w)|\n|\b(?:and|und|et|y)\s+(?:is\s)?$|,?\s(?:on|at|am|le|el)\s(?=[A-ZÀ-Þ]?[^\W\d_]{0,9},?\s?\d)"
)
_INVITES = re.compile(
    r"^(?:[^.\n]{1,30}(?: [–-]|:) )?((?:[^\W\d_][\w'’.-]{0,24}\s){1,10}?)"
    r"(?:(?:cordially |warmly )?invites?|vous invite|presents?|presentan?|présente(?:nt)?|präsentier(?:t|en)"
    r"|(?:is|are) (?:very |absolutely )?(?:delighted|pleased|proud|happy|honou?red|excited|hosting)"
    r"|(?:will )?(?:hosts?|welcomes?|holds?|meet)|(?:will be|are|is) (?:showing|holding|running|hosting)"
    r"|will (?:organi[sz]e|present|offer|run|show)"
    r"|(?:vous )?(?:propose|proposent|organise|organisent|accueille)|organizan?|freut sich|veranstaltet"
    r"|lädt|laedt|(?:les |os |le )?invita|vous convie|a le plaisir de vous"
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
_IN_A_NAME = re.compile(
    r"(?:[A-ZÀ-Þ\d&][\w.'’&-]*|of|for|and|the|de|del|du|des|la|las|los|le|les|et|y|und|für|der|an?|zu|d['’]\S+)"
)
_REGISTERED = re.compile(r",?\s(?:e\.\s?V\.?|gGmbH|Ltd\.?|Inc\.?|CIO|ASBL)$")
_WITHIN = re.compile(
    r"(?:, |[\da-z] )(the (?:[A-ZÀ-Þ][\w'’-]{0,24}\s){1,5})"
    r"(?:invites you|(?:is|are) (?:holding|hosting|showing|running))"
)
_SPONSORING = re.compile(
    r"((?:[Tt]he )?(?:[A-ZÀ-Þ][\w'’&-]{0,24}\s){1,5})(?:is|are) (?:kindly |generously )?sponsoring\b"
)
_WISHES = re.compile(r"\s(?:would|wish|wishes|is|are|has|have)\s.*")
_DOES = re.compile(r"\s(?:meets?|gathers?|hosts?|trifft|se réunit|se reúne)\b.*")
_PRESENTS = re.compile(r"\s(?:proudly )?presents?\s?:?$", re.IGNORECASE)
_PROPER = re.compile(r"\s[A-ZÀ-Þ]|^(?!The\b|Our\b|Your\b)[A-ZÀ-Þ]")
"""A name, unlike "The committee"."""
_JOIN = re.compile(r"(?:please )?join the ((?:[A-ZÀ-Þ][\w'’-]{0,24}\s){1,5})for\b", re.IGNORECASE)
_BY = re.compile(r"^(?:von (?=de[rm]\s)|vom |par |por |de (?=las?\s|los\s|l['’]))", re.IGNORECASE)
"""Said once more before the second of two: "vom Verein und von der Stadt"."""
_SHORN = re.compile(r"(\be\.\s?V)$")
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
    return _names(value.strip(" ."))


def inviting(prose: str) -> tuple[str, str] | None:
    """The body whose name opens a line that invites, or stands alone on the first line."""
    for line in prose.split("\n"):
        if match := _INVITES.match(line):
            name = _WISHES.sub("", match[1].split(", the ")[-1]).strip(" ,")
            if (
                (_is_body(name) or _NAMED.fullmatch(name))
                and _PROPER.search(name)
                and not name.casefold().startswith("you")
            ):
                return name, match[0]
        if match := _JOIN.match(line):
            return f"the {match[1].strip()}", match[0]
    if match := _WITHIN.search(prose):
        return match[1].strip(), match[0]
    whole = lowered(next((line for line in prose.split("\n") if line), "").partition(" - ")[0])
    first = _DOES.sub("", _PRESENTS.sub("", whole))
    named = first.casefold().startswith(_ARTICLES) and (_is_body(first) or (first != whole and _NAMED.fullmatch(first)))
    if len(first.split()) <= 7 and (named or _LETTERHEAD.fullmatch(first) or is_letterhead(first)):
        return first, first
    return None


def is_letterhead(line: str) -> bool:
    """Whether it is nothing but the name of a body, as it stands above what it announces."""
    whole, line = line, _REGISTERED.sub("", line)
    words = lowered(line).split()
    if not 1 < len(words) <= 8 or not all(map(_IN_A_NAME.fullmatch, words)):
        return False
    plain = folded(line).removeprefix("the ").split()
    ends = plain[-1] in LAST_IN_BODIES and not {"of", "for"} & {*plain}
    ends = ends or plain[-1].endswith(("verein", "gesellschaft"))
    return ends or plain[0] in FIRST_IN_BODIES or line != whole


def _is_body(name: str) -> bool:
    words = folded(name).replace("'", " ").split()
    return any(word in BODIES or word.endswith(("verein", "gesellschaft")) for word in words)


def _names(said: str) -> list[str]:
    """Taken apart at commas and at the last "and", but not where "and" belongs to a name ("Arts and Letters")."""
    names: list[str] = []
    for part in re.split(r",\s(?:and\s|und\s|et\s)?|;\s", lowered(said)):
        halves = re.split(r"\s(?:and|und|et|y)\s", part)
        halves = halves if len(halves) == 2 else re.split(r"\s(?:and|und|et|y|&)\s", part)
        names += halves if len(halves) == 2 and _stands_alone(halves) else [part]
    names = [_SHORN.sub(r"\1.", _BY.sub("", name.strip(" .:"))) for name in names]
    return [name for name in names if re.search(r"[^\W\d_]{2}", name) and folded(name) not in _TRADES]


def _stands_alone(halves: list[str]) -> bool:
    first, second = halves
    if first.casefold().startswith(_ARTICLES) and not second.casefold().startswith(_ARTICLES):
        return _is_body(first) and _is_body(second)
    return len(first.split()) > 1 or _is_body(first)
