"""Phrases of a sentence that may name a place: what stands behind "at", "in the" and their like, as far as it goes on.

A phrase goes on over commas and over "at", "of" and "in", so long as what follows is a name, a house, a room or a
street; it ends with the sentence, with a day or an hour, and where somebody does something.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from society.announcements.sites.grounds import (
    NO_PLACES,
    ROMANCE,
    is_a_place_word,
    is_common,
    is_house_word,
    is_room_word,
    is_street_word,
    names_a_house,
    words_of,
)
from society.text import folded

MOST_SPOTS, MOST_WORDS, REACH = 40, 24, 240
"""Phrases of a text, and words and characters of one, that are looked at."""
MOST_BEFORE_NOUN = 3
"""Words in small letters before the one that names a place: "the old village hall"."""
_LEAD = re.compile(
    r"(?:(?<=[\s(,;:–-])|^)(?:(?P<lead>(?i:at|in|im|inside|outside|near|on(?=\sthe\s)|under(?=\sthe\s)|from|in die"
    r"|in das|ins|in der|in dem|in den|am|auf dem|auf der|vor dem|vor der|bei der|beim|bei|devant|sur le|sur la"
    r"|sur(?=\sl['’])|à la|à(?=\sl['’])|au|dans|en|chez|face à|(?:come|along|over|round|down|go) to|taken|booked"
    r"|moved to|moves to|leaves(?=\s(?:the\s)?[A-ZÀ-Þ])))\s|(?<=,\s)(?=the\s))(?P<article>(?i:the|our|das|der|dem|den"
    r"|la|le|les|los|las|el|un|une|einem|einer)\s|l['’])?(?:(?i:usual|same|new) (?:place|venue|spot"
    r"|haunt)(?: as (?:always|usual|ever|before))?,?\s\(?)?(?=\S)",
)
"""What leads to a place; "the" does behind a comma, of what was named before: "as always, the Plough"."""
_TOKEN = re.compile(r"\S+")
_LINKS = frozenset(
    folded(
        "at in of on off behind opposite near beside the our der dem des die das den la le les el los las du de del zur"
        " zum am im au aux à en sur von y und and et & d l next to by cnr corner"
    ).split()
)
_OF_ROMANCE = frozenset(("de", "des", "del", "du", "la", "las", "los", "les", "l", "d"))
_SHUT = re.compile(r"[.!?;:)…]+[”\"»)]?$")
_SHORT = re.compile(r"^\(?(?:St|Ste|Dr|Prof|Mt|No|Nr|\w*[Ss]tr|Sq|Rd|Ave|Ln|Blvd|Hwy|[A-ZÀ-Þ]|[A-Z]\.[A-Z])\.$")
_STREET_ENDS = re.compile(r"(?:St|\w*[Ss]tr|Sq|Rd|Ave|Ln|Blvd|Hwy)\.$")
_NUMBER = re.compile(r"\d{1,4}[A-Za-z]?(?:[/-]\d{1,3})?$")
_DOTTED = re.compile(r"\d{1,2}\.\d{1,3}$")
"""A room's number by its floor, which elsewhere is a time of day: "Room 2.04"."""
_POSTCODE = re.compile(r"\d{4,5}(?:-\d{4})?$|[A-Z]{1,2}\d[A-Z\d]?$|\d[A-Z]{2}$|[A-Z]{1,3}\.?\d{1,3}[A-Za-z]?$")
_FLOOR = re.compile(r"\d{1,2}(?:st|nd|rd|th|er|e|º|ª|°|\.)$")
_OF_TIME = {
    *("on", "at", "from", "am", "um", "le", "el", "a", "ab", "as", "for", "with", "by", "this", "next", "every")
}
_OF_TIME |= {"to", "until"}
_BELONGS = frozenset(("bajo", "bis", "ter", "izquierda", "derecha"))
_LEAVES = re.compile(r"\b(?:leav|set|depart|start|run|go|abfahrt|départ|salida)\w*(?: off)?\s$", re.IGNORECASE)


