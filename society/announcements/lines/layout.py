"""How an announcement is laid out: its lines, what stands behind labels, the subject of a mail."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from society.announcements.days.dates import dated_in
from society.announcements.lines import letters
from society.announcements.lines.chats import unstamped
from society.announcements.lines.columns import labelled
from society.announcements.lines.joining import Joining, parted
from society.announcements.lines.labels import Line, apart, kind_of, told_in
from society.announcements.words import HANGING, WEEKDAYS
from society.text import folded

WRAPPED = 55
"""Characters from which on a line may have been broken by a mail program."""
_LEADING_IN = re.compile(r"\b(?:presents?|invites?|join|for|by|with|programme|program|agenda)\b", re.IGNORECASE)
"""Of a line whose colon announces what is beneath it."""
_LABEL = re.compile(r"^([*_])([^*_:\n]{2,30})(?::\1|\1:)\s")
"""One that is emphasized: "*Topic:* Bees"."""
_JOINING = {"and", "or", "of", "und", "oder", "et", "ou", "y", "&", "de", "des", "du", "del", "der"}
_LEADING = _JOINING | {"the"}
"""Words that join what stands before them to what stands behind; and those that need something behind them."""


@dataclass(frozen=True)
class Layout:
    """An announcement's lines; those without a label are `prose`."""

    subject: str
    lines: list[Line]
    joining: Joining
    written: list[str]
    """The lines before what is for those who come was taken out."""
    prose: str = field(default="")
    left: list[str] = field(default_factory=list)
    """Lines that are no part of it: of a letter's head and its end, of other events."""
    after: list[str] = field(default_factory=list)
    """Sentences behind a letter's end, such as a postscript."""

    @property
    def whole(self) -> str:
        """All lines, labels too."""
        return "\n".join(line.whole for line in self.lines)

    def without(self, kind: str) -> str:
        """All lines but those behind such a label."""
        return "\n".join(line.whole for line in self.lines if line.kind != kind)

    def labelled(self, *kinds: str) -> Iterator[Line]:
        """What stands behind such labels, in the text's order."""
        return (line for line in self.lines if line.kind in kinds)


def laid_out(text: str) -> Layout:
    """The text without quoting marks, emphasis, a mail's head, and what is only for those who join from elsewhere."""
    stamped, stamps = unstamped(text.replace("\r", "").split("\n"))
    lines, signature = letters.unsigned(stamped)
    letter = letters.opened([_plain(line) for line in labelled(lines)])
    found = of_lines(" ".join(parted([letter.subject])[0]), _unwrapped(letter.lines))
    return replace(found, left=[*parted([*stamps, *letter.head, *map(_plain, signature)])[0], *found.left])


def of_lines(subject: str, written: list[str]) -> Layout:
    """Lines that were freed of all that is no line of the text."""
    lines, joining = parted(written)
    lines, end, after = letters.closed(lines)
    told = list(told_in([part for line in lines for part in apart(line)]))
    prose = "\n".join(line.text for line in told if not line.kind).strip("\n")
    kinds = [line for line in lines if _is_kind_above(line)]
    return Layout(subject, told, joining, written, prose, [*kinds, *joining.around, *end], after)


def _is_kind_above(line: str) -> bool:
    """Whether a poster says on a line by itself of what kind the title beneath is."""
    return line.isupper() and kind_of(line) == "title"


def _plain(line: str) -> str:
    """Spaces made plain, marks of quoting, lists and emphasis taken off."""
    spaced = " ".join(re.sub(r"(?<=\d-\d\d)T(?=\d\d:\d\d)", " ", line.replace("\u00a0", " ")).split())
    bare = re.sub(r"^[>#•·|–—\s-]{1,12}", "", spaced.replace("**", "").replace("—", "–"))
    bare = _LABEL.sub(r"\2: ", re.sub(r"^[*]{1,3}\s", "", bare))  # of a list
    shorn = re.sub(r"[*_|\s]{1,12}$", "", bare.lstrip("*_ "))
    return bare if bare.startswith(("*", "_")) and shorn.count(bare[:1]) % 2 else shorn


def _unwrapped(lines: list[str]) -> list[str]:
    """Lines that a mail program broke in the middle of a sentence, joined again."""
    joined: list[str] = []
    for line in lines:
        wrapped = joined and len(joined[-1]) >= WRAPPED and _goes_on(joined[-1], line)
        if wrapped or (joined and (_is_half_a_title(joined[-1], line) or _is_broken(joined[-1], line))):
            joined[-1] += f" {line}"
        else:
            joined.append(line)
    return joined


def _goes_on(line: str, following: str) -> bool:
    """Whether a sentence runs over from one line into the next, also into a name: "at 8:00 pm in" / "Scott Hall"."""
    last = folded(line.rpartition(" ")[2])
    dated = last in WEEKDAYS and following[:1].isdecimal()
    return line[-1:] not in ".:!?" and (following[:1].islower() or last in HANGING or dated)


def _is_broken(line: str, following: str) -> bool:
    """Whether a poster breaks a line before or behind a word that needs another."""
    last, first = folded(line.rpartition(" ")[2]), folded(following.partition(" ")[0])
    alike = following[:1].islower() or (line.isupper() and following.isupper())
    joined = (first in _JOINING or last in _LEADING) and alike and line[-1:] not in ".:!?,"
    return joined and not kind_of(line.rstrip(":")) and not dated_in(f"{line} {following}")


def _is_half_a_title(line: str, following: str) -> bool:
    """Whether a poster breaks its title at the colon."""
    long = [word for word in line.split() if len(word) > 3]
    titled = len(line.split()) > 2 and line[-1:] == ":" and all(word[:1].isupper() for word in long)
    apart = kind_of(line[:-1]) or _LEADING_IN.search(line) or ":" in following or dated_in(following)
    return titled and not apart and following[:1].isupper() and following.isupper() == line.isupper()
