"""What becomes of each sentence that no field was read from: it stays in the description, or is told to be left out."""

import re
from collections.abc import Iterable
from itertools import groupby

from society.announcements import wording
from society.announcements.backing import backers
from society.announcements.days.dates import dated_in
from society.announcements.days.hours import hours_in
from society.announcements.lines.labels import Line
from society.announcements.lines.layout import Layout
from society.announcements.online import is_online, without_online
from society.announcements.sentences import sentences
from society.announcements.words import CONNECTING
from society.text import folded

LEAST_SAID, LEAST_BESIDE = 9, 7
"""Words of a line that describes the event, in all and besides a date and an hour."""
_WORD = re.compile(r"[^\W_]+")
_SUBJECT = re.compile(r"^\w{5,8}\s?:(?:\s?(?:re|fwd?|aw|wg|tr)\s?:){0,4}\s?", re.IGNORECASE)
_READ = "\ue000"
"""Stands for words that are in a field."""


def parted(layout: Layout, said: Iterable[str], title: str) -> tuple[str, list[str]]:
    """The description, for the organizer to shorten, and the lines that stand in no field, each as it was written.

    Every line of the text is in one or the other, but for sentences of which `said`, which the form shows, leaves no
    word that tells something. A paragraph stays as it is.
    """
    greetings = [line.whole for line in layout.lines if _greets(line)]
    told = [line for line in layout.lines if not (_greets(line) or _is_in_a_field(line.text, title))]
    left = _unsaid([without_online(line.text) if line.kind == "where" else line.text for line in told], said)
    kept = [_kept(line, unsaid) for line, unsaid in zip(told, left, strict=True)]
    outside = (line for line in layout.left if line and not _names(line, title))
    return _paragraphs([*kept, *layout.after]), [*greetings, *outside]


def _names(line: str, title: str) -> bool:
    """Whether a mail's subject is what became the title."""
    return folded(_SUBJECT.sub("", line)) == folded(title)


def _greets(line: Line) -> bool:
    return not line.kind and len(line.text.split()) < LEAST_SAID and wording.opens_a_letter(line.text)


def _is_in_a_field(line: str, title: str) -> bool:
    """Whether it is the title, if only guessed, or says that one can join online, and nothing else."""
    return bool(line) and (folded(line) == folded(title) or is_online(line))


def _kept(line: Line, unsaid: list[str]) -> str:
    if not line.kind and len(line.text.split()) >= LEAST_SAID:
        return line.text if not _is_said(line.text) else " ".join(unsaid)
    return (line.whole if line.kind and unsaid else "") or " ".join(unsaid)


def _paragraphs(lines: list[str]) -> str:
    """Long lines as paragraphs, short ones beneath each other."""
    blocks = groupby(filter(None, lines), key=lambda line: len(line.split()) >= LEAST_SAID)
    return "\n\n".join(("\n\n" if long else "\n").join(block) for long, block in blocks)


def _is_said(line: str) -> bool:
    """Whether it names who backs the event, or says when it is, and little else."""
    short = all(len(name.split()) < LEAST_SAID for _, names, _ in backers.backers_in(line) for name in names)
    bare = backers.without_backers(line) if short else line
    spans = sorted([*dated_in(bare), *((one.at, one.end) for one in hours_in(bare))], reverse=True)
    left = bare
    for start, end in spans:
        left = left[:start] + left[end:]
    return left != line and len(re.findall(r"[^\W\d_]{2,}", left)) < LEAST_BESIDE


def _unsaid(lines: list[str], said: Iterable[str]) -> list[list[str]]:
    """Of each line the sentences that say more than is `said`; all are looked through at once, so that time grows with
    the length of the text."""
    told = [sentences(line) for line in lines]
    whole = "\n".join(_spread(sentence) for line in told for sentence in line)
    for words in sorted({_spread(words) for words in said}, key=len, reverse=True):
        whole = whole.replace(words, f" {_READ} ") if words.strip() else whole
    left = iter(whole.split("\n"))
    return [[sentence for sentence in line if _tells(next(left))] for line in told]


def _spread(words: str) -> str:
    """Each word between spaces of its own, so that none is found within another."""
    return "".join(f" {word} " for word in _WORD.findall(folded(words)))


def _tells(words: str) -> bool:
    """Whether any is left that says something; where nothing of it was read, even those that else join words."""
    left = words.split()
    return bool({*left} - CONNECTING - {_READ}) or (bool(left) and _READ not in left)