@dataclass(frozen=True)
class Spot:
    """A phrase, the word that leads to it, and where both stand in the text."""

    words: str
    lead: str
    """Empty behind a comma."""
    definite: bool
    at: int
    end: int


def spots_in(text: str) -> Iterator[Spot]:
    """The phrases in the text's order; what lies within one is none by itself."""
    end = 0
    for match in islice(_LEAD.finditer(text), MOST_SPOTS):
        if match.start() < end or (match["lead"] == "from" and not _LEAVES.search(text, 0, match.start())):
            continue
        held, stop = _held(text, match.end())
        if held and not _leads_on(text, match.end(), stop):
            yield Spot(
                _with_room_before(held, text[: match.start()]),
                folded(match["lead"] or ""),
                bool(match["article"]),
                match.start(),
                stop,
            )
            end = stop


def _leads_on(text: str, at: int, stop: int) -> bool:
    """Whether what is found is no place, and leads to a house: "au Moyen Âge à la médiathèque"."""
    nested = _LEAD.search(text, at, stop)
    if nested is None or any(map(is_a_place_word, words_of(text[at : nested.start()]))):
        return False
    return names_a_house(text[nested.end() : stop])


_ROOM_BEFORE = re.compile(r"(?:^|[\s(])((?:[A-ZÀ-Þ][\w'’.-]{0,20}\s){0,3}[\w'’.-]{3,20}),?\s$")


def _with_room_before(held: str, before: str) -> str:
    """With the room that stands before it: "we have taken the Ballroom at" the Grand."""
    room = _ROOM_BEFORE.search(before[-90:])
    last = folded(room[1]).rpartition(" ")[2] if room else ""
    return f"{room[1]}, {held}" if room and is_room_word(last) and not is_house_word(last) else held


def _held(text: str, at: int) -> tuple[str, int]:
    """The phrase that begins there, and where it ends; empty if it names nothing."""
    line = text[at : at + REACH].partition("\n")[0]
    tokens = list(islice(_TOKEN.finditer(line), MOST_WORDS))
    kept, parts, begun = 0, list[str](), 0
    for n, token in enumerate(tokens):
        raw = token[0]
        new = n == begun
        if not _goes_on(tokens, n, new=new) or (raw[:1] == "(" and _is_link(raw)):
            break
        if _names(tokens, n):
            kept = n + 1
        if kept == n + 1 and (_closes(raw, tokens, n) or (raw[-1:] in ",|·–-)" and raw != "-")):
            begun = n + 1
        if _closes(raw, tokens, n):
            break
    kept = _without_nobody(tokens, kept)
    if not kept:
        return "", at
    parts = [token[0] for token in tokens[:kept]]
    held = " ".join(parts).strip(" ,;:.!?|·–-")
    held = held if held.count(")") == held.count("(") else held.rstrip(")").replace(" (", ", ")
    return held if _is_telling(held) else "", at + tokens[kept - 1].end()


def _bare(raw: str) -> str:
    return folded(raw.strip('(),;:.!?“”"«»|'))


def _closes(raw: str, tokens: list[re.Match[str]], n: int) -> bool:
    """Whether a clause ends with it, and no short form: "Sq.", or "1." before "Stock"."""
    following = _bare(tokens[n + 1][0]) if n + 1 < len(tokens) else ""
    numbered = _FLOOR.match(raw) and is_room_word(following)
    if raw[-1:] == ")" and any(token[0][:1] == "(" for token in tokens[: n + 1]):
        return False
    saint = not n or tokens[n - 1][0][-1:] == "," or _is_link(tokens[n - 1][0])
    short = _SHORT.match(raw.rstrip(",")) and (saint or not _STREET_ENDS.match(raw) or following[:1].isdigit())
    return bool(_SHUT.search(raw)) and not short and not numbered


