"""What stands behind labels, "Speaker: Ada Example", and beneath them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from society.announcements.lines.label_words import LABELS
from society.announcements.persons import people
from society.text import folded

LONGEST_LABEL = 30
_SIGNS = {
    **dict.fromkeys("📅🗓", "when"),
    **dict.fromkeys("⏰🕒", "time"),
    **dict.fromkeys("🎟🎫💷💶💵💰", "no"),
    **dict.fromkeys("🎤🗣🎙", "speaker"),
    "📍": "where",
    "🔗": "link",
}
"""What flyers write for a label."""
_PICTURES = re.compile(r"[\u2190-\u21ff\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]+")
_FOR_SEVERAL = {
    *(
        "sponsors",
        "co-sponsors",
        "cosponsors",
        "sponsoren",
        "endorsers",
        "hosts",
        "co-hosts",
        "organisers",
        "organizers",
    ),
    *("organizers", "speakers", "keynote speakers", "keynotes", "panellists", "panelists", "referenten"),
    *("intervenants", "ponentes"),
}
_KINDS = {folded(label): kind for kind, labels in LABELS.items() for label in labels}

_BACKING = {"sponsor", "endorser"}
_ROLES = _BACKING | {"speaker"}
MOST_IN_LABEL = 5
_GENITIVE = re.compile(r"^\w+ (?:of(?! honou?r)|for|de|d['’]|du|des|der|del|invite|invitee|invitad[oa])\b")
"""Behind the noun of a label: "Guest of honour", "Referentin des Abends"."""
_BYGONE = re.compile(r"(?:many )?(?:thanks?|thank you|apolog\w+|last|previous|past|former|earlier|other|future)\b")
"""What begins a label that is about nobody who speaks now: "Thanks to speaker"."""
LONGEST_JOINT = 4
"""Letters of "with" and "avec", which need somebody behind them."""
_RUN_ON = re.compile(r"(?<=[.;)])\s(?=([^\W\d_][^:.;\n]{2,28}):\s)")
_RUNNING_ON = {"host", "sponsor", "endorser", "chair"}


@dataclass(frozen=True)
class Line:
    """One line, with what kind of thing its label says it is about."""

    text: str
    kind: str = ""
    whole: str = ""
    """The line as it stands, label and all."""


def kind_of(label: str, *, marked: bool = True) -> str:
    """Of "Gold sponsors" that of sponsors, and of "Your guide" that of guides, but of "Travel with" nothing; a line
    that no colon has `marked` for one may as well be a name, "The Inn Readers".
    """
    plain = folded(label)
    if _BYGONE.match(plain):
        return ""
    noun = plain.partition(" ")[0] if _GENITIVE.search(plain) else plain.rpartition(" ")[2]
    kind = _KINDS.get(noun, "") if len(noun) > LONGEST_JOINT and plain[:1].isalpha() else ""
    return _KINDS.get(plain) or (
        kind if kind in (_ROLES if marked else _BACKING) and len(plain.split()) < MOST_IN_LABEL else ""
    )


def apart(line: str) -> Iterator[str]:
    """The parts of a line that has further labels behind its sentences: "Organiza: A. Colabora: B. Patrocina: C."."""
    at = 0
    for match in _RUN_ON.finditer(line):
        if kind_of(match[1]) in _RUNNING_ON:
            yield line[at : match.start()]
            at = match.end()
    yield line[at:]


def _parted(line: str) -> tuple[str, str, str, str]:
    """A line's label, the sign behind it, what that labels, and of which kind it is; that is empty without a label."""
    head = line[:LONGEST_LABEL]
    label, sign, value = line.partition("?" if "?" in head and ":" not in head else ":")
    kind = (
        kind_of(label, marked=bool(sign)) if len(label) <= LONGEST_LABEL and "//" not in line[: len(label) + 3] else ""
    )
    return label, sign, value, kind


def _is_over(kind: str, line: str, *, lasting: bool) -> bool:
    """Whether a list of speakers, whose label names but one or "with", ends before a line that is nobody."""
    return kind == "speaker" and not lasting and not people.people_in(line, told=True)


def told_in(lines: list[str]) -> Iterator[Line]:
    """Each line; a label on a line by itself belongs to the next that says something, one of many to all beneath."""
    waiting = several = ""
    begun = lasting = False
    for written in lines:
        sign, line = _SIGNS.get(written[:1], ""), _PICTURES.sub("", written).strip()
        label, colon, value, kind = _parted(line)
        if begun and (not line or _is_over(waiting, line, lasting=lasting)):
            waiting = several = ""
        if sign == "speaker" and line and not people.people_in(line):
            yield Line(line, whole=line)
        elif sign and line and not kind:
            yield Line(line, sign, line)
        elif kind and colon and value.strip():
            yield Line(value.strip(), kind, line)
        elif kind and (colon or line.isupper() or kind == "speaker") and not value.strip():
            begun = False
            lasting = folded(label) in _FOR_SEVERAL
            waiting, several = kind, kind if lasting or kind == "speaker" else ""
            continue
        elif line and waiting:
            begun = bool(several)
            yield Line(line, waiting, line)
        else:
            yield Line(line, whole=line)
        waiting, several = (several if line else waiting), several if line or waiting else ""
