"""Words of headers in ASCII (RFC 2047), in lines that every mail server takes.

Written here since the library's own folding loses spaces between encoded words, and the quotes of long names. A text is
encoded as a whole or not at all: readers drop the space between two encoded words (6.2), so it stands inside of one.
"""

import base64
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

LONGEST_LINE = 76
"""Characters in a line that holds an encoded word (RFC 2047, 2)."""
LONGEST_WORD = 75
"""Characters of an encoded word."""
LONGEST_PLAIN_WORD = 60
"""Characters of a word that is written as it is, behind the name of its header if need be."""
ASIDE = len("=?utf-8?q??=")
"""Those of them that are not of the text."""
LEAST = 24
"""Characters for the text without which a word is not begun on a line."""
SAFE = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/"
"""What stands for itself in an encoded word, wherever that stands (RFC 2047, 5)."""

_IN_Q = [chr(byte) if byte in SAFE else "_" if byte == ord(" ") else f"={byte:02X}" for byte in range(256)]


def _q(part: bytes) -> str:
    return "".join(_IN_Q[byte] for byte in part)


def _b(part: bytes) -> str:
    return base64.b64encode(part).decode()


class Way(NamedTuple):
    """One of the two encodings: how it writes, how much one character takes, and how much of that goes into a room."""

    sign: str
    write: Callable[[bytes], str]
    weight: Callable[[bytes], int]
    most: Callable[[int], int]


Q = Way("q", _q, lambda character: len(_q(character)), lambda room: room)
B = Way("b", _b, len, lambda room: room // 4 * 3)


def is_plain(text: str) -> bool:
    """Whether it can stand as it is: visible ASCII, and single spaces often enough for lines to end at."""
    fits = all(0 < len(word) <= LONGEST_PLAIN_WORD for word in text.split(" "))
    return not text or (fits and text.isascii() and text.isprintable() and "=?" not in text)


def encoded_words(text: str, used: int) -> list[str]:
    """It in encoded words, of which the first fits on a line of which so much is used already."""
    way = Q if len(_q(text.encode())) <= len(_b(text.encode())) else B
    room = LONGEST_LINE - used - ASIDE
    first = room if room >= LEAST else LONGEST_WORD - ASIDE
    return [f"=?utf-8?{way.sign}?{way.write(part)}?=" for part in _parts(text, way, first)]


def _parts(text: str, way: Way, room: int) -> Iterator[bytes]:
    """The text in parts that fit, none of which ends within a character (RFC 2047, 5)."""
    part, taken = b"", 0
    for character in map(str.encode, text):
        weight = way.weight(character)
        if part and taken + weight > way.most(room):
            yield part
            part, taken, room = b"", 0, LONGEST_WORD - ASIDE
        part, taken = part + character, taken + weight
    yield part


def in_lines(name: str, tokens: Iterable[str]) -> str:
    """A header of what may stand on one line or on several, but never ends within a token."""
    written = line = f"{name}:"
    for token in tokens:
        if len(line) + 1 + len(token) > LONGEST_LINE and line[-1] != ":":
            written, line = f"{written}\r\n", ""
        written, line = f"{written} {token}", f"{line} {token}"
    return f"{written}\r\n"
