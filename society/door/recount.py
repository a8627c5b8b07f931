"""What is typed when an organizer puts right, afterwards, how many of each party came."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from society.rsvps.models import Rsvp
from society.text import counted


@dataclass(frozen=True)
class Line:
    """One party: as it stands or as it was typed, what it was when that was looked at, and what is wrong with it."""

    rsvp: Rsvp
    typed: str
    was: int
    error: str = ""

    @property
    def came(self) -> int:
        return int(self.typed)


def stored(rsvps: Sequence[Rsvp]) -> list[Line]:
    """As they stand."""
    return [Line(rsvp, str(rsvp.came), rsvp.came) for rsvp in rsvps]


def numbers_in(form: Mapping[str, str]) -> list[int]:
    """Of which answers something was typed."""
    return [int(name[5:]) for name in form if re.fullmatch("came-[0-9]{1,9}", name)]


def typed(form: Mapping[str, str], rsvps: Sequence[Rsvp]) -> list[Line]:
    """What was typed of each; an empty field leaves what was."""
    return [_line(rsvp, form.get(f"came-{rsvp.id}", "").strip(), form.get(f"was-{rsvp.id}", "")) for rsvp in rsvps]


def _line(rsvp: Rsvp, text: str, before: str) -> Line:
    was = int(before) if re.fullmatch("[0-9]{1,9}", before) else rsvp.came
    text = text or str(was)
    if re.fullmatch("[0-9]{1,9}", text) and int(text) <= rsvp.party_size:
        return Line(rsvp, text, was)
    seats = counted(rsvp.party_size, "seat")
    return Line(rsvp, text, was, f"They had {seats}: a number from 0 to {rsvp.party_size}, please.")