def _names(tokens: list[re.Match[str]], n: int) -> bool:
    """Whether a word belongs to a name or is one for a place."""
    raw = tokens[n][0].lstrip("(")
    word = _bare(raw)
    known = is_a_place_word(word.removeprefix("l'").removeprefix("d'")) or word in _BELONGS
    return bool(raw[:1].isupper() or known or raw[:1].isdigit() or (word not in _LINKS and _qualifies(tokens, n)))


def _goes_on(tokens: list[re.Match[str]], n: int, *, new: bool) -> bool:
    raw, word = tokens[n][0].lstrip("("), _bare(tokens[n][0])
    following = tokens[n + 1][0] if n + 1 < len(tokens) else ""
    if not word:
        return raw in ("|", "·", "–", "-", "&", "/") and n > 0
    if word in NO_PLACES:
        return False
    if raw[:1].isdigit():
        numbered = _NUMBER.match(raw.rstrip(",.;)")) and (
            (following[:1].isupper() and _bare(following) not in NO_PLACES)
            or _is_a_street_in_small(following)
            or (n > 0 and not _is_link(tokens[n - 1][0]))
        )
        in_room = n > 0 and is_room_word(_bare(tokens[n - 1][0])) and _DOTTED.match(raw.rstrip(",.;)"))
        floor = _FLOOR.match(raw.rstrip(",")) and is_room_word(_bare(following))
        return bool(numbered or in_room or floor or _POSTCODE.match(raw.rstrip(",.;)")))
    if raw[:1].isupper():
        return not (new and n > 0 and _acts(tokens, n))
    if word in _LINKS:
        return not (word in ("and", "y", "et", "und") and n and tokens[n - 1][0].endswith(","))
    near = [_bare(token[0]) for token in tokens[n : n + MOST_BEFORE_NOUN]]
    if is_a_place_word(word) or word.startswith(("l'", "d'")) or word in _BELONGS or _qualifies(tokens, n):
        return True
    sure = any(is_a_place_word(one) and not is_common(one) for one in near) or any(map(is_a_place_word, near[1:2]))
    return sure and not any(one in _OF_TIME or one in NO_PLACES for one in near[:2])


def _qualifies(tokens: list[re.Match[str]], n: int) -> bool:
    """Whether a word in small letters says which house is meant: "maison des associations", "salle polyvalente"."""
    before = [_bare(token[0]) for token in tokens[max(n - 3, 0) : n]]
    of = bool(before) and before[-1] in _OF_ROMANCE and any(map(is_a_place_word, before))
    following = _bare(tokens[n + 1][0]) if n + 1 < len(tokens) else ""
    ends = tokens[n][0][-1:] in ",.;)" or following in _OF_ROMANCE or not following
    return of or (bool(before) and before[-1] in ROMANCE and ends and tokens[n - 1][0][-1:].isalpha())


def _is_link(raw: str) -> bool:
    return _bare(raw) in _LINKS


def _is_a_street_in_small(raw: str) -> bool:
    return is_street_word(_bare(raw))


def _acts(tokens: list[re.Match[str]], n: int) -> bool:
    """Whether what begins here behind a comma is no place: a name without a place's word before one in small letters,
    "Ada Kay talks"."""
    for token in tokens[n:]:
        raw, word = token[0], _bare(token[0])
        if is_a_place_word(word) or raw[:1].isdigit() or raw[-1:] in ",.;)|":
            return False
        if raw[:1].islower() and word not in _LINKS:
            return word not in _OF_TIME
    return False


def _without_nobody(tokens: list[re.Match[str]], kept: int) -> int:
    """Without the words at its end that only join: "the Guildhall in"."""
    while kept and (_is_link(tokens[kept - 1][0]) or not _bare(tokens[kept - 1][0])):
        kept -= 1
    return kept


def _is_telling(held: str) -> bool:
    """Whether it is a name, or a word for a place that says which: not "in the hall" alone."""
    words = folded(held).replace(",", "").split()
    return (
        bool(re.search(r"[A-ZÀ-Þ]", held))
        or any(is_a_place_word(word) and not is_common(word) for word in words)
        or (sum(map(is_a_place_word, words)) > 1)
    )
