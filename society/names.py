"""One rule for when two names are the same: those of organizations, venues and rooms as people write them.

"St Mary’s Hall", "St. Mary's Hall" and "Saint Mary's Hall" are one, and so are "Dunne & Sons" and "Dunne and Sons",
"Trinity College, Dublin" and "Trinity College Dublin", "die Possehl-Stiftung" and "Possehl Stiftung". Words that tell
bodies apart ("of York", "Church") always count.
"""

import re
from functools import lru_cache

from society.text import folded

_ARTICLE = r"(?:(?:der|die|das|dem|den|des|la|le|les|el|los|las|du|del|de (?:las?|los))\s|(?:de )?l['’])"
"""Also as "von", "de" and "con el apoyo de" leave it before a name."""
_LEADING = re.compile(rf"^(?:the\s|{_ARTICLE})(?=\S)")
_WITHIN_A_SENTENCE = re.compile(rf"^{_ARTICLE}(?=[^\W\d_a-zß-ÿ])")
"""Small, before a capital: a name that has its article for its own begins with a capital itself."""
_WORD = re.compile(r"[^\W_]+|[&+]")
_APOSTROPHE = re.compile(r"(?<=\w)['’‘`](?=\w)|(?<=s)['’](?=\s)")
_REGISTERED = re.compile(r"(?<=\w)\W{1,2}e\.?\s?v\.?$")
_SAME = dict.fromkeys(("&", "+", "and", "und", "et", "y"), "&") | dict.fromkeys(
    ("saint", "sainte", "sankt", "ste"), "st"
)
_OF_A_CASE = re.compile(r"^(?:des|(?:der|dem|den)(?=\s[A-ZÄÖÜ]\w{2,30}en\s))\s")
_ENDING = re.compile(r"(?<=\w{4})(?:e[nmrs]?|s)$")


@lru_cache(20_000)
def alike(name: str) -> str:
    """What is equal for names that are the same: without case, accents, marks, spaces and the article before them."""
    return _in_one(words_of(name)) or folded(name)


def words_of(name: str) -> list[str]:
    """The words of a name that tell it from others, each as it is compared."""
    bare = _REGISTERED.sub("", _LEADING.sub("", folded(name)))
    return [_SAME.get(word, word) for word in _WORD.findall(_APOSTROPHE.sub("", bare))]


def _in_one(words: list[str]) -> str:
    """Together, as "Co-op" and "Coop" are one; but numbers stay apart."""
    return re.sub(r"(?<!\d) | (?!\d)", "", " ".join(words))


def agree(one: str, other: str) -> bool:
    """Whether two addresses may be the same: one of them says no more than the other, or nothing."""
    words, others = set(words_of(one)), set(words_of(other))
    return words <= others or others <= words


def without_article(name: str) -> str:
    """The name without an article that belongs to the sentence: of "der Possehl-Stiftung", but not of "Die Brücke"."""
    return _WITHIN_A_SENTENCE.sub("", name)


def is_of_a_case(name: str) -> bool:
    """Whether German has changed its ending: "des Kulturamts", "dem Naturwissenschaftlichen Verein"."""
    return bool(_OF_A_CASE.match(name))


def alike_in_any_case(name: str) -> str:
    """What is equal for the cases of a German name, and for some names that differ: to be asked about."""
    return _in_one([_ENDING.sub("", word) for word in words_of(name)])
