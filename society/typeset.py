"""PDFs, made of a template and of words that come into it as data (JSON), never as the typesetter's own language."""

import json
import re
import struct
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from mmap import ACCESS_READ, mmap
from operator import itemgetter
from pathlib import Path

from flask import has_request_context, request

from society.errors import Refused
from society.text import listed

_IN_OTHER_SCRIPTS = re.compile(r"\\u(?!0[0-8]|10[a-f]|1[ef]|2[0-9ab]|f[be])[0-9a-f]{4}")
"""A letter, as JSON in ASCII has it, that is none of Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic or Georgian."""
_EAST = "fonts-noto-cjk"
_SCRIPTS = {
    "CJK": ("Chinese characters", _EAST),
    "KANGXI": ("Chinese characters", _EAST),
    "HIRAGANA": ("Japanese", _EAST),
    "KATAKANA": ("Japanese", _EAST),
    "HALFWIDTH": ("Japanese", _EAST),
    "FULLWIDTH": ("Chinese characters", _EAST),
    "HANGUL": ("Korean", _EAST),
    "BOPOMOFO": ("Bopomofo", _EAST),
}
"""By how Unicode's names of their letters begin; and Debian's package with a font for them."""
_SHARED = Path(__file__).parent
"""Where templates find what they share, such as "/fitted.typ"."""
ALL_THE_SAME = "boxes"
"""In an address: have the PDF though some letters of it are boxes."""


class NoFont(Refused):
    """Letters of a PDF would be boxes, since nothing on this machine draws them."""

    def __init__(self, letters: Sequence[str]) -> None:
        scripts = dict(map(_script, letters))
        packages = listed(sorted({f"“{package}”" for package in scripts.values()}))
        super().__init__(
            f"Boxes would stand in it in place of letters: this server has no font for {listed(sorted(scripts))}. "
            f"Whoever keeps it can install Debian’s {packages}; then it comes as it should, at once."
        )


def _script(letter: str) -> tuple[str, str]:
    first = unicodedata.name(letter, "others").split()[0].partition("-")[0]
    if unicodedata.category(letter) in ("So", "Sk"):
        return "emoji and signs", "fonts-noto-color-emoji"
    return _SCRIPTS.get(first, (first.capitalize(), "fonts-noto-core"))


def needs_more_fonts(given: str) -> bool:
    """Whether letters stand in it that the typesetter's own fonts do not have."""
    return bool(_IN_OTHER_SCRIPTS.search(given))


def pdf(template: Path, **given: str) -> bytes:
    """The same words give the same bytes, save with names in Chinese, Thai and other scripts, which are in the fonts
    of the machine. It takes a part of a second, for many pages some seconds: not within a write.

    Whoever asks for it in a browser gets NoFont first where it has none, unless they want it all the same.
    """
    others = [words for words in given.values() if needs_more_fonts(words)]
    warns = has_request_context() and ALL_THE_SAME not in request.args
    if others and warns and (letters := undrawn(others)):
        raise NoFont(letters)
    import typst  # 7 MB in memory, which few processes need

    own = not others
    made = typst.compile(template, None, _SHARED, format="pdf", sys_inputs=given, ignore_system_fonts=own, timestamp=0)
    assert isinstance(made, bytes)
    return made


def undrawn(given: Sequence[str]) -> list[str]:
    """The letters in those words, as JSON, that no font of the machine has."""
    import typst

    text = {letter for words in given for letter in json.dumps(json.loads(words), ensure_ascii=False)}
    left = {letter for letter in text if needs_more_fonts(json.dumps(letter)) and _is_seen(letter)}
    for font in typst.Fonts(include_system_fonts=True).fonts() if left else ():
        if font.path:
            known = _drawn_by(str(font.path), font.index)
            left = {letter for letter in left if not _holds(known, ord(letter))}
    return sorted(left)


def _is_seen(letter: str) -> bool:
    """Whether it is more than a space, a mark of direction, or one that nobody has given a meaning."""
    return unicodedata.category(letter)[0] in "LMNPS"


def _holds(known: Sequence[tuple[int, ...]], letter: int) -> bool:
    place = bisect_right(known, letter, key=itemgetter(0)) - 1
    return place >= 0 and letter <= known[place][1]


@lru_cache(2_000)
def _drawn_by(path: str, index: int) -> Sequence[tuple[int, ...]]:
    """From which letter to which a font has them, by its table "cmap" (OpenType 1.9.1); none of what is no font."""
    try:
        with Path(path).open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
            return sorted(_ranges(data, index))
    except (OSError, struct.error, ValueError):
        return []


def _ranges(data: mmap, index: int) -> Iterator[tuple[int, ...]]:
    """Of the fullest of its lists."""
    start = _numbers(data, ">I", 12 + 4 * index)[0] if data[:4] == b"ttcf" else 0
    places = range(start + 12, start + 12 + 16 * _numbers(data, ">H", start + 4)[0], 16)
    cmap = next((_numbers(data, ">I", at + 8)[0] for at in places if data[at : at + 4] == b"cmap"), None)
    if cmap is None:
        return
    lists = [cmap + _numbers(data, ">I", cmap + 8 + 8 * n)[0] for n in range(_numbers(data, ">H", cmap + 2)[0])]
    kinds = {_numbers(data, ">H", at)[0]: at for at in lists}
    if at := kinds.get(12):
        yield from (_numbers(data, ">II", at + 16 + 12 * n) for n in range(_numbers(data, ">I", at + 12)[0]))
    elif at := kinds.get(4):
        count = _numbers(data, ">H", at + 6)[0] // 2
        ends, starts = (_numbers(data, f">{count}H", at + place) for place in (14, 16 + 2 * count))
        yield from zip(starts, ends, strict=True)


def _numbers(data: mmap, form: str, at: int) -> tuple[int, ...]:
    return struct.unpack_from(form, data, at)
