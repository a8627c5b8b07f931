"""Letters of a notice differ in a few words. Their Markdown is taken apart here, so that what they share is made once.

Blocks between blank lines that mean the same alone as in their text are rendered one by one and remembered; of the
reader's own, plain words need no parser, and an address on a line of its own stands for any other.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

REMEMBERED = 200
"""Blocks kept in a process: those of several notices, at a few KB each."""

_BLANK = re.compile(r"(\n(?:[ \t]*\n)+)")
_UNDIVIDED = re.compile(r"[\r\0]|```|~~~|]:")
"""What may reach past a blank line: a fence, and the definition of a link (CommonMark 0.31, 4.5 and 4.7)."""
_ITEM = re.compile(r"^ {0,3}(?:[-+*]|\d{1,9}[.)])(?:[ \t]|$)", re.MULTILINE)
_WORDS = re.compile(r"[^\W\d_](?:[^\W_]| (?! )|[,;:?'’]|\\[-.()!])*(?<! )")
_OWN_ADDRESS = re.compile(r"^<(https?://[a-zA-Z0-9.:-]+/)([a-zA-Z0-9/._-]+)>$", re.MULTILINE)
_MEASURED = re.compile(r"`|^ {0,3}(?:=+|-+)[ \t]*$", re.MULTILINE)
"""What makes more of a line than its words: code, which takes lines together, and a heading's underline."""
_MARK = "q0q"


@lru_cache(4)
def blocks(markdown: str) -> Sequence[str]:
    """The text in pieces that can be rendered one by one; joined, they are the text. It is asked for twice in turn: as
    plain text, and as HTML."""
    if _UNDIVIDED.search(markdown):
        return (markdown,)
    pieces = _BLANK.split(markdown)
    found = pieces[:1]
    for blank, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        if _goes_on(piece, found[-1]):
            found[-1] += blank + piece
        else:
            found.append(piece)
    return tuple(found)


def _goes_on(piece: str, before: str) -> bool:
    """Whether it may belong to what stands before the blank line: indented, or the next item of a list."""
    return piece.startswith((" ", "\t")) or bool(_ITEM.match(piece) and _ITEM.search(before))


def words_alone(block: str) -> str | None:
    """The text of a block that is one line of plain words, such as a salutation; else None."""
    return block.replace("\\", "") if _WORDS.fullmatch(block) else None


def with_marks(block: str) -> tuple[str, Sequence[str]]:
    """The block with marks in place of what follows the host in addresses that have a line to themselves; and that.

    Whatever such an address is, it is not wrapped, and stands in HTML and plain text as it does here.
    """
    if _MARK in block or _MEASURED.search(block):
        return block, ()
    own: list[str] = []

    def marked(found: re.Match[str]) -> str:
        own.append(found[2])
        return f"<{found[1]}{_MARK}{len(own)}q>"

    return _OWN_ADDRESS.sub(marked, block), own


def filled_in(rendered: str, own: Sequence[str]) -> str:
    """What was made of the marked block, with its own addresses."""
    for number, address in enumerate(own, 1):
        rendered = rendered.replace(f"{_MARK}{number}q", address)
    return rendered
