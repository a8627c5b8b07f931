"""One rule for when two names are the same: those of organizations, venues and rooms as people write them.

"St Mary’s Hall", "St. Mary's Hall" and "Saint Mary's Hall" are one, and so are "Dunne & Sons" and "Dunne and Sons",
"Trinity College, Dublin" and "Trinity College Dublin", "die Possehl-Stiftung" and "Possehl Stiftung". Words that tell
bodies apart ("of York", "Church") always count, and so do signs that are part of a name ("C#", ".NET", "Floor -1") and
what other scripts set on their letters ("कमला" is not "कमल").
"""

import re
import unicodedata
from functools import lru_cache

from society.text import LETTERS

_ARTICLE = r"(?:(?:der|die|das|dem|den|des|la|le|les|el|los|las|du|del|de (?:las?|los))\s|(?:de )?l['’])"
"""Also as "von", "de" and "con el apoyo de" leave it before a name."""
_LEADING = re.compile(rf"^(?:the\s|{_ARTICLE})(?=\S)")
_WITHIN_A_SENTENCE = re.compile(rf"^{_ARTICLE}(?=[^\W\d_a-zß-ÿ])")
"""Small, before a capital: a name that has its article for its own begins with a capital itself."""
_MARKS = "".join(mark for mark in map(chr, range(0x300, 0x1F000)) if unicodedata.category(mark).startswith("M"))
_ACCENTED, _ACCENT = "[a-zß-ɏɐ-ʯͰ-Ͽ]", "[\u0300-\u036f]"
_ACCENTS = re.compile(
    rf"(?<=(?:[^\W\d]|{_ACCENT}){_ACCENTED}){_ACCENT}+|(?<={_ACCENTED}){_ACCENT}+(?=[^\W\d])"
    rf"|(?<={_ACCENTED})(?![\u0308\u030a]){_ACCENT}+"
)
"""Those of Latin and Greek, but for what tells "Raum Ä" from "Raum A", and "Ä1" from "A1"."""
_PLAIN = str.maketrans(LETTERS | dict.fromkeys("‐‑‒–—−", "-"))
_WORD = re.compile(
    rf"[^\W_]+(?:[{_MARKS}]+[^\W_]*)*"
    r"|#(?!\d)|[&+@%$€£]"  # "Room #5" is room 5
    r"|(?<=\d)[-.,:/](?=\d)|(?<![^\s(])(?:-(?=\d)|\.(?=\w))"
)
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Of scripts that set no space between words: Thai, Lao, Burmese, Khmer, Japanese and Chinese."""
_APOSTROPHE = re.compile(r"(?<=\w)['’‘`](?=\w)|(?<=s)['’](?=\s)")
_REGISTERED = re.compile(r"(?<=\w)\W{1,2}e\.?\s?v\.?$")
_SAME = dict.fromkeys(("&", "+", "and", "und", "et", "y"), "&") | dict.fromkeys(
    ("saint", "sainte", "sankt", "ste"), "st"
)
_ADDED = {ord("&"): None, ord(" "): None}
_OF_A_CASE = re.compile(r"^(?:des|(?:der|dem|den)(?=\s[A-ZÄÖÜ]\w{2,30}en\s))\s")
_ENDING = re.compile(r"(?<=\w{4})(?:e[nmrs]?|s)$")


@lru_cache(20_000)
def alike(name: str) -> str:
    """What is equal for names that are the same: without case, accents, marks, spaces and the article before them."""
    return _in_one(words_of(name)) or _spelt(name)


def is_alike(name: str, key: str) -> bool:
    """Whether `alike` of it is that key. To plain letters that adds none but `&` and spaces, so most names are told
    from it by theirs already: 5,000 in a thirtieth of the time."""
    return not (name.isascii() and _in_turn(key).match(name.lower()) is None) and alike(name) == key


@lru_cache(100)
def _in_turn(key: str) -> re.Pattern[str]:
    """Finds its letters one after the other, whatever stands between them; each as soon as it comes, so in one pass."""
    return re.compile("".join(f"[^{sign}]*{sign}" for sign in map(re.escape, key.translate(_ADDED))))


def words_of(name: str) -> list[str]:
    """The words of a name that tell it from others, each as it is compared."""
    return words_in(_REGISTERED.sub("", _LEADING.sub("", _spelt(name))))


def words_in(text: str) -> list[str]:
    """All words of a text, each as it is compared."""
    return [_SAME.get(word, word) for word in _WORD.findall(_APOSTROPHE.sub("", _spelt(text)))]


def _spelt(text: str) -> str:
    """In one case, without accents, one space between words. A mark on a letter of another script makes another."""
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    return " ".join(unicodedata.normalize("NFC", bare).translate(_PLAIN).split())


def _in_one(words: list[str]) -> str:
    """Together, as "Co-op" and "Coop" are one; but numbers stay apart."""
    return re.sub(r"(?<!\d) | (?!\d)", "", " ".join(words))


def holds(address: str, other: str) -> bool:
    """Whether an address says all that another does, part by part: "Old Mill Road" is not "Mill Road" and more."""
    parts = re.split(r"[,;\n]", address)
    ends = range(1, len(parts) + 1)
    return alike(other) in {alike(" ".join(parts[start:end])) for end in ends for start in range(end)}


def is_unspaced(name: str) -> bool:
    """Whether it stands within a sentence without spaces around it."""
    return bool(_UNSPACED.search(name))


def is_within(name: str, text: str) -> bool:
    """Whether it stands in a text, whatever comes before and after but a mark, which makes another word."""
    return bool(re.search(rf"{re.escape(_spelt(name))}(?![{_MARKS}])", _spelt(text)))


def is_article(word: str) -> bool:
    return bool(_LEADING.match(f"{word} …"))


def without_article(name: str) -> str:
    """The name without an article that belongs to the sentence: of "der Possehl-Stiftung", but not of "Die Brücke"."""
    return _WITHIN_A_SENTENCE.sub("", name)


def is_of_a_case(name: str) -> bool:
    """Whether German has changed its ending: "des Kulturamts", "dem Naturwissenschaftlichen Verein"."""
    return bool(_OF_A_CASE.match(name))


def alike_in_any_case(name: str) -> str:
    """What is equal for the cases of a German name, and for some names that differ: to be asked about."""
    return _in_one([_ENDING.sub("", word) for word in words_of(name)])
